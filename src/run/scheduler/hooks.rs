//! What workers say of hooks that start and finish. What comes of those that do not pass and belong
//! to no scenario is in [`super::outside`].

use std::time::Instant;

use bdd_protocol::{self as protocol, FromWorker, StepStatus};

use crate::event::{Event, HookKind, HookPlace, HookResult, Status, StepError};

use super::super::course::RunningHook;
use super::super::failure::{Frame, step_error};
use super::super::script::Script;
use super::Scheduler;
use super::hear::status_of;
use super::place::place;

/// A hook that a worker reports as finished.
pub struct Finished {
    /// The id.
    pub hook: u32,
    /// How it went.
    pub status: StepStatus,
    /// How long it ran, in nanoseconds.
    pub nanos: u64,
    /// The length of the capture file by then.
    pub output: u64,
    /// Why it did not pass.
    pub error: Option<protocol::Failure>,
}

impl Scheduler<'_> {
    /// What a worker does wrong that says this while a hook runs.
    pub(super) fn leaves_hook(&self, serial: u32, message: &FromWorker) -> Option<String> {
        let running = self.crew.get(&serial)?.hook.as_ref()?;
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
        let (Some(member), Some(script)) = (self.crew.get_mut(&serial), &self.script) else {
            return Err("it started a hook before it was asked to".to_owned());
        };
        let Some(hook) = script.hooks.by_id(id) else {
            return Err(format!("it started hook {id}, which it did not declare"));
        };
        let kind = script.hooks.kind(hook);
        let place = place(member, hook, &self.cast, script)?;
        member.hook = Some(RunningHook {
            hook,
            place: place.clone(),
            output,
            since: Instant::now(),
            told_slow: false,
        });
        member.count_call();
        if !matches!(place, HookPlace::Run | HookPlace::Worker(_)) {
            self.prepare();
        }
        if kind == HookKind::AfterScenario {
            self.end_steps(serial);
        }
        let at = (self.options.clock)();
        (self.emit)(Event::HookStarted { hook, place, at });
        if kind.is_before() {
            self.ask_to_leave(serial);
        } else {
            self.spare_closing(serial);
        }
        Ok(())
    }

    pub(super) fn hook_finished(&mut self, serial: u32, said: Finished) -> Result<(), String> {
        let left = self.left(serial);
        let (Some(member), Some(script)) = (self.crew.get_mut(&serial), &self.script) else {
            return Err("it finished a hook before it was asked to run one".to_owned());
        };
        let Some(hook) = script.hooks.by_id(said.hook) else {
            return Err(format!(
                "it finished hook {}, which it did not declare",
                said.hook
            ));
        };
        let Some(running) = member.hook.take_if(|running| running.hook == hook) else {
            let named = script.hooks.named(hook);
            return Err(format!("it finished {named}, which does not run"));
        };
        member.silent_since = Instant::now();
        let status = status_of(said.status);
        let frame = Frame::of_hook(&running.place, &self.cast);
        let error = (said.error).map(|failure| step_error(failure, self.options, frame));
        let kind = script.hooks.kind(hook);
        let place = running.place;
        let mut output = None;
        match &mut member.attempt {
            Some(attempt) => {
                attempt.worst = attempt.worst.max(status);
                if attempt.in_step {
                    attempt.step_begins();
                }
                if let Some(why) = left {
                    attempt.fault.get_or_insert(why.fault);
                }
                if kind == HookKind::BeforeScenario {
                    attempt.due.refused |= status != Status::Passed;
                    attempt.due.skipped |= status == Status::Skipped;
                }
            }
            None => {
                output = member.printed(running.output, Some(said.output));
                member.told(said.output);
            }
        }
        let outside = member.attempt.is_none() && status != Status::Passed;
        let for_run = outside.then(|| (place.clone(), error.clone(), output.clone()));
        let result = HookResult {
            status,
            nanos: said.nanos,
            error,
            output,
        };
        (self.emit)(Event::HookFinished {
            hook,
            place,
            result,
        });
        if let Some((place, error, output)) = for_run {
            self.refused_outside(serial, hook, status, error.as_ref());
            let detail = output.map_or_else(String::new, |output| output.to_text().into_owned());
            self.failed_outside(hook, &place, status, error, &detail);
        }
        Ok(())
    }

    /// Ends the hook that a process runs and will not finish, because it is gone or nobody waits
    /// for it any more.
    pub(super) fn end_hook(
        &mut self,
        serial: u32,
        status: Status,
        kind: &str,
        message: &str,
    ) -> Option<RunningHook> {
        let member = self.crew.get_mut(&serial)?;
        let running = member.hook.take()?;
        let outside = member.attempt.is_none();
        let output = outside.then(|| member.printed(running.output, None));
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

    /// A hook as sentences name it.
    pub(super) fn named(&self, hook: u32) -> String {
        let named = |script: &Script| script.hooks.named(hook);
        self.script.as_ref().map(named).unwrap_or_default()
    }
}
