//! A stream for people that makes control characters visible.
//!
//! Names, paths, tags and settings come from outside. All messages go through here, so none has to escape
//! them.

use std::fmt::Write as _;
use std::io::{self, Write};

use crate::report::{is_control, visible};

/// Passes text on line by line, with control characters in a visible form.
pub(super) struct Visible<'w> {
    stream: &'w mut dyn Write,
    line: Vec<u8>,
}

impl<'w> Visible<'w> {
    pub(super) fn new(stream: &'w mut dyn Write) -> Self {
        Self {
            stream,
            line: Vec::new(),
        }
    }

    /// Passes on the first bytes of the line.
    fn pass_on(&mut self, length: usize) -> io::Result<()> {
        let text = String::from_utf8_lossy(&self.line[..length]);
        let result = self.stream.write_all(visible(&text).as_bytes());
        self.line.drain(..length);
        result
    }
}

impl Write for Visible<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let before = self.line.len();
        self.line.extend_from_slice(bytes);
        if let Some(end) = bytes.iter().rposition(|byte| *byte == b'\n') {
            self.pass_on(before + end + 1)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if !self.line.is_empty() {
            self.pass_on(self.line.len())?;
        }
        self.stream.flush()
    }
}

/// Passes on the rest of the last line when a command ends. If there is none, the stream is left alone: a report may hold
/// standard output while nobody reads it, and a flush would wait for the reader.
impl Drop for Visible<'_> {
    fn drop(&mut self) {
        if !self.line.is_empty() {
            let _ = self.flush();
        }
    }
}

/// A stream of JSON for other programs: what a terminal would act on becomes an escape of JSON, so that every value
/// stays as it is.
pub(super) struct VisibleJson<'w> {
    stream: &'w mut dyn Write,
    /// The first bytes of a character that is not complete.
    rest: Vec<u8>,
}

impl<'w> VisibleJson<'w> {
    pub(super) fn new(stream: &'w mut dyn Write) -> Self {
        Self {
            stream,
            rest: Vec::new(),
        }
    }
}

impl Write for VisibleJson<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // Nearly all JSON is plain.
        if self.rest.is_empty() && bytes.iter().all(|byte| *byte < 0x7f) {
            self.stream.write_all(bytes)?;
            return Ok(bytes.len());
        }
        self.rest.extend_from_slice(bytes);
        let complete = match std::str::from_utf8(&self.rest) {
            Ok(text) => text.len(),
            Err(error) => error.valid_up_to() + error.error_len().unwrap_or(0),
        };
        let mut shown = String::with_capacity(complete);
        for character in String::from_utf8_lossy(&self.rest[..complete]).chars() {
            // Line breaks stand between values; inside of them they are escapes already.
            if is_control(character) && character >= '\u{7f}' {
                let _ = write!(shown, "\\u{:04x}", u32::from(character));
            } else {
                shown.push(character);
            }
        }
        self.stream.write_all(shown.as_bytes())?;
        self.rest.drain(..complete);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}
