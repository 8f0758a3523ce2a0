//! What holds for every worker. It defines the steps of `steps-examples/src/faults.rs` that are
//! used here; how it matches them is its own affair.

use std::collections::HashSet;
use std::ffi::OsString;
use std::os::unix::process::ExitStatusExt;

use bdd_protocol::{FromWorker, StepStatus, ToWorker, VERSION};
use serde_json::json;

use super::driver::{Worker, docstring};

const PASSES: &str = "a step that passes";
const FAILS: &str = "a step that fails with \"broken \\ \u{1F680} \u{1}\"";

/// The messages in short: `S1` a scenario started, `s1.0` a step started, `f1.0` finished with the
/// first letter of its status, `F1` a scenario finished, `F1#2+` its attempt 2, which is retried.
fn short(messages: &[FromWorker]) -> String {
    let letter = |status: &StepStatus| match status {
        StepStatus::Passed => "passed",
        StepStatus::Failed => "failed",
        StepStatus::Pending => "pending",
        StepStatus::Skipped => "skipped",
    };
    let words: Vec<String> = messages
        .iter()
        .map(|message| match message {
            FromWorker::ScenarioStarted {
                scenario,
                attempt: 0,
                ..
            } => format!("S{scenario}"),
            FromWorker::ScenarioStarted {
                scenario, attempt, ..
            } => format!("S{scenario}#{attempt}"),
            FromWorker::StepStarted { scenario, step, .. } => format!("s{scenario}.{step}"),
            FromWorker::StepFinished {
                scenario,
                step,
                status,
                ..
            } => format!("{}{scenario}.{step}", letter(status)),
            FromWorker::ScenarioFinished {
                scenario,
                attempt,
                will_be_retried,
                ..
            } => {
                let again = if *will_be_retried { "+" } else { "" };
                match attempt {
                    0 => format!("F{scenario}{again}"),
                    attempt => format!("F{scenario}#{attempt}{again}"),
                }
            }
            FromWorker::Cancelled { scenarios } => format!("cancelled{scenarios:?}"),
            other => format!("{other:?}"),
        })
        .collect();
    words.join(" ")
}

pub fn says_hello(command: &[OsString]) {
    let first = Worker::start(command);
    assert_eq!(first.hello.protocol, VERSION);
    assert!(!first.hello.definitions.is_empty());
    let ids: HashSet<u32> = first
        .hello
        .definitions
        .iter()
        .map(|definition| definition.id)
        .collect();
    assert_eq!(
        ids.len(),
        first.hello.definitions.len(),
        "every definition has an id of its own"
    );
    for definition in &first.hello.definitions {
        assert!(
            std::path::Path::new(&definition.file).is_file(),
            "{definition:?}"
        );
        assert!(definition.line > 0, "{definition:?}");
    }
    let second = Worker::start(command);
    assert_eq!(first.hello, second.hello, "two workers say the same");
    first.finish();
    second.finish();
}

pub fn answers_match_requests_in_order(command: &[OsString]) {
    let mut worker = Worker::start(command);
    let own_kinds = worker
        .hello
        .definitions
        .iter()
        .any(|definition| !matches!(&*definition.kind, "regex" | "cucumber_expression"));
    let chunks: [&[&str]; 3] = [
        &[PASSES, "no such step", FAILS],
        &[],
        &["a step that sleeps 5 ms"],
    ];
    for (id, texts) in (5..).zip(chunks) {
        let texts = texts.iter().map(|&text| text.to_owned()).collect();
        worker.send(&ToWorker::Match {
            id,
            texts,
            keywords: vec![],
            uris: vec![],
            below: vec![],
        });
    }
    for (id, texts) in (5..).zip(chunks) {
        let FromWorker::Matched {
            id: answered,
            matches,
        } = worker.receive()
        else {
            panic!("expected matched")
        };
        assert_eq!(answered, id);
        assert_eq!(matches.len(), texts.len());
        for (text, found) in texts.iter().zip(&matches) {
            let expected = usize::from(own_kinds && *text != "no such step");
            assert_eq!(found.len(), expected, "`{text}`: {found:?}");
        }
    }
    worker.finish();
}

pub fn runs_scenarios_in_order(command: &[OsString]) {
    let mut worker = Worker::start(command);
    let first = worker.scenario(4, &[PASSES, PASSES]);
    let second = worker.scenario(2, &[PASSES]);
    let third = worker.scenario(9, &[PASSES]);
    worker.run(vec![first, second]);
    worker.run(vec![third]);
    worker.send(&ToWorker::FeatureDone {
        uri: super::driver::feature().uri,
    });
    worker.send(&ToWorker::Finish { hooks: Vec::new() });
    let mut messages = worker.receive_all();
    if worker.hello.says_closed {
        assert_eq!(messages.pop(), Some(FromWorker::Closed {}));
    }
    assert_eq!(
        short(&messages),
        "S4 s4.0 passed4.0 s4.1 passed4.1 F4 S2 s2.0 passed2.0 F2 S9 s9.0 passed9.0 F9"
    );
    assert_eq!(worker.ended().code(), Some(0));
}

