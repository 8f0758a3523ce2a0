//! The docstring below a step.

use std::fmt;
use std::ops::Deref;

/// The docstring below a step; a step function takes it as `DocString`, `&DocString` or
/// `Option<DocString>`. It can be used as a `&str`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocString {
    pub(crate) content: String,
    pub(crate) media_type: Option<String>,
}

impl DocString {
    /// Makes a docstring, for calling a step function by hand.
    pub fn new(content: impl Into<String>) -> Self {
        Self {
            content: content.into(),
            media_type: None,
        }
    }

    /// The text, without the indentation of its delimiter.
    pub fn content(&self) -> &str {
        &self.content
    }

    /// The text, by value.
    pub fn into_content(self) -> String {
        self.content
    }

    /// The media type after the opening delimiter, such as `json`.
    pub fn media_type(&self) -> Option<&str> {
        self.media_type.as_deref()
    }
}

impl Deref for DocString {
    type Target = str;

    fn deref(&self) -> &str {
        &self.content
    }
}

impl fmt::Display for DocString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.content)
    }
}
