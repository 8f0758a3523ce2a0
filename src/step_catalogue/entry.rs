//! One step definition with its uses.

use std::sync::Arc;

use crate::event::StepDefinition;
use crate::history::StepTime;
use crate::plan::{PlannedFeature, PlannedScenario, PlannedStep};

/// How many different texts of its steps an entry keeps.
const MOST_TEXTS: usize = 50;

/// How many titles of features and scenarios an entry keeps.
const MOST_TITLES: usize = 50;

/// How many overlaps an entry keeps.
const MOST_OVERLAPS: usize = 10;

/// A step definition and what is known of it.
#[derive(Debug, Clone)]
pub struct CatalogueEntry {
    definition: StepDefinition,
    doc: String,
    time: Option<StepTime>,
    uses: usize,
    texts: Vec<UsedText>,
    titles: Vec<Arc<str>>,
    overlaps: Vec<Overlap>,
}

/// The text of a step that a definition matches, and its first place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsedText {
    /// The text.
    pub text: Arc<str>,
    /// The feature file.
    pub uri: Arc<str>,
    /// The line of the step.
    pub line: u32,
}

/// Another definition that matches the same text: a step with it would be ambiguous.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overlap {
    /// The position of the other definition.
    pub with: usize,
    /// A text that both match.
    pub text: Arc<str>,
}

impl CatalogueEntry {
    pub(super) fn new(definition: StepDefinition, doc: String, time: Option<StepTime>) -> Self {
        Self {
            definition,
            doc,
            time,
            uses: 0,
            texts: Vec::new(),
            titles: Vec::new(),
            overlaps: Vec::new(),
        }
    }

    /// Keyword, pattern, place and function.
    #[must_use]
    pub fn definition(&self) -> &StepDefinition {
        &self.definition
    }

    /// The documentation of its function; empty if there is none.
    #[must_use]
    pub fn doc(&self) -> &str {
        &self.doc
    }

    /// The mean duration of its steps on record, in nanoseconds.
    #[must_use]
    pub fn mean_nanos(&self) -> Option<u64> {
        self.time.and_then(StepTime::mean)
    }

    /// How many steps of the plan it matches; each row of an outline counts.
    #[must_use]
    pub fn uses(&self) -> usize {
        self.uses
    }

    /// The first different texts of these steps.
    #[must_use]
    pub fn texts(&self) -> &[UsedText] {
        &self.texts
    }

    /// The first titles of the features and scenarios that use it.
    pub(super) fn titles(&self) -> &[Arc<str>] {
        &self.titles
    }

    /// The first definitions that overlap with it.
    #[must_use]
    pub fn overlaps(&self) -> &[Overlap] {
        &self.overlaps
    }

    pub(super) fn note_use(
        &mut self,
        feature: &PlannedFeature,
        scenario: &PlannedScenario,
        step: &PlannedStep,
    ) {
        self.uses += 1;
        for title in [&feature.name, &scenario.name] {
            if self.titles.len() < MOST_TITLES && !self.titles.contains(title) {
                self.titles.push(Arc::clone(title));
            }
        }
        let is_known = self.texts.iter().any(|used| used.text == step.text);
        if self.texts.len() < MOST_TEXTS && !is_known {
            self.texts.push(UsedText {
                text: Arc::clone(&step.text),
                uri: Arc::clone(&feature.uri),
                line: step.location.line,
            });
        }
    }

    pub(super) fn note_overlap(&mut self, with: usize, text: &Arc<str>) {
        let is_known = self.overlaps.iter().any(|overlap| overlap.with == with);
        if self.overlaps.len() < MOST_OVERLAPS && !is_known {
            let text = Arc::clone(text);
            self.overlaps.push(Overlap { with, text });
        }
    }
}
