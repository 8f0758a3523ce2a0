//! Turns messages about what runs into events.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::case::{CasePart, KnownCase};
use super::envelope::{
    ForeignAttachment, ForeignCase, ForeignCaseFinished, ForeignCaseStarted, ForeignEnvelope,
    ForeignRunFinished, ForeignRunHook, ForeignStepMoment,
};
use super::plan::ForeignPlan;
use super::program::ForeignProgram;
use super::result::{error, error_of, status};
use crate::event::{
    AttachmentBody, AttachmentSource, Event, HookPlace, HookResult, RunErrorKind, Status,
    StepError, StepResult, Timestamp,
};

/// The test cases of a stream, and how far they came.
#[derive(Debug, Default)]
pub(super) struct ForeignCourse {
    cases: HashMap<String, KnownCase>,
    order: Vec<String>,
    running: HashMap<String, RunningCase>,
    run_hooks: HashMap<String, u32>,
    workers: HashMap<String, u32>,
    began: Timestamp,
    /// Whether it is said what the scenarios will run.
    is_prepared: bool,
    /// Whether something that was reported fails the run.
    failed: bool,
    /// The scenarios that have a result.
    ended: HashSet<u32>,
}

/// An attempt that runs.
#[derive(Debug)]
struct RunningCase {
    case: String,
    scenario: u32,
    attempt: u32,
    at: Timestamp,
    done: HashSet<u32>,
    worst: Status,
}

impl ForeignCourse {
    /// Takes a test case of the first reading.
    pub(super) fn add_case(
        &mut self,
        case: &ForeignCase,
        plan: &ForeignPlan,
        program: &mut ForeignProgram,
    ) {
        let Some(pickle) = plan.pickle(&case.pickle_id) else {
            return;
        };
        let known = KnownCase::new(case, pickle, program);
        if self.cases.insert(case.id.clone(), known).is_none() {
            self.order.push(case.id.clone());
        }
    }

    /// The scenarios that have a test case.
    pub(super) fn scenarios(&self) -> HashSet<u32> {
        self.cases.values().map(|case| case.scenario).collect()
    }

    /// What the scenarios will run. Events have it after the hooks before the run, and before the first scenario.
    fn prepared(&self) -> impl Iterator<Item = Event> {
        let cases = self.order.iter().filter_map(|id| self.cases.get(id));
        cases.map(|case| Event::ScenarioPrepared {
            scenario: case.scenario,
            before: case.before.clone(),
            after: case.after.clone(),
            steps: case.matches.clone(),
        })
    }

    /// Takes the next message of the second reading.
    pub(super) fn follow(
        &mut self,
        envelope: ForeignEnvelope,
        program: &ForeignProgram,
        emit: &mut dyn FnMut(Event),
    ) {
        if let Some(started) = envelope.test_run_started {
            self.began = started.timestamp.to_timestamp();
        } else if let Some(started) = envelope.test_case_started {
            self.start(started, emit);
        } else if let Some(started) = envelope.test_step_started {
            self.start_step(&started, emit);
        } else if let Some(finished) = envelope.test_step_finished {
            self.finish_step(finished, program, emit);
        } else if let Some(finished) = envelope.test_case_finished {
            self.finish(&finished, emit);
        } else if let Some(started) = envelope.test_run_hook_started {
            self.start_run_hook(started, program, emit);
        } else if let Some(finished) = envelope.test_run_hook_finished {
            self.finish_run_hook(finished, program, emit);
        } else if let Some(attachment) = envelope.attachment {
            self.attach(attachment, emit);
        } else if let Some(attachment) = envelope.external_attachment {
            self.attach(attachment, emit);
        } else if let Some(finished) = envelope.test_run_finished {
            self.finish_run(finished, emit);
        }
    }

    fn start(&mut self, started: ForeignCaseStarted, emit: &mut dyn FnMut(Event)) {
        if !std::mem::replace(&mut self.is_prepared, true) {
            self.prepared().for_each(&mut *emit);
        }
        let Some(case) = self.cases.get(&started.test_case_id) else {
            return emit(stray(format!(
                "an attempt of the unknown test case {}",
                started.test_case_id
            )));
        };
        let next = u32::try_from(self.workers.len()).unwrap_or(u32::MAX);
        let name = started.worker_id.unwrap_or_default();
        let worker = *self.workers.entry(name).or_insert(next);
        let at = started.timestamp.to_timestamp();
        emit(Event::ScenarioStarted {
            scenario: case.scenario,
            attempt: started.attempt,
            worker: Some(worker),
            at,
            most_attempts: None,
        });
        let running = RunningCase {
            case: started.test_case_id,
            scenario: case.scenario,
            attempt: started.attempt,
            at,
            done: HashSet::new(),
            worst: Status::Passed,
        };
        self.running.insert(started.id, running);
    }

