//! Whatever is planned and however many workers there are: each scenario has one result, the same.

mod model;
mod plans;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::*;
use crate::support::HOOK_KINDS;

impl Results {
    /// The statuses of all attempts at a scenario. Fails unless they are numbered in order and all
    /// but the last say that another follows.
    pub(super) fn tried(&self, name: &str) -> Vec<&str> {
        let scenario = &self.finals[name]["scenario"];
        let of = |kind: &'static str| {
            self.events
                .iter()
                .filter(move |event| event["type"] == kind && event["scenario"] == *scenario)
        };
        let finished: Vec<_> = of("scenario_finished").collect();
        assert_eq!(of("scenario_started").count(), finished.len());
        for (number, event) in finished.iter().enumerate() {
            assert_eq!(event["attempt"], number, "{event}");
            assert_eq!(event["will_be_retried"], number + 1 < finished.len());
        }
        let statuses = finished.iter().map(|event| event["status"].as_str());
        statuses.map(|status| status.unwrap()).collect()
    }
}

/// What a hook does, as the step program of the tests reads it from its name.
const ACTS: [&str; 8] = [
    "passes",
    "passes too",
    "passes as well",
    "fails",
    "skips",
    "pends",
    "prints",
    "dies once",
];

/// Where a hook applies; the scenarios of a feature have one of the tags each.
const TAGS: [&str; 4] = ["", "@a", "not @b", "@whole"];

/// Whatever hooks do: each scenario has exactly one result (which [`results`] checks), each hook
/// that starts finishes, whole features stay whole, and a run in which all hooks pass is green.
#[test]
fn every_scenario_has_one_result_whatever_hooks_do() {
    let mut runner = TestRunner::new(Config {
        cases: 16,
        failure_persistence: None,
        ..Config::default()
    });
    let hook = (
        0..HOOK_KINDS.len(),
        prop_oneof![3 => 0..3_usize, 1 => 3..ACTS.len()],
        0..TAGS.len(),
    );
    let hooks = prop::collection::vec(hook, 0..6);
    let features = prop::collection::vec((prop::bool::ANY, 1..5_usize, 0..3_usize), 1..5);
    runner
        .run(&(hooks, features, 1..4_u32), |(hooks, features, jobs)| {
            let mut script = String::new();
            for (kind, act, tags) in &hooks {
                let tags = if *kind < 4 { "" } else { TAGS[*tags] };
                script += &format!(
                    "hook('{}', '{}', tags='{tags}')\n",
                    HOOK_KINDS[*kind], ACTS[*act]
                );
            }
            let project = with_fake(&(script + "serve_sharing()"));
            for (number, (whole, plain, in_rule)) in features.iter().enumerate() {
                let mut text = String::from(if *whole { "@whole\n" } else { "" });
                text += "Feature: F\n";
                let scenario = |name: String, tag: usize| {
                    format!(
                        "  @{}\n  Scenario: {name}\n    * it works\n",
                        ["a", "b"][tag % 2]
                    )
                };
                for position in 0..*plain {
                    text += &scenario(format!("f{number} s{position}"), position);
                }
                text += if *in_rule > 0 { "  Rule: R\n" } else { "" };
                for position in 0..*in_rule {
                    text += &scenario(format!("f{number} r{position}"), position);
                }
                project.file(&format!("features/f{number}.feature"), text);
            }
            let outcome = run(&project, &["-j", &jobs.to_string()]).run();
            let results = results(&project, &outcome);
            let of = |kind: &'static str| {
                let events = results
                    .events
                    .iter()
                    .filter(move |event| event["type"] == kind);
                events.map(|event| format!("{} {}", event["hook"], event["place"]))
            };
            let mut running: Vec<_> = of("hook_started").collect();
            for finished in of("hook_finished") {
                let Some(position) = running.iter().position(|started| *started == finished) else {
                    outcome.fail(&format!("{finished} was not started"));
                };
                running.swap_remove(position);
            }
            if !running.is_empty() {
                outcome.fail(&format!("{running:?} did not finish"));
            }
            let all_pass = hooks
                .iter()
                .all(|(_, act, _)| ACTS[*act].starts_with("p") && ACTS[*act] != "pends");
            if all_pass && outcome.code != Some(0) {
                outcome.fail("all hooks pass");
            }
            let started = results
                .events
                .iter()
                .filter(|event| event["type"] == "scenario_started");
            let mut workers: BTreeMap<String, Vec<u64>> = BTreeMap::new();
            let opens = |hook: &(usize, usize, usize)| {
                matches!(HOOK_KINDS[hook.0], "before_feature" | "after_feature") && hook.2 == 3
            };
            for event in started {
                let index = event["scenario"].as_u64().unwrap();
                let name = results
                    .finals
                    .iter()
                    .find(|(_, last)| last["scenario"] == index)
                    .unwrap()
                    .0;
                let feature = name.split(' ').next().unwrap().to_owned();
                workers
                    .entry(feature)
                    .or_default()
                    .push(event["worker"].as_u64().unwrap());
            }
            let nobody_dies = hooks.iter().all(|(_, act, _)| ACTS[*act] != "dies once");
            for (number, (whole, ..)) in features.iter().enumerate() {
                let ran = workers
                    .get(&format!("f{number}"))
                    .cloned()
                    .unwrap_or_default();
                if *whole
                    && nobody_dies
                    && hooks.iter().any(opens)
                    && ran.iter().any(|worker| *worker != ran[0])
                {
                    outcome.fail(&format!("feature {number} is spread over {ran:?}"));
                }
            }
            Ok(())
        })
        .unwrap();
}
