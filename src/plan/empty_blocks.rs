//! Warnings for files and blocks that make no scenario or test nothing: what is missing, and what to write.

use std::sync::Arc;

use super::Location;
use super::warnings::{FeatureWarning, Warnings};
use crate::discover::FeatureFile;
use crate::gherkin::{
    Background, Dialect, Feature, FeatureChild, Flavor, Rule, RuleChild, Scenario,
};
use crate::rule::LintRule;

/// The warning for a file without scenarios, which no other warning explains.
pub(super) fn no_scenarios(
    file: &FeatureFile,
    source: &str,
    feature: Option<&Feature<'_>>,
) -> FeatureWarning {
    let dialect = feature.map_or_else(Dialect::english, |feature| dialect_of(feature));
    let scenario = scenario_keyword(dialect);
    let message = match feature {
        _ if file.uri.ends_with(".md") => format!(
            "this file has no scenarios: in Markdown they begin with a heading such as `## {scenario}: …`"
        ),
        None => {
            let what = if source.trim().is_empty() {
                "is empty"
            } else {
                "has only comments"
            };
            format!(
                "this file {what}: a feature file begins with `{}: …`; write one or delete the file",
                dialect.feature[0]
            )
        }
        Some(_) => format!(
            "this feature has no scenarios: write `{scenario}: …` with steps below it, or delete the file"
        ),
    };
    FeatureWarning {
        rule: LintRule::NoScenarios,
        message,
        uri: file.uri.clone(),
        location: feature.map_or(Location { line: 1, column: 1 }, |feature| feature.location),
        is_ignored: false,
    }
}

/// The warnings about the blocks of one file. A rule is left out where a warning of `others` explains why it is
/// empty.
pub(super) fn empty_blocks(
    uri: &Arc<str>,
    feature: &Feature<'_>,
    flavor: Flavor,
    others: &[FeatureWarning],
) -> Vec<FeatureWarning> {
    let mut blocks = EmptyBlocks {
        dialect: dialect_of(feature),
        flavor,
        warnings: Warnings::new(uri),
    };
    for (at, child) in feature.children.iter().enumerate() {
        match child {
            FeatureChild::Background(background) => blocks.background(background),
            FeatureChild::Scenario(scenario) => blocks.outline(scenario),
            FeatureChild::Rule(rule) => {
                let end = feature.children.get(at + 1).map_or(u32::MAX, line_of);
                let lines = rule.location.line..end;
                let is_explained =
                    (others.iter()).any(|warning| lines.contains(&warning.location.line));
                blocks.rule(rule, is_explained);
            }
        }
    }
    blocks.warnings.into_list()
}

fn line_of(child: &FeatureChild<'_>) -> u32 {
    match child {
        FeatureChild::Background(background) => background.location.line,
        FeatureChild::Scenario(scenario) => scenario.location.line,
        FeatureChild::Rule(rule) => rule.location.line,
    }
}

fn dialect_of(feature: &Feature<'_>) -> &'static Dialect {
    Dialect::find(feature.language).unwrap_or_else(Dialect::english)
}

/// In most languages the first keyword is the one for `Example`, which is rarely used.
fn scenario_keyword(dialect: &Dialect) -> &'static str {
    dialect.scenario.last().copied().unwrap_or("Scenario")
}

struct EmptyBlocks<'f> {
    flavor: Flavor,
    dialect: &'static Dialect,
    warnings: Warnings<'f>,
}

impl EmptyBlocks<'_> {
    fn background(&mut self, background: &Background<'_>) {
        if background.steps.is_empty() {
            self.warnings.add(
                LintRule::EmptyBackground,
                background.location,
                "this background has no steps: write some below it, or remove it".to_owned(),
            );
        }
    }

    fn rule(&mut self, rule: &Rule<'_>, is_explained: bool) {
        let mut scenarios = 0;
        for child in &rule.children {
            match child {
                RuleChild::Background(background) => self.background(background),
                RuleChild::Scenario(scenario) => {
                    scenarios += 1;
                    self.outline(scenario);
                }
            }
        }
        if scenarios == 0 && !is_explained {
            let scenario = scenario_keyword(self.dialect);
            self.warnings.add(
                LintRule::NoScenarios,
                rule.location,
                format!(
                    "this rule has no scenarios: write `{scenario}: …` with steps below it, or remove it"
                ),
            );
        }
    }

    fn outline(&mut self, scenario: &Scenario<'_>) {
        let has_rows = (scenario.examples.iter()).any(|examples| examples.table_body().len() > 0);
        if has_rows {
            return;
        }
        let message = if !scenario.examples.is_empty() {
            "this outline has no rows of examples: it makes no scenario"
        } else if self.dialect.scenario_outline.contains(&scenario.keyword) {
            match self.flavor {
                Flavor::Standard => {
                    "this outline has no examples: it is one scenario, with its placeholders as they are"
                }
                Flavor::Behave => "this outline has no examples: it makes no scenario",
            }
        } else {
            return;
        };
        self.warnings
            .add(LintRule::NoRows, scenario.location, message.to_owned());
    }
}
