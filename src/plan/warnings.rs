//! Warnings about feature files that parse.

use std::fmt;
use std::sync::Arc;

use super::Location;
use crate::discover::FeatureFile;
use crate::gherkin::{self, Dialect, Feature};

/// Something in a feature file that is probably a mistake, but does not keep it from running.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeatureWarning {
    /// One line, lower case, without a full stop.
    pub message: String,
    /// The file as it is shown.
    pub uri: Arc<str>,
    /// Where.
    pub location: Location,
}

impl fmt::Display for FeatureWarning {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{}:{}: {}",
            self.uri, self.location.line, self.message
        )
    }
}

/// The warning for a file without scenarios if no other warning says why.
pub(super) fn no_scenarios(file: &FeatureFile) -> FeatureWarning {
    let message = if file.uri.ends_with(".md") {
        "this file has no scenarios: in Markdown they begin with a heading such as `## Scenario: …`"
    } else {
        "this file has no scenarios"
    };
    FeatureWarning {
        message: message.to_owned(),
        uri: file.uri.clone(),
        location: Location { line: 1, column: 1 },
    }
}

/// Warnings for outlines that make no scenario, which is easily overlooked.
pub(super) fn empty_outlines(file: &FeatureFile, feature: &Feature<'_>) -> Vec<FeatureWarning> {
    if file.lines.is_some() {
        return Vec::new();
    }
    let dialect = Dialect::find(feature.language).unwrap_or_else(Dialect::english);
    feature
        .children
        .iter()
        .flat_map(|child| match child {
            gherkin::FeatureChild::Background(_) => Vec::new(),
            gherkin::FeatureChild::Scenario(scenario) => vec![scenario],
            gherkin::FeatureChild::Rule(rule) => rule
                .children
                .iter()
                .filter_map(|child| match child {
                    gherkin::RuleChild::Scenario(scenario) => Some(scenario),
                    gherkin::RuleChild::Background(_) => None,
                })
                .collect(),
        })
        .filter_map(|scenario| {
            let rows = scenario
                .examples
                .iter()
                .any(|examples| !examples.table_body.is_empty());
            let message = if rows {
                return None;
            } else if !scenario.examples.is_empty() {
                "this outline has no rows of examples: it makes no scenario"
            } else if dialect.scenario_outline.contains(&scenario.keyword) {
                "this outline has no examples: it is one scenario, with its placeholders as they are"
            } else {
                return None;
            };
            Some(FeatureWarning {
                message: message.to_owned(),
                uri: file.uri.clone(),
                location: scenario.location,
            })
        })
        .collect()
}
