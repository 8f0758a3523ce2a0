//! `events`: every event, losslessly, one line of JSON each; and how to read them again.

use std::fmt;
use std::io::{self, BufRead, Write};
use std::ops::Range;
use std::path::Path;

use super::attached::AttachedFile;
use super::catalogue::Catalogue;
use super::output::Output;
use super::{Reporter, Summary};
use crate::event::{AttachmentBody, Event, FORMAT_VERSION};
use crate::json;

/// Writes the events.
pub(crate) struct EventsReporter {
    output: Output,
}

impl EventsReporter {
    pub(crate) fn new(output: Output) -> Self {
        EventsReporter { output }
    }
}

/// How the body of an attachment without any bytes is written. No text of an event can hold this:
/// its quotes would be escaped.
const EMPTY_BODY: &[u8] = br#""body":{"base64":""}"#;

impl EventsReporter {
    /// Writes an attachment from a file as one whose bytes are in the event, piece by piece.
    fn with_file(&mut self, event: &Event, path: &Path) -> io::Result<()> {
        let file = AttachedFile::open(path)?;
        let mut empty = event.clone();
        if let Event::Attachment { body, .. } = &mut empty {
            *body = AttachmentBody::Base64(String::new());
        }
        let mut line = Vec::new();
        json::append(&empty, &mut line)?;
        line.push(b'\n');
        let found = line
            .windows(EMPTY_BODY.len())
            .position(|window| window == EMPTY_BODY);
        let at = found.map_or(line.len(), |at| at + EMPTY_BODY.len() - 2);
        self.output.write_all(&line[..at])?;
        file.write(&mut self.output)?;
        self.output.write_all(&line[at..])
    }
}

impl Reporter for EventsReporter {
    fn event(&mut self, event: &Event, _: &Catalogue) -> io::Result<()> {
        if let Event::Attachment {
            body: AttachmentBody::File(path),
            ..
        } = event
        {
            return self.with_file(event, path);
        }
        self.output.add_lines(|buffer| {
            json::append(event, buffer)?;
            buffer.push(b'\n');
            Ok(())
        })?;
        // A program that reads the stream during the run gets whole scenarios.
        if self.output.is_live() && matches!(event, Event::ScenarioFinished { .. }) {
            self.output.flush()?;
        }
        Ok(())
    }

    fn finish(&mut self, _: &Summary, _: &Catalogue) -> io::Result<()> {
        self.output.commit()
    }
}

/// Reads what the `events` format wrote, event by event. After an error nothing follows.
pub fn read<R: BufRead>(input: R) -> Events<R> {
    Events {
        input,
        number: 0,
        has_start: true,
        end: 0,
        line: Vec::new(),
        over: false,
    }
}

/// Reads lines from the middle of such a file.
pub(crate) fn read_lines<R: BufRead>(input: R) -> Events<R> {
    Events {
        has_start: false,
        ..read(input)
    }
}

/// The events of a file; see [`read`].
pub struct Events<R> {
    input: R,
    number: usize,
    /// Whether the first line has the version of the format.
    has_start: bool,
    /// How many bytes are read.
    end: u64,
    line: Vec<u8>,
    over: bool,
}

impl<R> Events<R> {
    /// The number of the line of the last event, from 1.
    pub(crate) fn line_number(&self) -> usize {
        self.number
    }

    /// Where the line of the last event is in the input, in bytes.
    pub(crate) fn line_range(&self) -> Range<u64> {
        self.end - self.line.len() as u64..self.end
    }
}

impl<R: BufRead> Iterator for Events<R> {
    type Item = Result<Event, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.over {
            return None;
        }
        let next = self.read_line().transpose();
        self.over = !matches!(next, Some(Ok(_)));
        next.map(|event| {
            event.map_err(|reason| ReadError {
                line: self.number,
                cut_off: matches!(reason, ReadProblem::Json(_)) && !self.line.ends_with(b"\n"),
                reason,
            })
        })
    }
}

