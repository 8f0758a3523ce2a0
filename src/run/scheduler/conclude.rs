//! The results of attempts and of their steps that did not run.

use std::time::Instant;

use crate::config::Flaky;
use crate::event::{Event, Fault, RunErrorKind, Status, StepError};

use super::super::failure;
use super::super::retry::{Ended, RetryDecision};
use super::Scheduler;

/// How an attempt ended.
pub struct AttemptEnd {
    /// How long it took, in nanoseconds.
    nanos: u64,
    /// The length of the capture file at its end, if its worker reported that.
    output: Option<u64>,
    /// What ended it, when it was not its last step.
    fault: Option<Fault>,
    /// Whether its worker is still alive.
    lives: bool,
    /// What went wrong outside its steps.
    errors: Vec<StepError>,
    /// Whether the worker runs the scenario again at once. That must be allowed.
    again: bool,
    /// Whether it is the suite that runs it again.
    by_suite: bool,
}

impl AttemptEnd {
    /// The end that a worker reports, with whether it runs the scenario again at once, and whether it is the suite that
    /// does so.
    pub fn reported(nanos: u64, output: u64, (again, by_suite): (bool, bool)) -> Self {
        Self {
            nanos,
            output: Some(output),
            fault: None,
            lives: true,
            errors: Vec::new(),
            again,
            by_suite,
        }
    }

    /// How long it took, in nanoseconds.
    pub fn nanos(&self) -> u64 {
        self.nanos
    }

    /// Whether the worker runs the scenario again at once.
    pub fn is_retried(&self) -> bool {
        self.again
    }

    /// Whether it is the suite itself that runs it again.
    pub fn is_retried_by_suite(&self) -> bool {
        self.by_suite
    }

    /// Notes what ended its steps early, and what went wrong outside its steps.
    pub fn note_trouble(&mut self, fault: Option<Fault>, errors: Vec<StepError>) {
        self.fault = fault;
        self.errors = errors;
    }

    /// The status of the attempt; `worst` is the worst of its steps and hooks.
    fn status(&self, worst: Status) -> Status {
        let broken = self
            .fault
            .as_ref()
            .is_some_and(|fault| *fault != Fault::Cancelled);
        match broken || !self.errors.is_empty() {
            true => Status::Failed,
            false => worst,
        }
    }
}

