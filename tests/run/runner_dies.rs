//! A runner that is killed: its workers end by themselves, with all that they have started.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use rustix::process::{Pid, Signal, kill_process};

use super::*;
use crate::support::step_program::fault_program;

/// Expects that the processes end.
fn gone(pids: &[String]) {
    for pid in pids {
        until(&format!("process {pid} ends"), || !alive(pid));
    }
}

/// Runs scenario `a` of these steps, and kills the runner when they have left two processes, unless a step
/// does. The processes are those, and the step program.
fn killed(last: &str, kill: bool) {
    let project = Project::new();
    let program = fault_program();
    project
        .file(
            "steps",
            format!("#!/bin/sh\necho $$ >> pids\nexec '{}'\n", program.display()),
        )
        .file("bdd.toml", "[steps]\npath = 'steps'\n")
        .file(
            "features/a.feature",
            feature(
                "A",
                &[&format!(
                    "a: a step that leaves a process running; a step that leaves a daemon running; {last}"
                )],
            ),
        )
        .folder("tmp");
    fs::set_permissions(project.path("steps"), fs::Permissions::from_mode(0o755)).unwrap();
    let mut bdd = project
        .bdd(["run", "--no-capture", "-f", "progress"])
        .env("TMPDIR", &project.path("tmp").to_string_lossy())
        .command();
    let mut child = bdd.stdout(Stdio::piped()).spawn().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let left = lines.filter_map(|line| Some(line.ok()?.strip_prefix("left: ")?.to_owned()));
    let mut pids: Vec<String> = left.take(2).collect();
    assert_eq!(pids.len(), 2);
    if kill {
        assert!(pids.iter().all(|pid| alive(pid)), "{pids:?}");
        let pid = Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
        kill_process(pid, Signal::KILL).unwrap();
    }
    assert_eq!(child.wait().unwrap().code(), None);
    pids.extend(project.read("pids").lines().map(str::to_owned));
    assert_eq!(pids.len(), 3);
    gone(&pids);
}

#[test]
fn a_step_that_blocks_does_not_outlive_the_runner() {
    killed("a step that hangs", true);
}

#[test]
fn a_step_that_waits_does_not_outlive_the_runner() {
    killed("an async step that hangs", true);
}

#[test]
fn a_step_that_kills_the_runner_ends_with_it() {
    killed("a step that kills the runner", false);
}
