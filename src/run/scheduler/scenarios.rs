//! Handles the messages of workers about scenarios and steps.

use bdd_protocol::{self as protocol, StepContent, StepStatus};

use crate::event::{Event, Status, StepError, Timestamp};

use super::super::attempts::{AttemptHooks, RunningAttempt};
use super::super::failure::step_error;
use super::super::retry::announcement;
use super::Scheduler;
use super::conclude::AttemptEnd;

/// A step that a worker reports as finished.
pub struct FinishedStep {
    /// The scenario and the position of the step in it.
    pub at: (u32, u32),
    /// How it went.
    pub status: StepStatus,
    /// How long it took, in nanoseconds.
    pub nanos: u64,
    /// Why it did not pass.
    pub error: Option<Box<protocol::Failure>>,
    /// The step as it ran, if that differs from the plan and was not reported when it started.
    pub actual: Option<Box<StepContent>>,
    /// Whether it handled the failures of the steps that it ran.
    pub handled: bool,
}

impl Scheduler<'_> {
    pub(super) fn scenario_started(
        &mut self,
        serial: u32,
        (scenario, attempt): (u32, u32),
        at: u64,
        output: u64,
    ) -> Result<(), String> {
        self.work.check_start(serial, scenario, attempt)?;
        let Some(matched) = &self.matched else {
            return Ok(());
        };
        let hooks = matched.hooks();
        let refusal = self
            .attempts
            .enter(serial, scenario, &self.context, hooks)?;
        if let Some(refusal) = refusal {
            let named = hooks.named(refusal.hook);
            return Err(format!(
                "it started scenario {scenario}, though {named} did not pass"
            ));
        }
        let planned = self.context.index.scenario(scenario);
        let limits = self.context.options.limits(&planned.tags);
        let most_attempts = self.context.options.most_attempts(&planned.tags);
        let hooks = AttemptHooks::new(hooks.of_scenario(planned));
        let started = RunningAttempt::new((scenario, attempt), self.moment, output, limits, hooks);
        self.work.start(serial);
        self.attempts.start(serial, started);
        self.workers.note_scenario();
        self.prepare();
        (self.emit)(Event::ScenarioStarted {
            scenario,
            attempt,
            worker: self.workers.index(serial),
            at: Timestamp(at),
            most_attempts,
        });
        Ok(())
    }

    pub(super) fn step_started(
        &mut self,
        serial: u32,
        at: (u32, u32),
        actual: Option<Box<StepContent>>,
    ) -> Result<(), String> {
        let actual = actual.map(|actual| self.actual_step(*actual)).transpose()?;
        let Some(matched) = &self.matched else {
            return Err("it started a step before it was sent any".to_owned());
        };
        let (scenario, step) = at;
        let index = &self.context.index;
        let attempt = self
            .attempts
            .start_step(serial, at, self.moment, index, matched.hooks())?;
        if let Some(actual) = actual {
            self.attempts.note_actual(serial, actual);
        }
        (self.emit)(Event::StepStarted {
            scenario,
            attempt,
            step,
        });
        self.ask_to_leave(serial);
        Ok(())
    }

    pub(super) fn step_finished(&mut self, serial: u32, said: FinishedStep) -> Result<(), String> {
        let left = self.leave_call(serial);
        let status = status_of(said.status);
        self.end_extra(serial, status)?;
        let running = self.attempts.attempt(serial);
        let known = running.and_then(|attempt| attempt.actual().cloned());
        let actual = match said.actual {
            Some(actual) => Some(self.actual_step(*actual)?),
            None => known,
        };
        let Some(matched) = &mut self.matched else {
            return Err("it finished a step before it was sent any".to_owned());
        };
        let attempt = self
            .attempts
            .finish_step(serial, said.at, self.moment, matched.hooks())?;
        let (scenario, step) = said.at;
        let (index, options) = (&self.context.index, self.context.options);
        let planned = index.scenario(scenario);
        let planned_step = &planned.steps[step as usize];
        let uri = index.uri_of(scenario);
        let mut result = matched.result_in_hand(uri, planned, step, status);
        if let Some(actual) = actual {
            result.actual = actual.content;
            result.step_match = actual.step_match.or(result.step_match);
        }
        result.handled = said.handled;
        result.nanos = said.nanos;
        let frame = index.frame(scenario, planned_step.location);
        let error = said.error;
        result.error = error.map(|failure| step_error(*failure, options, Some(frame)));
        let fault = left.map(|cause| cause.fault);
        let continues = options.continues_after_failure(&planned.tags);
        self.attempts
            .note_step(serial, result.status, fault, continues);
        self.attempts.count_inner(serial, said.handled);
        (self.emit)(Event::StepFinished {
            scenario,
            attempt,
            step,
            result,
        });
        Ok(())
    }

    pub(super) fn scenario_finished(
        &mut self,
        serial: u32,
        (scenario, number): (u32, u32),
        mut end: AttemptEnd,
        errors: Vec<protocol::Failure>,
    ) -> Result<(), String> {
        let Some(matched) = &mut self.matched else {
            return Ok(());
        };
        let (index, options) = (&self.context.index, self.context.options);
        let next = self.attempts.at_end(serial, scenario, number)?;
        let planned = index.scenario(scenario);
        let next = planned.steps.get(next);
        let can_go_on = next.is_some_and(|step| matched.can_run(index.uri_of(scenario), step));
        let attempt = self
            .attempts
            .check_end(serial, can_go_on, matched.hooks())?;
        let frame = index.frame(scenario, planned.location);
        let errors = errors.into_iter();
        let errors = errors.map(|failure| step_error(failure, options, Some(frame)));
        let errors: Vec<StepError> = errors.collect();
        if end.is_retried() {
            let limit = match end.is_retried_by_suite() {
                true => u32::MAX,
                false => options.retries_on_worker(&planned.tags),
            };
            let failed = attempt.worst() == Status::Failed || !errors.is_empty();
            announcement(limit, number, failed)
                .map_err(|why| format!("it runs scenario {scenario} again, {why}"))?;
        }
        end.note_trouble(attempt.fault().cloned(), errors);
        self.work.observe_duration(end.nanos());
        self.check_output(serial, &mut end);
        let again = end.is_retried();
        self.conclude(serial, end);
        match again {
            // Its next attempt is on its way.
            true => Ok(()),
            false => self.give_back_output(serial),
        }
    }

    pub(super) fn given_back(&mut self, serial: u32, scenarios: &[u32]) -> Result<(), String> {
        self.work.take_back(serial, scenarios)?;
        if let Some(matched) = &mut self.matched {
            for scenario in scenarios {
                matched.take_back(*scenario);
            }
        }
        if self.work.load(serial) == 0 {
            self.workers.spare_idle(serial);
        }
        let others = match self.stopping.is_stopped() || self.matched.is_none() {
            true => scenarios.to_vec(),
            false => self.keep_own(serial, scenarios),
        };
        self.requeue(&others);
        Ok(())
    }

    /// Keeps scenarios that came back for their worker, if they must stay there. Returns all others.
    pub(super) fn keep_own(&mut self, serial: u32, scenarios: &[u32]) -> Vec<u32> {
        let open = self.attempts.open_feature(serial);
        let index = &self.context.index;
        self.work.keep_own(serial, scenarios, open, index)
    }
}

/// Converts the status of a step or hook from the protocol.
pub(super) fn status_of(status: StepStatus) -> Status {
    match status {
        StepStatus::Passed => Status::Passed,
        StepStatus::Failed => Status::Failed,
        StepStatus::Pending => Status::Pending,
        StepStatus::Skipped => Status::Skipped,
    }
}
