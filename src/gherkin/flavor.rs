//! Whose Gherkin a file is written in: that of Cucumber, or that of behave where they differ.
//!
//! behave has a parser of its own. Its steps run on its own model of a file, so a file must mean here what it means
//! there: the same scenarios with the same tags and steps.

use serde::{Deserialize, Serialize};

/// Whose Gherkin a file is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Flavor {
    /// The Gherkin of Cucumber.
    #[default]
    Standard,
    /// The Gherkin of behave.
    Behave,
}

impl Flavor {
    /// Whether it is the Gherkin of Cucumber.
    pub fn is_standard(&self) -> bool {
        *self == Self::Standard
    }
}
