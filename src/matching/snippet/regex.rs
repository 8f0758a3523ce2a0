//! The regular expression of a step's text, for those who prefer it to a Cucumber Expression.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::draft::{Draft, Source, ValueKind};

/// What becomes a capture: quoted texts, and numbers, which may have dots.
static VALUES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#""[^"]*"|-?\b\d+(?:\.\d+)*\b"#).expect("the pattern is constant and tested")
});

/// A value in a text.
struct FoundValue {
    /// Where the value really begins.
    start: usize,
    /// The group that captures it.
    group: &'static str,
    kind: ValueKind,
}

/// The draft of a definition with a regular expression.
pub(super) fn draft(text: &str) -> Draft {
    let mut pattern = String::from("^");
    let mut values = Vec::new();
    let mut parts = Vec::new();
    let mut rest = 0;
    for found in VALUES.find_iter(text) {
        let Some(found_value) = value(text, found.range()) else {
            continue;
        };
        let part = &text[rest..found_value.start];
        pattern.push_str(&regex::escape(part));
        parts.push(part.to_owned());
        pattern.push_str(found_value.group);
        values.push(found_value.kind);
        rest = found.end();
    }
    pattern.push_str(&regex::escape(&text[rest..]));
    pattern.push('$');
    parts.push(text[rest..].to_owned());
    Draft {
        source: Source::Regex(pattern),
        values,
        between: parts,
    }
}

/// The draft of a definition for this text alone.
pub(super) fn literal(text: &str) -> Draft {
    Draft {
        source: Source::Regex(format!("^{}$", regex::escape(text))),
        values: Vec::new(),
        between: vec![text.to_owned()],
    }
}

/// The value at `range`; none for a piece of a longer word.
fn value(text: &str, range: Range<usize>) -> Option<FoundValue> {
    let value = &text[range.clone()];
    if value.starts_with('"') {
        return Some(FoundValue {
            start: range.start,
            group: r#""([^"]*)""#,
            kind: ValueKind::Text,
        });
    }
    let before = &text[..range.start];
    // `1.2` in `v0.1.2`
    if before
        .strip_suffix('.')
        .is_some_and(|b| b.ends_with(char::is_alphanumeric))
    {
        return None;
    }
    // A minus between two words is no sign: 2026-11-21, covid-19.
    let is_hyphen = value.starts_with('-') && before.ends_with(char::is_alphanumeric);
    let start = range.start + usize::from(is_hyphen);
    let (group, kind) = match (text[start..range.end].matches('.').count(), is_hyphen) {
        (0, true) => (r"(\d+)", ValueKind::Integer),
        (0, false) => (r"(-?\d+)", ValueKind::Integer),
        (1, true) => (r"(\d+\.\d+)", ValueKind::Float),
        (1, false) => (r"(-?\d+\.\d+)", ValueKind::Float),
        _ => (r"(-?\d+(?:\.\d+)+)", ValueKind::Text),
    };
    Some(FoundValue { start, group, kind })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn pattern(draft: &Draft) -> &str {
        match &draft.source {
            Source::Regex(pattern) | Source::Expression(pattern) => pattern,
        }
    }

    fn shape(text: &str) -> String {
        let draft = draft(text);
        let kinds = draft.values.iter().map(|kind| format!(" {kind:?}"));
        format!("{}{}", pattern(&draft), kinds.collect::<String>())
    }

    #[test]
    fn hyphens_dots_and_long_numbers() {
        assert_eq!(
            shape("2026-11-21"),
            r"^(-?\d+)\-(\d+)\-(\d+)$ Integer Integer Integer"
        );
        assert_eq!(shape("at 10.0.0.1"), r"^at (-?\d+(?:\.\d+)+)$ Text");
        assert_eq!(shape("v1.2.3"), r"^v1\.2\.3$");
        assert_eq!(shape("3 - -4"), r"^(-?\d+) \- (-?\d+)$ Integer Integer");
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
            let draft = draft(text);
            let pattern = pattern(&draft);
            assert!(
                Regex::new(pattern).unwrap().is_match(text),
                "{text}: {pattern}"
            );
        }
    }
}
