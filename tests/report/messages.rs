//! Cucumber Messages, made from event streams that are written by hand.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

use bdd::event::*;
use bdd::gherkin::Dialect;
use bdd::plan::*;
use serde_json::{Value, json};

use super::stream::*;

/// What this report needs besides the events that all reports need: a text for each feature, and
/// what each scenario will run. Nothing is added that is there.
pub fn with_sources(events: &[Event]) -> Vec<Event> {
    let has = |wanted: fn(&Event) -> bool| events.iter().any(wanted);
    let sources = has(|event| matches!(event, Event::FeatureSource { .. }));
    let prepared = has(|event| matches!(event, Event::ScenarioPrepared { .. }));
    let mut all = Vec::new();
    let mut begun = prepared;
    for event in events {
        match event {
            Event::FeaturePlanned { feature } if !sources => all.push(source_of(feature)),
            Event::ScenarioStarted { .. } if !begun => {
                begun = true;
                all.extend(preparation(events));
            }
            _ => {}
        }
        all.push(event.clone());
    }
    all
}

/// What each planned scenario will run, according to its first attempt.
fn preparation(events: &[Event]) -> Vec<Event> {
    let mut steps: BTreeMap<(u32, u32), Vec<Arc<StepMatch>>> = BTreeMap::new();
    for event in events {
        if let Event::StepFinished {
            scenario,
            step,
            result,
            ..
        } = event
        {
            let candidate = |definition: &u32| {
                Arc::new(StepMatch {
                    definition: *definition,
                    arguments: vec![],
                })
            };
            let found = result.step_match.iter().cloned();
            let found = found.chain(result.candidates.iter().map(candidate));
            steps
                .entry((*scenario, *step))
                .or_insert_with(|| found.collect());
        }
    }
    let scenarios = events.iter().flat_map(|event| match event {
        Event::FeaturePlanned { feature } => feature.scenarios.clone(),
        _ => Vec::new(),
    });
    scenarios
        .map(|scenario| Event::ScenarioPrepared {
            scenario: scenario.index,
            before: vec![],
            after: vec![],
            steps: (0..scenario.steps.len() as u32)
                .map(|step| {
                    steps
                        .get(&(scenario.index, step))
                        .cloned()
                        .unwrap_or_default()
                })
                .collect(),
        })
        .collect()
}

/// A file in which everything stands where the plan says, without tables and docstrings.
pub fn source_of(feature: &PlannedFeature) -> Event {
    let plain = |text: &str| -> String {
        let plain = |c: char| if c.is_control() { '?' } else { c };
        text.chars().map(plain).collect()
    };
    let dialect = Dialect::find(&feature.language).expect("a language");
    let mut lines = BTreeMap::new();
    let mut add = |line: u32, text: String| {
        assert_eq!(lines.insert(line, text), None, "line {line} is taken");
    };
    add(1, format!("{}: {}", feature.keyword, plain(&feature.name)));
    for rule in &feature.rules {
        let text = format!("  {}: {}", rule.keyword, plain(&rule.name));
        add(rule.location.line, text);
    }
    let mut outlines = BTreeSet::new();
    let mut last_row = 0;
    for scenario in &feature.scenarios {
        let line = scenario.location.line;
        let mut heading = line;
        let mut name = &scenario.name;
        if let Some(row) = &scenario.row {
            let cells = |cells: &TextList| {
                let cells = cells.iter().map(|cell| cell.replace('|', "\\|"));
                cells.fold("  |".to_owned(), |row, cell| row + &cell + "|")
            };
            add(line, cells(&row.cells));
            let follows = std::mem::replace(&mut last_row, line) + 1 == line;
            if !follows {
                add(line - 1, cells(&row.header));
                add(line - 2, "  Examples:".to_owned());
            }
            if !outlines.insert(&row.outline) {
                continue;
            }
            heading = line - 3 - scenario.steps.len() as u32;
            name = &row.outline;
        }
        // Some streams have the English keyword in other languages.
        let keyword = match scenario.row {
            Some(_) => dialect.scenario_outline[0],
            None => dialect.scenario[0],
        };
        add(heading, format!("  {keyword}: {}", plain(name)));
        for (line, step) in (heading + 1..).zip(&scenario.steps) {
            add(line, format!("  {}{}", step.keyword, plain(&step.text)));
        }
    }
    let mut text = String::new();
    let end = lines.keys().copied().max().unwrap_or(0);
    for line in 1..=end {
        let _ = writeln!(text, "{}", lines.get(&line).map_or("", String::as_str));
    }
    Event::FeatureSource {
        uri: Arc::clone(&feature.uri),
        language: feature.language.to_string(),
        flavor: bdd::gherkin::Flavor::Standard,
        text: text.into(),
    }
}

