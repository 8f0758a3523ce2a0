//! Stopping early: after so many failures, at once or when what runs has ended.

use super::signs::Started;
use super::*;

fn with(scenarios: &[&str]) -> Project {
    let project = with_steps();
    project.file("features/a.feature", feature("A", scenarios));
    project
}

const FAILS: &str = "a step that fails with \"it\"";

#[test]
fn nothing_starts_after_the_first_failure() {
    let fails = format!("b: {FAILS}");
    let project = with(&[
        "a: a step that passes",
        &fails,
        "c: a step that passes",
        "d: a step that passes",
    ]);
    for flag in [&["-x"][..], &["--fail-fast"], &["--max-failures", "1"]] {
        let outcome = run(&project, &[&["-j", "1"], flag].concat()).exits(1);
        let results = results(&project, &outcome);
        assert_eq!(
            results.statuses(),
            "a passed, b failed, c not run, d not run"
        );
        let reason = "the run was stopped after the first failure";
        assert_eq!(results.finals["c"]["reason"], reason);
        outcome.stdout_has(&format!("2 scenarios not run: {reason}"));
    }
    project.file("bdd.toml", "max-failures = 1\n[steps]\npath = 'steps'\n");
    let outcome = run(&project, &["-j", "1"]).exits(1);
    results(&project, &outcome);
}

#[test]
fn only_so_many_failures_are_counted_as_fail_the_run() {
    let scenarios: Vec<String> = (0..8)
        .map(|number| match number % 2 {
            0 => format!("s{number}: {FAILS}"),
            _ => format!("s{number}: a step that passes from attempt 1 on"),
        })
        .collect();
    let scenarios: Vec<&str> = scenarios.iter().map(String::as_str).collect();
    let project = with(&scenarios);
    let arguments = ["-j", "1", "--retries", "1", "--max-failures", "3"];
    let outcome = run(&project, &arguments).exits(1);
    let results = results(&project, &outcome);
    assert_eq!(
        results.statuses(),
        "s0 failed, s1 passed, s2 failed, s3 passed, s4 failed, s5 not run, s6 not run, s7 not run"
    );
}

/// Starts a run of `a`, which prints something and waits, and `b`, which fails as soon as the runner knows that
/// `a` runs.
fn fails_beside(project: &Project, arguments: &[&str]) -> Started {
    let _ = fs::remove_file(project.path("fail"));
    let fails = format!("b: a step that waits for the file \"fail\"; {FAILS}");
    let scenarios = [
        "a: a step that prints \"on\"; a step that waits for the file \"go\"; a step that passes",
        &fails,
        "c: a step that passes",
    ];
    project.file("features/a.feature", feature("A", &scenarios));
    let started = Started::new(run(project, &[&["-j", "2"], arguments].concat()));
    started.hears_of("waits for the file \"go\"", 1);
    project.file("fail", "");
    started
}

#[test]
fn what_runs_finishes() {
    let project = with_steps();
    let started = fails_beside(&project, &["-x"]);
    until("b fails", || started.shown().contains('F'));
    project.file("go", "");
    started.ends(1);
    let outcome = project.bdd(["--version"]).run();
    let all = results(&project, &outcome);
    assert_eq!(all.statuses(), "a passed, b failed, c not run");
}

#[test]
fn what_runs_is_cancelled_when_that_is_asked_for() {
    let project = with_steps();
    let arguments = ["--max-failures", "1:immediate", "--grace", "500ms"];
    let (stdout, _) = fails_beside(&project, &arguments).ends(1);
    let outcome = project.bdd(["--version"]).run();
    let all = results(&project, &outcome);
    assert_eq!(all.statuses(), "a skipped, b failed, c not run");
    assert_eq!(all.finals["a"]["fault"], "cancelled");
    assert_eq!(all.output("a"), "on\n");
    assert_eq!(all.run_errors(), [""; 0]);
    assert!(stdout.contains("1 failed, 0 skipped"), "{stdout}");
}

#[test]
fn a_flaky_scenario_fails_the_run_if_it_is_to() {
    let project = with(&[
        "a: a step that passes from attempt 1 on",
        "b: a step that passes",
    ]);
    let outcome = run(&project, &["-j", "1", "--retries", "1"]).exits(0);
    outcome
        .stdout_has("2 scenarios passed")
        .stdout_has("1 scenario is flaky");
    let arguments = ["-j", "1", "--retries", "1", "--flaky", "fail", "-x"];
    let outcome = run(&project, &arguments).exits(1);
    let results = results(&project, &outcome);
    assert_eq!(results.statuses(), "a passed, b not run");
    assert_eq!(results.case("a").children[0], "failure");
    assert!(project.read("junit.xml").contains("type=\"flaky\""));
    outcome
        .stdout_has("0 scenarios passed, 1 failed")
        .stdout_has("flaky: it failed, and passed only in attempt 2")
        .stdout_has("1 scenario is flaky: it failed, then passed");
}
