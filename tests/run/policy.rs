//! What is run, what counts as a failure, and the exit code of it all.

use super::signs::Started;
use super::*;

const ALL: [&str; 5] = [
    "passes: a step that passes",
    "fails: a step that fails with \"it\"; a step that passes",
    "pending: a step that is pending; a step that passes",
    "undefined: a step that passes; a step that nobody has written; a step that passes",
    "skipped: a step that is skipped because of \"it\"; a step that passes",
];

fn with(scenarios: &[&str]) -> Project {
    let project = with_steps();
    project.file("features/a.feature", feature("A", scenarios));
    project
}

/// Runs and compares exit code and statuses.
fn expect(project: &Project, arguments: &[&str], code: i32, statuses: &str) -> Outcome {
    let outcome = run(project, arguments).exits(code);
    let actual = results(project, &outcome).statuses();
    if actual != statuses {
        outcome.fail(&actual);
    }
    outcome
}

#[test]
fn undefined_and_pending_fail_except_with_no_strict() {
    let project = with(&[ALL[0], ALL[2], ALL[3], ALL[4]]);
    let statuses = "passes passed, pending pending, skipped skipped, undefined undefined";
    expect(&project, &[], 1, statuses);
    expect(&project, &["--no-strict"], 0, statuses);
    project.file("bdd.toml", "strict = false\n[steps]\npath = 'steps'\n");
    expect(&project, &[], 0, statuses);
    let project = with(&ALL);
    expect(
        &project,
        &["--no-strict"],
        1,
        &format!("fails failed, {statuses}"),
    );
}

#[test]
fn each_undefined_status_alone_fails() {
    for (scenario, code) in [(0, 0), (1, 1), (2, 1), (3, 1), (4, 0)] {
        let project = with(&[ALL[scenario]]);
        let outcome = run(&project, &[]).exits(code);
        results(&project, &outcome);
    }
}

#[test]
fn after_a_step_that_skips_the_scenario_no_step_matters() {
    let skips = "a step that is skipped because of \"it\"";
    let project = with(&[
        &format!("a: {skips}; a step that nobody has written; a step that passes"),
        &format!("b: a step that passes; {skips}; a step that two definitions match"),
    ]);
    let outcome = run(&project, &[]).exits(0);
    let results = results(&project, &outcome);
    assert_eq!(results.statuses(), "a skipped, b skipped");
    assert!(!outcome.stdout.contains("undefined"), "{}", outcome.stdout);
    assert!(!outcome.stdout.contains("ambiguous"), "{}", outcome.stdout);
    // What happened before it counts.
    let project = with(&["a: a step that nobody has written; a step that passes"]);
    expect(&project, &[], 1, "a undefined");
    let project = with(&[
        "a: a step that fails with \"it\"; a step that nobody has written",
        "b: a step that is pending; a step that nobody has written",
    ]);
    expect(&project, &[], 1, "a failed, b undefined");
}

#[test]
fn a_dry_run_matches_and_runs_nothing() {
    let project = with(&["a: a step that aborts", "b: a step that passes"]);
    expect(&project, &["--dry-run"], 0, "a skipped, b skipped");
    assert_eq!(project.read("pids").lines().count(), 1);
    let project = with(&["a: a step that aborts", "b: a step that nobody has written"]);
    expect(&project, &["--dry-run"], 1, "a skipped, b undefined")
        .stdout_has("a step that nobody has written");
    expect(
        &project,
        &["--dry-run", "--no-strict"],
        0,
        "a skipped, b undefined",
    );
}

#[test]
fn an_ambiguous_step_fails_and_names_its_definitions() {
    let project = with(&[
        "a: a step that two definitions match",
        "b: a step that passes",
    ]);
    let outcome = expect(&project, &["--no-strict"], 1, "a ambiguous, b passed");
    let outcome = outcome.stdout_has("^a step that two definitions match$");
    outcome.stdout_has("^a step that (\\w+) definitions match$");
    expect(&project, &["--dry-run"], 1, "a ambiguous, b skipped");
}

#[test]
fn wip_stops_at_the_first_failure() {
    let project = with_steps();
    let scenario =
        |name: &str, step: &str| format!("  @wip\n  Scenario: {name}\n    * a step that {step}\n");
    let text = [
        "Feature: A\n",
        &scenario("a", "passes"),
        &scenario("b", "fails with \"it\""),
        &scenario("c", "passes"),
        "  Scenario: other\n    * a step that aborts\n",
    ];
    project.file("features/a.feature", text.concat());
    let outcome = expect(&project, &["--wip"], 1, "a passed, b failed, c not run");
    outcome.stdout_has("not run: the run was stopped after the first failure");
    assert_eq!(project.read("pids").lines().count(), 1, "one worker");
    let text = [
        "Feature: A\n",
        &scenario("a", "passes"),
        &scenario("b", "aborts"),
        &scenario("c", "passes"),
    ];
    project.file("features/a.feature", text.concat());
    expect(&project, &["--wip"], 1, "a passed, b failed, c not run");
}

