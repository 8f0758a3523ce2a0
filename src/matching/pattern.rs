//! One regular expression of a step definition: its literals, its groups, its matches.
//!
//! It knows nothing of definitions or of other patterns.

use std::cell::OnceCell;

use regex_automata::meta::Regex;
use regex_syntax::ast::{self, Ast, GroupKind};
use regex_syntax::hir::{Hir, HirKind, Look};

use crate::event::ArgumentGroup;

/// A pattern that is compiled when a text first gets past its literals.
#[derive(Debug)]
pub struct Pattern {
    hir: Hir,
    prefix: Option<String>,
    suffix: Option<String>,
    /// For each capture group from 1: the group it lies in, 0 for none.
    parents: Vec<usize>,
    compiled: OnceCell<Option<Regex>>,
}

impl Pattern {
    /// Parses a pattern in the syntax of the `regex` crate.
    ///
    /// # Errors
    /// The syntax error, as a text of several lines that points at the place.
    pub fn parse(source: &str) -> Result<Self, String> {
        let ast = ast::parse::Parser::new()
            .parse(source)
            .map_err(|error| error.to_string())?;
        let hir = regex_syntax::hir::translate::Translator::new()
            .translate(source, &ast)
            .map_err(|error| error.to_string())?;
        let (prefix, suffix) = literals(&hir);
        let parents = parents(&ast);
        Ok(Self {
            hir,
            prefix,
            suffix,
            parents,
            compiled: OnceCell::new(),
        })
    }

    /// The text that every match begins the step with, if the pattern is anchored there.
    pub fn prefix(&self) -> Option<&str> {
        self.prefix.as_deref()
    }

    /// Compiles the pattern now.
    ///
    /// # Errors
    /// When the program would be larger than [`SIZE_LIMIT`].
    pub fn compile(&self) -> Result<(), String> {
        let regex = compile(&self.hir)?;
        self.compiled.get_or_init(|| Some(regex));
        Ok(())
    }

    /// The top-level groups of the leftmost match in `text`, or none where nothing matches.
    pub fn arguments(&self, text: &str) -> Option<Vec<ArgumentGroup>> {
        if let Some(suffix) = &self.suffix
            && !text.ends_with(suffix.as_str())
        {
            return None;
        }
        // `Definitions::new` has compiled every pattern whose size is in doubt, so none fails here.
        let regex = self
            .compiled
            .get_or_init(|| compile(&self.hir).ok())
            .as_ref()?;
        if self.parents.is_empty() {
            return regex.is_match(text).then(Vec::new);
        }
        let mut captures = regex.create_captures();
        regex.captures(text, &mut captures);
        if !captures.is_match() {
            return None;
        }
        let offsets = Utf16::new(text);
        let mut groups: Vec<ArgumentGroup> = (1..=self.parents.len())
            .map(|index| match captures.get_group(index) {
                Some(found) => ArgumentGroup {
                    value: Some(text[found.range()].to_owned()),
                    start: offsets.at(found.start),
                    end: offsets.at(found.end),
                    children: Vec::new(),
                    parameter_type: None,
                },
                None => ArgumentGroup {
                    value: None,
                    start: 0,
                    end: 0,
                    children: Vec::new(),
                    parameter_type: None,
                },
            })
            .collect();
        // A group comes after the group it lies in: taking from the back moves whole subtrees.
        let mut top = Vec::new();
        while let Some(group) = groups.pop() {
            match self.parents[groups.len()] {
                0 => top.push(group),
                parent => groups[parent - 1].children.insert(0, group),
            }
        }
        top.reverse();
        Some(top)
    }
}

/// How large a compiled pattern may be, in bytes: the default of the `regex` crate.
const SIZE_LIMIT: usize = 10 * 1024 * 1024;

/// Compiles for short texts: no automata, which cost more to build than they ever save here.
/// What is left searches in linear time too.
fn compile(hir: &Hir) -> Result<Regex, String> {
    let config = Regex::config()
        .hybrid(false)
        .dfa(false)
        .onepass(false)
        .nfa_size_limit(Some(SIZE_LIMIT));
    let compiled = Regex::builder().configure(config).build_from_hir(hir);
    compiled.map_err(|error| match error.size_limit() {
        Some(limit) => format!("the pattern takes more than {limit} bytes when compiled"),
        None => error.to_string(),
    })
}

/// Translates byte offsets of a text into UTF-16 code units.
struct Utf16<'t> {
    text: &'t str,
    ascii: bool,
}

impl<'t> Utf16<'t> {
    fn new(text: &'t str) -> Self {
        Self {
            text,
            ascii: text.is_ascii(),
        }
    }

    fn at(&self, byte: usize) -> u32 {
        let units = if self.ascii {
            byte
        } else {
            self.text[..byte].encode_utf16().count()
        };
        u32::try_from(units).unwrap_or(u32::MAX)
    }
}

/// The literal text behind `^` and before `$`.
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

/// For each capture group of the pattern, in order: the number of the group it lies in.
fn parents(ast: &Ast) -> Vec<usize> {
    struct Nesting {
        open: Vec<usize>,
        parents: Vec<usize>,
    }
    impl ast::Visitor for Nesting {
        type Output = Vec<usize>;
        type Err = std::convert::Infallible;

        fn finish(self) -> Result<Vec<usize>, Self::Err> {
            Ok(self.parents)
        }

        fn visit_pre(&mut self, ast: &Ast) -> Result<(), Self::Err> {
            if let Ast::Group(group) = ast
                && !matches!(group.kind, GroupKind::NonCapturing(_))
            {
                self.parents.push(self.open.last().copied().unwrap_or(0));
                self.open.push(self.parents.len());
            }
            Ok(())
        }

        fn visit_post(&mut self, ast: &Ast) -> Result<(), Self::Err> {
            if let Ast::Group(group) = ast
                && !matches!(group.kind, GroupKind::NonCapturing(_))
            {
                self.open.pop();
            }
            Ok(())
        }
    }
    let nesting = Nesting {
        open: Vec::new(),
        parents: Vec::new(),
    };
    match ast::visit(ast, nesting) {
        Ok(parents) => parents,
        Err(never) => match never {},
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn values(groups: &[ArgumentGroup]) -> Vec<Option<&str>> {
        groups.iter().map(|group| group.value.as_deref()).collect()
    }

    #[test]
    fn literals_are_taken_only_at_anchors() {
        let of = |source: &str| {
            let pattern = Pattern::parse(source).unwrap();
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
        let pattern = Pattern::parse(r"^((\d+)-(\d+))(?: (x))? (\w+)$").unwrap();
        let groups = pattern.arguments("1-22 ab").unwrap();
        assert_eq!(values(&groups), [Some("1-22"), None, Some("ab")]);
        assert_eq!(values(&groups[0].children), [Some("1"), Some("22")]);
        assert_eq!((groups[2].start, groups[2].end), (5, 7));
    }

    #[test]
    fn offsets_are_utf16() {
        let pattern = Pattern::parse(r"(\d+)").unwrap();
        let groups = pattern.arguments("😀é 7").unwrap();
        assert_eq!((groups[0].start, groups[0].end), (4, 5));
    }

    #[test]
    fn a_pattern_without_anchors_is_searched() {
        let pattern = Pattern::parse("cukes").unwrap();
        assert!(pattern.arguments("many cukes here").is_some());
        assert!(pattern.arguments("none").is_none());
    }

    #[test]
    fn a_broken_pattern_says_where() {
        let error = Pattern::parse("^a(b$").unwrap_err();
        assert!(error.contains("unclosed group"), "{error}");
    }
}
