//! A checked expression: its parameters and its regular expression.

use crate::ast::{Node, NodeKind};
use crate::error::{Error, ErrorKind};
use crate::parser::parse;

/// An expression without mistakes. Unknown parameter types are found later, by [`Self::to_regex`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expression {
    source: String,
    root: Node,
    parameters: Vec<Parameter>,
}

/// A parameter of an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// The name of its type; the anonymous one's is empty.
    pub name: String,
    /// The place of its `{`, in code points from 0.
    pub start: usize,
    /// The place after its `}`.
    pub end: usize,
}

impl Expression {
    /// Parses and checks an expression.
    ///
    /// # Errors
    /// The first mistake in it. An unknown parameter type is not a mistake here: see
    /// [`Expression::to_regex`].
    pub fn parse(source: &str) -> Result<Self, Error> {
        let root = parse(source)?;
        let check = Check { source };
        check.all(&root.nodes)?;
        let parameters = parameters(&root);
        Ok(Self {
            source: source.to_owned(),
            root,
            parameters,
        })
    }

    /// The expression as written.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The parts of its tree, in order.
    #[must_use]
    pub fn nodes(&self) -> &[Node] {
        &self.root.nodes
    }

    /// Its parameters, in order.
    #[must_use]
    pub fn parameters(&self) -> &[Parameter] {
        &self.parameters
    }

    /// The equivalent regular expression, anchored at both ends. Each parameter is one top-level group.
    ///
    /// `regexps` returns the regular expressions of a parameter type by its name; `None` if it is unknown.
    ///
    /// # Errors
    /// The first parameter whose type does not exist.
    pub fn to_regex<'r, R: AsRef<str> + 'r>(
        &self,
        mut regexps: impl FnMut(&str) -> Option<&'r [R]>,
    ) -> Result<String, Error> {
        let mut regex = String::from("^");
        let mut parameters = self.parameters.iter();
        // What is still to be written, the next at the end.
        let mut rest: Vec<Part> = self.root.nodes.iter().rev().map(Part::Node).collect();
        while let Some(part) = rest.pop() {
            let node = match part {
                Part::Sign(sign) => {
                    regex.push_str(sign);
                    continue;
                }
                Part::Node(node) => node,
            };
            match node.kind {
                NodeKind::Text => escape(&mut regex, &node.token),
                NodeKind::Parameter => {
                    let Some(parameter) = parameters.next() else {
                        continue;
                    };
                    let Some(regexps) = regexps(&parameter.name) else {
                        let kind = ErrorKind::UndefinedParameterType(parameter.name.clone());
                        return Err(Error::at(kind, &self.source, node.start, node.end));
                    };
                    group(&mut regex, regexps);
                }
                NodeKind::Optional => {
                    regex.push_str("(?:");
                    rest.push(Part::Sign(")?"));
                    rest.extend(node.nodes.iter().rev().map(Part::Node));
                }
                NodeKind::Alternation => {
                    regex.push_str("(?:");
                    rest.push(Part::Sign(")"));
                    for (index, alternative) in node.nodes.iter().enumerate().rev() {
                        rest.push(Part::Node(alternative));
                        if index > 0 {
                            rest.push(Part::Sign("|"));
                        }
                    }
                }
                NodeKind::Alternative | NodeKind::Expression => {
                    rest.extend(node.nodes.iter().rev().map(Part::Node));
                }
            }
        }
        regex.push('$');
        Ok(regex)
    }
}

enum Part<'n> {
    Node(&'n Node),
    Sign(&'static str),
}

fn group<R: AsRef<str>>(regex: &mut String, regexps: &[R]) {
    if let [only] = regexps {
        regex.push('(');
        regex.push_str(only.as_ref());
    } else {
        regex.push_str("((?:");
        for (index, one) in regexps.iter().enumerate() {
            if index > 0 {
                regex.push_str(")|(?:");
            }
            regex.push_str(one.as_ref());
        }
        regex.push(')');
    }
    regex.push(')');
}

fn escape(regex: &mut String, text: &str) {
    for character in text.chars() {
        if r"\^[({$.|?*+})]".contains(character) {
            regex.push('\\');
        }
        regex.push(character);
    }
}

/// The parameters. (Optional text cannot contain any.)
fn parameters(node: &Node) -> Vec<Parameter> {
    let mut found = Vec::new();
    for part in &node.nodes {
        match part.kind {
            NodeKind::Parameter => found.push(Parameter {
                name: part.nodes.iter().map(|text| text.token.as_str()).collect(),
                start: part.start,
                end: part.end,
            }),
            NodeKind::Alternation | NodeKind::Alternative => found.extend(parameters(part)),
            NodeKind::Text | NodeKind::Optional | NodeKind::Expression => {}
        }
    }
    found
}

/// Finds trees that are not allowed.
struct Check<'s> {
    source: &'s str,
}

