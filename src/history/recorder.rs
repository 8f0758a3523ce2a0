//! Records a run while it lasts, and adds the record to the history at its end.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use foldhash::{HashMap, HashSet};

use super::entry::{self, Entry, RecordedResult};
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
    results: Vec<(Arc<str>, Entry)>,
    journal: Journal,
}

#[derive(Debug)]
enum Journal {
    /// Nothing has run.
    Closed,
    Open {
        out: BufWriter<File>,
        path: PathBuf,
        /// When results were written last.
        flushed: Instant,
    },
    /// The journal could not be written.
    Broken(io::Error),
}

impl Journal {
    /// Flushes the journal, unless that was done less than [`GATHER`] ago.
    fn pass_on(&mut self) {
        if let Self::Open { out, flushed, .. } = self
            && flushed.elapsed() >= GATHER
        {
            *flushed = Instant::now();
            if let Err(error) = out.flush() {
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
            results: Vec::new(),
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
        if let Journal::Open { out, .. } = &mut self.journal {
            let entry = Entry {
                result,
                at: self.now,
                nanos: Some(nanos),
            };
            self.results.push((Arc::clone(id), entry));
            if let Err(error) = entry::write(out, id, entry) {
                self.journal = Journal::Broken(error);
            }
            self.journal.pass_on();
        }
    }

    /// Creates the journal with every scenario as not run.
    fn open(&self) -> io::Result<Journal> {
        let folder = Folder::make(&self.recording.root)?;
        let (file, path) = folder.new_journal(&folder.lock()?, self.started)?;
        let mut out = BufWriter::new(file);
        entry::write_head(&mut out)?;
        for (id, entry) in self.all_not_run() {
            entry::write(&mut out, &id, entry)?;
        }
        out.flush()?;
        Ok(Journal::Open {
            out,
            path,
            flushed: Instant::now(),
        })
    }

    fn all_not_run(&self) -> impl Iterator<Item = (Arc<str>, Entry)> {
        let entry = Entry {
            result: RecordedResult::NotRun,
            at: self.started,
            nanos: None,
        };
        self.ids.values().map(move |id| (Arc::clone(id), entry))
    }

    /// Adds the results to the history. Returns a line for each problem.
    #[must_use]
    pub fn finish(mut self) -> Vec<String> {
        let journal = std::mem::replace(&mut self.journal, Journal::Closed);
        let mut warnings = Vec::new();
        let kept = match journal {
            Journal::Closed => Ok(()),
            Journal::Broken(error) => Err(error),
            Journal::Open { mut out, path, .. } => match out.flush() {
                Ok(()) => self.add(&path, &mut warnings),
                Err(error) => Err(error),
            },
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
        let written = self.replace(&folder, &lock, warnings);
        // The journal is removed even if adding it failed: otherwise journals would pile up.
        written.and(remove(journal))
    }

    fn replace(&self, folder: &Folder, lock: &Lock, warnings: &mut Vec<String>) -> io::Result<()> {
        let (mut history, absorbed) = History::read(folder, Some(lock), warnings)?;
        for one in self.all_not_run() {
            history.put(one, Some(self.now));
        }
        for one in &self.results {
            history.put(one.clone(), Some(self.now));
        }
        let set = |texts: &[Arc<str>]| texts.iter().cloned().collect::<HashSet<_>>();
        history.forget(
            &self.recording.root,
            &set(&self.recording.whole_files),
            &set(&self.recording.selected),
        );
        let mut entries: Vec<_> = history.entries.into_iter().collect();
        entries.sort_unstable_by(|one, other| one.0.cmp(&other.0));
        folder.replace(lock, |out| {
            entry::write_head(out)?;
            let mut entries = entries.iter();
            entries.try_for_each(|(id, entry)| entry::write(out, id, *entry))
        })?;
        for path in absorbed {
            remove(&path)?;
        }
        Ok(())
    }
}

/// Removes a file that may be gone already.
fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}
