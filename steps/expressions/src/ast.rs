//! The tree of an expression.

/// A part of an expression, with its place in code points from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Its kind.
    pub kind: NodeKind,
    /// Where it begins.
    pub start: usize,
    /// Where it ends. The code point there is not a part of it.
    pub end: usize,
    /// For a text, its meaning without escapes. Otherwise empty.
    pub token: String,
    /// Its parts; a text has none.
    pub nodes: Vec<Node>,
}

/// The kind of a part of an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NodeKind {
    /// Literal text.
    Text,
    /// `(…)`: text that may be absent.
    Optional,
    /// `a/b`: the alternatives are its nodes.
    Alternation,
    /// One side of an alternation.
    Alternative,
    /// `{…}`: the name is the text in it.
    Parameter,
    /// The whole expression.
    Expression,
}

impl NodeKind {
    /// The name in the public test data, such as `TEXT_NODE`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "TEXT_NODE",
            Self::Optional => "OPTIONAL_NODE",
            Self::Alternation => "ALTERNATION_NODE",
            Self::Alternative => "ALTERNATIVE_NODE",
            Self::Parameter => "PARAMETER_NODE",
            Self::Expression => "EXPRESSION_NODE",
        }
    }
}

impl Node {
    pub(crate) fn text(token: String, start: usize, end: usize) -> Self {
        Self {
            kind: NodeKind::Text,
            start,
            end,
            token,
            nodes: Vec::new(),
        }
    }

    pub(crate) fn of(kind: NodeKind, nodes: Vec<Node>, start: usize, end: usize) -> Self {
        Self {
            kind,
            start,
            end,
            token: String::new(),
            nodes,
        }
    }

    pub(crate) fn first(&self, kind: NodeKind) -> Option<&Node> {
        self.nodes.iter().find(|node| node.kind == kind)
    }
}
