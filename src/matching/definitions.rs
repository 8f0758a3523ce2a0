//! The step definitions of a step program, with their patterns.
//!
//! This file does not know the steps.

use std::sync::Arc;

use bdd_protocol as protocol;

use super::generator::Generator;
use super::index::Index;
use super::parameter_types::{ByRegexp, ParameterTypes};
use super::pattern::{ExpressionError, Pattern};
use super::template::{self, TemplatePart};
use crate::event::{ArgumentGroup, SourceLocation, StepDefinition, StepMatch};

/// The kind of patterns that are regular expressions in Rust's syntax.
const REGEX: &str = "regex";
/// The kind of patterns that are Cucumber Expressions.
const EXPRESSION: &str = "cucumber_expression";

/// The step definitions of a step program.
#[derive(Debug)]
pub struct Definitions {
    /// The definitions in the form for reports.
    pub shown: Arc<[StepDefinition]>,
    /// The id that the step program gave each.
    pub ids: Vec<u32>,
    /// Definitions that cannot be used and are not among the others.
    pub left_out: Vec<UnusableDefinition>,
    /// The parameter types.
    pub types: Arc<ParameterTypes>,
    patterns: Vec<Option<Pattern>>,
    has_own_kinds: bool,
    index: Index,
}

/// A definition whose expression names an unknown parameter type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnusableDefinition {
    /// The name of the first such type in it.
    pub parameter_type: String,
    /// The expression.
    pub expression: String,
    /// Where the definition stands.
    pub location: SourceLocation,
    /// The name of the function.
    pub function: String,
    /// The official text of several lines.
    pub message: String,
}

