//! Finds the definition of each step: matches the texts of a plan with patterns.
//!
//! Every distinct text is matched once. The step program itself matches kinds of patterns that only it
//! understands; [`Matching::add`] takes its answers.

use std::hash::BuildHasher;
use std::sync::Arc;

use bdd_protocol as protocol;
use foldhash::fast::RandomState;
use foldhash::{HashMap, HashMapExt};
use hashbrown::HashTable;

use crate::event::StepMatch;
use crate::plan::{KeywordType, Plan, PlannedStep};

mod definitions;
mod engine;
mod example;
pub mod generator;
mod index;
mod near;
mod parameter_types;
mod pattern;
mod plain;
mod question;
pub mod snippet;
mod template;

use near::NearDefinitions;

pub use definitions::{Definitions, UnusableDefinition};
pub use parameter_types::{ByRegexp, KnownParameterType, ParameterTypes};
pub use pattern::{ExpressionError, Pattern};
pub use question::{MatchBy, Question, match_request};
pub use template::TemplatePart;

/// The definitions that match each distinct text.
///
/// A text is matched when its first step is needed, so workers run the first scenarios while the last are
/// matched.
#[derive(Debug)]
pub struct Matching {
    definitions: Definitions,
    by_text: HashTable<MatchedText>,
    hasher: RandomState,
    /// What the step program matched itself.
    own: HashMap<Question, Vec<Arc<StepMatch>>>,
    match_by: MatchBy,
    strict_keywords: bool,
    near: NearDefinitions,
}

/// A text, its hash, and all definitions that match it, in order of definition.
#[derive(Debug)]
struct MatchedText {
    hash: u64,
    text: Arc<str>,
    matches: Vec<Arc<StepMatch>>,
}

/// What a step runs.
#[derive(Debug, PartialEq)]
pub enum Resolution {
    /// No definition matches.
    Undefined,
    /// Exactly one definition matches.
    Matched(Arc<StepMatch>),
    /// Several definitions match; their positions.
    Ambiguous(Vec<u32>),
}

impl Matching {
    /// Nothing matched yet.
    pub fn new(definitions: Definitions, match_by: MatchBy, strict_keywords: bool) -> Self {
        Self {
            definitions,
            by_text: HashTable::new(),
            hasher: RandomState::default(),
            own: HashMap::new(),
            match_by,
            strict_keywords,
            near: NearDefinitions::default(),
        }
    }

    /// The definitions.
    pub fn definitions(&self) -> &Definitions {
        &self.definitions
    }

    /// Whether a definition runs only steps of its keyword.
    pub fn strict_keywords(&self) -> bool {
        self.strict_keywords
    }

    /// All questions to the step program about the steps of a plan, in no particular order.
    pub fn questions(&mut self, plan: &Plan) -> Vec<Question> {
        for feature in &plan.features {
            let steps = feature.scenarios.iter().flat_map(|one| &one.steps);
            for step in steps {
                self.learn(&feature.uri, step);
            }
        }
        self.own.keys().cloned().collect()
    }

    /// The question to the step program about a step; `None` if it was asked before, or if the program
    /// matches nothing itself.
    pub fn learn(&mut self, uri: &Arc<str>, step: &PlannedStep) -> Option<Question> {
        if !self.definitions.has_own_kinds() {
            return None;
        }
        let question = self.match_by.question(uri, step);
        if self.own.contains_key(&question) {
            return None;
        }
        self.own.insert(question.clone(), Vec::new());
        Some(question)
    }

    /// The question to the step program about a step that is not in the plan.
    pub fn question(&self, uri: &Arc<str>, step: &PlannedStep) -> Question {
        self.match_by.question(uri, step)
    }

    /// The official text for each regular expression that matches a step of the plan and has a group that
    /// could be of several parameter types. This costs nothing if there is no such pattern.
    pub fn ambiguous_types(&mut self, plan: &Plan) -> Vec<String> {
        let mut open = self.definitions.ambiguous();
        let mut problems = Vec::new();
        for step in steps(plan) {
            if open.is_empty() {
                break;
            }
            let found = self.matches(&step.text).iter();
            let found: Vec<u32> = found.map(|found| found.definition).collect();
            for definition in found {
                if let Some(at) = open.iter().position(|&index| index == definition) {
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
    pub fn add(&mut self, question: &Question, matches: &[protocol::Match]) -> Result<(), String> {
        let Some(known) = self.own.get_mut(question) else {
            return Ok(());
        };
        for found in matches {
            known.push(self.definitions.own_match(found)?);
        }
        known.sort_by_key(|found| found.definition);
        Ok(())
    }

    /// All definitions that match this step of a feature, in order of definition. If there are none, the step
    /// is undefined; if there are several, it is ambiguous.
    pub fn all(&mut self, uri: &Arc<str>, step: &PlannedStep) -> Vec<Arc<StepMatch>> {
        let mut all = self.matches(&step.text).to_vec();
        if !self.own.is_empty() {
            let own = self.own.get(&self.match_by.question(uri, step));
            all.extend(own.into_iter().flatten().cloned());
        }
        all.retain(|found| self.allows(found, step));
        all.sort_by_key(|found| found.definition);
        all
    }

    /// What this step of a feature runs.
    pub fn resolve(&mut self, uri: &Arc<str>, step: &PlannedStep) -> Resolution {
        if self.own.is_empty() && !self.strict_keywords {
            return resolution(self.matches(&step.text));
        }
        resolution(&self.all(uri, step))
    }

    /// What a person who wrote an undefined step probably meant, as a sentence.
    pub fn hint(&mut self, step: &PlannedStep) -> Option<String> {
        match self.matches(&step.text).first().cloned() {
            Some(found) => {
                let shown = &self.definitions.shown[found.definition as usize];
                let (pattern, keyword) = (&shown.pattern, &shown.keyword);
                Some(format!(
                    "the definition `{pattern}` is for `{keyword}` only, because keywords are strict"
                ))
            }
            None => self.near.hint(&self.definitions, &step.text),
        }
    }

    /// A text like that of an undefined step that exactly one definition matches: the one that was probably meant, with
    /// the values of the step.
    pub fn suggestion(&mut self, text: &Arc<str>) -> Option<String> {
        self.near.suggestion(&self.definitions, text)
    }

    /// Allows as many comparisons of words for hints and suggestions from now on. A run has enough for some seconds.
    pub fn renew_hints(&mut self, most: usize) {
        self.near.renew(most);
    }

    /// What a step that is not in the plan runs; `own` is what the step program matched itself. The result is
    /// not cached, because such a text rarely occurs twice.
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
    fn matches(&mut self, text: &Arc<str>) -> &[Arc<StepMatch>] {
        let hash = self.hasher.hash_one(text);
        let is_same = |known: &MatchedText| known.hash == hash && known.text == *text;
        let entry = self.by_text.entry(hash, is_same, |known| known.hash);
        let known = entry.or_insert_with(|| MatchedText {
            hash,
            text: Arc::clone(text),
            matches: self.definitions.matches(text),
        });
        &known.into_mut().matches
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
