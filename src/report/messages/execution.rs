//! One execution of a test case: an attempt, test step by test step.
//!
//! Each test step starts and finishes once and in order, whatever the events report.

use std::io;

use super::cases::{Case, TestCase};
use super::logs::{LOG, LogLine};
use super::parts::{self, nanos};
use super::stream::Stream;
use crate::event::{Fault, Snippet, Status, StepError, Timestamp};

/// An attempt. Events report when it began and how long its steps took. Timestamps are computed from that.
pub(super) struct Running {
    /// Its id in the stream.
    id: u64,
    attempt: u32,
    began: u64,
    clock: u64,
    /// For each test step whether it has its result.
    done: Vec<bool>,
    /// The test step that has started and not finished.
    open: Option<usize>,
    /// The last result. It is written with the next message of this attempt, because errors after the last
    /// step have no other place.
    held: Option<Held>,
    /// Whether a test step has failed so far.
    failed: bool,
    /// Extra steps that have started and not finished, by number.
    extra: Vec<(u32, LogLine)>,
    /// Lines that came before the first test step.
    early: Vec<String>,
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
    /// Why it failed, if it did and no test step says so.
    pub(super) failure: Option<StepError>,
}

/// An attempt with its test case.
pub(super) struct Execution<'a> {
    pub(super) case: Case<'a>,
    pub(super) prepared: TestCase<'a>,
    pub(super) running: &'a mut Running,
}

impl Running {
    /// Writes that an attempt begins.
    pub(super) fn begin(
        stream: &mut Stream,
        (case, prepared): (&Case<'_>, &TestCase<'_>),
        attempt: u32,
        worker: Option<u32>,
        at: Timestamp,
    ) -> io::Result<Self> {
        let began = at.0.saturating_mul(1_000);
        let id = stream.ids.next();
        stream.write("testCaseStarted", |json| {
            json.number("attempt", attempt);
            json.id("id", id);
            json.id("testCaseId", prepared.id);
            if let Some(worker) = worker {
                json.id("workerId", u64::from(worker));
            }
            nanos(json, "timestamp", began);
        })?;
        Ok(Running {
            id,
            attempt,
            began,
            clock: began,
            done: vec![false; prepared.steps(case)],
            open: None,
            held: None,
            failed: false,
            extra: Vec::new(),
            early: Vec::new(),
        })
    }

    /// An extra step begins.
    pub(super) fn extra_started(&mut self, extra: u32, line: LogLine) {
        self.extra.push((extra, line));
    }

    /// An extra step ends. Returns its line.
    pub(super) fn extra_finished(&mut self, extra: u32) -> LogLine {
        let position = self.extra.iter().rposition(|(known, _)| *known == extra);
        match position {
            Some(position) => self.extra.remove(position).1,
            None => LogLine::of(format!("extra step {extra}")),
        }
    }

    /// Whether a test step has failed.
    pub(super) fn has_failed(&self) -> bool {
        self.failed
    }

    /// Counted from 0.
    pub(super) fn attempt(&self) -> u32 {
        self.attempt
    }

    /// The ids of the attempt and of its test step that has not finished.
    pub(super) fn open_step(&self, prepared: &TestCase<'_>) -> Option<(u64, u64)> {
        Some((self.id, prepared.step(self.open?)))
    }

    /// Whether it has no test steps.
    pub(super) fn is_empty(&self) -> bool {
        self.done.is_empty()
    }
}

