//! Executions of test cases: the attempts that run, step by step.

use std::io;

use foldhash::HashMap;

use super::Lines;
use super::cases::{Case, Cases, Prepared, State};
use super::parts::{self, Ids, nanos};
use crate::event::{Fault, HookResult, Status, StepError, StepResult, Timestamp};

/// The attempts that run, by their scenarios.
#[derive(Default)]
pub(super) struct Executions {
    running: HashMap<u32, Running>,
    /// The latest moment of any attempt, in nanoseconds.
    latest: u64,
}

/// An attempt. Events tell when it began and how long its steps took; moments are put together
/// from that.
struct Running {
    /// Its id in the stream.
    id: u64,
    attempt: u32,
    began: u64,
    clock: u64,
    /// For each test step whether it has its result.
    done: Vec<bool>,
    /// The test step that has started and not finished.
    open: Option<usize>,
    /// The last result. It is written with the next message of this attempt: what goes wrong after
    /// the last step has no other place.
    held: Option<Held>,
}

struct Held {
    step: usize,
    status: Status,
    nanos: u64,
    at: u64,
    error: Option<StepError>,
}

/// What happened to an attempt outside its steps.
#[derive(Default)]
pub(super) struct Outside<'e> {
    pub(super) fault: Option<&'e Fault>,
    pub(super) errors: &'e [StepError],
    pub(super) skipped_because: Option<&'e str>,
}

/// An attempt with its test case.
struct Execution<'a> {
    case: &'a Case,
    prepared: &'a Prepared,
    running: &'a mut Running,
}

impl Executions {
    fn get<'a>(&'a mut self, cases: &'a Cases, scenario: u32) -> Option<Execution<'a>> {
        let (case, prepared) = cases.get(scenario)?;
        Some(Execution {
            case,
            prepared,
            running: self.running.get_mut(&scenario)?,
        })
    }

    /// The ids of the attempt that runs and of its test step that has not finished.
    pub(super) fn open_step(&self, cases: &Cases, scenario: u32) -> Option<(u64, u64)> {
        let running = self.running.get(&scenario)?;
        let (_, prepared) = cases.get(scenario)?;
        Some((running.id, prepared.step(running.open?)))
    }

    #[allow(clippy::too_many_arguments)]
    pub(super) fn started(
        &mut self,
        lines: &mut Lines,
        ids: &mut Ids,
        cases: &Cases,
        scenario: u32,
        attempt: u32,
        worker: Option<u32>,
        at: Timestamp,
    ) -> io::Result<()> {
        let Some((case, prepared)) = cases.get(scenario) else {
            return Ok(());
        };
        let began = at.0.saturating_mul(1_000);
        let id = ids.next();
        lines.write("testCaseStarted", |json| {
            json.number("attempt", attempt);
            json.id("id", id);
            json.id("testCaseId", prepared.id);
            if let Some(worker) = worker {
                json.id("workerId", u64::from(worker));
            }
            nanos(json, "timestamp", began);
        })?;
        let running = Running {
            id,
            attempt,
            began,
            clock: began,
            done: vec![false; prepared.steps(case)],
            open: None,
            held: None,
        };
        self.running.insert(scenario, running);
        Ok(())
    }

    pub(super) fn step_started(
        &mut self,
        lines: &mut Lines,
        cases: &Cases,
        scenario: u32,
        step: u32,
    ) -> io::Result<()> {
        let Some(mut execution) = self.get(cases, scenario) else {
            return Ok(());
        };
        let step = execution.pickle_step(step);
        execution.start(lines, step)
    }

    pub(super) fn step_finished(
        &mut self,
        lines: &mut Lines,
        ids: &mut Ids,
        cases: &Cases,
        scenario: u32,
        step: u32,
        result: &StepResult,
    ) -> io::Result<()> {
        let Some(mut execution) = self.get(cases, scenario) else {
            return Ok(());
        };
        let position = execution.pickle_step(step);
        execution.start(lines, position)?;
        if !result.snippets.is_empty() && execution.running.open == Some(position) {
            let id = ids.next();
            lines.write("suggestion", |json| {
                json.id("id", id);
                json.id("pickleStepId", execution.case.pickle_step(step));
                json.objects("snippets", &result.snippets, |json, snippet| {
                    json.string("language", &snippet.language);
                    json.string("code", &snippet.code);
                });
            })?;
        }
        execution.finish(position, result.status, result.nanos, result.error.as_ref());
        Ok(())
    }

