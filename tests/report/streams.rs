//! The runs that every format has a golden file for.

use std::sync::Arc;

use bdd::event::*;
use bdd::plan::*;

use super::departures;
use super::extras;
use super::stream::*;
use super::wide;

pub fn all() -> Vec<(&'static str, Vec<Event>)> {
    let mut runs = vec![
        ("passing", passing()),
        ("failing", failing()),
        ("outline", outline()),
        ("rules", rules()),
        ("undefined", undefined_and_others(Stream::new())),
        (
            "undefined-not-strict",
            undefined_and_others(Stream::new().not_strict()),
        ),
        ("crash", crash()),
        ("timed-out", timed_out()),
        ("parse-error", parse_error()),
        ("run-error", run_error()),
        ("retried", retried()),
        ("dry-run", dry_run()),
        ("arguments", arguments()),
        ("control-bytes", control_bytes()),
        ("interleaved", interleaved()),
        ("stopped", stopped()),
        ("empty", Stream::new().start(vec![]).finish()),
        ("shard", shard()),
    ];
    runs.extend(extras::all());
    runs.extend(departures::all());
    runs.extend(wide::all());
    runs
}

const SUM: [&str; 4] = [
    "Given I have entered 50",
    "And I have entered 70",
    "When I press add",
    "Then the result is 120",
];

fn sum_results() -> Vec<StepResult> {
    vec![
        matched(0, &[("50", 15)]),
        matched(0, &[("70", 15)]),
        passed(1, 12),
        matched(2, &[("120", 14)]),
    ]
}

fn passing() -> Vec<Event> {
    let mut addition = feature("features/math/addition.feature", "Addition");
    addition.tags = vec!["@math".into(), "@quick".into()];
    addition.description = "    In order to avoid silly mistakes\n    I want to be told the sum.\n\n      Of two numbers.".into();
    addition.scenarios = vec![
        scenario("Add two numbers", 8, &SUM),
        scenario("Nothing to do", 14, &[]),
    ];
    addition.scenarios[0].tags = ["@math", "@quick", "@wip"].map(Into::into).into();
    addition.scenarios[0].steps[0].background = true;
    let mut other = feature("features/other.feature", "");
    other.scenarios = vec![scenario("", 3, &["* I press any key"])];
    Stream::new()
        .start(vec![addition, other])
        .attempt(0, 0, sum_results(), printed("nobody asked\n"))
        .run(1, vec![])
        .run(2, vec![passed(1, 1_234)])
        .finish()
}

fn failing() -> Vec<Event> {
    let mut division = feature("features/math v1.0/division.feature", "Division (see 2.1)");
    division.scenarios = vec![
        scenario("Divide regular numbers", 4, &SUM),
        scenario("Divide by zero", 10, &SUM),
        scenario("Setup is broken", 16, &["Given I press on"]),
    ];
    let assertion = StepError {
        kind: "AssertionError".into(),
        message: "assertion `left == right` failed\n  left: 119\n right: 120".into(),
        trace: "   0: core::panicking::panic\n   1: steps::shown\n".into(),
        location: Some(SourceLocation {
            column: 5,
            ..source("features/steps/src/main.rs", 122)
        }),
    };
    let mut results = sum_results();
    results[3] = failed(2, 3, assertion);
    let early = failed(0, 0, error("Error", "no calculator"));
    Stream::new()
        .start(vec![division])
        .run(0, sum_results())
        .attempt(
            1,
            0,
            results,
            printed("dividing 50 by 70\nnearly \x1b[31mdone\x1b[0m"),
        )
        .event(Event::Warning {
            message: "the tag `@Serial` has no effect; did you mean `@serial`?".into(),
            place: Some(source("features/math v1.0/division.feature", 3)),
            rule: Some("near-tag".into()),
        })
        .event(Event::Warning {
            message: "the steps took long to build".into(),
            place: None,
            rule: None,
        })
        .run(2, vec![early])
        .finish()
}

