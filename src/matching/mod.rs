//! Which definition runs which step: matching of a plan's texts with patterns.
//!
//! Every distinct text is matched once. Kinds of patterns that only the step program
//! understands are left open here and filled in from its answers ([`Matching::add`]).

use std::sync::Arc;

use bdd_protocol as protocol;
use foldhash::{HashMap, HashMapExt};

use crate::event::StepMatch;
use crate::plan::{KeywordType, Plan, PlannedStep};

mod definitions;
mod engine;
pub mod generator;
mod index;
mod parameter_types;
mod pattern;
pub mod snippet;

pub use definitions::{Definitions, UnusableDefinition};
pub use parameter_types::{ByRegexp, KnownParameterType, ParameterTypes};
pub use pattern::{ExpressionError, Pattern};

/// The definitions that match each distinct text.
///
/// A text is matched when the first step with it is asked for: workers run the first scenarios
/// while the last are matched.
#[derive(Debug)]
pub struct Matching {
    definitions: Definitions,
    by_text: HashMap<Arc<str>, Vec<Arc<StepMatch>>>,
    strict_keywords: bool,
}

/// What a step runs.
#[derive(Debug, PartialEq)]
pub enum Resolution {
    /// No definition matches.
    Undefined,
    /// Exactly one does.
    Matched(Arc<StepMatch>),
    /// Several do; their positions.
    Ambiguous(Vec<u32>),
}

impl Matching {
    /// Nothing matched yet.
    pub fn new(definitions: Definitions, strict_keywords: bool) -> Self {
        Self {
            definitions,
            by_text: HashMap::new(),
            strict_keywords,
        }
    }

    /// What texts are matched with.
    pub fn definitions(&self) -> &Definitions {
        &self.definitions
    }

    /// Matches every distinct text of the plan with the patterns that the runner matches, and gives
    /// the texts, in no particular order.
    pub fn match_all(&mut self, plan: &Plan) -> impl Iterator<Item = &Arc<str>> {
        for step in steps(plan) {
            self.matches(&step.text);
        }
        self.by_text.keys()
    }

    /// The official text for each regular expression that matches a step of the plan and has a
    /// group that could be of several parameter types. Without such a pattern it costs nothing.
    pub fn ambiguous_types(&mut self, plan: &Plan) -> Vec<String> {
        let mut open = self.definitions.ambiguous();
        let mut problems = Vec::new();
        for step in steps(plan) {
            if open.is_empty() {
                break;
            }
            self.matches(&step.text);
            for found in &self.by_text[&step.text] {
                if let Some(at) = open.iter().position(|&index| index == found.definition) {
                    problems.extend(self.definitions.ambiguity(open.remove(at), &step.text));
                }
            }
        }
        problems
    }

    /// Adds what the step program itself matched.
    ///
    /// # Errors
    /// When the answer names an unknown definition, or one whose pattern the runner matches.
    pub fn add(&mut self, text: &str, matches: &[protocol::Match]) -> Result<(), String> {
        let Some(known) = self.by_text.get_mut(text) else {
            return Ok(());
        };
        for found in matches {
            known.push(self.definitions.own_match(found)?);
        }
        known.sort_by_key(|found| found.definition);
        Ok(())
    }

    /// Matches a text with the patterns that the runner matches; whether it is a new one.
    pub fn learn(&mut self, text: &Arc<str>) -> bool {
        let is_new = !self.by_text.contains_key(text);
        self.matches(text);
        is_new
    }

    /// All that matches this step, in order of definition: none means undefined, several ambiguous.
    pub fn all(&mut self, step: &PlannedStep) -> Vec<Arc<StepMatch>> {
        self.matches(&step.text);
        let all = self.by_text.get(&step.text).map_or(&[][..], Vec::as_slice);
        let allowed = |found: &&Arc<StepMatch>| self.allows(found, step);
        all.iter().filter(allowed).cloned().collect()
    }

    /// What this step runs.
    pub fn resolve(&mut self, step: &PlannedStep) -> Resolution {
        self.matches(&step.text);
        let all = self.by_text.get(&step.text).map_or(&[][..], Vec::as_slice);
        let fitting = all.iter().filter(|found| self.allows(found, step));
        resolution(fitting)
    }

    /// What a step that is not in the plan runs; `own` is what the step program matched itself. The result
    /// is not cached: such a text seldom comes twice.
    ///
    /// # Errors
    /// As [`Self::add`].
    pub fn resolve_alone(
        &self,
        step: &PlannedStep,
        own: &[protocol::Match],
    ) -> Result<Resolution, String> {
        let mut all = self.definitions.matches(&step.text);
        for found in own {
            all.push(self.definitions.own_match(found)?);
        }
        all.sort_by_key(|found| found.definition);
        all.retain(|found| self.allows(found, step));
        Ok(resolution(&all))
    }

    /// Whether a definition may run a step, by its keyword.
    fn allows(&self, found: &StepMatch, step: &PlannedStep) -> bool {
        let keyword = &*self.definitions.shown[found.definition as usize].keyword;
        !self.strict_keywords || keyword_allows(keyword, step.keyword_type)
    }

    /// Finds all definitions that match `text`, in order of definition.
    fn matches(&mut self, text: &Arc<str>) {
        if !self.by_text.contains_key(text) {
            let matches = self.definitions.matches(text);
            self.by_text.insert(Arc::clone(text), matches);
        }
    }
}

fn steps(plan: &Plan) -> impl Iterator<Item = &PlannedStep> {
    let scenarios = plan.features.iter().flat_map(|feature| &feature.scenarios);
    scenarios.flat_map(|scenario| &scenario.steps)
}

/// What a step runs if all of these match it.
fn resolution<'m>(
    fitting: impl IntoIterator<Item = &'m Arc<StepMatch>, IntoIter: Clone>,
) -> Resolution {
    let fitting = fitting.into_iter();
    let mut first = fitting.clone();
    match (first.next(), first.next()) {
        (None, _) => Resolution::Undefined,
        (Some(only), None) => Resolution::Matched(Arc::clone(only)),
        _ => Resolution::Ambiguous(fitting.map(|found| found.definition).collect()),
    }
}

fn keyword_allows(keyword: &str, step: KeywordType) -> bool {
    match step {
        KeywordType::Unknown => true,
        KeywordType::Context => matches!(keyword, "given" | "step"),
        KeywordType::Action => matches!(keyword, "when" | "step"),
        KeywordType::Outcome => matches!(keyword, "then" | "step"),
    }
}
