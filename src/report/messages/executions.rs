//! Executions of test cases: passes events to the attempts that they are about.

use std::io;

use foldhash::HashMap;

use super::cases::{Cases, State};
use super::execution::{Execution, Outside, Running};
use super::logs::LogLine;
use super::parts;
use super::stream::Stream;
use crate::event::{Fault, HookResult, Status, StepError, StepResult, Timestamp};

/// The attempts that run, by their scenarios.
#[derive(Default)]
pub(super) struct Executions {
    running: HashMap<u32, Running>,
    /// The latest moment of any attempt, in nanoseconds.
    latest: u64,
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
        let (_, prepared) = cases.get(scenario)?;
        self.running.get(&scenario)?.open_step(&prepared)
    }

    /// Begins an attempt.
    pub(super) fn started(
        &mut self,
        stream: &mut Stream,
        cases: &Cases,
        scenario: u32,
        attempt: u32,
        worker: Option<u32>,
        at: Timestamp,
    ) -> io::Result<()> {
        let Some((case, prepared)) = cases.get(scenario) else {
            return Ok(());
        };
        let running = Running::begin(stream, (&case, &prepared), attempt, worker, at)?;
        self.running.insert(scenario, running);
        Ok(())
    }

    pub(super) fn step_started(
        &mut self,
        stream: &mut Stream,
        cases: &Cases,
        scenario: u32,
        step: u32,
    ) -> io::Result<()> {
        let Some(mut execution) = self.get(cases, scenario) else {
            return Ok(());
        };
        match execution.pickle_step(step) {
            Some(position) => execution.start(stream, position),
            None => Ok(()),
        }
    }

    pub(super) fn step_finished(
        &mut self,
        stream: &mut Stream,
        cases: &Cases,
        scenario: u32,
        step: u32,
        result: &StepResult,
    ) -> io::Result<()> {
        let Some(mut execution) = self.get(cases, scenario) else {
            return Ok(());
        };
        let error = result.error.as_ref();
        let Some(position) = execution.pickle_step(step) else {
            let line = match &result.actual {
                Some(actual) => LogLine::of_step(0, actual),
                None => LogLine::of(format!("step {step}, which is not planned")),
            };
            return execution.log(stream, line.ended(result.status, error));
        };
        execution.start(stream, position)?;
        if let Some(actual) = &result.actual {
            let line = format!("ran as: {}{}", actual.keyword, actual.text);
            execution.log(stream, line)?;
        }
        execution.suggest(stream, step, &result.snippets)?;
        execution.finish(position, result.status, result.nanos, error);
        Ok(())
    }

    pub(super) fn step_left_out(
        &mut self,
        stream: &mut Stream,
        cases: &Cases,
        scenario: u32,
        step: u32,
        reason: &str,
    ) -> io::Result<()> {
        let Some(mut execution) = self.get(cases, scenario) else {
            return Ok(());
        };
        if let Some(position) = execution.pickle_step(step) {
            execution.start(stream, position)?;
            let reason = parts::reason(reason);
            execution.finish(position, Status::Skipped, 0, Some(&reason));
        }
        Ok(())
    }

    pub(super) fn extra_started(&mut self, scenario: u32, extra: u32, line: LogLine) {
        if let Some(running) = self.running.get_mut(&scenario) {
            running.extra_started(extra, line);
        }
    }

    pub(super) fn extra_finished(
        &mut self,
        stream: &mut Stream,
        cases: &Cases,
        scenario: u32,
        extra: u32,
        result: &StepResult,
    ) -> io::Result<()> {
        let Some(mut execution) = self.get(cases, scenario) else {
            return Ok(());
        };
        let line = execution.running.extra_finished(extra);
        execution.log(stream, line.ended(result.status, result.error.as_ref()))
    }

    pub(super) fn hook_started(
        &mut self,
        stream: &mut Stream,
        cases: &Cases,
        scenario: u32,
        hook: u32,
    ) -> io::Result<()> {
        let Some(mut execution) = self.get(cases, scenario) else {
            return Ok(());
        };
        match execution.hook(hook) {
            Some(position) => execution.start(stream, position),
            None => Ok(()),
        }
    }

    pub(super) fn hook_finished(
        &mut self,
        stream: &mut Stream,
        cases: &Cases,
        scenario: u32,
        hook: u32,
        result: &HookResult,
        title: impl FnOnce() -> String,
    ) -> io::Result<()> {
        let Some(mut execution) = self.get(cases, scenario) else {
            return Ok(());
        };
        let error = result.error.as_ref();
        let Some(position) = execution.hook(hook) else {
            if result.status == Status::Passed {
                return Ok(());
            }
            let line = LogLine::of(title());
            return execution.log(stream, line.ended(result.status, error));
        };
        execution.start(stream, position)?;
        execution.finish(position, result.status, result.nanos, error);
        Ok(())
    }

    /// Ends an attempt. Returns the errors outside its steps if it has no step that can report them.
    pub(super) fn finished(
        &mut self,
        stream: &mut Stream,
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
        let left = match (left, &outside.failure) {
            (None, Some(failure)) if !execution.running.has_failed() => {
                execution.fail(std::slice::from_ref(failure))
            }
            (left, _) => left,
        };
        let end = execution.end(stream, duration, will_be_retried)?;
        let attempt = execution.running.attempt();
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

    /// Executes a test case that gets no (further) attempt: its steps are skipped. If an earlier attempt
    /// failed, the test case has failed, although a retry was planned.
    pub(super) fn not_run(
        &mut self,
        stream: &mut Stream,
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
        self.started(stream, cases, scenario, attempt, None, at)?;
        if let Some(mut execution) = self.get(cases, scenario)
            && !execution.running.is_empty()
        {
            let error = parts::reason(&message);
            execution.start(stream, 0)?;
            execution.finish(0, status, 0, Some(&error));
        }
        self.finished(stream, cases, scenario, 0, &Outside::default(), false)
            .map(drop)
    }

    /// Ends all attempts that no event has ended.
    pub(super) fn close(&mut self, stream: &mut Stream, cases: &mut Cases) -> io::Result<()> {
        let mut open: Vec<u32> = self.running.keys().copied().collect();
        open.sort_unstable();
        for scenario in open {
            self.finished(stream, cases, scenario, 0, &Outside::default(), false)?;
        }
        Ok(())
    }
}
