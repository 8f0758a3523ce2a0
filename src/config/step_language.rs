//! The language of the steps beside the features.

use clap::ValueEnum;
use serde::Deserialize;

/// `rust` or `python`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StepLanguage {
    /// The crate in the folder `steps`
    Rust,
    /// A suite of behave: `steps/*.py` or `environment.py`
    Python,
}

super::value::setting_by_name!(StepLanguage);
