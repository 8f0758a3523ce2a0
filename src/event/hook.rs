//! Hooks: their definitions, what they run for, and their results.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{CapturedOutput, SourceLocation, Status, StepError};

/// A registered hook.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Hook {
    /// What it runs before or after.
    pub kind: HookKind,
    /// Its name, if it has one.
    pub name: Option<String>,
    /// The tag expression that selects where it applies; `None` if it applies everywhere.
    pub tags: Option<String>,
    /// Where the function stands.
    pub location: SourceLocation,
    /// The name of the function.
    pub function: String,
}

/// What a hook runs before or after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum HookKind {
    BeforeRun,
    AfterRun,
    BeforeAll,
    AfterAll,
    BeforeFeature,
    AfterFeature,
    BeforeRule,
    AfterRule,
    BeforeScenario,
    AfterScenario,
    BeforeStep,
    AfterStep,
}

impl HookKind {
    /// All kinds, in the order of their declaration.
    pub const ALL: [HookKind; 12] = [
        Self::BeforeRun,
        Self::AfterRun,
        Self::BeforeAll,
        Self::AfterAll,
        Self::BeforeFeature,
        Self::AfterFeature,
        Self::BeforeRule,
        Self::AfterRule,
        Self::BeforeScenario,
        Self::AfterScenario,
        Self::BeforeStep,
        Self::AfterStep,
    ];

    /// The kind of this name; `None` if there is none.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The name in the protocol, such as `before_all`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::BeforeRun => "before_run",
            Self::AfterRun => "after_run",
            Self::BeforeAll => "before_all",
            Self::AfterAll => "after_all",
            Self::BeforeFeature => "before_feature",
            Self::AfterFeature => "after_feature",
            Self::BeforeRule => "before_rule",
            Self::AfterRule => "after_rule",
            Self::BeforeScenario => "before_scenario",
            Self::AfterScenario => "after_scenario",
            Self::BeforeStep => "before_step",
            Self::AfterStep => "after_step",
        }
    }

    /// Whether it is an opening hook.
    #[must_use]
    pub fn is_before(self) -> bool {
        matches!(
            self,
            Self::BeforeRun
                | Self::BeforeAll
                | Self::BeforeFeature
                | Self::BeforeRule
                | Self::BeforeScenario
                | Self::BeforeStep
        )
    }

    /// Whether it runs inside a step, when it runs in a scenario; `None` for one that runs in none.
    #[must_use]
    pub(crate) fn needs_step(self) -> Option<bool> {
        match self {
            Self::BeforeStep | Self::AfterStep => Some(true),
            Self::BeforeScenario | Self::AfterScenario => Some(false),
            _ => None,
        }
    }

    /// Whether it runs for the run or a worker, and so for no feature.
    #[must_use]
    pub fn is_outside_features(self) -> bool {
        matches!(
            self,
            Self::BeforeRun | Self::AfterRun | Self::BeforeAll | Self::AfterAll
        )
    }
}

impl fmt::Display for HookKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// What a hook runs for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HookPlace {
    /// The run.
    Run,
    /// A worker, from 0.
    Worker(u32),
    /// A feature on a worker.
    Feature {
        /// The path as it is shown.
        uri: Arc<str>,
        /// The worker.
        worker: u32,
    },
    /// A rule on a worker.
    Rule {
        /// The path of its feature as it is shown.
        uri: Arc<str>,
        /// The line of the rule.
        line: u32,
        /// The worker.
        worker: u32,
    },
    /// An attempt at a scenario.
    Scenario {
        /// The scenario.
        scenario: u32,
        /// The attempt.
        attempt: u32,
    },
    /// A step of an attempt, between its `started` and its `finished`.
    Step {
        /// The scenario.
        scenario: u32,
        /// The attempt.
        attempt: u32,
        /// The step.
        step: u32,
    },
}

/// All that is known about a finished hook.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HookResult {
    /// Passed, failed, pending or skipped. Skipped means that it asked to skip what comes after it.
    pub status: Status,
    /// How long it ran, in nanoseconds.
    pub nanos: u64,
    /// Why it did not pass.
    pub error: Option<StepError>,
    /// What it printed, if it runs outside of scenarios. Otherwise the attempt has the output.
    pub output: Option<CapturedOutput>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_when_hooks_run_and_are_those_of_the_events() {
        for (position, kind) in HookKind::ALL.into_iter().enumerate() {
            let name = kind.name();
            assert_eq!(kind as usize, position);
            assert_eq!(HookKind::find(name), Some(kind));
            assert_eq!(kind.is_before(), name.starts_with("before_"));
            let outside = name.ends_with("_run") || name.ends_with("_all");
            assert_eq!(kind.is_outside_features(), outside);
            assert_eq!(serde_json::to_value(kind).unwrap(), name);
        }
        assert_eq!(HookKind::find("before_everything"), None);
    }
}
