//! The run stage from outside: `bdd run` with step programs that behave and that do not.

mod attachments;
mod bad_programs;
mod build;
mod capture;
mod crashes;
#[cfg(target_os = "linux")]
mod daemons;
mod debugging;
mod departures;
mod expressions;
mod failures;
mod faults;
mod groups;
mod held_back;
mod hook_crashes;
mod hook_violations;
mod hooks;
mod interrupts;
mod junit_folder;
mod killed_workers;
mod laws;
mod limits;
mod live_line;
mod long_texts;
mod matching;
mod misbehaviour;
mod nested;
mod output_limit;
mod policy;
mod prepared;
mod races;
mod retries;
mod run_hooks;
mod runner_dies;
mod scarce;
mod signs;
mod stopping;
mod traces;
mod unread;
mod whole_features;
mod work_source;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::report::laws::{Case, cases};
use crate::support::step_program::step_program;
use signs::{PATIENCE, until, until_file, with_longer_times, with_more_tries};

use crate::support::{Bdd, Outcome, Project, needs, python};

/// A project whose step program is `fake.py` with changes.
fn with_fake(script: &str) -> Project {
    needs::python3();
    let project = Project::new();
    project
        .file("fake.py", include_str!("fake.py"))
        .file(
            "steps.py",
            format!("from fake import *\nimport fake\n{script}"),
        )
        .file(
            "bdd.toml",
            "[steps]\ncommand = ['python3', 'steps.py']\nstart-timeout = '20s'\n",
        );
    project
}

/// A project that runs the step program of this repository; its processes are noted in `pids`.
fn with_steps() -> Project {
    let project = Project::new();
    let program = step_program();
    project
        .file(
            "steps",
            format!("#!/bin/sh\necho $$ >> pids\nexec '{}'\n", program.display()),
        )
        .file("bdd.toml", "[steps]\npath = 'steps'\n")
        .folder("tmp");
    fs::set_permissions(project.path("steps"), fs::Permissions::from_mode(0o755)).unwrap();
    project
}

/// Prepares a run with reports into `events.jsonl` and `junit.xml`.
fn run(project: &Project, arguments: &[&str]) -> Bdd {
    run_with_reports(project, &["events:events.jsonl", "junit:junit.xml"]).with(arguments)
}

/// Prepares a run that shows its progress and writes these reports. Its temporary files are in `tmp`.
fn run_with_reports(project: &Project, reports: &[&str]) -> Bdd {
    project.folder("tmp");
    let reports = ["progress"].iter().chain(reports);
    let formats = reports.flat_map(|report| ["-f", report]);
    project
        .bdd(["run"].into_iter().chain(formats))
        .env("TMPDIR", &project.path("tmp").to_string_lossy())
}

/// A feature of scenarios `NAME: step; step`.
fn feature(title: &str, scenarios: &[&str]) -> String {
    let mut text = format!("Feature: {title}\n");
    for scenario in scenarios {
        let (name, steps) = scenario.split_once(": ").unwrap();
        text += &format!("  Scenario: {name}\n");
        for step in steps.split("; ").filter(|step| !step.is_empty()) {
            text += &format!("    * {step}\n");
        }
    }
    text
}

/// What the reports of a run say.
struct Results {
    events: Vec<Value>,
    cases: Vec<Case>,
    /// The final event of each scenario, by name.
    finals: BTreeMap<String, Value>,
}

