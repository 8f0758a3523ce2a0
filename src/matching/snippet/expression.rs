//! The Cucumber Expressions of a step's text.

use bdd_expressions::{Expression, NodeKind};

use super::name::stem;
use super::{Draft, Parameters, string};
use crate::matching::generator::{Generated, GeneratedParameter, Generator};

/// The limit of candidates for a step: five numbers, each an integer or not.
const MOST: usize = 32;

/// The drafts of a definition, the most likely first; all match the text.
pub fn drafts(generator: &Generator, text: &str) -> Vec<Draft> {
    let made = generator.expressions(text);
    made.iter().take(MOST).map(draft).collect()
}

fn draft(made: &Generated) -> Draft {
    let mut parameters = Parameters::default();
    for parameter in &made.parameters {
        let (stem, kind) = declared(parameter);
        parameters.add(&stem, kind);
    }
    let literal = string(&made.source);
    let is_taken_for_a_regex = made.source.starts_with('^') || made.source.ends_with('$');
    Draft {
        argument: if is_taken_for_a_regex {
            format!("expr = {literal}")
        } else {
            literal
        },
        parameters,
        words: words(&made.source),
    }
}

/// The stem of the parameter's name, and its type.
fn declared(parameter: &GeneratedParameter) -> (String, &str) {
    match (&*parameter.name, &*parameter.type_name) {
        // More digits than fit into a number are a text.
        ("int", "") if parameter.value.parse::<i64>().is_err() => ("digits".to_owned(), "String"),
        ("int", "") => ("number".to_owned(), "i64"),
        ("float", "") => ("number".to_owned(), "f64"),
        ("string", "") => ("text".to_owned(), "String"),
        (name, "") => (stem(name), "String"),
        (name, type_name) => (stem(name), type_name),
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
