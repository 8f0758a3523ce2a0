//! The one error of values that do not parse.

use std::fmt;

/// A text is not a value of its type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseValueError {
    text: String,
    kind: &'static str,
    expected: &'static str,
}

impl ParseValueError {
    /// `text` is not a `kind` (with its article); `expected` says what is.
    pub(crate) fn new(text: &str, kind: &'static str, expected: &'static str) -> Self {
        Self {
            text: text.to_owned(),
            kind,
            expected,
        }
    }
}

impl fmt::Display for ParseValueError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (text, kind, expected) = (&self.text, self.kind, self.expected);
        write!(formatter, "`{text}` is not {kind}: expected {expected}")
    }
}

impl std::error::Error for ParseValueError {}
