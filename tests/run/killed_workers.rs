//! A worker is killed at any moment: the step that ran is named, and no step before it is lost.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::process::{Command, Stdio};

use super::*;
use crate::support::needs;
use crate::support::step_program::fault_program;

/// The scenarios of a run, and the steps of each. Steps are numbered through.
const SCENARIOS: usize = 5;
const STEPS: usize = 8;

/// A mark that a step has left: whether it began or ended, its number, and its process.
struct Mark {
    begins: bool,
    step: usize,
    process: String,
}

fn marks(project: &Project) -> Vec<Mark> {
    let text = fs::read_to_string(project.path("marks")).unwrap_or_default();
    // The last line may be half there.
    let whole = text.rsplit_once('\n').map_or("", |(whole, _)| whole);
    let mark = |line: &str| {
        let words: Vec<&str> = line.split(' ').collect();
        Mark {
            begins: words[0] == "begin",
            step: words[1].parse().unwrap(),
            process: words[2].to_owned(),
        }
    };
    whole.lines().map(mark).collect()
}

/// A project whose worker is started by these words of a shell.
fn marking(command: &str) -> Project {
    let project = Project::new();
    let scenario = |number: usize| {
        let steps =
            (number * STEPS..(number + 1) * STEPS).map(|n| format!("a step that marks {n}"));
        format!("s{number}: {}", steps.collect::<Vec<_>>().join("; "))
    };
    let scenarios: Vec<String> = (0..SCENARIOS).map(scenario).collect();
    let scenarios: Vec<&str> = scenarios.iter().map(String::as_str).collect();
    project
        .file("features/a.feature", feature("A", &scenarios))
        .file("steps", format!("#!/bin/sh\nexec {command}\n"))
        .file("bdd.toml", "[steps]\npath = 'steps'\n");
    fs::set_permissions(project.path("steps"), fs::Permissions::from_mode(0o755)).unwrap();
    project
}

/// Runs the project, and kills its worker as soon as there are so many marks.
fn kill_after(project: &Project, count: usize) {
    let _ = fs::remove_file(project.path("marks"));
    let mut child = run(project, &["-j", "1"]).command();
    let mut child = child
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    until("the step has left its mark", || {
        marks(project).len() >= count
    });
    let process = marks(project).pop().unwrap().process;
    // It may just have ended, when the last mark was the one to wait for.
    let killed = Command::new("kill").args(["-KILL", &process]).output();
    killed.unwrap();
    child.wait().unwrap();
    check(project, &process);
}

/// Compares the events of the run with the marks of the process that was killed.
fn check(project: &Project, process: &str) {
    let events: Vec<Value> = (project.read("events.jsonl").lines())
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let number = |event: &Value, name: &str| event[name].as_u64().unwrap() as usize;
    let at = |event: &Value| number(event, "scenario") * STEPS + number(event, "step");
    let finished = events
        .iter()
        .filter(|event| event["type"] == "step_finished");
    let (crashed, others): (Vec<&Value>, Vec<&Value>) =
        finished.partition(|event| event["result"]["error"]["kind"] == "Crash");
    let passed: BTreeSet<usize> = (others.iter())
        .filter(|event| event["result"]["status"] == "passed")
        .map(|event| at(event))
        .collect();
    let of_process = marks(project)
        .into_iter()
        .filter(|mark| mark.process == process);
    let (begun, ended): (Vec<Mark>, Vec<Mark>) = of_process.partition(|mark| mark.begins);
    let ended: Vec<usize> = ended.iter().map(|mark| mark.step).collect();
    let last_begun = begun.last().unwrap().step;
    match crashed[..] {
        [crash] => {
            // It may be killed after its mark and before its end was reported, or before the mark of the next.
            assert!(
                (last_begun..=last_begun + 1).contains(&at(crash)),
                "{crash} after {last_begun}"
            );
            for step in ended.into_iter().filter(|step| *step != at(crash)) {
                assert!(
                    passed.contains(&step),
                    "step {step} is lost, before {crash}"
                );
            }
        }
        // Between two scenarios.
        [] => {
            for step in ended {
                assert!(passed.contains(&step), "step {step} is lost");
            }
        }
        _ => panic!("{crashed:?}"),
    }
}

/// Kills workers after random marks. `BDD_TEST_WORKER_KILLS` says how many, 12 without it.
fn kill_often(command: &str) {
    let project = marking(command);
    let wanted = std::env::var("BDD_TEST_WORKER_KILLS").map(|kills| kills.parse().unwrap());
    for round in 0..wanted.unwrap_or(12_u64) {
        let random = RandomState::new().hash_one(round) as usize;
        kill_after(&project, 1 + random % (2 * SCENARIOS * STEPS - 1));
    }
}

#[test]
fn of_workers_with_an_outbox() {
    kill_often(&format!("'{}'", fault_program().display()));
}

#[test]
fn of_workers_with_the_socket_alone() {
    kill_often(&format!(
        "env -u BDD_OUTBOX '{}'",
        fault_program().display()
    ));
}

#[test]
fn of_workers_in_python() {
    needs::python3();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/workers/worker.py");
    kill_often(&format!("python3 '{script}'"));
}