fn outline() -> Vec<Event> {
    let mut adding = feature("features/adding.feature", "Adding");
    let steps = ["Given I have entered 1", "Then the result is 2"];
    adding.scenarios = vec![
        row(
            "Add 1 and 1",
            "Add <a> and <b>",
            9,
            &[("a", "1"), ("b", "1")],
            &steps,
        ),
        row(
            "Add 1 and 2",
            "Add <a> and <b>",
            10,
            &[("a", "1"), ("b", "2")],
            &steps,
        ),
        row(
            "Add 1 and 1",
            "Add <a> and <b>",
            14,
            &[("a", "1"), ("b", "1")],
            &steps,
        ),
        row("Fixed", "Fixed", 20, &[("cell", "a.b \"<&>'")], &steps),
        row("Fixed", "Fixed", 21, &[("cell", "")], &steps),
    ];
    let good = || vec![passed(0, 0), passed(2, 0)];
    let wrong = vec![
        passed(0, 0),
        failed(2, 0, error("AssertionError", "3 is not 2")),
    ];
    let stream = Stream::new()
        .start(vec![adding])
        .run(0, good())
        .run(1, wrong);
    stream.run(2, good()).run(3, good()).run(4, good()).finish()
}

fn rules() -> Vec<Event> {
    let mut highlander = feature("features/highlander.feature", "Highlander");
    highlander.description = "  There is one.".into();
    highlander.rules = vec![
        rule("There can be only one", 5),
        rule("There can be two", 20),
        rule("", 30),
    ];
    highlander.rules[0].tags = vec!["@one".into()];
    highlander.rules[0].description = "And no other.".into();
    let steps = ["Given I have entered 1"];
    let mut outside = scenario("Outside", 3, &steps);
    outside.tags = ["@own".into()].into();
    let inside = |rule, line| PlannedScenario {
        rule: Some(rule),
        ..scenario("More than one alive", line, &steps)
    };
    let mut tagged = inside(0, 8);
    tagged.tags = ["@one", "@own"].map(Into::into).into();
    highlander.scenarios = vec![outside, tagged, inside(0, 12), inside(1, 22), inside(2, 32)];
    let good = || vec![passed(0, 0)];
    Stream::new()
        .start(vec![highlander])
        .run(0, good())
        .run(1, good())
        .run(2, vec![failed(0, 0, error("", "two are alive"))])
        .run(3, good())
        .run(4, good())
        .finish()
}

fn undefined_and_others(stream: Stream) -> Vec<Event> {
    let mut later = feature("features/later.feature", "Later");
    later.scenarios = vec![
        scenario(
            "Undefined",
            3,
            &[
                "Given I have 3 cukes",
                "And nothing else",
                "Then the result is 3",
            ],
        ),
        scenario("Ambiguous", 8, &["Given I press add"]),
        scenario(
            "Pending",
            11,
            &["Given I press later", "Then the result is 3"],
        ),
        scenario(
            "Skipped",
            15,
            &["Given I press skip", "Then the result is 3"],
        ),
        scenario("Undefined again", 19, &["Given I have 3 cukes"]),
    ];
    let cukes = "#[given(r\"^I have (\\d+) cukes$\")]\nfn i_have_cukes(number: u64) -> Result<(), String> {\n\ttodo!()\n}";
    let nothing = "#[given(\"^nothing else$\")]\nfn nothing_else() {\n    todo!()\n}";
    let skip = StepResult {
        error: Some(error("SkippedException", "not on this system")),
        ..skipped(1)
    };
    stream
        .start(vec![later])
        .run(0, vec![undefined(cukes), undefined(nothing), skipped(2)])
        .run(1, vec![ambiguous(&[1, 0, 99])])
        .run(2, vec![pending(1, "waits for the new screen"), skipped(2)])
        .run(3, vec![skip, skipped(2)])
        .run(4, vec![undefined(cukes)])
        .finish()
}

fn crash() -> Vec<Event> {
    let mut crash = feature("features/crash.feature", "Crash");
    let steps = [
        "Given I have entered 1",
        "When I press abort",
        "Then the result is 1",
    ];
    crash.scenarios = vec![
        scenario("Aborts", 3, &steps),
        scenario("Exits", 8, &steps),
        scenario("Lives on", 13, &steps),
    ];
    let dies = |message: &str| {
        vec![
            passed(0, 0),
            failed(1, 5, error("Crashed", message)),
            skipped(2),
        ]
    };
    let end = |exit_code, signal| End {
        fault: Some(Fault::Crashed { exit_code, signal }),
        ..printed("about to go\n")
    };
    Stream::new()
        .start(vec![crash])
        .attempt(
            0,
            0,
            dies("the step program was killed by signal 6 (SIGABRT)"),
            end(None, Some(6)),
        )
        .attempt(
            1,
            0,
            dies("the step program exited with code 0"),
            end(Some(0), None),
        )
        .run(2, vec![passed(0, 0), passed(1, 0), passed(2, 0)])
        .finish()
}