pub fn stops_at_the_first_step_that_does_not_pass(command: &[OsString]) {
    let mut worker = Worker::start(command);
    for (text, outcome) in [(FAILS, "failed"), ("a step that is pending", "pending")] {
        let scenario = worker.scenario(1, &[PASSES, text, PASSES]);
        worker.run(vec![scenario]);
        assert_eq!(
            short(&worker.receive_scenario()),
            format!("S1 s1.0 passed1.0 s1.1 {outcome}1.1 F1")
        );
    }
    worker.finish();
}

pub fn tells_why_a_step_failed(command: &[OsString]) {
    let mut worker = Worker::start(command);
    let (status, error) = worker.outcome(&[FAILS]);
    assert_eq!(status, StepStatus::Failed);
    assert_eq!(error.kind, "Error");
    assert_eq!(error.message, "broken \\ \u{1F680} \u{1}");
    worker.finish();
}

pub fn runs_a_scenario_without_steps(command: &[OsString]) {
    let mut worker = Worker::start(command);
    let scenario = worker.scenario(3, &[]);
    worker.run(vec![scenario]);
    assert_eq!(short(&worker.receive_scenario()), "S3 F3");
    worker.finish();
}

pub fn gives_back_the_attempt(command: &[OsString]) {
    let mut worker = Worker::start(command);
    let mut scenario = worker.scenario(3, &[PASSES]);
    scenario.attempt = 2;
    worker.run(vec![scenario]);
    let messages = worker.receive_scenario();
    assert!(
        matches!(
            messages.first(),
            Some(FromWorker::ScenarioStarted { attempt: 2, .. })
        ),
        "{messages:?}"
    );
    assert!(
        matches!(
            messages.last(),
            Some(FromWorker::ScenarioFinished { attempt: 2, .. })
        ),
        "{messages:?}"
    );
    worker.finish();
}

pub fn takes_tables_and_docstrings(command: &[OsString]) {
    let mut worker = Worker::start(command);
    let mut scenario = worker.scenario(
        1,
        &["a step that takes a table", "a step that takes a docstring"],
    );
    let cells = |cells: [&str; 2]| cells.map(str::to_owned).to_vec();
    scenario.steps[0].table = Some(vec![cells(["a|b", "\\n"]), cells(["", "\u{1F680}"])]);
    scenario.steps[1].docstring = Some(docstring("one\n\n  \"two\"\n"));
    worker.run(vec![scenario]);
    assert_eq!(
        short(&worker.receive_scenario()),
        "S1 s1.0 passed1.0 s1.1 passed1.1 F1"
    );
    worker.finish();
}

/// The step is known before it runs, and `cancel` is served while it does.
pub fn gives_back_what_has_not_started(command: &[OsString]) {
    let mut worker = Worker::start(command);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("go");
    let waits = format!("a step that waits for the file \"{}\"", file.display());
    let slow = worker.scenario(1, &[&waits]);
    let (second, third) = (worker.scenario(2, &[PASSES]), worker.scenario(3, &[PASSES]));
    worker.run(vec![slow, second, third]);
    let started = [worker.receive(), worker.receive()];
    assert_eq!(short(&started), "S1 s1.0");
    worker.send(&ToWorker::Cancel);
    assert_eq!(short(&[worker.receive()]), "cancelled[2, 3]");
    std::fs::write(file, "").unwrap();
    let rest = [worker.receive(), worker.receive()];
    assert_eq!(short(&rest), "passed1.0 F1");

    worker.send(&ToWorker::Cancel);
    assert_eq!(short(&[worker.receive()]), "cancelled[]");
    let fourth = worker.scenario(4, &[PASSES]);
    worker.run(vec![fourth]);
    assert_eq!(short(&worker.receive_scenario()), "S4 s4.0 passed4.0 F4");
    worker.finish();
}

pub fn ends_when_the_runner_is_gone(command: &[OsString]) {
    let mut idle = Worker::start(command);
    idle.hang_up();
    assert_ne!(idle.ended().code(), Some(0));

    let mut busy = Worker::start(command);
    let scenario = busy.scenario(1, &["a step that sleeps 600000 ms"]);
    busy.run(vec![scenario]);
    assert_eq!(short(&[busy.receive(), busy.receive()]), "S1 s1.0");
    busy.hang_up();
    assert_ne!(busy.ended().code(), Some(0));
}

pub fn ignores_unknown_members(command: &[OsString]) {
    let mut worker = Worker::start(command);
    let step = worker.step(PASSES);
    let message = json!({
        "future": {"deep": [[{"a": null}], -1.5e3, true, "\u{2028}\\\""]},
        "scenarios": [{
            "scenario": 5, "attempt": 0, "name": "S", "line": 2, "tags": [], "x": [],
            "steps": [{
                "x": {}, "definition": step.definition, "text": step.text, "line": 3, "arguments": [],
                "y": "z"
            }]
        }],
        "feature": {"uri": "a.feature", "name": "A", "tags": [], "description": "…"},
        "type": "run"
    });
    worker.send_line(format!("{message}\n").as_bytes());
    assert_eq!(short(&worker.receive_scenario()), "S5 s5.0 passed5.0 F5");
    worker.send_line(b"{\"because\":[],\"type\":\"finish\"}\n");
    worker.closes();
    assert_eq!(worker.ended().code(), Some(0));
}

