//! Reports that cannot be made, or were lost while they were written.

use std::fmt;
use std::io;

use super::format::Format;

/// A report that cannot be made.
#[derive(Debug)]
pub struct OpenError {
    /// The report.
    pub format: Format,
    pub(super) reason: OpenProblem,
}

/// Why.
#[derive(Debug)]
pub(super) enum OpenProblem {
    /// It cannot be opened.
    Io(io::Error),
    /// This report has the same place.
    SameTarget(Format),
    /// The report would replace this file.
    Input(String),
}

impl std::error::Error for OpenError {}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.reason {
            OpenProblem::Io(error) => write_failure(f, &self.format, error),
            OpenProblem::Input(input) => write!(
                f,
                "`-f {}` would replace {input}, which is not a report; give the report another file",
                self.format
            ),
            OpenProblem::SameTarget(other) if other.file.is_some() => {
                write!(
                    f,
                    "`-f {other}` and `-f {}` write to the same place",
                    self.format
                )
            }
            OpenProblem::SameTarget(other) => write!(
                f,
                "`-f {other}` and `-f {}` both write to standard output; give one of them a file: `-f {}:FILE`",
                self.format, self.format.name
            ),
        }
    }
}

/// A report that was lost while it was written.
#[derive(Debug)]
pub struct ReportError {
    /// The report.
    pub format: Format,
    /// Why.
    pub error: io::Error,
}

impl std::error::Error for ReportError {}

impl fmt::Display for ReportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_failure(f, &self.format, &self.error)
    }
}

/// "cannot write the junit report to x.xml: No space left on device".
fn write_failure(f: &mut fmt::Formatter<'_>, format: &Format, error: &io::Error) -> fmt::Result {
    write!(f, "cannot write the {} report to ", format.name)?;
    match &format.file {
        Some(file) => write!(f, "{}", file.display())?,
        None => f.write_str("standard output")?,
    }
    // The number of the error says nothing to the reader.
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or(&text);
    write!(f, ": {}", text.to_lowercase())
}
