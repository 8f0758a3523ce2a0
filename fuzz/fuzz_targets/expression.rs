//! No text makes the parser of Cucumber Expressions panic, what it takes always compiles, and the
//! expressions that are made of a text match it.

#![no_main]

use bdd::matching::generator::Generator;
use bdd::matching::{ExpressionError, ParameterTypes, Pattern};
use bdd_expressions::{Expression, parse, tokenize};
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

static TYPES: LazyLock<ParameterTypes> = LazyLock::new(ParameterTypes::default);
static GENERATOR: LazyLock<Generator> = LazyLock::new(|| Generator::new(&TYPES));

fuzz_target!(|text: &str| {
    let types = &*TYPES;
    if let (Ok(tokens), Ok(tree)) = (tokenize(text), parse(text)) {
        assert_eq!(tokens.last().map(|token| token.end), Some(tree.end));
    }
    match (Expression::parse(text), Pattern::expression(text, types)) {
        (Ok(_), Ok(pattern)) => {
            pattern.compile().expect("what is rewritten compiles");
            let _ = pattern.arguments(text);
        }
        (Ok(_), Err(ExpressionError::UndefinedParameterType(..))) | (Err(_), Err(_)) => {}
        (_, outcome) => panic!("{outcome:?}"),
    }
    // Steps are of one line.
    if text.contains(char::is_control) {
        return;
    }
    for made in GENERATOR.expressions(text).iter().take(8) {
        let pattern = Pattern::expression(&made.source, types).expect("it is an expression");
        let found = pattern.arguments(text).expect("it matches its text");
        assert_eq!(found.len(), made.parameters.len());
    }
});