#[test]
fn keywords_count_when_they_shall() {
    let project = with_steps();
    project.file(
        "features/a.feature",
        "Feature: A\n  Scenario: a\n    When a fixture that panics when it is dropped\n",
    );
    let outcome = run(&project, &["--strict-keywords"]).exits(1);
    assert_eq!(results(&project, &outcome).statuses(), "a undefined");
    let outcome = run(&project, &["--dry-run"]).exits(0);
    assert_eq!(results(&project, &outcome).statuses(), "a skipped");
    project.file(
        "features/a.feature",
        "Feature: A\n  Scenario: a\n    Given a step that passes\n    And a fixture that panics when it is dropped\n",
    );
    let outcome = run(&project, &["--strict-keywords", "--dry-run"]).exits(0);
    assert_eq!(results(&project, &outcome).statuses(), "a skipped");
}

#[test]
fn a_broken_feature_file_counts_more_than_a_failure() {
    let project = with(&["a: a step that fails with \"it\"", "b: a step that passes"]);
    project.file("features/broken.feature", "nonsense\n");
    expect(&project, &[], 3, "a not run, b not run");
    assert!(!project.path("pids").exists(), "no worker was started");
    expect(&project, &["--keep-going"], 3, "a failed, b passed");
    // A step program that does not start counts more.
    project.file("bdd.toml", "[steps]\ncommand = ['./none']\n");
    expect(&project, &["--keep-going"], 5, "a not run, b not run");
}

#[cfg(target_os = "linux")]
#[test]
fn a_lost_report_counts_less_than_a_failure() {
    let project = with(&["a: a step that fails with \"it\"", "b: a step that passes"]);
    let b = [
        "features/a.feature:4",
        "--name",
        "^b$",
        "-f",
        "events:/dev/full",
    ];
    run(&project, &b[1..]).exits(6);
    run(&project, &["-f", "events:/dev/full"]).exits(1);
}

#[test]
fn nothing_selected() {
    let project = with(&["a: a step that passes"]);
    run(&project, &["--tags", "@none"]).exits(4);
    run(&project, &["--tags", "@none", "--allow-empty"]).exits(0);
    assert!(!project.path("pids").exists(), "no worker was started");
}

#[test]
fn a_scenario_without_steps_passes() {
    let project = with(&["a: ", "b: a step that passes"]);
    expect(&project, &["-j", "1"], 0, "a passed, b passed");
}

#[test]
fn a_fixture_that_cannot_be_closed_fails_its_scenario() {
    let project = with(&[
        "a: a fixture that cannot be closed; a step that passes",
        "b: a fixture that panics when it is dropped",
        "c: a step that passes",
    ]);
    let outcome = run(&project, &["-j", "1"]).exits(1);
    let results = results(&project, &outcome);
    assert_eq!(results.statuses(), "a failed, b failed, c passed");
    assert_eq!(results.errors("a"), ["fixture `Unclosed`: still in use"]);
    assert_eq!(
        results.errors("b"),
        ["fixture `Fragile`: the fixture broke"]
    );
}

/// How many scenarios have passed, by a line of the progress report.
fn dots(line: &str) -> usize {
    if line.trim_matches('.').is_empty() {
        line.len()
    } else {
        0
    }
}

/// Work is sent to a worker in advance. Scenarios that wait for its slow scenario go to other workers.
#[test]
fn scenarios_that_wait_for_a_slow_one_are_shared() {
    let scenarios: Vec<String> = (0..600)
        .map(|number| match number {
            300 => "slow: a step that waits for the file \"go\"".to_owned(),
            _ => format!("s{number}: a step that passes"),
        })
        .collect();
    let scenarios: Vec<&str> = scenarios.iter().map(String::as_str).collect();
    let project = with(&scenarios);
    let started = Started::new(run(&project, &["-j", "2"]));
    let others = scenarios.len() - 1;
    until("all others pass", || {
        started.shown().lines().map(dots).sum::<usize>() == others
    });
    project.file("go", "");
    started.ends(0);
    let outcome = project.bdd(["--version"]).run();
    assert_eq!(results(&project, &outcome).status("slow"), "passed");
}

#[test]
fn the_order_may_be_reversed() {
    let project = with(&["a: a step that passes", "b: a step that passes"]);
    project.file(
        "features/z.feature",
        feature("Last", &["c: a step that passes"]),
    );
    for (arguments, order) in [
        (&["-j", "1"][..], [0, 1, 2]),
        (&["-j", "1", "--order", "reverse"], [2, 1, 0]),
    ] {
        run(&project, arguments).exits(0);
        let events = project.read("events.jsonl");
        for kind in ["scenario_prepared", "scenario_started"] {
            let events = events
                .lines()
                .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
            let of_kind = events.filter(|event| event["type"] == kind);
            let numbers: Vec<u64> = of_kind
                .map(|event| event["scenario"].as_u64().unwrap())
                .collect();
            assert_eq!(numbers, order, "{kind}");
        }
    }
}
