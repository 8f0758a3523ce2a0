//! Scenarios and outlines that are too long to read.

use super::FileFindings;
use super::walk::scenarios;
use crate::rule::{LintRule, MOST_ROWS, MOST_STEPS};

/// A finding for each long scenario and outline of a file.
pub(super) fn long_blocks(findings: &mut FileFindings<'_, '_>) {
    let file = findings.file;
    let Some(feature) = &file.document.feature else {
        return;
    };
    for placed in scenarios(feature) {
        let scenario = placed.scenario;
        let steps = scenario.steps.len();
        if steps > MOST_STEPS {
            let message =
                format!("this scenario has {steps} steps; more than {MOST_STEPS} are hard to read");
            findings.add(LintRule::LongScenario, scenario.location, message);
        }
        let rows = scenario.examples.iter();
        let rows: usize = rows.map(|examples| examples.table_body().len()).sum();
        if rows > MOST_ROWS {
            let message =
                format!("this outline has {rows} rows; more than {MOST_ROWS} are hard to read");
            findings.add(LintRule::LongOutline, scenario.location, message);
        }
    }
}
