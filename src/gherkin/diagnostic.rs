//! Shows a mistake in a terminal: the place, the line with a caret below it, a hint.

use console::measure_text_width;

use super::dialects::Dialect;
use super::error::{ErrorKind, ParseError};
use super::hints::line_of;
use super::location::Location;
use super::space::{is_space, trim_end};
use super::token::TokenKind;

/// The width of an excerpt in columns; the rest of a line is cut off.
const MOST_COLUMNS: usize = 100;

/// The errors of a file in the order of lines. With each comes whether a person wants to see it: some only follow
/// from others.
pub fn worth_showing(errors: &[ParseError]) -> Vec<(&ParseError, bool)> {
    let bad_tags = |line: u32| {
        let is_bad_tag = |error: &&ParseError| {
            error.kind == ErrorKind::SpaceInTag && error.location.line == line
        };
        errors.iter().any(|error| is_bad_tag(&error))
    };
    let is_shown = |error: &ParseError| {
        let unexpected = matches!(error.kind, ErrorKind::UnexpectedLine { .. });
        let is_bad_tag = unexpected && bad_tags(error.location.line);
        !(error.follows() || is_bad_tag)
    };
    let mut all: Vec<_> = errors
        .iter()
        .map(|error| (error, is_shown(error)))
        .collect();
    all.sort_by_key(|(error, _)| error.location);
    all
}

/// The number of further rows of a table that are shown below the first ragged one.
const MOST_ROWS: usize = 10;

/// All mistakes of a file as [`ParseError::render`] shows each, in the order of their lines
/// and without those that only follow from another one. Every line ends in a line feed.
pub fn render_errors(errors: &[ParseError], path: &str, source: &str) -> String {
    let shown = worth_showing(errors);
    let texts = (shown.iter())
        .filter(|(_, is_shown)| *is_shown)
        .map(|(error, _)| error.render(path, source) + "\n");
    texts.collect()
}

/// A mistake in words, for tools that show the source themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DescribedError {
    /// What is wrong, in one line.
    pub headline: String,
    /// What the author may want to know or do, as a sentence.
    pub hint: Option<String>,
    /// Where the wrong part begins. The column is 0 in a file without text.
    pub location: Location,
    /// How many characters are wrong; at least one.
    pub length: usize,
}

impl ParseError {
    /// The mistake in words. `source` is the text of the file.
    pub fn described(&self, source: &str) -> DescribedError {
        let (location, length) = self.excerpt(source).unwrap_or((self.location, 1));
        DescribedError {
            headline: self.headline(),
            hint: self.hint(source),
            location,
            length,
        }
    }

    /// The mistake as text of several lines without a line feed at the end: place and
    /// message, the source line with carets below what is wrong, and a hint.
    pub fn render(&self, path: &str, source: &str) -> String {
        let location = match self.column() {
            Some(_) => self.location.to_string(),
            None => self.location.line.to_string(),
        };
        let mut text = format!("{path}:{location}: {}", self.headline());
        if let Some((shown, length)) = self.excerpt(source) {
            let line = line_of(source, shown);
            let (excerpt, before, carets) = cut(line, shown.column, length);
            let number = shown.line.to_string();
            let margin = " ".repeat(number.len());
            text.push_str(&format!("\n {number} | {excerpt}"));
            let indent = " ".repeat(before);
            text.push_str(&format!("\n {margin} | {indent}{}", "^".repeat(carets)));
        }
        if let Some(hint) = self.hint(source) {
            text.push_str(&format!("\n   hint: {hint}"));
        }
        if let ErrorKind::CellCount {
            expected,
            first_line,
            more,
            ..
        } = &self.kind
        {
            for (location, found) in more.iter().take(MOST_ROWS) {
                let kind = ErrorKind::CellCount {
                    expected: *expected,
                    found: *found,
                    first_line: *first_line,
                    more: Vec::new(),
                };
                let location = *location;
                let row = ParseError { location, kind };
                text.push_str(&format!("\n{}", row.render(path, source)));
            }
            if let Some(rest @ 1..) = more.len().checked_sub(MOST_ROWS) {
                text.push_str(&format!("\n   and {rest} more rows of this table"));
            }
        }
        text
    }

    /// The message in words instead of the grammar's names.
    fn headline(&self) -> String {
        match &self.kind {
            ErrorKind::UnexpectedLine {
                expected, language, ..
            } => format!(
                "this line cannot stand here: expected {}",
                list(expected, language)
            ),
            ErrorKind::UnexpectedEnd { open: Some(_), .. } => {
                "the file ends inside a docstring".into()
            }
            ErrorKind::UnexpectedEnd {
                expected, language, ..
            } => {
                let what = list(expected, language);
                format!("the file ends too early: expected {what}")
            }
            ErrorKind::CellCount { .. } => self.text(),
            ErrorKind::SpaceInTag => "a tag may not contain whitespace".into(),
            ErrorKind::UnknownLanguage(code) => format!("language not supported: {code}"),
            ErrorKind::Encoding(_) | ErrorKind::Expansion | ErrorKind::TooMuchText { .. } => {
                self.text()
            }
        }
    }

