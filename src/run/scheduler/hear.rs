//! What workers say of scenarios and steps.

use std::time::Instant;

use bdd_protocol::{self as protocol, FromWorker, StepStatus};

use crate::event::{Event, Status, Timestamp};

use super::super::Problem;
use super::super::course::LeftOut;
use super::super::crew::Member;
use super::super::failure::step_error;
use super::super::retry::announcement;
use super::Scheduler;
use super::attach::Attached;
use super::conclude::Close;
use super::hooks::Finished;

impl Scheduler<'_> {
    pub(super) fn heard(&mut self, serial: u32, message: FromWorker) {
        // Of a worker that is being killed nothing counts any more.
        let offended =
            |member: &Member| member.offence.is_some() || member.dismissed || member.is_ending();
        if self.crew.get(&serial).is_none_or(offended) {
            return;
        }
        if let (Some(offence), Some(member)) = (
            self.leaves_hook(serial, &message),
            self.crew.get_mut(&serial),
        ) {
            return member.accuse(offence);
        }
        let result = match message {
            FromWorker::Hello(hello) => {
                self.hello(serial, &hello);
                Ok(())
            }
            FromWorker::Matched { id, matches } => self.matched(serial, id, &matches),
            FromWorker::ScenarioStarted {
                scenario,
                attempt,
                at,
                output,
            } => self.started(serial, scenario, attempt, at, output),
            FromWorker::StepStarted { scenario, step, .. } => {
                self.step_started(serial, scenario, step)
            }
            FromWorker::StepFinished {
                scenario,
                step,
                status,
                nanos,
                error,
                ..
            } => self.step_finished(serial, scenario, step, status, nanos, error),
            FromWorker::ScenarioFinished {
                scenario,
                attempt,
                nanos,
                output,
                errors,
                remarks,
                run_errors,
                will_be_retried,
            } => {
                self.remark(serial, remarks);
                self.unattributed(serial, run_errors);
                let close = Close {
                    nanos,
                    output: Some(output),
                    fault: None,
                    lives: true,
                    errors: Vec::new(),
                    again: will_be_retried,
                };
                self.finished(serial, scenario, attempt, close, errors)
            }
            FromWorker::BreakingOff { call, can } => self.breaking_off(serial, call, can),
            FromWorker::Retiring { reason } => self.retires(serial, &reason),
            FromWorker::Cancelled { scenarios } => self.given_back(serial, &scenarios),
            FromWorker::Begun { environment } => self.begun(serial, &environment),
            FromWorker::HookStarted { hook, output } => self.hook_started(serial, hook, output),
            FromWorker::HookFinished {
                hook,
                status,
                nanos,
                output,
                error,
            } => {
                let finished = Finished {
                    hook,
                    status,
                    nanos,
                    output,
                    error,
                };
                self.hook_finished(serial, finished)
            }
            FromWorker::ScenarioSkipped {
                scenario,
                hook: Some(hook),
                ..
            } => self.scenario_skipped(serial, scenario, hook),
            FromWorker::ScenarioSkipped { .. }
            | FromWorker::HookAdded { .. }
            | FromWorker::ScenarioAdded { .. }
            | FromWorker::StepLeftOut { .. }
            | FromWorker::ExtraStepStarted { .. }
            | FromWorker::ExtraStepFinished { .. }
            | FromWorker::Abort { .. } => {
                Err("it departed from the plan, which this run does not support".to_owned())
            }
            FromWorker::ClosingFailed { scope, errors } => {
                self.closing_failed(serial, &scope, errors)
            }
            FromWorker::Closed {} => self.closed(serial),
            FromWorker::Attachment {
                media_type,
                file_name,
                body,
            } => {
                let attached = Attached {
                    media_type,
                    file_name,
                    body,
                };
                self.attached(serial, attached)
            }
            FromWorker::RunSteps { text } => self.steps_wanted(serial, &text),
            FromWorker::Error { message, detail } => {
                self.give_up(Problem {
                    message: format!("the step program says: {message}"),
                    detail,
                });
                Ok(())
            }
        };
        if let (Err(offence), Some(member)) = (result, self.crew.get_mut(&serial)) {
            member.accuse(offence);
        }
    }

    pub(super) fn started(
        &mut self,
        serial: u32,
        scenario: u32,
        attempt: u32,
        at: u64,
        output: u64,
    ) -> Result<(), String> {
        let due = self.enter_scenario(serial, scenario)?;
        let Some(member) = self.crew.get_mut(&serial) else {
            return Ok(());
        };
        let next = self.retries.attempt(scenario);
        let started = member.start(scenario, attempt, next, output, due)?;
        started.limits = self.options.limits(&self.cast.scenario(scenario).tags);
        let worker = Some(member.index);
        let most_attempts = self
            .options
            .most_attempts(&self.cast.scenario(scenario).tags);
        self.deaths_outside = 0;
        self.prepare();
        let at = Timestamp(at);
        (self.emit)(Event::ScenarioStarted {
            scenario,
            attempt,
            worker,
            at,
            most_attempts,
        });
        Ok(())
    }

    pub(super) fn step_started(
        &mut self,
        serial: u32,
        scenario: u32,
        step: u32,
    ) -> Result<(), String> {
        let Some(member) = self.crew.get_mut(&serial) else {
            return Ok(());
        };
        let attempt = member.at_step(scenario, step, false)?;
        if self.cast.scenario(scenario).steps.len() <= step as usize {
            return Err(format!("scenario {scenario} has no step {step}"));
        }
        if attempt.due.steps_are_over() {
            return Err(format!(
                "it started step {step} of scenario {scenario}, where no step runs any more"
            ));
        }
        let left_out = attempt.due.start_step().err();
        if let (Some(LeftOut(hook)), Some(script)) = (left_out, &self.script) {
            return Err(format!("it left out {}", script.hooks.named(hook)));
        }
        attempt.in_step = true;
        attempt.step_begins();
        (self.emit)(Event::StepStarted {
            scenario,
            attempt: attempt.number,
            step,
        });
        member.count_call();
        self.ask_to_leave(serial);
        Ok(())
    }

    pub(super) fn step_finished(
        &mut self,
        serial: u32,
        scenario: u32,
        step: u32,
        status: StepStatus,
        nanos: u64,
        error: Option<protocol::Failure>,
    ) -> Result<(), String> {
        let left = self.left(serial);
        let (Some(member), Some(script)) = (self.crew.get_mut(&serial), &mut self.script) else {
            return Err("it finished a step before it was sent any".to_owned());
        };
        member.silent_since = Instant::now();
        let attempt = member.at_step(scenario, step, true)?;
        if let Err(LeftOut(hook)) = attempt.due.finish_step() {
            return Err(format!("it left out {}", script.hooks.named(hook)));
        }
        attempt.in_step = false;
        attempt.finished += 1;
        let planned = &self.cast.scenario(scenario).steps[step as usize];
        let mut result = script.result(planned, status_of(status));
        result.nanos = nanos;
        let frame = self.cast.frame(scenario, planned.location);
        result.error = error.map(|failure| step_error(failure, self.options, Some(frame)));
        attempt.worst = attempt.worst.max(result.status);
        if let Some(why) = left {
            attempt.fault.get_or_insert(why.fault);
        }
        let tags = &self.cast.scenario(scenario).tags;
        attempt.goes_on = match result.status {
            Status::Passed => attempt.goes_on,
            Status::Failed => attempt.goes_on && self.options.continues_after_failure(tags),
            _ => false,
        };
        (self.emit)(Event::StepFinished {
            scenario,
            attempt: attempt.number,
            step,
            result,
        });
        Ok(())
    }

    pub(super) fn finished(
        &mut self,
        serial: u32,
        scenario: u32,
        number: u32,
        mut close: Close,
        errors: Vec<protocol::Failure>,
    ) -> Result<(), String> {
        let (Some(member), Some(script)) = (self.crew.get(&serial), &mut self.script) else {
            return Ok(());
        };
        let attempt = match &member.attempt {
            Some(attempt)
                if (attempt.scenario, attempt.number) == (scenario, number) && !attempt.in_step =>
            {
                attempt
            }
            _ => {
                return Err(format!(
                    "it finished scenario {scenario}, which it does not run"
                ));
            }
        };
        close.fault.clone_from(&attempt.fault);
        let planned = self.cast.scenario(scenario);
        let frame = self.cast.frame(scenario, planned.location);
        let errors = errors.into_iter();
        close.errors = errors
            .map(|failure| step_error(failure, self.options, Some(frame)))
            .collect();
        let next = planned.steps.get(attempt.finished);
        if attempt.must_go_on() && next.is_some_and(|step| script.can_run(step)) {
            return Err(format!(
                "it left out step {} of scenario {scenario}",
                attempt.finished
            ));
        }
        if let Err(LeftOut(hook)) = attempt.due.finish() {
            return Err(format!("it left out {}", script.hooks.named(hook)));
        }
        if close.again {
            let limit = self.options.retries_on_worker(&planned.tags);
            let failed = attempt.worst == Status::Failed || !close.errors.is_empty();
            announcement(limit, number, failed)
                .map_err(|why| format!("it runs scenario {scenario} again, {why}"))?;
        }
        self.pace.observe(close.nanos);
        self.check_output(serial, &mut close);
        self.conclude(serial, close);
        Ok(())
    }

    pub(super) fn given_back(&mut self, serial: u32, scenarios: &[u32]) -> Result<(), String> {
        let Some(member) = self.crew.get_mut(&serial) else {
            return Ok(());
        };
        member.giving_back = false;
        member.give_back(scenarios)?;
        match &self.script {
            Some(script) if self.stopped.is_none() && !member.retiring => {
                let others = member.keep_own(scenarios, &self.cast, script);
                self.requeue(&others);
            }
            _ => self.requeue(scenarios),
        }
        Ok(())
    }
}

/// A step's or hook's status as the protocol has it.
pub(super) fn status_of(status: StepStatus) -> Status {
    match status {
        StepStatus::Passed => Status::Passed,
        StepStatus::Failed => Status::Failed,
        StepStatus::Pending => Status::Pending,
        StepStatus::Skipped => Status::Skipped,
    }
}
