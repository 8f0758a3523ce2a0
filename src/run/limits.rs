//! Time limits from settings and tags. This is policy: it knows no worker and no clock.

use std::sync::Arc;
use std::time::Duration;

use crate::event::{Fault, Limited};
use crate::plan::TagDirectives;

use super::Options;
use crate::config::TimeLimit;

/// When a step or hook counts as slow if no setting says it.
const SLOW: Duration = Duration::from_secs(60);

/// A time limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// What it is for.
    pub of: Limited,
    /// The limit.
    pub time: Duration,
    /// What says so.
    source: &'static str,
}

impl Limit {
    fn new(of: Limited, time: TimeLimit) -> Self {
        Self {
            of,
            time: time.duration(),
            source: match of {
                Limited::Step => "step-timeout",
                Limited::Hook => "hook-timeout",
                Limited::Scenario => "scenario-timeout",
            },
        }
    }

    /// The fault of an attempt that reaches this limit.
    pub fn fault(&self) -> Fault {
        Fault::TimedOut {
            of: self.of,
            limit: u64::try_from(self.time.as_nanos()).unwrap_or(u64::MAX),
        }
    }
}

/// As the rest of a sentence: "took longer than 1s (`step-timeout`)".
impl std::fmt::Display for Limit {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { time, source, .. } = self;
        write!(formatter, "took longer than {time:?} (`{source}`)")
    }
}

/// The limits of an attempt at a scenario.
#[derive(Debug, Clone, Copy, Default)]
pub struct Limits {
    /// Of each of its steps.
    pub step: Option<Limit>,
    /// Of the whole attempt.
    pub scenario: Option<Limit>,
}

impl Options {
    /// The limits of an attempt at a scenario with these tags. `@timeout` is for scenarios that are known to
    /// take long, so each of their steps may take as long.
    pub(super) fn limits(&self, tags: &[Arc<str>]) -> Limits {
        if self.run.is_attended() {
            return Limits::default();
        }
        if let Some(tag) = TagDirectives::of(tags).timeout {
            return Limits {
                step: None,
                scenario: Some(Limit {
                    source: "@timeout",
                    ..Limit::new(Limited::Scenario, tag)
                }),
            };
        }
        let limit = |of, time: Option<TimeLimit>| time.map(|time| Limit::new(of, time));
        Limits {
            step: limit(Limited::Step, self.run.step_timeout),
            scenario: limit(Limited::Scenario, self.run.scenario_timeout),
        }
    }

    /// The limit of a hook. A hook after a timed-out scenario always has one, because the cause of the hang
    /// could otherwise hang the run.
    pub(super) fn hook_limit(&self, after_timeout: bool) -> Option<Limit> {
        let limit = self
            .run
            .hook_timeout
            .map(|limit| Limit::new(Limited::Hook, limit));
        let closing = || Limit {
            of: Limited::Hook,
            time: self.finish_timeout,
            source: "finish-timeout",
        };
        let limit = limit.or_else(|| after_timeout.then(closing));
        limit.filter(|_| !self.run.is_attended())
    }

    /// When a step or hook with this limit counts as slow.
    pub(super) fn slow_after(&self, limit: Option<Limit>) -> Duration {
        match (self.run.slow_after, limit) {
            (Some(slow), _) => slow.duration(),
            (None, Some(limit)) => (limit.time / 2).min(SLOW),
            (None, None) => SLOW,
        }
    }
}
