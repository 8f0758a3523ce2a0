//! The errors of feature files.

use std::fmt;

use super::location::Location;
use super::token::TokenKind;

/// A mistake in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseError {
    /// Where it is. The column is 0 when the end of the file is the mistake.
    pub location: Location,
    /// What is wrong, with the facts for a hint.
    pub kind: ErrorKind,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A line that may not stand here.
    UnexpectedLine {
        /// What may stand here.
        expected: &'static [TokenKind],
        /// The line without space around it.
        found: String,
        /// Code of the dialect that the line was read in.
        language: &'static str,
        /// Whether it only follows from the error before: nothing can be understood before a heading that is
        /// missing.
        follows: bool,
    },
    /// The file ends too early.
    UnexpectedEnd {
        /// What may stand here.
        expected: &'static [TokenKind],
        /// Code of the dialect at the end.
        language: &'static str,
        /// Whether it only follows from the error before.
        follows: bool,
        /// The delimiter of a docstring that is still open, and where it is.
        open: Option<(String, Location)>,
    },
    /// A row of a table that is longer or shorter than the first row.
    CellCount {
        /// Cells of the first row.
        expected: usize,
        /// Cells of this row.
        found: usize,
        /// Line of the first row.
        first_line: u32,
        /// Further rows of another length, each with the number of its cells. Official parsers report the first
        /// one alone.
        more: Vec<(Location, usize)>,
    },
    /// A tag with a space in it.
    SpaceInTag,
    /// A `# language:` that is not in the table.
    UnknownLanguage(String),
    /// A byte that is not UTF-8; absent if the file ends inside a character.
    Encoding(Option<u8>),
    /// Placeholders whose values are placeholders again, without end.
    Expansion,
    /// The values of a row make more text than a limit, in bytes.
    TooMuchText {
        /// The limit.
        most: usize,
        /// Whether the rows before it count as well.
        of_file: bool,
    },
}

impl ParseError {
    /// The official text, without the location before it.
    pub fn text(&self) -> String {
        match &self.kind {
            ErrorKind::UnexpectedLine {
                expected, found, ..
            } => format!("expected: {}, got '{found}'", KindNames(expected)),
            ErrorKind::UnexpectedEnd { expected, .. } => {
                format!("unexpected end of file, expected: {}", KindNames(expected))
            }
            ErrorKind::CellCount { .. } => "inconsistent cell count within the table".into(),
            ErrorKind::SpaceInTag => "A tag may not contain whitespace".into(),
            ErrorKind::UnknownLanguage(code) => format!("Language not supported: {code}"),
            ErrorKind::Encoding(Some(byte)) => format!("not UTF-8: unexpected byte 0x{byte:02x}"),
            ErrorKind::Encoding(None) => "not UTF-8: the file ends inside a character".into(),
            ErrorKind::Expansion => "the values of this row expand without measure".into(),
            ErrorKind::TooMuchText { most, of_file } => {
                let rows = match of_file {
                    true => "this row and those before it",
                    false => "this row",
                };
                let most = most >> 20;
                format!("the values of {rows} make more than {most} MiB of text")
            }
        }
    }

    /// The official message: location and text.
    pub fn message(&self) -> String {
        format!("({}): {}", self.location, self.text())
    }

    /// Whether it only follows from the error before.
    pub(super) fn follows(&self) -> bool {
        use ErrorKind::{UnexpectedEnd, UnexpectedLine};
        let (UnexpectedLine { follows, .. } | UnexpectedEnd { follows, .. }) = &self.kind else {
            return false;
        };
        *follows
    }

    /// The column, if it has one.
    pub fn column(&self) -> Option<u32> {
        (self.location.column > 0).then_some(self.location.column)
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message())
    }
}

impl std::error::Error for ParseError {}

/// The errors of a file, each once, and at most as many as the official parser collects.
#[derive(Debug, Default)]
pub(super) struct Errors(Vec<ParseError>);

impl Errors {
    /// The official parser gives up when it has found more than ten.
    const MOST: usize = 11;

    pub fn add(&mut self, location: Location, kind: ErrorKind) {
        let error = ParseError { location, kind };
        let known = |other: &ParseError| other.location == location && other.text() == error.text();
        if !self.is_full() && !self.0.iter().any(known) {
            self.0.push(error);
        }
    }

    pub fn is_full(&self) -> bool {
        self.0.len() >= Self::MOST
    }

    pub fn into_all(self) -> Vec<ParseError> {
        self.0
    }
}

/// Kinds as messages list them.
struct KindNames(&'static [TokenKind]);

impl fmt::Display for KindNames {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, kind) in self.0.iter().enumerate() {
            if index > 0 {
                formatter.write_str(", ")?;
            }
            write!(formatter, "{kind}")?;
        }
        Ok(())
    }
}
