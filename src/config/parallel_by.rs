//! What is distributed to workers: scenarios or features.

use clap::ValueEnum;
use serde::Deserialize;

/// `auto`, `feature` or `scenario`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ParallelBy {
    /// Scenarios, but a feature with hooks or fixtures of its own stays on one worker
    #[default]
    Auto,
    /// Every feature stays on one worker
    Feature,
    /// Scenarios of any feature; the hooks of a feature run on each worker that gets some of its scenarios
    Scenario,
}

super::value::setting_by_name!(ParallelBy);
