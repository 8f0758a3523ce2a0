//! What the worker of `bdd-steps` says of steps that fail.

use bdd_protocol::{Failure, FromWorker, StepStatus};

use super::driver::Worker;
use super::rust::command;

/// How a step of `steps-examples/src/failures.rs` went.
fn outcome(text: &str) -> (StepStatus, Failure) {
    let mut worker = Worker::start(&command());
    let outcome = worker.outcome(&[text]);
    worker.finish();
    outcome
}

/// How the steps of a scenario went.
fn steps(worker: &mut Worker, texts: &[&str]) -> Vec<(StepStatus, Option<Failure>)> {
    let scenario = worker.scenario(1, texts);
    worker.run(vec![scenario]);
    let result = |message| match message {
        FromWorker::StepFinished { status, error, .. } => Some((status, error.map(|error| *error))),
        _ => None,
    };
    worker
        .receive_scenario()
        .into_iter()
        .filter_map(result)
        .collect()
}

/// What went wrong at the end of a scenario whose steps pass.
fn closing_errors(worker: &mut Worker, texts: &[&str]) -> Vec<Failure> {
    let scenario = worker.scenario(1, texts);
    worker.run(vec![scenario]);
    match worker.receive_scenario().pop() {
        Some(FromWorker::ScenarioFinished { errors, .. }) => errors,
        other => panic!("{other:?}"),
    }
}

const CAUSES: &str = "cannot pay\ncaused by: the bank is closed\ncaused by: it is Sunday";

#[test]
fn causes_are_lines_of_their_own() {
    for step in [
        "an error with causes",
        "a boxed error with causes",
        "a boxed error with causes for all threads",
        "an error that lends its causes",
    ] {
        let (status, error) = outcome(step);
        assert_eq!(
            (status, error.kind.as_str()),
            (StepStatus::Failed, "Error"),
            "{step}"
        );
        assert_eq!(error.message, CAUSES, "{step}");
    }
}

#[test]
fn a_cause_is_named_once() {
    let (_, error) = outcome("an error that names its cause");
    assert_eq!(
        error.message,
        "cannot pay: the bank is closed\ncaused by: it is Sunday"
    );
}

#[test]
fn outcomes_are_found_among_the_causes() {
    for (step, status, kind, message) in [
        (
            "an error that is caused by a skip",
            StepStatus::Skipped,
            "SkippedException",
            "cannot pay\ncaused by: no bank here",
        ),
        (
            "a boxed error that is caused by a pending step",
            StepStatus::Pending,
            "PendingException",
            "cannot pay\ncaused by: no bank yet",
        ),
        (
            "a lent skip",
            StepStatus::Skipped,
            "SkippedException",
            "closed today",
        ),
        (
            "a step that is pending",
            StepStatus::Pending,
            "PendingException",
            "not written yet",
        ),
        (
            "a step that is skipped because of \"rain\"",
            StepStatus::Skipped,
            "SkippedException",
            "rain",
        ),
        (
            "a pending error without a reason",
            StepStatus::Pending,
            "PendingException",
            "",
        ),
        // As values they are no exceptions.
        (
            "a pending value",
            StepStatus::Pending,
            "",
            "not written yet",
        ),
        ("a skip value in a result", StepStatus::Skipped, "", "rain"),
    ] {
        let (is, error) = outcome(step);
        assert_eq!(
            (is, error.kind.as_str(), error.message.as_str()),
            (status, kind, message),
            "{step}"
        );
    }
}

#[test]
fn values_without_a_reason_are_no_failures() {
    let mut worker = Worker::start(&command());
    let results = steps(
        &mut worker,
        &["a pass value in a result", "a skip value without a reason"],
    );
    assert_eq!(
        results,
        [(StepStatus::Passed, None), (StepStatus::Skipped, None)]
    );
    worker.finish();
}

fn line_of(code: &str) -> usize {
    let source = include_str!("../../steps-examples/src/failures.rs");
    let line = source.lines().position(|line| line.contains(code));
    line.expect("the code is there") + 1
}

#[test]
fn checks_fail_the_step_at_its_end() {
    let mut worker = Worker::start(&command());
    let (status, error) = worker.outcome(&["a step that checks that 1 is 2 and 3 is 4"]);
    assert_eq!(
        (status, error.kind.as_str()),
        (StepStatus::Failed, "AssertionError")
    );
    let (first, second) = (line_of("check_eq!(a, b"), line_of("check!(c == d)"));
    let file = "steps-examples/src/failures.rs";
    assert_eq!(
        error.message,
        format!(
            "2 failures in this step:\n\
             \n1. assertion `left == right` failed: the first pair\n  left: 1\n right: 2\n   at {file}:{first}:5\n\
             \n2. assertion failed: c == d\n   at {file}:{second}:5"
        )
    );
    // Each failure has its place; a second one for all of them would read like the last one's.
    assert_eq!((error.file.as_str(), error.line), ("", 0));
    assert_eq!(worker.output(), "it went on\n");
    let results = steps(&mut worker, &["a step that checks that 1 is 1 and 2 is 2"]);
    assert_eq!(results, [(StepStatus::Passed, None)]);
    worker.finish();
}

#[test]
fn a_panic_after_checks_comes_last() {
    let (_, error) = outcome("a step that checks and then panics");
    let line = line_of("panic!(\"it is over\")");
    assert!(
        error
            .message
            .starts_with("2 failures in this step:\n\n1. assertion `left != right` failed\n")
    );
    let end = format!("\n\n2. Error: it is over\n   at steps-examples/src/failures.rs:{line}:5");
    assert!(error.message.ends_with(&end), "{}", error.message);
}

/// Nothing that a check finds is lost where no step collects it.
#[test]
fn checks_outside_a_step_panic() {
    let mut worker = Worker::start(&command());
    let (status, error) = worker.outcome(&["a step that checks on another thread"]);
    assert_eq!(status, StepStatus::Failed);
    assert!(
        error.message.starts_with("the thread ends well"),
        "{}",
        error.message
    );
    assert!(worker.output().contains("checked elsewhere"));
    let errors = closing_errors(&mut worker, &["a fixture that checks when it is dropped"]);
    assert_eq!(errors.len(), 1);
    assert_eq!(errors[0].message, "fixture `Checking`: checked at the end");
    worker.finish();
}

#[test]
fn backtraces_of_checks_begin_in_the_step() {
    let program = crate::support::step_program::step_program();
    let command = ["env".into(), "RUST_BACKTRACE=1".into(), program.into()];
    let mut worker = Worker::start(&command);
    let (_, error) = worker.outcome(&["a step that checks that 1 is 2 and 3 is 3"]);
    let trace = &error.trace;
    let symbols = trace
        .lines()
        .filter(|line| !line.trim_start().starts_with("at "));
    let symbols: Vec<&str> = symbols.filter_map(|line| line.split(": ").nth(1)).collect();
    assert_eq!(symbols, ["steps_examples::failures::checks"], "{trace}");
    worker.finish();
}
