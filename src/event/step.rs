//! Steps as they ran, if they differ from the plan.

use serde::{Deserialize, Serialize};

use super::SourceLocation;
use crate::plan::StepArgument;

/// A step that the plan does not have, or that differs from the plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StepContent {
    /// The keyword as written, with the space that follows it, such as `Given `.
    pub keyword: String,
    /// The text.
    pub text: String,
    /// The table and the docstring below it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub arguments: Vec<StepArgument>,
    /// Where it is written, if that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<SourceLocation>,
}
