//! Patterns for the paths of feature files, as suites of behave have them.

use regex::Regex;

/// Which feature files are taken, by regular expressions that may match any part of the path.
#[derive(Debug, Clone, Default)]
pub struct FilePatterns {
    /// The path must match this one.
    pub include: Option<Regex>,
    /// The path must not match this one.
    pub exclude: Option<Regex>,
}

impl FilePatterns {
    /// Whether a file is taken.
    pub fn take(&self, path: &str) -> bool {
        self.include
            .as_ref()
            .is_none_or(|pattern| pattern.is_match(path))
            && !self
                .exclude
                .as_ref()
                .is_some_and(|pattern| pattern.is_match(path))
    }
}