    /// The place to show, and how many characters there are wrong.
    fn excerpt(&self, source: &str) -> Option<(Location, usize)> {
        let shown = match &self.kind {
            ErrorKind::UnexpectedEnd {
                open: Some((_, location)),
                ..
            } => *location,
            ErrorKind::UnexpectedEnd { .. } => last_line(source)?,
            _ => self.location,
        };
        let line = line_of(source, shown);
        let start = shown.column.saturating_sub(1) as usize;
        let rest = || trim_end(line).chars().skip(start);
        let length = match &self.kind {
            ErrorKind::UnexpectedLine { .. } => rest().take_while(|c| !is_space(*c)).count(),
            ErrorKind::UnexpectedEnd {
                open: Some((delimiter, _)),
                ..
            } => delimiter.len(),
            ErrorKind::SpaceInTag => {
                let first = rest().take(1);
                let tag: String = first
                    .chain(rest().skip(1).take_while(|c| *c != '@'))
                    .collect();
                trim_end(&tag).chars().count()
            }
            ErrorKind::Encoding(_) => 1,
            _ => rest().count(),
        };
        Some((shown, length.max(1)))
    }
}

/// Where the text of the last line with text begins.
fn last_line(source: &str) -> Option<Location> {
    let lines = (1..).zip(source.split('\n'));
    let (line, text) = lines
        .filter(|(_, line)| !trim_end(line).is_empty())
        .last()?;
    let indent = text.chars().take_while(|character| is_space(*character));
    let column = u32::try_from(indent.count()).ok()?.saturating_add(1);
    Some(Location { line, column })
}

/// What may stand in a place, in the words of the file's language.
fn list(expected: &[TokenKind], language: &str) -> String {
    let dialect = Dialect::find(language).unwrap_or(Dialect::english());
    let mut names: Vec<String> = expected
        .iter()
        .filter_map(|kind| match kind {
            TokenKind::Eof | TokenKind::Empty | TokenKind::Comment | TokenKind::Language => None,
            TokenKind::TagLine => Some("tags".into()),
            TokenKind::FeatureLine => Some(format!("`{}:`", dialect.feature[0])),
            TokenKind::RuleLine => Some(format!("`{}:`", dialect.rule[0])),
            TokenKind::BackgroundLine => Some(format!("`{}:`", dialect.background[0])),
            // In most languages the first keyword is the one for `Example`, which is rarely used.
            TokenKind::ScenarioLine => dialect.scenario.last().map(|last| format!("`{last}:`")),
            TokenKind::ExamplesLine => Some(format!("`{}:`", dialect.examples[0])),
            TokenKind::StepLine => Some("a step".into()),
            TokenKind::DocStringSeparator => Some("a docstring".into()),
            TokenKind::TableRow => Some("a table row".into()),
            TokenKind::Other => Some("text".into()),
        })
        .collect();
    let last = names.pop().unwrap_or_default();
    if names.is_empty() {
        last
    } else {
        format!("{} or {last}", names.join(", "))
    }
}

/// The part of a line around a column as a terminal can show it, the columns of the terminal
/// before the carets, and the number of carets.
fn cut(line: &str, column: u32, length: usize) -> (String, usize, usize) {
    let start = column.saturating_sub(1) as usize;
    // A line can be as long as the file; only the visible part is made printable.
    let skipped = start.saturating_sub(MOST_COLUMNS / 2);
    let skipped = if start < MOST_COLUMNS / 2 { 0 } else { skipped };
    let mut excerpt = String::new();
    let (mut before, mut width, mut carets) = (0, 0, 0);
    if skipped > 0 {
        excerpt.push('…');
        (before, width) = (1, 1);
    }
    for (index, character) in line.chars().enumerate().skip(skipped) {
        let shown = printable(character);
        let columns = measure_text_width(&shown);
        if width + columns > MOST_COLUMNS {
            excerpt.push('…');
            break;
        }
        excerpt.push_str(&shown);
        width += columns;
        if index < start {
            before += columns;
        } else if index < start + length {
            carets += columns;
        }
    }
    (trim_end(&excerpt).to_owned(), before, carets.max(1))
}

/// Replaces tabs by spaces, and control characters by visible ones.
fn printable(character: char) -> String {
    match character {
        '\t' => "    ".into(),
        character if character.is_control() => "\u{fffd}".into(),
        character => character.into(),
    }
}
