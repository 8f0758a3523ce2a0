//! Runs that depart from their plan: steps, hooks and scenarios that hosts add, change and leave out.

use bdd::event::*;
use bdd::plan::*;

use super::stream::*;

pub fn all() -> Vec<(&'static str, Vec<Event>)> {
    vec![("departures", departures())]
}

pub fn content(keyword: &str, text: &str, line: u32) -> StepContent {
    StepContent {
        keyword: format!("{keyword} "),
        text: text.into(),
        arguments: vec![],
        location: Some(source("features/steps/nested.feature", line)),
    }
}

/// An extra step in the first attempt at a scenario.
pub fn extra(
    scenario: u32,
    extra: u32,
    (parent, depth): (Option<u32>, u32),
    content: StepContent,
    result: StepResult,
) -> [Event; 2] {
    [
        Event::ExtraStepStarted {
            scenario,
            attempt: 0,
            extra,
            parent,
            depth,
            content,
        },
        Event::ExtraStepFinished {
            scenario,
            attempt: 0,
            extra,
            result,
        },
    ]
}

fn begin(stream: Stream, scenario: u32) -> Stream {
    stream.event(Event::ScenarioStarted {
        scenario,
        attempt: 0,
        worker: Some(0),
        at: Timestamp(1_767_323_045_000_000),
        most_attempts: None,
    })
}

fn step_started(scenario: u32, step: u32) -> Event {
    Event::StepStarted {
        scenario,
        attempt: 0,
        step,
    }
}

fn step_finished(scenario: u32, step: u32, result: StepResult) -> Event {
    Event::StepFinished {
        scenario,
        attempt: 0,
        step,
        result,
    }
}

fn left_out(scenario: u32, step: u32, reason: &str) -> Event {
    Event::StepLeftOut {
        scenario,
        attempt: 0,
        step,
        reason: reason.into(),
    }
}

fn end(scenario: u32, status: Status) -> Event {
    Event::ScenarioFinished {
        scenario,
        attempt: 0,
        status,
        nanos: 2_000_000,
        fault: None,
        errors: vec![],
        output: None,
        will_be_retried: false,
        expected_failure: false,
        skipped_because: None,
    }
}

fn departures() -> Vec<Event> {
    let mut shop = feature("features/shop.feature", "Shop");
    shop.rules = vec![rule("Prices", 20)];
    let steps = [
        "Given I have entered 1",
        "When I press add",
        "Then the result is 2",
    ];
    shop.scenarios = vec![
        scenario("Nested", 3, &steps),
        scenario("Nested and failing", 8, &steps),
        scenario("Left out in part", 13, &steps),
        scenario("Left out", 17, &steps[..1]),
        PlannedScenario {
            rule: Some(0),
            ..scenario("Skipped", 21, &steps[..1])
        },
    ];
    let mut stream = Stream::new().start(vec![shop]);
    for part in [nested(), nested_and_failing(), left_out_in_part()] {
        for event in part {
            stream = stream.event(event);
        }
    }
    stream = begin(stream, 3)
        .event(left_out(3, 0, "nothing to enter"))
        .event(end(3, Status::Skipped));
    stream = stream.attempt(
        4,
        0,
        vec![skipped(0)],
        End {
            skipped_because: Some("the rule was skipped: no prices yet".into()),
            ..End::default()
        },
    );
    for event in added() {
        stream = stream.event(event);
    }
    stream
        .event(Event::RunError {
            kind: RunErrorKind::Aborted,
            message: "the step program aborted the run: the database is gone".into(),
            detail: String::new(),
        })
        .finish()
}

