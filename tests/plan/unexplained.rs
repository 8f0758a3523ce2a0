//! A failure that no planned step, hook or scenario accounts for is in every report, and never green.

use bdd::event::*;
use bdd::plan::PlannedFeature;

use crate::report::departures::{content, extra};
use crate::report::messages::with_sources;
use crate::report::stream::{Stream, error, failed, feature, hook, passed, report, scenario};
use crate::support::Project;

const WHY: &str = "it went wrong";

fn planned() -> Vec<PlannedFeature> {
    let mut one = feature("features/a.feature", "A");
    one.scenarios = vec![
        scenario("First", 3, &["Given I press on"]),
        scenario("Second", 6, &["Given I press on"]),
    ];
    vec![one]
}

fn wrong() -> StepResult {
    failed(1, 0, error("Error", WHY))
}

fn step(scenario: u32, step: u32, result: StepResult) -> Event {
    Event::StepFinished {
        scenario,
        attempt: 0,
        step,
        result,
    }
}

fn started() -> Event {
    Event::ScenarioStarted {
        scenario: 0,
        attempt: 0,
        worker: Some(0),
        at: Timestamp(1_767_323_045_000_000),
        most_attempts: None,
    }
}

fn finished(status: Status, errors: Vec<StepError>) -> Event {
    Event::ScenarioFinished {
        scenario: 0,
        attempt: 0,
        status,
        nanos: 1_000_000,
        fault: None,
        errors,
        output: None,
        will_be_retried: false,
        expected_failure: false,
        skipped_because: None,
    }
}

fn hook_events(number: u32, place: HookPlace) -> Vec<Event> {
    let mut stream = Stream::new();
    stream.hook(
        hook(number, Status::Failed, 1, Some(error("Error", WHY))),
        place,
    );
    stream.events
}

/// The events of a scenario that passes, with others before its end and after it.
fn around(before: Vec<Event>, after: Vec<Event>) -> Vec<Event> {
    let mut events = vec![started(), step(0, 0, passed(1, 0))];
    events.extend(before);
    events.push(finished(Status::Passed, vec![]));
    events.extend(after);
    events
}

const IN_FIRST: HookPlace = HookPlace::Scenario {
    scenario: 0,
    attempt: 0,
};
const IN_SECOND: HookPlace = HookPlace::Scenario {
    scenario: 1,
    attempt: 0,
};

/// What happens to the first scenario; the second passes. Whether the first fails, or else the run.
fn cases() -> Vec<(&'static str, bool, Vec<Event>)> {
    let nested = |parent, depth| {
        let content = content("Given", "a nested step", 3);
        extra(0, 0, (parent, depth), content, wrong()).to_vec()
    };
    vec![
        ("an extra step", true, around(nested(None, 0), vec![])),
        ("a nested step", true, around(nested(Some(0), 1), vec![])),
        (
            "the end of an extra step that never began",
            true,
            around(nested(None, 0).split_off(1), vec![]),
        ),
        (
            "a step with a number that is not planned",
            true,
            around(vec![step(0, 7, wrong())], vec![]),
        ),
        (
            "a second result of a step",
            true,
            around(vec![step(0, 0, wrong())], vec![]),
        ),
        (
            "a step that a better result follows",
            true,
            vec![
                started(),
                step(0, 0, wrong()),
                step(0, 0, passed(1, 0)),
                finished(Status::Passed, vec![]),
            ],
        ),
        (
            "a hook that is not known",
            true,
            around(hook_events(9, IN_FIRST), vec![]),
        ),
        (
            "errors of a scenario that passed",
            true,
            vec![
                started(),
                step(0, 0, passed(1, 0)),
                finished(Status::Passed, vec![error("Error", WHY)]),
            ],
        ),
        (
            "a step of a scenario without an end",
            true,
            vec![started(), step(0, 0, wrong())],
        ),
        (
            "a step after the end",
            false,
            around(vec![], vec![step(0, 0, wrong())]),
        ),
        (
            "an extra step after the end",
            false,
            around(vec![], nested(None, 0)),
        ),
        (
            "a hook after the end",
            false,
            around(vec![], hook_events(9, IN_FIRST)),
        ),
        (
            "a hook of a scenario that has not begun",
            false,
            around(hook_events(9, IN_SECOND), vec![]),
        ),
        (
            "a second result of a scenario",
            false,
            around(
                vec![],
                vec![
                    started(),
                    step(0, 0, wrong()),
                    finished(Status::Failed, vec![]),
                ],
            ),
        ),
        (
            "a hook outside scenarios that no error of the run names",
            false,
            around(vec![], hook_events(9, HookPlace::Worker(0))),
        ),
        (
            "an attempt that began again",
            false,
            [vec![started(), step(0, 0, wrong())], around(vec![], vec![])].concat(),
        ),
    ]
}

/// The events of a run, as a file.
fn file(of_first: Vec<Event>) -> String {
    let mut stream = Stream::new().start(planned());
    stream.events.extend(of_first);
    let events = stream.run(1, vec![passed(1, 0)]).finish();
    report(&with_sources(&events), "events", |_| ())
}

const REPORTS: [(&str, &str); 4] = [
    ("pretty", "pretty.txt"),
    ("progress", "progress.txt"),
    ("junit", "junit.xml"),
    ("messages", "messages.ndjson"),
];

#[test]
fn a_failure_that_nothing_accounts_for_is_in_every_report_and_never_green() {
    for (what, of_scenario, events) in cases() {
        let project = Project::new();
        project.file("run.jsonl", file(events));
        let formats = REPORTS.map(|(name, file)| format!("{name}:{file}"));
        let mut arguments = vec!["merge", "run.jsonl", "-f", "rerun:rerun.txt"];
        for format in &formats {
            arguments.extend(["-f", format]);
        }
        let merged = project.bdd(&arguments).exits(1);
        for (name, file) in REPORTS {
            let text = project.read(file);
            assert!(text.contains(WHY), "{what}: {name}:\n{text}");
        }
        let failed = "1 scenario passed, 1 failed";
        assert_eq!(merged.stdout.contains(failed), of_scenario, "{what}");
        let junit = project.read("junit.xml");
        assert_eq!(junit.contains("<failure"), of_scenario, "{what}: {junit}");
        assert_eq!(junit.contains("<error"), !of_scenario, "{what}: {junit}");
        let messages = project.read("messages.ndjson");
        assert!(messages.contains("\"success\":false"), "{what}: {messages}");
        let failing = messages.contains("\"FAILED\"");
        assert!(failing || !of_scenario, "{what}: {messages}");
        let rerun = project.read("rerun.txt");
        assert_eq!(
            rerun.contains("a.feature:3\n"),
            of_scenario,
            "{what}: {rerun}"
        );
        assert!(!rerun.contains("nothing failed"), "{what}: {rerun}");
    }
}

#[test]
fn a_scenario_that_is_not_planned_is_an_error() {
    let other = |mut event: Event| {
        if let Event::StepFinished { scenario, .. } = &mut event {
            *scenario = 7;
        }
        event
    };
    let events = around(vec![other(step(0, 0, wrong()))], vec![]);
    let project = Project::new();
    project.file("run.jsonl", file(events));
    let refused = project.bdd(["merge", "run.jsonl"]).exits(2);
    assert!(refused.stderr.contains("scenario 7"), "{}", refused.stderr);
}