pub fn refuses_what_it_cannot_read(command: &[OsString]) {
    for line in [&b"{\"type\":\"dance\"}\n"[..], b"{\"type\":\n", b"null\n"] {
        let mut worker = Worker::start(command);
        worker.send_line(line);
        let message = worker.receive();
        assert!(matches!(message, FromWorker::Error { .. }), "{message:?}");
        assert_eq!(worker.ended().code(), Some(1));
    }
}

pub fn a_crash_has_a_culprit(command: &[OsString]) {
    let mut worker = Worker::start(command);
    let first = worker.scenario(1, &[PASSES]);
    let second = worker.scenario(2, &[PASSES, "a step that aborts", PASSES]);
    let third = worker.scenario(3, &[PASSES]);
    worker.run(vec![first, second, third]);
    let messages = worker.receive_all();
    assert_eq!(
        short(&messages),
        "S1 s1.0 passed1.0 F1 S2 s2.0 passed2.0 s2.1"
    );
    assert_eq!(worker.ended().signal(), Some(6), "SIGABRT");

    let mut worker = Worker::start(command);
    let scenario = worker.scenario(1, &["a step that exits with 0"]);
    worker.run(vec![scenario]);
    assert_eq!(short(&worker.receive_all()), "S1 s1.0");
    assert_eq!(worker.ended().code(), Some(0));
}

pub fn says_which_output_belongs_to_a_scenario(command: &[OsString]) {
    let mut worker = Worker::start(command);
    let mut from = 0;
    for text in ["first", "z\u{e4}hl mich", ""] {
        let scenario = worker.scenario(1, &[&format!("a step that prints \"{text}\""), FAILS]);
        worker.run(vec![scenario]);
        let messages = worker.receive_scenario();
        let Some(FromWorker::ScenarioStarted { output: start, .. }) = messages.first() else {
            panic!("{messages:?}")
        };
        let Some(FromWorker::ScenarioFinished { output: end, .. }) = messages.last() else {
            panic!("{messages:?}")
        };
        assert_eq!(*start, from);
        let (start, end) = (*start as usize, *end as usize);
        assert_eq!(&worker.output()[start..end], format!("{text}\n"));
        from = end as u64;
    }
    worker.finish();
}

/// Nothing of an attempt is left in the next, and other scenarios wait.
pub fn retries_what_fails_as_often_as_it_may(command: &[OsString]) {
    let mut worker = Worker::start(command);
    let three = "S1 s1.0 passed1.0 s1.1 failed1.1 F1+ S1#1 s1.0 passed1.0 s1.1 failed1.1 F1#1+ \
                 S1#2 s1.0 passed1.0 s1.1 passed1.1 s1.2 passed1.2 F1#2";
    let later = "a step that passes from attempt 2 on";
    for (steps, retries, from, expected) in [
        (&[PASSES][..], 2, 0, "S1 s1.0 passed1.0 F1"),
        (&["a step that is pending"], 2, 0, "S1 s1.0 pending1.0 F1"),
        (&[PASSES, later, PASSES], 2, 0, three),
        (
            &[FAILS],
            1,
            0,
            "S1 s1.0 failed1.0 F1+ S1#1 s1.0 failed1.0 F1#1",
        ),
        (&[FAILS], 0, 3, "S1#3 s1.0 failed1.0 F1#3"),
        (
            &[FAILS],
            1,
            3,
            "S1#3 s1.0 failed1.0 F1#3+ S1#4 s1.0 failed1.0 F1#4",
        ),
    ] {
        let mut scenario = worker.scenario(1, steps);
        (scenario.retries, scenario.attempt) = (retries, from);
        let other = worker.scenario(2, &[]);
        worker.run(vec![scenario, other]);
        let mut messages = worker.receive_scenario();
        while !matches!(
            messages.last(),
            Some(FromWorker::ScenarioFinished { scenario: 2, .. })
        ) {
            messages.extend(worker.receive_scenario());
        }
        assert_eq!(short(&messages), format!("{expected} S2 F2"));
    }
    worker.finish();
}

pub fn goes_on_after_a_failure_when_it_shall(command: &[OsString]) {
    let mut worker = Worker::start(command);
    let mut scenario =
        worker.scenario(1, &[FAILS, PASSES, FAILS, "a step that is pending", PASSES]);
    scenario.continue_after_failure = true;
    scenario.retries = 1;
    worker.run(vec![scenario]);
    let steps = "s1.0 failed1.0 s1.1 passed1.1 s1.2 failed1.2 s1.3 pending1.3";
    let first = short(&worker.receive_scenario());
    assert_eq!(first, format!("S1 {steps} F1+"));
    let second = short(&worker.receive_scenario());
    assert_eq!(second, format!("S1#1 {steps} F1#1"));
    worker.finish();
}
