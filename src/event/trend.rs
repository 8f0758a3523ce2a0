//! What the record of earlier runs says about a scenario.

use serde::{Deserialize, Serialize};

use super::Timestamp;

/// The trend of a scenario when a run began: its last results, how often they were flaky, and its usual time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScenarioTrend {
    /// Its last results, at most 20, the oldest first.
    pub last: Vec<PastMark>,
    /// How many results are on record.
    pub results: u32,
    /// How many of them are flaky: they passed only after a retry, or changed although the same commit was checked out.
    pub flaky: u32,
    /// How long it usually takes, in nanoseconds: the median of its last results.
    pub nanos: u64,
    /// When the first of its last failures ended, if it failed each time since then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failing_since: Option<Timestamp>,
}

/// An earlier result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum PastMark {
    /// It did not fail its run.
    #[serde(rename = "p")]
    Passed,
    /// It failed its run.
    #[serde(rename = "f")]
    Failed,
    /// It passed after it had failed.
    #[serde(rename = "r")]
    Retried,
}