/// Reads the reports back. Fails unless each planned scenario has one final event and one test case,
/// and no process or temporary file is left over.
fn results(project: &Project, outcome: &Outcome) -> Results {
    let events: Vec<Value> = project
        .read("events.jsonl")
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let of = |kind: &'static str| events.iter().filter(move |event| event["type"] == kind);
    let mut names = BTreeMap::new();
    let mut planned = Vec::new();
    for feature in of("feature_planned") {
        for scenario in feature["feature"]["scenarios"].as_array().unwrap() {
            let name = scenario["name"].as_str().unwrap().to_owned();
            planned.push(name.clone());
            names.insert(scenario["index"].as_u64().unwrap(), name);
        }
    }
    for added in of("scenario_added") {
        let name = added["planned"]["name"].as_str().unwrap().to_owned();
        planned.push(name.clone());
        names.insert(added["planned"]["index"].as_u64().unwrap(), name);
    }
    let mut finals = BTreeMap::new();
    let last = |event: &&Value| event["will_be_retried"] != true;
    for event in of("scenario_finished")
        .filter(last)
        .chain(of("scenario_not_run"))
    {
        let name = &names[&event["scenario"].as_u64().unwrap()];
        if finals.insert(name.clone(), event.clone()).is_some() {
            outcome.fail(&format!("{name} has two results"));
        }
    }
    planned.sort();
    if finals.keys().ne(&planned) {
        outcome.fail(&format!("planned: {planned:?}, finished: {finals:?}"));
    }
    let cases = cases(&project.read("junit.xml"));
    // Rows of an outline have their cells after the name, and scenarios of the rule R have `R: ` before it.
    let plain = |case: &'_ Case| {
        let name = case.name.split(" [").next().unwrap();
        name.strip_prefix("R: ").unwrap_or(name).to_owned()
    };
    let mut in_junit: Vec<String> = cases
        .iter()
        .map(plain)
        .filter(|name| finals.contains_key(name))
        .collect();
    in_junit.sort_unstable();
    if !in_junit.iter().eq(&planned) {
        outcome.fail(&format!("planned: {planned:?}, in JUnit: {in_junit:?}"));
    }
    nothing_left(project);
    Results {
        events,
        cases,
        finals,
    }
}

/// Expects that each planned scenario has one test case in `messages.ndjson`, and one final execution
/// that says what its result is.
fn once_in_messages(project: &Project, results: &Results) {
    let mut names = BTreeMap::new();
    let mut cases = BTreeMap::new();
    let mut executions = BTreeMap::new();
    let mut failed = BTreeSet::new();
    let mut finals = BTreeMap::new();
    let text = project.read("messages.ndjson");
    let id = |value: &Value| value.as_str().unwrap().to_owned();
    for line in text.lines() {
        let message: Value = serde_json::from_str(line).unwrap();
        let (kind, body) = message.as_object().unwrap().iter().next().unwrap();
        match kind.as_str() {
            "pickle" => drop(names.insert(id(&body["id"]), id(&body["name"]))),
            "testCase" => {
                let name = names[&id(&body["pickleId"])].clone();
                assert!(!cases.values().any(|known| *known == name), "{name}");
                cases.insert(id(&body["id"]), name);
            }
            "testCaseStarted" => {
                let case = cases[&id(&body["testCaseId"])].clone();
                executions.insert(id(&body["id"]), case);
            }
            "testStepFinished" if body["testStepResult"]["status"] == "FAILED" => {
                failed.insert(id(&body["testCaseStartedId"]));
            }
            "testCaseFinished" => {
                let execution = id(&body["testCaseStartedId"]);
                let name = executions.remove(&execution).unwrap();
                if body["willBeRetried"] != true {
                    let known = finals.insert(name, failed.contains(&execution));
                    assert_eq!(known, None, "{line}");
                }
            }
            _ => {}
        }
    }
    assert!(text.lines().last().unwrap().contains("testRunFinished"));
    assert!(executions.is_empty(), "not finished: {executions:?}");
    let expected: BTreeMap<_, _> = (results.finals.keys())
        .map(|name| (name.clone(), results.status(name) == "failed"))
        .collect();
    assert_eq!(finals, expected);
}

