//! What a step may know about where it is called from.

use std::sync::Arc;

use crate::protocol::{FeatureInfo, RunScenario};

/// The feature, scenario and step that run; a step function takes it as `&Context`.
#[derive(Debug)]
pub struct Context {
    pub(crate) feature: Arc<FeatureInfo>,
    pub(crate) scenario: RunScenario,
    pub(crate) step: usize,
}

impl Context {
    /// The path of the feature file, as reports show it.
    pub fn feature_uri(&self) -> &str {
        &self.feature.uri
    }

    /// The title of the feature.
    pub fn feature_name(&self) -> &str {
        &self.feature.name
    }

    /// The tags of the feature itself, each with its `@`.
    pub fn feature_tags(&self) -> &[String] {
        &self.feature.tags
    }

    /// The title of the rule that the scenario belongs to.
    pub fn rule(&self) -> Option<&str> {
        self.scenario.rule.as_ref().map(|rule| rule.name.as_str())
    }

    /// The title of the scenario, with the values of its outline's row.
    pub fn scenario_name(&self) -> &str {
        &self.scenario.name
    }

    /// The line of the scenario, or of its outline's row.
    pub fn scenario_line(&self) -> u32 {
        self.scenario.line
    }

    /// All tags that hold for the scenario, each with its `@`, inherited ones included.
    pub fn tags(&self) -> &[String] {
        &self.scenario.tags
    }

    /// Whether the scenario has a tag, which is given with its `@`.
    pub fn has_tag(&self, tag: &str) -> bool {
        self.scenario.tags.iter().any(|own| own == tag)
    }

    /// The attempt at this scenario: 0, or more when it is retried.
    pub fn attempt(&self) -> u32 {
        self.scenario.attempt
    }

    /// The text of the step.
    pub fn step_text(&self) -> &str {
        self.scenario
            .steps
            .get(self.step)
            .map_or("", |step| &step.text)
    }

    /// The line of the step.
    pub fn step_line(&self) -> u32 {
        self.scenario
            .steps
            .get(self.step)
            .map_or(0, |step| step.line)
    }
}