fn timed_out() -> Vec<Event> {
    let mut slow = feature("features/slow.feature", "Slow");
    let steps = ["Given I press on", "Then the result is 1"];
    slow.scenarios = vec![
        scenario("A step takes too long", 3, &steps),
        scenario("All of it takes too long", 7, &steps),
        scenario("It prints too much", 11, &steps),
        scenario("It is quick enough when it is tried again", 15, &steps),
    ];
    let late = |what: &str| {
        let broken = StepError {
            trace: "features/slow.feature:4".into(),
            ..error("Timeout", what)
        };
        vec![failed(1, 1_000, broken), skipped(0)]
    };
    let end = |fault| End {
        fault: Some(fault),
        ..printed("still waiting\n")
    };
    let of = |of| Fault::TimedOut {
        of,
        limit: 1_000_000_000,
    };
    let in_step = || late("the step took longer than 1s (`step-timeout`)");
    Stream::new()
        .start(vec![slow])
        .attempt(0, 0, in_step(), end(of(Limited::Step)))
        .attempt(
            1,
            0,
            late("the scenario took longer than 1s (`@timeout(1s)`)"),
            end(of(Limited::Scenario)),
        )
        .attempt(
            2,
            0,
            late("it printed more than 1024 bytes (`output-limit`)"),
            end(Fault::OutputLimit { limit: 1024 }),
        )
        .attempt(
            3,
            0,
            in_step(),
            End {
                will_be_retried: true,
                ..end(of(Limited::Step))
            },
        )
        .attempt(3, 1, vec![passed(1, 1), passed(0, 1)], End::default())
        .finish()
}

fn parse_error() -> Vec<Event> {
    let mut good = feature("features/good.feature", "Good");
    good.scenarios = vec![scenario("Works", 3, &["Given I press on"])];
    let wrong = |line, column, message: &str| Event::ParseError {
        uri: "features/bad/broken.feature".into(),
        location: Some(Location { line, column }),
        message: format!("({line}:{column}): {message}"),
        diagnostic: format!(
            "error: {message}\n --> features/bad/broken.feature:{line}:{column}\n  |\n{line} |   Givn x\n  |   ^^^^\n  = help: did you mean `Given`?\n"
        ),
        follows: false,
    };
    let unreadable = Event::ParseError {
        uri: "features/secret.feature".into(),
        location: None,
        message: "permission denied".into(),
        diagnostic: String::new(),
        follows: false,
    };
    Stream::new()
        .start(vec![good])
        .event(wrong(3, 5, "expected: #StepLine, got 'Givn x'"))
        .event(wrong(9, 1, "unexpected end of file"))
        .event(unreadable)
        .run(0, vec![passed(1, 0)])
        .finish()
}

fn run_error() -> Vec<Event> {
    let mut one = feature("features/one.feature", "One");
    one.scenarios = vec![
        scenario("First", 3, &["Given I press on"]),
        scenario("Second", 6, &["Given I press on"]),
    ];
    let wrong = |kind, message: &str, detail: &str| Event::RunError {
        kind,
        message: message.into(),
        detail: detail.into(),
    };
    let reason = || "the step program does not start".to_owned();
    Stream::new()
        .start(vec![one])
        .event(wrong(
            RunErrorKind::StepProgram,
            "the step program does not start",
            "error: no such file\nbuild it first\n",
        ))
        .event(wrong(RunErrorKind::Worker, "worker 1 died twice", ""))
        .event(wrong(RunErrorKind::Worker, "worker 1 died twice", ""))
        .event(Event::ScenarioNotRun {
            scenario: 0,
            reason: reason(),
        })
        .event(Event::ScenarioNotRun {
            scenario: 1,
            reason: reason(),
        })
        .finish()
}

