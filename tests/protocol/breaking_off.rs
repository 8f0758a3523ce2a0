//! Steps and hooks that are left where they wait.

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use bdd_protocol::{Failure, FromWorker, RunScenario, StepStatus, ToWorker};

use super::driver::Worker;
use crate::support::step_program::fault_program;

/// How long it may take until a step waits.
const PATIENCE: Duration = Duration::from_secs(45);

fn worker() -> Worker {
    Worker::start(&[fault_program().into()])
}

fn break_off(worker: &mut Worker, call: u64, cancelled: bool) {
    worker.send(&ToWorker::BreakOff {
        call,
        kind: "Timeout".to_owned(),
        message: "it took longer than 1s".to_owned(),
        cancelled,
    });
}

fn started(message: &FromWorker) -> bool {
    matches!(
        message,
        FromWorker::StepStarted { .. } | FromWorker::ExtraStepStarted { .. }
    )
}

/// Breaks off until the worker says that it can: it needs a moment until it waits.
fn leave(worker: &mut Worker, call: u64, cancelled: bool) {
    let deadline = Instant::now() + PATIENCE;
    loop {
        break_off(worker, call, cancelled);
        let answer = worker.receive_until(|message| !started(message));
        match answer {
            FromWorker::BreakingOff { call: of, can } => {
                assert_eq!(of, call);
                if can {
                    return;
                }
            }
            other => panic!("{other:?}"),
        }
        assert!(Instant::now() < deadline, "it never waits");
        thread::sleep(Duration::from_millis(2));
    }
}

/// Runs a scenario, breaks off the step with this number, and returns the rest.
fn left(worker: &mut Worker, scenario: RunScenario, call: u64) -> Vec<FromWorker> {
    worker.run(vec![scenario]);
    worker.receive_until(started);
    leave(worker, call, false);
    worker.receive_scenario()
}

fn timeout() -> Failure {
    Failure {
        kind: "Timeout".to_owned(),
        message: "it took longer than 1s".to_owned(),
        ..Failure::default()
    }
}

/// The only step of the messages, as it ended.
fn step(messages: &[FromWorker]) -> (StepStatus, Failure) {
    let mut ends = messages.iter().filter_map(|message| match message {
        FromWorker::StepFinished { status, error, .. } => {
            Some((*status, error.as_deref().cloned().unwrap_or_default()))
        }
        _ => None,
    });
    let end = ends.next().expect("a step has finished");
    assert_eq!(ends.next(), None);
    end
}

#[test]
fn an_async_step_is_left_and_the_worker_lives() {
    let mut worker = worker();
    assert!(worker.hello.breaks_off);
    let mut scenario = worker.scenario(1, &["an async step that hangs", "a step that passes"]);
    scenario.continue_after_failure = true;
    let messages = left(&mut worker, scenario, 1);
    // The step after it does not run.
    assert_eq!(step(&messages), (StepStatus::Failed, timeout()));
    assert_eq!(worker.output(), "dropped: the step\n");
    let (status, error) = worker.outcome(&["a step that passes"]);
    assert_eq!((status, error), (StepStatus::Passed, Failure::default()));
    worker.finish();
}

#[test]
fn what_waits_inside_of_it_is_left_as_well() {
    for (text, output) in [
        ("a step with a fixture that hangs", "dropped: the fixture\n"),
        (
            "an async step that asks for a fixture that hangs",
            "dropped: the fixture\ndropped: the step\n",
        ),
        (
            "an async step that hangs twice",
            "dropped: the fixture\ndropped: the step\n",
        ),
    ] {
        let mut worker = worker();
        let scenario = worker.scenario(1, &[text]);
        let messages = left(&mut worker, scenario, 1);
        assert_eq!(step(&messages), (StepStatus::Failed, timeout()), "{text}");
        assert_eq!(worker.output(), output, "{text}");
        worker.finish();
    }
}

#[test]
fn a_step_that_runs_one_that_waits_does_not_go_on() {
    let mut worker = worker();
    let inner = worker.step("an async step that hangs");
    let scenario = worker.scenario(1, &["a step that runs an async step that hangs"]);
    worker.run(vec![scenario]);
    worker.receive_until(|message| matches!(message, FromWorker::RunSteps { .. }));
    worker.send(&ToWorker::Steps {
        steps: vec![inner],
        error: None,
    });
    leave(&mut worker, 1, false);
    let messages = worker.receive_scenario();
    assert_eq!(step(&messages), (StepStatus::Failed, timeout()));
    assert_eq!(worker.output(), "dropped: the step\n");
    worker.finish();
}

#[test]
fn what_checks_have_found_is_not_lost() {
    let mut worker = worker();
    let scenario = worker.scenario(1, &["an async step that hangs after a check"]);
    let messages = left(&mut worker, scenario, 1);
    let (status, error) = step(&messages);
    assert_eq!(
        (status, error.kind.as_str()),
        (StepStatus::Failed, "Timeout")
    );
    assert!(
        error.message.contains("assertion failed: 1 > 2"),
        "{error:?}"
    );
    assert!(
        error.message.ends_with("it took longer than 1s"),
        "{error:?}"
    );
    worker.finish();
}

#[test]
fn a_step_that_is_cancelled_is_skipped_and_not_retried() {
    let mut worker = worker();
    let scenario = RunScenario {
        retries: 3,
        ..worker.scenario(1, &["an async step that hangs"])
    };
    worker.run(vec![scenario]);
    worker.receive_until(started);
    leave(&mut worker, 1, true);
    let messages = worker.receive_scenario();
    assert_eq!(step(&messages), (StepStatus::Skipped, timeout()));
    assert!(matches!(
        messages.last(),
        Some(FromWorker::ScenarioFinished { will_be_retried: false, errors, .. }) if errors.is_empty()
    ));
    worker.finish();
}

