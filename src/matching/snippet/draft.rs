//! A definition that could be written: its pattern and what the values in it are.

use crate::matching::{ParameterTypes, Pattern};

/// A definition that could be written for a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Draft {
    pub(super) source: Source,
    /// What the values in the text are, in order.
    pub(super) values: Vec<ValueKind>,
    /// What the text says before, between and after its values.
    pub(super) between: Vec<String>,
}

impl Draft {
    /// Words that every text has between spaces or its ends when it matches.
    pub(super) fn certain_words(&self) -> impl Iterator<Item = &str> {
        let last_part = self.between.len().saturating_sub(1);
        let parts = self.between.iter().enumerate();
        parts.flat_map(move |(number, part)| {
            let last_word = part.split(' ').count() - 1;
            // A value may touch the first and the last word of a part.
            let is_certain =
                move |at: usize| (at > 0 || number == 0) && (at < last_word || number == last_part);
            let words = part.split(' ').enumerate();
            words.filter_map(move |(at, word)| (is_certain(at) && !word.is_empty()).then_some(word))
        })
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_that_touches_a_value_is_not_certain() {
        let words = |between: &[&str]| {
            let draft = Draft {
                source: Source::Expression(String::new()),
                values: Vec::new(),
                between: between.iter().map(|&part| part.to_owned()).collect(),
            };
            draft.certain_words().collect::<Vec<_>>().join("|")
        };
        assert_eq!(words(&["I pay  it"]), "I|pay|it");
        assert_eq!(words(&["I pay ", " of the (", ") now"]), "I|pay|of|the|now");
        assert_eq!(words(&["pay$", " ", "", "%"]), "");
        assert_eq!(words(&["", " of", ""]), "");
    }
}
