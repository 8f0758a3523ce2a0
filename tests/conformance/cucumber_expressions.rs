//! Cucumber Expressions: tokens, trees, regular expressions, matches, and the texts of errors.

use std::fs;
use std::path::Path;

use bdd::matching::{ExpressionError, ParameterTypes, Pattern};
use bdd_expressions::{BuiltIn, Expression, Node, NodeKind, Token, parse, tokenize};
use libtest_mimic::{Failed, Trial};
use serde::Deserialize;
use serde_yaml_ng::Value;

/// A file of any of the sets.
#[derive(Deserialize)]
struct Case {
    expression: String,
    text: Option<String>,
    #[serde(default)]
    expected_args: Option<Vec<Value>>,
    expected_tokens: Option<Vec<ExpectedToken>>,
    expected_ast: Option<ExpectedNode>,
    expected_regex: Option<String>,
    exception: Option<String>,
}

#[derive(Deserialize, PartialEq, Debug)]
#[serde(deny_unknown_fields)]
struct ExpectedToken {
    r#type: String,
    start: usize,
    end: usize,
    text: String,
}

#[derive(Deserialize, PartialEq, Debug)]
#[serde(deny_unknown_fields)]
struct ExpectedNode {
    r#type: String,
    start: usize,
    end: usize,
    token: Option<String>,
    nodes: Option<Vec<ExpectedNode>>,
}

type Check = fn(&Case) -> Result<(), Failed>;

const SETS: [(&str, Check); 5] = [
    ("cucumber-expression/tokenizer", tokens),
    ("cucumber-expression/parser", tree),
    ("cucumber-expression/transformation", transformation),
    ("cucumber-expression/matching", matching),
    ("regular-expression/matching", regular_expression),
];

/// A test for each file.
pub fn trials(folder: &Path) -> Vec<Trial> {
    let mut trials = Vec::new();
    for (set, check) in SETS {
        for path in crate::files(&folder.join(set), &[".yaml"]) {
            let name = path.file_stem().unwrap_or_default().to_string_lossy();
            let name = format!("cucumber-expressions::{set}::{name}");
            trials.push(Trial::test(name, move || {
                let source = fs::read_to_string(&path)?;
                check(&serde_yaml_ng::from_str(&source)?)
            }));
        }
    }
    trials
}

fn tokens(case: &Case) -> Result<(), Failed> {
    let tokens = tokenize(&case.expression).map_err(|error| error.to_string());
    let shown = |tokens: Vec<Token>| tokens.into_iter().map(token).collect::<Vec<_>>();
    outcome(tokens.map(shown), &case.expected_tokens, &case.exception)
}

fn token(token: Token) -> ExpectedToken {
    ExpectedToken {
        r#type: token.kind.name().to_owned(),
        start: token.start,
        end: token.end,
        text: token.text,
    }
}

fn tree(case: &Case) -> Result<(), Failed> {
    let tree = parse(&case.expression).map_err(|error| error.to_string());
    outcome(tree.map(node), &case.expected_ast, &case.exception)
}

fn node(node: Node) -> ExpectedNode {
    let is_text = node.kind == NodeKind::Text;
    ExpectedNode {
        r#type: node.kind.name().to_owned(),
        start: node.start,
        end: node.end,
        token: is_text.then_some(node.token),
        nodes: (!is_text).then(|| node.nodes.into_iter().map(self::node).collect()),
    }
}

fn transformation(case: &Case) -> Result<(), Failed> {
    let regex = Expression::parse(&case.expression)
        .and_then(|expression| {
            expression.to_regex(|name| BuiltIn::named(name).map(|one| one.regexps))
        })
        .map_err(|error| error.to_string());
    outcome(regex, &case.expected_regex, &case.exception)
}

fn matching(case: &Case) -> Result<(), Failed> {
    let types = ParameterTypes::default();
    match (Pattern::expression(&case.expression, &types), &case.text) {
        (Ok(pattern), Some(text)) if case.exception.is_none() => {
            arguments(&pattern, &types, text, case)
        }
        (Ok(_), _) => Err("the expression can be used".into()),
        (Err(ExpressionError::Unusable(text)), _)
        | (Err(ExpressionError::UndefinedParameterType(_, text)), _) => {
            equal(&Some(text), &case.exception)
        }
    }
}

fn regular_expression(case: &Case) -> Result<(), Failed> {
    let types = ParameterTypes::default();
    let pattern = Pattern::regex(&case.expression, &types)?;
    let text = case.text.as_deref().ok_or("the file has no text")?;
    arguments(&pattern, &types, text, case)
}

/// What a step's function is given, as far as a text can be compared with a number.
fn arguments(
    pattern: &Pattern,
    types: &ParameterTypes,
    text: &str,
    case: &Case,
) -> Result<(), Failed> {
    let given = pattern.arguments(text).map(|groups| {
        let given = groups
            .iter()
            .map(|group| types.argument::<String>(group).value);
        given.collect::<Vec<_>>()
    });
    let (given, expected) = match (&given, &case.expected_args) {
        (None, None) => return Ok(()),
        (Some(given), Some(expected)) if given.len() == expected.len() => (given, expected),
        _ => return Err(format!("given {given:?} for {:?}", case.expected_args).into()),
    };
    for (given, expected) in given.iter().zip(expected) {
        let same = match (given, expected) {
            (None, Value::Null) => true,
            (Some(given), Value::String(expected)) => given == expected,
            (Some(given), Value::Number(expected)) => match expected.as_i64() {
                Some(expected) => given.parse() == Ok(expected),
                None => given.parse().ok() == expected.as_f64(),
            },
            _ => false,
        };
        if !same {
            return Err(format!("given {given:?}, expected {expected:?}").into());
        }
    }
    Ok(())
}

fn outcome<T: PartialEq + std::fmt::Debug>(
    actual: Result<T, String>,
    expected: &Option<T>,
    exception: &Option<String>,
) -> Result<(), Failed> {
    match actual {
        Ok(actual) if exception.is_none() => equal(&Some(&actual), &expected.as_ref()),
        Ok(actual) => Err(format!("no error, but {actual:?}").into()),
        Err(error) => equal(&Some(error), exception),
    }
}

fn equal<T: PartialEq + std::fmt::Debug>(actual: &T, expected: &T) -> Result<(), Failed> {
    if actual == expected {
        return Ok(());
    }
    Err(format!("expected: {expected:?}\n  actual: {actual:?}").into())
}
