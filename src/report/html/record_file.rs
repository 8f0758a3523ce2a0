//! What is known of each scenario until the page is written: in a temporary file, because a run may have 100,000. In memory
//! is only where the last record of each scenario begins; every record names the one before it.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Seek, SeekFrom, Write};
use std::num::NonZeroU64;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::record::{AttemptRecord, ScenarioRecord};
use crate::event::ScenarioTrend;
use crate::report::catalogue::Place;

/// Where a record begins, plus one: the option of it takes no room of its own.
type RecordPlace = Option<NonZeroU64>;

/// A fact about a scenario.
#[derive(Serialize, Deserialize)]
pub(super) enum PageRecord {
    Attempt(AttemptRecord),
    /// Why there is no attempt.
    NotRun(String),
    /// What earlier runs say.
    Trend(ScenarioTrend),
}

/// A line of the file.
#[derive(Serialize, Deserialize)]
struct RecordLine<R> {
    of: Place,
    before: RecordPlace,
    record: R,
}

/// Writes the records.
pub(super) struct RecordFile {
    file: BufWriter<File>,
    length: u64,
    /// By ordinal.
    last: Vec<RecordPlace>,
    line: Vec<u8>,
}

/// Reads the records.
pub(super) struct RecordReader {
    file: BufReader<File>,
    /// Where the file is read next.
    at: u64,
    last: Vec<RecordPlace>,
    line: Vec<u8>,
}

impl RecordFile {
    /// A file in `folder`; without it in the usual folder for temporary files.
    pub(super) fn new(folder: Option<&Path>) -> io::Result<Self> {
        let file = match folder {
            Some(folder) => tempfile::tempfile_in(folder)?,
            None => tempfile::tempfile()?,
        };
        Ok(Self {
            file: BufWriter::new(file),
            length: 0,
            last: Vec::new(),
            line: Vec::new(),
        })
    }

    /// Adds a record of a scenario of a plan with so many scenarios.
    pub(super) fn add(
        &mut self,
        of: Place,
        scenarios: usize,
        record: &PageRecord,
    ) -> io::Result<()> {
        let slot = of.ordinal as usize;
        if self.last.len() <= slot {
            self.last.resize(scenarios.max(slot + 1), None);
        }
        let before = self.last[slot];
        self.line.clear();
        serde_json::to_writer(&mut self.line, &RecordLine { of, before, record })?;
        self.line.push(b'\n');
        self.file.write_all(&self.line)?;
        self.last[slot] = NonZeroU64::new(self.length + 1);
        self.length += self.line.len() as u64;
        Ok(())
    }

    /// Ends the writing. Only then records can be read.
    pub(super) fn into_reader(self) -> io::Result<RecordReader> {
        let mut file = self.file.into_inner().map_err(|error| error.into_error())?;
        file.rewind()?;
        Ok(RecordReader {
            file: BufReader::with_capacity(64 * 1024, file),
            at: 0,
            last: self.last,
            line: self.line,
        })
    }
}

impl RecordReader {
    /// All that is known of a scenario.
    pub(super) fn scenario(&mut self, of: Place) -> io::Result<ScenarioRecord> {
        let mut found = ScenarioRecord::default();
        let mut next = self.last.get(of.ordinal as usize).copied().flatten();
        while let Some(place) = next {
            self.go_to(place.get() - 1)?;
            let line = self.read()?.ok_or(io::ErrorKind::UnexpectedEof)?;
            match line.record {
                PageRecord::Attempt(attempt) => found.attempts.push(attempt),
                PageRecord::NotRun(reason) => drop(found.not_run.get_or_insert(reason)),
                PageRecord::Trend(trend) => drop(found.trend.get_or_insert(trend)),
            }
            next = line.before;
        }
        // They were read from the last one to the first.
        found.attempts.reverse();
        Ok(found)
    }

    /// Gives all attempts away, in the order in which they ended.
    pub(super) fn attempts(&mut self, take: &mut dyn FnMut(Place, &AttemptRecord)) -> io::Result<()> {
        self.go_to(0)?;
        while let Some(line) = self.read()? {
            if let PageRecord::Attempt(attempt) = &line.record {
                take(line.of, attempt);
            }
        }
        Ok(())
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

    fn read(&mut self) -> io::Result<Option<RecordLine<PageRecord>>> {
        self.line.clear();
        let length = self.file.read_until(b'\n', &mut self.line)?;
        self.at += length as u64;
        if length == 0 {
            return Ok(None);
        }
        Ok(Some(serde_json::from_slice(&self.line)?))
    }
}
