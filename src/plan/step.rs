//! Steps of the plan. Steps that say the same share their wording: a plan of 100,000 scenarios has a million steps and
//! few different ones.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use serde::ser::SerializeStruct;
use serde::{Deserialize, Serialize, Serializer};

use super::{KeywordType, Location, StepArgument};

/// One step to run: its place, and what it says. It can be read like a [`StepWording`].
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(from = "WrittenStep")]
pub struct PlannedStep {
    pub(super) wording: Arc<StepWording>,
    /// Where the keyword stands.
    pub location: Location,
}

/// What a step says.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct StepWording {
    /// The keyword as written, with the space that follows it, such as `Given `.
    pub keyword: Arc<str>,
    /// What the keyword means, conjunctions resolved.
    pub keyword_type: KeywordType,
    /// The text after the keyword, with the values of the row.
    pub text: Arc<str>,
    /// The table and the docstring below the step, in the order of the file: at most one of each.
    pub arguments: Vec<StepArgument>,
    /// Whether it comes from a background.
    pub background: bool,
}

/// A step as a file of events has it.
#[derive(Deserialize)]
struct WrittenStep {
    keyword: Arc<str>,
    keyword_type: KeywordType,
    text: Arc<str>,
    location: Location,
    #[serde(default)]
    arguments: Vec<StepArgument>,
    background: bool,
}

impl PlannedStep {
    /// A step at a place.
    pub fn new(wording: impl Into<Arc<StepWording>>, location: Location) -> Self {
        Self {
            wording: wording.into(),
            location,
        }
    }

    /// What it says, which other steps may share.
    #[must_use]
    pub fn wording(&self) -> &Arc<StepWording> {
        &self.wording
    }
}

impl Deref for PlannedStep {
    type Target = StepWording;

    fn deref(&self) -> &StepWording {
        &self.wording
    }
}

/// A change concerns this step alone: it gets a wording of its own.
impl DerefMut for PlannedStep {
    fn deref_mut(&mut self) -> &mut StepWording {
        Arc::make_mut(&mut self.wording)
    }
}

impl From<WrittenStep> for PlannedStep {
    fn from(step: WrittenStep) -> Self {
        let wording = StepWording {
            keyword: step.keyword,
            keyword_type: step.keyword_type,
            text: step.text,
            arguments: step.arguments,
            background: step.background,
        };
        Self::new(wording, step.location)
    }
}

impl Serialize for PlannedStep {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let has_arguments = !self.arguments.is_empty();
        let members = 5 + usize::from(has_arguments);
        let mut step = serializer.serialize_struct("PlannedStep", members)?;
        step.serialize_field("keyword", &self.keyword)?;
        step.serialize_field("keyword_type", &self.keyword_type)?;
        step.serialize_field("text", &self.text)?;
        step.serialize_field("location", &self.location)?;
        if has_arguments {
            step.serialize_field("arguments", &self.arguments)?;
        }
        step.serialize_field("background", &self.background)?;
        step.end()
    }
}
