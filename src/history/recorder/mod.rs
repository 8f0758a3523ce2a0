//! Records a run while it lasts, and adds the record to the history at its end.

mod adding;

use std::fs::File;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use foldhash::HashMap;

use super::FOLDER;
use super::entry::{self, Entry, RecordedResult};
use super::folder::Folder;
use super::step_times::CountedCalls;
use crate::event::{Event, Fault, Status};
use crate::number_map::NumberMap;
use crate::system_error::reason;

/// The shortest time between two writes to the journal: a write for each of thousands of quick scenarios
/// would cost too much. If the run is killed, the scenarios whose results were not written count as not run.
const GATHER: Duration = Duration::from_millis(10);

/// About the length of a line of the journal without the id.
const BESIDE_ID: usize = 80;

/// What the record needs to know of a run.
#[derive(Debug, Clone, Default)]
pub struct Recording {
    /// The project's root.
    pub root: PathBuf,
    /// Whether a scenario that failed and then passed fails the run.
    pub flaky_fails: bool,
    /// The stable ids of all that was selected, other shards included; empty if everything runs here.
    pub selected: Arc<[Arc<str>]>,
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
    /// The scenarios by their numbers.
    scenarios: NumberMap<RecordedScenario>,
    /// The last attempts of scenarios that will be retried, with their times and numbers.
    retried: HashMap<u32, (u64, u32)>,
    strict: bool,
    dry_run: bool,
    started: u64,
    /// The latest time in an event.
    now: u64,
    calls: CountedCalls,
    journal: Journal,
}

/// A scenario, and its result once it has one.
#[derive(Debug)]
struct RecordedScenario {
    /// The stable id.
    id: Arc<str>,
    outcome: Option<ScenarioOutcome>,
}

/// The result of a scenario.
#[derive(Debug, Clone, Copy)]
struct ScenarioOutcome {
    entry: Entry,
    status: Status,
    attempts: u8,
}

#[derive(Debug)]
enum Journal {
    /// Nothing has run.
    Closed,
    Open {
        file: File,
        path: PathBuf,
        /// A line for each result.
        lines: Vec<u8>,
        /// How many bytes of them are in the file.
        passed_on: usize,
        /// When results were written last.
        written: Instant,
    },
    /// The journal could not be written.
    Broken(io::Error),
}

impl Journal {
    /// Writes what is not in the file, unless that was done less than [`GATHER`] ago.
    fn pass_on(&mut self) {
        if let Self::Open {
            file,
            lines,
            passed_on,
            written,
            ..
        } = self
            && written.elapsed() >= GATHER
        {
            *written = Instant::now();
            let result = file.write_all(&lines[*passed_on..]);
            *passed_on = lines.len();
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
            scenarios: NumberMap::default(),
            retried: HashMap::default(),
            strict: true,
            dry_run: false,
            started: 0,
            now: 0,
            calls: CountedCalls::default(),
            journal: Journal::Closed,
        }
    }

    /// Takes the next event.
    pub fn event(&mut self, event: &Event) {
        if self.dry_run {
            return;
        }
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
                for one in &feature.scenarios {
                    let scenario = RecordedScenario {
                        id: Arc::clone(&one.id),
                        outcome: None,
                    };
                    self.scenarios.insert(one.index, scenario);
                }
            }
            Event::ScenarioStarted { at, .. } | Event::HookStarted { at, .. } => {
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
                    self.retried.insert(*scenario, (*nanos, *attempt));
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
                    self.result(*scenario, result, status, (*nanos, *attempt));
                }
            }
            Event::ScenarioNotRun { scenario, .. } => self.not_run(*scenario),
            other => self.calls.event(other),
        }
    }

    /// A scenario whose last attempt failed gets no further attempt.
    fn not_run(&mut self, scenario: u32) {
        if let Some(last) = self.retried.remove(&scenario) {
            self.result(scenario, RecordedResult::Failed, Status::Failed, last);
        }
    }

    /// The result of the last attempt, which took so many nanoseconds and has this number.
    fn result(
        &mut self,
        scenario: u32,
        result: RecordedResult,
        status: Status,
        (nanos, attempt): (u64, u32),
    ) {
        let Journal::Open { lines, .. } = &mut self.journal else {
            return;
        };
        let Some(scenario) = self.scenarios.get_mut(scenario) else {
            return;
        };
        let entry = Entry {
            result,
            at: self.now,
            nanos: Some(nanos),
        };
        entry::write(&scenario.id, entry, lines);
        scenario.outcome = Some(ScenarioOutcome {
            entry,
            status,
            attempts: u8::try_from(attempt.saturating_add(1)).unwrap_or(u8::MAX),
        });
        self.journal.pass_on();
    }

    /// Creates the journal with every scenario as not run.
    fn open(&self) -> io::Result<Journal> {
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
        Ok(Journal::Open {
            file,
            lines: content,
            passed_on: 0,
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
            Journal::Open { path, lines, .. } => self.add(&path, &lines, &mut warnings),
        };
        if let Err(error) = kept {
            warnings.push(format!(
                "cannot keep the results of this run in {FOLDER}: {}",
                reason(&error)
            ));
        }
        warnings
    }
}
