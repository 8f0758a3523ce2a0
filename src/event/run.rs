//! The run as a whole: moments, orders, and errors outside of scenarios.

use serde::{Deserialize, Serialize};

/// The default of `--order`: scenarios run in the order of the plan.
pub const DEFINED_ORDER: &str = "defined";

/// A moment: microseconds since 1970-01-01 UTC.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub u64);

/// The kind of an error outside of scenarios.
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
    /// A signal stopped the run.
    Interrupted,
    /// The run took longer than it may.
    TimeLimit,
    /// A scenario left something behind that affects others, and it is unknown which scenario it was.
    Aftermath,
    /// The step program asked that nothing more is started.
    Aborted,
    /// The events report a failure of something that is not in the plan or is already over.
    Unexplained,
}
