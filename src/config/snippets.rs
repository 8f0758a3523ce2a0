//! How the code for undefined steps is written.

use clap::ValueEnum;
use serde::Deserialize;

/// `expression` or `regex`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SnippetStyle {
    /// With Cucumber Expressions.
    #[default]
    Expression,
    /// With regular expressions.
    Regex,
}

super::value::setting_by_name!(SnippetStyle);
