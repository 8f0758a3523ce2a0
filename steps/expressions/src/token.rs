//! The tokens of an expression.

use crate::error::{Error, ErrorKind};

/// A token, with its place in code points from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Its kind.
    pub kind: TokenKind,
    /// The source without the backslashes that escape.
    pub text: String,
    /// Where it begins.
    pub start: usize,
    /// Where it ends. The code point there is not a part of it.
    pub end: usize,
}

/// The kind of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// The empty token before all others.
    StartOfLine,
    /// The empty token after all others.
    EndOfLine,
    /// Characters that are white space.
    WhiteSpace,
    /// `(`
    BeginOptional,
    /// `)`
    EndOptional,
    /// `{`
    BeginParameter,
    /// `}`
    EndParameter,
    /// `/`
    Alternation,
    /// Anything else, and everything that is escaped.
    Text,
}

impl TokenKind {
    /// The name in the public test data, such as `START_OF_LINE`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::StartOfLine => "START_OF_LINE",
            Self::EndOfLine => "END_OF_LINE",
            Self::WhiteSpace => "WHITE_SPACE",
            Self::BeginOptional => "BEGIN_OPTIONAL",
            Self::EndOptional => "END_OPTIONAL",
            Self::BeginParameter => "BEGIN_PARAMETER",
            Self::EndParameter => "END_PARAMETER",
            Self::Alternation => "ALTERNATION",
            Self::Text => "TEXT",
        }
    }

    fn of(character: char) -> Self {
        match character {
            '(' => Self::BeginOptional,
            ')' => Self::EndOptional,
            '{' => Self::BeginParameter,
            '}' => Self::EndParameter,
            '/' => Self::Alternation,
            space if space.is_whitespace() => Self::WhiteSpace,
            _ => Self::Text,
        }
    }

    /// Whether adjacent characters of this kind form one token.
    fn joins(self) -> bool {
        matches!(self, Self::WhiteSpace | Self::Text)
    }
}

/// Splits an expression into tokens; the first and the last are empty and mark its ends.
///
/// # Errors
/// When a backslash is at the end, or before a character without a special meaning.
pub fn tokenize(expression: &str) -> Result<Vec<Token>, Error> {
    let mut tokens = vec![empty(TokenKind::StartOfLine, 0)];
    let mut length = 0;
    let mut characters = (0..).zip(expression.chars());
    while let Some((start, character)) = characters.next() {
        let (kind, character, end) = if character == '\\' {
            let Some((at, escaped)) = characters.next() else {
                return Err(Error::at(
                    ErrorKind::EndOfLineEscaped,
                    expression,
                    start,
                    start + 1,
                ));
            };
            if escaped != '\\' && TokenKind::of(escaped) == TokenKind::Text {
                return Err(Error::at(ErrorKind::CannotEscape, expression, at, at + 1));
            }
            (TokenKind::Text, escaped, at + 1)
        } else {
            (TokenKind::of(character), character, start + 1)
        };
        length = end;
        match tokens.last_mut() {
            Some(last) if last.kind == kind && kind.joins() => {
                last.text.push(character);
                last.end = end;
            }
            _ => tokens.push(Token {
                kind,
                text: character.to_string(),
                start,
                end,
            }),
        }
    }
    tokens.push(empty(TokenKind::EndOfLine, length));
    Ok(tokens)
}

fn empty(kind: TokenKind, at: usize) -> Token {
    Token {
        kind,
        text: String::new(),
        start: at,
        end: at,
    }
}
