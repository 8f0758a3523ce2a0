//! Findings that only a step program makes possible: steps that miss a definition by a little, and definitions that
//! nothing uses or that match the same text.

use std::collections::HashSet;
use std::sync::Arc;

use super::LintFinding;
use crate::gherkin::Location;
use crate::plan::Plan;
use crate::rule::LintRule;
use crate::step_catalogue::{CatalogueEntry, StepCatalogue};

/// Adds the findings about the steps of a plan and about the definitions. `all_features` says whether the plan has
/// everything that could use a definition.
pub fn step_findings(
    catalogue: &mut StepCatalogue,
    plan: &Plan,
    all_features: bool,
    findings: &mut Vec<LintFinding>,
) {
    near_steps(catalogue, plan, findings);
    for (position, entry) in catalogue.entries().iter().enumerate() {
        if all_features && entry.uses() == 0 && is_of_project(entry) {
            let pattern = &entry.definition().pattern;
            let message = format!("no step uses the definition `{pattern}`: remove it");
            findings.push(finding(LintRule::UnusedDefinition, entry, message));
        }
        // Each knows the other. The later one is reported, because it is probably newer.
        let earlier = entry.overlaps().iter().find(|one| one.with < position);
        if let Some(overlap) = earlier {
            let other = &catalogue.entries()[overlap.with];
            let (entry, other) = match is_of_project(entry) {
                true => (entry, other),
                false => (other, entry),
            };
            if is_of_project(entry) {
                let message = format!(
                    "the definitions `{}` and `{}` ({}) both match `{}`: a step with this text is ambiguous",
                    entry.definition().pattern,
                    other.definition().pattern,
                    place(other),
                    overlap.text
                );
                findings.push(finding(LintRule::DuplicateDefinition, entry, message));
            }
        }
    }
}

/// Undefined steps that are near a definition, each place once: an outline has a step for each row.
fn near_steps(catalogue: &mut StepCatalogue, plan: &Plan, findings: &mut Vec<LintFinding>) {
    let mut seen = HashSet::new();
    for feature in &plan.features {
        for step in feature.scenarios.iter().flat_map(|one| &one.steps) {
            if seen.contains(&(&feature.uri, step.location)) {
                continue;
            }
            if let Some(hint) = catalogue.hint_if_undefined(&feature.uri, step) {
                seen.insert((&feature.uri, step.location));
                findings.push(near_step(&feature.uri, step.location, &hint));
            }
        }
    }
}

/// The finding about an undefined step that is near a definition.
pub fn near_step(uri: &Arc<str>, location: Location, hint: &str) -> LintFinding {
    LintFinding {
        rule: LintRule::NearStep,
        uri: Arc::clone(uri),
        location,
        message: format!("no definition matches this step; {hint}"),
        fix: None,
    }
}

fn finding(rule: LintRule, entry: &CatalogueEntry, message: String) -> LintFinding {
    let place = &entry.definition().location;
    LintFinding {
        rule,
        uri: place.file.as_str().into(),
        location: Location {
            line: place.line.max(1),
            column: place.column.max(1),
        },
        message,
        fix: None,
    }
}

fn place(entry: &CatalogueEntry) -> String {
    let place = &entry.definition().location;
    format!("{}:{}", place.file, place.line)
}

/// Whether the definition is the project's own. A library has definitions for everyone, and no project needs all.
fn is_of_project(entry: &CatalogueEntry) -> bool {
    let file = &entry.definition().location.file;
    let mut folders = file.split('/').rev().skip(1);
    let is_outside = file.starts_with('/') || file.starts_with("../");
    !is_outside && !folders.any(|folder| folder.starts_with('.') || folder == "site-packages")
}