/// The report with what depends on the machine made the same everywhere.
pub fn messages(events: &[Event]) -> String {
    let text = report(&with_sources(events), "messages", |_| ());
    let (meta, rest) = text.split_once('\n').expect("a line");
    let mut meta: Value = serde_json::from_str(meta).expect("JSON");
    meta["meta"]["os"]["name"] = "an os".into();
    meta["meta"]["cpu"]["name"] = "a cpu".into();
    format!("{meta}\n{rest}")
}

/// All messages of these kinds, without times.
fn only(events: &[Event], kinds: &[&str]) -> Vec<Value> {
    let text = report(&with_sources(events), "messages", |_| ());
    let messages = text
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap_or_else(|_| panic!("{line}")));
    let mut wanted: Vec<Value> = messages
        .filter(|message| kinds.iter().any(|kind| message.get(*kind).is_some()))
        .collect();
    wanted.iter_mut().for_each(forget);
    wanted
}

/// Takes out what differs without meaning: times and ids.
fn forget(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|key, _| {
                !["timestamp", "duration", "id"].contains(&key.as_str()) && !key.ends_with("Id")
            });
            members.values_mut().for_each(forget);
        }
        Value::Array(items) => items.iter_mut().for_each(forget),
        _ => {}
    }
}

fn hook(kind: HookKind, line: u32) -> Hook {
    Hook {
        kind,
        name: None,
        tags: None,
        location: source("features/steps/src/main.rs", line),
        function: "h".into(),
    }
}

fn hooks(hooks: Vec<Hook>) -> Event {
    Event::Hooks {
        hooks: hooks.into(),
    }
}

fn one_scenario(steps: &[&str]) -> Stream {
    let mut one = feature("features/one.feature", "One");
    one.scenarios = vec![scenario("First", 3, steps)];
    Stream::new().start(vec![one])
}

fn prepared(before: &[u32], after: &[u32], definitions: &[u32]) -> Event {
    Event::ScenarioPrepared {
        scenario: 0,
        before: before.into(),
        after: after.into(),
        steps: definitions
            .iter()
            .map(|definition| {
                vec![Arc::new(StepMatch {
                    definition: *definition,
                    arguments: vec![],
                })]
            })
            .collect(),
    }
}

fn hook_result(status: Status, error: Option<StepError>) -> HookResult {
    HookResult {
        status,
        nanos: 1_000_000,
        error,
        output: None,
    }
}

/// A hook that ran.
fn ran(hook: u32, place: HookPlace, result: HookResult) -> [Event; 2] {
    let started = Event::HookStarted {
        hook,
        place: place.clone(),
        at: Timestamp(1_767_323_045_000_000),
    };
    let finished = Event::HookFinished {
        hook,
        place,
        result,
    };
    [started, finished]
}

fn started(attempt: u32) -> Event {
    Event::ScenarioStarted {
        scenario: 0,
        attempt,
        most_attempts: None,
        worker: Some(0),
        at: Timestamp(1_767_323_045_000_000),
    }
}

fn step(step: u32, result: StepResult) -> Event {
    Event::StepFinished {
        scenario: 0,
        attempt: 0,
        step,
        result,
    }
}

fn finished(status: Status, fault: Option<Fault>, errors: Vec<StepError>) -> Event {
    Event::ScenarioFinished {
        scenario: 0,
        attempt: 0,
        status,
        nanos: 9_000_000,
        fault,
        errors,
        output: None,
        will_be_retried: false,
        expected_failure: false,
        skipped_because: None,
    }
}

const IN_SCENARIO: HookPlace = HookPlace::Scenario {
    scenario: 0,
    attempt: 0,
};

fn statuses(messages: &[Value]) -> Vec<&str> {
    messages
        .iter()
        .map(|message| {
            message["testStepFinished"]["testStepResult"]["status"]
                .as_str()
                .expect("a status")
        })
        .collect()
}

fn feed_all(stream: Stream, events: impl IntoIterator<Item = Event>) -> Vec<Event> {
    events
        .into_iter()
        .fold(stream, |stream, event| stream.event(event))
        .finish()
}

