//! Lines that wait in a temporary file until the report is written, so that a run of 100,000 scenarios does not hold them
//! in memory. Of each line only its place is kept.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Seek, SeekFrom, Write};
use std::num::NonZeroU64;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::part_file::temporary_file;

/// The bytes that are read at once.
const WINDOW: usize = 64 * 1024;

/// Writes the lines.
pub(super) struct LineFile {
    file: BufWriter<File>,
    length: u64,
}

/// Where a line begins, plus one: an option of a place needs no room of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct LinePlace(NonZeroU64);

/// Reads the lines.
pub(super) struct LineReader {
    file: BufReader<File>,
    /// Where the file is read next.
    at: u64,
    line: Vec<u8>,
}

impl LineFile {
    /// A file in `folder`; without it in the usual folder for temporary files.
    pub(super) fn new(folder: Option<&Path>) -> io::Result<Self> {
        Ok(Self {
            file: temporary_file(folder)?,
            length: 0,
        })
    }

    /// Adds a text without line breaks.
    pub(super) fn add(&mut self, line: &[u8]) -> io::Result<LinePlace> {
        self.file.write_all(line)?;
        self.file.write_all(b"\n")?;
        let place = NonZeroU64::MIN.saturating_add(self.length);
        self.length += line.len() as u64 + 1;
        Ok(LinePlace(place))
    }

    /// Ends the writing. Only then lines can be read.
    pub(super) fn into_reader(self) -> io::Result<LineReader> {
        let mut file = self.file.into_inner().map_err(|error| error.into_error())?;
        file.rewind()?;
        Ok(LineReader {
            file: BufReader::with_capacity(WINDOW, file),
            at: 0,
            line: Vec::new(),
        })
    }
}

impl LineReader {
    /// The line at a place.
    pub(super) fn line(&mut self, place: LinePlace) -> io::Result<&[u8]> {
        self.go_to(place.0.get() - 1)?;
        let line = self.next()?;
        line.ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }

    /// Goes back to the first line.
    pub(super) fn rewind(&mut self) -> io::Result<()> {
        self.go_to(0)
    }

    /// The next line, if there is one.
    pub(super) fn next(&mut self) -> io::Result<Option<&[u8]>> {
        self.line.clear();
        let length = self.file.read_until(b'\n', &mut self.line)?;
        self.at += length as u64;
        Ok(match length {
            0 => None,
            _ => Some(self.line.strip_suffix(b"\n").unwrap_or(&self.line)),
        })
    }

    /// Most scenarios end nearly in the order of the plan, so the place is mostly in the buffer.
    fn go_to(&mut self, place: u64) -> io::Result<()> {
        match i64::try_from(i128::from(place) - i128::from(self.at)) {
            Ok(distance) => self.file.seek_relative(distance)?,
            Err(_) => drop(self.file.seek(SeekFrom::Start(place))?),
        }
        self.at = place;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_in_any_order() {
        let mut file = LineFile::new(None).unwrap();
        // Some are longer than the buffer.
        let text = |number: usize| format!("{number}").repeat(1 + number % 7 * 10_000);
        let places: Vec<LinePlace> = (0..60)
            .map(|number| file.add(text(number).as_bytes()).unwrap())
            .collect();
        let mut reader = file.into_reader().unwrap();
        for number in (0..60).map(|step| step * 37 % 60) {
            let line = reader.line(places[number]).unwrap();
            assert!(line == text(number).as_bytes(), "{number}");
        }
        reader.rewind().unwrap();
        for number in 0..60 {
            assert!(reader.next().unwrap() == Some(text(number).as_bytes()));
        }
        assert_eq!(reader.next().unwrap(), None);
    }
}
