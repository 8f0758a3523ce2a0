//! How long things may take: policy over settings and tags. It sees no worker and no clock.

use std::sync::Arc;
use std::time::Duration;

use crate::event::{Fault, Limited};
use crate::plan::Terms;

use super::Options;

/// From when on a step or hook is slow where nothing says so.
const SLOW: Duration = Duration::from_secs(60);

/// A time limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// What it is for.
    pub of: Limited,
    /// How long that may take.
    pub time: Duration,
    /// Whether a tag of the scenario says so.
    by_tag: bool,
}

impl Limit {
    fn new(of: Limited, time: Duration) -> Self {
        Self {
            of,
            time,
            by_tag: false,
        }
    }

    /// What ends an attempt that comes to this limit.
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
        let source = match self.of {
            _ if self.by_tag => "@timeout",
            Limited::Step => "step-timeout",
            Limited::Hook => "hook-timeout",
            Limited::Scenario => "scenario-timeout",
        };
        write!(formatter, "took longer than {:?} (`{source}`)", self.time)
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
    /// The limits of an attempt at a scenario with these tags. A tag may be for a scenario that is
    /// known to take long, so its steps may take as long.
    pub(super) fn limits(&self, tags: &[Arc<str>]) -> Limits {
        let step = self.step_timeout.map(|limit| limit.duration());
        let scenario = self.scenario_timeout.map(|limit| limit.duration());
        if !self.time_limits {
            return Limits::default();
        }
        let limit = |of, time: Option<Duration>| time.map(|time| Limit::new(of, time));
        match Terms::of(tags).timeout.map(|limit| limit.duration()) {
            None => Limits {
                step: limit(Limited::Step, step),
                scenario: limit(Limited::Scenario, scenario),
            },
            Some(tag) => Limits {
                step: limit(Limited::Step, step.filter(|step| *step > tag)),
                scenario: Some(Limit {
                    by_tag: true,
                    ..Limit::new(Limited::Scenario, tag)
                }),
            },
        }
    }

    /// The limit of a hook. One behind a scenario whose time is over must end some time, whatever
    /// the settings say.
    pub(super) fn hook_limit(&self, behind_timeout: bool) -> Option<Limit> {
        let time = self.hook_timeout.map(|limit| limit.duration());
        let time = time.or(behind_timeout.then_some(self.finish_timeout));
        let time = time.filter(|_| self.time_limits);
        time.map(|time| Limit::new(Limited::Hook, time))
    }

    /// From when on a step or hook with this limit is slow.
    pub(super) fn slow_after(&self, limit: Option<Limit>) -> Duration {
        match (self.slow_after, limit) {
            (Some(slow), _) => slow.duration(),
            (None, Some(limit)) => (limit.time / 2).min(SLOW),
            (None, None) => SLOW,
        }
    }
}