impl Check<'_> {
    fn all(&self, nodes: &[Node]) -> Result<(), Error> {
        nodes.iter().try_for_each(|node| match node.kind {
            NodeKind::Optional => self.optional(node),
            NodeKind::Alternation => self.alternation(node),
            _ => Ok(()),
        })
    }

    fn optional(&self, node: &Node) -> Result<(), Error> {
        if let Some(parameter) = node.first(NodeKind::Parameter) {
            return Err(self.error(ErrorKind::ParameterInOptional, parameter));
        }
        if let Some(inner) = node.first(NodeKind::Optional) {
            return Err(self.error(ErrorKind::OptionalInOptional, inner));
        }
        match node.first(NodeKind::Text) {
            None => Err(self.error(ErrorKind::OptionalEmpty, node)),
            Some(_) => Ok(()),
        }
    }

    fn alternation(&self, node: &Node) -> Result<(), Error> {
        for alternative in &node.nodes {
            if alternative.nodes.is_empty() {
                return Err(self.error(ErrorKind::AlternativeEmpty, alternative));
            }
            if alternative.first(NodeKind::Text).is_none() {
                return Err(self.error(ErrorKind::AlternativeOnlyOptional, alternative));
            }
        }
        node.nodes
            .iter()
            .try_for_each(|alternative| self.all(&alternative.nodes))
    }

    fn error(&self, kind: ErrorKind, node: &Node) -> Error {
        Error::at(kind, self.source, node.start, node.end)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::built_in::BuiltIn;

    fn regex(source: &str) -> Result<String, Error> {
        Expression::parse(source)?.to_regex(|name| Some(BuiltIn::named(name)?.regexps))
    }

    fn kind(source: &str) -> (ErrorKind, usize, usize) {
        let error = regex(source).unwrap_err();
        (error.kind, error.start, error.end)
    }

    #[test]
    fn expressions_become_regular_expressions() {
        assert_eq!(regex("a(b c)d").unwrap(), "^a(?:b c)?d$");
        assert_eq!(
            regex("(a b)/c").unwrap_err().kind,
            ErrorKind::AlternativeOnlyOptional
        );
        assert_eq!(regex("x(a b)/c y/z").unwrap(), "^(?:x(?:a b)?|c) (?:y|z)$");
        assert_eq!(regex("a/i{}n/y").unwrap(), "^(?:a|i)(.*)(?:n|y)$");
        assert_eq!(regex("1) }/b").unwrap(), r"^1\) (?:\}|b)$");
        assert_eq!(regex(r"\/\ a\/b").unwrap(), "^/ a/b$");
        assert_eq!(regex("{word}{word}").unwrap(), r"^([^\s]+)([^\s]+)$");
    }

    #[test]
    fn parameters_have_names_and_places() {
        let expression = Expression::parse("é {int} a/b{my type}c/d {}").unwrap();
        let found: Vec<(&str, usize, usize)> = expression
            .parameters()
            .iter()
            .map(|parameter| (parameter.name.as_str(), parameter.start, parameter.end))
            .collect();
        assert_eq!(found, [("int", 2, 7), ("my type", 11, 20), ("", 24, 26)]);
    }

    #[test]
    fn mistakes_have_places() {
        use ErrorKind::*;
        assert_eq!(kind("a ()"), (OptionalEmpty, 2, 4));
        assert_eq!(kind("a/(b)"), (AlternativeOnlyOptional, 2, 5));
        assert_eq!(kind("a /b"), (AlternativeEmpty, 2, 2));
        assert_eq!(kind("(a/b)"), (AlternationInOptional, 2, 3));
        assert_eq!(kind("{a(b)}"), (ParameterName, 2, 3));
        assert_eq!(kind("{a{b}}"), (ParameterName, 2, 3));
        assert_eq!(kind("((("), (OptionalUnfinished, 2, 3));
        assert_eq!(kind("a/b({int})"), (ParameterInOptional, 4, 9));
        assert_eq!(kind("a\\"), (EndOfLineEscaped, 1, 2));
        assert_eq!(
            kind("x {y} {z}"),
            (UndefinedParameterType("y".into()), 2, 5)
        );
    }

    #[test]
    fn the_official_texts() {
        assert_eq!(
            regex("a {flight} b").unwrap_err().to_string(),
            "This Cucumber Expression has a problem at column 3:\n\n\
             a {flight} b\n  \
             ^------^\n\
             Undefined parameter type 'flight'.\n\
             Please register a ParameterType for 'flight'"
        );
        assert_eq!(
            regex("a ()").unwrap_err().to_string(),
            "This Cucumber Expression has a problem at column 3:\n\na ()\n  ^^\n\
             An optional must contain some text.\n\
             If you did not mean to use an optional you can use '\\(' to escape the '('"
        );
    }

    #[test]
    fn no_depth_overflows_the_stack() {
        let deep = "(".repeat(100_000) + &")".repeat(100_000);
        assert_eq!(kind(&deep).0, ErrorKind::OptionalInOptional);
        let open = "{".repeat(100_000);
        assert_eq!(kind(&open).0, ErrorKind::ParameterName);
        let many = "a/".repeat(100_000) + "a";
        assert_eq!(regex(&many).unwrap().len(), 200_000 + 1 + 6);
    }
}
