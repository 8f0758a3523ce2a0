//! User data on its way to the steps.

use serde_json::{Value, json};

use crate::support::Project;

/// A step program that notes its user data and defines nothing.
const WORKER: &str = "#!/bin/sh\nprintf '%s' \"$BDD_USERDATA\" > noted\n";

fn noted(settings: &str, arguments: &[&str], variables: &[(&str, &str)]) -> Value {
    let project = Project::new();
    project
        .file(
            "bdd.toml",
            format!("[steps]\ncommand = ['sh', 'worker.sh']\n{settings}"),
        )
        .file("worker.sh", WORKER)
        .file(
            "features/a.feature",
            "Feature: F\n  Scenario: s\n    Given a\n",
        );
    let mut bdd = project.bdd(["run", "-j", "1"]).with(arguments);
    for (name, value) in variables {
        bdd = bdd.env(name, value);
    }
    // The program says no hello, which is not what is looked at here.
    bdd.exits(5);
    serde_json::from_str(&project.read("noted")).expect("JSON")
}

#[test]
fn workers_get_texts_by_name() {
    let file = "[userdata]\nport = 8080\nzoom = 1.50\nslow = true\nname = 'a \"b\"'\n";
    assert_eq!(
        noted(file, &[], &[]),
        json!({"port": "8080", "zoom": "1.50", "slow": "true", "name": "a \"b\""})
    );
    assert_eq!(noted("", &[], &[]), json!({}));
}

#[test]
fn it_is_put_together_name_by_name() {
    let file =
        "[userdata]\na = 1\nb = 1\nc = 1\nd = 1\n[profile.ci.userdata]\nb = 2\nc = 2\nd = 2\n";
    let arguments = ["-p", "ci", "-D", "d=4", "--define", "e", "-D", "f=x=y"];
    assert_eq!(
        noted(file, &arguments, &[("BDD_USERDATA", "c=3,d=3")]),
        json!({"a": "1", "b": "2", "c": "3", "d": "4", "e": "true", "f": "x=y"})
    );
    let object = r#"{"c":"x, y"}"#;
    assert_eq!(
        noted("", &[], &[("BDD_USERDATA", object)]),
        json!({"c": "x, y"})
    );
}

#[test]
fn that_of_an_outer_run_is_not_handed_on() {
    let outer = [("BDD_USERDATA", r#"{"a":"1"}"#), ("BDD_SOCKET", "/tmp/x")];
    assert_eq!(noted("", &["-D", "b=2"], &outer), json!({"b": "2"}));
}

#[test]
fn a_definition_has_a_name() {
    Project::new().bdd(["run", "-D", "=x"]).exits(2).stderr(
        "error: invalid value '=x' for '--define <NAME[=VALUE]>': `=x` is not a definition: expected NAME or NAME=VALUE\n\n\
         For more information, try '--help'.\n",
    );
}
