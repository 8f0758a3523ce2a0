//! The regular expression of a step's text, for those who prefer it to a Cucumber Expression.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::{Draft, Parameters, raw_string};

/// What becomes a capture: quoted texts, and numbers, which may have dots.
static VALUES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#""[^"]*"|-?\b\d+(?:\.\d+)*\b"#).expect("the pattern is constant and tested")
});

/// The draft of a definition with a regular expression.
pub fn draft(text: &str) -> Draft {
    let mut pattern = String::from("^");
    let mut parameters = Parameters::default();
    let mut words = String::new();
    let mut rest = 0;
    for found in VALUES.find_iter(text) {
        let Some((start, group, stem, kind)) = capture(text, found.range()) else {
            continue;
        };
        let between = &text[rest..start];
        pattern.push_str(&regex::escape(between));
        words.push_str(between);
        words.push(' ');
        pattern.push_str(group);
        parameters.add(stem, kind);
        rest = found.end();
    }
    pattern.push_str(&regex::escape(&text[rest..]));
    pattern.push('$');
    words.push_str(&text[rest..]);
    Draft {
        argument: raw_string(&pattern),
        parameters,
        words,
    }
}

/// Where the value at `range` really begins, the group that captures it, and the name and type of its
/// parameter; `None` for a piece of a longer word.
fn capture(
    text: &str,
    range: Range<usize>,
) -> Option<(usize, &'static str, &'static str, &'static str)> {
    let value = &text[range.clone()];
    if value.starts_with('"') {
        return Some((range.start, r#""([^"]*)""#, "text", "String"));
    }
    let before = &text[..range.start];
    // `1.2` in `v0.1.2`
    if before
        .strip_suffix('.')
        .is_some_and(|b| b.ends_with(char::is_alphanumeric))
    {
        return None;
    }
    // A hyphen between two words is not a minus sign: 2026-11-21, covid-19.
    let is_hyphen = value.starts_with('-') && before.ends_with(char::is_alphanumeric);
    let start = range.start + usize::from(is_hyphen);
    let number = &text[start..range.end];
    Some(match number.matches('.').count() {
        0 if number.parse::<i64>().is_err() => (start, r"(-?\d+)", "digits", "String"),
        0 if is_hyphen => (start, r"(\d+)", "number", "i64"),
        0 => (start, r"(-?\d+)", "number", "i64"),
        1 if is_hyphen => (start, r"(\d+\.\d+)", "number", "f64"),
        1 => (start, r"(-?\d+\.\d+)", "number", "f64"),
        _ => (start, r"(-?\d+(?:\.\d+)+)", "text", "String"),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn shape(text: &str) -> String {
        let draft = draft(text);
        let pattern = draft
            .argument
            .trim_start_matches('r')
            .trim_matches(['#', '"']);
        let kinds: Vec<&str> = draft.parameters.types().collect();
        format!("{pattern} {}", kinds.join(" "))
    }

    #[test]
    fn hyphens_dots_and_long_numbers() {
        assert_eq!(shape("2026-11-21"), r"^(-?\d+)\-(\d+)\-(\d+)$ i64 i64 i64");
        assert_eq!(shape("at 10.0.0.1"), r"^at (-?\d+(?:\.\d+)+)$ String");
        assert_eq!(shape("v1.2.3"), r"^v1\.2\.3$ ");
        assert_eq!(shape("12345678901234567890"), r"^(-?\d+)$ String");
        assert_eq!(shape("3 - -4"), r"^(-?\d+) \- (-?\d+)$ i64 i64");
    }

    #[test]
    fn the_pattern_of_a_snippet_matches_its_step() {
        for text in [
            "a [b] (c) {d} #e \"#f\" \"# g",
            "-3 and 3-4",
            "v1.2.3",
            "tab\there",
            "$^.*+?|\\",
        ] {
            let argument = draft(text).argument;
            let literal = argument.trim_start_matches('r').trim_matches('#');
            let pattern = &literal[1..literal.len() - 1];
            assert!(
                Regex::new(pattern).unwrap().is_match(text),
                "{text}: {pattern}"
            );
        }
    }
}