    /// The attempt that a message is about, and what its test step is.
    fn part(&self, attempt: &str, step: &str) -> Option<(&RunningCase, CasePart)> {
        let running = self.running.get(attempt)?;
        let part = self.cases.get(&running.case)?.steps.get(step)?;
        Some((running, *part))
    }

    fn start_step(&self, started: &ForeignStepMoment, emit: &mut dyn FnMut(Event)) {
        match self.part(&started.test_case_started_id, &started.test_step_id) {
            Some((running, CasePart::Step(step))) => emit(Event::StepStarted {
                scenario: running.scenario,
                attempt: running.attempt,
                step,
            }),
            Some((running, CasePart::Hook(hook, step))) => emit(Event::HookStarted {
                hook,
                place: running.place(step),
                at: started.timestamp.to_timestamp(),
            }),
            None => {}
        }
    }

    fn finish_step(
        &mut self,
        finished: ForeignStepMoment,
        program: &ForeignProgram,
        emit: &mut dyn FnMut(Event),
    ) {
        let ids = (&finished.test_case_started_id, &finished.test_step_id);
        let status = status(&finished.test_step_result);
        let nanos = finished.test_step_result.duration.to_nanos();
        let error = error(finished.test_step_result);
        let Some((running, part)) = self.part(ids.0, ids.1) else {
            if status >= Status::Pending {
                self.failed = true;
                emit(stray(format!("the {status} result of an unknown step")));
            }
            return;
        };
        match part {
            CasePart::Hook(hook, step) => emit(Event::HookFinished {
                hook,
                place: running.place(step),
                result: HookResult {
                    status,
                    nanos,
                    error,
                    output: None,
                },
            }),
            CasePart::Step(step) => {
                let case = self.cases.get(&running.case);
                let matches = case.and_then(|case| case.matches.get(step as usize));
                let matches = matches.map_or(&[][..], Vec::as_slice);
                let pickle_step = case.and_then(|case| case.pickle_steps.get(step as usize));
                let mut result = StepResult::of_status(status);
                result.nanos = nanos;
                result.error = error;
                match matches {
                    [one] => result.step_match = Some(Arc::clone(one)),
                    several => {
                        result.candidates = several.iter().map(|one| one.definition).collect();
                    }
                }
                if let Some(id) = pickle_step.filter(|_| status == Status::Undefined) {
                    result.snippets = program.snippets(id);
                }
                emit(Event::StepFinished {
                    scenario: running.scenario,
                    attempt: running.attempt,
                    step,
                    result,
                });
            }
        }
        if let Some(running) = self.running.get_mut(ids.0) {
            running.worst = running.worst.max(status);
            if let CasePart::Step(step) = part {
                running.done.insert(step);
            }
        }
    }

    fn finish(&mut self, finished: &ForeignCaseFinished, emit: &mut dyn FnMut(Event)) {
        let Some(running) = self.running.remove(&finished.test_case_started_id) else {
            return;
        };
        let end = finished.timestamp.to_timestamp();
        self.end(&running, end, finished.will_be_retried, emit);
    }

    fn end(
        &mut self,
        running: &RunningCase,
        end: Timestamp,
        will_be_retried: bool,
        emit: &mut dyn FnMut(Event),
    ) {
        let steps = self
            .cases
            .get(&running.case)
            .map_or(0, |case| case.matches.len());
        let steps = u32::try_from(steps).unwrap_or(u32::MAX);
        for step in (0..steps).filter(|step| !running.done.contains(step)) {
            emit(Event::StepFinished {
                scenario: running.scenario,
                attempt: running.attempt,
                step,
                result: StepResult::of_status(Status::Skipped),
            });
        }
        if !will_be_retried {
            self.failed |= running.worst >= Status::Pending;
            self.ended.insert(running.scenario);
        }
        emit(Event::ScenarioFinished {
            scenario: running.scenario,
            attempt: running.attempt,
            status: running.worst,
            nanos: end.0.saturating_sub(running.at.0).saturating_mul(1_000),
            fault: None,
            errors: Vec::new(),
            output: None,
            will_be_retried,
            expected_failure: false,
            skipped_because: None,
        });
    }

    fn start_run_hook(
        &mut self,
        started: ForeignRunHook,
        program: &ForeignProgram,
        emit: &mut dyn FnMut(Event),
    ) {
        if let Some(hook) = program.hook(&started.hook_id) {
            emit(Event::HookStarted {
                hook,
                place: HookPlace::Run,
                at: started.timestamp.to_timestamp(),
            });
            self.run_hooks.insert(started.id, hook);
        }
    }

