//! Which definition runs which step: matching of a plan's texts with patterns.
//!
//! Every distinct text is matched once. Kinds of patterns that only the step program
//! understands are left open here and filled in from its answers ([`Matching::add`]).

use std::sync::Arc;

use bdd_steps::protocol;
use foldhash::{HashMap, HashMapExt};

use crate::event::{ArgumentGroup, SourceLocation, StepDefinition, StepMatch};
use crate::plan::{KeywordType, Plan, PlannedStep};

mod index;
mod pattern;
pub mod snippet;

use index::Index;
use pattern::Pattern;

/// The step definitions of a step program.
#[derive(Debug)]
pub struct Definitions {
    /// As reports show them.
    pub shown: Arc<[StepDefinition]>,
    /// The id that the step program gave each.
    pub ids: Vec<u32>,
    patterns: Vec<Option<Pattern>>,
    index: Index,
}

impl Definitions {
    /// Takes the definitions of a hello; `place` makes a source path presentable.
    ///
    /// # Errors
    /// All patterns that do not parse, each with its definition's place.
    pub fn new(
        hello: &protocol::Hello,
        place: &dyn Fn(&str) -> String,
    ) -> Result<Self, Vec<String>> {
        let mut problems = Vec::new();
        let mut shown = Vec::with_capacity(hello.definitions.len());
        let mut patterns = Vec::with_capacity(hello.definitions.len());
        for definition in &hello.definitions {
            let location = SourceLocation {
                file: place(&definition.file),
                line: definition.line,
                column: definition.column,
            };
            patterns.push(if definition.kind == "regex" {
                parse(&definition.pattern)
                    .map_err(|error| {
                        problems.push(format!("{}:{}: {error}", location.file, location.line))
                    })
                    .ok()
            } else {
                None
            });
            shown.push(StepDefinition {
                keyword: definition.keyword.clone(),
                pattern: definition.pattern.clone(),
                kind: definition.kind.clone(),
                location,
                function: definition.function.clone(),
            });
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let index = Index::new(
            patterns
                .iter()
                .enumerate()
                .filter_map(|(position, pattern)| Some((position, pattern.as_ref()?))),
        );
        Ok(Self {
            shown: shown.into(),
            ids: hello
                .definitions
                .iter()
                .map(|definition| definition.id)
                .collect(),
            patterns,
            index,
        })
    }

    /// Whether the step program itself has to match some of its patterns.
    pub fn has_own_kinds(&self) -> bool {
        self.shown
            .iter()
            .any(|definition| definition.kind != "regex")
    }

    /// All definitions whose regular expression matches `text`, in order of definition.
    fn matches(&self, text: &str) -> Vec<Arc<StepMatch>> {
        let candidates = self.index.candidates(text).into_iter();
        candidates
            .filter_map(|position| {
                let arguments = self.patterns[position].as_ref()?.arguments(text)?;
                Some(Arc::new(StepMatch {
                    definition: number(position),
                    arguments,
                }))
            })
            .collect()
    }
}

/// Patterns beyond this length are compiled at once, to learn of one that is too large to compile.
const SURELY_SMALL: usize = 200;

fn parse(source: &str) -> Result<Pattern, String> {
    let pattern = Pattern::parse(source)?;
    // A counted repetition is the way for a short pattern to be large.
    if source.len() > SURELY_SMALL || source.contains('{') {
        pattern.compile()?;
    }
    Ok(pattern)
}

fn number(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}

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

    /// Matches every distinct text of the plan with the regular expressions, and gives the texts,
    /// in no particular order.
    pub fn match_all(&mut self, plan: &Plan) -> impl Iterator<Item = &Arc<str>> {
        let scenarios = plan.features.iter().flat_map(|feature| &feature.scenarios);
        for step in scenarios.flat_map(|scenario| &scenario.steps) {
            self.matches(&step.text);
        }
        self.by_text.keys()
    }

    /// Adds what the step program itself matched.
    ///
    /// # Errors
    /// When the answer names a definition that the step program does not have, or whose pattern is
    /// a regular expression.
    pub fn add(&mut self, text: &str, matches: &[protocol::Match]) -> Result<(), String> {
        let Some(known) = self.by_text.get_mut(text) else {
            return Ok(());
        };
        for found in matches {
            let position = self
                .definitions
                .ids
                .iter()
                .position(|&id| id == found.definition);
            let position = position.ok_or_else(|| {
                let id = found.definition;
                format!("it matched a step with definition {id}, which it did not declare")
            })?;
            if self.definitions.patterns[position].is_some() {
                return Err(format!(
                    "it matched a step with definition {}, whose pattern the runner matches",
                    found.definition
                ));
            }
            known.push(Arc::new(StepMatch {
                definition: number(position),
                arguments: found.arguments.iter().map(group).collect(),
            }));
        }
        known.sort_by_key(|found| found.definition);
        Ok(())
    }

    /// What this step runs.
    pub fn resolve(&mut self, step: &PlannedStep) -> Resolution {
        let strict = self.strict_keywords;
        self.matches(&step.text);
        let all = self.by_text.get(&step.text).map_or(&[][..], Vec::as_slice);
        let keyword =
            |found: &StepMatch| &*self.definitions.shown[found.definition as usize].keyword;
        let allowed =
            |found: &&Arc<StepMatch>| !strict || keyword_allows(keyword(found), step.keyword_type);
        let mut fitting = all.iter().filter(allowed);
        match (fitting.next(), fitting.next()) {
            (None, _) => Resolution::Undefined,
            (Some(only), None) => Resolution::Matched(Arc::clone(only)),
            _ => Resolution::Ambiguous(
                all.iter()
                    .filter(allowed)
                    .map(|found| found.definition)
                    .collect(),
            ),
        }
    }

    /// All definitions whose regular expression matches `text`, in order of definition.
    fn matches(&mut self, text: &Arc<str>) {
        if !self.by_text.contains_key(text) {
            let matches = self.definitions.matches(text);
            self.by_text.insert(Arc::clone(text), matches);
        }
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

fn group(group: &protocol::Group) -> ArgumentGroup {
    ArgumentGroup {
        value: group.value.clone(),
        start: group.start,
        end: group.end,
        children: group.children.iter().map(self::group).collect(),
        parameter_type: None,
    }
}