impl Execution<'_> {
    /// The test step of a step of the pickle; `None` for one that the pickle does not have.
    pub(super) fn pickle_step(&self, step: u32) -> Option<usize> {
        let step = step as usize;
        let planned = self.case.scenario.steps.len();
        (step < planned).then_some(self.prepared.hooks.before.len() + step)
    }

    /// Writes a line of the log into the test step that runs or the last that has run.
    pub(super) fn log(&mut self, stream: &mut Stream, line: String) -> io::Result<()> {
        let held = self.running.held.as_ref().map(|held| held.step);
        let Some(step) = self.running.open.or(held) else {
            self.running.early.push(line);
            return Ok(());
        };
        self.write_log(stream, Some(step), &line)
    }

    /// Writes the lines that came before the first test step.
    fn write_early(&mut self, stream: &mut Stream, step: Option<usize>) -> io::Result<()> {
        for line in std::mem::take(&mut self.running.early) {
            self.write_log(stream, step, &line)?;
        }
        Ok(())
    }

    fn write_log(&self, stream: &mut Stream, step: Option<usize>, line: &str) -> io::Result<()> {
        let at = self.running.clock;
        stream.write("attachment", |json| {
            json.id("testCaseStartedId", self.running.id);
            if let Some(step) = step {
                json.id("testStepId", self.prepared.step(step));
            }
            json.word("mediaType", LOG);
            nanos(json, "timestamp", at);
            json.word("contentEncoding", "IDENTITY");
            json.string("body", line);
        })
    }

    /// The test step of a hook around the steps.
    pub(super) fn hook(&self, hook: u32) -> Option<usize> {
        let hooks = &self.prepared.hooks;
        let at = |hooks: &[u32]| hooks.iter().position(|known| *known == hook);
        let after =
            || Some(at(&hooks.after)? + self.prepared.steps(&self.case) - hooks.after.len());
        at(&hooks.before).or_else(after)
    }

    /// Writes that a test step begins, unless that is written. Earlier test steps without a result were not
    /// run.
    pub(super) fn start(&mut self, stream: &mut Stream, step: usize) -> io::Result<()> {
        if self.running.open == Some(step) || self.running.done.get(step) != Some(&false) {
            return Ok(());
        }
        self.skip_up_to(stream, step)?;
        self.write_held(stream)?;
        let at = self.running.clock;
        self.running.open = Some(step);
        stream.write("testStepStarted", |json| {
            json.id("testCaseStartedId", self.running.id);
            json.id("testStepId", self.prepared.step(step));
            nanos(json, "timestamp", at);
        })?;
        self.write_early(stream, Some(step))
    }

    /// Keeps the result of the test step that has begun.
    pub(super) fn finish(
        &mut self,
        step: usize,
        status: Status,
        nanos: u64,
        error: Option<&StepError>,
    ) {
        if self.running.open != Some(step) {
            return;
        }
        self.running.open = None;
        self.running.done[step] = true;
        self.running.failed |= status == Status::Failed;
        self.running.clock = self.running.clock.saturating_add(nanos);
        self.running.held = Some(Held {
            step,
            status,
            nanos,
            at: self.running.clock,
            error: error.cloned(),
        });
    }

    /// Writes the suggestions for an undefined step that has begun.
    pub(super) fn suggest(
        &self,
        stream: &mut Stream,
        step: u32,
        snippets: &[Snippet],
    ) -> io::Result<()> {
        if snippets.is_empty() || self.running.open != self.pickle_step(step) {
            return Ok(());
        }
        let id = stream.ids.next();
        stream.write("suggestion", |json| {
            json.id("id", id);
            json.id("pickleStepId", self.case.pickle_step(step));
            json.objects("snippets", snippets, |json, snippet| {
                json.string("language", &snippet.language);
                json.string("code", &snippet.code);
            });
        })
    }

    /// Writes that the attempt ends. Test steps without a result were not run. Returns the moment in
    /// nanoseconds.
    pub(super) fn end(
        &mut self,
        stream: &mut Stream,
        duration: u64,
        will_be_retried: bool,
    ) -> io::Result<u64> {
        for (_, line) in std::mem::take(&mut self.running.extra) {
            self.log(stream, line.open())?;
        }
        self.skip_up_to(stream, self.running.done.len())?;
        self.write_held(stream)?;
        self.write_early(stream, None)?;
        let earliest = self.running.began.saturating_add(duration);
        let end = self.running.clock.max(earliest);
        stream.write("testCaseFinished", |json| {
            json.id("testCaseStartedId", self.running.id);
            nanos(json, "timestamp", end);
            json.flag("willBeRetried", will_be_retried);
        })?;
        Ok(end)
    }

    fn skip_up_to(&mut self, stream: &mut Stream, end: usize) -> io::Result<()> {
        for step in 0..end {
            if !self.running.done[step] {
                self.start(stream, step)?;
                self.finish(step, Status::Skipped, 0, None);
            }
        }
        Ok(())
    }

    fn write_held(&mut self, stream: &mut Stream) -> io::Result<()> {
        let Some(held) = self.running.held.take() else {
            return Ok(());
        };
        let place = match &held.error {
            Some(_) => self
                .case
                .place(held.step.checked_sub(self.prepared.hooks.before.len())),
            None => String::new(),
        };
        stream.write("testStepFinished", |json| {
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

    /// Adds the errors outside the steps to a step. Returns them if no step can report them.
    pub(super) fn outside(&mut self, outside: &Outside<'_>) -> Option<StepError> {
        if !outside.errors.is_empty() {
            return self.fail(outside.errors);
        }
        let reported = |fault: &&Fault| match fault {
            Fault::Cancelled => true,
            // The step or hook that took too long has said so, and its worker went on.
            Fault::TimedOut { .. } => self.running.failed && self.running.open.is_none(),
            _ => false,
        };
        if let Some(crash) = outside.fault.filter(|fault| !reported(fault)) {
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
            held.error = Some(parts::reason(reason));
        }
        None
    }

    /// Puts errors into the step that runs or the last that has run.
    pub(super) fn fail(&mut self, errors: &[StepError]) -> Option<StepError> {
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
        self.running.failed = true;
        None
    }
}
