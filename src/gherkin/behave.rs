//! The rules of behave's Gherkin where they differ from those of Cucumber.

use std::borrow::Cow;

use super::ast::{StepKeywordType, Tag};
use super::dialects::Dialect;
use super::line::SourceLine;
use super::space::{is_space, trim_end, width};

/// What opens and closes a docstring for behave only.
pub(super) const SINGLE_QUOTES: &str = "'''";

/// The keyword of a step that a line begins with, and its type. behave takes the first of its list, in any case, where
/// Cucumber takes the longest as it is written.
pub(super) fn step_keyword(dialect: &Dialect, line: &str) -> Option<(usize, StepKeywordType)> {
    dialect
        .step_keywords()
        .into_iter()
        .find_map(|(kind, list)| {
            list.iter().find_map(|keyword| {
                let length = begins_with(line, keyword)?;
                let kind = match keyword.starts_with('*') {
                    true => StepKeywordType::Unknown,
                    false => kind,
                };
                Some((length, kind))
            })
        })
}

/// The length of a keyword at the beginning of a line, in any case.
fn begins_with(line: &str, keyword: &str) -> Option<usize> {
    let mut found = line.chars();
    for wanted in keyword.chars() {
        let found = found.next()?;
        if found != wanted && !found.to_lowercase().eq(wanted.to_lowercase()) {
            return None;
        }
    }
    Some(line.len() - found.as_str().len())
}

/// The tags of a line that begins with `@`, or the column of a word that is none. For behave only space separates
/// tags.
pub(super) fn tags<'s>(line: &SourceLine<'s>) -> Result<Vec<Tag<'s>>, u32> {
    let text = trim_end(line.trimmed());
    let mut tags = Vec::new();
    let mut at = 0;
    for word in text.split(is_space) {
        let start = at;
        at += word.len()
            + text[at + word.len()..]
                .chars()
                .next()
                .map_or(0, char::len_utf8);
        if word.is_empty() {
            continue;
        }
        let column = line.indent_width() + 1 + width(&text[..start]);
        match word.as_bytes() {
            [b'#', ..] => break,
            // A lone `@` is a tag without a name, which no expression can select.
            [b'@'] => {}
            [b'@', ..] => tags.push(line.tag(column, word)),
            _ => return Err(column),
        }
    }
    Ok(tags)
}

/// The placeholders that every row has for behave, beside its columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RowNumbers {
    examples_name: String,
    examples: usize,
    row: usize,
}

impl RowNumbers {
    /// Those of a row, counted from 1, of a block of examples, counted from 1.
    pub(super) fn new(examples_name: &str, examples: usize, row: usize) -> Self {
        Self {
            examples_name: examples_name.to_owned(),
            examples,
            row,
        }
    }

    /// A text in which the columns are replaced already.
    pub(super) fn fill<'d>(&self, text: Cow<'d, str>) -> Cow<'d, str> {
        if !text.contains("<row.") && !text.contains("<examples.") {
            return text;
        }
        let (examples, row) = (self.examples.to_string(), self.row.to_string());
        let filled = text
            .replace("<examples.name>", &self.examples_name)
            .replace("<examples.index>", &examples)
            .replace("<row.index>", &row)
            .replace("<row.id>", &format!("{examples}.{row}"));
        Cow::Owned(filled)
    }
}

/// Whether a text may have a placeholder.
pub(super) fn has_placeholder(text: &str) -> bool {
    text.contains('<') && text.contains('>')
}

/// The tag of a row, made of a filled tag of its outline: letters, digits and what tags of behave may have. None where
/// a placeholder is left.
pub(super) fn row_tag(filled: &str) -> Option<String> {
    if has_placeholder(filled) {
        return None;
    }
    let text = filled.strip_prefix('@').unwrap_or(filled);
    let text = text.replace("\\t", "\t").replace("\\n", "\n");
    let kept = text.chars().filter_map(|character| match character {
        _ if character.is_alphanumeric() => Some(character),
        '.' | '_' | '-' | '=' | ':' | ',' | ';' | '(' | ')' => Some(character),
        _ if character.is_whitespace() => Some('_'),
        _ => None,
    });
    Some(std::iter::once('@').chain(kept).collect())
}
