//! The last result of each scenario, as the record has it.

use std::fmt::Write as _;

use crate::event::Timestamp;
use crate::history::{Entry, History, RecordedResult};
use crate::report::moment;

/// The last results of all scenarios.
pub(super) struct LastResults<'h> {
    history: Option<&'h History>,
}

/// How many scenarios ended how, and when the last one did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct ResultCounts {
    passed: usize,
    failed: usize,
    not_run: usize,
    unknown: usize,
    latest: u64,
}

impl<'h> LastResults<'h> {
    pub(super) fn new(history: Option<&'h History>) -> Self {
        Self { history }
    }

    /// Whether any run is on record.
    pub(super) fn are_there(&self) -> bool {
        self.history.is_some()
    }

    pub(super) fn of(&self, id: &str) -> Option<Entry> {
        self.history.and_then(|history| history.entry(id))
    }
}

impl ResultCounts {
    pub(super) fn add(&mut self, entry: Option<Entry>) {
        match entry.map(|entry| entry.result) {
            Some(RecordedResult::Passed) => self.passed += 1,
            Some(RecordedResult::Failed) => self.failed += 1,
            Some(RecordedResult::NotRun) => self.not_run += 1,
            None => self.unknown += 1,
        }
        self.latest = self.latest.max(entry.map_or(0, |entry| entry.at));
    }

    pub(super) fn add_all(&mut self, other: &Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.not_run += other.not_run;
        self.unknown += other.unknown;
        self.latest = self.latest.max(other.latest);
    }

    /// Adds a sentence about them, if there are results.
    pub(super) fn push(&self, out: &mut String) {
        if self.passed + self.failed + self.not_run == 0 {
            return;
        }
        out.push_str("<p class=lr>Last results: ");
        self.push_short(out);
        if let Some(latest) = moment(Timestamp(self.latest)) {
            let _ = write!(out, " <small>the latest of {latest}</small>");
        }
        out.push_str("</p>\n");
    }

    /// Adds only the numbers.
    pub(super) fn push_short(&self, out: &mut String) {
        if self.passed + self.failed + self.not_run == 0 {
            return;
        }
        let all = [
            ("f", self.failed, "failed"),
            ("p", self.passed, "passed"),
            ("n", self.not_run, "did not run"),
            ("n", self.unknown, "without a result"),
        ];
        for (class, count, word) in all.into_iter().filter(|(_, count, _)| *count > 0) {
            let _ = write!(out, "<span class=\"re {class}\">{count} {word}</span> ");
        }
    }
}

/// Adds the result of one scenario.
pub(super) fn push_result(out: &mut String, entry: Option<Entry>) {
    let Some(entry) = entry else {
        return;
    };
    let (class, word) = match entry.result {
        RecordedResult::Passed => ("p", "passed"),
        RecordedResult::Failed => ("f", "failed"),
        RecordedResult::NotRun => ("n", "did not run"),
    };
    let _ = write!(out, "<span class=\"re {class}\"");
    let at = moment(Timestamp(entry.at));
    if let Some(at) = &at {
        let _ = write!(out, " title=\"{at}\"");
    }
    let _ = write!(out, ">{word}");
    if let Some(day) = at.as_deref().and_then(|at| at.get(..10)) {
        let _ = write!(out, " <small>{day}</small>");
    }
    out.push_str("</span>");
}
