//! Makes Cucumber Expressions from the text of a step, by the rules of the official generator.
//!
//! It knows parameter types and nothing of code; it is here and not beside the grammar because it
//! needs an engine for regular expressions.

use std::sync::Arc;

use super::engine::{self, Compiled, SIZE_LIMIT};
use super::parameter_types::ParameterTypes;

/// The limit of expressions for one text; the other implementations have the same.
const MOST: usize = 256;

/// Makes expressions.
#[derive(Debug)]
pub struct Generator {
    finders: Vec<Finder>,
}

/// An expression that matches the text it was made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Generated {
    /// The expression.
    pub source: String,
    /// Its parameters, in order.
    pub parameters: Vec<GeneratedParameter>,
}

/// A parameter of such an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GeneratedParameter {
    /// The name of its type.
    pub name: Arc<str>,
    /// The user's type for it; empty if it is unknown or the parameter type is built in.
    pub type_name: Arc<str>,
    /// What it stands for in the text.
    pub value: String,
}

/// A regular expression of a parameter type.
#[derive(Debug)]
struct Finder {
    name: Arc<str>,
    type_name: Arc<str>,
    preferred: bool,
    regex: Compiled,
}

impl Generator {
    /// Takes all types that are to be used for snippets.
    #[must_use]
    pub fn new(types: &ParameterTypes) -> Self {
        let mut finders = Vec::new();
        for one in types.iter().filter(|one| one.use_for_snippets) {
            let type_name: Arc<str> = one.type_name.as_str().into();
            for regexp in &one.embedded {
                let compiled = engine::parse(regexp)
                    .and_then(|(hir, _)| Compiled::new(&hir, Vec::new(), SIZE_LIMIT));
                if let Ok(regex) = compiled {
                    finders.push(Finder {
                        name: Arc::clone(&one.name),
                        type_name: Arc::clone(&type_name),
                        preferred: one.prefer_for_regexp,
                        regex,
                    });
                }
            }
        }
        // The types that a user most likely wants come first.
        finders.sort_by(|a, b| {
            let rank = |one: &Finder| (!one.preferred, Arc::clone(&one.name));
            rank(a).cmp(&rank(b))
        });
        Self { finders }
    }

    /// All expressions for a text, the most likely first: each value in it may be of any type that
    /// takes the longest piece of the text there. A value is a word, or between blanks, punctuation
    /// and symbols.
    #[must_use]
    pub fn expressions(&self, text: &str) -> Vec<Generated> {
        let mut made = vec![Generated {
            source: String::new(),
            parameters: Vec::new(),
        }];
        let mut rest = 0;
        let mut before = None;
        for (start, character) in text.char_indices() {
            if start >= rest && before.is_none_or(is_boundary) {
                let (length, types) = self.at_start(&text[start..]);
                if !types.is_empty() {
                    let literal = escaped(&text[rest..start]);
                    let value = &text[start..start + length];
                    made = combined(made, &literal, value, &types);
                    rest = start + length;
                }
            }
            before = Some(character);
        }
        let literal = escaped(&text[rest..]);
        for one in &mut made {
            one.source.push_str(&literal);
        }
        made
    }

    /// The types that take the longest piece at the start of the text, and its length. No types where none
    /// takes whole words.
    fn at_start(&self, text: &str) -> (usize, Vec<&Finder>) {
        let mut longest = 0;
        let mut types: Vec<&Finder> = Vec::new();
        for finder in &self.finders {
            let Some(end) = finder.regex.at_start(text).filter(|&end| end > 0) else {
                continue;
            };
            if end < longest || !text[end..].chars().next().is_none_or(is_boundary) {
                continue;
            }
            if end > longest {
                longest = end;
                types.clear();
            }
            // A type with several regular expressions is one type.
            if types.last().is_none_or(|last| last.name != finder.name) {
                types.push(finder);
            }
        }
        (longest, types)
    }
}

/// Every expression so far, continued by each of the types.
fn combined(made: Vec<Generated>, literal: &str, value: &str, types: &[&Finder]) -> Vec<Generated> {
    let mut all = Vec::with_capacity((made.len() * types.len()).min(MOST));
    for one in made {
        for finder in types {
            if all.len() == MOST {
                return all;
            }
            let mut longer = one.clone();
            longer.source.push_str(literal);
            longer.source.push('{');
            longer.source.push_str(&finder.name);
            longer.source.push('}');
            longer.parameters.push(GeneratedParameter {
                name: Arc::clone(&finder.name),
                type_name: Arc::clone(&finder.type_name),
                value: value.to_owned(),
            });
            all.push(longer);
        }
    }
    all
}

