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
        between: vec![text.to_owned()],
    }
}

fn draft(made: Generated) -> Draft {
    Draft {
        values: made.parameters.iter().map(value).collect(),
        between: between(&made.source),
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

/// What the expression says before, between and after its parameters.
fn between(source: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let mut part = String::new();
    let expression = Expression::parse(source);
    for node in expression.iter().flat_map(Expression::nodes) {
        match node.kind {
            NodeKind::Text => part.push_str(&node.token),
            _ => parts.push(std::mem::take(&mut part)),
        }
    }
    parts.push(part);
    parts
}
