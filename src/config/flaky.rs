//! What a flaky scenario means for the run.

use clap::ValueEnum;
use serde::Deserialize;

/// `pass` or `fail`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Flaky {
    /// A scenario that failed and then passed does not fail the run
    #[default]
    Pass,
    /// A scenario that failed and then passed fails the run
    Fail,
}

super::value::setting_by_name!(Flaky);
