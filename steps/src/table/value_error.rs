//! Why a value cannot be written as a row of a table.

use std::error::Error;
use std::fmt;

use serde_core::ser;

/// Why a value cannot be written as a row of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueError {
    /// The number of the value, from 1; 0 when unknown.
    pub(super) value: usize,
    pub(super) field: String,
    pub(super) problem: String,
}

impl ValueError {
    pub(super) fn new(problem: impl Into<String>) -> Self {
        Self {
            value: 0,
            field: String::new(),
            problem: problem.into(),
        }
    }
}

impl fmt::Display for ValueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.value > 0 {
            write!(f, "value {}", self.value)?;
        }
        if !self.field.is_empty() {
            write!(f, ", field `{}`", self.field)?;
        }
        if self.value > 0 {
            f.write_str(": ")?;
        }
        f.write_str(&self.problem)
    }
}

impl Error for ValueError {}

impl ser::Error for ValueError {
    fn custom<T: fmt::Display>(problem: T) -> Self {
        Self::new(problem.to_string())
    }
}
