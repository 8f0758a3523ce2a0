//! The catalogue of step definitions: what each one matches, its documentation, and the steps that use it.
//!
//! The step program is only asked: none of its hooks or steps runs. How the catalogue is printed is not known here.

mod ask;
mod export;
mod search;
mod stems;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use bdd_protocol::Hello;

use crate::event::{SourceLocation, StepMatch};
use crate::matching::{Definitions, MatchBy, Matching};
use crate::plan::{KeywordType, Location, Plan, PlannedStep};

pub use ask::{AskError, AskedProgram};
pub use export::{html, markdown};
pub use search::{Found, search};

/// A step definition and its uses.
#[derive(Debug, Clone)]
pub struct CatalogueEntry {
    /// `given`, `when`, `then` or `step`.
    pub keyword: String,
    /// The pattern as written.
    pub pattern: String,
    /// Its kind, such as `regex`.
    pub kind: String,
    /// Where the function stands, from the project's root.
    pub location: SourceLocation,
    /// The name of the function.
    pub function: String,
    /// Its documentation; it may be empty.
    pub doc: String,
    /// The number of steps that use it, as written: a step of an outline counts once.
    pub uses: usize,
    /// Some texts of these steps, each once.
    pub examples: Vec<String>,
    /// The positions of other definitions that match one of its texts too.
    pub overlaps: Vec<usize>,
}

/// All definitions of a step program, in its order.
#[derive(Debug)]
pub struct StepCatalogue {
    /// The definitions.
    pub entries: Vec<CatalogueEntry>,
    /// The number of steps without a definition.
    pub undefined: usize,
    matching: Matching,
}

/// What a text would run.
#[derive(Debug)]
pub enum TextMatch {
    /// One definition, at this position, with the values of its arguments.
    Defined(usize, Vec<Option<String>>),
    /// Several definitions, at these positions.
    Ambiguous(Vec<usize>),
    /// None; perhaps a sentence about the nearest.
    Undefined(Option<String>),
}

/// The number of texts that an entry keeps.
const MOST_EXAMPLES: usize = 5;

impl StepCatalogue {
    /// Asks a program that has said hello for all that is needed to know which steps of the plan use what.
    ///
    /// # Errors
    /// When patterns cannot be used, or the program does not answer.
    pub fn new(
        hello: &Hello,
        program: &mut AskedProgram,
        plan: &Plan,
        root: &Path,
        strict_keywords: bool,
    ) -> Result<Self, AskError> {
        let place = |file: &str| {
            let inside = Path::new(file).strip_prefix(root);
            inside.map_or_else(|_| file.to_owned(), |inside| inside.display().to_string())
        };
        let definitions = Definitions::new(hello, &place)
            .map_err(|problems| AskError::Unusable(problems.join("\n")))?;
        let match_by = MatchBy::new(&hello.match_by).map_err(AskError::Unusable)?;
        let mut entries: Vec<CatalogueEntry> = (definitions.shown.iter().zip(&definitions.ids))
            .map(|(shown, id)| CatalogueEntry {
                keyword: shown.keyword.clone(),
                pattern: shown.pattern.clone(),
                kind: shown.kind.clone(),
                location: shown.location.clone(),
                function: shown.function.clone(),
                doc: (hello.definitions.iter())
                    .find(|definition| definition.id == *id)
                    .map_or_else(String::new, |definition| definition.doc.trim().to_owned()),
                uses: 0,
                examples: Vec::new(),
                overlaps: Vec::new(),
            })
            .collect();
        let mut matching = Matching::new(definitions, match_by, strict_keywords);
        ask::ask_about(plan, &mut matching, program)?;
        let undefined = count_uses(plan, &mut matching, &mut entries);
        overlaps_of_examples(&matching, &mut entries);
        Ok(Self {
            entries,
            undefined,
            matching,
        })
    }

