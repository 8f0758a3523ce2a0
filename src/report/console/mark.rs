//! How a scenario ended, as a character and as a word.

use super::style::Ink;
use crate::event::Status;
use crate::report::attempt::Attempt;
use crate::report::catalogue::Catalogue;

/// How a scenario ended, as a character and as a word.
pub(super) struct ProgressMark {
    pub(super) letter: &'static str,
    pub(super) word: &'static str,
    pub(super) ink: Ink,
}

impl ProgressMark {
    pub(super) const NOT_RUN: ProgressMark = ProgressMark {
        letter: "-",
        word: "NOT RUN",
        ink: Ink::Comment,
    };

    pub(super) const FLAKY: ProgressMark = ProgressMark {
        letter: "R",
        word: "FLAKY",
        ink: Ink::Status(Status::Pending),
    };
    const FLAKY_FAILS: ProgressMark = ProgressMark {
        ink: Ink::Status(Status::Failed),
        ..ProgressMark::FLAKY
    };
    const EXPECTED_FAILURE: ProgressMark = ProgressMark {
        letter: "x",
        word: "EXPECTED FAILURE",
        ink: Ink::Expected,
    };
    const UNEXPECTED_PASS: ProgressMark = ProgressMark {
        letter: "X",
        word: "UNEXPECTED PASS",
        ink: Ink::Status(Status::Failed),
    };

    /// That of an attempt; `flaky` if its scenario passed in the end.
    pub(super) fn of(attempt: &Attempt, flaky: bool, catalogue: &Catalogue) -> Self {
        if flaky {
            return ProgressMark::FLAKY;
        }
        if attempt.fails_as_flaky(catalogue) {
            return ProgressMark::FLAKY_FAILS;
        }
        if attempt.failed_as_expected() {
            return ProgressMark::EXPECTED_FAILURE;
        }
        if attempt.passed_unexpectedly() {
            return ProgressMark::UNEXPECTED_PASS;
        }
        let (letter, word) = match attempt.status {
            Status::Failed if attempt.crashed() => ("E", "ERROR"),
            Status::Failed if attempt.timed_out() => ("T", "TIMEOUT"),
            Status::Failed => ("F", "FAIL"),
            Status::Passed => (".", "ok"),
            Status::Skipped => ("S", "SKIP"),
            Status::Pending => ("P", "PENDING"),
            Status::Undefined => ("U", "UNDEFINED"),
            Status::Ambiguous => ("A", "AMBIGUOUS"),
        };
        ProgressMark {
            letter,
            word,
            ink: Ink::Status(attempt.status),
        }
    }
}
