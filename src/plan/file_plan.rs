//! The result of planning one file: its feature, its errors, and lines that select nothing.

use std::fmt;
use std::sync::Arc;

use super::source_text::SourceText;
use super::warnings::FeatureWarning;
use super::{Location, PlannedFeature};

/// The plan of one file, and its problems.
#[derive(Default)]
pub(super) struct FilePlan {
    pub(super) feature: Option<PlannedFeature>,
    pub(super) source: Option<SourceText>,
    /// The title of its feature, selected or not.
    pub(super) title: Option<Arc<str>>,
    pub(super) unparsed: Vec<Unparsed>,
    pub(super) misses: Vec<LineMiss>,
    pub(super) warnings: Vec<FeatureWarning>,
    pub(super) total: usize,
}

/// A mistake in a feature file, or a file that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unparsed {
    /// The file as it is shown.
    pub uri: Arc<str>,
    /// The place, if it has one.
    pub location: Option<Location>,
    /// The official message.
    pub message: String,
    /// The message as the terminal shows it, with source excerpt, caret and hint.
    pub diagnostic: String,
    /// Whether it only follows from another error: nobody has to see it, but streams for machines have it.
    pub follows: bool,
    /// The text of the file, with its first error, if it was asked for.
    pub source: Option<Arc<str>>,
}

/// A requested line that selects no scenario.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineMiss {
    pub(super) uri: Arc<str>,
    pub(super) line: u32,
    /// The line and name of the scenario that is nearest.
    pub(super) nearest: Option<(u32, String)>,
}

impl fmt::Display for LineMiss {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { uri, line, .. } = self;
        match &self.nearest {
            Some((nearest, name)) => write!(
                formatter,
                "no scenario at {uri}:{line}; the nearest is {uri}:{nearest}  {name}"
            ),
            None => write!(
                formatter,
                "no scenario at {uri}:{line}; the file has none at all"
            ),
        }
    }
}
