//! What steps print: shown with the scenario that failed, and with no other.

use super::*;

#[test]
fn output_belongs_to_its_scenario() {
    let steps = |name: &str, last: &str| {
        format!(
            "{name}: a step that prints \"{name}-out\"; a step that complains \"{name}-err\"; \
             a step whose child process prints \"{name}-child\"; {last}"
        )
    };
    let mut scenarios = vec![];
    for number in 0..8 {
        let last = match number % 4 {
            0 => "a step that passes",
            1 => "a step that fails with \"it\"",
            2 => "a step that passes",
            _ => "a step that aborts",
        };
        scenarios.push(steps(&format!("s{number}"), last));
    }
    let scenarios: Vec<_> = scenarios.iter().map(String::as_str).collect();
    for jobs in ["1", "3"] {
        let project = with_steps();
        project.file("features/a.feature", feature("A", &scenarios));
        let outcome = run(&project, &["-j", jobs]).exits(1);
        let results = results(&project, &outcome);
        for number in 0..8 {
            let name = format!("s{number}");
            assert_eq!(
                results.output(&name),
                format!("{name}-out\n{name}-err\n{name}-child\n")
            );
            for printed in ["out", "err", "child"] {
                let line = format!("\n  {name}-{printed}\n");
                let shown = outcome.stdout.matches(&line).count();
                if shown != number % 2 {
                    outcome.fail(&format!("{line:?} is shown {shown} times"));
                }
            }
        }
    }
}

#[test]
fn output_that_is_not_text() {
    let project = with_steps();
    project.file(
        "a.feature",
        feature(
            "A",
            &["a: a step that prints 256 bytes of binary; a step that fails with \"it\""],
        ),
    );
    let outcome = run(&project, &["a.feature"]).exits(1);
    let results = results(&project, &outcome);
    assert!(results.finals["a"]["output"]["base64"].is_string());
    // Nothing that a terminal would obey.
    assert!(
        !outcome
            .stdout
            .contains(|c: char| c.is_control() && c != '\n' && c != '\t')
    );
}

#[test]
fn no_capture_lets_all_through() {
    let project = with_steps();
    project.file(
        "a.feature",
        feature(
            "A",
            &[
                "a: a step that prints \"a-out\"; a step that complains \"a-err\"",
                "b: a step whose child process prints \"b-child\"; a step that fails with \"it\"",
            ],
        ),
    );
    let outcome = run(&project, &["--no-capture", "a.feature"])
        .exits(1)
        .stdout_has("a-out\n")
        .stdout_has("b-child\n")
        .stderr("a-err\n");
    let results = results(&project, &outcome);
    assert_eq!(results.statuses(), "a passed, b failed");
    assert!(results.finals["b"]["output"].is_null());
    assert!(!outcome.stdout.contains("captured output"));
    assert_eq!(project.read("pids").lines().count(), 1, "one worker");
    // Messages that come late would be shown after the output of later steps.
    let outbox = |flags: &[&str]| {
        let script = format!(
            "#!/bin/sh\necho \"${{BDD_OUTBOX-none}}\" > outbox\nexec '{}'\n",
            step_program().display()
        );
        project.file("steps", script);
        run(&project, &[flags, &["a.feature"]].concat()).exits(1);
        project.read("outbox")
    };
    assert_eq!(outbox(&["--no-capture"]), "none\n");
    assert!(outbox(&[]).ends_with(".outbox\n"));
    project
        .bdd(["run", "--no-capture", "-j", "2", "a.feature"])
        .exits(2);
}

/// What a worker prints when it runs no scenario is not lost when it dies there.
#[test]
fn output_outside_of_scenarios_is_not_a_scenarios() {
    let script = "
def run(scenario, run=fake.run):
    print('before', flush=True)
    run(scenario)
    print('behind', flush=True)
    if scenario['name'] == 'a':
        os._exit(3)
serve(run=run)";
    let project = with_fake(script);
    project.file("a.feature", feature("A", &["a: it fails", "b: it fails"]));
    let outcome = run(&project, &["-j", "1", "a.feature"]).exits(1);
    let results = results(&project, &outcome);
    assert_eq!(results.output("a"), "");
    assert_eq!(results.output("b"), "");
    let error = results
        .events
        .iter()
        .find(|event| event["type"] == "run_error")
        .unwrap();
    assert_eq!(error["detail"], "behind\n");
}
