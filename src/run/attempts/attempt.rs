//! An attempt at a scenario while it runs: its progress and its results so far.

use std::sync::Arc;
use std::time::Instant;

use crate::event::{Fault, HookKind, Status, StepContent, StepMatch};

use super::super::due::Due;
use super::super::limits::Limits;
use super::super::{Options, due};
use super::extra::ExtraSteps;
use super::hook_sequence::{AttemptHooks, MissingHook, NotDue};

/// A scenario that a worker has started.
#[derive(Debug)]
pub struct RunningAttempt {
    scenario: u32,
    /// From 0.
    number: u32,
    /// When it started, by the runner's clock.
    started: Instant,
    /// Since when neither a step nor a hook runs, while none does.
    quiet_since: Instant,
    limits: Limits,
    /// The length of the capture file when it started.
    output: u64,
    /// What ended its steps early, when its worker still lives.
    fault: Option<Fault>,
    /// The worst status of its steps and hooks so far.
    worst: Status,
    /// The same of those that have not failed.
    worst_unfailed: Status,
    hooks: AttemptHooks,
    steps: StepProgress,
}

/// How far an attempt is with its steps.
#[derive(Debug)]
struct StepProgress {
    /// How many have finished.
    finished: usize,
    /// The one after those, while it runs.
    running: Option<RunningStep>,
    /// Whether the worker must continue with the next step.
    goes_on: bool,
    /// The worst status of the steps that do not run, once that is reported. It is reported before the hooks
    /// after the steps.
    rest: Option<Status>,
    /// How many of the finished ones the host has left out.
    left_out: usize,
    /// The steps that the plan does not have.
    extra: ExtraSteps,
}

#[derive(Debug)]
struct RunningStep {
    /// Its number among the steps and hooks of its worker.
    call: u64,
    /// When its code got control, by the runner's clock.
    since: Instant,
    /// Whether it was reported that this step, or the hook around it, is slow.
    reported_slow: bool,
    /// The step as it runs, when that is not as planned.
    actual: Option<ActualStep>,
}

/// A step as a host runs it.
#[derive(Debug, Clone, Default)]
pub struct ActualStep {
    /// What it says.
    pub content: Option<Box<StepContent>>,
    /// The definition that runs it, if the host said so.
    pub step_match: Option<Arc<StepMatch>>,
}

impl RunningAttempt {
    /// An attempt that starts now; `output` is the length of the capture file.
    pub fn new(
        (scenario, number): (u32, u32),
        now: Instant,
        output: u64,
        limits: Limits,
        hooks: AttemptHooks,
    ) -> Self {
        Self {
            scenario,
            number,
            started: now,
            quiet_since: now,
            limits,
            output,
            fault: None,
            worst: Status::Passed,
            worst_unfailed: Status::Passed,
            hooks,
            steps: StepProgress {
                finished: 0,
                running: None,
                goes_on: true,
                rest: None,
                left_out: 0,
                extra: ExtraSteps::default(),
            },
        }
    }

    /// The scenario.
    pub fn scenario(&self) -> u32 {
        self.scenario
    }

    /// The number of the attempt, from 0.
    pub fn number(&self) -> u32 {
        self.number
    }

    /// The length of the capture file when it started.
    pub fn output(&self) -> u64 {
        self.output
    }

    /// What ended its steps early, when its worker still lives.
    pub fn fault(&self) -> Option<&Fault> {
        self.fault.as_ref()
    }

    /// The worst status of its steps and hooks so far.
    pub fn worst(&self) -> Status {
        self.worst
    }

    /// The worst status of its steps and hooks so far that have not failed.
    pub fn worst_unfailed(&self) -> Status {
        self.worst_unfailed
    }

    /// The worst status of the steps that do not run, if that is reported.
    pub fn rest(&self) -> Option<Status> {
        self.steps.rest
    }

    /// Nanoseconds since it started, by the runner's clock.
    pub fn nanos(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }

    /// The position of the step that runs.
    pub fn running_step(&self) -> Option<u32> {
        let running = self.steps.running.as_ref();
        running.map(|_| u32::try_from(self.steps.finished).unwrap_or(u32::MAX))
    }

    /// Whether the host has left out all steps so far, and there was one.
    pub fn left_all_out(&self) -> bool {
        let steps = &self.steps;
        steps.left_out > 0 && steps.left_out == steps.finished && !steps.extra.any()
    }

    /// The steps that the plan does not have.
    pub fn extra(&self) -> &ExtraSteps {
        &self.steps.extra
    }

    /// The same, to go on with them.
    pub fn extra_mut(&mut self) -> &mut ExtraSteps {
        &mut self.steps.extra
    }

    /// The running step as the host runs it.
    pub fn actual(&self) -> Option<&ActualStep> {
        self.steps.running.as_ref()?.actual.as_ref()
    }

    /// Notes how the host runs the running step.
    pub fn note_actual(&mut self, actual: ActualStep) {
        if let Some(running) = &mut self.steps.running {
            running.actual = Some(actual);
        }
    }

    /// The host leaves out the next step.
    ///
    /// # Errors
    /// When a hook before the steps has not run.
    pub fn leave_out_step(&mut self) -> Result<(), MissingHook> {
        self.hooks.start_step()?;
        self.steps.finished += 1;
        self.steps.left_out += 1;
        Ok(())
    }

