//! Makes the tree of an expression from its tokens.
//!
//! It accepts everything that has a tree. [`crate::Expression`] rejects trees that are not allowed.

use crate::ast::{Node, NodeKind};
use crate::error::{Error, ErrorKind};
use crate::token::{Token, TokenKind, tokenize};

/// How deeply optional texts may be nested. A nested optional text is always an error, but has a tree.
const DEEPEST: usize = 64;

/// Parses an expression into its tree.
///
/// # Errors
/// The first mistake in it.
pub fn parse(expression: &str) -> Result<Node, Error> {
    let tokens = tokenize(expression)?;
    let mut parser = Parser {
        expression,
        tokens: &tokens,
        // After the token that marks the start.
        at: 1,
    };
    let mut nodes = Vec::new();
    loop {
        match parser.token().kind {
            TokenKind::EndOfLine => break,
            TokenKind::WhiteSpace => nodes.push(parser.text()),
            TokenKind::BeginParameter => nodes.push(parser.parameter()?),
            _ => nodes.extend(parser.alternation()?),
        }
    }
    let end = parser.token().end;
    Ok(Node::of(NodeKind::Expression, nodes, 0, end))
}

struct Parser<'t> {
    expression: &'t str,
    tokens: &'t [Token],
    /// The index of the current token, never beyond the last one, which marks the end.
    at: usize,
}

impl<'t> Parser<'t> {
    fn token(&self) -> &'t Token {
        &self.tokens[self.at]
    }

    fn next(&mut self) -> &'t Token {
        let token = self.token();
        self.at += 1;
        token
    }

    fn error(&self, kind: ErrorKind, token: &Token) -> Error {
        Error::at(kind, self.expression, token.start, token.end)
    }

    fn text(&mut self) -> Node {
        let token = self.next();
        Node::text(token.text.clone(), token.start, token.end)
    }

    /// Everything up to the next blank, parameter or end: an alternation if it contains a `/`.
    fn alternation(&mut self) -> Result<Vec<Node>, Error> {
        let start = self.token().start;
        let mut alternatives = Vec::new();
        let mut from = start;
        let mut nodes = Vec::new();
        loop {
            let token = self.token();
            match token.kind {
                TokenKind::EndOfLine | TokenKind::WhiteSpace | TokenKind::BeginParameter => break,
                TokenKind::Alternation => {
                    let parts = std::mem::take(&mut nodes);
                    let kind = NodeKind::Alternative;
                    alternatives.push(Node::of(kind, parts, from, token.start));
                    from = token.end;
                    self.at += 1;
                }
                TokenKind::BeginOptional => nodes.push(self.optional()?),
                _ => nodes.push(self.text()),
            }
        }
        if alternatives.is_empty() {
            return Ok(nodes);
        }
        let end = self.token().start;
        alternatives.push(Node::of(NodeKind::Alternative, nodes, from, end));
        let alternation = Node::of(NodeKind::Alternation, alternatives, start, end);
        Ok(vec![alternation])
    }

    /// `'(' ( optional | parameter | text )* ')'`
    fn optional(&mut self) -> Result<Node, Error> {
        // The optionals that are open, each with what is in it so far: no recursion, however deep.
        let mut open = vec![(self.next(), Vec::new())];
        loop {
            let token = self.token();
            let node = match token.kind {
                TokenKind::BeginOptional if open.len() == DEEPEST => {
                    return Err(self.error(ErrorKind::OptionalInOptional, token));
                }
                TokenKind::BeginOptional => {
                    open.push((self.next(), Vec::new()));
                    continue;
                }
                TokenKind::EndOptional => {
                    self.at += 1;
                    match open.pop() {
                        Some((begin, nodes)) => {
                            Node::of(NodeKind::Optional, nodes, begin.start, token.end)
                        }
                        None => continue,
                    }
                }
                TokenKind::EndOfLine => {
                    let innermost = open.last().map_or(token, |(begin, _)| begin);
                    return Err(self.error(ErrorKind::OptionalUnfinished, innermost));
                }
                TokenKind::Alternation => {
                    return Err(self.error(ErrorKind::AlternationInOptional, token));
                }
                TokenKind::BeginParameter => self.parameter()?,
                _ => self.text(),
            };
            match open.last_mut() {
                Some((_, nodes)) => nodes.push(node),
                None => return Ok(node),
            }
        }
    }

    /// `'{' name* '}'`
    fn parameter(&mut self) -> Result<Node, Error> {
        let begin = self.next();
        let mut nodes = Vec::new();
        loop {
            let token = self.token();
            match token.kind {
                TokenKind::WhiteSpace | TokenKind::Text => nodes.push(self.text()),
                TokenKind::EndParameter => {
                    self.at += 1;
                    let kind = NodeKind::Parameter;
                    return Ok(Node::of(kind, nodes, begin.start, token.end));
                }
                TokenKind::EndOfLine => {
                    return Err(self.error(ErrorKind::ParameterUnfinished, begin));
                }
                _ => return Err(self.error(ErrorKind::ParameterName, token)),
            }
        }
    }
}
