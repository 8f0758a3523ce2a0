//! Suites of behave: how they are found, in which Python they run, and with which settings.
//!
//! A script takes the place of Python here: it has a behave, writes down how it was started, and runs the worker of
//! `tests/workers`. What the real host does is tested beside it, in `hosts/python/tests`.

mod behave_command;
mod detection;
mod gherkin;
mod interpreter;
mod settings;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use serde_json::Value;

use crate::support::{Bdd, Project, needs};

const FEATURE: &str = "Feature: F\n  Scenario: S\n    Given a step that passes\n";

/// Answers what bdd asks it, and then runs a worker instead of the host.
const PYTHON: &str = r#"#!/bin/sh
root=@ROOT@
if [ "$1" = -c ]; then
    echo "3.12 1.3.3"
    exit
fi
printf '%s\n' "$0" >"$root/python"
printf '%s\n' "$1" >"$root/host"
ls "$1" >"$root/files"
printf '%s\n' "$BDD_BEHAVE" >"$root/behave.json"
exec python3 "$root/worker.py"
"#;

/// A project with the files of a suite, and a Python that runs it.
fn suite(files: &[&str]) -> Project {
    needs::python3();
    let project = Project::new();
    project
        .file("worker.py", include_str!("../workers/worker.py"))
        .file("features/a.feature", FEATURE);
    for file in files {
        project.file(file, "");
    }
    script(&project, ".venv/bin/python", PYTHON);
    project
}

/// Writes a script that can be run.
fn script(project: &Project, path: &str, content: &str) {
    let root = project.path("").display().to_string();
    project.file(path, content.replace("@ROOT@", root.trim_end_matches('/')));
    let executable = fs::Permissions::from_mode(0o755);
    fs::set_permissions(project.path(path), executable).unwrap();
}

/// Prepares a run, with no other Python environment than that of the project.
fn run(project: &Project, arguments: &[&str]) -> Bdd {
    let run = project.bdd(["run", "-f", "progress"]);
    run.without("VIRTUAL_ENV")
        .without("BEHAVE_STAGE")
        .with(arguments)
}

/// What the host of the last run got.
fn told(project: &Project) -> Value {
    serde_json::from_str(&project.read("behave.json")).expect("JSON")
}

/// The folder of the suite that the last run took, from the project's root.
fn base(project: &Project) -> String {
    let base = told(project)["base"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    let root = project.path("").display().to_string();
    let inside = base
        .strip_prefix(root.trim_end_matches('/'))
        .unwrap_or(&base);
    inside.trim_start_matches('/').to_owned()
}
