//! The one error of values that do not parse.

use std::fmt;

/// A text is not a value of its type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseValueError {
    message: String,
    is_too_large: bool,
}

impl ParseValueError {
    /// `text` is not a `kind` (with its article); `expected` says what is.
    pub(crate) fn new(text: &str, kind: &str, expected: &str) -> Self {
        Self {
            message: format!("`{text}` is not {kind}: expected {expected}"),
            is_too_large: false,
        }
    }

    /// `text` is more than `largest`, which is of this kind (without an article).
    pub(crate) fn too_large(text: &str, kind: &str, largest: &str) -> Self {
        Self {
            message: format!("`{text}` is too large: the largest {kind} is {largest}"),
            is_too_large: true,
        }
    }

    /// Whether the text would be a value if it were smaller.
    pub(crate) fn is_too_large(&self) -> bool {
        self.is_too_large
    }
}

impl fmt::Display for ParseValueError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for ParseValueError {}
