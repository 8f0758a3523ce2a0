//! Handles the start and the end of hooks. [`super::outside`] handles hooks outside of scenarios that did not
//! pass.

use bdd_protocol::{self as protocol, FromWorker, StepStatus};

use crate::event::{Event, HookKind, HookPlace, HookResult, Status, StepError};

use super::super::attempts::{RunningHook, Standing};
use super::super::failure::step_error;
use super::super::matched::MatchedPlan;
use super::super::workers::Opening;
use super::Scheduler;
use super::outside::OutsideHookResult;
use super::scenarios::status_of;

/// A hook that a worker reports as finished.
pub struct FinishedHook {
    /// The id.
    pub hook: u32,
    /// How it went.
    pub status: StepStatus,
    /// How long it ran, in nanoseconds.
    pub nanos: u64,
    /// The length of the capture file by then.
    pub output: u64,
    /// Why it did not pass.
    pub error: Option<Box<protocol::Failure>>,
}

impl Scheduler<'_> {
    /// The protocol violation if a worker sends this message while a hook runs.
    pub(super) fn leaves_hook(&self, serial: u32, message: &FromWorker) -> Option<String> {
        let running = self.attempts.hook(serial)?;
        let leaves = matches!(
            message,
            FromWorker::Begun { .. }
                | FromWorker::HookStarted { .. }
                | FromWorker::ScenarioSkipped { .. }
                | FromWorker::ClosingFailed { .. }
                | FromWorker::Closed {}
                | FromWorker::ScenarioStarted { .. }
                | FromWorker::StepStarted { .. }
                | FromWorker::StepFinished { .. }
                | FromWorker::StepLeftOut { .. }
                | FromWorker::ScenarioFinished { .. }
        );
        leaves.then(|| format!("it went on without finishing {}", self.named(running.hook)))
    }

    pub(super) fn hook_started(&mut self, serial: u32, id: u32, output: u64) -> Result<(), String> {
        let standing = self.standing(serial);
        let Some(matched) = &self.matched else {
            return Err("it started a hook before it was asked to".to_owned());
        };
        let hooks = matched.hooks();
        let added = || self.attempts.added_hook(serial, id);
        let Some(hook) = hooks.by_id(id).or_else(added) else {
            return Err(format!("it started hook {id}, which it did not declare"));
        };
        let kind = hooks.kind(hook);
        let started = (hook, output);
        let place = self
            .attempts
            .start_hook(serial, started, standing, &self.context, hooks)?;
        if !matches!(place, HookPlace::Run | HookPlace::Worker(_)) {
            self.prepare();
        }
        if kind == HookKind::AfterScenario {
            self.end_steps(serial);
        }
        let at = (self.context.options.clock)();
        (self.emit)(Event::HookStarted { hook, place, at });
        if !kind.is_before() {
            self.workers.spare_closing(serial);
        }
        self.ask_to_leave(serial);
        Ok(())
    }

    /// Where a worker is in its work, for the parts of the run that know only what it runs.
    fn standing(&self, serial: u32) -> Standing {
        let opening = self.workers.opening(serial);
        let is_over = self.workers.is_finishing(serial) && self.work.load(serial) == 0;
        Standing {
            worker: self.workers.index(serial).unwrap_or_default(),
            front: self.work.front_of(serial),
            is_opening: opening == Opening::Asked,
            is_closing: opening == Opening::Done && is_over,
        }
    }

    pub(super) fn hook_finished(&mut self, serial: u32, said: FinishedHook) -> Result<(), String> {
        let left = self.leave_call(serial);
        let Some(matched) = &self.matched else {
            return Err("it finished a hook before it was asked to run one".to_owned());
        };
        let hooks = matched.hooks();
        let added = || self.attempts.added_hook(serial, said.hook);
        let Some(hook) = hooks.by_id(said.hook).or_else(added) else {
            return Err(format!(
                "it finished hook {}, which it did not declare",
                said.hook
            ));
        };
        let running = self.attempts.finish_hook(serial, hook, hooks)?;
        let kind = hooks.kind(hook);
        self.workers.note_progress(serial);
        let outside = !self.attempts.is_running(serial);
        let status = status_of(said.status);
        let (index, options) = (&self.context.index, self.context.options);
        let frame = index.frame_of_hook(&running.place);
        let error = (said.error).map(|failure| step_error(*failure, options, frame));
        let mut output = None;
        if outside {
            output = (self.workers).printed(serial, running.output, Some(said.output));
            self.workers.note_reported(serial, said.output);
        } else {
            let fault = left.map(|cause| cause.fault);
            self.attempts.note_hook(serial, kind, status, fault);
        }
        let outcome = (outside && status != Status::Passed).then(|| OutsideHookResult {
            hook,
            place: running.place.clone(),
            status,
            error: error.clone(),
            output: output.clone(),
        });
        (self.emit)(Event::HookFinished {
            hook,
            place: running.place.clone(),
            result: HookResult {
                status,
                nanos: said.nanos,
                error,
                output,
            },
        });
        if let Some(outcome) = outcome {
            self.refused_outside(serial, &outcome);
            self.failed_outside(outcome);
        } else if outside {
            self.check_output_of_hook(&running, said.output);
        }
        match outside {
            true => self.give_back_output(serial),
            false => Ok(()),
        }
    }

    /// Ends the hook of a process that is gone or was dismissed.
    pub(super) fn end_hook(
        &mut self,
        serial: u32,
        status: Status,
        kind: &str,
        message: &str,
    ) -> Option<RunningHook> {
        let running = self.attempts.end_hook(serial)?;
        let outside = !self.attempts.is_running(serial);
        let output = outside.then(|| self.workers.printed(serial, running.output, None));
        let nanos = u64::try_from(running.since.elapsed().as_nanos()).unwrap_or(u64::MAX);
        (self.emit)(Event::HookFinished {
            hook: running.hook,
            place: running.place.clone(),
            result: HookResult {
                status,
                nanos,
                error: Some(StepError {
                    kind: kind.to_owned(),
                    message: message.to_owned(),
                    trace: String::new(),
                    location: None,
                }),
                output: output.flatten(),
            },
        });
        Some(running)
    }

    /// The name of a hook in sentences.
    pub(super) fn named(&self, hook: u32) -> String {
        let named = |matched: &MatchedPlan| matched.hooks().named(hook);
        self.matched.as_ref().map(named).unwrap_or_default()
    }
}