#[test]
fn definitions_are_in_the_order_of_the_source_without_those_that_the_standard_lacks() {
    let mut named = hook(HookKind::BeforeScenario, 10);
    named.name = Some("a name".into());
    named.tags = Some("@a or @b".into());
    let unusable = Event::UndefinedParameterType {
        name: "airport".into(),
        expression: "^I press (.*)$".into(),
        location: source("features/steps/src/main.rs", 12),
    };
    let stream = one_scenario(&["Given I have entered 1"])
        .event(hooks(vec![
            hook(HookKind::AfterRule, 1),
            hook(HookKind::AfterAll, 200),
            named,
            hook(HookKind::BeforeFeature, 2),
        ]))
        .event(Event::ParameterTypes {
            parameter_types: Arc::new([ParameterType {
                name: "flight".into(),
                regexps: vec!["A".into(), "B".into()],
                use_for_snippets: true,
                prefer_for_regexp: false,
                location: source("features/steps/src/main.rs", 13),
            }]),
        })
        .event(unusable)
        .run(0, vec![passed(0, 0)])
        .finish();
    let kinds = [
        "hook",
        "stepDefinition",
        "parameterType",
        "undefinedParameterType",
        "testRunStarted",
    ];
    let place =
        |line: u32| json!({"uri": "features/steps/src/main.rs", "location": {"line": line}});
    let pattern = |source: &str| json!({"type": "REGULAR_EXPRESSION", "source": source});
    let expected = [
        json!({"stepDefinition": {"pattern": pattern(r"^I have entered (\d+)$"), "sourceReference": place(7)}}),
        json!({"hook": {"name": "a name", "type": "BEFORE_TEST_CASE", "tagExpression": "@a or @b", "sourceReference": place(10)}}),
        json!({"undefinedParameterType": {"name": "airport", "expression": "^I press (.*)$"}}),
        json!({"parameterType": {"name": "flight", "regularExpressions": ["A", "B"],
            "preferForRegularExpressionMatch": false, "useForSnippets": true, "sourceReference": place(13)}}),
        json!({"stepDefinition": {"pattern": pattern("^the result is (.*)$"), "sourceReference": place(120)}}),
        json!({"hook": {"type": "AFTER_TEST_RUN", "sourceReference": place(200)}}),
        json!({"testRunStarted": {}}),
    ];
    assert_eq!(only(&stream, &kinds), expected);
}

#[test]
fn hooks_around_the_steps_are_test_steps_and_those_of_features_are_not() {
    let stream = one_scenario(&["Given I have entered 1", "When I press on"]).event(hooks(vec![
        hook(HookKind::BeforeScenario, 1),
        hook(HookKind::AfterScenario, 2),
        hook(HookKind::BeforeFeature, 3),
        hook(HookKind::AfterScenario, 4),
        hook(HookKind::BeforeStep, 5),
    ]));
    let in_feature = HookPlace::Feature {
        uri: "features/one.feature".into(),
        worker: 0,
    };
    let in_step = HookPlace::Step {
        scenario: 0,
        attempt: 0,
        step: 0,
    };
    let broken = error("Error", "no");
    let mut events = vec![prepared(&[0], &[3, 1], &[0, 1])];
    events.extend(ran(2, in_feature, hook_result(Status::Passed, None)));
    events.push(started(0));
    events.extend(ran(0, IN_SCENARIO, hook_result(Status::Passed, None)));
    events.extend(ran(
        4,
        in_step,
        hook_result(Status::Failed, Some(broken.clone())),
    ));
    events.push(step(0, failed(0, 0, broken.clone())));
    events.push(step(1, skipped(1)));
    events.extend(ran(
        3,
        IN_SCENARIO,
        hook_result(Status::Failed, Some(broken)),
    ));
    events.extend(ran(1, IN_SCENARIO, hook_result(Status::Passed, None)));
    events.push(finished(Status::Failed, None, vec![]));
    let events = feed_all(stream, events);

    let text = report(&with_sources(&events), "messages", |_| ());
    let all: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    let of = |kind: &str| all.iter().find_map(|message| message.get(kind)).cloned();
    let case = of("testCase").expect("a test case");
    let members = |step: &Value| -> Vec<String> {
        step.as_object()
            .expect("an object")
            .keys()
            .cloned()
            .collect()
    };
    let steps = case["testSteps"].as_array().expect("a list");
    assert_eq!(members(&steps[0]), ["hookId", "id"]);
    assert_eq!(
        steps[1]["stepMatchArgumentsLists"],
        json!([{"stepMatchArguments": []}])
    );
    assert_eq!(
        [&steps[3]["id"], &steps[4]["id"]].map(|id| members(&json!({"id": id})).len()),
        [1, 1]
    );
    assert_eq!(steps.len(), 5);
    let started: Vec<&Value> = all
        .iter()
        .filter_map(|message| Some(&message.get("testStepStarted")?["testStepId"]))
        .collect();
    let ids: Vec<&Value> = steps.iter().map(|step| &step["id"]).collect();
    assert_eq!(started, ids, "each in the order of the test case");
    assert_eq!(
        statuses(&only(&events, &["testStepFinished"])),
        ["PASSED", "FAILED", "SKIPPED", "FAILED", "PASSED"]
    );
    let after = &only(&events, &["testStepFinished"])[3]["testStepFinished"]["testStepResult"];
    assert_eq!(
        after["exception"],
        json!({"type": "Error", "message": "no", "stackTrace": "Error: no\nfeatures/one.feature:3"})
    );
    assert_eq!(
        only(&events, &["hook"]).len(),
        4,
        "all but that of the feature"
    );
}

