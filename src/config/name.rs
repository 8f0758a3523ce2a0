//! A pattern for the names of scenarios.

use std::fmt;
use std::str::FromStr;

use regex::Regex;

/// The REGEX of `--name`: it may match any part of a name.
#[derive(Debug, Clone)]
pub struct NamePattern(Regex);

impl NamePattern {
    /// Whether it matches a part of this name.
    pub fn matches(&self, name: &str) -> bool {
        self.0.is_match(name)
    }
}

impl fmt::Display for NamePattern {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0.as_str())
    }
}

impl FromStr for NamePattern {
    type Err = regex::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Regex::new(text).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_matches_a_part() {
        let pattern: NamePattern = "regular numb".parse().unwrap();
        assert!(pattern.matches("Divide regular numbers"));
        assert!(!pattern.matches("Divide by zero"));
    }

    #[test]
    fn a_broken_pattern_is_an_error() {
        assert!("(".parse::<NamePattern>().is_err());
    }
}
