//! Earlier results of a scenario, as trends show them.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::super::entry::RecordedResult;
use crate::event::{Status, Timestamp};

/// How many results of a scenario are kept.
pub const KEPT: usize = 50;

/// A run that gave results.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastRun {
    /// Differs from that of every other run of the project.
    pub id: String,
    /// When it began.
    pub start: Timestamp,
    /// The commit that was checked out, if the project is in a Git repository.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<String>,
}

/// One earlier result of a scenario. `R` holds its run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastResult<R = Arc<PastRun>> {
    /// Whether it failed its run. It ran to its end, so this is never [`RecordedResult::NotRun`].
    pub result: RecordedResult,
    /// The status of its last attempt. A scenario that is expected to fail may be `failed` and have passed.
    pub status: Status,
    /// The number of attempts. A scenario that passed after more than one is flaky.
    pub attempts: u8,
    /// When it ended; for some results when a step before its end began.
    pub at: Timestamp,
    /// How long its last attempt took, in nanoseconds.
    pub nanos: u64,
    /// The run. Unknown for results that an older bdd recorded.
    pub run: Option<R>,
}

impl<R> PastResult<R> {
    /// The same with its run held in another way.
    pub(in crate::history) fn with_run<S>(self, hold: impl FnOnce(R) -> S) -> PastResult<S> {
        PastResult {
            result: self.result,
            status: self.status,
            attempts: self.attempts,
            at: self.at,
            nanos: self.nanos,
            run: self.run.map(hold),
        }
    }
}
