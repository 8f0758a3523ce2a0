//! The kinds of hooks.

/// What a hook runs before or after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
    /// Its name in the protocol, which is that of its attribute.
    pub(crate) const fn name(self) -> &'static str {
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

    /// Whether it always needs all scenarios of a feature on one worker.
    pub(crate) const fn is_of_feature(self) -> bool {
        matches!(
            self,
            Self::BeforeFeature | Self::AfterFeature | Self::BeforeRule | Self::AfterRule
        )
    }
}