    fn finish_run_hook(
        &mut self,
        finished: ForeignRunHook,
        program: &ForeignProgram,
        emit: &mut dyn FnMut(Event),
    ) {
        let status = status(&finished.result);
        let nanos = finished.result.duration.to_nanos();
        let error = error(finished.result);
        let hook = self.run_hooks.remove(&finished.test_run_hook_started_id);
        if let Some(hook) = hook {
            emit(Event::HookFinished {
                hook,
                place: HookPlace::Run,
                result: HookResult {
                    status,
                    nanos,
                    error: error.clone(),
                    output: None,
                },
            });
        }
        if status < Status::Pending {
            return;
        }
        self.failed = true;
        let title = hook.map_or_else(|| "a hook".to_owned(), |hook| program.hook_title(hook));
        let error = error.unwrap_or_else(|| StepError::plain(String::new()));
        let first = error.message.lines().next().unwrap_or_default();
        let separator = if first.is_empty() { "" } else { ": " };
        emit(Event::RunError {
            kind: RunErrorKind::Hook,
            message: format!("{title} {status}{separator}{first}"),
            detail: error.trace,
        });
    }

    fn attach(&self, attachment: ForeignAttachment, emit: &mut dyn FnMut(Event)) {
        let of_run = attachment.test_run_hook_started_id.as_deref();
        let run_hook = of_run.and_then(|id| self.run_hooks.get(id));
        let attempt = attachment.test_case_started_id.as_deref();
        let step = attachment.test_step_id.as_deref();
        let part = attempt
            .zip(step)
            .and_then(|(attempt, step)| self.part(attempt, step));
        let source = match (part, run_hook) {
            (Some((running, CasePart::Step(step))), _) => AttachmentSource::Step {
                scenario: running.scenario,
                attempt: running.attempt,
                step,
            },
            (Some((running, CasePart::Hook(hook, step))), _) => AttachmentSource::Hook {
                hook,
                place: running.place(step),
            },
            (None, Some(hook)) => AttachmentSource::Hook {
                hook: *hook,
                place: HookPlace::Run,
            },
            (None, None) => {
                return emit(Event::Warning {
                    message: "an attachment that belongs to no step and no hook is left out"
                        .to_owned(),
                    place: None,
                    rule: None,
                });
            }
        };
        let (media_type, body) = match attachment.url {
            Some(url) => ("text/uri-list".to_owned(), AttachmentBody::Text(url)),
            None if attachment.content_encoding == "BASE64" => (
                attachment.media_type,
                AttachmentBody::Base64(attachment.body),
            ),
            None => (attachment.media_type, AttachmentBody::Text(attachment.body)),
        };
        emit(Event::Attachment {
            source,
            media_type,
            file_name: attachment.file_name,
            body,
            at: attachment.timestamp.unwrap_or_default().to_timestamp(),
        });
    }

    /// Ends the run: what has no result gets one, and a failure that nothing explains is an error of the run.
    fn finish_run(&mut self, finished: ForeignRunFinished, emit: &mut dyn FnMut(Event)) {
        let at = finished.timestamp.to_timestamp();
        let mut open: Vec<RunningCase> = self.running.drain().map(|(_, case)| case).collect();
        open.sort_by_key(|running| running.scenario);
        for running in open {
            emit(stray(format!(
                "the messages have no end of the attempt {} at scenario {}",
                running.attempt, running.scenario
            )));
            self.failed = true;
            self.end(&running, at, false, emit);
        }
        let said = finished.message.filter(|message| !message.is_empty());
        if said.is_some() || finished.exception.is_some() || (!finished.success && !self.failed) {
            let error = error_of(said, finished.exception);
            let message = match error.message.lines().next() {
                Some(first) if !first.is_empty() => format!("the run failed: {first}"),
                _ => "the run failed, and no scenario says why".to_owned(),
            };
            emit(Event::RunError {
                kind: RunErrorKind::Unexplained,
                message,
                detail: error.trace,
            });
        }
    }

    /// Whether a scenario has a result.
    pub(super) fn has_ended(&self, scenario: u32) -> bool {
        self.ended.contains(&scenario)
    }

    /// How long the run took until a moment.
    pub(super) fn nanos_until(&self, at: Timestamp) -> u64 {
        at.0.saturating_sub(self.began.0).saturating_mul(1_000)
    }
}

impl RunningCase {
    fn place(&self, step: Option<u32>) -> HookPlace {
        let (scenario, attempt) = (self.scenario, self.attempt);
        match step {
            Some(step) => HookPlace::Step {
                scenario,
                attempt,
                step,
            },
            None => HookPlace::Scenario { scenario, attempt },
        }
    }
}

fn stray(message: String) -> Event {
    Event::RunError {
        kind: RunErrorKind::Unexplained,
        message,
        detail: String::new(),
    }
}