/// The processes that were started with this temporary directory: those of a run of the project, and
/// all that they have started, whatever group or session they are in.
#[cfg(target_os = "linux")]
fn processes_of(project: &Project) -> Vec<String> {
    let marker = format!("TMPDIR={}\0", project.path("tmp").display());
    let all = fs::read_dir("/proc").unwrap().flatten();
    let of_run = all.filter_map(|entry| {
        let environment = fs::read(entry.path().join("environ")).ok()?;
        let mut variables = environment.split_inclusive(|byte| *byte == 0);
        variables.find(|variable| *variable == marker.as_bytes())?;
        let command = fs::read(entry.path().join("cmdline")).unwrap_or_default();
        let command = String::from_utf8_lossy(&command).replace('\0', " ");
        let stat = fs::read_to_string(entry.path().join("stat")).unwrap_or_default();
        let group = stat
            .rsplit_once(") ")
            .and_then(|(_, rest)| rest.split(' ').nth(2));
        let group = group.unwrap_or("unknown");
        let id = entry.file_name();
        Some(format!("{} in group {group}: {command}", id.display()))
    });
    of_run.collect()
}

/// Elsewhere the environment of others cannot be read; the processes in `pids` must do.
#[cfg(not(target_os = "linux"))]
fn processes_of(_: &Project) -> Vec<String> {
    Vec::new()
}

/// Expects that the processes in `pids` and all others of the run are gone, and the temporary directory
/// is empty.
fn nothing_left(project: &Project) {
    all_end(project, "the run");
    if let Ok(pids) = fs::read_to_string(project.path("pids")) {
        for pid in pids.lines() {
            until(&format!("process {pid} ends"), || !alive(pid));
        }
    }
    let left: Vec<_> = fs::read_dir(project.path("tmp"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert_eq!(left, Vec::<std::path::PathBuf>::new());
}

/// Expects that all processes of a run end by themselves.
fn all_end(project: &Project, when: &str) {
    let late = Instant::now() + PATIENCE;
    loop {
        let left = processes_of(project);
        if left.is_empty() {
            return;
        }
        assert!(Instant::now() < late, "left over after {when}: {left:?}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn alive(pid: &str) -> bool {
    needs::ps();
    let output = Command::new("ps")
        .args(["-o", "stat=", "-p", pid])
        .output()
        .expect("ps");
    let state = String::from_utf8_lossy(&output.stdout);
    // What init has not reaped yet is gone all the same.
    !state.trim().is_empty() && !state.trim().starts_with('Z')
}

impl Results {
    /// The messages of the warnings.
    fn warnings(&self) -> Vec<&str> {
        let warnings = self
            .events
            .iter()
            .filter(|event| event["type"] == "warning");
        warnings
            .filter_map(|event| event["message"].as_str())
            .collect()
    }

    /// `passed`, `failed` and so on, or `not run`.
    fn status(&self, name: &str) -> &str {
        let event = &self.finals[name];
        event["status"].as_str().unwrap_or("not run")
    }

    /// Scenarios with their statuses: `a passed, b failed`.
    fn statuses(&self) -> String {
        let all: Vec<_> = self
            .finals
            .keys()
            .map(|name| format!("{name} {}", self.status(name)))
            .collect();
        all.join(", ")
    }

    /// What an attempt printed, as text.
    fn output(&self, name: &str) -> &str {
        self.finals[name]["output"]["text"].as_str().unwrap_or("")
    }

    /// The errors of a scenario, those of its steps and those outside of them.
    fn errors(&self, name: &str) -> Vec<String> {
        let scenario = &self.finals[name]["scenario"];
        let of_steps = self
            .events
            .iter()
            .filter(|event| event["type"] == "step_finished" && event["scenario"] == *scenario)
            .map(|event| {
                (
                    format!("step {}: ", event["step"]),
                    &event["result"]["error"],
                )
            });
        let outside = self.finals[name]["errors"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|error| (String::new(), error));
        of_steps
            .chain(outside)
            .filter_map(|(place, error)| Some(place + error["message"].as_str()?))
            .collect()
    }

    /// The messages of errors of the run.
    fn run_errors(&self) -> Vec<&str> {
        self.events
            .iter()
            .filter(|event| event["type"] == "run_error")
            .map(|event| event["message"].as_str().unwrap())
            .collect()
    }

    fn case(&self, name: &str) -> &Case {
        self.cases.iter().find(|case| case.name == name).unwrap()
    }
}