impl Definitions {
    /// Takes the definitions of a hello. `place` makes a source path relative for messages.
    ///
    /// # Errors
    /// All patterns that do not parse and all parameter types that cannot be used, each with its
    /// place.
    pub fn new(
        hello: &protocol::Hello,
        place: &dyn Fn(&str) -> String,
    ) -> Result<Self, Vec<String>> {
        let (types, mut problems) = match ParameterTypes::new(&hello.parameter_types, place) {
            Ok(types) => (types, Vec::new()),
            Err(problems) => (ParameterTypes::default(), problems),
        };
        let mut left_out = Vec::new();
        let mut ids = Vec::with_capacity(hello.definitions.len());
        let mut shown = Vec::with_capacity(hello.definitions.len());
        let mut patterns = Vec::with_capacity(hello.definitions.len());
        for definition in &hello.definitions {
            let location = SourceLocation {
                file: place(&definition.file),
                line: definition.line,
                column: definition.column,
            };
            let source = &definition.pattern;
            let pattern = match definition.kind.as_str() {
                REGEX => Pattern::regex(source, &types)
                    .map_err(ExpressionError::Unusable)
                    .map(Some),
                EXPRESSION => Pattern::expression(source, &types).map(Some),
                _ => Ok(None),
            };
            match pattern {
                Ok(pattern) => {
                    patterns.push(pattern);
                    ids.push(definition.id);
                    shown.push(StepDefinition {
                        keyword: definition.keyword.clone(),
                        pattern: source.clone(),
                        kind: definition.kind.clone(),
                        location,
                        function: definition.function.clone(),
                    });
                }
                Err(ExpressionError::UndefinedParameterType(name, message)) => {
                    left_out.push(UnusableDefinition {
                        parameter_type: name,
                        expression: source.clone(),
                        location,
                        function: definition.function.clone(),
                        message,
                    });
                }
                Err(ExpressionError::Unusable(error)) => {
                    problems.push(format!("{}:{}: {error}", location.file, location.line));
                }
            }
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
            ids,
            left_out,
            types: Arc::new(types),
            has_own_kinds: patterns.iter().any(Option::is_none),
            patterns,
            index,
        })
    }

    /// Whether the step program itself has to match some of its patterns.
    pub fn has_own_kinds(&self) -> bool {
        self.has_own_kinds
    }

    /// The names of the functions of all definitions, including those that cannot be used.
    pub fn functions(&self) -> impl Iterator<Item = &str> {
        let shown = self.shown.iter().map(|one| one.function.as_str());
        shown.chain(self.left_out.iter().map(|one| one.function.as_str()))
    }

    /// For each definition a text that it matches, and its keyword.
    pub fn examples(&self) -> impl Iterator<Item = (String, &str)> {
        let patterns = self.patterns.iter().zip(&*self.shown);
        patterns.filter_map(|(pattern, shown)| {
            Some((pattern.as_ref()?.example()?, shown.keyword.as_str()))
        })
    }

    /// Texts that definitions probably match, to try others with: with a plausible value in place of each group, and
    /// with simple ones.
    pub fn probable_texts(&self) -> impl Iterator<Item = String> {
        let examples = self.examples().map(|(text, _)| text);
        let skeletons = self.skeletons();
        let simple = skeletons.flat_map(|(_, skeleton)| {
            let with = |value: &str| skeleton.replace(super::example::GROUP, value);
            ["1", "a", "\"a\"", "1.5"].map(with)
        });
        examples.chain(simple)
    }

    /// For each definition its pattern, and a text that it matches with a sign in place of each group.
    pub(super) fn skeletons(&self) -> impl Iterator<Item = (&str, String)> {
        let patterns = self.patterns.iter().zip(&*self.shown);
        patterns.filter_map(|(pattern, shown)| {
            Some((shown.pattern.as_str(), pattern.as_ref()?.skeleton()?))
        })
    }

    /// For a definition the text of a step that it matches, with gaps for the values. Texts of patterns that only the
    /// step program understands are a guess.
    pub fn template(&self, position: usize) -> Option<Vec<TemplatePart>> {
        match self.patterns.get(position)? {
            Some(pattern) => Some(template::of_skeleton(&pattern.skeleton()?, pattern.types())),
            None => Some(template::of_own_kind(&self.shown[position].pattern)),
        }
    }

    /// The same for patterns that only the step program understands, as far as their texts show.
    pub(super) fn own_skeletons(&self) -> impl Iterator<Item = (&str, String)> {
        let patterns = self.patterns.iter().zip(&*self.shown);
        let own = patterns.filter(|(pattern, _)| pattern.is_none());
        own.map(|(_, shown)| {
            let parts = template::of_own_kind(&shown.pattern).into_iter();
            let texts = parts.map(|part| match part {
                TemplatePart::Text(text) => text,
                TemplatePart::Gap(_) => super::example::GROUP.to_string(),
            });
            (shown.pattern.as_str(), texts.collect())
        })
    }

    /// The positions of all definitions whose pattern matches `text`, as far as the runner matches them.
    pub fn matching(&self, text: &str) -> Vec<usize> {
        let found = self.matches(text).into_iter();
        found.map(|found| found.definition as usize).collect()
    }

    /// All definitions whose pattern matches `text`, in order of definition; only patterns that the
    /// runner matches are tried.
    pub(super) fn matches(&self, text: &str) -> Vec<Arc<StepMatch>> {
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

    /// The position of the definition with this id, which the step program itself matches.
    fn of_own_kind(&self, id: u32) -> Result<u32, String> {
        let position = self.ids.iter().position(|&one| one == id);
        let position = position.ok_or_else(|| {
            format!("it matched a step with definition {id}, which it did not declare")
        })?;
        match self.patterns[position] {
            None => Ok(number(position)),
            Some(_) => Err(format!(
                "it matched a step with definition {id}, whose pattern the runner matches"
            )),
        }
    }

    /// The match that the step program reports for a step, with a pattern of any kind.
    ///
    /// # Errors
    /// When it names an unknown definition.
    pub fn reported_match(&self, found: &protocol::Match) -> Result<Arc<StepMatch>, String> {
        let position = self.ids.iter().position(|id| *id == found.definition);
        let position = position.ok_or_else(|| {
            format!(
                "it ran a step with the definition {}, which is unknown",
                found.definition
            )
        })?;
        Ok(Arc::new(StepMatch {
            definition: number(position),
            arguments: found.arguments.iter().map(group).collect(),
        }))
    }

    /// A match that the step program itself has found, for a pattern that the runner cannot match.
    ///
    /// # Errors
    /// When it names an unknown definition, or one whose pattern the runner matches.
    pub(super) fn own_match(&self, found: &protocol::Match) -> Result<Arc<StepMatch>, String> {
        Ok(Arc::new(StepMatch {
            definition: self.of_own_kind(found.definition)?,
            arguments: found.arguments.iter().map(group).collect(),
        }))
    }

    /// The positions of the definitions with a group that could be of several parameter types.
    pub(super) fn ambiguous(&self) -> Vec<u32> {
        let is_ambiguous = |pattern: &Pattern| pattern.ambiguous().is_some();
        (0u32..)
            .zip(&self.patterns)
            .filter(|(_, pattern)| pattern.as_ref().is_some_and(is_ambiguous))
            .map(|(position, _)| position)
            .collect()
    }

    /// The official text about such a definition, if it matches `text`.
    pub(super) fn ambiguity(&self, position: u32, text: &str) -> Option<String> {
        let regexp = self.patterns[position as usize].as_ref()?.ambiguous()?;
        let ByRegexp::Several(types) = self.types.with_regexp(regexp) else {
            return None;
        };
        let shown = &self.shown[position as usize];
        let names: Vec<String> = types
            .iter()
            .map(|one| format!("{{{}}}", one.name))
            .collect();
        let expressions: Vec<String> = Generator::new(&self.types)
            .expressions(text)
            .into_iter()
            .map(|expression| expression.source)
            .collect();
        Some(format!(
            "{}:{}: Your Regular Expression /{}/\n\
             matches multiple parameter types with regexp /{regexp}/:\n   {}\n\n\
             I couldn't decide which one to use. You have two options:\n\n\
             1) Use a Cucumber Expression instead of a Regular Expression. Try one of these:\n   {}\n\n\
             2) Make one of the parameter types preferential and continue to use a Regular Expression.\n",
            shown.location.file,
            shown.location.line,
            shown.pattern,
            names.join("\n   "),
            expressions.join("\n   "),
        ))
    }
}

fn number(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}

/// A group as the step program reports it.
fn group(found: &protocol::Group) -> ArgumentGroup {
    ArgumentGroup {
        value: found.value.clone(),
        start: found.start,
        end: found.end,
        children: found.children.iter().map(group).collect(),
        parameter_type: None,
    }
}
