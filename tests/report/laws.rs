//! What holds for every report, whatever the features and steps say.

use std::collections::HashSet;
use std::path::Path;

use bdd::event::*;
use bdd::plan::*;
use bdd::report::{Format, FormatName, FormatOptions};
use proptest::prelude::*;
use quick_xml::Reader;
use quick_xml::events::Event as Xml;

use super::messages::with_sources;
use super::stream::*;
use super::streams;

/// What a JUnit reader sees of a test case.
#[derive(Debug, Default, PartialEq, Clone)]
pub struct Case {
    pub class: String,
    pub name: String,
    /// The names of its child elements, and the message of the first that has one.
    pub children: Vec<String>,
    pub message: Option<String>,
    pub system_out: String,
}

/// Reads XML strictly: what is not well-formed, or holds what XML 1.0 forbids, fails.
pub fn cases(xml: &str) -> Vec<Case> {
    let allowed = |c: char| matches!(c, '\t' | '\n' | ' '..='\u{fffd}' | '\u{10000}'..);
    assert!(
        xml.chars().all(allowed),
        "a character that XML 1.0 forbids: {xml:?}"
    );
    let mut reader = Reader::from_str(xml);
    reader.config_mut().check_end_names = true;
    let mut cases: Vec<Case> = Vec::new();
    let mut inside: Vec<String> = Vec::new();
    loop {
        match reader
            .read_event()
            .unwrap_or_else(|error| panic!("{error}: {xml}"))
        {
            Xml::Start(element) => {
                open(&element, &mut cases, &inside);
                inside.push(String::from_utf8(element.name().as_ref().to_vec()).unwrap());
            }
            Xml::Empty(element) => open(&element, &mut cases, &inside),
            Xml::End(_) => {
                inside.pop();
            }
            Xml::Text(text) => {
                let text = text.decode().unwrap();
                assert!(!text.contains("]]>"), "{text:?}");
                if inside.last().is_some_and(|name| name == "system-out") {
                    cases.last_mut().unwrap().system_out.push_str(&text);
                }
            }
            Xml::GeneralRef(reference) => {
                let known = ["lt", "gt", "amp", "apos", "quot"]
                    .iter()
                    .any(|known| &*reference == known.as_bytes());
                assert!(known || reference.is_char_ref(), "{reference:?}");
            }
            Xml::Eof => break,
            Xml::Decl(_) | Xml::Comment(_) => {}
            other => panic!("{other:?}"),
        }
    }
    assert!(inside.is_empty());
    cases
}

fn open(element: &quick_xml::events::BytesStart<'_>, cases: &mut Vec<Case>, inside: &[String]) {
    let attribute = |wanted: &str| {
        let found = element
            .attributes()
            .map(Result::unwrap)
            .find(|found| found.key.as_ref() == wanted.as_bytes());
        found.map(|found| {
            // As XML asks of every reader: white space that is written as it is reads as a space.
            let value = String::from_utf8(found.value.to_vec())
                .unwrap()
                .replace(['\n', '\t'], " ");
            quick_xml::escape::unescape(&value).unwrap().into_owned()
        })
    };
    let name = String::from_utf8(element.name().as_ref().to_vec()).unwrap();
    if name == "testcase" {
        let [class, name] = ["classname", "name"].map(|key| attribute(key).unwrap());
        cases.push(Case {
            class,
            name,
            ..Case::default()
        });
    } else if inside.last().is_some_and(|parent| parent == "testcase") {
        let case = cases.last_mut().unwrap();
        case.children.push(name);
        case.message = case.message.take().or_else(|| attribute("message"));
    }
}

#[test]
fn junit_has_every_scenario_once_and_every_error() {
    for (run, events) in streams::all() {
        let cases = cases(&report(&events, "junit", |_| ()));
        let planned = events.iter().map(|event| match event {
            Event::FeaturePlanned { feature } => feature.scenarios.len(),
            Event::ParseError { .. } | Event::RunError { .. } => 1,
            _ => 0,
        });
        let planned = planned.sum::<usize>() + added(&events) + hooks_that_nobody_tells_of(&events);
        assert_eq!(cases.len(), planned, "{run}");
        let names: HashSet<_> = cases.iter().map(|case| (&case.class, &case.name)).collect();
        assert_eq!(names.len(), cases.len(), "{run}");
    }
}

/// How many scenarios are added while the run lasts.
fn added(events: &[Event]) -> usize {
    let numbers = events.iter().filter_map(|event| match event {
        Event::ScenarioAdded { planned, .. } => Some(planned.index),
        _ => None,
    });
    numbers.collect::<HashSet<u32>>().len()
}

