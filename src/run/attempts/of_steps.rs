//! Messages of workers about steps and the end of attempts: whether they can be right, and what follows.

use std::time::Instant;

use crate::event::{Fault, Status};

use super::super::hooks::DeclaredHooks;
use super::super::index::ScenarioIndex;
use super::attempt::{ActualStep, RunningAttempt};
use super::extra::OpenExtra;
use super::{Attempts, left_out};

impl Attempts {
    /// A worker starts a step. Returns the number of the attempt.
    ///
    /// # Errors
    /// When it is not at that step, no more step may run, or a hook has not run.
    pub fn start_step(
        &mut self,
        serial: u32,
        (scenario, step): (u32, u32),
        now: Instant,
        index: &ScenarioIndex,
        hooks: &DeclaredHooks,
    ) -> Result<u32, String> {
        let Some(activity) = self.workers.get_mut(&serial) else {
            return Err(elsewhere(scenario, step));
        };
        let call = activity.count_call();
        let at = |attempt: &&mut RunningAttempt| attempt.is_at(scenario, step, false);
        let attempt = activity.attempt_mut().filter(at);
        let attempt = attempt.ok_or_else(|| elsewhere(scenario, step))?;
        if index.scenario(scenario).steps.len() <= step as usize {
            return Err(format!("scenario {scenario} has no step {step}"));
        }
        if attempt.steps_are_over() {
            return Err(format!(
                "it started step {step} of scenario {scenario}, where no step runs any more"
            ));
        }
        let started = attempt.start_step(call, now);
        started.map_err(|hook| left_out(hook, hooks))?;
        Ok(attempt.number())
    }

    /// A worker leaves out a step. Returns the number of the attempt.
    ///
    /// # Errors
    /// When it is not at that step, no more step may run, or a hook has not run.
    pub fn leave_out_step(
        &mut self,
        serial: u32,
        (scenario, step): (u32, u32),
        index: &ScenarioIndex,
        hooks: &DeclaredHooks,
    ) -> Result<u32, String> {
        let at = |attempt: &&mut RunningAttempt| attempt.is_at(scenario, step, false);
        let attempt = self.attempt_mut(serial).filter(at);
        let attempt = attempt.filter(|attempt| {
            index.scenario(scenario).steps.len() > step as usize && !attempt.steps_are_over()
        });
        let attempt = attempt.ok_or_else(|| elsewhere(scenario, step))?;
        let left = attempt.leave_out_step();
        left.map_err(|hook| left_out(hook, hooks))?;
        Ok(attempt.number())
    }

    /// Notes how the host runs the running step of a worker.
    pub fn note_actual(&mut self, serial: u32, actual: ActualStep) {
        if let Some(attempt) = self.attempt_mut(serial) {
            attempt.note_actual(actual);
        }
    }

    /// A worker starts a step that the plan does not have. Returns the number of the attempt.
    ///
    /// # Errors
    /// When it does not run that scenario, or the numbers do not fit.
    pub fn start_extra(
        &mut self,
        serial: u32,
        scenario: u32,
        extra: OpenExtra,
    ) -> Result<u32, String> {
        let attempt = self.running(serial, scenario)?;
        if let Some(parent) = extra.parent
            && attempt.running_step() != Some(parent)
        {
            return Err(format!(
                "it started extra step {} in step {parent}, which does not run",
                extra.number
            ));
        }
        attempt.extra_mut().start(extra)?;
        Ok(attempt.number())
    }

    /// A worker has finished a step that the plan does not have. Returns the number of the attempt and the
    /// step.
    ///
    /// # Errors
    /// When that step is not running.
    pub fn finish_extra(
        &mut self,
        serial: u32,
        scenario: u32,
        number: u32,
    ) -> Result<(u32, OpenExtra), String> {
        let attempt = self.running(serial, scenario)?;
        let extra = attempt.extra_mut().finish(number)?;
        Ok((attempt.number(), extra))
    }

    /// Notes the status of an extra step in a planned step. The planned step decides whether it counts.
    pub fn note_inner(&mut self, serial: u32, status: Status) {
        if let Some(attempt) = self.attempt_mut(serial) {
            attempt.extra_mut().note_inner(status);
        }
    }