    /// The number of the step that runs, among the steps and hooks of its worker.
    pub fn running_call(&self) -> Option<u64> {
        self.steps.running.as_ref().map(|step| step.call)
    }

    /// The position of the step that runs, or comes next.
    pub fn next_step(&self) -> usize {
        self.steps.finished
    }

    /// Whether the worker must run its next step, if it has one.
    pub fn must_go_on(&self) -> bool {
        self.steps.goes_on && !self.hooks.is_refused() && self.fault.is_none()
    }

    /// Whether it is at this step. `running` says whether the step must be running.
    pub fn is_at(&self, scenario: u32, step: u32, running: bool) -> bool {
        self.scenario == scenario
            && self.steps.finished == step as usize
            && self.steps.running.is_some() == running
    }

    /// Whether no step may start any more.
    pub fn steps_are_over(&self) -> bool {
        self.hooks.steps_are_over()
    }

    /// The next step starts, as the call of this number.
    ///
    /// # Errors
    /// When a hook before the steps has not run.
    pub fn start_step(&mut self, call: u64, now: Instant) -> Result<(), MissingHook> {
        self.hooks.start_step()?;
        self.steps.running = Some(RunningStep {
            call,
            since: now,
            reported_slow: false,
            actual: None,
        });
        Ok(())
    }

    /// The running step has finished.
    ///
    /// # Errors
    /// When a hook of it has not run.
    pub fn finish_step(&mut self, now: Instant) -> Result<(), MissingHook> {
        self.hooks.finish_step()?;
        self.end_step(now);
        Ok(())
    }

    /// The running step ends, even if some of its hooks have not run.
    pub fn end_step(&mut self, now: Instant) {
        self.steps.running = None;
        self.steps.finished += 1;
        self.quiet_since = now;
    }

    /// Notes how a step went; `continues` says whether the steps after a failed one run.
    pub fn note_step(&mut self, status: Status, fault: Option<Fault>, continues: bool) {
        self.note(status, fault);
        self.steps.goes_on &= match status {
            Status::Passed => true,
            Status::Failed => continues,
            _ => false,
        };
    }

    /// Notes the status of a step or a hook.
    pub fn note(&mut self, status: Status, fault: Option<Fault>) {
        self.worst = self.worst.max(status);
        if status != Status::Failed {
            self.worst_unfailed = self.worst_unfailed.max(status);
        }
        if self.fault.is_none() {
            self.fault = fault;
        }
    }

    /// Takes a hook that starts.
    ///
    /// # Errors
    /// When it must not run now.
    pub fn start_hook(&mut self, kind: HookKind, hook: u32) -> Result<(), NotDue> {
        let in_step = self.steps.running.is_some();
        self.hooks.start_hook(kind, hook, in_step)
    }

    /// A hook has finished.
    pub fn finish_hook(&mut self, kind: HookKind, status: Status, fault: Option<Fault>) {
        let now = Instant::now();
        self.note(status, fault);
        self.quiet_since = now;
        if kind == HookKind::BeforeScenario {
            self.hooks.note_before(status);
        }
        if let Some(step) = &mut self.steps.running {
            // Its own code gets control only now.
            step.since = now;
            step.reported_slow = false;
        }
    }

    /// Notes the worst status of the steps that do not run.
    pub fn note_rest(&mut self, rest: Status) {
        self.steps.rest = Some(rest);
    }

    /// Checks that the attempt may end.
    ///
    /// # Errors
    /// When a hook of the scenario has not run.
    pub fn finish(&self) -> Result<(), MissingHook> {
        self.hooks.finish()
    }

    /// The closing hooks that do not run when its process dies now.
    pub fn unrun_hooks(&self) -> Vec<u32> {
        self.hooks.unrun(self.steps.running.is_some())
    }

    /// Notes that the running step was reported as slow. Returns its position.
    pub fn report_slow(&mut self) -> usize {
        if let Some(step) = &mut self.steps.running {
            step.reported_slow = true;
        }
        self.steps.finished
    }

    /// Its next time limit. `in_hook` says whether a hook runs, which has a limit of its own.
    pub fn due(&self, in_hook: bool, options: &Options) -> Option<(Instant, Due)> {
        let of_step = self.steps.running.as_ref().filter(|_| !in_hook);
        let of_step = of_step.and_then(|step| {
            let slow = options.slow_after(self.limits.step);
            due::slow_or_late(step.since, self.limits.step, slow, step.reported_slow)
        });
        let limit = self.limits.scenario.filter(|_| self.fault.is_none());
        let of_attempt = limit.map(|limit| (self.started + limit.time, Due::Late(limit)));
        let all = [of_step, of_attempt, self.due_of_closing(in_hook, options)];
        all.into_iter().flatten().min_by_key(|(at, _)| *at)
    }

    /// The time limit for closing fixtures after the attempt was broken off. The limit that ended the attempt
    /// no longer applies, and without a limit a hanging fixture would hang the run.
    fn due_of_closing(&self, in_hook: bool, options: &Options) -> Option<(Instant, Due)> {
        if self.steps.running.is_some() || in_hook || self.fault.is_none() {
            return None;
        }
        let limit = options.hook_limit(true)?;
        Some((self.quiet_since + limit.time, Due::LateToClose(limit)))
    }
}
