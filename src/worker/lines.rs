//! The lines that a worker sends, as messages.

use std::io::{self, Read};

use bdd_protocol::FromWorker;
use memchr::{memchr_iter, memrchr};

/// A line of the protocol longer than this is not one.
const LONGEST_LINE: usize = 256 * 1024 * 1024;

/// The room for lines. There is more only while a line needs it. Larger reads do not save time: their messages are far from
/// the processor when they are handled.
const BUFFER: usize = 16 * 1024;

/// What was read of lines and not yet taken as messages.
pub(super) struct MessageLines {
    buffer: Vec<u8>,
    /// How much of the buffer was read.
    filled: usize,
    /// How much of that are whole lines.
    whole: usize,
}

/// A line that is not a message.
pub(super) struct Junk {
    /// The messages before it.
    pub(super) before: Vec<FromWorker>,
    /// What is wrong with it.
    pub(super) violation: String,
}

impl MessageLines {
    /// Nothing was read.
    pub(super) fn new() -> Self {
        Self {
            buffer: vec![0; BUFFER],
            filled: 0,
            whole: 0,
        }
    }

    /// Reads once. The result is how many bytes came; 0 is the end.
    ///
    /// # Errors
    /// Those of the source.
    pub(super) fn fill(&mut self, mut source: impl Read) -> io::Result<usize> {
        if self.filled == self.buffer.len() {
            self.buffer.resize(self.filled * 2, 0);
        }
        let more = source.read(&mut self.buffer[self.filled..])?;
        let new = &self.buffer[self.filled..self.filled + more];
        if let Some(end) = memrchr(b'\n', new) {
            self.whole = self.filled + end + 1;
        }
        self.filled += more;
        Ok(more)
    }

    /// Takes the messages of all whole lines.
    ///
    /// # Errors
    /// When a line is not a message, or too long.
    pub(super) fn take(&mut self) -> Result<Vec<FromWorker>, Junk> {
        if self.whole == 0 {
            return match self.filled < LONGEST_LINE {
                true => Ok(Vec::new()),
                false => Err(Junk {
                    before: Vec::new(),
                    violation: format!("it sent a line of more than {LONGEST_LINE} bytes"),
                }),
            };
        }
        let lines = &self.buffer[..self.whole];
        // To look at all lines at once is quicker. If one is not UTF-8, each has an error of its own.
        let text = str::from_utf8(lines).ok();
        let mut messages = Vec::with_capacity(memchr_iter(b'\n', lines).count());
        let mut start = 0;
        for end in memchr_iter(b'\n', lines) {
            let line = &lines[start..end];
            let parsed = match text {
                Some(text) => FromWorker::parse_text(&text[start..end]),
                None => FromWorker::parse(line),
            };
            start = end + 1;
            match parsed {
                Ok(message) => messages.push(message),
                Err(error) => {
                    return Err(Junk {
                        before: messages,
                        violation: format!(
                            "it sent a line that is not a message ({error}): {}",
                            beginning(line)
                        ),
                    });
                }
            }
        }
        self.buffer.copy_within(self.whole..self.filled, 0);
        self.filled -= self.whole;
        self.whole = 0;
        if self.buffer.len() > 16 * BUFFER && self.filled < BUFFER {
            self.buffer.truncate(BUFFER);
            self.buffer.shrink_to_fit();
        }
        Ok(messages)
    }
}

/// The beginning of a line, fit to be shown.
fn beginning(line: &[u8]) -> String {
    let line = line.get(..800).unwrap_or(line);
    let shown: String = String::from_utf8_lossy(line).chars().take(200).collect();
    shown.trim_end().replace(char::is_control, "\u{fffd}")
}
