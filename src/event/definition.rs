//! The definitions of a step program, and the matches of steps.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// The definition that runs a step, and its arguments.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StepMatch {
    /// An index into the definitions of [`Event::StepDefinitions`](super::Event::StepDefinitions).
    pub definition: u32,
    /// The top-level groups, in order. A group that took no part in the match has no value.
    pub arguments: Vec<ArgumentGroup>,
}

/// What a group of a pattern matched.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ArgumentGroup {
    /// The text, or `None` if the group took no part in the match.
    pub value: Option<String>,
    /// Where it begins in the step's text, in UTF-16 code units.
    pub start: u32,
    /// Where it ends.
    pub end: u32,
    /// The groups inside it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub children: Vec<ArgumentGroup>,
    /// The name of its parameter type, built in or the user's; `None` for one without a name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parameter_type: Option<Arc<str>>,
}

/// A parameter type of the user.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ParameterType {
    /// The name between the braces.
    pub name: String,
    /// Its regular expressions.
    pub regexps: Vec<String>,
    /// Whether snippets suggest it.
    pub use_for_snippets: bool,
    /// Whether it wins if several types have the regular expression of a group.
    pub prefer_for_regexp: bool,
    /// Where it is defined.
    pub location: SourceLocation,
}

/// A registered step function.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StepDefinition {
    /// `given`, `when`, `then` or `step`.
    pub keyword: String,
    /// The pattern as written.
    pub pattern: String,
    /// Its kind, such as `regex`.
    pub kind: String,
    /// Where the function stands.
    pub location: SourceLocation,
    /// The name of the function.
    pub function: String,
}

/// A place in a source file.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SourceLocation {
    /// The path; relative to the project's root if the file is inside of it.
    pub file: String,
    /// The line, from 1; 0 if unknown.
    pub line: u32,
    /// The column, from 1; 0 if unknown.
    pub column: u32,
}

/// Code to paste.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Snippet {
    /// The language, such as `rust`.
    pub language: String,
    /// The code, several lines, without a newline at the end.
    pub code: String,
}
