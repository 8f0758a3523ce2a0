//! Where something is in a feature file.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A place in a feature file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Location {
    /// Line, counted from 1.
    pub line: u32,
    /// Column in code points, counted from 1; 0 where it is unknown, such as at the end of a file.
    pub column: u32,
}

impl fmt::Display for Location {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.line, self.column)
    }
}
