//! Whatever is planned and however many workers there are: each scenario has one result, the same.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::*;

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
    fn tried(&self, name: &str) -> Vec<&str> {
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
