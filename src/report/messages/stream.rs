//! The stream itself: whole lines, and the ids that are given out in it.

use std::io::{self, Write};

use crate::json::Json;
use crate::report::output::Output;

/// The target of the messages.
pub(super) struct Stream {
    pub(super) output: Output,
    /// The line that is being written. Kept to use its memory again.
    pub(super) line: Vec<u8>,
    pub(super) ids: Ids,
}

impl Stream {
    pub(super) fn new(output: Output) -> Self {
        Stream {
            output,
            line: Vec::new(),
            ids: Ids::default(),
        }
    }

    /// Writes one message.
    pub(super) fn write(&mut self, name: &str, fill: impl FnOnce(&mut Json<'_>)) -> io::Result<()> {
        self.line.clear();
        Json::object(&mut self.line, |json| json.member(name, fill));
        self.line.push(b'\n');
        self.output.write_all(&self.line)
    }
}

/// The ids of a stream, counted from 0.
#[derive(Default)]
pub(super) struct Ids(u64);

impl Ids {
    /// A new one.
    pub(super) fn next(&mut self) -> u64 {
        self.skip(1)
    }

    /// The one that [`Ids::next`] would give.
    pub(super) fn first(&self) -> u64 {
        self.0
    }

    /// Takes `count` ids at once. Returns the first.
    pub(super) fn skip(&mut self, count: u64) -> u64 {
        let first = self.0;
        self.0 += count;
        first
    }
}