#[test]
fn hooks_of_the_run_stand_around_the_test_cases() {
    let stream = one_scenario(&["Given I have entered 1"]).event(hooks(vec![
        hook(HookKind::BeforeRun, 1),
        hook(HookKind::BeforeAll, 2),
        hook(HookKind::AfterAll, 3),
    ]));
    let broken = error("Error", "no light");
    let mut events = Vec::new();
    events.extend(ran(0, HookPlace::Run, hook_result(Status::Passed, None)));
    let [begin, end] = ran(
        1,
        HookPlace::Worker(1),
        hook_result(Status::Failed, Some(broken)),
    );
    events.push(begin);
    events.push(Event::Attachment {
        source: AttachmentSource::Hook {
            hook: 1,
            place: HookPlace::Worker(1),
        },
        media_type: "text/plain".into(),
        file_name: None,
        body: AttachmentBody::Text("hello".into()),
        at: Timestamp(0),
    });
    events.push(end);
    events.push(Event::ScenarioNotRun {
        scenario: 0,
        reason: "a hook failed".into(),
    });
    events.extend(ran(
        2,
        HookPlace::Worker(1),
        hook_result(Status::Passed, None),
    ));
    events.push(Event::RunError {
        kind: RunErrorKind::Hook,
        message: "a hook failed".into(),
        detail: String::new(),
    });
    let events = feed_all(stream, events);
    let kinds = [
        "testRunStarted",
        "testRunHookStarted",
        "testRunHookFinished",
        "attachment",
        "testCase",
        "testCaseStarted",
        "testRunFinished",
    ];
    let passed = json!({"testRunHookFinished": {"result": {"status": "PASSED"}}});
    let trace = "Error: no light\nfeatures/steps/src/main.rs:2";
    let expected = [
        json!({"testRunStarted": {}}),
        json!({"testRunHookStarted": {}}),
        passed.clone(),
        json!({"testRunHookStarted": {}}),
        json!({"attachment": {"mediaType": "text/plain", "contentEncoding": "IDENTITY", "body": "hello"}}),
        json!({"testRunHookFinished": {"result": {"status": "FAILED", "message": "no light",
            "exception": {"type": "Error", "message": "no light", "stackTrace": trace}}}}),
        json!({"testRunHookStarted": {}}),
        passed,
        json!({"testRunFinished": {"success": false}}),
    ];
    assert_eq!(only(&events, &kinds), expected);
}

#[test]
fn a_hidden_hook_that_fails_is_reported_at_the_end_of_the_run() {
    let stream = one_scenario(&["Given I have entered 1"])
        .event(hooks(vec![hook(HookKind::BeforeFeature, 1)]));
    let place = HookPlace::Feature {
        uri: "features/one.feature".into(),
        worker: 0,
    };
    let mut events = vec![prepared(&[], &[], &[0])];
    let broken = error("Error", "no feature today");
    events.extend(ran(0, place, hook_result(Status::Failed, Some(broken))));
    events.push(Event::ScenarioNotRun {
        scenario: 0,
        reason: "a hook failed".into(),
    });
    let events = feed_all(stream, events);
    let kinds = ["testStepFinished", "testRunFinished", "testRunHookStarted"];
    let trace = "Error: no feature today";
    let expected = [
        json!({"testStepFinished": {"testStepResult": {"status": "SKIPPED", "message": "not run: a hook failed"}}}),
        json!({"testRunFinished": {"success": false, "message": "no feature today",
            "exception": {"type": "Error", "message": "no feature today", "stackTrace": trace}}}),
    ];
    assert_eq!(only(&events, &kinds), expected);
}