impl Scheduler<'_> {
    /// Ends the running attempt of a worker: reports its other steps, then its result.
    pub(super) fn conclude(&mut self, serial: u32, mut end: AttemptEnd) {
        let Some(matched) = &mut self.matched else {
            return;
        };
        let Some(attempt) = self.attempts.end(serial) else {
            return;
        };
        self.workers.leave_attempt(serial, end.output, end.again);
        let (scenario, number) = (attempt.scenario(), attempt.number());
        let planned = self.context.index.scenario(scenario);
        let uri = self.context.index.uri_of(scenario);
        let options = self.context.options;
        let rest = attempt.rest().unwrap_or_else(|| {
            let next = attempt.next_step();
            matched.leave_out((uri, planned), number, next, attempt.worst(), self.emit)
        });
        // Steps that were left out say nothing, but of a scenario of which nothing ran.
        let nothing_ran = match attempt.left_all_out() {
            true => Status::Skipped,
            false => Status::Passed,
        };
        let status = end.status(attempt.worst().max(rest).max(nothing_ran));
        let ended = Ended {
            attempt: number,
            status,
            announced: end.again,
            stopped: self.stopping.is_stopped(),
        };
        let limit = options.retries_of(&planned.tags);
        let next = self.work.end_attempt(serial, scenario, &ended, limit);
        if next != RetryDecision::OnWorker {
            matched.take_back(scenario);
        }
        if self.work.load(serial) == 0 {
            self.workers.spare_idle(serial);
        }
        let mut expected_failure = options.expects_failure(&planned.tags);
        // What has no code, or not yet, is no known fault, whatever else of it fails.
        let unfailed = attempt.worst_unfailed().max(rest);
        if expected_failure && status == Status::Failed && unfailed.fails(options.run.strict) {
            expected_failure = false;
            end.errors.push(StepError::plain(format!(
                "this is not an expected failure: something in the scenario is {unfailed}"
            )));
        }
        let output = self.workers.printed(serial, attempt.output(), end.output);
        (self.emit)(Event::ScenarioFinished {
            scenario,
            attempt: number,
            status,
            nanos: end.nanos,
            fault: end.fault,
            errors: end.errors,
            output,
            will_be_retried: next != RetryDecision::Final,
            expected_failure,
            skipped_because: None,
        });
        let flaky = status == Status::Passed && number > 0;
        let failure = status.is_failure(expected_failure, options.run.strict)
            || (flaky && options.run.flaky == Flaky::Fail);
        match next {
            RetryDecision::HandedOut => self.retry(serial, scenario, number, end.lives),
            RetryDecision::Final if failure => self.count_failure(),
            RetryDecision::Final | RetryDecision::OnWorker => {}
        }
    }

    /// Puts a scenario into the queue again, after the delay of the settings. If its feature stays on one
    /// worker, so does the scenario, while that worker lives.
    fn retry(&mut self, serial: u32, scenario: u32, attempt: u32, lives: bool) {
        let stays = lives && self.work.is_bound(scenario, &self.context.index);
        let owner = stays.then_some(serial);
        match self.context.options.run.retry_delay {
            Some(delay) => {
                let due = Instant::now() + delay.after(attempt);
                self.work.delay(scenario, due, owner);
            }
            None => self.try_again(scenario, owner),
        }
    }

    fn try_again(&mut self, scenario: u32, owner: Option<u32>) {
        let owner = owner.filter(|serial| self.workers.can_work(*serial));
        let others = match owner {
            Some(serial) => self.keep_own(serial, &[scenario]),
            None => vec![scenario],
        };
        self.requeue(&others);
    }

    /// Puts scenarios whose delay is over into the queue.
    pub(super) fn retry_due(&mut self, now: Instant) {
        while let Some((scenario, owner)) = self.work.take_delayed(now) {
            self.try_again(scenario, owner);
        }
    }

    /// Makes an attempt fail that printed more than the limit, if nothing else ended it.
    pub(super) fn check_output(&self, serial: u32, end: &mut AttemptEnd) {
        let attempt = self.attempts.attempt(serial);
        let (Some(attempt), Some(output), None) = (attempt, end.output, &end.fault) else {
            return;
        };
        let limit = self.context.options.run.output_limit;
        if output.saturating_sub(attempt.output()) <= limit.bytes() {
            return;
        }
        let cause = self.printed_too_much("scenario");
        let index = &self.context.index;
        let at = index.scenario(attempt.scenario()).location;
        end.fault = Some(cause.fault);
        end.errors.push(StepError {
            kind: cause.kind.to_owned(),
            message: cause.message,
            trace: failure::trace(String::new(), index.frame(attempt.scenario(), at)),
            location: None,
        });
    }

    /// Reports the steps of the running attempt that do not run, unless that is done.
    pub(super) fn end_steps(&mut self, serial: u32) {
        let Some(matched) = &mut self.matched else {
            return;
        };
        let attempt = self.attempts.attempt(serial);
        if let Some(attempt) = attempt.filter(|one| one.rest().is_none()) {
            let planned = self.context.index.scenario(attempt.scenario());
            let (number, next) = (attempt.number(), attempt.next_step());
            let uri = self.context.index.uri_of(attempt.scenario());
            let worst = attempt.worst();
            let rest = matched.leave_out((uri, planned), number, next, worst, self.emit);
            self.attempts.note_rest(serial, rest);
        }
    }

    /// Ends the running attempt of a worker that died.
    pub(super) fn break_off(&mut self, serial: u32, fault: Fault, kind: &str, message: &str) {
        if !self.attempts.is_running(serial) {
            return;
        }
        let crashed = fault != Fault::Cancelled;
        let status = match crashed {
            true => Status::Failed,
            false => Status::Skipped,
        };
        let in_hook = self.end_hook(serial, status, kind, message).is_some();
        let unrun = self.unrun_hooks(serial, &fault);
        let (in_step, nanos) = match self.attempts.attempt(serial) {
            Some(attempt) => (attempt.running_step().is_some(), attempt.nanos()),
            None => return,
        };
        self.abort_extra(serial, status);
        let mut errors = Vec::new();
        if in_step {
            self.break_off_step(serial, status, (kind, message));
        } else if in_hook {
            self.attempts.abort_hook(serial, status);
        } else {
            errors.extend(self.error_of_running(serial, kind, message));
        }
        if crashed {
            errors.extend(unrun);
        } else {
            errors.clear();
            for error in unrun {
                (self.emit)(Event::RunError {
                    kind: RunErrorKind::Hook,
                    message: error.message,
                    detail: String::new(),
                });
            }
        }
        let end = AttemptEnd {
            nanos,
            output: None,
            fault: Some(fault),
            lives: false,
            errors,
            again: false,
            by_suite: false,
        };
        self.conclude(serial, end);
    }

    /// The errors of the closing hooks of an attempt that did not run because the worker died.
    fn unrun_hooks(&self, serial: u32, fault: &Fault) -> Vec<StepError> {
        let attempt = self.attempts.attempt(serial);
        let (Some(attempt), Some(matched)) = (attempt, &self.matched) else {
            return Vec::new();
        };
        let why = fault.to_string();
        let unrun = attempt.unrun_hooks();
        let unrun = unrun
            .iter()
            .map(|&hook| matched.hooks().not_run(hook, &why));
        unrun.collect()
    }

    /// An error of what a worker runs: its step, else its scenario.
    fn error_of_running(&self, serial: u32, kind: &str, message: &str) -> Option<StepError> {
        let attempt = self.attempts.attempt(serial)?;
        let index = &self.context.index;
        let planned = index.scenario(attempt.scenario());
        let step = attempt.running_step();
        let step = step.and_then(|step| planned.steps.get(step as usize));
        let at = step.map_or(planned.location, |step| step.location);
        Some(StepError {
            kind: kind.to_owned(),
            message: message.to_owned(),
            trace: failure::trace(String::new(), index.frame(attempt.scenario(), at)),
            location: None,
        })
    }

    /// Ends the running step of a worker that died.
    fn break_off_step(&mut self, serial: u32, status: Status, (kind, message): (&str, &str)) {
        let error = self.error_of_running(serial, kind, message);
        let attempt = self.attempts.attempt(serial);
        let (Some(attempt), Some(matched)) = (attempt, &mut self.matched) else {
            return;
        };
        let (scenario, number) = (attempt.scenario(), attempt.number());
        let Some(step) = attempt.running_step() else {
            return;
        };
        let planned = &self.context.index.scenario(scenario).steps[step as usize];
        let uri = self.context.index.uri_of(scenario);
        let mut result = matched.result(uri, planned, status);
        result.nanos = attempt.nanos();
        result.error = error;
        self.attempts.abort_step(serial, result.status);
        (self.emit)(Event::StepFinished {
            scenario,
            attempt: number,
            step,
            result,
        });
    }

    /// Reports all waiting scenarios as matched but not run.
    pub(super) fn run_dry(&mut self) {
        let Some(matched) = &mut self.matched else {
            return;
        };
        for scenario in self.work.take_waiting(&self.context.index) {
            self.work.settle(scenario);
            let planned = self.context.index.scenario(scenario);
            let at = (self.context.options.clock)();
            (self.emit)(Event::ScenarioStarted {
                scenario,
                attempt: 0,
                worker: None,
                at,
                most_attempts: None,
            });
            let uri = self.context.index.uri_of(scenario);
            let worst = matched.leave_out((uri, planned), 0, 0, Status::Passed, self.emit);
            let status = worst.max(Status::Skipped);
            (self.emit)(Event::ScenarioFinished {
                scenario,
                attempt: 0,
                status,
                nanos: 0,
                fault: None,
                errors: Vec::new(),
                output: None,
                will_be_retried: false,
                expected_failure: self.context.options.expects_failure(&planned.tags),
                skipped_because: None,
            });
        }
    }
}
