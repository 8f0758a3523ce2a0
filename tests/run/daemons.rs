//! Processes that are meant to outlive what has started them.

use super::*;
use crate::support::step_program::{fault_program, naming};
use rustix::process::{Pid, Signal, kill_process};

/// Expects that the process runs, and ends it.
fn runs(id: &str) {
    assert!(alive(id), "process {id} has ended");
    let pid = Pid::from_raw(id.parse().unwrap()).unwrap();
    kill_process(pid, Signal::KILL).unwrap();
}

fn left(results: &Results, name: &str) -> String {
    let output = results.output(name);
    let mut left = output
        .lines()
        .filter_map(|line| line.strip_prefix("left: "));
    left.next().expect("a process").to_owned()
}

/// One worker ends in order, the other crashes after it has left something that is to end.
#[test]
fn a_daemon_that_is_to_stay_outlives_the_run() {
    let project = Project::new();
    let steps = naming(&fault_program());
    let stays = "a step that leaves a daemon running that is to stay";
    let ends = "a step that leaves a daemon without environment running";
    let scenarios = [
        &format!("a: {stays}"),
        &format!("b: {stays}; {ends}; a step that aborts"),
        "c: a step that passes",
    ];
    project
        .file("bdd.toml", steps)
        .file("features/a.feature", feature("A", &scenarios));
    let outcome = run(&project, &["-j", "1"]).exits(1);
    let results = results(&project, &outcome);
    assert_eq!(results.statuses(), "a passed, b failed, c passed");
    runs(&left(&results, "a"));
    runs(&left(&results, "b"));
    let last = results.output("b").lines().last().unwrap();
    let id = last.strip_prefix("left: ").unwrap();
    assert!(!alive(id), "process {id} is left");
}

/// A compiler cache serves other builds, too.
#[test]
fn what_cargo_starts_is_never_touched() {
    let project = Project::new();
    let message = serde_json::json!({
        "reason": "compiler-artifact",
        "target": {"name": "steps", "kind": ["bin"]},
        "executable": fault_program(),
    });
    project
        .file("message", message.to_string() + "\n")
        .file(
            "cargo",
            "#!/bin/sh\nenv -i setsid sh -c 'echo $$ > cache; exec sleep 60' > /dev/null 2>&1 &\n\
             while [ ! -s cache ]; do sleep 0.01; done\ncat message\n",
        )
        .file("bdd.toml", "[steps]\npackage = 'steps'\n")
        .file("Cargo.toml", "[workspace]\n")
        .file(
            "features/a.feature",
            feature("A", &["a: a step that aborts", "b: a step that passes"]),
        );
    fs::set_permissions(project.path("cargo"), fs::Permissions::from_mode(0o755)).unwrap();
    let cargo = project.path("cargo").to_string_lossy().into_owned();
    let outcome = run(&project, &["-j", "1"]).env("CARGO", &cargo).exits(1);
    let results = results(&project, &outcome);
    assert_eq!(results.statuses(), "a failed, b passed");
    runs(project.read("cache").trim());
}
