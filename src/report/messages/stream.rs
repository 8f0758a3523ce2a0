//! The stream itself: whole lines, and the ids that are given out in it.

use std::io;

use crate::json::Json;
use crate::report::output::Output;

/// The target of the messages.
pub(super) struct Stream {
    pub(super) output: Output,
    pub(super) ids: Ids,
}

impl Stream {
    pub(super) fn new(output: Output) -> Self {
        Stream {
            output,
            ids: Ids::default(),
        }
    }

    /// Writes one message.
    pub(super) fn write(&mut self, name: &str, fill: impl FnOnce(&mut Json<'_>)) -> io::Result<()> {
        self.output.add_lines(|buffer| {
            message(buffer, name, fill);
            Ok(())
        })
    }
}

/// Appends the line of a message.
pub(super) fn message(buffer: &mut Vec<u8>, name: &str, fill: impl FnOnce(&mut Json<'_>)) {
    Json::object(buffer, |json| json.member(name, fill));
    buffer.push(b'\n');
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