    /// What a text would run as a step with any keyword. Patterns that only the step program understands are asked for.
    ///
    /// # Errors
    /// When the program does not answer.
    pub fn matched(
        &mut self,
        text: &str,
        program: &mut AskedProgram,
    ) -> Result<TextMatch, AskError> {
        let step = step_of(text);
        let uri: Arc<str> = Arc::from("");
        let own = match self.matching.definitions().has_own_kinds() {
            true => {
                let question = self.matching.question(&uri, &step);
                let mut answers = program.matches(&[question])?;
                answers.pop().unwrap_or_default()
            }
            false => Vec::new(),
        };
        self.matching.learn(&uri, &step);
        let question = self.matching.question(&uri, &step);
        self.matching
            .add(&question, &own)
            .map_err(AskError::Unusable)?;
        let all = self.matching.all(&uri, &step);
        Ok(match &all[..] {
            [] => TextMatch::Undefined(self.matching.hint(&step)),
            [only] => TextMatch::Defined(only.definition as usize, values(only)),
            _ => TextMatch::Ambiguous(all.iter().map(|found| found.definition as usize).collect()),
        })
    }
}

/// A step with this text and no arguments.
fn step_of(text: &str) -> PlannedStep {
    PlannedStep {
        keyword: "* ".into(),
        keyword_type: KeywordType::Unknown,
        text: text.into(),
        location: Location { line: 1, column: 1 },
        arguments: Vec::new(),
        background: false,
    }
}

fn values(found: &StepMatch) -> Vec<Option<String>> {
    let arguments = found.arguments.iter();
    arguments.map(|argument| argument.value.clone()).collect()
}

/// Counts the steps of each definition, and notes which definitions match the same step. The result is the number of
/// steps without a definition.
fn count_uses(plan: &Plan, matching: &mut Matching, entries: &mut [CatalogueEntry]) -> usize {
    let mut undefined = 0;
    let mut overlaps = BTreeSet::new();
    for feature in &plan.features {
        // A step of a background or outline is in several scenarios.
        let mut counted = BTreeSet::new();
        for step in feature
            .scenarios
            .iter()
            .flat_map(|scenario| &scenario.steps)
        {
            let all = matching.all(&feature.uri, step);
            if all.is_empty() && counted.insert((step.location, None)) {
                undefined += 1;
            }
            for found in &all {
                let entry = &mut entries[found.definition as usize];
                if counted.insert((step.location, Some(found.definition))) {
                    entry.uses += 1;
                }
                let known = entry.examples.iter().any(|text| **text == *step.text);
                if !known && entry.examples.len() < MOST_EXAMPLES {
                    entry.examples.push(step.text.to_string());
                }
            }
            note_overlaps(
                all.iter().map(|found| found.definition as usize),
                &mut overlaps,
            );
        }
    }
    add_overlaps(&overlaps, entries);
    undefined
}

/// Definitions that match a text that was made for another.
fn overlaps_of_examples(matching: &Matching, entries: &mut [CatalogueEntry]) {
    let mut overlaps = BTreeSet::new();
    let examples: Vec<String> = (matching.definitions().examples())
        .map(|(example, _)| example)
        .collect();
    for example in examples {
        if let Ok(crate::matching::Resolution::Ambiguous(found)) =
            matching.resolve_alone(&step_of(&example), &[])
        {
            note_overlaps(found.iter().map(|found| *found as usize), &mut overlaps);
        }
    }
    add_overlaps(&overlaps, entries);
}

fn note_overlaps(found: impl Iterator<Item = usize>, overlaps: &mut BTreeSet<(usize, usize)>) {
    let found: Vec<usize> = found.collect();
    for one in &found {
        overlaps.extend(
            found
                .iter()
                .filter(|other| *other != one)
                .map(|other| (*one, *other)),
        );
    }
}

fn add_overlaps(overlaps: &BTreeSet<(usize, usize)>, entries: &mut [CatalogueEntry]) {
    for (one, other) in overlaps {
        if !entries[*one].overlaps.contains(other) {
            entries[*one].overlaps.push(*other);
        }
    }
}
