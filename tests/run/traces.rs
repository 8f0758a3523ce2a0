//! Where failures happened: every trace ends in the line of the feature file.

use super::*;
use crate::support::step_program::hook_program;

#[test]
fn every_trace_ends_in_the_line_of_the_feature_file() {
    let project = with_steps();
    let scenarios = [
        "error: a step that passes; a step that fails with \"it\"",
        "panic: a step that panics with \"it\"",
        "checks: a step that checks that 1 is 2 and 3 is 4",
        "crash: a step that passes; a step that aborts",
        "pending: a step that is pending",
        "pending value: a pending value",
        "closing: a fixture that panics when it is dropped",
    ];
    project.file("features/a.feature", feature("A", &scenarios));
    for backtrace in ["0", "1"] {
        let outcome = run(&project, &[]).env("RUST_BACKTRACE", backtrace).exits(1);
        let results = results(&project, &outcome);
        // Steps stand on the lines 3 and 4 of a scenario, whose own line is 2.
        for (name, line) in [
            ("error", Some(4)),
            ("panic", Some(6)),
            ("checks", Some(8)),
            ("crash", Some(11)),
            ("pending", Some(13)),
            ("pending value", None),
            ("closing", Some(16)),
        ] {
            let scenario = &results.finals[name]["scenario"];
            let mut errors: Vec<&Value> = results
                .events
                .iter()
                .filter(|event| event["type"] == "step_finished" && event["scenario"] == *scenario)
                .map(|event| &event["result"]["error"])
                .filter(|error| !error.is_null())
                .collect();
            let outside = results.finals[name]["errors"].as_array();
            errors.extend(outside.into_iter().flatten());
            assert_eq!(errors.len(), 1, "{name}");
            let trace = errors[0]["trace"].as_str().unwrap();
            let place = line.map(|line| format!("features/a.feature:{line}"));
            assert_eq!(
                trace.lines().next_back(),
                place.as_deref(),
                "{name}: {trace}"
            );
            assert_eq!(
                trace.matches("features/a.feature").count(),
                place.iter().count()
            );
            let has_frames = backtrace == "1" && ["panic", "checks", "closing"].contains(&name);
            assert_eq!(
                trace.contains("steps_examples::"),
                has_frames,
                "{name}: {trace}"
            );
        }
    }
}

/// The error of an `Err` has no frames, and nothing of the machinery is shown either.
#[test]
fn frames_are_those_of_the_step() {
    let project = with_steps();
    let scenarios = ["panic: a step that panics with \"it\""];
    project.file("features/a.feature", feature("A", &scenarios));
    let outcome = run(&project, &[]).env("RUST_BACKTRACE", "1").exits(1);
    let results = results(&project, &outcome);
    let finished = results
        .events
        .iter()
        .find(|event| event["type"] == "step_finished");
    let trace = finished.unwrap()["result"]["error"]["trace"]
        .as_str()
        .unwrap();
    assert_eq!(trace.lines().count(), 3, "{trace}");
}

/// The sources are outside of the project, so all places are absolute. The compiler names them relative to the workspace.
#[test]
fn messages_name_places_from_the_root_as_reports_do() {
    let sources = env!("CARGO_MANIFEST_DIR");
    let project = Project::new();
    project.file("features/a.feature", feature("A", &["a: a step one"]));
    let steps = hook_program().display().to_string();
    let outcome = run(&project, &["--steps", &steps])
        .env("TROUBLE", "before_step=fails")
        .exits(1);
    let hook = format!("before_step hook `open the step` ({sources}/tests/hooks/src/hooks.rs:");
    let results = results(&project, &outcome);
    let mut finished = results
        .events
        .iter()
        .filter(|event| event["type"] == "step_finished");
    let message = finished.next().unwrap()["result"]["error"]["message"]
        .as_str()
        .unwrap();
    assert!(message.starts_with(&hook), "{message}");

    let project = with_steps();
    let checks = "checks: a step that checks that 1 is 2 and 3 is 4";
    project.file("features/a.feature", feature("A", &[checks]));
    let outcome = run(&project, &[]).exits(1);
    outcome.stdout_has(&format!("at {sources}/steps-examples/src/failures.rs:"));
}
