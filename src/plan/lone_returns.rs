//! Carriage returns without a line feed. Gherkin does not end a line there, but many editors do: what looks like steps,
//! scenarios or rows of their own belongs to the line above.

use std::ops::RangeInclusive;
use std::sync::Arc;

use super::Location;
use super::warnings::{FeatureWarning, Warnings};
use crate::gherkin::{Feature, FeatureChild, RuleChild, width};
use crate::rule::LintRule;

/// A warning for each line with text after such a character. In a docstring it may be meant.
pub(super) fn lone_returns(
    uri: &Arc<str>,
    source: &str,
    feature: Option<&Feature<'_>>,
) -> Vec<FeatureWarning> {
    if !source.contains('\r') {
        return Vec::new();
    }
    let mut warnings = Warnings::new(uri);
    let lines = (1..).zip(source.lines());
    let split = lines.filter_map(|(number, line)| Some((number, line.split_once('\r')?)));
    // Both are in the order of the file.
    let mut doc_strings = feature.into_iter().flat_map(doc_strings).peekable();
    for (number, (before, rest)) in split {
        while doc_strings.next_if(|lines| *lines.end() < number).is_some() {}
        let rest = rest.trim();
        if rest.is_empty() || (doc_strings.peek()).is_some_and(|lines| lines.contains(&number)) {
            continue;
        }
        let location = Location {
            line: number,
            column: width(before).saturating_add(1),
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
fn doc_strings<'d>(feature: &'d Feature<'_>) -> impl Iterator<Item = RangeInclusive<u32>> + 'd {
    let steps = feature.children.iter().flat_map(|child| match child {
        FeatureChild::Background(background) => vec![&background.steps],
        FeatureChild::Scenario(scenario) => vec![&scenario.steps],
        FeatureChild::Rule(rule) => {
            let children = rule.children.iter();
            let steps = children.map(|child| match child {
                RuleChild::Background(background) => &background.steps,
                RuleChild::Scenario(scenario) => &scenario.steps,
            });
            steps.collect()
        }
    });
    let texts = steps.flatten().filter_map(|step| step.doc_string.as_ref());
    texts.map(|text| {
        let first = text.location.line;
        let lines = u32::try_from(text.content.split('\n').count()).unwrap_or(u32::MAX);
        first..=first.saturating_add(lines)
    })
}