/// Hooks outside scenarios that failed, beyond the errors of the run that tell of them.
fn hooks_that_nobody_tells_of(events: &[Event]) -> usize {
    let failed = |event: &&Event| {
        matches!(
            event,
            Event::HookFinished {
                place: HookPlace::Run
                    | HookPlace::Worker(_)
                    | HookPlace::Feature { .. }
                    | HookPlace::Rule { .. },
                result: HookResult {
                    status: Status::Failed,
                    ..
                },
                ..
            }
        )
    };
    let told = |event: &&Event| {
        matches!(
            event,
            Event::RunError {
                kind: RunErrorKind::Hook,
                ..
            }
        )
    };
    let failed = events.iter().filter(failed).count();
    failed.saturating_sub(events.iter().filter(told).count())
}

/// The events of a run, some of them left out, some twice, in any order; the plan comes first.
fn disordered() -> impl Strategy<Value = Vec<Event>> {
    let runs = streams::all();
    let run = (0..runs.len()).prop_map(move |index| runs[index].1.clone());
    let lot = (run, any::<u64>(), 0..4u64);
    lot.prop_map(|(events, seed, disorder)| {
        let (mut plan, rest): (Vec<Event>, Vec<Event>) = events.into_iter().partition(|event| {
            matches!(
                event,
                Event::RunStarted { .. } | Event::FeaturePlanned { .. }
            )
        });
        let mut state = seed | 1;
        let mut next = move |below: u64| {
            // A linear congruential generator: what matters is that it is the same every time.
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        };
        let mut keyed = Vec::new();
        for (at, event) in (0..).zip(rest) {
            for _ in 0..[1, 1, 1, 0, 2][next(5) as usize] {
                let shift = if disorder == 0 {
                    0
                } else {
                    next(1 + disorder * 8)
                };
                keyed.push((at + shift, event.clone()));
            }
        }
        keyed.sort_by_key(|(at, _)| *at);
        plan.extend(keyed.into_iter().map(|(_, event)| event));
        plan
    })
}

#[test]
fn junit_messages_keep_their_lines_and_texts_their_tabs() {
    let mut one = feature("features/a.feature", "A");
    one.scenarios = vec![scenario("S", 3, &["Given x"])];
    let wrong = failed(0, 0, error("Error", "first\n\tsecond"));
    let events = Stream::new()
        .start(vec![one])
        .attempt(0, 0, vec![wrong], printed("a\tb"))
        .finish();
    let xml = report(&events, "junit", |_| ());
    assert_eq!(
        cases(&xml)[0].message.as_deref(),
        Some("Given x: Error: first\n\tsecond")
    );
    assert!(xml.contains("a\tb"));
}

/// Text with everything that is special somewhere.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[a-c .:#\\[\\]]{0,4}",
        1 => any::<char>().prop_map(String::from),
        1 => prop::sample::select(vec!["\0", "\x1b[31m", "\x1b]", "]]>", "<![CDATA[", "&", "\u{fffe}", "\u{ffff}", "\n", "\r", "\t", "\u{9b}", "#2", "\x0b", "-->", "|", "\u{85}", "\u{2028}"])
            .prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..5).prop_map(|pieces| pieces.concat())
}

fn status() -> impl Strategy<Value = Status> {
    prop::sample::select(vec![
        Status::Passed,
        Status::Skipped,
        Status::Pending,
        Status::Undefined,
        Status::Ambiguous,
        Status::Failed,
    ])
}

fn result() -> impl Strategy<Value = StepResult> {
    (
        status(),
        text(),
        prop::collection::vec((any::<u8>(), any::<u8>()), 0..3),
    )
        .prop_map(|(status, text, groups)| {
            let group = |(start, end): (u8, u8)| ArgumentGroup {
                value: Some(String::new()),
                start: u32::from(start % 12),
                end: u32::from(end % 12),
                children: vec![],
                parameter_type: None,
            };
            StepResult {
                status,
                nanos: 1,
                step_match: Some(std::sync::Arc::new(StepMatch {
                    definition: text.len() as u32 % 5,
                    arguments: groups.into_iter().map(group).collect(),
                })),
                candidates: if status == Status::Ambiguous {
                    vec![0, 7]
                } else {
                    vec![]
                },
                snippets: vec![],
                error: (status > Status::Passed).then(|| StepError {
                    trace: text.clone(),
                    ..error(&text, &text)
                }),
                actual: None,
                handled: false,
            }
        })
}

/// How a scenario goes: its name, its cells, its steps, what it prints, how it ends.
type Course = (
    String,
    Option<String>,
    Vec<(String, StepResult)>,
    Vec<u8>,
    u8,
);

fn course() -> impl Strategy<Value = Course> {
    let steps = prop::collection::vec((text(), result()), 0..3);
    (
        text(),
        prop::option::of(text()),
        steps,
        prop::collection::vec(any::<u8>(), 0..20),
        any::<u8>(),
    )
}

