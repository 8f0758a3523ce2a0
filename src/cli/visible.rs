//! A stream for people that makes control characters visible.
//!
//! Names, paths, tags and settings come from outside. All messages go through here, so none has to escape
//! them.

use std::io::{self, Write};

use crate::report::visible;

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

/// Passes on the rest of the last line when a command ends.
impl Drop for Visible<'_> {
    fn drop(&mut self) {
        let _ = self.flush();
    }
}
