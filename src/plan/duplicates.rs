//! Warnings about what a feature file has twice, and about examples that make no scenario beside others that do.

use std::collections::hash_map::Entry;
use std::sync::Arc;

use foldhash::{HashMap, HashMapExt};

use super::Location;
use super::warnings::{FeatureWarning, Warnings};
use crate::gherkin::{Examples, Feature, FeatureChild, RuleChild, Scenario, TableRow};
use crate::rule::LintRule;

/// The warnings of one file.
pub(super) fn duplicates(uri: &Arc<str>, feature: &Feature<'_>) -> Vec<FeatureWarning> {
    let mut warnings = Warnings::new(uri);
    let own = feature.children.iter().filter_map(|child| match child {
        FeatureChild::Scenario(scenario) => Some(scenario),
        _ => None,
    });
    scenarios(own, &mut warnings);
    for child in &feature.children {
        if let FeatureChild::Rule(rule) = child {
            let own = rule.children.iter().filter_map(|child| match child {
                RuleChild::Scenario(scenario) => Some(scenario),
                RuleChild::Background(_) => None,
            });
            scenarios(own, &mut warnings);
        }
    }
    warnings.into_list()
}

/// The scenarios of a feature or of a rule: a report names the rule too, so two rules may have the same names.
fn scenarios<'s>(all: impl Iterator<Item = &'s Scenario<'s>>, warnings: &mut Warnings<'_>) {
    let mut names: HashMap<&str, Location> = HashMap::new();
    for scenario in all {
        // The values of its rows make the names of an outline differ.
        let is_template = !scenario.examples.is_empty() && scenario.name.contains('<');
        if !scenario.name.is_empty() && !is_template {
            match names.entry(scenario.name) {
                Entry::Vacant(new) => {
                    new.insert(scenario.location);
                }
                Entry::Occupied(first) => warnings.add(
                    LintRule::DuplicateName,
                    scenario.location,
                    format!(
                        "the name `{}` is also that of the scenario in line {}: reports can hardly tell them apart",
                        scenario.name,
                        first.get().line
                    ),
                ),
            }
        }
        let some_rows = (scenario.examples.iter()).any(|examples| examples.table_body().len() > 0);
        for examples in &scenario.examples {
            if some_rows && examples.table_body().len() == 0 {
                warnings.add(
                    LintRule::NoRows,
                    examples.location,
                    without_rows(examples).to_owned(),
                );
            }
            if let Some(header) = examples.table_header() {
                columns(header, warnings);
            }
        }
    }
}

fn without_rows(examples: &Examples<'_>) -> &'static str {
    match examples.table_header() {
        Some(_) => "these examples have no rows below their header: they make no scenario",
        None => "these examples have no table: they make no scenario",
    }
}

fn columns(header: TableRow<'_>, warnings: &mut Warnings<'_>) {
    let mut seen: HashMap<&str, usize> = HashMap::with_capacity(header.cells.len());
    for (number, cell) in (1..).zip(header.cells) {
        if cell.value.is_empty() {
            continue;
        }
        match seen.entry(&cell.value) {
            Entry::Vacant(new) => {
                new.insert(number);
            }
            Entry::Occupied(first) => warnings.add(
                LintRule::DuplicateColumn,
                cell.location,
                format!(
                    "column {number} has the same name as column {}: `<{}>` takes its values from the first",
                    first.get(),
                    cell.value
                ),
            ),
        }
    }
}
