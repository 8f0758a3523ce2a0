//! The pattern of a step definition: its literal, its kind, and the values it takes from a step.

use bdd_expressions::Expression;
use proc_macro::{Delimiter, Literal, Span, TokenStream, TokenTree};
use regex_syntax::ast::{Ast, GroupKind, parse::Parser};

use crate::error::Error;

/// A checked pattern.
pub(crate) struct Pattern {
    /// The literal as it stands in the source.
    pub(crate) literal: Literal,
    /// What it is.
    pub(crate) kind: PatternKind,
    /// How many groups it has that are in no other group, or how many parameters.
    pub(crate) groups: usize,
}

/// What a pattern is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum PatternKind {
    /// A regular expression.
    Regex,
    /// A Cucumber Expression.
    Expression,
}

impl PatternKind {
    /// The name in the protocol.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Regex => "regex",
            Self::Expression => "cucumber_expression",
        }
    }

    /// What a value that it takes from a step is called.
    pub(crate) fn noun(self) -> &'static str {
        match self {
            Self::Regex => "group",
            Self::Expression => "parameter",
        }
    }

    /// The kind of a pattern if its author does not say it; the rule is that of other Cucumbers.
    fn of(text: &str) -> Self {
        if text.starts_with('^') || text.ends_with('$') {
            Self::Regex
        } else {
            Self::Expression
        }
    }
}

impl Pattern {
    /// Reads the argument of an attribute: a string literal, or `regex =` or `expr =` and one.
    pub(crate) fn parse(attribute: TokenStream) -> Result<Self, Error> {
        let tokens: Vec<TokenTree> = attribute.into_iter().collect();
        let (said, literal) = match &tokens[..] {
            [pattern] => (None, literal(pattern)?),
            [TokenTree::Ident(key), TokenTree::Punct(equals), pattern]
                if equals.as_char() == '=' =>
            {
                let kind = match key.to_string().as_str() {
                    "regex" => PatternKind::Regex,
                    "expr" => PatternKind::Expression,
                    _ => return Err(Error::new(key.span(), NOT_A_PATTERN)),
                };
                (Some(kind), literal(pattern)?)
            }
            [] => {
                return Err(Error::new(
                    Span::call_site(),
                    "the pattern is missing: #[given(\"a counter at {int}\")]",
                ));
            }
            [first, ..] => return Err(Error::new(first.span(), NOT_A_PATTERN)),
        };
        let text = text(&literal).ok_or_else(|| Error::new(literal.span(), NOT_A_PATTERN))?;
        let kind = said.unwrap_or_else(|| PatternKind::of(&text));
        let groups = match kind {
            PatternKind::Regex => groups(&text),
            PatternKind::Expression => parameters(&text),
        };
        let groups = groups.map_err(|error| Error::new(literal.span(), error))?;
        Ok(Self {
            literal,
            kind,
            groups,
        })
    }
}

const NOT_A_PATTERN: &str = "expected one string literal: a Cucumber Expression, or a regular \
    expression, which begins with ^, ends with $ or follows `regex =`";

/// How many groups a regular expression has that are in no other group.
pub(crate) fn groups(text: &str) -> Result<usize, String> {
    match Parser::new().parse(text) {
        Ok(ast) => Ok(top_level_groups(&ast)),
        Err(error) => Err(format!("the pattern cannot be used: {error}")),
    }
}

fn parameters(text: &str) -> Result<usize, String> {
    match Expression::parse(text) {
        Ok(expression) => Ok(expression.parameters().len()),
        Err(error) => Err(error.to_string()),
    }
}

/// The literal, which is wrapped when it comes from a `macro_rules!` macro.
fn literal(token: &TokenTree) -> Result<Literal, Error> {
    match token {
        TokenTree::Literal(literal) => Ok(literal.clone()),
        TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
            match &group.stream().into_iter().collect::<Vec<_>>()[..] {
                [inner] => literal(inner),
                _ => Err(Error::new(token.span(), NOT_A_PATTERN)),
            }
        }
        _ => Err(Error::new(token.span(), NOT_A_PATTERN)),
    }
}

fn top_level_groups(ast: &Ast) -> usize {
    match ast {
        Ast::Group(group) => match group.kind {
            GroupKind::NonCapturing(_) => top_level_groups(&group.ast),
            GroupKind::CaptureIndex(_) | GroupKind::CaptureName { .. } => 1,
        },
        Ast::Repetition(repetition) => top_level_groups(&repetition.ast),
        Ast::Concat(parts) => parts.asts.iter().map(top_level_groups).sum(),
        Ast::Alternation(branches) => branches.asts.iter().map(top_level_groups).sum(),
        _ => 0,
    }
}

/// The value of a string literal; `None` for literals of other kinds.
pub(crate) fn text(literal: &Literal) -> Option<String> {
    let source = literal.to_string();
    if let Some(raw) = source.strip_prefix('r') {
        let content = raw.trim_start_matches('#');
        let hashes = raw.len() - content.len();
        return Some(
            content
                .strip_prefix('"')?
                .get(..content.len() - hashes - 2)?
                .to_owned(),
        );
    }
    unescaped(source.strip_prefix('"')?.strip_suffix('"')?)
}

/// What the inside of a `"…"` literal, which the compiler has accepted, stands for.
fn unescaped(source: &str) -> Option<String> {
    let mut text = String::new();
    let mut rest = source.chars();
    while let Some(character) = rest.next() {
        if character != '\\' {
            text.push(character);
            continue;
        }
        text.push(match rest.next()? {
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            '0' => '\0',
            'x' => code(&rest.by_ref().take(2).collect::<String>())?,
            'u' => {
                let digits: String = rest.by_ref().take_while(|&digit| digit != '}').collect();
                code(&digits.trim_start_matches('{').replace('_', ""))?
            }
            '\n' => {
                rest = rest
                    .as_str()
                    .trim_start_matches([' ', '\t', '\n', '\r'])
                    .chars();
                continue;
            }
            quote_or_backslash => quote_or_backslash,
        });
    }
    Some(text)
}

fn code(digits: &str) -> Option<char> {
    char::from_u32(u32::from_str_radix(digits, 16).ok()?)
}