fn retried() -> Vec<Event> {
    let mut flaky = feature("features/flaky.feature", "Flaky");
    let steps = ["Given I have entered 1", "Then the result is 2"];
    flaky.scenarios = vec![
        scenario("Passes in the end", 3, &steps),
        scenario("Never passes", 7, &steps),
        scenario("Was to be tried again", 11, &steps),
        scenario("Was cancelled when tried again", 15, &steps),
    ];
    let wrong = |message| vec![passed(0, 0), failed(2, 4, error("AssertionError", message))];
    let cancelled = End {
        fault: Some(Fault::Cancelled),
        ..End::default()
    };
    let again = |text| End {
        will_be_retried: true,
        ..printed(text)
    };
    Stream::new()
        .start(vec![flaky])
        .attempt(0, 0, wrong("first try"), again("one\n"))
        .attempt(0, 1, vec![passed(0, 0), passed(2, 0)], End::default())
        .attempt(1, 0, wrong("first try"), again("one\n"))
        .attempt(1, 1, wrong("second try"), again("two\n"))
        .attempt(1, 2, wrong("third try"), printed("three\n"))
        .attempt(2, 0, wrong("only try"), again("one\n"))
        .attempt(3, 0, wrong("first try"), again("one\n"))
        .attempt(3, 1, vec![skipped(0), skipped(2)], cancelled)
        .finish()
}

fn dry_run() -> Vec<Event> {
    let mut one = feature("features/one.feature", "One");
    one.scenarios = vec![
        scenario("Known", 3, &["Given I press on"]),
        scenario("Unknown", 6, &["Given I dance"]),
    ];
    Stream::new()
        .dry_run()
        .start(vec![one])
        .run(0, vec![skipped(1)])
        .run(
            1,
            vec![undefined(
                "#[given(\"^I dance$\")]\nfn i_dance() {\n    todo!()\n}",
            )],
        )
        .finish()
}

fn arguments() -> Vec<Event> {
    let mut documents = feature("features/été/documents.feature", "Документы и 数字");
    documents.language = "fr".into();
    documents.keyword = "Fonctionnalité".into();
    let steps = [
        "Étant donné la table 𝄞 \"数字\"",
        "Quand I press текст",
        "Alors the result is très long, mais vraiment très très long, jusqu'au bout de la ligne et encore plus loin",
    ];
    let mut planned = scenario("Tables et 文書", 4, &steps);
    planned.keyword = "Scénario".into();
    let rows: [&[&str]; 4] = [
        &["name", "数字"],
        &["a|b", "1"],
        &["back\\slash", "e\u{301}"],
        &["two\nlines", ""],
    ];
    planned.steps[0].arguments = vec![StepArgument::Table(rows.iter().copied().collect())];
    let text = |media_type: Option<&str>, content: &str| {
        vec![StepArgument::DocString {
            media_type: media_type.map(Into::into),
            content: content.into(),
        }]
    };
    planned.steps[1].arguments = text(Some("json"), "{\n\t\"a\": 1\n\n}  ");
    planned.steps[2].arguments = text(None, "has \"\"\" inside");
    documents.scenarios = vec![
        planned,
        scenario("Empty ones", 20, &["* I press a", "* I press b"]),
    ];
    documents.scenarios[1].steps[0].arguments = text(None, "");
    documents.scenarios[1].steps[1].arguments = vec![StepArgument::Table([[""]].iter().collect())];
    let results = || {
        vec![
            matched(0, &[("𝄞", 15), ("数字", 19)]),
            matched(1, &[("текст", 8)]),
            passed(2, 1),
        ]
    };
    let mut odd = matched(1, &[("far away", 90)]);
    Arc::make_mut(odd.step_match.as_mut().unwrap())
        .arguments
        .push(ArgumentGroup {
            value: None,
            start: 0,
            end: 0,
            children: vec![],
            parameter_type: None,
        });
    Stream::new()
        .start(vec![documents])
        .run(0, results())
        .run(1, vec![odd, matched(1, &[("b", 8)])])
        .finish()
}

fn control_bytes() -> Vec<Event> {
    let evil = "\x1b]0;title\x07 \x1b[2J\0\x0b\u{fffe}\u{ffff}\u{202e}\u{9b}31m]]> <a> &amp; \x7f";
    let mut control = feature(
        "features/\x1b[1mcontrol.feature",
        &format!("Control {evil}"),
    );
    control.description = evil.into();
    control.tags = vec![format!("@{evil}").replace(' ', "").into()];
    let step = format!("Given {evil}");
    let lines = "Given a\nb\tc\rd";
    control.scenarios = vec![
        scenario(evil, 3, &[&step, lines]),
        scenario("Binary", 6, &["Given b"]),
    ];
    let broken = StepError {
        trace: evil.into(),
        ..error(evil, &format!("two\r\nlines {evil}"))
    };
    let bytes: Vec<u8> = b"text \xff\xfe\x00 \xed\xa0\x80 \x1b[0m]]>\r\nend".to_vec();
    let binary = End {
        output: CapturedOutput::from_bytes(bytes),
        ..End::default()
    };
    Stream::new()
        .start(vec![control])
        .attempt(
            0,
            0,
            vec![passed(0, 0), failed(1, 0, broken.clone())],
            printed(evil),
        )
        .attempt(1, 0, vec![failed(0, 0, broken)], binary)
        .event(Event::Warning {
            message: evil.into(),
            place: None,
            rule: Some(evil.into()),
        })
        .event(Event::RunError {
            kind: RunErrorKind::Hook,
            message: evil.into(),
            detail: evil.into(),
        })
        .finish()
}

