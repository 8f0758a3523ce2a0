//! Settings from the environment.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::explained;
use crate::support::Project;

#[test]
fn flags_go_above_variables_and_variables_above_profiles() {
    let project = Project::new();
    project.file("bdd.toml", "retries = 1\n[profile.ci]\nretries = 2\n");
    let retries = |arguments: &[&str], variable: &str| {
        let bdd = project.bdd(["config"]).with(arguments);
        explained(bdd.env("BDD_RETRIES", variable), "retries")
    };
    let kind = |(value, from): (Value, Value)| (value, from["kind"].clone());
    assert_eq!(kind(retries(&[], "")), (json!(1), json!("file")));
    assert_eq!(
        kind(retries(&["-p", "ci"], "")),
        (json!(2), json!("profile"))
    );
    assert_eq!(
        kind(retries(&["-p", "ci"], "3")),
        (json!(3), json!("variable"))
    );
    let flag = retries(&["-p", "ci", "--retries", "4"], "3");
    assert_eq!(kind(flag), (json!(4), json!("flag")));
}

#[test]
fn every_key_of_the_file_has_a_variable() {
    let project = Project::new();
    project.file("steps/Cargo.toml", "");
    let mut seen = BTreeSet::new();
    for (variable, text, key, value) in [
        ("BDD_FEATURES", "a,b c", "features", json!(["a", "b c"])),
        ("BDD_EXCLUDE", "x\ny,z", "exclude", json!(["x", "y,z"])),
        ("BDD_TAGS", "@a and @b", "tags", json!(["( @a and @b )"])),
        ("BDD_LANGUAGE", "fr", "language", json!("fr")),
        ("BDD_JOBS", "3", "jobs", json!(3)),
        ("BDD_ORDER", "random:7", "order", json!("random:7")),
        (
            "BDD_PARALLEL_BY",
            "feature",
            "parallel-by",
            json!("feature"),
        ),
        ("BDD_CAPTURE", "false", "capture", json!(false)),
        ("BDD_STRICT", "false", "strict", json!(false)),
        (
            "BDD_STRICT_KEYWORDS",
            "true",
            "strict-keywords",
            json!(true),
        ),
        ("BDD_RETRIES", "2", "retries", json!(2)),
        ("BDD_RETRY_DELAY", "1s", "retry-delay", json!("1s")),
        ("BDD_RETRY_TAGS", "@a", "retry-tags", json!("@a")),
        ("BDD_FLAKY", "fail", "flaky", json!("fail")),
        (
            "BDD_MAX_FAILURES",
            "2:immediate",
            "max-failures",
            json!("2:immediate"),
        ),
        ("BDD_STEP_TIMEOUT", "30s", "step-timeout", json!("30s")),
        (
            "BDD_SCENARIO_TIMEOUT",
            "2m",
            "scenario-timeout",
            json!("2m"),
        ),
        ("BDD_HOOK_TIMEOUT", "3s", "hook-timeout", json!("3s")),
        ("BDD_RUN_TIMEOUT", "1h", "run-timeout", json!("1h")),
        ("BDD_SLOW_AFTER", "4s", "slow-after", json!("4s")),
        ("BDD_GRACE", "1s", "grace", json!("1s")),
        ("BDD_OUTPUT_LIMIT", "1 MB", "output-limit", json!("1 MB")),
        ("BDD_LEAKS", "warn", "leaks", json!("warn")),
        ("BDD_HISTORY", "false", "history", json!(false)),
        (
            "BDD_EXPECTED_FAILURE_TAGS",
            "@x",
            "expected-failure-tags",
            json!("@x"),
        ),
        (
            "BDD_CONTINUE_AFTER_FAILURE_TAGS",
            "@y",
            "continue-after-failure-tags",
            json!("@y"),
        ),
        (
            "BDD_FORMAT",
            "progress, junit:a.xml",
            "format",
            json!(["progress", "junit:a.xml"]),
        ),
        ("BDD_SNIPPETS", "regex", "snippets", json!("regex")),
        ("BDD_COLOR", "never", "color", json!("never")),
        ("BDD_STEPS_PATH", "steps", "steps.path", json!("steps")),
        ("BDD_STEPS_PACKAGE", "shop", "steps.package", json!("shop")),
        ("BDD_STEPS_TARGET", "main", "steps.target", json!("main")),
        (
            "BDD_STEPS_COMMAND",
            "python3 w.py",
            "steps.command",
            json!(["python3", "w.py"]),
        ),
        ("BDD_STEPS_RELEASE", "true", "steps.release", json!(true)),
        ("BDD_STEPS_PROFILE", "ci", "steps.profile", json!("ci")),
        (
            "BDD_STEPS_FEATURES",
            "a,b",
            "steps.features",
            json!(["a", "b"]),
        ),
        (
            "BDD_STEPS_START_TIMEOUT",
            "1m",
            "steps.start-timeout",
            json!("1m"),
        ),
        (
            "BDD_STEPS_FINISH_TIMEOUT",
            "1m",
            "steps.finish-timeout",
            json!("1m"),
        ),
        ("BDD_GROUPS", "db=1, net=2", "groups.net", json!(2)),
        (
            "BDD_USERDATA",
            "port=80, slow",
            "userdata.slow",
            json!("true"),
        ),
    ] {
        let bdd = project.bdd(["config"]).env(variable, text);
        let from = json!({"kind": "variable", "variable": variable});
        assert_eq!(explained(bdd, key), (value, from), "{variable}");
        seen.insert(key);
    }
    let outcome = project.bdd(["config", "--json"]).exits(0);
    let document: Value = serde_json::from_str(&outcome.stdout).expect("JSON");
    for setting in document["settings"].as_array().expect("a list") {
        let key = setting["key"].as_str().expect("a key");
        assert!(seen.contains(key), "what is the variable of {key}?");
    }
}