    pub(super) fn hook_started(
        &mut self,
        lines: &mut Lines,
        cases: &Cases,
        scenario: u32,
        hook: u32,
    ) -> io::Result<()> {
        let Some(mut execution) = self.get(cases, scenario) else {
            return Ok(());
        };
        match execution.hook(hook) {
            Some(position) => execution.start(lines, position),
            None => Ok(()),
        }
    }

    pub(super) fn hook_finished(
        &mut self,
        lines: &mut Lines,
        cases: &Cases,
        scenario: u32,
        hook: u32,
        result: &HookResult,
    ) -> io::Result<()> {
        let Some(mut execution) = self.get(cases, scenario) else {
            return Ok(());
        };
        if let Some(position) = execution.hook(hook) {
            execution.start(lines, position)?;
            execution.finish(position, result.status, result.nanos, result.error.as_ref());
        }
        Ok(())
    }

    /// Ends an attempt. Gives what went wrong outside its steps when it has none to say it.
    pub(super) fn finished(
        &mut self,
        lines: &mut Lines,
        cases: &mut Cases,
        scenario: u32,
        duration: u64,
        outside: &Outside<'_>,
        will_be_retried: bool,
    ) -> io::Result<Option<StepError>> {
        let failed_before = matches!(cases.state(scenario), State::Retried { .. });
        let Some(mut execution) = self.get(cases, scenario) else {
            return Ok(None);
        };
        let left = if failed_before && outside.fault == Some(&Fault::Cancelled) {
            execution.fail(&[parts::error(
                "it failed before, and this attempt was cancelled",
            )])
        } else {
            execution.outside(outside)
        };
        execution.skip_up_to(lines, execution.running.done.len())?;
        execution.write_held(lines)?;
        let Running {
            id,
            attempt,
            began,
            clock,
            ..
        } = *execution.running;
        let end = clock.max(began.saturating_add(duration));
        lines.write("testCaseFinished", |json| {
            json.id("testCaseStartedId", id);
            nanos(json, "timestamp", end);
            json.flag("willBeRetried", will_be_retried);
        })?;
        self.latest = self.latest.max(end);
        self.running.remove(&scenario);
        cases.set(
            scenario,
            if will_be_retried {
                State::Retried { attempt }
            } else {
                State::Ended
            },
        );
        Ok(left)
    }

    /// Executes a test case that gets no (further) attempt: its steps are skipped. One that failed
    /// before has failed; that it was to be tried again must not hide it.
    pub(super) fn not_run(
        &mut self,
        lines: &mut Lines,
        ids: &mut Ids,
        cases: &mut Cases,
        scenario: u32,
        reason: &str,
        begin: Timestamp,
    ) -> io::Result<()> {
        let (attempt, status, message) = match cases.state(scenario) {
            State::Ended => return Ok(()),
            State::Waiting => (0, Status::Skipped, format!("not run: {reason}")),
            State::Retried { attempt } => {
                let message = format!("it failed and was not run again: {reason}");
                (attempt.saturating_add(1), Status::Failed, message)
            }
        };
        if self.running.contains_key(&scenario) {
            return Ok(());
        }
        let at = Timestamp((self.latest / 1_000).max(begin.0));
        self.started(lines, ids, cases, scenario, attempt, None, at)?;
        if let Some(mut execution) = self.get(cases, scenario)
            && !execution.running.done.is_empty()
        {
            let error = StepError {
                // A reason, and no error; see `parts::result`.
                kind: String::new(),
                ..parts::error(&message)
            };
            execution.start(lines, 0)?;
            execution.finish(0, status, 0, Some(&error));
        }
        self.finished(lines, cases, scenario, 0, &Outside::default(), false)
            .map(drop)
    }

    /// Ends all attempts that no event has ended.
    pub(super) fn close(&mut self, lines: &mut Lines, cases: &mut Cases) -> io::Result<()> {
        let mut open: Vec<u32> = self.running.keys().copied().collect();
        open.sort_unstable();
        for scenario in open {
            self.finished(lines, cases, scenario, 0, &Outside::default(), false)?;
        }
        Ok(())
    }
}

