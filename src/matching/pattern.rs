//! One pattern of a step definition: its literals, its groups, its matches.
//!
//! It knows nothing of definitions or of other patterns.

use std::cell::OnceCell;
use std::ops::Range;
use std::sync::Arc;

use bdd_expressions::{ErrorKind, Expression, Node, NodeKind};
use regex_syntax::hir::{Hir, HirKind, Look};

use super::engine::{self, Compiled, FEW_PARAMETERS, SIZE_LIMIT};
use super::example;
use super::parameter_types::{ByRegexp, ParameterTypes};
use super::plain::{Found, PlainPattern};
use crate::event::ArgumentGroup;

/// A pattern. It is compiled when a text first has its literal prefix and suffix.
#[derive(Debug)]
pub struct Pattern {
    code: Code,
    prefix: Option<String>,
    suffix: Option<String>,
    /// The name of the parameter type of each top-level group.
    types: Vec<Option<Arc<str>>>,
    /// The source of the first group that several parameter types could apply to.
    ambiguous: Option<String>,
    compiled: OnceCell<Option<Compiled>>,
}

/// What is compiled.
#[derive(Debug)]
enum Code {
    /// A regular expression, and for each of its groups from 1 the group it lies in, 0 for none.
    Regex { hir: Hir, parents: Vec<usize> },
    /// A regular expression that is rarely compiled: only texts beyond ASCII may need an engine.
    Plain { source: String, plain: PlainPattern },
    /// The regular expression of a Cucumber Expression.
    Expression(String),
    /// Nothing: the text of the step is the pattern.
    Literal,
}

/// Why a Cucumber Expression is not usable.
#[derive(Debug)]
pub enum ExpressionError {
    /// The expression is valid, but this parameter type is not defined. The official text follows.
    UndefinedParameterType(String, String),
    /// Anything else, as a text of several lines.
    Unusable(String),
}

/// Longer regular expressions are compiled at once: one that is too large is reported before the run.
const SURELY_SMALL: usize = 200;
/// Longer expressions are compiled at once too, and so are those with more than [`FEW_PARAMETERS`] parameters:
/// up to here, literal text and small parameter types stay below the size limit.
const SURELY_SMALL_EXPRESSION: usize = 10_000;

impl Pattern {
    /// Parses a pattern in the syntax of the `regex` crate. A top-level group that is written as
    /// the regular expression of a parameter type has this type.
    ///
    /// # Errors
    /// The syntax error, as a text of several lines that points at the place; or that the pattern
    /// is too large.
    pub fn regex(source: &str, types: &ParameterTypes) -> Result<Self, String> {
        if let Some(plain) = PlainPattern::read(source)
            && source.len() <= SURELY_SMALL
        {
            return Ok(Self::plain(source, plain, types));
        }
        let (hir, ast) = engine::parse(source)?;
        let (prefix, suffix) = literals(&hir);
        let groups = engine::groups(&ast);
        let top = groups.iter().filter(|group| group.parent == 0);
        let (names, ambiguous) = group_types(source, top.map(|group| &group.inside), types);
        let pattern = Self {
            code: Code::Regex {
                hir,
                parents: engine::parents(&ast),
            },
            prefix,
            suffix,
            types: names,
            ambiguous,
            compiled: OnceCell::new(),
        };
        // Only a counted repetition makes a short pattern large.
        if source.len() > SURELY_SMALL || source.contains('{') {
            pattern.compile()?;
        }
        Ok(pattern)
    }

    fn plain(source: &str, plain: PlainPattern, types: &ParameterTypes) -> Self {
        let (names, ambiguous) = group_types(source, plain.groups().iter(), types);
        Self {
            prefix: plain.prefix().map(str::to_owned),
            suffix: plain.suffix().map(str::to_owned),
            types: names,
            ambiguous,
            compiled: OnceCell::new(),
            code: Code::Plain {
                source: source.to_owned(),
                plain,
            },
        }
    }

