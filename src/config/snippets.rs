//! How the code for undefined steps is written.

use clap::ValueEnum;
use serde::Deserialize;

/// `expression`, `regex` or `none`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SnippetStyle {
    /// With Cucumber Expressions.
    #[default]
    Expression,
    /// With regular expressions.
    Regex,
    /// Not at all.
    None,
}

super::value::setting_by_name!(SnippetStyle);
