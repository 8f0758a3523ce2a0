//! `bdd.toml`: finding it, reading it, and saying exactly where it is wrong.

use std::fmt;
use std::fs;
use std::io;
use std::num::NonZeroU32;
use std::ops::Range;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::byte_size::ByteSize;
use super::color::ColorChoice;
use super::exclude::ExcludeGlob;
use super::flaky::Flaky;
use super::groups::Groups;
use super::language::Language;
use super::leaks::Leaks;
use super::max_failures::MaxFailures;
use super::order::Order;
use super::parallel_by::ParallelBy;
use super::retry_delay::RetryDelay;
use super::snippets::SnippetStyle;
use super::steps::StepsTable;
use super::tag_rule::TagRule;
use super::time_limit::TimeLimit;
use crate::plan::tags::TagExpression;
use crate::report::Format;

/// The name of the file.
pub const FILE_NAME: &str = "bdd.toml";

/// The settings of `bdd.toml`; what is not set is absent.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(super) struct FileSettings {
    pub(super) features: Vec<String>,
    pub(super) exclude: Vec<ExcludeGlob>,
    pub(super) tags: Option<TagExpression>,
    pub(super) language: Option<Language>,
    pub(super) jobs: Option<NonZeroU32>,
    pub(super) capture: Option<bool>,
    pub(super) strict: Option<bool>,
    pub(super) strict_keywords: Option<bool>,
    pub(super) retries: Option<u32>,
    pub(super) retry_delay: Option<RetryDelay>,
    pub(super) retry_tags: Option<TagExpression>,
    pub(super) flaky: Option<Flaky>,
    pub(super) max_failures: Option<MaxFailures>,
    pub(super) step_timeout: Option<TimeLimit>,
    pub(super) scenario_timeout: Option<TimeLimit>,
    pub(super) hook_timeout: Option<TimeLimit>,
    pub(super) run_timeout: Option<TimeLimit>,
    pub(super) slow_after: Option<TimeLimit>,
    pub(super) grace: Option<TimeLimit>,
    pub(super) output_limit: Option<ByteSize>,
    pub(super) leaks: Option<Leaks>,
    pub(super) expected_failure_tags: Option<TagRule>,
    pub(super) continue_after_failure_tags: Option<TagRule>,
    pub(super) format: Vec<Format>,
    pub(super) color: Option<ColorChoice>,
    pub(super) snippets: Option<SnippetStyle>,
    pub(super) order: Option<Order>,
    pub(super) history: Option<bool>,
    pub(super) parallel_by: Option<ParallelBy>,
    pub(super) groups: Groups,
    pub(super) steps: StepsTable,
}

/// The nearest `bdd.toml` in a directory or its parents.
pub(super) fn find(directory: &Path) -> Option<PathBuf> {
    directory
        .ancestors()
        .map(|folder| folder.join(FILE_NAME))
        .find(|path| path.is_file())
}

/// Reads the file at `path`; `shown` is how messages name it.
pub(super) fn read(path: &Path, shown: &str) -> Result<FileSettings, FileError> {
    let bytes = fs::read(path).map_err(|error| FileError::Unreadable {
        path: shown.to_owned(),
        error,
    })?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let bytes = error.into_bytes();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        FileError::Wrong(Box::new(Wrong::at(
            shown,
            &text,
            valid..valid,
            "this is not UTF-8".to_owned(),
            None,
        )))
    })?;
    toml::from_str(&text).map_err(|error| {
        let span = error.span().unwrap_or(0..0);
        let (message, hint) = explain(error.message());
        FileError::Wrong(Box::new(Wrong::at(shown, &text, span, message, hint)))
    })
}

/// Turns the words of the `toml` crate for an unknown key into ours, with a suggestion.
fn explain(message: &str) -> (String, Option<String>) {
    if let Some(found) = message.strip_suffix(", expected a nonzero u32") {
        return (format!("{found}, expected a number from 1"), None);
    }
    let Some((unknown, expected)) = message
        .strip_prefix("unknown field `")
        .and_then(|rest| rest.split_once('`'))
    else {
        return (message.trim_end().to_owned(), None);
    };
    let known: Vec<&str> = expected.split('`').skip(1).step_by(2).collect();
    let hint = match nearest(unknown, &known) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("the keys here are {}", known.join(", ")),
    };
    (format!("unknown key `{unknown}`"), Some(hint))
}

/// The candidate that is spelt most alike, if one is alike enough to be meant.
pub(crate) fn nearest<'c>(text: &str, candidates: &[&'c str]) -> Option<&'c str> {
    candidates
        .iter()
        .map(|candidate| (strsim::jaro_winkler(text, candidate), *candidate))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|left, right| left.0.total_cmp(&right.0))
        .map(|(_, candidate)| candidate)
}

/// Why `bdd.toml` cannot be used.
#[derive(Debug)]
pub enum FileError {
    /// It cannot be read.
    Unreadable {
        /// The file.
        path: String,
        /// Why.
        error: io::Error,
    },
    /// It does not say something that can be understood.
    Wrong(Box<Wrong>),
}

/// A place in `bdd.toml` and what is wrong with it.
#[derive(Debug)]
pub struct Wrong {
    path: String,
    line: usize,
    column: usize,
    excerpt: String,
    width: usize,
    message: String,
    hint: Option<String>,
}

impl Wrong {
    fn at(
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
            line: text[..line_start].matches('\n').count() + 1,
            column: text[line_start..start].chars().count() + 1,
            excerpt: excerpt.replace('\t', " "),
            width: text[start..end.min(line_end)].chars().count().max(1),
            message,
            hint,
        }
    }
}

impl fmt::Display for FileError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable { path, error } => {
                write!(formatter, "cannot read {path}: {}", super::reason(error))
            }
            Self::Wrong(wrong) => {
                let number = wrong.line.to_string();
                let margin = " ".repeat(number.len());
                let offset = " ".repeat(wrong.column - 1);
                let carets = "^".repeat(wrong.width);
                let mut message = wrong.message.lines();
                writeln!(
                    formatter,
                    "{}:{}:{}: {}",
                    wrong.path,
                    wrong.line,
                    wrong.column,
                    message.next().unwrap_or_default()
                )?;
                for line in message {
                    writeln!(formatter, "  {line}")?;
                }
                writeln!(formatter, " {margin} |")?;
                writeln!(formatter, " {number} | {}", wrong.excerpt)?;
                write!(formatter, " {margin} | {offset}{carets}")
            }
        }
    }
}

impl std::error::Error for FileError {}

impl FileError {
    /// What to do about it.
    pub fn hint(&self) -> Option<&str> {
        match self {
            Self::Unreadable { .. } => None,
            Self::Wrong(wrong) => wrong.hint.as_deref(),
        }
    }
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
}
