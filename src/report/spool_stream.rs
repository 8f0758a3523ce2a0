//! What a spool writes to: a stream, or a screen that also wants to draw while nothing is written.

use std::io::{self, Write};
use std::time::Duration;

/// What the thread of a spool writes to.
pub(super) trait SpoolStream: Write + Send {
    /// After how long without anything to write [`Self::idle`] is called; none: never.
    fn pause(&self) -> Option<Duration> {
        None
    }

    /// How long the thread waits for more after a write, if not for as long as usual.
    fn gather(&self) -> Option<Duration> {
        None
    }

    /// Nothing was written for a while.
    fn idle(&mut self) -> io::Result<()> {
        Ok(())
    }

    /// Nothing more is written.
    fn end(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A stream that needs nothing else.
pub(super) struct PlainStream(pub(super) Box<dyn Write + Send>);

impl Write for PlainStream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl SpoolStream for PlainStream {}
