//! How far a run came, according to its file of events. Makes the missing end of a file that was cut off.

use std::collections::{BTreeMap, HashSet};

use super::outline::ScenarioOutline;
use crate::event::{Event, Fault, RunErrorKind, Status, StepResult, Timestamp};

/// What has begun and what has ended.
#[derive(Debug)]
pub(super) struct Course {
    /// [`Event::RunFinished`], unless the file ends before it.
    pub(super) finished: Option<(Timestamp, u64)>,
    /// The latest time in an event.
    pub(super) latest: Timestamp,
    pub(super) run_errors: Vec<RunErrorKind>,
    /// What has begun and not ended, by the numbers of scenarios.
    open: BTreeMap<u32, Open>,
    /// The scenarios that have a result, or are in `open`.
    seen: HashSet<u32>,
}

/// An attempt that is going on.
#[derive(Debug)]
struct Open {
    attempt: u32,
    /// The steps that have ended, and the worst of them.
    steps: HashSet<u32>,
    worst: Status,
}

impl Course {
    /// A run that has begun at this time.
    pub(super) fn new(at: Timestamp) -> Self {
        Self {
            finished: None,
            latest: at,
            run_errors: Vec::new(),
            open: BTreeMap::new(),
            seen: HashSet::new(),
        }
    }

    /// Records what has begun and what has ended.
    pub(super) fn follow(&mut self, event: &Event) {
        match event {
            Event::ScenarioStarted {
                scenario,
                attempt,
                at,
                ..
            } => {
                self.latest = self.latest.max(*at);
                self.seen.insert(*scenario);
                let open = Open {
                    attempt: *attempt,
                    steps: HashSet::new(),
                    worst: Status::Skipped,
                };
                self.open.insert(*scenario, open);
            }
            Event::StepFinished {
                scenario,
                step,
                result,
                ..
            } => {
                if let Some(open) = self.open.get_mut(scenario) {
                    open.steps.insert(*step);
                    open.worst = open.worst.max(result.status);
                }
            }
            Event::StepLeftOut { scenario, step, .. } => {
                if let Some(open) = self.open.get_mut(scenario) {
                    open.steps.insert(*step);
                }
            }
            Event::ScenarioFinished {
                scenario,
                will_be_retried,
                ..
            } => {
                self.open.remove(scenario);
                if *will_be_retried {
                    self.seen.remove(scenario);
                } else {
                    self.seen.insert(*scenario);
                }
            }
            Event::ScenarioNotRun { scenario, .. }
            | Event::ScenarioClaimedElsewhere { scenario } => {
                self.seen.insert(*scenario);
            }
            Event::HookStarted { at, .. } | Event::Attachment { at, .. } => {
                self.latest = self.latest.max(*at);
            }
            Event::RunError { kind, .. } => self.run_errors.push(*kind),
            Event::RunFinished { at, nanos } => {
                self.latest = self.latest.max(*at);
                self.finished = Some((*at, *nanos));
            }
            _ => {}
        }
    }

    /// Emits the end of everything that is open in a file that was cut off.
    pub(super) fn close<'f>(
        &self,
        scenarios: impl Iterator<Item = &'f ScenarioOutline>,
        shown: &str,
        emit: &mut dyn FnMut(Event),
    ) {
        let why = format!("the events in {} end before its result", shown);
        for scenario in scenarios {
            let index = scenario.index;
            if let Some(open) = self.open.get(&index) {
                for step in 0..scenario.steps {
                    if !open.steps.contains(&step) {
                        emit(Event::StepFinished {
                            scenario: index,
                            attempt: open.attempt,
                            step,
                            result: StepResult::of_status(Status::Skipped),
                        });
                    }
                }
                emit(Event::ScenarioFinished {
                    scenario: index,
                    attempt: open.attempt,
                    status: open.worst,
                    nanos: 0,
                    fault: Some(Fault::Cancelled),
                    errors: Vec::new(),
                    output: None,
                    will_be_retried: false,
                    expected_failure: false,
                    skipped_because: None,
                });
            } else if !self.seen.contains(&index) {
                emit(Event::ScenarioNotRun {
                    scenario: index,
                    reason: why.clone(),
                });
            }
        }
        emit(Event::RunError {
            kind: RunErrorKind::Interrupted,
            message: format!("the events in {} end before the end of the run", shown),
            detail: "bdd was killed, or the file was cut off".to_owned(),
        });
    }
}