/// Whether a value may begin after this character or end before it. The character is not a letter, mark or
/// number; it is visible or a blank.
fn is_boundary(character: char) -> bool {
    const BLANKS_PUNCTUATION_SYMBOLS: &str = r"^[\pZ\pP\pS]";
    if character.is_ascii() {
        return character == ' ' || character.is_ascii_punctuation();
    }
    static CLASS: std::sync::LazyLock<regex::Regex> = std::sync::LazyLock::new(|| {
        regex::Regex::new(BLANKS_PUNCTUATION_SYMBOLS).expect("the pattern is constant and tested")
    });
    CLASS.is_match(character.encode_utf8(&mut [0; 4]))
}

/// The text as it stands in an expression.
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '(' | '{' | '/' | '\\') {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::Pattern;
    use bdd_protocol as protocol;

    fn sources(text: &str) -> Vec<String> {
        with(&ParameterTypes::default(), text)
    }

    fn with(types: &ParameterTypes, text: &str) -> Vec<String> {
        let made = Generator::new(types).expressions(text);
        for one in &made {
            let pattern = Pattern::expression(&one.source, types).expect("it is an expression");
            let found = pattern.arguments(text).expect("it matches its text");
            assert_eq!(found.len(), one.parameters.len());
        }
        made.into_iter().map(|one| one.source).collect()
    }

    fn user(name: &str, regexps: &[&str], use_for_snippets: bool) -> protocol::ParameterType {
        protocol::ParameterType {
            name: name.to_owned(),
            regexps: regexps.iter().map(|&one| one.to_owned()).collect(),
            use_for_snippets,
            ..protocol::ParameterType::default()
        }
    }

    fn types(users: &[protocol::ParameterType]) -> ParameterTypes {
        ParameterTypes::new(users, &str::to_owned).expect("they are fine")
    }

    #[test]
    fn a_number_is_an_int_or_a_float() {
        assert_eq!(
            sources("a list of 8 things"),
            ["a list of {int} things", "a list of {float} things"]
        );
        assert_eq!(sources("it is -2.5"), ["it is {float}"]);
        assert_eq!(
            sources("2 by 3"),
            [
                "{int} by {int}",
                "{int} by {float}",
                "{float} by {int}",
                "{float} by {float}"
            ]
        );
    }

    #[test]
    fn texts_in_quotes_are_strings() {
        assert_eq!(
            sources(r#"I see "a 1" and 'b\'c'"#),
            ["I see {string} and {string}"]
        );
        assert_eq!(sources(r#"I see "#), ["I see "]);
    }

    #[test]
    fn values_are_whole_words() {
        assert_eq!(sources("mp3 and 4x"), ["mp3 and 4x"]);
        assert_eq!(sources("(7)"), [r"\({int})", r"\({float})"]);
        assert_eq!(
            sources("😀7 and ٣7"),
            ["😀{int} and ٣7", "😀{float} and ٣7"]
        );
    }

    #[test]
    fn what_has_a_meaning_is_escaped() {
        assert_eq!(sources(r"a/b (c) {d} \ e\f"), [r"a\/b \(c) \{d} \\ e\\f"]);
    }

    #[test]
    fn types_of_the_user_are_used_where_they_want_to_be() {
        let types = types(&[
            user("currency", &["EUR|GBP", "[A-Z]{3}"], true),
            user("code", &["[A-Z]{3}"], true),
            user("secret", &["[a-z]+"], false),
        ]);
        assert_eq!(
            with(&types, "pay in EUR now"),
            ["pay in {code} now", "pay in {currency} now"]
        );
    }

    #[test]
    fn the_longest_value_wins() {
        let types = types(&[user("amount", &["[0-9]+ euros"], true)]);
        assert_eq!(with(&types, "pay 5 euros"), ["pay {amount}"]);
    }

    #[test]
    fn there_are_at_most_256() {
        let text = "1 ".repeat(20);
        assert_eq!(sources(&text).len(), 256);
    }
}