#[test]
fn a_run_that_fails_before_any_scenario_has_no_test_case() {
    let events = [
        Event::ScenarioNotRun {
            scenario: 0,
            reason: "the step program cannot run it".into(),
        },
        Event::RunError {
            kind: RunErrorKind::StepProgram,
            message: "the step program says: no".into(),
            detail: "more\n".into(),
        },
    ];
    let events = feed_all(one_scenario(&["Given I have entered 1"]), events);
    let kinds = ["pickle", "testCase", "testCaseStarted", "testRunFinished"];
    let found = only(&events, &kinds);
    assert!(found[0].get("pickle").is_some(), "{found:?}");
    let message = "the step program says: no";
    let trace = format!("Error: {message}\nmore");
    let expected = json!({"testRunFinished": {"success": false, "message": message,
        "exception": {"type": "Error", "message": message, "stackTrace": trace}}});
    assert_eq!(found[1..], [expected]);
}

#[test]
fn errors_outside_the_steps_are_in_the_last_of_them() {
    let teardown = || vec![error("Error", "cannot close"), error("Error", "nor this")];
    let run = |result: StepResult, fault, errors| {
        let events = [
            prepared(&[], &[], &[0, 1]),
            started(0),
            step(0, passed(0, 0)),
            step(1, result),
            finished(Status::Failed, fault, errors),
        ];
        let events = feed_all(
            one_scenario(&["Given I have entered 1", "When I press on"]),
            events,
        );
        let steps = only(&events, &["testStepFinished"]);
        assert_eq!(steps.len(), 2);
        let last = &steps[1]["testStepFinished"]["testStepResult"];
        (last["status"].clone(), last["message"].clone())
    };
    let closing = json!("cannot close\nnor this");
    assert_eq!(
        run(passed(1, 0), None, teardown()),
        (json!("FAILED"), closing)
    );
    let both = json!("no\ncannot close\nnor this");
    let own = failed(1, 0, error("AssertionError", "no"));
    assert_eq!(run(own.clone(), None, teardown()), (json!("FAILED"), both));
    let fault = Fault::Crashed {
        exit_code: Some(3),
        signal: None,
    };
    let died = json!("the step program exited with code 3");
    assert_eq!(
        run(skipped(1), Some(fault.clone()), vec![]),
        (json!("FAILED"), died)
    );
    assert_eq!(
        run(own, Some(fault), vec![]),
        (json!("FAILED"), json!("no"))
    );
}

#[test]
fn a_scenario_without_steps_leaves_what_goes_wrong_to_the_end_of_the_run() {
    let events = [
        prepared(&[], &[], &[]),
        started(0),
        finished(Status::Failed, None, vec![error("Error", "cannot close")]),
    ];
    let events = feed_all(one_scenario(&[]), events);
    let end = &only(&events, &["testRunFinished"])[0]["testRunFinished"];
    assert_eq!(end["message"], json!("cannot close"));
}

#[test]
fn a_hook_during_which_the_step_program_dies_has_failed_and_the_rest_is_skipped() {
    let stream = one_scenario(&["Given I have entered 1"]).event(hooks(vec![
        hook(HookKind::BeforeScenario, 1),
        hook(HookKind::AfterScenario, 2),
    ]));
    let [begin, _] = ran(0, IN_SCENARIO, hook_result(Status::Passed, None));
    let fault = Fault::Crashed {
        exit_code: None,
        signal: Some(6),
    };
    let events = [
        prepared(&[0], &[1], &[0]),
        started(0),
        begin,
        finished(Status::Failed, Some(fault), vec![]),
    ];
    let finished = only(&feed_all(stream, events), &["testStepFinished"]);
    assert_eq!(statuses(&finished), ["FAILED", "SKIPPED", "SKIPPED"]);
}