/// Two workers at once: nothing may be shown under the wrong feature.
fn interleaved() -> Vec<Event> {
    let mut one = feature("features/one.feature", "One");
    one.description = "The first.".into();
    one.scenarios = vec![
        scenario("A", 3, &["Given I press a"]),
        scenario("B", 6, &["Given I press b"]),
    ];
    let mut two = feature("features/two.feature", "Two");
    two.scenarios = vec![
        scenario("C", 3, &["Given I press c"]),
        scenario("D", 6, &["Given I press d"]),
    ];
    let whole = Stream::new()
        .start(vec![one, two])
        .run(2, vec![failed(1, 0, error("Error", "c"))])
        .run(0, vec![passed(1, 0)])
        .run(3, vec![passed(1, 0)])
        .run(1, vec![failed(1, 0, error("Error", "b"))])
        .finish();
    let (head, rest) = whole.split_at(4);
    let (scenarios, end) = rest.split_at(16);
    let mut events = head.to_vec();
    // The events of two scenarios at a time, alternating.
    for pair in scenarios.chunks(8) {
        let (left, right) = pair.split_at(4);
        events.extend(
            left.iter()
                .zip(right)
                .flat_map(|(left, right)| [left.clone(), right.clone()]),
        );
    }
    events.extend_from_slice(end);
    events
}

/// Stopped after a failure: one scenario is cancelled, one never begins, one is just missing.
fn stopped() -> Vec<Event> {
    let mut one = feature("features/one.feature", "One");
    one.scenarios = ["Fails", "Is cancelled", "Never begins", "Is missing"]
        .iter()
        .zip([3, 6, 9, 12])
        .map(|(name, line)| scenario(name, line, &["Given I press on", "Then the result is 1"]))
        .collect();
    let cancelled = End {
        fault: Some(Fault::Cancelled),
        ..End::default()
    };
    let reason = "the run was stopped after the first failure".to_owned();
    Stream::new()
        .start(vec![one])
        .run(0, vec![failed(1, 0, error("Error", "no")), skipped(2)])
        .attempt(1, 0, vec![passed(1, 0), skipped(2)], cancelled)
        .event(Event::ScenarioNotRun {
            scenario: 2,
            reason,
        })
        .event(Event::RunError {
            kind: RunErrorKind::Interrupted,
            message: "interrupted".into(),
            detail: String::new(),
        })
        .finish()
}

/// A shard in random order: two files, what failed and what was not reached, and names that a list
/// would take for something else.
fn shard() -> Vec<Event> {
    let mut odd = feature("#odd.feature", "Odd");
    odd.scenarios = vec![
        scenario("First", 3, &["* I press on"]),
        scenario("Second", 6, &["* I press off"]),
        scenario("Third", 9, &["* I press on"]),
    ];
    let mut fine = feature("features/fine.feature", "Fine");
    fine.scenarios = vec![scenario("Fine", 3, &["* I press on"])];
    let mut late = feature("features/late.feature", "Late");
    late.scenarios = vec![scenario("Late", 2, &["* I press on"])];
    let ids = [
        "Fine:3",
        "First:3",
        "Late:2",
        "Not here:5",
        "Second:6",
        "Third:9",
    ];
    Stream::new()
        .order("random:7")
        .shard(ShardOf {
            shard: "hash:2/3".into(),
            selection: "00000000000000ff".into(),
            durations: None,
            scenarios: ids.map(Into::into).into(),
        })
        .start(vec![odd, fine, late])
        .run(1, vec![failed(1, 3, error("Error", "off is broken"))])
        .run(3, vec![passed(1, 2)])
        .run(0, vec![passed(1, 2)])
        .event(Event::ScenarioNotRun {
            scenario: 2,
            reason: "the run was stopped after the first failure".into(),
        })
        .event(Event::ScenarioNotRun {
            scenario: 4,
            reason: "the run was stopped after the first failure".into(),
        })
        .finish()
}
