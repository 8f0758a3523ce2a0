//! Tag expressions: how they are printed, what they hold for, and the texts of errors.

use std::fs;
use std::path::Path;

use bdd::plan::tags::TagExpression;
use libtest_mimic::{Failed, Trial};
use serde::Deserialize;
use serde::de::DeserializeOwned;

#[derive(Deserialize)]
struct Parsing {
    expression: String,
    formatted: String,
}

#[derive(Deserialize)]
struct Error {
    expression: String,
    error: String,
}

#[derive(Deserialize)]
struct Evaluation {
    expression: String,
    tests: Vec<EvaluationTest>,
}

#[derive(Deserialize)]
struct EvaluationTest {
    variables: Vec<String>,
    result: bool,
}

/// A test for each expression.
pub fn trials(folder: &Path) -> Vec<Trial> {
    let mut trials = Vec::new();
    let parsing = entries::<Parsing>(&folder.join("parsing.yml"));
    trials.extend(parsing.into_iter().map(|case| {
        trial("parsing", &case.expression.clone(), move || {
            let expression = TagExpression::official(&case.expression)?;
            equal(&expression.to_string(), &case.formatted)?;
            let again = TagExpression::official(&case.formatted)?;
            equal(&again, &expression)
        })
    }));
    let errors = entries::<Error>(&folder.join("errors.yml"));
    trials.extend(errors.into_iter().map(|case| {
        trial(
            "errors",
            &case.expression.clone(),
            move || match TagExpression::official(&case.expression) {
                Ok(_) => Err("it parses".into()),
                Err(error) => equal(&error.to_string(), &case.error),
            },
        )
    }));
    let evaluations = entries::<Evaluation>(&folder.join("evaluations.yml"));
    trials.extend(evaluations.into_iter().map(|case| {
        trial("evaluations", &case.expression.clone(), move || {
            let expression = TagExpression::official(&case.expression)?;
            case.tests
                .iter()
                .try_for_each(|test| equal(&expression.matches(&test.variables), &test.result))
        })
    }));
    trials
}

fn entries<T: DeserializeOwned>(path: &Path) -> Vec<T> {
    let text = fs::read_to_string(path).expect("the data can be read");
    serde_yaml_ng::from_str(&text).expect("the data is YAML")
}

fn trial(
    set: &str,
    expression: &str,
    check: impl FnOnce() -> Result<(), Failed> + Send + 'static,
) -> Trial {
    Trial::test(format!("tag-expressions::{set}::{expression}"), check)
}

fn equal<T: PartialEq + std::fmt::Debug>(actual: &T, expected: &T) -> Result<(), Failed> {
    if actual == expected {
        return Ok(());
    }
    Err(format!("expected: {expected:?}\n  actual: {actual:?}").into())
}
