//! Records a run while it lasts, and adds the record to the history at its end.

mod adding;
mod journal;

use std::mem::take;
use std::panic::resume_unwind;
use std::path::PathBuf;
use std::sync::{Arc, mpsc};
use std::thread;

use foldhash::HashMap;

use super::entry::{self, Entry, RecordedResult};
use super::step_times::CountedCalls;
use crate::event::{Event, Fault, Status};
use crate::number_map::NumberMap;
use adding::not_kept;
use journal::Journal;

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
    run: RecordedRun,
    /// The number of scenarios without a result.
    missing: usize,
    /// The last attempts of scenarios that will be retried, with their times and numbers.
    retried: HashMap<u32, (u64, u32)>,
    strict: bool,
    dry_run: bool,
    journal: Journal,
}

/// What a run adds to the history.
#[derive(Debug, Default)]
struct RecordedRun {
    recording: Recording,
    /// The scenarios by their numbers.
    scenarios: NumberMap<RecordedScenario>,
    started: u64,
    /// The latest time in an event.
    now: u64,
    calls: CountedCalls,
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

impl Recorder {
    /// A record of a run that has not begun.
    #[must_use]
    pub fn new(recording: Recording) -> Self {
        Self {
            run: RecordedRun {
                recording,
                ..RecordedRun::default()
            },
            missing: 0,
            retried: HashMap::default(),
            strict: true,
            dry_run: false,
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
                self.run.started = at.0;
                self.run.now = at.0;
                self.strict = *strict;
                self.dry_run = *dry_run;
            }
            Event::FeaturePlanned { feature } => {
                for one in &feature.scenarios {
                    let scenario = RecordedScenario {
                        id: Arc::clone(&one.id),
                        outcome: None,
                    };
                    self.run.scenarios.insert(one.index, scenario);
                }
                self.missing += feature.scenarios.len();
            }
            Event::ScenarioStarted { at, .. } | Event::HookStarted { at, .. } => {
                self.run.now = self.run.now.max(at.0);
                if matches!(self.journal, Journal::Closed) {
                    self.journal = self.run.open_journal();
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
                        || (flaky && self.run.recording.flaky_fails);
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
            other => self.run.calls.event(other),
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
        let Journal::Open(journal) = &mut self.journal else {
            return;
        };
        let Some(scenario) = self.run.scenarios.get_mut(scenario) else {
            return;
        };
        let entry = Entry {
            result,
            at: self.run.now,
            nanos: Some(nanos),
        };
        entry::write(&scenario.id, entry, &mut journal.lines);
        let outcome = ScenarioOutcome {
            entry,
            status,
            attempts: u8::try_from(attempt.saturating_add(1)).unwrap_or(u8::MAX),
        };
        if scenario.outcome.replace(outcome).is_none() {
            self.missing -= 1;
        }
        self.journal.pass_on();
    }

    /// Begins to add the results to the history if every scenario has one, on a thread of its own: workers need a while
    /// to end. To be called after each event.
    pub fn add_if_complete(&mut self) {
        if self.missing > 0 || !matches!(self.journal, Journal::Open(_)) {
            return;
        }
        let (run, complete) = mpsc::channel::<(RecordedRun, _)>();
        let work = move || match complete.recv() {
            Ok((run, journal)) => run.add(journal),
            Err(_) => Vec::new(),
        };
        // If the system has no thread left, the end of the run adds them.
        let thread = thread::Builder::new().name("record".to_owned());
        let Ok(thread) = thread.spawn(work) else {
            return;
        };
        if let Journal::Open(journal) = take(&mut self.journal) {
            // It waits for this.
            let _ = run.send((self.run.take(), journal));
            self.journal = Journal::Adding(thread);
        }
    }

    /// Adds the results to the history. Returns a line for each problem.
    #[must_use]
    pub fn finish(mut self) -> Vec<String> {
        match take(&mut self.journal) {
            Journal::Closed => Vec::new(),
            Journal::Broken(error) => vec![not_kept(&error)],
            // The history gets what is not in the journal yet, too.
            Journal::Open(journal) => self.run.add(journal),
            Journal::Adding(thread) => match thread.join() {
                Ok(warnings) => self.run.add_late_calls(warnings),
                Err(panic) => resume_unwind(panic),
            },
        }
    }
}

impl RecordedRun {
    /// Takes what is recorded. What is left counts the calls of steps that still come: those of scenarios that hosts have
    /// added to the plan.
    fn take(&mut self) -> Self {
        let recording = Recording {
            root: self.recording.root.clone(),
            ..Recording::default()
        };
        let rest = Self {
            recording,
            scenarios: NumberMap::default(),
            started: self.started,
            now: self.now,
            calls: self.calls.without_counts(),
        };
        std::mem::replace(self, rest)
    }

    fn not_run_entry(&self) -> Entry {
        Entry {
            result: RecordedResult::NotRun,
            at: self.started,
            nanos: None,
        }
    }
}