    /// Parses a Cucumber Expression.
    ///
    /// # Errors
    /// The official text of the first mistake, or that the pattern is too large.
    pub fn expression(source: &str, types: &ParameterTypes) -> Result<Self, ExpressionError> {
        let unusable = |error: bdd_expressions::Error| ExpressionError::Unusable(error.to_string());
        let expression = Expression::parse(source).map_err(unusable)?;
        let mut small = source.len() <= SURELY_SMALL_EXPRESSION
            && expression.parameters().len() <= FEW_PARAMETERS;
        let mut names = Vec::with_capacity(expression.parameters().len());
        let regex = expression.to_regex(|name| {
            let found = types.named(name)?;
            small &= found.small;
            names.push(named(&found.name));
            Some(found.embedded.as_slice())
        });
        let regex = regex.map_err(|error| {
            let text = error.to_string();
            match error.kind {
                ErrorKind::UndefinedParameterType(name) => {
                    ExpressionError::UndefinedParameterType(name, text)
                }
                _ => ExpressionError::Unusable(text),
            }
        })?;
        let nodes = expression.nodes();
        let prefix = texts(nodes.iter());
        let literal = prefix.len() == nodes.len();
        let mut suffix = texts(nodes.iter().rev());
        suffix.reverse();
        let pattern = Self {
            code: if literal {
                Code::Literal
            } else {
                Code::Expression(regex)
            },
            prefix: Some(prefix.concat()),
            suffix: Some(suffix.concat()),
            types: names,
            ambiguous: None,
            compiled: OnceCell::new(),
        };
        if !small {
            pattern.compile().map_err(ExpressionError::Unusable)?;
        }
        Ok(pattern)
    }

    /// The text that every match begins the step with, if the pattern is anchored there.
    #[must_use]
    pub fn prefix(&self) -> Option<&str> {
        self.prefix.as_deref()
    }

    /// The source of a group that could be of several parameter types, none of which is preferred.
    #[must_use]
    pub fn ambiguous(&self) -> Option<&str> {
        self.ambiguous.as_deref()
    }

    /// Compiles the pattern now.
    ///
    /// # Errors
    /// When the program would be larger than 10 MiB.
    pub fn compile(&self) -> Result<(), String> {
        if let Some(compiled) = self.code.compile()? {
            self.compiled.get_or_init(|| Some(compiled));
        }
        Ok(())
    }

    /// A text that the pattern matches, if one can be made.
    #[must_use]
    pub fn example(&self) -> Option<String> {
        let text = self.text(example::of)?;
        self.arguments(&text).is_some().then_some(text)
    }

    /// Such a text with a sign in place of each outer group.
    #[must_use]
    pub(super) fn skeleton(&self) -> Option<String> {
        self.text(example::skeleton)
    }

    /// The names of the parameter types of its groups, as far as they have one.
    pub(super) fn types(&self) -> &[Option<Arc<str>>] {
        &self.types
    }

    fn text(&self, of: fn(&Hir) -> Option<String>) -> Option<String> {
        match &self.code {
            Code::Regex { hir, .. } => of(hir),
            Code::Plain { source: regex, .. } | Code::Expression(regex) => {
                of(&engine::parse(regex).ok()?.0)
            }
            Code::Literal => self.prefix.clone(),
        }
    }

    /// The top-level groups of the leftmost match in `text`; `None` if nothing matches.
    #[must_use]
    pub fn arguments(&self, text: &str) -> Option<Vec<ArgumentGroup>> {
        if let Some(suffix) = &self.suffix
            && !text.ends_with(suffix.as_str())
        {
            return None;
        }
        if matches!(self.code, Code::Literal) {
            return (self.prefix.as_deref() == Some(text)).then(Vec::new);
        }
        let mut groups = self.found(text)?;
        for (group, name) in groups.iter_mut().zip(&self.types) {
            group.parameter_type.clone_from(name);
        }
        Some(groups)
    }

    fn found(&self, text: &str) -> Option<Vec<ArgumentGroup>> {
        if let Code::Plain { plain, .. } = &self.code {
            match plain.find(text) {
                Found::Match(groups) => return Some(engine::arguments(text, groups)),
                Found::Nothing => return None,
                Found::Unknown => {}
            }
        }
        // Every pattern whose size is in doubt was compiled when it was made, so none fails here.
        let compiled = self
            .compiled
            .get_or_init(|| self.code.compile().ok().flatten())
            .as_ref()?;
        compiled.groups(text)
    }
}

impl Code {
    fn compile(&self) -> Result<Option<Compiled>, String> {
        let compiled = match self {
            Self::Regex { hir, parents } => Compiled::new(hir, parents.clone(), SIZE_LIMIT),
            Self::Plain { source: regex, .. } | Self::Expression(regex) => engine::parse(regex)
                .and_then(|(hir, ast)| Compiled::new(&hir, engine::parents(&ast), SIZE_LIMIT)),
            Self::Literal => return Ok(None),
        };
        compiled.map(Some)
    }
}

