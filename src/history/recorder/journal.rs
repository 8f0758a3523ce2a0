//! The journal of a run: its results while it lasts.

use std::fs::File;
use std::io::{self, Write};
use std::path::PathBuf;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::super::entry;
use super::super::folder::Folder;
use super::RecordedRun;

/// The shortest time between two writes to the journal: a write for each of thousands of quick scenarios
/// would cost too much. If the run is killed, the scenarios whose results were not written count as not run.
const GATHER: Duration = Duration::from_millis(10);

/// About the length of a line of the journal without the id.
const BESIDE_ID: usize = 80;

/// What has become of the journal.
#[derive(Debug, Default)]
pub(super) enum Journal {
    /// Nothing has run.
    #[default]
    Closed,
    Open(OpenJournal),
    /// The journal could not be written.
    Broken(io::Error),
    /// A thread adds it to the history. The result is a line for each problem.
    Adding(JoinHandle<Vec<String>>),
}

/// A journal that is written.
#[derive(Debug)]
pub(super) struct OpenJournal {
    file: File,
    pub(super) path: PathBuf,
    /// A line for each result.
    pub(super) lines: Vec<u8>,
    /// How many bytes of them are in the file.
    passed_on: usize,
    /// When results were written last.
    written: Instant,
}

impl Journal {
    /// Writes what is not in the file, unless that was done less than [`GATHER`] ago.
    pub(super) fn pass_on(&mut self) {
        if let Self::Open(journal) = self
            && journal.written.elapsed() >= GATHER
            && let Err(error) = journal.pass_on()
        {
            *self = Self::Broken(error);
        }
    }
}

impl OpenJournal {
    fn pass_on(&mut self) -> io::Result<()> {
        self.written = Instant::now();
        let lines = &self.lines[self.passed_on..];
        self.passed_on = self.lines.len();
        self.file.write_all(lines)
    }
}

impl RecordedRun {
    /// Creates the journal with every scenario as not run.
    pub(super) fn open_journal(&self) -> Journal {
        match self.create_journal() {
            Ok(journal) => Journal::Open(journal),
            Err(error) => Journal::Broken(error),
        }
    }

    fn create_journal(&self) -> io::Result<OpenJournal> {
        let folder = Folder::make(&self.recording.root)?;
        let (mut file, path) = folder.new_journal(&folder.lock()?, self.started)?;
        let ids = self.scenarios.values().map(|scenario| scenario.id.len());
        let mut content = Vec::with_capacity(ids.map(|id| id + BESIDE_ID).sum());
        entry::write_head(0, &mut content);
        for scenario in self.scenarios.values() {
            entry::write(&scenario.id, self.not_run_entry(), &mut content);
        }
        file.write_all(&content)?;
        content.clear();
        Ok(OpenJournal {
            file,
            lines: content,
            passed_on: 0,
            path,
            written: Instant::now(),
        })
    }
}
