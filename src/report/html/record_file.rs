//! What is known of each scenario until the page is written: in a temporary file, because a run may have 100,000. In memory
//! is only the place of the last record of each scenario; every record has the place of the one before it.

use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::record::{AttemptRecord, ScenarioRecord};
use crate::event::ScenarioTrend;
use crate::report::catalogue::Place;
use crate::report::line_file::{LineFile, LinePlace, LineReader};

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
    before: Option<LinePlace>,
    record: R,
}

/// Writes the records.
pub(super) struct RecordFile {
    lines: LineFile,
    /// By ordinal.
    last: Vec<Option<LinePlace>>,
}

/// Reads the records.
pub(super) struct RecordReader {
    lines: LineReader,
    last: Vec<Option<LinePlace>>,
}

impl RecordFile {
    /// A file in `folder`; without it in the usual folder for temporary files.
    pub(super) fn new(folder: Option<&Path>) -> io::Result<Self> {
        Ok(Self {
            lines: LineFile::new(folder)?,
            last: Vec::new(),
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
        let line = serde_json::to_vec(&RecordLine { of, before, record })?;
        self.last[slot] = Some(self.lines.add(&line)?);
        Ok(())
    }

    /// Ends the writing. Only then records can be read.
    pub(super) fn into_reader(self) -> io::Result<RecordReader> {
        Ok(RecordReader {
            lines: self.lines.into_reader()?,
            last: self.last,
        })
    }
}

impl RecordReader {
    /// All that is known of a scenario.
    pub(super) fn scenario(&mut self, of: Place) -> io::Result<ScenarioRecord> {
        let mut found = ScenarioRecord::default();
        let mut next = self.last.get(of.ordinal as usize).copied().flatten();
        while let Some(place) = next {
            let line: RecordLine<PageRecord> = serde_json::from_slice(self.lines.line(place)?)?;
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
    pub(super) fn attempts(
        &mut self,
        take: &mut dyn FnMut(Place, &AttemptRecord),
    ) -> io::Result<()> {
        self.lines.rewind()?;
        while let Some(line) = self.lines.next()? {
            let line: RecordLine<PageRecord> = serde_json::from_slice(line)?;
            if let PageRecord::Attempt(attempt) = &line.record {
                take(line.of, attempt);
            }
        }
        Ok(())
    }
}
