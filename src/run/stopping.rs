//! Decides when a run stops early: at a limit of failures, at its time limit, or on request. It knows no
//! worker.

use std::time::Instant;

use crate::config::MaxFailures;

use super::Options;

/// Whether and why a run stops.
#[derive(Debug)]
pub struct Stopping {
    /// How many failures there were.
    failures: u32,
    limit: Option<MaxFailures>,
    /// When the run reaches its time limit.
    deadline: Option<Instant>,
    /// Why nothing more is started.
    stopped: Option<String>,
    /// Why the run ends early: fixtures are closed, and workers that do not end in time are killed.
    winding_up: Option<String>,
}

/// A limit of failures that the run has reached.
#[derive(Debug, PartialEq, Eq)]
pub struct FailureLimit {
    /// Why nothing more is started.
    pub reason: String,
    /// Whether running scenarios are broken off.
    pub immediate: bool,
}

impl Stopping {
    /// A run that begins now.
    pub fn new(options: &Options) -> Self {
        let limit = options
            .run
            .run_timeout
            .filter(|_| !options.run.is_attended());
        Self {
            failures: 0,
            limit: options.run.max_failures,
            deadline: limit.map(|limit| Instant::now() + limit.duration()),
            stopped: None,
            winding_up: None,
        }
    }

    /// When the run reaches its time limit.
    pub fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    /// Whether the run has reached its time limit. Returns true only once.
    pub fn runs_out_of_time(&mut self, now: Instant) -> bool {
        self.deadline.take_if(|deadline| *deadline <= now).is_some()
    }

    /// How many scenarios a worker may have in hand: not more than failures are allowed, because the run
    /// stops after these.
    pub fn most_ahead(&self) -> usize {
        let left = |limit: MaxFailures| limit.count.get().saturating_sub(self.failures).max(1);
        self.limit.map_or(usize::MAX, |limit| left(limit) as usize)
    }

    /// Counts a failure of the run. Returns the limit, if the run has reached it.
    pub fn count_failure(&mut self) -> Option<FailureLimit> {
        self.failures = self.failures.saturating_add(1);
        let limit = self
            .limit
            .filter(|limit| self.failures >= limit.count.get())?;
        Some(FailureLimit {
            reason: match limit.count.get() {
                1 => "the run was stopped after the first failure".to_owned(),
                count => format!("the run was stopped after {count} failures"),
            },
            immediate: limit.immediate,
        })
    }

    /// Lets nothing more start. The first reason counts.
    pub fn stop(&mut self, reason: &str) {
        self.stopped.get_or_insert_with(|| reason.to_owned());
    }

    /// Why nothing more is started.
    pub fn reason(&self) -> Option<&str> {
        self.stopped.as_deref()
    }

    /// Whether nothing more is started.
    pub fn is_stopped(&self) -> bool {
        self.stopped.is_some()
    }

    /// Ends the run early. The first reason counts.
    pub fn wind_up(&mut self, reason: &str) {
        self.winding_up.get_or_insert_with(|| reason.to_owned());
    }

    /// Why the run ends early.
    pub fn winding_up(&self) -> Option<&str> {
        self.winding_up.as_deref()
    }
}
