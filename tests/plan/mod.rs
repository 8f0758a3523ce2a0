//! What is taken, in which order, in which part; and how the parts are put together again.

mod changed;
mod failed;
mod history;
mod laws;
mod merge;
mod names;
mod orders;
mod past;
mod replay_memory;
mod report;
mod rerun;
mod shards;
mod unexplained;

use serde_json::Value;

use crate::support::step_program::{naming, step_program};
use crate::support::{Bdd, Project};

/// A project that runs the step program of this repository.
fn project() -> Project {
    let project = Project::new();
    project.file("bdd.toml", naming(&step_program()));
    project
}

/// A feature whose scenarios have one step each.
fn feature(title: &str, scenarios: &[(&str, &str)]) -> String {
    let mut text = format!("Feature: {title}\n");
    for (name, step) in scenarios {
        text += &format!("  Scenario: {name}\n    * {step}\n");
    }
    text
}

/// A feature that does not parse.
const NO_GHERKIN: &str = "Feature: Bad\n  Scenario: Bad\n    * a step\n    nonsense\n";

const PASSES: &str = "a step that passes";
const FAILS: &str = "a step that fails with \"it\"";

/// Prepares a run of one worker with its events in `events.jsonl`.
fn run(project: &Project, arguments: &[&str]) -> Bdd {
    let always = ["run", "-j1", "-f", "progress", "-f", "events:events.jsonl"];
    project.bdd(always.iter().chain(arguments))
}

/// The events of the last run.
fn events(project: &Project) -> Vec<Value> {
    let text = project.read("events.jsonl");
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// The names of the scenarios in the order in which they were started.
fn started(project: &Project) -> Vec<String> {
    let events = events(project);
    let mut names = std::collections::HashMap::new();
    for event in events.iter().filter(|one| one["type"] == "feature_planned") {
        for scenario in event["feature"]["scenarios"].as_array().unwrap() {
            let name = scenario["name"].as_str().unwrap().to_owned();
            names.insert(scenario["index"].as_u64().unwrap(), name);
        }
    }
    let started = events
        .iter()
        .filter(|one| one["type"] == "scenario_started");
    started
        .map(|event| names[&event["scenario"].as_u64().unwrap()].clone())
        .collect()
}
