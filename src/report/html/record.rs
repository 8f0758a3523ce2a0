//! What is remembered of an attempt until the page is written: its result, its times, and where its parts are.

use serde::{Deserialize, Serialize};

use crate::event::{ScenarioTrend, Status, Timestamp};
use crate::report::attempt::Attempt;
use crate::report::catalogue::Catalogue;
use crate::report::part_file::Part;
use crate::report::summary::Verdict;

/// A finished attempt, without its text.
#[derive(Serialize, Deserialize)]
pub(super) struct AttemptRecord {
    pub(super) number: u32,
    /// How it counts as a result; `None` for one that was stopped.
    pub(super) verdict: Option<Verdict>,
    /// Whether it passed after another one had failed.
    pub(super) flaky: bool,
    pub(super) nanos: u64,
    pub(super) at: Option<Timestamp>,
    pub(super) worker: Option<u32>,
    /// Its markup, in order.
    pub(super) pieces: Vec<Piece>,
}

/// A piece of the markup of an attempt.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct Piece {
    pub(super) part: Part,
    /// Whether it is left out when the page gets too large.
    pub(super) optional: bool,
}

impl AttemptRecord {
    pub(super) fn new(
        attempt: &Attempt,
        catalogue: &Catalogue,
        worker: Option<u32>,
        pieces: Vec<Piece>,
    ) -> Self {
        let verdict = match attempt.fails_as_flaky(catalogue) {
            true => Verdict::Status(Status::Failed),
            false => Verdict::of_scenario(attempt.status, attempt.expected_failure),
        };
        Self {
            number: attempt.number,
            verdict: (!attempt.cancelled()).then_some(verdict),
            flaky: attempt.status == Status::Passed
                && attempt.number > 0
                && !attempt.expected_failure,
            nanos: attempt.nanos,
            at: attempt.at,
            worker,
            pieces,
        }
    }
}

/// What is known of a scenario.
#[derive(Default)]
pub(super) struct ScenarioRecord {
    pub(super) attempts: Vec<AttemptRecord>,
    /// Why there was no attempt.
    pub(super) not_run: Option<String>,
    /// What earlier runs say.
    pub(super) trend: Option<ScenarioTrend>,
}

impl ScenarioRecord {
    /// Why it has no result.
    pub(super) fn reason(&self) -> &str {
        let reason = self.not_run.as_deref();
        reason.unwrap_or("the run ended without a result for it")
    }

    /// The attempt that decides: a stopped one does not count after a failed one.
    pub(super) fn deciding(&self) -> Option<&AttemptRecord> {
        let mut attempts = self.attempts.iter();
        attempts.rfind(|attempt| attempt.verdict.is_some())
    }

    pub(super) fn verdict(&self) -> Verdict {
        let verdict = self.deciding().and_then(|attempt| attempt.verdict);
        verdict.unwrap_or(Verdict::NotRun)
    }

    pub(super) fn is_flaky(&self) -> bool {
        self.deciding().is_some_and(|attempt| attempt.flaky)
    }

    /// The time of all attempts.
    pub(super) fn nanos(&self) -> u64 {
        let attempts = self.attempts.iter();
        attempts.fold(0, |sum, attempt| sum.saturating_add(attempt.nanos))
    }

    /// Whether a reader should see it at once: it did not simply pass, or be skipped, in its first attempt.
    pub(super) fn needs_attention(&self) -> bool {
        let harmless = matches!(
            self.verdict(),
            Verdict::Status(Status::Passed | Status::Skipped)
                | Verdict::NotRun
                | Verdict::ExpectedFailure
        );
        !harmless || self.attempts.len() > 1
    }

    /// The size of what may be left out.
    pub(super) fn optional(&self) -> u64 {
        let pieces = self.attempts.iter().flat_map(|attempt| &attempt.pieces);
        let optional = pieces.filter(|piece| piece.optional);
        optional.map(|piece| piece.part.length()).sum()
    }
}

/// How a verdict is written: its class and its words.
pub(super) fn written(verdict: Verdict) -> (&'static str, &'static str) {
    match verdict {
        Verdict::Status(Status::Passed) => ("p", "passed"),
        Verdict::Status(Status::Skipped) => ("s", "skipped"),
        Verdict::Status(Status::Pending) => ("w", "pending"),
        Verdict::Status(Status::Undefined) => ("u", "undefined"),
        Verdict::Status(Status::Ambiguous) => ("a", "ambiguous"),
        Verdict::Status(Status::Failed) => ("f", "failed"),
        Verdict::ExpectedFailure => ("x", "expected failure"),
        Verdict::NotRun => ("n", "not run"),
    }
}

/// The result of a step or hook, in the same way.
pub(super) fn status_class(status: Status) -> &'static str {
    written(Verdict::Status(status)).0
}
