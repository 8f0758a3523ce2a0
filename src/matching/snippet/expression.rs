//! The Cucumber Expressions of a step's text.

use bdd_expressions::{Expression, NodeKind};

use super::draft::{Draft, Source, ValueKind};
use super::name::stem;
use crate::matching::generator::{Generated, GeneratedParameter, Generator, escaped};

/// The limit of candidates for a step: five numbers, each an integer or not.
const MOST: usize = 32;

/// The drafts of a definition, the most likely first; all match the text.
pub(super) fn drafts(generator: &Generator, text: &str) -> Vec<Draft> {
    let made = generator.expressions(text);
    made.into_iter().take(MOST).map(draft).collect()
}

/// The draft of a definition for this text alone.
pub(super) fn literal(text: &str) -> Draft {
    Draft {
        source: Source::Expression(escaped(text)),
        values: Vec::new(),
        words: text.to_owned(),
    }
}

fn draft(made: Generated) -> Draft {
    Draft {
        values: made.parameters.iter().map(value).collect(),
        words: words(&made.source),
        source: Source::Expression(made.source),
    }
}

fn value(parameter: &GeneratedParameter) -> ValueKind {
    match (&*parameter.name, &*parameter.type_name) {
        ("int", "") => ValueKind::Integer,
        ("float", "") => ValueKind::Float,
        ("string", "") => ValueKind::Text,
        (name, type_name) => own(name, type_name),
    }
}

/// A value of a parameter type of the user.
pub(super) fn own(name: &str, type_name: &str) -> ValueKind {
    ValueKind::Own {
        stem: stem(name),
        type_name: if type_name.is_empty() {
            "String".to_owned()
        } else {
            type_name.to_owned()
        },
    }
}

/// What the expression says between its parameters.
fn words(source: &str) -> String {
    let Ok(expression) = Expression::parse(source) else {
        return String::new();
    };
    let nodes = expression.nodes().iter();
    nodes
        .map(|node| match node.kind {
            NodeKind::Text => node.token.as_str(),
            _ => " ",
        })
        .collect()
}
