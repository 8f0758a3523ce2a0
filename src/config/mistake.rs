//! A mistake in the settings file, shown with its place; and what was probably meant.
//!
//! It knows texts and places, but no settings.

use std::fmt;
use std::ops::Range;

use toml::de::DeValue;

use super::value::{FROM_ONE, FROM_ZERO};
use crate::spelling::nearest;

/// A message about a mistake, and what to do about it.
pub(super) type Told = (String, Option<String>);

/// A place in the settings file and what is wrong with it.
#[derive(Debug)]
pub struct Mistake {
    path: String,
    line: usize,
    column: usize,
    excerpt: String,
    width: usize,
    message: String,
    hint: Option<String>,
}

impl Mistake {
    /// A mistake in the part `span` (in bytes) of `text`, which is that of the file `path`.
    pub(super) fn at(
        path: &str,
        text: &str,
        span: Range<usize>,
        message: String,
        hint: Option<String>,
    ) -> Self {
        // The spans of the `toml` crate lie between characters; if one does not, the place is lost.
        let between = |at: usize| if text.is_char_boundary(at) { at } else { 0 };
        let start = between(span.start);
        let end = between(span.end).max(start);
        let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let line_end = text[start..].find('\n').map_or(text.len(), |at| start + at);
        let excerpt = text[line_start..line_end].trim_end_matches('\r');
        Self {
            path: path.to_owned(),
            line: line_of(text, line_start),
            column: column_of(text, start),
            excerpt: excerpt.replace('\t', " "),
            width: text[start..end.min(line_end)].chars().count().max(1),
            message,
            hint,
        }
    }

    /// The place, for sorting in the order of the file.
    pub(super) fn position(&self) -> (usize, usize) {
        (self.line, self.column)
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<&str> {
        self.hint.as_deref()
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = self.line.to_string();
        let margin = " ".repeat(number.len());
        let offset = " ".repeat(self.column - 1);
        let carets = "^".repeat(self.width);
        let mut message = self.message.lines();
        let first = message.next().unwrap_or_default();
        let (path, line, column) = (&self.path, self.line, self.column);
        writeln!(formatter, "{path}:{line}:{column}: {first}")?;
        for line in message {
            writeln!(formatter, "  {line}")?;
        }
        writeln!(formatter, " {margin} |")?;
        writeln!(formatter, " {number} | {}", self.excerpt)?;
        write!(formatter, " {margin} | {offset}{carets}")
    }
}

/// The number of the line, from 1, of a byte of a text.
pub(super) fn line_of(text: &str, at: usize) -> usize {
    let before = text.as_bytes().iter().take(at);
    before.filter(|byte| **byte == b'\n').count() + 1
}

/// The column, from 1, of a byte of a text; 1 if the byte is inside a character.
pub(super) fn column_of(text: &str, at: usize) -> usize {
    let before = text.get(..at).unwrap_or_default();
    let line = before.rsplit('\n').next().unwrap_or_default();
    line.chars().count() + 1
}

/// A value as messages name it.
pub(super) fn described(value: &DeValue<'_>) -> String {
    match value.type_str() {
        "string" => "a text".to_owned(),
        kind @ ("array" | "integer") => format!("an {kind}"),
        kind => format!("a {kind}"),
    }
}

/// Rewords an error of the `toml` crate, with a suggestion.
pub(super) fn explain(message: &str) -> Told {
    if let Some((number, expected)) = message
        .strip_prefix("invalid type: integer `")
        .and_then(|rest| rest.split_once("` as i128, "))
    {
        return explain(&format!("invalid value: integer `{number}`, {expected}"));
    }
    for (theirs, ours) in [
        (", expected a nonzero u32", FROM_ONE),
        (", expected u32", FROM_ZERO),
        (", expected a string", "a text"),
    ] {
        if let Some(found) = message.strip_suffix(theirs) {
            return (format!("{found}, expected {ours}"), None);
        }
    }
    let Some((unknown, expected)) = message
        .strip_prefix("unknown field `")
        .and_then(|rest| rest.split_once('`'))
    else {
        return (message.trim_end().to_owned(), None);
    };
    let known: Vec<&str> = expected.split('`').skip(1).step_by(2).collect();
    unknown_key(unknown, &known)
}

/// The message about an unknown key, where these keys are known.
pub(super) fn unknown_key(unknown: &str, known: &[&str]) -> Told {
    let hint = match nearest(unknown, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("the keys here are {}", known.join(", ")),
    };
    (format!("unknown key `{unknown}`"), Some(hint))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_key_gets_a_suggestion() {
        let (message, hint) =
            explain("unknown field `feature`, expected one of `features`, `jobs`");
        assert_eq!(message, "unknown key `feature`");
        assert_eq!(hint.as_deref(), Some("did you mean `features`?"));
    }

    #[test]
    fn a_strange_key_gets_the_list() {
        let (_, hint) = explain("unknown field `xyz`, expected `features` or `jobs`");
        assert_eq!(hint.as_deref(), Some("the keys here are features, jobs"));
    }

    #[test]
    fn lines_are_counted_from_1() {
        assert_eq!(line_of("a\nb\n", 0), 1);
        assert_eq!(line_of("a\nb\n", 2), 2);
        assert_eq!(line_of("a\nb\n", 99), 3);
    }
}
