//! The outcome of a run, for all reports and for the exit code.
//!
//! The summary knows no exit codes. It says what happened, and [`Status::fails`] says which statuses fail a
//! run.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::event::{RunErrorKind, ShardOf, Snippet, SourceLocation, Status, Timestamp};
use crate::plan::Location;

/// The outcome of a run.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Summary {
    /// When the run began.
    pub started: Option<Timestamp>,
    /// Its wall time in nanoseconds.
    pub nanos: u64,
    /// The order in which scenarios were handed out, as `--order` reads it; none as they are found.
    pub order: Option<String>,
    /// The selection of which the run was a shard, if it was one.
    pub shard: Option<Arc<ShardOf>>,
    /// Whether steps were only matched.
    pub dry_run: bool,
    /// Whether undefined and pending steps fail the run.
    pub strict: bool,
    /// The planned features. A feature has passed if a scenario passed and all others passed or were skipped.
    pub features: Counts,
    /// The rules that have scenarios, counted as features are.
    pub rules: Counts,
    /// The planned scenarios, each by its final attempt.
    pub scenarios: Counts,
    /// The steps of the final attempts; those of scenarios without any are `not_run`.
    pub steps: Counts,
    /// How many scenarios ended because the step program did; they are among the failed ones.
    pub crashed: usize,
    /// How many scenarios ended because a time limit did; they are among the failed ones.
    pub timed_out: usize,
    /// The scenarios that fail the run, in plan order.
    pub failing: Vec<ScenarioEntry>,
    /// The scenarios that passed after a failed attempt, in plan order; where that fails the run,
    /// they are among the failing ones too.
    pub flaky: Vec<ScenarioEntry>,
    /// Why scenarios got no result, and how many each; in the order of the first one.
    pub not_run: Vec<(String, usize)>,
    /// The numbers of the scenarios that got no result, in plan order.
    pub without_result: Vec<u32>,
    /// The numbers of the planned scenarios that another process runs and reports.
    pub elsewhere: BTreeSet<u32>,
    /// Code for the undefined steps, in plan order. Equal steps come once. For each there are candidates, of
    /// which one is needed.
    pub snippets: Vec<Vec<Snippet>>,
    /// The errors of feature files, as they came.
    pub parse_errors: Vec<ReportedParseError>,
    /// What failed outside every scenario, as it came.
    pub run_errors: Vec<RunError>,
    /// The warnings, each once, as they came.
    pub warnings: Vec<Warning>,
}

impl Summary {
    /// Whether everything selected ran and nothing failed the run.
    #[must_use]
    pub fn succeeded(&self) -> bool {
        self.failing.is_empty()
            && self.run_errors.is_empty()
            && self.parse_errors.is_empty()
            && self.scenarios.not_run == 0
    }
}

/// The number of results of each kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Counts {
    pub passed: usize,
    pub failed: usize,
    pub skipped: usize,
    pub undefined: usize,
    pub ambiguous: usize,
    pub pending: usize,
    /// Failed, as a tag says that they do.
    pub expected_failures: usize,
    pub not_run: usize,
}

/// A result, as it is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Verdict {
    Status(Status),
    /// It failed, as a tag says.
    ExpectedFailure,
    NotRun,
}

impl Verdict {
    /// The verdict on a scenario: one that passed although a tag says that it fails has failed.
    pub(super) fn of_scenario(status: Status, expected_failure: bool) -> Self {
        match (status, expected_failure) {
            (Status::Failed, true) => Verdict::ExpectedFailure,
            (Status::Passed, true) => Verdict::Status(Status::Failed),
            (status, _) => Verdict::Status(status),
        }
    }
}

impl Counts {
    /// The total.
    #[must_use]
    pub fn total(&self) -> usize {
        let Counts {
            passed,
            failed,
            skipped,
            undefined,
            ambiguous,
            pending,
            expected_failures,
            not_run,
        } = self;
        passed + failed + skipped + undefined + ambiguous + pending + expected_failures + not_run
    }

    pub(super) fn of(&mut self, verdict: Verdict) -> &mut usize {
        match verdict {
            Verdict::Status(Status::Passed) => &mut self.passed,
            Verdict::Status(Status::Failed) => &mut self.failed,
            Verdict::Status(Status::Skipped) => &mut self.skipped,
            Verdict::Status(Status::Undefined) => &mut self.undefined,
            Verdict::Status(Status::Ambiguous) => &mut self.ambiguous,
            Verdict::Status(Status::Pending) => &mut self.pending,
            Verdict::ExpectedFailure => &mut self.expected_failures,
            Verdict::NotRun => &mut self.not_run,
        }
    }

    /// The result of a feature or rule with these scenarios.
    pub(super) fn result(&self) -> Verdict {
        let worst = [
            (self.failed, Status::Failed),
            (self.ambiguous, Status::Ambiguous),
            (self.undefined, Status::Undefined),
            (self.pending, Status::Pending),
        ];
        match worst.into_iter().find(|(count, _)| *count > 0) {
            Some((_, status)) => Verdict::Status(status),
            None if self.not_run > 0 => Verdict::NotRun,
            None if self.skipped > 0 && self.passed + self.expected_failures == 0 => {
                Verdict::Status(Status::Skipped)
            }
            None => Verdict::Status(Status::Passed),
        }
    }
}

/// A scenario in a list.
#[derive(Debug, Clone, PartialEq)]
pub struct ScenarioEntry {
    /// Its number, as events give it.
    pub scenario: u32,
    /// The path of its feature.
    pub uri: Arc<str>,
    /// Its line.
    pub line: u32,
    /// Its title.
    pub name: Arc<str>,
    /// Its final status.
    pub status: Status,
    /// How many attempts it took.
    pub attempts: u32,
    /// What made it fail, in a word or two: `undefined`, `timed out`, `before_scenario hook failed`.
    pub cause: String,
}

/// An error of a feature file.
#[derive(Debug, Clone, PartialEq)]
pub struct ReportedParseError {
    /// The path as it is shown.
    pub uri: Arc<str>,
    /// Where, if the error has a place.
    pub location: Option<Location>,
    /// The official message text.
    pub message: String,
    /// The message as the terminal shows it.
    pub diagnostic: String,
}

/// An error outside every scenario.
#[derive(Debug, Clone, PartialEq)]
pub struct RunError {
    /// What kind of thing it was.
    pub kind: RunErrorKind,
    /// One line.
    pub message: String,
    /// The rest; it may be empty.
    pub detail: String,
    /// What a hook printed and attached, a text of several lines; it may be empty.
    pub output: String,
    /// The path of the feature, if it is about a hook of a feature or of a rule in it.
    pub feature: Option<Arc<str>>,
}

/// A warning.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Warning {
    /// One line.
    pub message: String,
    /// The file and place it is about.
    pub place: Option<SourceLocation>,
    /// The rule that a feature file breaks, if it is about one.
    pub rule: Option<String>,
}

impl Warning {
    /// The message, with the rule after it as in `bdd lint`.
    #[must_use]
    pub fn text(&self) -> String {
        match &self.rule {
            Some(rule) => format!("{} [{rule}]", self.message),
            None => self.message.clone(),
        }
    }
}

impl Counts {
    pub(super) fn add(&mut self, other: &Counts) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
        self.undefined += other.undefined;
        self.ambiguous += other.ambiguous;
        self.pending += other.pending;
        self.expected_failures += other.expected_failures;
        self.not_run += other.not_run;
    }
}