/// The names of the parameter types of groups with these contents, and the first content that several types could be for.
fn group_types<'g>(
    source: &str,
    groups: impl Iterator<Item = &'g Range<usize>>,
    types: &ParameterTypes,
) -> (Vec<Option<Arc<str>>>, Option<String>) {
    let mut ambiguous = None;
    let names = groups.map(|inside| {
        let inside = &source[inside.clone()];
        match types.with_regexp(inside) {
            ByRegexp::One(found) => named(&found.name),
            ByRegexp::None => None,
            ByRegexp::Several(_) => {
                ambiguous.get_or_insert_with(|| inside.to_owned());
                None
            }
        }
    });
    (names.collect(), ambiguous)
}

/// The texts before the first node that is not a text.
fn texts<'n>(nodes: impl Iterator<Item = &'n Node>) -> Vec<&'n str> {
    nodes
        .take_while(|node| node.kind == NodeKind::Text)
        .map(|node| node.token.as_str())
        .collect()
}

/// The name of a parameter type, if it has one.
fn named(name: &Arc<str>) -> Option<Arc<str>> {
    (!name.is_empty()).then(|| Arc::clone(name))
}

/// The literal text after `^` and before `$`.
fn literals(hir: &Hir) -> (Option<String>, Option<String>) {
    let HirKind::Concat(parts) = hir.kind() else {
        return (None, None);
    };
    let literal = |part: Option<&Hir>| match part.map(Hir::kind) {
        Some(HirKind::Literal(literal)) => String::from_utf8(literal.0.to_vec()).ok(),
        _ => None,
    };
    let is = |part: Option<&Hir>, look| matches!(part.map(Hir::kind), Some(HirKind::Look(l)) if *l == look);
    let prefix = is(parts.first(), Look::Start).then(|| literal(parts.get(1)));
    let before_last = parts
        .len()
        .checked_sub(2)
        .and_then(|index| parts.get(index));
    let suffix = is(parts.last(), Look::End).then(|| literal(before_last));
    (prefix.flatten(), suffix.flatten())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn regex(source: &str) -> Result<Pattern, String> {
        Pattern::regex(source, &ParameterTypes::default())
    }

    fn values(groups: &[ArgumentGroup]) -> Vec<Option<&str>> {
        groups.iter().map(|group| group.value.as_deref()).collect()
    }

    #[test]
    fn literals_are_taken_only_at_anchors() {
        let of = |source: &str| {
            let pattern = regex(source).unwrap();
            (pattern.prefix.clone(), pattern.suffix.clone())
        };
        assert_eq!(
            of(r"^I have (\d+) cukes$"),
            (Some("I have ".into()), Some(" cukes".into()))
        );
        assert_eq!(of(r"I have (\d+) cukes"), (None, None));
        assert_eq!(of(r"^a|b$"), (None, None));
        assert_eq!(of(r"(?i)^I have$"), (None, None));
        assert_eq!(of(r"^same$"), (Some("same".into()), Some("same".into())));
    }

    #[test]
    fn nested_groups_are_children() {
        let pattern = regex(r"^((\d+)-(\d+))(?: (x))? (\w+)$").unwrap();
        let groups = pattern.arguments("1-22 ab").unwrap();
        assert_eq!(values(&groups), [Some("1-22"), None, Some("ab")]);
        assert_eq!(values(&groups[0].children), [Some("1"), Some("22")]);
        assert_eq!((groups[2].start, groups[2].end), (5, 7));
    }

    #[test]
    fn offsets_are_utf16() {
        let pattern = regex(r"(\d+)").unwrap();
        let groups = pattern.arguments("😀é 7").unwrap();
        assert_eq!((groups[0].start, groups[0].end), (4, 5));
    }

    #[test]
    fn a_pattern_without_anchors_is_searched() {
        let pattern = regex("cukes").unwrap();
        assert!(pattern.arguments("many cukes here").is_some());
        assert!(pattern.arguments("none").is_none());
    }

    #[test]
    fn a_broken_pattern_says_where() {
        let error = regex("^a(b$").unwrap_err();
        assert!(error.contains("unclosed group"), "{error}");
    }
}