/// A step that runs others, one of them with a table, and one added by the host after it.
fn nested() -> Vec<Event> {
    let mut table = content("And", "these numbers:", 4);
    let rows = [["n", "m"], ["1", "2"]];
    table.arguments = vec![StepArgument::Table(rows.iter().collect())];
    let mut events = begin(Stream::new(), 0).events;
    events.extend([
        step_started(0, 0),
        step_finished(0, 0, matched(0, &[("1", 15)])),
        step_started(0, 1),
    ]);
    events.extend(extra(
        0,
        0,
        (Some(1), 1),
        content("Given", "a thing", 3),
        passed(0, 0),
    ));
    events.push(Event::ExtraStepStarted {
        scenario: 0,
        attempt: 0,
        extra: 1,
        parent: Some(1),
        depth: 1,
        content: table,
    });
    events.extend(extra(
        0,
        2,
        (Some(1), 2),
        content("*", "deeper", 1),
        passed(1, 3),
    ));
    events.push(Event::Attachment {
        source: AttachmentSource::ExtraStep {
            scenario: 0,
            attempt: 0,
            extra: 1,
        },
        media_type: "text/x.cucumber.log+plain".into(),
        file_name: None,
        body: AttachmentBody::Text("noted".into()),
        at: Timestamp(1_767_323_045_000_000),
    });
    events.push(Event::ExtraStepFinished {
        scenario: 0,
        attempt: 0,
        extra: 1,
        result: passed(1, 0),
    });
    events.push(step_finished(0, 1, passed(1, 12)));
    events.extend(extra(
        0,
        3,
        (None, 0),
        content("And", "all is saved", 0),
        passed(2, 0),
    ));
    let actual = StepContent {
        location: None,
        ..content("Then", "the result is 3", 0)
    };
    events.extend([
        step_started(0, 2),
        step_finished(
            0,
            2,
            StepResult {
                actual: Some(Box::new(actual)),
                ..passed(2, 0)
            },
        ),
        end(0, Status::Passed),
    ]);
    events
}

/// A step fails since one that it runs does, and another one is added before all.
fn nested_and_failing() -> Vec<Event> {
    let mut events = begin(Stream::new(), 1).events;
    events.extend(extra(
        1,
        0,
        (None, 0),
        content("Given", "a fresh shop", 2),
        passed(0, 0),
    ));
    events.extend([
        step_started(1, 0),
        step_finished(1, 0, passed(0, 0)),
        step_started(1, 1),
    ]);
    let wrong = failed(1, 0, error("AssertionError", "1 is not 2"));
    events.extend(extra(
        1,
        1,
        (Some(1), 1),
        content("Then", "it is 2", 7),
        wrong,
    ));
    let outer = "`it is 2`, line 7 of the steps in it: 1 is not 2";
    events.extend([
        step_finished(1, 1, failed(1, 1, error("AssertionError", outer))),
        step_finished(1, 2, skipped(2)),
        end(1, Status::Failed),
    ]);
    events
}

/// A hook that nobody declared runs, and a step is left out.
fn left_out_in_part() -> Vec<Event> {
    let hook = Hook {
        kind: HookKind::BeforeScenario,
        name: Some("before_tag @slow".into()),
        tags: None,
        location: source("features/environment.py", 12),
        function: "before_tag".into(),
    };
    let place = HookPlace::Scenario {
        scenario: 2,
        attempt: 0,
    };
    let mut stream = begin(Stream::new(), 2).event(Event::HookAdded {
        hook: 0,
        definition: hook,
    });
    stream.hook(super::stream::hook(0, Status::Passed, 2, None), place);
    let mut events = stream.events;
    events.extend([
        step_started(2, 0),
        step_finished(2, 0, passed(0, 0)),
        left_out(2, 1, "the shop is in read-only mode"),
        step_started(2, 2),
        step_finished(2, 2, passed(2, 0)),
        end(2, Status::Passed),
    ]);
    events
}

/// A row that a hook has put into a table of examples: it fails.
fn added() -> Vec<Event> {
    let planned = PlannedScenario {
        index: 5,
        tags: ["@added".into()].into(),
        ..row(
            "Add 7",
            "Add <n>",
            30,
            &[("n", "7")],
            &["Given I have entered 7", "Then the result is 8"],
        )
    };
    let mut events = vec![Event::ScenarioAdded {
        uri: "features/shop.feature".into(),
        rule: Some(rule("Sums", 29)),
        planned: Box::new(planned),
    }];
    events.extend(begin(Stream::new(), 5).events);
    events.extend([
        step_started(5, 0),
        step_finished(5, 0, passed(0, 0)),
        step_started(5, 1),
        step_finished(5, 1, failed(2, 0, error("AssertionError", "7 is not 8"))),
        end(5, Status::Failed),
    ]);
    events
}

#[test]
fn an_extra_step_counts_and_one_inside_another_is_a_part_of_it() {
    let events = departures();
    let finished = feed(
        &events,
        &["progress"],
        report_context(Shared::default(), std::path::Path::new(".")),
    );
    let summary = finished.summary;
    let counts = summary.scenarios;
    assert_eq!((counts.passed, counts.failed, counts.skipped), (2, 2, 2));
    assert_eq!(summary.scenarios.total(), 6);
    let steps = summary.steps;
    assert_eq!((steps.passed, steps.failed, steps.skipped), (9, 2, 4));
}