impl<R: BufRead> Events<R> {
    fn read_line(&mut self) -> Result<Option<Event>, ReadProblem> {
        loop {
            self.line.clear();
            self.number += 1;
            let length = self
                .input
                .read_until(b'\n', &mut self.line)
                .map_err(ReadProblem::Io)?;
            self.end += length as u64;
            if length == 0 {
                return if self.number == 1 && self.has_start {
                    Err(ReadProblem::Empty)
                } else {
                    Ok(None)
                };
            }
            if !self.line.trim_ascii().is_empty() {
                break;
            }
        }
        if self.number == 1 && self.has_start {
            self.check_version()?;
        }
        serde_json::from_slice(&self.line)
            .map(Some)
            .map_err(ReadProblem::Json)
    }

    /// The first line is checked separately: a newer format may have unknown events.
    fn check_version(&self) -> Result<(), ReadProblem> {
        #[derive(serde::Deserialize)]
        struct Head {
            #[serde(rename = "type")]
            kind: String,
            format: Option<u32>,
        }
        let head: Head = serde_json::from_slice(&self.line).map_err(|_| ReadProblem::NoStart)?;
        match head.format {
            Some(FORMAT_VERSION) if head.kind == "run_started" => Ok(()),
            Some(format) if head.kind == "run_started" => Err(ReadProblem::Version(format)),
            _ => Err(ReadProblem::NoStart),
        }
    }
}

/// Why a file of events cannot be read.
#[derive(Debug)]
pub struct ReadError {
    /// The line, from 1.
    pub line: usize,
    cut_off: bool,
    reason: ReadProblem,
}

impl ReadError {
    /// Whether the last line is incomplete, because its writer was interrupted.
    #[must_use]
    pub fn is_cut_off(&self) -> bool {
        self.cut_off
    }

    /// The error of the system, if it is one.
    pub(crate) fn io_error(&self) -> Option<&io::Error> {
        match &self.reason {
            ReadProblem::Io(error) => Some(error),
            _ => None,
        }
    }

    /// The error with its place in a file: `run.jsonl:3:17: not an event: …`.
    #[must_use]
    pub fn in_file(&self, path: &str) -> String {
        match &self.reason {
            ReadProblem::Json(error) => {
                // What is wrong with an event as a whole has no column.
                let column = match error.column() {
                    0 => String::new(),
                    column => format!("{column}:"),
                };
                let (line, text) = (self.line, json_text(error));
                format!("{path}:{line}:{column} not an event: {text}")
            }
            ReadProblem::Io(_) | ReadProblem::Empty => format!("{path}: {}", self.reason),
            ReadProblem::NoStart | ReadProblem::Version(_) => {
                format!("{path}:{}: {}", self.line, self.reason)
            }
        }
    }
}

/// What serde_json says without the place: it counts the lines of one line.
fn json_text(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rsplit_once(" at line ") {
        Some((text, _)) => text.to_owned(),
        None => text,
    }
}

#[derive(Debug)]
enum ReadProblem {
    Io(io::Error),
    Json(serde_json::Error),
    Empty,
    NoStart,
    Version(u32),
}

impl std::error::Error for ReadError {}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.reason)
    }
}

impl fmt::Display for ReadProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ReadProblem::Io(error) => write!(f, "{error}"),
            ReadProblem::Json(error) => {
                if error.column() > 0 {
                    write!(f, "column {}: ", error.column())?;
                }
                write!(f, "not an event: {}", json_text(error))
            }
            ReadProblem::Empty => f.write_str("the file is empty"),
            ReadProblem::NoStart => {
                f.write_str("a file of events begins with `run_started` and its format version")
            }
            ReadProblem::Version(found) => {
                write!(
                    f,
                    "the format version is {found}, and this bdd reads {FORMAT_VERSION}"
                )
            }
        }
    }
}
