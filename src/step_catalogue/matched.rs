//! Which definition a text would get.

use std::sync::Arc;

use super::interview::{Interview, InterviewError};
use super::{CatalogueEntry, StepCatalogue};
use crate::event::{ArgumentGroup, StepMatch};
use crate::gherkin::Dialect;
use crate::plan::{KeywordType, Location, PlannedStep, StepWording, steps_of};

/// How many definitions are shown when none matches.
const MOST_NEAR: usize = 3;

/// What a text matches.
#[derive(Debug, Clone, PartialEq)]
pub struct TextMatch {
    /// The text that was matched: without a keyword before it.
    pub text: Arc<str>,
    /// The definitions that match: one if a step with this text runs, several if it is ambiguous.
    pub fitting: Vec<FittingDefinition>,
    /// If none matches: what is probably wrong, as a sentence.
    pub hint: Option<String>,
    /// If none matches: the nearest definitions, as positions in the catalogue.
    pub nearest: Vec<usize>,
}

/// A definition that matches a text.
#[derive(Debug, Clone, PartialEq)]
pub struct FittingDefinition {
    /// Its position in the catalogue.
    pub position: usize,
    /// What it captures.
    pub arguments: Vec<ArgumentGroup>,
}

/// Matches the text as it is; if nothing does and it begins with a keyword, what follows the keyword.
pub(super) fn match_text(
    catalogue: &mut StepCatalogue,
    interview: &mut Interview,
    text: &str,
    keywords: &'static Dialect,
) -> Result<TextMatch, InterviewError> {
    let text = text.trim();
    let whole = step(text, KeywordType::Unknown);
    let mut found = found(catalogue, interview, &whole)?;
    let mut tried = whole;
    if found.is_empty()
        && let Some(below) = without_keyword(text, keywords)
    {
        found = self::found(catalogue, interview, &below)?;
        tried = below;
    }
    let fitting: Vec<FittingDefinition> = (found.iter())
        .map(|one| FittingDefinition {
            position: one.definition as usize,
            arguments: one.arguments.clone(),
        })
        .collect();
    let mut result = TextMatch {
        text: Arc::clone(&tried.text),
        hint: None,
        nearest: Vec::new(),
        fitting,
    };
    if result.fitting.is_empty() {
        result.hint = catalogue.matching.hint(&tried);
        result.nearest = nearest(catalogue, &tried.text, result.hint.as_deref());
    }
    Ok(result)
}

fn found(
    catalogue: &mut StepCatalogue,
    interview: &mut Interview,
    step: &PlannedStep,
) -> Result<Vec<Arc<StepMatch>>, InterviewError> {
    // No feature has this step. What else than its text decides is what a step in no file has.
    let uri: Arc<str> = "".into();
    let questions: Vec<_> = catalogue.matching.learn(&uri, step).into_iter().collect();
    if !questions.is_empty() {
        interview.answer(&mut catalogue.matching, &questions)?;
    }
    Ok(catalogue.matching.all(&uri, step))
}

/// The definition that the hint names, and those that a search finds.
fn nearest(catalogue: &StepCatalogue, text: &str, hint: Option<&str>) -> Vec<usize> {
    let is_named = |entry: &CatalogueEntry| {
        let pattern = format!("`{}`", entry.definition().pattern);
        hint.is_some_and(|hint| hint.contains(&pattern))
    };
    let named = catalogue.entries.iter().position(is_named);
    let found = catalogue
        .search(text)
        .into_iter()
        .map(|found| found.position);
    let others = found.filter(|position| Some(*position) != named);
    named.into_iter().chain(others).take(MOST_NEAR).collect()
}

/// The step that a line such as `When I press add` is.
fn without_keyword(line: &str, keywords: &'static Dialect) -> Option<PlannedStep> {
    let steps = steps_of(line, keywords).ok()?;
    let [step] = <[PlannedStep; 1]>::try_from(steps).ok()?;
    (*step.text != *line).then_some(step)
}

fn step(text: &str, keyword_type: KeywordType) -> PlannedStep {
    PlannedStep::new(
        StepWording {
            keyword: "* ".into(),
            keyword_type,
            text: text.into(),
            arguments: Vec::new(),
            background: false,
        },
        Location { line: 1, column: 1 },
    )
}