#[test]
fn a_step_that_took_too_long_is_retried() {
    let mut worker = worker();
    let scenario = RunScenario {
        retries: 1,
        ..worker.scenario(1, &["an async step that hangs"])
    };
    let messages = left(&mut worker, scenario, 1);
    assert!(matches!(
        messages.last(),
        Some(FromWorker::ScenarioFinished {
            will_be_retried: true,
            ..
        })
    ));
    worker.receive_until(started);
    // The second attempt is the second call.
    leave(&mut worker, 2, false);
    worker.receive_scenario();
    worker.finish();
}

#[test]
fn what_does_not_wait_or_is_over_is_not_left() {
    let mut worker = worker();
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = (folder.path().join("1"), folder.path().join("2"));
    let waits = format!("a step that waits for the file \"{}\"", first.display());
    let scenario = worker.scenario(1, &[&waits]);
    worker.run(vec![scenario]);
    worker.receive_until(started);
    break_off(&mut worker, 1, false);
    let answer = FromWorker::BreakingOff {
        call: 1,
        can: false,
    };
    assert_eq!(worker.receive(), answer);
    fs::write(first, "").unwrap();
    let messages = worker.receive_scenario();
    assert_eq!(step(&messages), (StepStatus::Passed, Failure::default()));
    // What comes too late, or too early, does not hit the one that runs.
    let waits = format!(
        "an async step that waits for the file \"{}\"",
        second.display()
    );
    let scenario = worker.scenario(2, &[&waits]);
    worker.run(vec![scenario]);
    worker.receive_until(started);
    for call in [1, 3] {
        break_off(&mut worker, call, false);
        let answer = FromWorker::BreakingOff { call, can: false };
        assert_eq!(worker.receive(), answer);
    }
    fs::write(second, "").unwrap();
    let messages = worker.receive_scenario();
    assert_eq!(step(&messages), (StepStatus::Passed, Failure::default()));
    worker.finish();
}

#[test]
fn a_step_that_computes_is_left_at_its_end() {
    let mut worker = worker();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("end");
    let blocks = format!(
        "an async step that blocks until there is the file \"{}\"",
        file.display()
    );
    let scenario = worker.scenario(1, &[&blocks]);
    worker.run(vec![scenario]);
    worker.receive_until(started);
    leave(&mut worker, 1, false);
    fs::write(file, "").unwrap();
    let messages = worker.receive_scenario();
    assert_eq!(step(&messages), (StepStatus::Failed, timeout()));
    worker.finish();
}

/// The ids of the hooks with these functions.
fn hooks(worker: &Worker, functions: &[&str]) -> Vec<u32> {
    let hooks = worker.hello.hooks.iter();
    let wanted = hooks.filter(|hook| functions.contains(&hook.function.as_str()));
    let ids: Vec<u32> = wanted.map(|hook| hook.id).collect();
    assert_eq!(ids.len(), functions.len());
    ids
}

#[test]
fn steps_and_hooks_are_counted_together() {
    let mut worker = worker();
    let scenario = RunScenario {
        before: hooks(&worker, &["before"]),
        before_step: hooks(&worker, &["before_each"]),
        after: hooks(&worker, &["after"]),
        ..worker.scenario(1, &["a step that passes", "an async step that hangs"])
    };
    worker.run(vec![scenario]);
    for _ in 0..2 {
        worker.receive_until(started);
    }
    // Of the hook around the scenario, the two around steps and the steps it is the fourth: its own hook
    // starts after it.
    let hook = FromWorker::HookFinished {
        hook: 0,
        status: StepStatus::Passed,
        nanos: 0,
        output: 0,
        error: None,
    };
    let same = std::mem::discriminant(&hook);
    worker.receive_until(|message| std::mem::discriminant(message) == same);
    for call in [1, 2, 3, 5] {
        break_off(&mut worker, call, false);
        let answer = FromWorker::BreakingOff { call, can: false };
        assert_eq!(worker.receive(), answer);
    }
    leave(&mut worker, 4, false);
    let messages = worker.receive_scenario();
    assert_eq!(step(&messages), (StepStatus::Failed, timeout()));
    // What closes the scenario runs as usual.
    assert_eq!(worker.output(), "dropped: the step\nafter\n");
    worker.finish();
}

#[test]
fn a_hook_is_left_and_no_step_runs() {
    let mut worker = worker();
    let scenario = RunScenario {
        before: hooks(&worker, &["hangs_before"]),
        after: hooks(&worker, &["after"]),
        ..worker.scenario(1, &["a step that prints \"not this\""])
    };
    worker.run(vec![scenario]);
    worker.receive_until(|message| matches!(message, FromWorker::HookStarted { .. }));
    leave(&mut worker, 1, false);
    let messages = worker.receive_scenario();
    let ends = messages.iter().filter_map(|message| match message {
        FromWorker::HookFinished { status, error, .. } => {
            Some((*status, error.as_deref().cloned()))
        }
        _ => None,
    });
    let ends: Vec<_> = ends.collect();
    let expected = [
        (StepStatus::Failed, Some(timeout())),
        (StepStatus::Passed, None),
    ];
    assert_eq!(ends, expected);
    assert!(!messages.iter().any(started));
    assert_eq!(worker.output(), "dropped: the step\nafter\n");
    worker.finish();
}
