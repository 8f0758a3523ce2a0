//! The catalogue of step definitions: what a step program defines, where it is used, how long it takes, what overlaps.
//!
//! It is made from what the program says of itself, from the plan and from the record. It runs no step.

mod entry;
mod interview;
mod knowledge;
mod matched;
mod overlaps;
mod pattern_words;
pub mod print;
mod program;
mod search;

use std::path::Path;
use std::sync::Arc;

use foldhash::HashMap;

pub use entry::{CatalogueEntry, Overlap, UsedText};
pub use interview::{Interview, InterviewError};
pub use knowledge::ProgramKnowledge;
pub use matched::{FittingDefinition, TextMatch};
pub use search::Finding;

use crate::event::StepMatch;
use crate::gherkin::Dialect;
use crate::history::StepTimes;
use crate::matching::{Matching, UnusableDefinition};
use crate::plan::{Plan, PlannedFeature, PlannedScenario, PlannedStep};
use program::{as_definitions, docs_of};

/// The definitions of a step program with what is known of them.
#[derive(Debug)]
pub struct StepCatalogue {
    entries: Vec<CatalogueEntry>,
    unusable: Vec<UnusableDefinition>,
    matching: Matching,
    /// The languages of the features, those of most steps first.
    languages: Vec<Arc<str>>,
}

impl StepCatalogue {
    /// Makes the catalogue of the program that `interview` asks, for the steps of `plan`. Source paths are shown from
    /// `root`.
    ///
    /// # Errors
    /// When the program has patterns that cannot be used, or does not answer.
    pub fn new(
        interview: &mut Interview,
        plan: &Plan,
        times: &StepTimes,
        root: &Path,
        strict_keywords: bool,
    ) -> Result<Self, InterviewError> {
        let definitions = as_definitions(interview.hello(), root)?;
        let docs = docs_of(interview.hello(), &definitions.ids);
        let unusable = definitions.left_out.clone();
        let mut entries: Vec<CatalogueEntry> = (definitions.shown.iter().zip(docs))
            .map(|(shown, doc)| CatalogueEntry::new(shown.clone(), doc, times.of(shown)))
            .collect();
        let mut matching = interview.matching(definitions, strict_keywords)?;
        let questions = matching.questions(plan);
        interview.answer(&mut matching, &questions)?;
        let mut counts: HashMap<Arc<str>, usize> = HashMap::default();
        for feature in &plan.features {
            for scenario in &feature.scenarios {
                *counts.entry(Arc::clone(&feature.language)).or_default() += scenario.steps.len();
                for step in &scenario.steps {
                    let found = matching.all(&feature.uri, step);
                    note_use(&mut entries, &found, feature, scenario, step);
                }
            }
        }
        overlaps::add(&mut entries, matching.definitions(), strict_keywords);
        let mut languages: Vec<_> = counts.into_iter().collect();
        languages.sort_by(|one, other| (other.1.cmp(&one.1)).then_with(|| one.0.cmp(&other.0)));
        Ok(Self {
            entries,
            unusable,
            matching,
            languages: languages
                .into_iter()
                .map(|(language, _)| language)
                .collect(),
        })
    }

    /// The definitions, in the order of the step program.
    #[must_use]
    pub fn entries(&self) -> &[CatalogueEntry] {
        &self.entries
    }

    /// Definitions that no step can use, because they name an unknown parameter type.
    #[must_use]
    pub fn unusable(&self) -> &[UnusableDefinition] {
        &self.unusable
    }

    /// The definitions that fit a question in anybody's words, best first.
    #[must_use]
    pub fn search(&self, question: &str) -> Vec<Finding> {
        search::search(&self.entries, question, &self.languages)
    }

    /// What the author of this step of the plan probably meant, if no definition matches it and one is near.
    pub fn hint_if_undefined(&mut self, uri: &Arc<str>, step: &PlannedStep) -> Option<String> {
        match self.matching.all(uri, step).is_empty() {
            true => self.matching.hint(step),
            false => None,
        }
    }

    /// Which definition a text would get.
    ///
    /// # Errors
    /// When the step program, which matches some patterns itself, does not answer.
    pub fn match_text(
        &mut self,
        interview: &mut Interview,
        text: &str,
        keywords: &'static Dialect,
    ) -> Result<TextMatch, InterviewError> {
        matched::match_text(self, interview, text, keywords)
    }
}

/// Adds a step of the plan to the entries of all definitions that match it.
fn note_use(
    entries: &mut [CatalogueEntry],
    found: &[Arc<StepMatch>],
    feature: &PlannedFeature,
    scenario: &PlannedScenario,
    step: &PlannedStep,
) {
    for one in found {
        let entry = &mut entries[one.definition as usize];
        entry.note_use(feature, scenario, step);
        let others = found
            .iter()
            .filter(|other| other.definition != one.definition);
        for other in others {
            entry.note_overlap(other.definition as usize, &step.text);
        }
    }
}