#[test]
fn every_prepared_scenario_is_executed_and_ends() {
    for (run, events) in super::streams::all() {
        let messages: Vec<Value> = messages(&events)
            .lines()
            .map(|line| serde_json::from_str(line).expect("JSON"))
            .collect();
        let of = |kind: &str| -> Vec<Value> {
            let found = messages.iter().filter_map(|message| message.get(kind));
            found.cloned().collect()
        };
        let executions = of("testCaseStarted");
        for case in of("testCase") {
            let attempts: Vec<&Value> = executions
                .iter()
                .filter(|execution| execution["testCaseId"] == case["id"])
                .collect();
            let ends: Vec<bool> = attempts
                .iter()
                .map(|attempt| {
                    let ends: Vec<bool> = of("testCaseFinished")
                        .iter()
                        .filter(|end| end["testCaseStartedId"] == attempt["id"])
                        .map(|end| end["willBeRetried"] == json!(true))
                        .collect();
                    assert_eq!(ends.len(), 1, "{run}: {attempt}");
                    ends[0]
                })
                .collect();
            let (last, others) = ends.split_last().expect("an attempt");
            assert!(
                !last && others.iter().all(|retried| *retried),
                "{run}: {ends:?}"
            );
            for attempt in attempts {
                let results = of("testStepFinished")
                    .iter()
                    .filter(|result| result["testCaseStartedId"] == attempt["id"])
                    .count();
                let steps = case["testSteps"].as_array().expect("a list").len();
                assert_eq!(results, steps, "{run}: {attempt}");
            }
        }
        let started = executions.len();
        assert_eq!(started, of("testCaseFinished").len(), "{run}");
        let mut ids = BTreeSet::new();
        for message in &messages {
            all_ids(message, &mut |id| {
                assert!(ids.insert(id.to_owned()), "{run}: {id} twice")
            });
        }
        assert_eq!(of("testRunFinished").len(), 1, "{run}");
        assert!(
            messages
                .last()
                .is_some_and(|last| last.get("testRunFinished").is_some())
        );
    }
}

fn all_ids(value: &Value, take: &mut impl FnMut(&str)) {
    match value {
        Value::Object(members) => {
            if let Some(id) = members.get("id") {
                take(id.as_str().expect("a string"));
            }
            members.values().for_each(|value| all_ids(value, take));
        }
        Value::Array(items) => items.iter().for_each(|value| all_ids(value, take)),
        _ => {}
    }
}

#[test]
fn attachments_come_from_texts_bytes_and_files_of_any_size() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("big");
    // Around the sizes of pieces, and far beyond them.
    for size in [0, 1, 2, 3, (3 << 14) - 1, 3 << 14, (3 << 14) + 1, 1_000_000] {
        let bytes: Vec<u8> = (0..size).map(|n: usize| (n % 251) as u8).collect();
        std::fs::write(&path, &bytes).expect("a file");
        let attachment = Event::Attachment {
            source: AttachmentSource::Step {
                scenario: 0,
                attempt: 0,
                step: 0,
            },
            media_type: "image/png".into(),
            file_name: Some("a \"file\".png".into()),
            body: AttachmentBody::File(path.clone()),
            at: Timestamp(1),
        };
        let begun = Event::StepStarted {
            scenario: 0,
            attempt: 0,
            step: 0,
        };
        let events = [
            prepared(&[], &[], &[0]),
            started(0),
            begun,
            attachment,
            step(0, passed(0, 0)),
            finished(Status::Passed, None, vec![]),
        ];
        let events = feed_all(one_scenario(&["Given I have entered 1"]), events);
        let mut found = only(
            &events,
            &["attachment", "testStepStarted", "testStepFinished"],
        );
        assert_eq!(found.len(), 3);
        let body = found[1]["attachment"]["body"].take();
        let read = base64_of(&bytes);
        assert_eq!(body.as_str(), Some(read.as_str()), "{size} bytes");
        let rest = json!({"body": null, "contentEncoding": "BASE64", "mediaType": "image/png", "fileName": "a \"file\".png"});
        assert_eq!(found[1]["attachment"], rest);
    }
}

/// Base64 by the book, bit by bit.
fn base64_of(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut code = String::new();
    for three in bytes.chunks(3) {
        let bits = three
            .iter()
            .fold(0u32, |bits, byte| bits << 8 | u32::from(*byte))
            << (8 * (3 - three.len()));
        for letter in 0..4 {
            let sextet = (bits >> (18 - 6 * letter)) & 63;
            code.push(if letter <= three.len() {
                char::from(LETTERS[sextet as usize])
            } else {
                '='
            });
        }
    }
    code
}

#[test]
fn a_feature_without_its_text_loses_the_report() {
    let events = one_scenario(&["Given I have entered 1"]).finish();
    let stdout = Shared::default();
    let context = report_context(stdout, std::path::Path::new("."));
    let lost = feed(&events, &["messages"], context);
    let lost: Vec<String> = lost.errors.iter().map(ToString::to_string).collect();
    let expected = "cannot write the messages report to standard output: the events hold no text of features/one.feature";
    assert_eq!(lost, [expected]);
}
