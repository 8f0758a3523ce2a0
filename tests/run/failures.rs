//! Expected failures, and steps that run after a failure.

use super::*;

/// A feature of scenarios `@tag NAME: step; step`.
fn tagged(scenarios: &[(&str, &str)]) -> String {
    let mut text = "Feature: A\n".to_owned();
    for (tag, scenario) in scenarios {
        let lines = feature("A", &[scenario]);
        let (_, lines) = lines.split_once('\n').unwrap();
        text += &format!("  {tag}\n{lines}");
    }
    text
}

fn with(scenarios: &[(&str, &str)]) -> Project {
    let project = with_steps();
    project.file("features/a.feature", tagged(scenarios));
    project
}

const EXPECTED: &str = "@expected_failure";

#[test]
fn a_failure_that_is_expected_does_not_fail_the_run() {
    let project = with(&[
        (
            EXPECTED,
            "a: a step that fails with \"it\"; a step that passes",
        ),
        (EXPECTED, "b: a step that aborts"),
        ("@other", "c: a step that passes"),
    ]);
    let outcome = run(&project, &["--retries", "2"]).exits(0);
    let results = results(&project, &outcome);
    assert_eq!(results.statuses(), "a failed, b failed, c passed");
    let expected = |name: &str| &results.finals[name]["expected_failure"];
    assert_eq!((expected("a"), expected("b")), (&true.into(), &true.into()));
    assert_eq!(expected("c"), &Value::Null);
    assert_eq!(results.finals["a"]["attempt"], 0, "it is not retried");
    outcome
        .stdout_has("1 feature passed, 0 failed, 0 skipped\n")
        .stdout_has("1 scenario passed, 0 failed, 0 skipped, 2 expected failures\n");
}

#[test]
fn one_that_passes_fails_the_run() {
    let project = with(&[
        (EXPECTED, "a: a step that passes"),
        ("@other", "b: a step that passes"),
    ]);
    let outcome = run(&project, &[]).exits(1);
    assert_eq!(results(&project, &outcome).statuses(), "a passed, b passed");
    outcome
        .stdout_has("a.feature:3  a  # passed unexpectedly\n")
        .stdout_has("0 features passed, 1 failed, 0 skipped\n")
        .stdout_has("1 scenario passed, 1 failed, 0 skipped\n");
    // A dry run has no result to expect.
    run(&project, &["--dry-run"]).exits(0);
}

#[test]
fn undefined_pending_and_ambiguous_are_not_expected_failures() {
    for step in ["nobody has written", "is pending", "two definitions match"] {
        let scenario = format!("a: a step that {step}");
        let project = with(&[(EXPECTED, &scenario)]);
        run(&project, &[])
            .exits(1)
            .stdout_has("0 scenarios passed, 0 failed");
    }
}

#[test]
fn a_failure_beside_a_step_that_is_not_written_is_not_expected() {
    let fails = "a step that fails with \"it\"";
    for (step, status, no_strict) in [
        ("nobody has written", "undefined", 0),
        ("is pending", "pending", 0),
        ("two definitions match", "ambiguous", 1),
    ] {
        let scenario = format!("a: {fails}; a step that {step}");
        let project = with(&[("@expected_failure @continue_after_failure", &scenario)]);
        let message =
            format!("this is not an expected failure: something in the scenario is {status}");
        run(&project, &[])
            .exits(1)
            .stdout_has(&message)
            .stdout_has("0 scenarios passed, 1 failed, 0 skipped\n");
        run(&project, &["--no-strict"]).exits(no_strict);
    }
}

#[test]
fn the_tags_can_be_set() {
    let project = with(&[("@xfail", "a: a step that fails with \"it\"")]);
    run(&project, &[]).exits(1);
    let setting =
        |tags: &str| format!("expected-failure-tags = '{tags}'\n[steps]\npath = 'steps'\n");
    project.file("bdd.toml", setting("@expected_failure or @xfail"));
    run(&project, &[]).exits(0);
    project.file("bdd.toml", setting(""));
    run(&project, &[]).exits(1);
}

#[test]
fn an_unexpected_pass_stops_a_run_that_stops_at_the_first_failure() {
    let tags = "@wip @expected_failure";
    let project = with(&[
        (tags, "a: a step that fails with \"it\""),
        (tags, "b: a step that passes"),
        ("@wip", "c: a step that passes"),
    ]);
    let outcome = run(&project, &["--wip"]).exits(1);
    let results = results(&project, &outcome);
    assert_eq!(results.statuses(), "a failed, b passed, c not run");
}

/// The statuses of the steps of the only scenario.
fn steps(results: &Results) -> Vec<&str> {
    let finished = results
        .events
        .iter()
        .filter(|event| event["type"] == "step_finished");
    finished
        .map(|event| event["result"]["status"].as_str().unwrap())
        .collect()
}

const CONTINUE: &str = "@continue_after_failure";

#[test]
fn steps_after_a_failed_one_run_if_a_tag_says_so() {
    // The fake runs what it is sent, without looking at the tag.
    let script = "
def run(scenario):
    start(scenario)
    for position in range(len(scenario['steps'])):
        if not step(scenario, position) and not scenario.get('continue_after_failure'):
            break
    end(scenario)
serve(run=run)";
    let project = with_fake(script);
    let scenario = "a: it works; it fails; it works; it fails; it is unknown; it works";
    for (tag, expected) in [
        ("@other", "passed failed skipped skipped undefined skipped"),
        (CONTINUE, "passed failed passed failed undefined skipped"),
    ] {
        project.file("features/a.feature", tagged(&[(tag, scenario)]));
        let outcome = run(&project, &[]).exits(1);
        let results = results(&project, &outcome);
        assert_eq!(results.statuses(), "a failed");
        assert_eq!(steps(&results).join(" "), expected);
    }
}

#[test]
fn a_worker_that_still_stops_is_accused() {
    let project = with_fake("serve()");
    project.file(
        "features/a.feature",
        tagged(&[(CONTINUE, "a: it fails; it works")]),
    );
    let outcome = run(&project, &[]).exits(1);
    let results = results(&project, &outcome);
    assert_eq!(results.statuses(), "a failed");
    assert_eq!(
        results.errors("a")[1],
        "the step program did not keep to the protocol between its steps: it left out step 1 of scenario 0"
    );
}