    /// A planned step with extra steps has ended. Their statuses count, unless it handled their failures.
    pub fn count_inner(&mut self, serial: u32, handled: bool) {
        if let Some(attempt) = self.attempt_mut(serial) {
            let inner = attempt.extra_mut().take_inner();
            let counts = |status: &Status| !handled && *status >= Status::Pending;
            if let Some(status) = inner.filter(counts) {
                attempt.note(status, None);
            }
        }
    }

    /// Ends the running extra steps of a worker.
    pub fn end_extra(&mut self, serial: u32) -> Vec<OpenExtra> {
        let attempt = self.attempt_mut(serial);
        attempt.map_or_else(Vec::new, |one| one.extra_mut().end_all().collect())
    }

    fn running(&mut self, serial: u32, scenario: u32) -> Result<&mut RunningAttempt, String> {
        let attempt = self.attempt_mut(serial);
        let attempt = attempt.filter(|attempt| attempt.scenario() == scenario);
        attempt.ok_or_else(|| {
            format!("it spoke of an extra step of scenario {scenario}, which it does not run")
        })
    }

    /// A worker has finished a step. Returns the number of the attempt.
    ///
    /// # Errors
    /// When it is not in that step, or a hook has not run.
    pub fn finish_step(
        &mut self,
        serial: u32,
        (scenario, step): (u32, u32),
        now: Instant,
        hooks: &DeclaredHooks,
    ) -> Result<u32, String> {
        let at = |attempt: &&mut RunningAttempt| attempt.is_at(scenario, step, true);
        let attempt = self.attempt_mut(serial).filter(at);
        let attempt = attempt.ok_or_else(|| elsewhere(scenario, step))?;
        let finished = attempt.finish_step(now);
        finished.map_err(|hook| left_out(hook, hooks))?;
        Ok(attempt.number())
    }

    /// Notes the status of a finished step. `fault` is what ended it early, if anything. `continues` says
    /// whether steps after a failed one still run.
    pub fn note_step(
        &mut self,
        serial: u32,
        status: Status,
        fault: Option<Fault>,
        continues: bool,
    ) {
        if let Some(attempt) = self.attempt_mut(serial) {
            attempt.note_step(status, fault, continues);
        }
    }

    /// The running step of a worker ends with its process.
    pub fn abort_step(&mut self, serial: u32, status: Status) {
        if let Some(attempt) = self.attempt_mut(serial) {
            attempt.end_step(Instant::now());
            attempt.note(status, None);
        }
    }

    /// Notes the worst status of the steps that do not run.
    pub fn note_rest(&mut self, serial: u32, rest: Status) {
        if let Some(attempt) = self.attempt_mut(serial) {
            attempt.note_rest(rest);
        }
    }

    /// The position of the next step of an attempt that a worker reports as finished.
    ///
    /// # Errors
    /// When it runs another one, or is in a step.
    pub fn at_end(&self, serial: u32, scenario: u32, number: u32) -> Result<usize, String> {
        let is_it = |one: &&RunningAttempt| {
            (one.scenario(), one.number()) == (scenario, number) && one.running_step().is_none()
        };
        match self.attempt(serial).filter(is_it) {
            Some(attempt) => Ok(attempt.next_step()),
            None => Err(format!(
                "it finished scenario {scenario}, which it does not run"
            )),
        }
    }

    /// The attempt of a worker, checked for whether it can be over. `can_go_on` says whether its next step
    /// could run.
    ///
    /// # Errors
    /// When a step or hook was left out.
    pub fn check_end(
        &self,
        serial: u32,
        can_go_on: bool,
        hooks: &DeclaredHooks,
    ) -> Result<&RunningAttempt, String> {
        let attempt = self.attempt(serial).ok_or("it runs no scenario")?;
        if attempt.must_go_on() && can_go_on {
            return Err(format!(
                "it left out step {} of scenario {}",
                attempt.next_step(),
                attempt.scenario()
            ));
        }
        if let Some(extra) = attempt.extra().innermost() {
            return Err(format!("it did not finish extra step {}", extra.number));
        }
        attempt.finish().map_err(|hook| left_out(hook, hooks))?;
        Ok(attempt)
    }
}

fn elsewhere(scenario: u32, step: u32) -> String {
    format!("it spoke of step {step} of scenario {scenario}, where it is not")
}
