//! `--failed`.

use super::*;

fn three(project: &Project, second: &str) {
    let scenarios = [("One", PASSES), ("Two", second), ("Three", PASSES)];
    project.file("features/a.feature", feature("A", &scenarios));
}

#[test]
fn what_failed_runs_until_it_passes() {
    let project = project();
    three(&project, FAILS);
    project.file("features/b.feature", feature("B", &[("Four", FAILS)]));
    run(&project, &["--failed"])
        .exits(1)
        .stdout_has("there is no record of an earlier run: --failed takes all scenarios");
    assert_eq!(started(&project), ["One", "Two", "Three", "Four"]);

    run(&project, &["--failed"]).exits(1);
    assert_eq!(started(&project), ["Two", "Four"]);
    project.bdd(["list", "--failed"]).exits(0).stderr("").stdout(
        "Feature: A\n  features/a.feature:4  Two\nFeature: B\n  features/b.feature:2  Four\n\n2 features, 2 scenarios, 2 steps\n",
    );

    // A run of something else leaves it as it was.
    run(&project, &["--name", "One"]).exits(0);
    three(&project, PASSES);
    run(&project, &["--failed", "features/a.feature"]).exits(0);
    assert_eq!(started(&project), ["Two"]);
    run(&project, &["--failed"]).exits(1);
    assert_eq!(started(&project), ["Four"]);

    project.file("features/b.feature", feature("B", &[("Four", PASSES)]));
    run(&project, &["--failed"]).exits(0);
    run(&project, &["--failed"])
        .exits(0)
        .stderr("note: nothing to run: no selected scenario failed last time\n");
    assert_eq!(started(&project), [""; 0]);
}

#[test]
fn what_did_not_run_counts_and_a_selection_that_is_wrong_is_wrong() {
    let project = project();
    three(&project, FAILS);
    run(&project, &["-x"]).exits(1);
    run(&project, &["--failed"]).exits(1);
    assert_eq!(started(&project), ["Two", "Three"]);
    run(&project, &["--failed", "--tags", "@nothing"]).exits(4);
}

#[test]
fn the_strictness_of_that_run_counts() {
    let project = project();
    three(&project, "a step that nobody has written");
    run(&project, &["--no-strict"]).exits(0);
    run(&project, &["--failed"])
        .exits(0)
        .stderr_has("no selected scenario failed");
    run(&project, &[]).exits(1);
    run(&project, &["--failed", "--no-strict"]).exits(0);
    assert_eq!(started(&project), ["Two"]);
}

#[test]
fn retries_crashes_and_expected_failures_count_as_they_do_for_the_run() {
    let project = project();
    project.file(
        "features/a.feature",
        "Feature: A
  Scenario: Flaky
    * a step that passes from attempt 1 on
  Scenario: Crash
    * a step that aborts
  @expected_failure
  Scenario: Known
    * a step that fails with \"it\"
  @expected_failure
  Scenario: Mended
    * a step that passes
",
    );
    run(&project, &["--retries", "1"]).exits(1);
    run(&project, &["--failed"]).exits(1);
    assert_eq!(started(&project), ["Crash", "Mended"]);
    run(
        &project,
        &["--retries", "1", "--flaky", "fail", "--name", "Flaky"],
    )
    .run();
    project
        .bdd(["list", "--failed", "--name", "Flaky"])
        .exits(0)
        .stdout_has("1 scenario,");
}

#[test]
fn runs_that_start_nothing_leave_the_record_alone() {
    let project = project();
    three(&project, FAILS);
    run(&project, &[]).exits(1);
    let record = project.read(".bdd/history.jsonl");
    run(&project, &["--dry-run"]).exits(0);
    run(&project, &["--no-history"]).exits(1);
    run(&project, &["--steps", "/bin/true"]).exits(5);
    project.file("features/b.feature", NO_GHERKIN);
    run(&project, &[]).exits(3);
    assert_eq!(project.read(".bdd/history.jsonl"), record);
}

#[test]
fn a_setting_keeps_no_record() {
    let project = project();
    let settings = project.read("bdd.toml");
    project.file("bdd.toml", format!("history = false\n{settings}"));
    three(&project, FAILS);
    run(&project, &[]).exits(1);
    assert!(!project.path(".bdd").exists());
}
