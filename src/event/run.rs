//! The run as a whole: moments, orders, and what goes wrong outside of scenarios.

use serde::{Deserialize, Serialize};

/// The order of a run whose scenarios were handed out as they are planned, as `--order` reads it.
pub const DEFINED_ORDER: &str = "defined";

/// A moment: microseconds since 1970-01-01 UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub u64);

/// What went wrong outside every scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunErrorKind {
    /// The step program could not be built or started, or does not speak the protocol.
    StepProgram,
    /// A worker died while it ran no scenario.
    Worker,
    /// A hook outside every scenario failed or could not run.
    Hook,
    /// A fixture that lives longer than a scenario could not be closed.
    Fixture,
    /// A report could not be written.
    Report,
    /// The run was stopped from outside.
    Interrupted,
    /// The run took longer than it may.
    TimeLimit,
    /// A scenario left something that harms others, and nobody knows which scenario it was.
    Aftermath,
    /// The step program asked that nothing more is started.
    Aborted,
    /// The events report a failure of something that the plan does not have, or that is over.
    Unexplained,
}
