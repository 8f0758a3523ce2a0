//! Records a run while it lasts, and adds the record to the history at its end.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use bdd_protocol::json::Text;
use foldhash::{HashMap, HashSet};

use super::entry::{self, Block, Entry, Line, RecordedResult};
use super::folder::{Folder, Lock};
use super::{FOLDER, History};
use crate::event::{Event, Fault, Status};
use crate::system_error::reason;

/// The shortest time between two writes to the journal: a write for each of thousands of quick scenarios
/// would cost too much. If the run is killed, the scenarios whose results were not written count as not run.
const GATHER: Duration = Duration::from_millis(10);

/// What the record needs to know of a run.
#[derive(Debug, Clone, Default)]
pub struct Recording {
    /// The project's root.
    pub root: PathBuf,
    /// Whether a scenario that failed and then passed fails the run.
    pub flaky_fails: bool,
    /// The stable ids of all that was selected, other shards included.
    pub selected: Vec<Arc<str>>,
    /// The feature files of which every scenario was selected. Other recorded scenarios of these files were
    /// removed.
    pub whole_files: Vec<Arc<str>>,
}

/// Consumes the events of a run.
///
/// When the first hook or scenario starts, all scenarios are recorded as not run; then each result follows.
/// So the results of a killed run are recorded, and a run that runs no step code, such as a dry run, does not
/// change the history.
#[derive(Debug)]
pub struct Recorder {
    recording: Recording,
    /// The stable ids of the scenarios by their numbers.
    ids: HashMap<u32, Arc<str>>,
    /// The last attempts of scenarios that will be retried, with their times.
    retried: HashMap<u32, u64>,
    strict: bool,
    dry_run: bool,
    started: u64,
    /// The latest time in an event.
    now: u64,
    results: HashMap<u32, Entry>,
    journal: Journal,
}

#[derive(Debug)]
enum Journal {
    /// Nothing has run.
    Closed,
    Open {
        file: File,
        path: PathBuf,
        /// The lines that are not in the file yet.
        unwritten: Text,
        /// When results were written last.
        written: Instant,
    },
    /// The journal could not be written.
    Broken(io::Error),
}

impl Journal {
    /// Writes what is unwritten, unless that was done less than [`GATHER`] ago.
    fn pass_on(&mut self) {
        if let Self::Open {
            file,
            unwritten,
            written,
            ..
        } = self
            && written.elapsed() >= GATHER
        {
            *written = Instant::now();
            let result = file.write_all(unwritten.as_bytes());
            unwritten.clear();
            if let Err(error) = result {
                *self = Self::Broken(error);
            }
        }
    }
}

impl Recorder {
    /// A record of a run that has not begun.
    #[must_use]
    pub fn new(recording: Recording) -> Self {
        Self {
            recording,
            ids: HashMap::default(),
            retried: HashMap::default(),
            strict: true,
            dry_run: false,
            started: 0,
            now: 0,
            results: HashMap::default(),
            journal: Journal::Closed,
        }
    }

    /// Takes the next event.
    pub fn event(&mut self, event: &Event) {
        match event {
            Event::RunStarted {
                at,
                strict,
                dry_run,
                ..
            } => {
                self.started = at.0;
                self.now = at.0;
                self.strict = *strict;
                self.dry_run = *dry_run;
            }
            Event::FeaturePlanned { feature } => {
                let scenarios = feature.scenarios.iter();
                self.ids
                    .extend(scenarios.map(|one| (one.index, Arc::clone(&one.id))));
            }
            Event::ScenarioStarted { at, .. } | Event::HookStarted { at, .. } if !self.dry_run => {
                self.now = self.now.max(at.0);
                if matches!(self.journal, Journal::Closed) {
                    self.journal = self.open().unwrap_or_else(Journal::Broken);
                }
                self.journal.pass_on();
            }
            Event::ScenarioFinished {
                scenario,
                attempt,
                status,
                nanos,
                fault,
                will_be_retried,
                expected_failure,
                ..
            } => {
                if *will_be_retried {
                    self.retried.insert(*scenario, *nanos);
                } else if status.is_cancelled(fault.as_ref()) {
                    self.not_run(*scenario);
                } else {
                    let crashed = matches!(fault, Some(Fault::Crashed { .. }));
                    let status = if crashed { Status::Failed } else { *status };
                    let flaky = status == Status::Passed && *attempt > 0;
                    let failed = status.is_failure(*expected_failure, self.strict)
                        || (flaky && self.recording.flaky_fails);
                    let result = if failed {
                        RecordedResult::Failed
                    } else {
                        RecordedResult::Passed
                    };
                    self.retried.remove(scenario);
                    self.result(*scenario, result, *nanos);
                }
            }
            Event::ScenarioNotRun { scenario, .. } => self.not_run(*scenario),
            _ => {}
        }
    }

    /// A scenario whose last attempt failed gets no further attempt.
    fn not_run(&mut self, scenario: u32) {
        if let Some(nanos) = self.retried.remove(&scenario) {
            self.result(scenario, RecordedResult::Failed, nanos);
        }
    }

    fn result(&mut self, scenario: u32, result: RecordedResult, nanos: u64) {
        let Some(id) = self.ids.get(&scenario) else {
            return;
        };
        if let Journal::Open { unwritten, .. } = &mut self.journal {
            let entry = Entry {
                result,
                at: self.now,
                nanos: Some(nanos),
            };
            self.results.insert(scenario, entry);
            entry::write(id, entry, unwritten);
            self.journal.pass_on();
        }
    }