fn events_of(features: Vec<(String, String, Vec<Course>)>) -> Vec<Event> {
    let planned = features.iter().map(|(uri, name, courses)| {
        let scenario = |(name, cell, steps, ..): &Course| {
            let sentences: Vec<&str> = steps.iter().map(|(text, _)| text.as_str()).collect();
            match cell {
                Some(cell) => row(name, name, 3, &[("cell", cell)], &sentences),
                None => scenario(name, 3, &sentences),
            }
        };
        PlannedFeature {
            scenarios: courses.iter().map(scenario).collect(),
            ..feature(uri, name)
        }
    });
    let mut stream = Stream::new().start(planned.collect());
    for (index, (_, _, steps, bytes, course)) in
        (0..).zip(features.into_iter().flat_map(|(_, _, courses)| courses))
    {
        let results: Vec<StepResult> = steps.into_iter().map(|(_, result)| result).collect();
        let fault = match course % 6 {
            0 => Some(Fault::Crashed {
                exit_code: None,
                signal: Some(i32::from(course)),
            }),
            1 => Some(Fault::Cancelled),
            _ => None,
        };
        let end = |will_be_retried| End {
            fault: fault.clone(),
            output: CapturedOutput::from_bytes(bytes.clone()),
            will_be_retried,
            ..End::default()
        };
        stream = match course % 10 {
            7 => stream,
            8 => stream.event(Event::ScenarioNotRun {
                scenario: index,
                reason: String::from_utf8_lossy(&bytes).into(),
            }),
            9 => stream
                .attempt(index, 0, results.clone(), end(true))
                .attempt(index, 1, results, end(false)),
            _ => stream.attempt(index, 0, results, end(false)),
        };
    }
    stream.finish()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_said_reports_stand(
        features in prop::collection::vec((text(), text(), prop::collection::vec(course(), 0..4)), 0..4)
    ) {
        let planned: usize = features.iter().map(|(.., courses)| courses.len()).sum();
        let events = events_of(features);
        let junit = report(&events, "junit", |_| ());
        let found = cases(&junit);
        prop_assert_eq!(found.len(), planned);
        let names: HashSet<_> = found.iter().map(|case| (&case.class, &case.name)).collect();
        prop_assert_eq!(names.len(), planned);

        let written = report(&events, "events", |_| ());
        prop_assert_eq!(written.lines().count(), events.len());
        let read: Vec<Event> = bdd::report::events::read(written.as_bytes()).collect::<Result<_, _>>().unwrap();
        prop_assert_eq!(&read, &events);
        prop_assert_eq!(report(&read, "junit", |_| ()), junit);

        for format in ["pretty", "progress"] {
            let text = report(&events, format, |_| ());
            let safe = |c: char| c == '\n' || c == '\t' || !c.is_control();
            prop_assert!(text.chars().all(safe), "{:?}", text);
        }
        let finished = feed(&events, &["progress"], report_context(Shared::default(), Path::new(".")));
        prop_assert_eq!(finished.summary.scenarios.total(), planned);
    }

    #[test]
    fn whatever_the_order_of_the_events_reports_stand(events in disordered()) {
        let planned: usize = events.iter().map(|event| match event {
            Event::FeaturePlanned { feature } => feature.scenarios.len(),
            _ => 0,
        }).sum::<usize>() + added(&events);
        let finished = feed(&events, &["junit"], report_context(Shared::default(), Path::new(".")));
        let summary = finished.summary;
        prop_assert_eq!(summary.scenarios.total(), planned);
        let found = cases(&report(&events, "junit", |_| ()));
        let outside = summary.parse_errors.len() + summary.run_errors.len();
        prop_assert_eq!(found.len(), planned + outside);
        let json = super::formats::json_scenarios(&report(&events, "json", |_| ()));
        prop_assert_eq!(json.len(), planned + outside);
        let tap = super::formats::tap_points(&report(&events, "tap", |_| ()));
        prop_assert_eq!(tap.len(), planned + outside);
        for format in ["github", "github-summary", "usage", "summary"] {
            report(&events, format, |_| ());
        }
        for format in ["pretty", "progress", "events"] {
            for verbose in [false, true] {
                report(&events, format, |context| context.verbose = verbose);
            }
        }
        // It may refuse what the standard cannot say, but not panic.
        let told = with_sources(&events);
        let _ = feed(&told, &["messages"], report_context(Shared::default(), Path::new(".")));
    }

    #[test]
    fn formats_print_what_they_read(name in prop::sample::select(FormatName::ALL.to_vec()), file in prop::option::of("[^:\u{0}-][^\u{0}]{0,9}")) {
        let format = Format { name, options: FormatOptions::default(), file: file.map(Into::into) };
        prop_assert_eq!(format.to_string().parse::<Format>(), Ok(format));
    }

    #[test]
    fn no_input_makes_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = bdd::report::events::read(bytes.as_slice()).count();
    }
}
