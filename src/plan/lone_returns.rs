//! Carriage returns without a line feed. Gherkin does not end a line there, but many editors do: what looks like steps,
//! scenarios or rows of their own belongs to the line above.

use std::ops::RangeInclusive;
use std::sync::Arc;

use super::Location;
use super::warnings::{FeatureWarning, Warnings};
use crate::gherkin::{Feature, FeatureChild, RuleChild, Step};
use crate::rule::LintRule;

/// A warning for each line with text behind such a character. In a docstring it may be meant.
pub(super) fn lone_returns(
    uri: &Arc<str>,
    source: &str,
    feature: Option<&Feature<'_>>,
) -> Vec<FeatureWarning> {
    if !source.contains('\r') {
        return Vec::new();
    }
    let mut warnings = Warnings::new(uri);
    let doc_strings = feature.map(doc_strings).unwrap_or_default();
    for (number, line) in (1..).zip(source.lines()) {
        let Some((before, rest)) = line.split_once('\r') else {
            continue;
        };
        let rest = rest.trim();
        if rest.is_empty() || doc_strings.iter().any(|lines| lines.contains(&number)) {
            continue;
        }
        let column = u32::try_from(before.chars().count()).unwrap_or(u32::MAX - 1) + 1;
        let location = Location {
            line: number,
            column,
        };
        let first = rest.split('\r').next().unwrap_or(rest).trim_end();
        warnings.add(
            LintRule::IgnoredText,
            location,
            format!(
                "`{first}` belongs to the line before it: a carriage return does not end a line; write a line feed"
            ),
        );
    }
    warnings.into_list()
}

/// The lines of the docstrings.
fn doc_strings(feature: &Feature<'_>) -> Vec<RangeInclusive<u32>> {
    let mut found = Vec::new();
    let mut add = |steps: &[Step<'_>]| {
        for text in steps.iter().filter_map(|step| step.doc_string.as_ref()) {
            let first = text.location.line;
            let lines = u32::try_from(text.content.split('\n').count()).unwrap_or(u32::MAX);
            found.push(first..=first.saturating_add(lines));
        }
    };
    for child in &feature.children {
        match child {
            FeatureChild::Background(background) => add(&background.steps),
            FeatureChild::Scenario(scenario) => add(&scenario.steps),
            FeatureChild::Rule(rule) => {
                for child in &rule.children {
                    match child {
                        RuleChild::Background(background) => add(&background.steps),
                        RuleChild::Scenario(scenario) => add(&scenario.steps),
                    }
                }
            }
        }
    }
    found
}
