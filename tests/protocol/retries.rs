//! Retries in the worker, and scenarios that go on after a failure.

use super::story::{hooked, hooks, told, worker};

#[test]
fn a_scenario_that_fails_is_run_again_at_once() {
    let mut worker = worker("");
    let mut scenario = worker.scenario(1, &["it works from attempt 2 on"]);
    scenario.retries = 5;
    worker.run(vec![scenario]);
    let mut messages = Vec::new();
    for _ in 0..3 {
        messages.extend(worker.receive_scenario());
    }
    assert_eq!(
        told(&worker, &messages),
        "S1.0 s0 f0 FAILED F1.0 again S1.1 s0 f0 FAILED F1.1 again S1.2 s0 f0 passed F1.2"
    );
    worker.finish();
}

#[test]
fn retries_come_to_an_end_and_count_on_from_the_attempt() {
    let mut worker = worker("");
    let mut scenario = worker.scenario(1, &["it works from attempt 9 on", "a step one"]);
    scenario.retries = 1;
    scenario.attempt = 3;
    worker.run(vec![scenario]);
    let mut messages = worker.receive_scenario();
    messages.extend(worker.receive_scenario());
    assert_eq!(
        told(&worker, &messages),
        "S1.3 s0 f0 FAILED F1.3 again S1.4 s0 f0 FAILED F1.4"
    );
    worker.finish();
}

#[test]
fn only_failures_are_retried() {
    for (trouble, expected) in [
        ("one=skips", "S1.0 s0 f0 skipped F1.0"),
        ("one=pending", "S1.0 s0 f0 pending F1.0"),
        ("", "S1.0 s0 f0 passed F1.0"),
    ] {
        let mut worker = worker(trouble);
        let mut scenario = worker.scenario(1, &["a step one"]);
        scenario.retries = 2;
        worker.run(vec![scenario]);
        let messages = worker.receive_scenario();
        assert_eq!(told(&worker, &messages), expected, "{trouble}");
        worker.finish();
    }
}

#[test]
fn hooks_and_closing_are_reasons_to_retry() {
    let mut worker = worker("after_scenario=fails");
    let mut scenario = worker.scenario(1, &[]);
    scenario.after = hooks(&worker, "after_scenario");
    scenario.retries = 1;
    worker.run(vec![scenario]);
    let mut messages = worker.receive_scenario();
    messages.extend(worker.receive_scenario());
    assert_eq!(
        told(&worker, &messages),
        "S1.0 (after_scenario FAILED) F1.0 again S1.1 (after_scenario FAILED) F1.1"
    );

    let mut worker = super::story::worker("close_Door=fails");
    let mut scenario = worker.scenario(1, &["a door"]);
    scenario.retries = 1;
    worker.run(vec![scenario]);
    let mut messages = worker.receive_scenario();
    messages.extend(worker.receive_scenario());
    assert_eq!(
        told(&worker, &messages),
        "S1.0 s0 f0 passed F1.0[\"fixture `Door`: close_Door fails\"] again \
         S1.1 s0 f0 passed F1.1[\"fixture `Door`: close_Door fails\"]"
    );
}

#[test]
fn every_attempt_has_fresh_fixtures_and_all_hooks() {
    let mut worker = worker("");
    let texts = ["soap is put into the basket", "it works from attempt 1 on"];
    let mut scenario = hooked(&mut worker, 1, &texts);
    scenario.before_step.clear();
    scenario.after_step.clear();
    scenario.retries = 1;
    worker.run(vec![scenario]);
    let mut messages = worker.receive_scenario();
    messages.extend(worker.receive_scenario());
    let attempt = |attempt: u32, status: &str, again: &str| {
        format!(
            "S1.{attempt} (before_scenario passed) (before_scenario_2 passed) s0 f0 passed \
             s1 f1 {status} (after_scenario passed) (after_scenario_2 passed) F1.{attempt}{again}"
        )
    };
    assert_eq!(
        told(&worker, &messages),
        format!(
            "{} {}",
            attempt(0, "FAILED", " again"),
            attempt(1, "passed", "")
        )
    );
    let output = worker.output();
    assert_eq!(
        output.matches("put soap").count(),
        2,
        "the step's argument is there again"
    );
    assert_eq!(output.matches("close Basket 1\n").count(), 2, "{output}");
    assert!(
        output.contains("before_scenario / Test / Scenario 1 / 1 passed"),
        "{output}"
    );
    worker.finish();
}

#[test]
fn steps_after_a_failure_run_when_the_scenario_continues() {
    for (trouble, expected) in [
        (
            "one=fails",
            "S1.0 s0 f0 FAILED s1 f1 passed s2 f2 passed F1.0",
        ),
        (
            "one=panics two=fails",
            "S1.0 s0 f0 FAILED s1 f1 FAILED s2 f2 passed F1.0",
        ),
        (
            "one=fails two=skips",
            "S1.0 s0 f0 FAILED s1 f1 skipped F1.0",
        ),
        ("one=pending", "S1.0 s0 f0 pending F1.0"),
    ] {
        let mut worker = worker(trouble);
        let mut scenario = worker.scenario(1, &["a step one", "a step two", "a step three"]);
        scenario.continue_after_failure = true;
        worker.run(vec![scenario]);
        let messages = worker.receive_scenario();
        assert_eq!(told(&worker, &messages), expected, "{trouble}");
        worker.finish();
    }
}
