//! `async fn`s in a step program.

use std::ffi::OsString;

use bdd_protocol::StepStatus;

use super::driver::Worker;
use crate::support::step_program::step_program;

fn command() -> [OsString; 1] {
    [step_program().into()]
}

#[test]
fn tasks_that_a_scenario_left_running_are_dropped_at_its_end() {
    let mut worker = Worker::start(&command());
    let scenario = worker.scenario(1, &["an async step that leaves a task running"]);
    worker.run(vec![scenario]);
    worker.receive_scenario();
    // It is the scenario's output: its end is said after the task has gone.
    assert_eq!(worker.output(), "dropped: the task\n");
    worker.finish();
}

#[test]
fn failures_of_async_steps_are_those_of_other_steps() {
    let mut worker = Worker::start(&command());
    let (status, error) = worker.outcome(&["an async step that panics"]);
    assert_eq!(status, StepStatus::Failed);
    assert_eq!(error.message, "burnt");
    assert!(error.file.ends_with("kitchen.rs"), "{}", error.file);
    let (status, error) = worker.outcome(&["an async step that fails"]);
    assert_eq!(status, StepStatus::Failed);
    assert_eq!(error.message, "cold");
    // The worker goes on, and so do timers after a runtime was thrown away.
    let steps = [
        "an async step that leaves a task running",
        "I switch the kettle on",
        "I wait for the kettle at most 60 seconds",
        "the water has 100 degrees",
    ];
    for _ in 0..2 {
        assert_eq!(worker.outcome(&steps).0, StepStatus::Passed);
    }
    worker.finish();
}

#[test]
fn an_async_step_can_ask_for_an_async_fixture() {
    let mut worker = Worker::start(&command());
    let (status, error) = worker.outcome(&["an async step that asks for an async fixture"]);
    assert_eq!(status, StepStatus::Passed, "{error:?}");
    worker.finish();
}

#[test]
fn what_an_async_function_started_goes_on_while_a_step_blocks() {
    let mut worker = Worker::start(&command());
    let steps = [
        "I switch the kettle on",
        "I read the newspaper until the water boils",
    ];
    assert_eq!(worker.outcome(&steps).0, StepStatus::Passed);
    worker.finish();
}
