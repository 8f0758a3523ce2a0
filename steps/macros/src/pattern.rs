//! The pattern of a step definition: its literal, and the groups in it.

use proc_macro::{Delimiter, Literal, Span, TokenStream, TokenTree};
use regex_syntax::ast::{Ast, GroupKind, parse::Parser};

use crate::error::Error;

/// A checked pattern.
pub(crate) struct Pattern {
    /// The literal as it stands in the source.
    pub(crate) literal: Literal,
    /// How many groups it has that are in no other group.
    pub(crate) groups: usize,
}

impl Pattern {
    /// Reads the argument of an attribute: a string literal, or `regex =` and one.
    pub(crate) fn parse(attribute: TokenStream) -> Result<Self, Error> {
        let tokens: Vec<TokenTree> = attribute.into_iter().collect();
        let literal = match &tokens[..] {
            [pattern] => literal(pattern)?,
            [TokenTree::Ident(key), TokenTree::Punct(equals), pattern]
                if key.to_string() == "regex" && equals.as_char() == '=' =>
            {
                literal(pattern)?
            }
            [] => {
                return Err(Error::new(
                    Span::call_site(),
                    "the pattern is missing: #[given(r\"^a counter$\")]",
                ));
            }
            [first, ..] => return Err(Error::new(first.span(), NOT_A_PATTERN)),
        };
        let text = text(&literal).ok_or_else(|| Error::new(literal.span(), NOT_A_PATTERN))?;
        let ast = Parser::new().parse(&text).map_err(|error| {
            Error::new(
                literal.span(),
                format!("the pattern cannot be used: {error}"),
            )
        })?;
        Ok(Self {
            literal,
            groups: top_level_groups(&ast),
        })
    }
}

const NOT_A_PATTERN: &str = "expected one string literal: a regular expression";

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

/// The value of a string literal; none for literals of other kinds.
fn text(literal: &Literal) -> Option<String> {
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
