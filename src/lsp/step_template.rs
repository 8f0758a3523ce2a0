//! Templates of steps against what is typed: whether they fit, and the text to insert.

use crate::matching::TemplatePart;

/// A template in which the gaps have the values that are typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilledTemplate {
    parts: Vec<FilledPart>,
    /// How well it fits: 0 if the typed text is its beginning, 1 if it has all typed words but for values, 2 if the
    /// typed word may be a value at its beginning.
    pub rank: u8,
}

/// A part of a filled template.
#[derive(Debug, Clone, PartialEq, Eq)]
enum FilledPart {
    Text(String),
    /// A value that is typed.
    Value(String),
    /// The name of a gap without a value.
    Gap(String),
}

impl From<&TemplatePart> for FilledPart {
    fn from(part: &TemplatePart) -> Self {
        match part {
            TemplatePart::Text(text) => Self::Text(text.clone()),
            TemplatePart::Gap(name) => Self::Gap(name.clone()),
        }
    }
}

impl FilledTemplate {
    /// The template, if it fits what is typed.
    pub fn of(template: &[TemplatePart], typed: &str) -> Option<Self> {
        if template.is_empty() {
            return None;
        }
        if let Some((parts, has_text)) = begins_with(template, typed) {
            // Anything could be a value. Values of several words are quoted, or end before a text.
            let may_be_value =
                !typed.contains(char::is_whitespace) || typed.starts_with(['"', '\'']);
            match (has_text || typed.is_empty(), may_be_value) {
                (true, _) => return Some(Self { parts, rank: 0 }),
                (false, true) => return Some(Self { parts, rank: 2 }),
                (false, false) => {}
            }
        }
        let whole = Self {
            parts: template.iter().map(FilledPart::from).collect(),
            rank: 1,
        };
        let text = whole.label().to_lowercase();
        let typed = typed.to_lowercase();
        let is_value = |word: &&str| {
            word.starts_with(['"', '\'', '<']) || word.contains(|c: char| c.is_ascii_digit())
        };
        let mut words = typed
            .split_whitespace()
            .filter(|word| !is_value(word))
            .peekable();
        words.peek()?;
        words.all(|word| text.contains(word)).then_some(whole)
    }

    /// The text for people, with the names of gaps in angle brackets.
    pub fn label(&self) -> String {
        let shown = self.parts.iter().map(|part| match part {
            FilledPart::Text(text) | FilledPart::Value(text) => text.clone(),
            FilledPart::Gap(name) => format!("<{name}>"),
        });
        shown.collect()
    }

    /// The text with the names of gaps in place of values that are not typed.
    pub fn plain(&self) -> String {
        let shown = self.parts.iter().map(|part| match part {
            FilledPart::Text(text) | FilledPart::Value(text) | FilledPart::Gap(text) => {
                text.as_str()
            }
        });
        shown.collect()
    }

    /// The same as a snippet in the syntax of editors.
    pub fn snippet(&self) -> String {
        let mut snippet = String::new();
        let mut gaps = 0;
        for part in &self.parts {
            match part {
                FilledPart::Text(text) => snippet.push_str(&escaped(text)),
                FilledPart::Value(text) | FilledPart::Gap(text) => {
                    gaps += 1;
                    snippet.push_str(&format!("${{{gaps}:{}}}", escaped(text)));
                }
            }
        }
        snippet
    }
}

fn escaped(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '\\' | '$' | '}') {
            result.push('\\');
        }
        result.push(character);
    }
    result
}

/// The template with the typed values, if the typed text is the beginning of such a text, and whether anything but values
/// is typed. Case does not count.
fn begins_with(template: &[TemplatePart], typed: &str) -> Option<(Vec<FilledPart>, bool)> {
    let mut parts = Vec::with_capacity(template.len());
    let mut rest = typed;
    let mut has_text = false;
    let mut remaining = template.iter().peekable();
    while let Some(part) = remaining.next() {
        if rest.is_empty() {
            parts.push(part.into());
            continue;
        }
        match part {
            TemplatePart::Text(text) => {
                rest = after_shared(text, rest)?;
                has_text = true;
                parts.push(part.into());
            }
            TemplatePart::Gap(_) => {
                let next = match remaining.peek() {
                    Some(TemplatePart::Text(text)) => value_end(rest, text),
                    _ => None,
                };
                let end = next.unwrap_or(rest.len());
                parts.push(FilledPart::Value(rest[..end].to_owned()));
                rest = &rest[end..];
            }
        }
    }
    rest.is_empty().then_some((parts, has_text))
}

/// What remains of the typed text after the text, or nothing if it ends in the text; `None` if they differ.
fn after_shared<'t>(text: &str, typed: &'t str) -> Option<&'t str> {
    let mut typed_characters = typed.char_indices();
    for expected in text.chars() {
        let Some((_, found)) = typed_characters.next() else {
            return Some("");
        };
        if !found.to_lowercase().eq(expected.to_lowercase()) {
            return None;
        }
    }
    Some(typed_characters.as_str())
}

/// Where a value ends: before the text that follows it, or before a beginning of that text at the end.
fn value_end(typed: &str, following: &str) -> Option<usize> {
    let mut ends = typed.char_indices().map(|(at, _)| at).skip(1);
    ends.find(|at| after_shared(following, &typed[*at..]).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn template() -> Vec<TemplatePart> {
        let text = |text: &str| TemplatePart::Text(text.to_owned());
        let gap = |name: &str| TemplatePart::Gap(name.to_owned());
        vec![text("I pay "), gap("int"), text(" to "), gap("string")]
    }

    #[test]
    fn typed_values_stay() {
        for (typed, expected, rank) in [
            ("", "I pay ${1:int} to ${2:string}", 0),
            ("i PAY", "I pay ${1:int} to ${2:string}", 0),
            ("I pay 50", "I pay ${1:50} to ${2:string}", 0),
            ("I pay 50 t", "I pay ${1:50} to ${2:string}", 0),
            ("I pay 5$ to A}", "I pay ${1:5\\$} to ${2:A\\}}", 0),
            ("to pay", "I pay ${1:int} to ${2:string}", 1),
            ("pay 7", "I pay ${1:int} to ${2:string}", 1),
        ] {
            let filled = FilledTemplate::of(&template(), typed);
            let found = filled.map(|filled| (filled.snippet(), filled.rank));
            assert_eq!(found, Some((expected.to_owned(), rank)), "{typed}");
        }
        assert_eq!(FilledTemplate::of(&template(), "I sell"), None);
        assert_eq!(FilledTemplate::of(&[], ""), None);
        // A value at the beginning may be anything, but not everything.
        let begins_with_gap = &template()[1..];
        for (typed, rank) in [
            ("5", Some(2)),
            ("5 to", Some(0)),
            ("\"a b", Some(2)),
            ("I am", None),
        ] {
            let filled = FilledTemplate::of(begins_with_gap, typed);
            assert_eq!(filled.map(|filled| filled.rank), rank, "{typed}");
        }
    }

    #[test]
    fn without_snippets_gaps_are_their_names() {
        let filled = FilledTemplate::of(&template(), "I pay 3");
        let plain = filled.map(|filled| (filled.plain(), filled.label()));
        let expected = (
            "I pay 3 to string".to_owned(),
            "I pay 3 to <string>".to_owned(),
        );
        assert_eq!(plain, Some(expected));
        let label = FilledTemplate::of(&template(), "").map(|filled| filled.label());
        assert_eq!(label.as_deref(), Some("I pay <int> to <string>"));
    }
}