    /// Creates the journal with every scenario as not run.
    fn open(&self) -> io::Result<Journal> {
        let folder = Folder::make(&self.recording.root)?;
        let (mut file, path) = folder.new_journal(&folder.lock()?, self.started)?;
        let mut content = Text::default();
        entry::write_head(0, &mut content);
        for id in self.ids.values() {
            entry::write(id, self.not_run_entry(), &mut content);
        }
        file.write_all(content.as_bytes())?;
        content.clear();
        Ok(Journal::Open {
            file,
            unwritten: content,
            path,
            written: Instant::now(),
        })
    }

    fn not_run_entry(&self) -> Entry {
        Entry {
            result: RecordedResult::NotRun,
            at: self.started,
            nanos: None,
        }
    }

    /// Adds the results to the history. Returns a line for each problem.
    #[must_use]
    pub fn finish(mut self) -> Vec<String> {
        let journal = std::mem::replace(&mut self.journal, Journal::Closed);
        let mut warnings = Vec::new();
        let kept = match journal {
            Journal::Closed => Ok(()),
            Journal::Broken(error) => Err(error),
            // The history gets what is not in the journal yet, too.
            Journal::Open { path, .. } => self.add(&path, &mut warnings),
        };
        if let Err(error) = kept {
            warnings.push(format!(
                "cannot keep the results of this run in {FOLDER}: {}",
                reason(&error)
            ));
        }
        warnings
    }

    fn add(&self, journal: &Path, warnings: &mut Vec<String>) -> io::Result<()> {
        // A scenario may have deleted the folder.
        let folder = Folder::make(&self.recording.root)?;
        // Without the lock the journal stays, and the next run adds it.
        let Ok(lock) = folder.lock() else {
            return Ok(());
        };
        let written = self.add_blocks(&folder, &lock, warnings);
        // The journal is removed even if adding it failed: otherwise journals would pile up.
        written.and(remove(journal))
    }

    /// Adds this run and those that were killed.
    fn add_blocks(
        &self,
        folder: &Folder,
        lock: &Lock,
        warnings: &mut Vec<String>,
    ) -> io::Result<()> {
        let mut blocks = Text::default();
        let dead = folder.dead_journals(lock)?;
        for journal in &dead {
            add_journal(&fs::read(journal)?, &mut blocks)?;
        }
        self.add_block(&mut blocks)?;
        let blocks = blocks.into_bytes();
        if !folder.append(lock, &blocks)? {
            self.compact(folder, lock, &blocks, warnings)?;
        }
        dead.iter().try_for_each(|path| remove(path))
    }

    /// Appends the block of this run.
    fn add_block(&self, out: &mut Text) -> io::Result<()> {
        let whole = self.recording.whole_files.iter();
        let mut block = Block {
            whole: whole.map(|uri| uri.to_string()).collect(),
            now: Some(self.now),
            elsewhere: Vec::new(),
        };
        // All that runs here is selected, so equal numbers mean that nothing runs elsewhere.
        if !block.whole.is_empty() && self.recording.selected.len() != self.ids.len() {
            let here: HashSet<&str> = self.ids.values().map(|id| &**id).collect();
            let selected = self.recording.selected.iter().map(|id| id.to_string());
            block.elsewhere = selected.filter(|id| !here.contains(&**id)).collect();
        }
        entry::write_block(&block, out)?;
        let mut scenarios: Vec<_> = self.ids.iter().collect();
        scenarios.sort_unstable_by_key(|(number, _)| **number);
        for (number, id) in scenarios {
            let result = self.results.get(number).copied();
            entry::write(id, result.unwrap_or_else(|| self.not_run_entry()), out);
        }
        Ok(())
    }

    /// Writes the history anew with what is added, without what is out of date.
    fn compact(
        &self,
        folder: &Folder,
        lock: &Lock,
        blocks: &[u8],
        warnings: &mut Vec<String>,
    ) -> io::Result<()> {
        let mut reading = History::read(folder, Some(lock), warnings)?;
        reading.blocks(blocks);
        let mut history = reading.finish();
        let here = self.ids.values().map(|id| &**id).collect();
        history.forget_files(&self.recording.root, &here);
        let mut results: Vec<_> = history.results().collect();
        results.sort_unstable_by_key(|(id, _)| *id);
        let mut lines = Text::default();
        for (id, entry) in results {
            entry::write(id, entry, &mut lines);
        }
        let lines = lines.into_bytes();
        let mut content = Text::default();
        entry::write_head(lines.len() as u64, &mut content);
        folder.replace(lock, &[content.as_bytes(), &lines].concat())
    }
}

/// Appends the journal of a run that was killed as a block.
fn add_journal(bytes: &[u8], out: &mut Text) -> io::Result<()> {
    let Ok((_, rest)) = entry::head(bytes) else {
        return Ok(());
    };
    entry::write_block(&Block::default(), out)?;
    // It ends where the run was killed.
    let _ = entry::read(rest, 2, |line| {
        if let Line::Result(id, entry) = line {
            entry::write(&id, entry, out);
        }
    });
    Ok(())
}

/// Removes a file that may be gone already.
fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}
