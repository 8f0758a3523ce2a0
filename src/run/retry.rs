//! Decides whether a scenario is run again. This is policy over its attempts: it knows no worker.

use std::sync::Arc;

use foldhash::HashMap;

use crate::event::Status;
use crate::plan::TagDirectives;
use crate::plan::tags::TagExpression;

use super::Options;

/// What happens after an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetryDecision {
    /// No retry: the attempt is the scenario's result.
    Final,
    /// The same worker runs the scenario again, without a message from the runner.
    OnWorker,
    /// The runner puts the scenario back into the queue.
    HandedOut,
}

/// An attempt that has ended.
#[derive(Debug, Clone, Copy)]
pub struct Ended {
    /// Its number, from 0.
    pub attempt: u32,
    /// How it went.
    pub status: Status,
    /// Whether its worker has announced a retry.
    pub announced: bool,
    /// Whether the run starts nothing more.
    pub stopped: bool,
}

/// Decides what happens after an attempt at a scenario that may be retried `limit` times in all. An announced
/// retry must have been [allowed](announcement).
pub fn next(limit: u32, ended: &Ended) -> RetryDecision {
    if ended.announced {
        return RetryDecision::OnWorker;
    }
    if ended.status == Status::Failed && ended.attempt < limit && !ended.stopped {
        RetryDecision::HandedOut
    } else {
        RetryDecision::Final
    }
}

/// Whether a worker may run a scenario again after attempt `attempt`.
///
/// # Errors
/// What is wrong with that, as the end of a sentence that begins with "it runs the scenario again".
pub fn announcement(limit: u32, attempt: u32, failed: bool) -> Result<(), &'static str> {
    match () {
        () if !failed => Err("which did not fail"),
        () if attempt >= limit => Err("more often than it may"),
        () => Ok(()),
    }
}

/// The scenarios that failed and are run again.
#[derive(Debug, Default)]
pub struct Retries {
    /// The number of the attempt that comes next.
    next: HashMap<u32, u32>,
}

impl Retries {
    /// The number of the attempt at a scenario that comes next.
    pub fn attempt(&self, scenario: u32) -> u32 {
        self.next.get(&scenario).copied().unwrap_or(0)
    }

    /// Notes what follows an attempt.
    pub fn note(&mut self, scenario: u32, attempt: u32, next: RetryDecision) {
        match next {
            RetryDecision::Final => self.next.remove(&scenario),
            RetryDecision::OnWorker | RetryDecision::HandedOut => {
                self.next.insert(scenario, attempt + 1)
            }
        };
    }
}

impl Options {
    /// Whether a scenario with these tags is expected to fail.
    pub(super) fn expects_failure(&self, tags: &[Arc<str>]) -> bool {
        holds(self.run.expected_failure_tags.expression(), tags)
    }

    /// Whether steps after a failed one still run in a scenario with these tags.
    pub(super) fn continues_after_failure(&self, tags: &[Arc<str>]) -> bool {
        holds(self.run.continue_after_failure_tags.expression(), tags)
    }

    /// How many attempts a scenario with these tags gets at most; `None` if it is never run again.
    pub(super) fn most_attempts(&self, tags: &[Arc<str>]) -> Option<u32> {
        let retries = self.retries_of(tags);
        (retries > 0).then(|| retries.saturating_add(1))
    }

    /// How often a scenario with these tags is retried at most. Expected failures are not retried.
    pub(super) fn retries_of(&self, tags: &[Arc<str>]) -> u32 {
        if self.run.is_attended() || self.expects_failure(tags) {
            return 0;
        }
        let wanted = || {
            self.run
                .retry_tags
                .as_ref()
                .is_none_or(|rule| rule.matches(tags))
        };
        let by_settings = || if wanted() { self.run.retries } else { 0 };
        TagDirectives::of(tags).retries.unwrap_or_else(by_settings)
    }

    /// How often its worker may retry it without a message from the runner. Not at all if there is a delay
    /// between attempts.
    pub(super) fn retries_on_worker(&self, tags: &[Arc<str>]) -> u32 {
        match self.run.retry_delay {
            Some(_) => 0,
            None => self.retries_of(tags),
        }
    }
}

fn holds(rule: Option<&TagExpression>, tags: &[Arc<str>]) -> bool {
    rule.is_some_and(|rule| rule.matches(tags))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ended(attempt: u32, status: Status) -> Ended {
        Ended {
            attempt,
            status,
            announced: false,
            stopped: false,
        }
    }

    #[test]
    fn only_failures_are_run_again_and_no_more_often_than_allowed() {
        assert_eq!(next(2, &ended(0, Status::Failed)), RetryDecision::HandedOut);
        assert_eq!(next(2, &ended(1, Status::Failed)), RetryDecision::HandedOut);
        assert_eq!(next(2, &ended(2, Status::Failed)), RetryDecision::Final);
        assert_eq!(next(0, &ended(0, Status::Failed)), RetryDecision::Final);
        for status in [
            Status::Passed,
            Status::Skipped,
            Status::Pending,
            Status::Undefined,
            Status::Ambiguous,
        ] {
            assert_eq!(next(2, &ended(0, status)), RetryDecision::Final);
        }
    }

    #[test]
    fn a_run_that_stops_hands_nothing_out_but_lets_a_worker_go_on() {
        let mut last = ended(0, Status::Failed);
        last.stopped = true;
        assert_eq!(next(2, &last), RetryDecision::Final);
        last.announced = true;
        assert_eq!(next(2, &last), RetryDecision::OnWorker);
    }

    #[test]
    fn a_worker_announces_what_it_may() {
        assert_eq!(announcement(1, 0, true), Ok(()));
        assert_eq!(announcement(1, 0, false), Err("which did not fail"));
        assert_eq!(announcement(1, 1, true), Err("more often than it may"));
        assert_eq!(announcement(0, 0, true), Err("more often than it may"));
    }

    #[test]
    fn attempts_are_counted_until_the_last() {
        let mut retries = Retries::default();
        assert_eq!(retries.attempt(7), 0);
        retries.note(7, 0, RetryDecision::OnWorker);
        retries.note(7, 1, RetryDecision::HandedOut);
        assert_eq!((retries.attempt(7), retries.attempt(8)), (2, 0));
        retries.note(7, 2, RetryDecision::Final);
        assert_eq!(retries.attempt(7), 0);
    }
}
