//! Settings from the environment.

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

/// A value as a variable would give it.
fn as_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(as_text).collect::<Vec<_>>().join(","),
        other => other.to_string(),
    }
}

#[test]
fn every_key_of_the_file_has_a_variable() {
    let project = Project::new();
    // The example of `steps.path`.
    project.file("a/b/Cargo.toml", "");
    for setting in bdd::config::declarations() {
        let name = setting.key.replace(['-', '.'], "_").to_ascii_uppercase();
        let variable = format!("BDD_{name}");
        let bdd = project.bdd(["config"]).env(&variable, &setting.example);
        let (value, from) = explained(bdd, setting.key);
        assert_eq!(as_text(&value), setting.example, "{variable}");
        assert_eq!(from, json!({"kind": "variable", "variable": variable}));
    }
}

#[test]
fn variables_hold_lists_and_tables() {
    let project = Project::new();
    for (variable, text, key, value) in [
        ("BDD_FEATURES", "a,b c", "features", json!(["a", "b c"])),
        ("BDD_EXCLUDE", "x\ny,z", "exclude", json!(["x", "y,z"])),
        ("BDD_TAGS", "@a and @b", "tags", json!(["( @a and @b )"])),
        (
            "BDD_FORMAT",
            "progress, junit:a.xml",
            "format",
            json!(["progress", "junit:a.xml"]),
        ),
        (
            "BDD_STEPS_COMMAND",
            "python3 'my worker.py'",
            "steps.command",
            json!(["python3", "my worker.py"]),
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
fn all_wrong_values_are_reported_with_their_variables() {
    Project::new()
        .bdd(["run"])
        .env("BDD_JOBS", "0")
        .env("BDD_STEP_TIMEOUT", "half")
        .env("BDD_LEAKS", "kill")
        .env("BDD_OUTPUT_LIMIT", "1e15 B")
        .env("BDD_RUN_TIMEOUT", "8761h")
        .env("BDD_CAPTURE", "no")
        .env("BDD_GROUPS", "db")
        .exits(2)
        .stdout("")
        .stderr(
            "\
error: BDD_CAPTURE: `no` is not `true` or `false`
error: BDD_GROUPS: `db` is not a group: expected NAME=N, with a number from 1 to 4294967295
error: BDD_JOBS: `0` is not a number from 1 to 4294967295
error: BDD_LEAKS: unknown variant `kill`, expected one of `fail`, `warn`, `ignore`
error: BDD_OUTPUT_LIMIT: `1e15 B` is not a size: expected a number above 0 with a unit, such as `512 KB`, `10MB` or `1 GiB`
error: BDD_RUN_TIMEOUT: `8761h` is too large: the largest time is 8760h
error: BDD_STEP_TIMEOUT: `half` is not a time: expected a number above 0 with a unit, such as `[TIME]`, `[TIME]` or `2m`
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
    let warning = "warning: the environment variable BDD_STEP_TIMEOT is not a setting; \
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
