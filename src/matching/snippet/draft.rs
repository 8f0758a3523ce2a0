//! A definition that could be written: its pattern and what the values in it are.

use crate::matching::{ParameterTypes, Pattern};

/// A definition that could be written for a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Draft {
    pub(super) source: Source,
    /// What the values in the text are, in order.
    pub(super) values: Vec<ValueKind>,
    /// What the text says between its values.
    pub(super) words: String,
}

/// The pattern of a draft.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Source {
    Expression(String),
    Regex(String),
}

/// What a value in a text is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ValueKind {
    Integer,
    Float,
    Text,
    /// Of a parameter type of the user: the stem of a parameter's name, and the type in the user's language.
    Own {
        stem: String,
        type_name: String,
    },
}

impl Source {
    /// The pattern; none if no definition can have it.
    pub(super) fn pattern(&self, types: &ParameterTypes) -> Option<Pattern> {
        let pattern = match self {
            Self::Expression(source) => Pattern::expression(source, types).ok(),
            Self::Regex(source) => Pattern::regex(source, types).ok(),
        };
        pattern.filter(|pattern| pattern.ambiguous().is_none())
    }
}

impl ValueKind {
    /// The stem of a parameter's name and its type, for a parameter that takes all of these values.
    pub(super) fn declared<'v>(
        &self,
        mut values: impl Iterator<Item = &'v str>,
    ) -> (String, String) {
        let (stem, type_name) = match self {
            Self::Integer if values.all(|value| value.parse::<i64>().is_ok()) => ("number", "i64"),
            // More digits than fit into a number are a text, and so are those of other scripts.
            Self::Integer => ("digits", "String"),
            Self::Float if values.all(|value| value.parse::<f64>().is_ok()) => ("number", "f64"),
            Self::Float => ("digits", "String"),
            Self::Text => ("text", "String"),
            Self::Own { stem, type_name } => (stem.as_str(), type_name.as_str()),
        };
        (stem.to_owned(), type_name.to_owned())
    }
}