#[test]
fn paths_in_variables_count_from_the_current_directory() {
    let project = Project::new();
    let feature = "Feature: F\n  Scenario: s\n    Given a\n";
    project
        .file("bdd.toml", "features = ['a.feature']\n")
        .file("a.feature", feature)
        .file("sub/b.feature", feature);
    let list = |variable| {
        let bdd = project.bdd(["list"]).within("sub");
        bdd.env("BDD_FEATURES", variable).exits(0)
    };
    list("").stdout_has("\n  a.feature:2  s\n");
    list("b.feature").stdout_has("\n  sub/b.feature:2  s\n");
}

#[test]
fn a_settings_file_may_be_named() {
    let project = Project::new();
    project.file("ci/bdd.toml", "jobs = 7\n");
    let bdd = || project.bdd(["config"]).env("BDD_CONFIG", "ci/bdd.toml");
    assert_eq!(explained(bdd(), "jobs").0, 7);
    project.file("other.toml", "jobs = 8\n");
    assert_eq!(
        explained(bdd().with(&["--config", "other.toml"]), "jobs").0,
        8
    );
}

#[test]
fn all_wrong_values_are_told_with_their_variables() {
    Project::new()
        .bdd(["run"])
        .env("BDD_JOBS", "0")
        .env("BDD_STEP_TIMEOUT", "half")
        .env("BDD_LEAKS", "kill")
        .env("BDD_CAPTURE", "no")
        .env("BDD_GROUPS", "db")
        .exits(2)
        .stdout("")
        .stderr(
            "\
error: BDD_CAPTURE: `no` is neither `true` nor `false`
error: BDD_GROUPS: `db` is no group: NAME=N, with a number from 1
error: BDD_JOBS: `0` is no number from 1
error: BDD_LEAKS: unknown variant `kill`, expected one of `fail`, `warn`, `ignore`
error: BDD_STEP_TIMEOUT: `half` is no time: a number above 0 with a unit, such as `[TIME]`, `[TIME]` or `2m`
",
        );
}

#[test]
fn a_misspelt_variable_is_a_warning() {
    let project = Project::new();
    project.file(
        "features/a.feature",
        "Feature: F\n  Scenario: s\n    Given a\n",
    );
    let warning = "warning: the environment variable BDD_STEP_TIMEOT is no setting; \
                   did you mean BDD_STEP_TIMEOUT?\n";
    for command in ["list", "config"] {
        project
            .bdd([command])
            .env("BDD_STEP_TIMEOT", "3s")
            .env("BDD_DATABASE_URL", "x")
            .exits(0)
            .stderr(warning);
    }
}

#[test]
fn inside_a_run_the_environment_has_no_settings() {
    let project = Project::new();
    let inside = || {
        let bdd = project.bdd(["config"]).env("BDD_SOCKET", "/tmp/socket");
        let bdd = bdd.env("BDD_JOBS", "many").env("BDD_PROFILE", "outer");
        bdd.env("BDD_LEAKS", "warn").env("BDD_STEP_TIMEOT", "1s")
    };
    let default = json!({"kind": "default"});
    assert_eq!(explained(inside(), "jobs").1, default);
    assert_eq!(explained(inside(), "leaks"), (json!("fail"), default));
    inside().exits(0).stderr("");
}
