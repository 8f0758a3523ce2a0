//! Columns of examples that no step uses.

use super::FileFindings;
use super::walk::scenarios;
use crate::gherkin::{Scenario, Step};
use crate::rule::LintRule;

/// A finding for each column whose placeholder stands neither in the name nor in the steps of its outline.
pub(super) fn unused_columns(findings: &mut FileFindings<'_, '_>) {
    let file = findings.file;
    let Some(feature) = &file.document.feature else {
        return;
    };
    for placed in scenarios(feature) {
        let scenario = placed.scenario;
        for examples in &scenario.examples {
            let header = examples.table_header().into_iter();
            for cell in header.flat_map(|header| header.cells) {
                if !cell.value.is_empty() && !is_used(scenario, &cell.value) {
                    let message = format!(
                        "the outline does not use the column `{}`: write `<{0}>` in a step, or remove the column",
                        cell.value
                    );
                    findings.add(LintRule::UnusedColumn, cell.location, message);
                }
            }
        }
    }
}

fn is_used(scenario: &Scenario<'_>, column: &str) -> bool {
    let placeholder = format!("<{column}>");
    let has = |text: &str| text.contains(&placeholder);
    let in_step = |step: &Step<'_>| {
        let rows = step.data_table.iter().flat_map(|table| table.rows());
        let mut cells = rows.flat_map(|row| row.cells);
        let in_text = (step.doc_string.as_ref())
            .is_some_and(|text| has(&text.content) || text.media_type.is_some_and(has));
        has(step.text) || in_text || cells.any(|cell| has(&cell.value))
    };
    has(scenario.name) || scenario.steps.iter().any(in_step)
}
