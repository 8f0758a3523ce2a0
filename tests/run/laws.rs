//! Whatever is planned and however many workers there are: each scenario has one result, the same.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::*;

/// Steps, and what becomes of a scenario at them.
const STEPS: [(&str, &str); 10] = [
    ("a step that passes", "passed"),
    ("a step that prints \"noise\"", "passed"),
    ("a tally mark", "passed"),
    ("a step that sleeps 2 ms", "passed"),
    ("a step that fails with \"it\"", "failed"),
    ("a step that panics with \"it\"", "failed"),
    ("a step that is pending", "pending"),
    ("a step that exits with 0", "failed"),
    ("a step that aborts", "failed"),
    ("a step that nobody has written", "undefined"),
];

/// What the scenario comes to: its first step that does not pass decides, but a step that is not
/// defined is worse than all but a failure.
fn expected(steps: &[usize]) -> &'static str {
    let ran = steps
        .iter()
        .map(|&step| STEPS[step].1)
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

#[test]
fn every_scenario_has_one_result_for_any_number_of_workers() {
    let mut runner = TestRunner::new(Config {
        cases: 12,
        failure_persistence: None,
        ..Config::default()
    });
    runner
        .run(&(features(), 2..5_u32), |(features, jobs)| {
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
                        all.insert(format!("{name}.{row}"), expected(steps));
                    }
                    if !outline {
                        all.insert(name, expected(steps));
                    }
                }
                project.file(&format!("features/f{number}.feature"), text);
            }
            let good = all.values().all(|status| *status == "passed");
            for jobs in [1, jobs] {
                let outcome =
                    run(&project, &["-j", &jobs.to_string()]).exits(if good { 0 } else { 1 });
                let results = results(&project, &outcome);
                assert_eq!(results.run_errors(), [""; 0]);
                for (name, status) in &all {
                    if results.status(name) != *status {
                        outcome.fail(&format!("{name} should be {status}"));
                    }
                }
            }
            Ok(())
        })
        .unwrap();
}
