//! Lines of a file of events that are read again when they are emitted.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom, Take};
use std::ops::Range;

use crate::report::events::{self, Events};

/// Places of lines, in bytes. Lines that follow each other are one range.
#[derive(Debug, Default)]
pub(super) struct LineRanges {
    ranges: Vec<Range<u64>>,
}

impl LineRanges {
    /// Adds a line after those that were added.
    pub(super) fn add(&mut self, line: Range<u64>) {
        match self.ranges.last_mut() {
            Some(last) if last.end == line.start => last.end = line.end,
            _ => self.ranges.push(line),
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Range<u64>> {
        self.ranges.iter()
    }
}

/// The events of a range of lines.
///
/// # Errors
/// When the file cannot be read there.
pub(super) fn events_of<'f>(
    file: &'f File,
    lines: &Range<u64>,
) -> io::Result<Events<BufReader<Take<&'f File>>>> {
    let mut file = file;
    file.seek(SeekFrom::Start(lines.start))?;
    let input = file.take(lines.end.saturating_sub(lines.start));
    Ok(events::read_lines(BufReader::new(input)))
}