impl Execution<'_> {
    /// The test step of a step of the pickle.
    fn pickle_step(&self, step: u32) -> usize {
        self.prepared.hooks.before.len() + step as usize
    }

    /// The test step of a hook around the steps.
    fn hook(&self, hook: u32) -> Option<usize> {
        let hooks = &self.prepared.hooks;
        let at = |hooks: &[u32]| hooks.iter().position(|known| *known == hook);
        let after = || Some(at(&hooks.after)? + self.prepared.steps(self.case) - hooks.after.len());
        at(&hooks.before).or_else(after)
    }

    /// Says that a test step begins, unless that is said. Those before it that have no result were
    /// not run.
    fn start(&mut self, lines: &mut Lines, step: usize) -> io::Result<()> {
        if self.running.open == Some(step) || self.running.done.get(step) != Some(&false) {
            return Ok(());
        }
        self.skip_up_to(lines, step)?;
        self.write_held(lines)?;
        let at = self.running.clock;
        self.running.open = Some(step);
        lines.write("testStepStarted", |json| {
            json.id("testCaseStartedId", self.running.id);
            json.id("testStepId", self.prepared.step(step));
            nanos(json, "timestamp", at);
        })
    }

    /// Keeps the result of the test step that has begun.
    fn finish(&mut self, step: usize, status: Status, nanos: u64, error: Option<&StepError>) {
        if self.running.open != Some(step) {
            return;
        }
        self.running.open = None;
        self.running.done[step] = true;
        self.running.clock = self.running.clock.saturating_add(nanos);
        self.running.held = Some(Held {
            step,
            status,
            nanos,
            at: self.running.clock,
            error: error.cloned(),
        });
    }

    fn skip_up_to(&mut self, lines: &mut Lines, end: usize) -> io::Result<()> {
        for step in 0..end {
            if !self.running.done[step] {
                self.start(lines, step)?;
                self.finish(step, Status::Skipped, 0, None);
            }
        }
        Ok(())
    }

    fn write_held(&mut self, lines: &mut Lines) -> io::Result<()> {
        let Some(held) = self.running.held.take() else {
            return Ok(());
        };
        let place = match &held.error {
            Some(_) => self
                .case
                .place(held.step.checked_sub(self.prepared.hooks.before.len())),
            None => String::new(),
        };
        lines.write("testStepFinished", |json| {
            json.id("testCaseStartedId", self.running.id);
            json.id("testStepId", self.prepared.step(held.step));
            let error = held.error.as_ref();
            parts::result(
                json,
                "testStepResult",
                held.status,
                held.nanos,
                error,
                &place,
            );
            nanos(json, "timestamp", held.at);
        })
    }

    /// Takes what happened outside the steps; gives it back when there is no step to say it.
    fn outside(&mut self, outside: &Outside<'_>) -> Option<StepError> {
        if !outside.errors.is_empty() {
            return self.fail(outside.errors);
        }
        if let Some(crash) = outside.fault.filter(|fault| **fault != Fault::Cancelled) {
            // The error of a step may say already what ended the attempt.
            let said = |held: &Held| held.status == Status::Failed && held.error.is_some();
            if self.running.open.is_none() && self.running.held.as_ref().is_some_and(said) {
                return None;
            }
            return self.fail(&[parts::error(&crash.to_string())]);
        }
        if let (Some(held), Some(reason)) = (&mut self.running.held, outside.skipped_because)
            && held.error.is_none()
        {
            held.error = Some(StepError {
                kind: String::new(),
                ..parts::error(reason)
            });
        }
        None
    }

    /// Puts errors into the step that runs or the last that has run.
    fn fail(&mut self, errors: &[StepError]) -> Option<StepError> {
        let (first, more) = errors.split_first()?;
        let mut error = first.clone();
        for more in more {
            error.message.push('\n');
            error.message.push_str(&more.message);
        }
        if let Some(step) = self.running.open {
            self.finish(step, Status::Failed, 0, Some(&error));
            return None;
        }
        let Some(held) = &mut self.running.held else {
            return Some(error);
        };
        match &mut held.error {
            Some(known) if held.status == Status::Failed => {
                known.message.push('\n');
                known.message.push_str(&error.message);
            }
            known => *known = Some(error),
        }
        held.status = Status::Failed;
        None
    }
}
