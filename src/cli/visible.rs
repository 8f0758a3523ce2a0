//! A stream for people: what a terminal would act on becomes visible on its way.
//!
//! Names, paths, tags and settings come from outside. No message has to care: all go through here.

use std::io::{self, Write};

use crate::report::visible;

/// Passes text on by lines, with control characters in a visible form.
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

/// The rest of a line is not lost when a command ends.
impl Drop for Visible<'_> {
    fn drop(&mut self) {
        let _ = self.flush();
    }
}
