//! Compiled regular expressions with their groups as a tree.
//!
//! It knows nothing of step definitions, expressions or parameter types.

use std::ops::Range;

use regex_automata::meta::Regex;
use regex_automata::{Anchored, Input};
use regex_syntax::ast::{self, Ast, GroupKind};
use regex_syntax::hir::Hir;

use crate::event::ArgumentGroup;

/// How large a compiled pattern may be, in bytes: the default of the `regex` crate.
pub const SIZE_LIMIT: usize = 10 * 1024 * 1024;

/// An expression with at most this many parameters of small types compiles to less than the limit.
pub const FEW_PARAMETERS: usize = 20;

/// A regular expression that is ready to match.
#[derive(Debug)]
pub struct Compiled {
    regex: Regex,
    /// For each group from 1: the group it lies in, 0 for none.
    parents: Vec<usize>,
}

impl Compiled {
    /// Compiles for short texts: without automata, which cost more to build than they save for the text of a
    /// step. The remaining engines also search in linear time.
    ///
    /// # Errors
    /// When the program would be larger than `limit` bytes.
    pub fn new(hir: &Hir, parents: Vec<usize>, limit: usize) -> Result<Self, String> {
        let config = Regex::config()
            .hybrid(false)
            .dfa(false)
            .onepass(false)
            .nfa_size_limit(Some(limit));
        let compiled = Regex::builder().configure(config).build_from_hir(hir);
        let regex = compiled.map_err(|error| match error.size_limit() {
            Some(limit) => format!("the pattern takes more than {limit} bytes when compiled"),
            None => error.to_string(),
        })?;
        Ok(Self { regex, parents })
    }

    /// Where the pattern matches at the very start of `text`: the end of the match in bytes.
    pub fn at_start(&self, text: &str) -> Option<usize> {
        let input = Input::new(text).anchored(Anchored::Yes);
        self.regex.find(input).map(|found| found.end())
    }

    /// The top-level groups of the leftmost match in `text`; `None` if nothing matches.
    pub fn groups(&self, text: &str) -> Option<Vec<ArgumentGroup>> {
        if self.parents.is_empty() {
            return self.regex.is_match(text).then(Vec::new);
        }
        let mut captures = self.regex.create_captures();
        self.regex.captures(text, &mut captures);
        if !captures.is_match() {
            return None;
        }
        let offsets = Utf16::new(text);
        let mut groups: Vec<ArgumentGroup> = (1..=self.parents.len())
            .map(|index| {
                let found = captures.get_group(index);
                let at = |place: fn(&regex_automata::Span) -> usize| {
                    found.as_ref().map_or(0, |span| offsets.at(place(span)))
                };
                ArgumentGroup {
                    value: found.map(|span| text[span.range()].to_owned()),
                    start: at(|span| span.start),
                    end: at(|span| span.end),
                    children: Vec::new(),
                    parameter_type: None,
                }
            })
            .collect();
        // A group comes after the group it lies in: taking from the back moves whole subtrees.
        let mut top = Vec::new();
        while let Some(mut group) = groups.pop() {
            group.children.reverse();
            match self.parents[groups.len()] {
                0 => top.push(group),
                parent => groups[parent - 1].children.push(group),
            }
        }
        top.reverse();
        Some(top)
    }
}

/// The arguments of a match whose groups have these ranges in a text, in bytes. No group lies in another.
pub fn arguments(text: &str, groups: Vec<Range<usize>>) -> Vec<ArgumentGroup> {
    let offsets = Utf16::new(text);
    let argument = |range: Range<usize>| ArgumentGroup {
        start: offsets.at(range.start),
        end: offsets.at(range.end),
        value: Some(text[range].to_owned()),
        children: Vec::new(),
        parameter_type: None,
    };
    groups.into_iter().map(argument).collect()
}

/// The limit of nesting. An expression nests the regular expressions of parameter types a little deeper.
const NEST_LIMIT: u32 = 250 + 10;

/// Parses a regular expression in the syntax of the `regex` crate.
///
/// # Errors
/// The syntax error, as a text of several lines that points at the place.
pub fn parse(source: &str) -> Result<(Hir, Ast), String> {
    let ast = ast::parse::ParserBuilder::new()
        .nest_limit(NEST_LIMIT)
        .build()
        .parse(source)
        .map_err(|error| error.to_string())?;
    let hir = regex_syntax::hir::translate::Translator::new()
        .translate(source, &ast)
        .map_err(|error| error.to_string())?;
    Ok((hir, ast))
}

/// A capture group of a regular expression.
pub struct PatternGroup {
    /// The number of the group it lies in, from 1; 0 for none.
    pub parent: usize,
    /// The place of its content in the source, in bytes.
    pub inside: Range<usize>,
}

/// The capture groups of a pattern, in order.
pub fn groups(ast: &Ast) -> Vec<PatternGroup> {
    struct Nesting {
        open: Vec<usize>,
        groups: Vec<PatternGroup>,
    }
    impl ast::Visitor for Nesting {
        type Output = Vec<PatternGroup>;
        type Err = std::convert::Infallible;

        fn finish(self) -> Result<Vec<PatternGroup>, Self::Err> {
            Ok(self.groups)
        }

        fn visit_pre(&mut self, ast: &Ast) -> Result<(), Self::Err> {
            if let Ast::Group(group) = ast
                && !matches!(group.kind, GroupKind::NonCapturing(_))
            {
                let inside = group.ast.span();
                self.groups.push(PatternGroup {
                    parent: self.open.last().copied().unwrap_or(0),
                    inside: inside.start.offset..inside.end.offset,
                });
                self.open.push(self.groups.len());
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
        groups: Vec::new(),
    };
    match ast::visit(ast, nesting) {
        Ok(groups) => groups,
        Err(never) => match never {},
    }
}

/// For each capture group of the pattern, in order: the number of the group it lies in.
pub fn parents(ast: &Ast) -> Vec<usize> {
    groups(ast).into_iter().map(|group| group.parent).collect()
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

/// Whether a regular expression is small when compiled: [`FEW_PARAMETERS`] of them, with the text between
/// them, stay below the limit.
pub fn is_small(regexp: &str) -> bool {
    let limit = SIZE_LIMIT / (2 * FEW_PARAMETERS);
    parse(regexp).is_ok_and(|(hir, _)| Compiled::new(&hir, Vec::new(), limit).is_ok())
}
