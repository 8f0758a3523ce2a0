//! Whatever is planned and however many workers there are: each scenario has one result, the same.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::*;
use crate::support::HOOK_KINDS;

/// A step that fails in the first attempt only.
const FLAKY: &str = "a step that passes from attempt 1 on";

/// Steps, and what becomes of a scenario at them in its first attempt.
const STEPS: [(&str, &str); 11] = [
    ("a step that passes", "passed"),
    ("a step that prints \"noise\"", "passed"),
    ("a tally mark", "passed"),
    ("a step that sleeps 2 ms", "passed"),
    (FLAKY, "failed"),
    ("a step that fails with \"it\"", "failed"),
    ("a step that panics with \"it\"", "failed"),
    ("a step that is pending", "pending"),
    ("a step that exits with 0", "failed"),
    ("a step that aborts", "failed"),
    ("a step that nobody has written", "undefined"),
];

/// What an attempt comes to: its first step that does not pass decides, but a step that is not
/// defined is worse than all but a failure.
fn expected(steps: &[usize], attempt: u32) -> &'static str {
    let status = |step: usize| match STEPS[step] {
        (FLAKY, _) if attempt > 0 => "passed",
        (_, status) => status,
    };
    let ran = steps
        .iter()
        .map(|&step| status(step))
        .find(|status| *status != "passed");
    let undefined = steps.iter().any(|&step| STEPS[step].1 == "undefined");
    match ran {
        Some("failed") => "failed",
        _ if undefined => "undefined",
        Some(other) => other,
        None => "passed",
    }
}

type Scenario = Vec<usize>;

/// Features of scenarios; an outline has its scenario once for each row.
fn features() -> impl Strategy<Value = Vec<Vec<(Scenario, usize)>>> {
    // Most steps pass: otherwise no scenario gets far.
    let step = prop_oneof![8 => 0..4_usize, 2 => 4..STEPS.len()];
    let scenario = prop::collection::vec(step, 0..5);
    let feature = prop::collection::vec((scenario, 0..4_usize), 1..12);
    prop::collection::vec(feature, 1..5)
}

/// The statuses of all attempts, if failures are retried so often.
fn attempts(steps: &[usize], retries: u32) -> Vec<&'static str> {
    let mut attempts = vec![expected(steps, 0)];
    for attempt in 1..=retries {
        if attempts.last() == Some(&"failed") {
            attempts.push(expected(steps, attempt));
        }
    }
    attempts
}

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

#[test]
fn every_scenario_has_one_result_for_any_number_of_workers() {
    let mut runner = TestRunner::new(Config {
        cases: 12,
        failure_persistence: None,
        ..Config::default()
    });
    runner
        .run(
            &(features(), 2..5_u32, 0..2_u32),
            |(features, jobs, retries)| {
                let project = with_steps();
                let mut all = BTreeMap::new();
                for (number, scenarios) in features.iter().enumerate() {
                    let mut text = format!("Feature: F{number}\n");
                    for (position, (steps, rows)) in scenarios.iter().enumerate() {
                        let name = format!("s{number}.{position}");
                        let outline = *rows > 0;
                        text += if outline {
                            "  Scenario Outline: "
                        } else {
                            "  Scenario: "
                        };
                        text += &name;
                        text += if outline { ".<row>\n" } else { "\n" };
                        for &step in steps {
                            text += &format!("    * {}\n", STEPS[step].0);
                        }
                        if outline {
                            text += "    Examples:\n      | row |\n";
                        }
                        for row in 0..*rows {
                            text += &format!("      | {row} |\n");
                            all.insert(format!("{name}.{row}"), attempts(steps, retries));
                        }
                        if !outline {
                            all.insert(name, attempts(steps, retries));
                        }
                    }
                    project.file(&format!("features/f{number}.feature"), text);
                }
                let good = all
                    .values()
                    .all(|attempts| attempts.last() == Some(&"passed"));
                for jobs in [1, jobs] {
                    let outcome = run(
                        &project,
                        &["-j", &jobs.to_string(), "--retries", &retries.to_string()],
                    )
                    .exits(if good { 0 } else { 1 });
                    let results = results(&project, &outcome);
                    assert_eq!(results.run_errors(), [""; 0]);
                    for (name, attempts) in &all {
                        if results.tried(name) != *attempts {
                            outcome.fail(&format!("{name} should be {attempts:?}"));
                        }
                    }
                }
                Ok(())
            },
        )
        .unwrap();
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
            let Some(project) = with_fake(&(script + "serve_sharing()")) else {
                return Ok(());
            };
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
