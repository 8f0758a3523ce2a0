//! Laws of Cucumber Expressions, for texts that look like them.

use bdd::matching::generator::Generator;
use bdd::matching::{ExpressionError, ParameterTypes, Pattern};
use bdd_expressions::{Expression, Node, parse, tokenize};
use bdd_protocol as protocol;
use proptest::prelude::*;

/// Pieces that mean something, and some that do not.
fn texts() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "{int}", "{float}", "{word}", "{string}", "{}", "{size}", "{", "}", "(", ")", "(s)", "/",
        "a/b", "\\", "\\(", "\\{", "\\/", "\\\\", " ", "  ", "a", "bc", "é", "😀", "1", "-2",
        "3.5", ".", "\"x\"", "'", "\"", "$", "^", "[", "?", "*", "+", "|", "7 cm", "-", "E1",
        "\u{a0}", "!",
    ]);
    let drawn = prop_oneof![9 => pieces.prop_map(str::to_owned), 1 => "\\PC{0,3}"];
    prop::collection::vec(drawn, 0..10).prop_map(|pieces| pieces.concat())
}

fn types() -> ParameterTypes {
    let size = protocol::ParameterType {
        name: "size".to_owned(),
        regexps: vec!["([0-9]+) (?<unit>cm|mm)".to_owned(), "tall".to_owned()],
        use_for_snippets: true,
        ..protocol::ParameterType::default()
    };
    ParameterTypes::new(&[size], &str::to_owned).unwrap()
}

/// What the nodes of a tree cover, from left to right, without holes that are not signs.
fn check_places(node: &Node) {
    let mut end = node.start;
    for part in &node.nodes {
        assert!(end <= part.start && part.start <= part.end && part.end <= node.end);
        end = part.end;
        check_places(part);
    }
}

proptest! {
    #[test]
    fn tokens_cover_the_text(text in texts()) {
        if let Ok(tokens) = tokenize(&text) {
            let mut end = 0;
            for token in &tokens {
                prop_assert_eq!(token.start, end);
                end = token.end;
            }
            prop_assert_eq!(end, text.chars().count());
        }
    }

    #[test]
    fn an_expression_compiles_or_says_where_it_is_wrong(text in texts()) {
        let types = types();
        match (Expression::parse(&text), Pattern::expression(&text, &types)) {
            (Ok(expression), Ok(pattern)) => {
                pattern.compile().unwrap();
                check_places(&parse(&text).unwrap());
                if let Some(groups) = pattern.arguments(&text) {
                    prop_assert_eq!(groups.len(), expression.parameters().len());
                }
            }
            // Such as `{\{int}`, whose name is `{int`.
            (Ok(expression), Err(ExpressionError::UndefinedParameterType(name, _))) => {
                prop_assert!(types.named(&name).is_none());
                prop_assert!(expression.parameters().iter().any(|one| one.name == name));
            }
            (Err(error), Err(ExpressionError::Unusable(message))) => {
                prop_assert!(error.start <= error.end && error.end <= text.chars().count());
                prop_assert_eq!(error.to_string(), message);
            }
            (parsed, pattern) => prop_assert!(false, "{:?} {:?}", parsed, pattern),
        }
    }

    /// A text without signs matches itself and nothing longer.
    #[test]
    fn escaped_text_is_literal(text in "[^\\pC]{0,12}", more in "[a-z ]{1,3}") {
        let mut escaped = String::new();
        for character in text.chars() {
            if "{}()/\\".contains(character) {
                escaped.push('\\');
            }
            escaped.push(character);
        }
        let pattern = Pattern::expression(&escaped, &ParameterTypes::default()).unwrap();
        prop_assert!(pattern.arguments(&text).is_some());
        prop_assert!(pattern.arguments(&(text + &more)).is_none());
    }

    #[test]
    fn what_is_made_of_a_text_matches_it(text in texts()) {
        let types = types();
        let made = Generator::new(&types).expressions(&text);
        prop_assert!(!made.is_empty() && made.len() <= 256);
        for one in made.iter().take(16) {
            let pattern = Pattern::expression(&one.source, &types).unwrap();
            let groups = pattern.arguments(&text);
            prop_assert_eq!(groups.map(|groups| groups.len()), Some(one.parameters.len()), "{}", one.source);
        }
    }

    /// The two forms of the built-in types accept the same texts, as far as the official ones do
    /// not look beyond the number.
    #[test]
    fn floats_are_what_they_are_elsewhere(text in "[-+]?[0-9.E+-]{0,6}") {
        let types = ParameterTypes::default();
        let pattern = Pattern::expression("{float}", &types).unwrap();
        let official = official_float(&text);
        prop_assert_eq!(pattern.arguments(&text).is_some(), official, "{}", text);
    }
}

/// The official regular expression of `{float}` for a whole text, by hand: a sign, digits, a dot
/// that a digit follows, digits, and digits with an exponent; one digit at least.
fn official_float(text: &str) -> bool {
    let rest = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (number, exponent) = match rest.split_once('E') {
        Some((number, exponent)) => (number, Some(exponent)),
        None => (rest, None),
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let number_is_fine = match number.split_once('.') {
        Some((whole, fraction)) => (whole.is_empty() || digits(whole)) && digits(fraction),
        None => digits(number),
    };
    let exponent_is_fine = exponent
        .is_none_or(|exponent| digits(exponent.strip_prefix(['-', '+']).unwrap_or(exponent)));
    number_is_fine && exponent_is_fine
}
