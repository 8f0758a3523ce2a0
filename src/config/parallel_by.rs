//! What is shared out among workers: scenarios or features.

use clap::ValueEnum;
use serde::Deserialize;

/// `auto`, `feature` or `scenario`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ParallelBy {
    /// Scenarios, but a feature that something lives or runs around stays on one worker
    #[default]
    Auto,
    /// Every feature stays on one worker
    Feature,
    /// Scenarios, wherever they belong: what runs around a feature runs on each worker that gets some of it
    Scenario,
}

super::value::setting_by_name!(ParallelBy);
