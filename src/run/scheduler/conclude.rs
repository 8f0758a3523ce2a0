//! Results: each attempt ends here, and its steps that did not run.

use std::time::Instant;

use crate::event::{Event, Fault, RunErrorKind, SourceLocation, Status, StepError};

use super::super::crew::{Breaking, Member};
use super::super::failure;
use super::super::retry::{Ended, Next, next};
use super::Scheduler;

/// How an attempt ended.
pub struct Close {
    /// How long it took, in nanoseconds.
    pub nanos: u64,
    /// The length of the capture file at its end, if it lived to say so.
    pub output: Option<u64>,
    /// What ended it, when it was not its last step.
    pub fault: Option<Fault>,
    /// Whether its worker lives on.
    pub lives: bool,
    /// What went wrong outside its steps.
    pub errors: Vec<StepError>,
    /// Whether the worker runs the scenario again at once; it must be allowed to.
    pub again: bool,
}

impl Scheduler<'_> {
    /// Ends the running attempt of a worker: says what its other steps became, then its result.
    pub(super) fn conclude(&mut self, serial: u32, close: Close) {
        let (Some(member), Some(script)) = (self.crew.get_mut(&serial), &mut self.script) else {
            return;
        };
        let Some(attempt) = member.end(close.output) else {
            return;
        };
        // What was to be ended with the attempt has ended, unless the next one is no longer wanted either.
        let cancelled = |one: &Breaking| one.why.fault == Fault::Cancelled;
        if let Some(breaking) = member.breaking.take_if(|one| !one.is_ending())
            && close.again
            && cancelled(&breaking)
        {
            member.breaking = Some(Breaking::new(breaking.why, breaking.gentle));
        }
        let scenario = self.cast.scenario(attempt.scenario);
        let rest = attempt.rest.unwrap_or_else(|| {
            script.leave_out(scenario, attempt.number, attempt.finished, self.emit)
        });
        let mut status = attempt.worst.max(rest);
        let cancelled = close.fault == Some(Fault::Cancelled);
        if (close.fault.is_some() && !cancelled) || !close.errors.is_empty() {
            status = Status::Failed;
        }
        let lives = close.lives;
        let ended = Ended {
            attempt: attempt.number,
            status,
            announced: close.again,
            stopped: self.stopped.is_some(),
        };
        let expected_failure = self.options.expects_failure(&scenario.tags);
        let next = next(self.options.retries_of(&scenario.tags), &ended);
        self.retries.note(attempt.scenario, attempt.number, next);
        if next != Next::OnWorker {
            member.release();
        }
        (self.emit)(Event::ScenarioFinished {
            scenario: attempt.scenario,
            attempt: attempt.number,
            status,
            nanos: close.nanos,
            fault: close.fault,
            errors: close.errors,
            output: member.output(&attempt, close.output),
            will_be_retried: next != Next::Final,
            expected_failure,
            skipped_because: None,
        });
        let flaky = status == Status::Passed && attempt.number > 0;
        let failure = status.is_failure(expected_failure, self.options.strict)
            || (flaky && self.options.flaky_fails);
        match next {
            Next::HandedOut => {
                let stays = lives && script.is_whole(self.cast.feature_of(attempt.scenario));
                let owner = stays.then_some(serial);
                match self.options.retry_delay {
                    Some(delay) => {
                        let due = Instant::now() + delay.after(attempt.number);
                        self.delays.push(due, attempt.scenario, owner);
                    }
                    None => self.try_again(attempt.scenario, owner),
                }
            }
            Next::Final if failure => self.count_failure(),
            Next::Final | Next::OnWorker => {}
        }
    }

    /// Hands a scenario out again. One of a whole feature stays with its worker, if that lives.
    fn try_again(&mut self, scenario: u32, owner: Option<u32>) {
        let owner = owner.and_then(|serial| self.crew.get_mut(&serial));
        let others = match (owner.filter(|member| member.can_work()), &self.script) {
            (Some(member), Some(script)) => member.keep_own(&[scenario], &self.cast, script),
            _ => vec![scenario],
        };
        self.requeue(&others);
    }

    /// Hands out again what has waited long enough.
    pub(super) fn retry_due(&mut self, now: Instant) {
        while let Some((scenario, owner)) = self.delays.pop_due(now) {
            self.try_again(scenario, owner);
        }
    }

    /// Makes an attempt fail that printed more than it may, if nothing else ended it.
    pub(super) fn check_output(&self, serial: u32, close: &mut Close) {
        let attempt = self.crew.get(&serial).and_then(|one| one.attempt.as_ref());
        let (Some(attempt), Some(output), None) = (attempt, close.output, &close.fault) else {
            return;
        };
        if output.saturating_sub(attempt.output()) <= self.options.output_limit.bytes() {
            return;
        }
        let why = self.printed_too_much();
        let at = self.cast.scenario(attempt.scenario).location;
        close.fault = Some(why.fault);
        close.errors.push(StepError {
            kind: why.kind.to_owned(),
            message: why.message,
            trace: failure::trace(String::new(), self.cast.frame(attempt.scenario, at)),
            location: None,
        });
    }

    /// Where the scenario stands that a worker runs.
    fn place_of_running(&self, serial: u32) -> Option<SourceLocation> {
        let attempt = self.crew.get(&serial)?.attempt.as_ref()?;
        let at = self.cast.scenario(attempt.scenario).location;
        Some(self.cast.source(attempt.scenario, at))
    }

    /// Tells of what a person should know of a scenario that has just ended.
    pub(super) fn remark(&mut self, serial: u32, remarks: Vec<String>) {
        for message in remarks {
            let place = self.place_of_running(serial);
            (self.emit)(Event::Warning { message, place });
        }
    }

    /// Tells of what was found to be wrong behind a scenario that need not be to blame. Every worker may
    /// find the same.
    pub(super) fn unattributed(&mut self, serial: u32, errors: Vec<String>) {
        for error in errors {
            let Some(place) = self.place_of_running(serial) else {
                continue;
            };
            if !self.unattributed.insert(error.clone()) {
                continue;
            }
            (self.emit)(Event::RunError {
                kind: RunErrorKind::Aftermath,
                message: format!("{}:{}: {error}", place.file, place.line),
                detail: String::new(),
            });
        }
    }

    /// Says what the steps of the running attempt became that do not run, unless that is said.
    pub(super) fn end_steps(&mut self, serial: u32) {
        let (Some(member), Some(script)) = (self.crew.get_mut(&serial), &mut self.script) else {
            return;
        };
        if let Some(attempt) = member.attempt.as_mut().filter(|one| one.rest.is_none()) {
            let scenario = self.cast.scenario(attempt.scenario);
            let rest = script.leave_out(scenario, attempt.number, attempt.finished, self.emit);
            attempt.rest = Some(rest);
        }
    }

    /// Ends the running attempt of a worker that did not live to end it itself.
    pub(super) fn break_off(&mut self, serial: u32, fault: Fault, kind: &str, message: &str) {
        let crashed = fault != Fault::Cancelled;
        let step_status = if crashed {
            Status::Failed
        } else {
            Status::Skipped
        };
        let attempts = |member: &Member| member.attempt.is_some();
        let in_hook = self.crew.get(&serial).is_some_and(attempts)
            && self.end_hook(serial, step_status, kind, message).is_some();
        let (Some(member), Some(script)) = (self.crew.get_mut(&serial), &mut self.script) else {
            return;
        };
        let Some(attempt) = &mut member.attempt else {
            return;
        };
        let nanos = attempt.nanos();
        let planned = self.cast.scenario(attempt.scenario);
        let at = match planned.steps.get(attempt.finished) {
            Some(step) if attempt.in_step => step.location,
            _ => planned.location,
        };
        let frame = self.cast.frame(attempt.scenario, at);
        let mut errors = vec![StepError {
            kind: kind.to_owned(),
            message: message.to_owned(),
            trace: failure::trace(String::new(), frame),
            location: None,
        }];
        if in_hook && !attempt.in_step {
            attempt.worst = attempt.worst.max(step_status);
            errors.clear();
        }
        let mut unrun = attempt.due.after.left().to_vec();
        if attempt.in_step {
            unrun.splice(0..0, attempt.due.after_step.left().iter().copied());
        }
        let why = fault.to_string();
        let unrun = unrun.iter().map(|&hook| script.hooks.not_run(hook, &why));
        let unrun: Vec<StepError> = unrun.collect();
        if attempt.in_step {
            let step = u32::try_from(attempt.finished).unwrap_or(u32::MAX);
            let planned = &self.cast.scenario(attempt.scenario).steps[attempt.finished];
            let mut result = script.result(planned, step_status);
            result.nanos = nanos;
            result.error = errors.pop();
            attempt.finished += 1;
            attempt.worst = attempt.worst.max(result.status);
            (self.emit)(Event::StepFinished {
                scenario: attempt.scenario,
                attempt: attempt.number,
                step,
                result,
            });
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
        self.conclude(
            serial,
            Close {
                nanos,
                output: None,
                fault: Some(fault),
                lives: false,
                errors,
                again: false,
            },
        );
    }

    /// Reports all scenarios as matched but not run.
    pub(super) fn run_dry(&mut self) {
        let Some(script) = &mut self.script else {
            return;
        };
        for scenario in self.queue.drain() {
            let planned = self.cast.scenario(scenario);
            let at = (self.options.clock)();
            (self.emit)(Event::ScenarioStarted {
                scenario,
                attempt: 0,
                worker: None,
                at,
                most_attempts: None,
            });
            let worst = script.leave_out(planned, 0, 0, self.emit);
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
                expected_failure: self.options.expects_failure(&planned.tags),
                skipped_because: None,
            });
        }
    }
}
