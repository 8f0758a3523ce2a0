//! What runs at this moment: on each worker its hooks, its attempt and the steps of that; whether what a
//! worker says of them can be; and how long they may take.
//!
//! It knows workers only by the serial numbers of their processes. It sends nothing and reports
//! nothing: it answers, and the scheduler does it.

use std::collections::BTreeMap;
use std::time::Instant;

use crate::event::{AttachmentSource, Fault, HookKind, HookPlace, Status};
use crate::plan::PlannedStep;

use super::Options;
use super::context::Context;
use super::due::Due;
use super::hooks::Hooks;
use super::index::ScenarioIndex;

mod activity;
mod attempt;
mod blocks;
mod extra;
mod hook_sequence;

use activity::Activity;
pub use activity::{RunningHook, Slow, Standing};
pub use attempt::{ActualStep, Attempt};
pub use blocks::Refusal;
pub use extra::OpenExtra;
pub use hook_sequence::AttemptHooks;
use hook_sequence::{HookError, LeftOut};

/// What each worker runs, by its serial number.
#[derive(Debug, Default)]
pub struct Attempts {
    workers: BTreeMap<u32, Activity>,
}

impl Attempts {
    /// A worker that runs nothing.
    pub fn add_worker(&mut self, serial: u32) {
        self.workers.insert(serial, Activity::default());
    }

    /// A worker is gone. The result is the closing hooks, apart from those of a scenario, that it did not
    /// live to run.
    pub fn remove_worker(&mut self, serial: u32) -> Vec<u32> {
        let gone = self.workers.remove(&serial);
        gone.map_or_else(Vec::new, |activity| activity.unrun_closing().collect())
    }

    fn of(&self, serial: u32) -> Option<&Activity> {
        self.workers.get(&serial)
    }

    /// The attempt that a worker runs.
    pub fn attempt(&self, serial: u32) -> Option<&Attempt> {
        self.of(serial)?.attempt()
    }

    fn attempt_mut(&mut self, serial: u32) -> Option<&mut Attempt> {
        self.workers.get_mut(&serial)?.attempt_mut()
    }

    /// Whether a worker runs an attempt.
    pub fn is_running(&self, serial: u32) -> bool {
        self.attempt(serial).is_some()
    }

    /// The hook that a worker runs.
    pub fn hook(&self, serial: u32) -> Option<&RunningHook> {
        self.of(serial)?.hook()
    }

    /// Whether a worker runs an attempt or a hook.
    pub fn is_busy(&self, serial: u32) -> bool {
        self.is_running(serial) || self.hook(serial).is_some()
    }

    /// The number of the step or hook that a worker runs, among all that it has run.
    pub fn running_call(&self, serial: u32) -> Option<u64> {
        self.of(serial)?.running_call()
    }

    /// The feature that a worker has opened.
    pub fn open_feature(&self, serial: u32) -> Option<usize> {
        self.of(serial)?.blocks().feature()
    }

    /// The rule that a worker has opened.
    pub fn open_rule(&self, serial: u32) -> Option<usize> {
        self.of(serial)?.blocks().rule()
    }

    /// What runs on a worker and may attach something.
    pub fn attachment_source(&self, serial: u32) -> Option<AttachmentSource> {
        self.of(serial)?.attachment_source()
    }

    /// What is due next of what a worker runs.
    pub fn due(&self, serial: u32, options: &Options) -> Option<(Instant, Due)> {
        self.of(serial)?.due(options)
    }

    /// A worker gets its opening and closing hooks.
    pub fn open(&mut self, serial: u32, before: Vec<u32>, after: Vec<u32>) {
        if let Some(activity) = self.workers.get_mut(&serial) {
            activity.open(before, after);
        }
    }

    /// A worker says that its opening hooks have run.
    ///
    /// # Errors
    /// When one has not.
    pub fn check_opened(&self, serial: u32, hooks: &Hooks) -> Result<(), String> {
        let opened = self.of(serial).map(|activity| activity.opening().finish());
        opened
            .unwrap_or(Ok(()))
            .map_err(|hook| left_out(hook, hooks))
    }

    /// The closing hooks of a worker.
    pub fn closing_hooks(&self, serial: u32) -> &[u32] {
        self.of(serial)
            .map_or(&[], |activity| activity.closing().hooks())
    }

    /// A worker comes to a scenario. The result is the hook of its feature or rule that keeps it from
    /// running.
    ///
    /// # Errors
    /// When a hook of what it leaves or enters has not run.
    pub fn enter(
        &mut self,
        serial: u32,
        scenario: u32,
        context: &Context<'_>,
        hooks: &Hooks,
    ) -> Result<Option<Refusal>, String> {
        let Some(activity) = self.workers.get_mut(&serial) else {
            return Ok(None);
        };
        let entered = activity.blocks_mut().enter(scenario, &context.index, hooks);
        entered.map_err(|hook| left_out(hook, hooks))
    }

    /// Notes that the opening hook of the feature or rule that a worker is in did not pass.
    pub fn refuse(&mut self, serial: u32, kind: HookKind, refusal: Refusal) {
        if let Some(activity) = self.workers.get_mut(&serial) {
            activity.blocks_mut().refuse(kind, refusal);
        }
    }

    /// A worker starts an attempt.
    pub fn start(&mut self, serial: u32, attempt: Attempt) {
        if let Some(activity) = self.workers.get_mut(&serial) {
            activity.start(attempt);
        }
    }

    /// The attempt of a worker is over.
    pub fn end(&mut self, serial: u32) -> Option<Attempt> {
        self.workers.get_mut(&serial)?.end()
    }

    /// A worker starts a step. The result is the number of the attempt.
    ///
    /// # Errors
    /// When it is not at that step, no step runs any more, or a hook has not run.
    pub fn start_step(
        &mut self,
        serial: u32,
        (scenario, step): (u32, u32),
        index: &ScenarioIndex,
        hooks: &Hooks,
    ) -> Result<u32, String> {
        let Some(activity) = self.workers.get_mut(&serial) else {
            return Err(elsewhere(scenario, step));
        };
        let call = activity.count_call();
        let at = |attempt: &&mut Attempt| attempt.is_at(scenario, step, false);
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
        let started = attempt.start_step(call);
        started.map_err(|hook| left_out(hook, hooks))?;
        Ok(attempt.number())
    }

    /// A worker leaves out a step. The result is the number of the attempt.
    ///
    /// # Errors
    /// When it is not at that step, no step runs any more, or a hook has not run.
    pub fn leave_out_step(
        &mut self,
        serial: u32,
        (scenario, step): (u32, u32),
        index: &ScenarioIndex,
        hooks: &Hooks,
    ) -> Result<u32, String> {
        let at = |attempt: &&mut Attempt| attempt.is_at(scenario, step, false);
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

    /// A worker starts a step that the plan does not have. The result is the number of the attempt.
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

    /// A worker has finished a step that the plan does not have. The result is the number of the attempt,
    /// and that step.
    ///
    /// # Errors
    /// When that step does not run.
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

    /// Notes how an extra step went that ran in a planned one. That one decides whether it counts.
    pub fn note_inner(&mut self, serial: u32, status: Status) {
        if let Some(attempt) = self.attempt_mut(serial) {
            attempt.extra_mut().note_inner(status);
        }
    }

    /// The planned step of a worker has ended that extra steps ran in: they count unless it accounts for
    /// their failures.
    pub fn count_inner(&mut self, serial: u32, handled: bool) {
        if let Some(attempt) = self.attempt_mut(serial) {
            let inner = attempt.extra_mut().take_inner();
            let counts = |status: &Status| !handled && *status >= Status::Pending;
            if let Some(status) = inner.filter(counts) {
                attempt.note(status, None);
            }
        }
    }

    /// Ends the steps of a worker that the plan does not have and that run.
    pub fn end_extra(&mut self, serial: u32) -> Vec<OpenExtra> {
        let attempt = self.attempt_mut(serial);
        attempt.map_or_else(Vec::new, |one| one.extra_mut().end_all().collect())
    }

    fn running(&mut self, serial: u32, scenario: u32) -> Result<&mut Attempt, String> {
        let attempt = self.attempt_mut(serial);
        let attempt = attempt.filter(|attempt| attempt.scenario() == scenario);
        attempt.ok_or_else(|| {
            format!("it spoke of an extra step of scenario {scenario}, which it does not run")
        })
    }

    /// A worker has finished a step. The result is the number of the attempt.
    ///
    /// # Errors
    /// When it is not in that step, or a hook has not run.
    pub fn finish_step(
        &mut self,
        serial: u32,
        (scenario, step): (u32, u32),
        hooks: &Hooks,
    ) -> Result<u32, String> {
        let at = |attempt: &&mut Attempt| attempt.is_at(scenario, step, true);
        let attempt = self.attempt_mut(serial).filter(at);
        let attempt = attempt.ok_or_else(|| elsewhere(scenario, step))?;
        let finished = attempt.finish_step();
        finished.map_err(|hook| left_out(hook, hooks))?;
        Ok(attempt.number())
    }

    /// Notes how a step went that has finished. `fault` ended it, if something did; `continues` says
    /// whether the steps after a failed one run.
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
            attempt.end_step();
            attempt.note(status, None);
        }
    }

    /// Notes the worst of what the steps that do not run became.
    pub fn note_rest(&mut self, serial: u32, rest: Status) {
        if let Some(attempt) = self.attempt_mut(serial) {
            attempt.note_rest(rest);
        }
    }

    /// The position of the next step of the attempt that a worker says it has finished.
    ///
    /// # Errors
    /// When it runs another one, or is in a step.
    pub fn at_end(&self, serial: u32, scenario: u32, number: u32) -> Result<usize, String> {
        let is_it = |one: &&Attempt| {
            (one.scenario(), one.number()) == (scenario, number) && one.running_step().is_none()
        };
        match self.attempt(serial).filter(is_it) {
            Some(attempt) => Ok(attempt.next_step()),
            None => Err(format!(
                "it finished scenario {scenario}, which it does not run"
            )),
        }
    }

    /// The attempt of a worker, which can be over; `can_go_on` says whether its next step could run.
    ///
    /// # Errors
    /// When a step or hook was left out.
    pub fn check_end(
        &self,
        serial: u32,
        can_go_on: bool,
        hooks: &Hooks,
    ) -> Result<&Attempt, String> {
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

    /// A worker adds a hook under an id of its own.
    ///
    /// # Errors
    /// When the id is that of another hook.
    pub fn add_hook(&mut self, serial: u32, id: u32, hook: u32) -> Result<(), String> {
        self.workers.entry(serial).or_default().add_hook(id, hook)
    }

    /// The hook that a worker has added under this id.
    pub fn added_hook(&self, serial: u32, id: u32) -> Option<u32> {
        self.of(serial)?.added_hook(id)
    }

    /// A worker starts a hook. The result is what it runs for, found from the hook and from where the
    /// worker is.
    ///
    /// # Errors
    /// When it does not run there, is not the next, or one before it has not run.
    pub fn start_hook(
        &mut self,
        serial: u32,
        (hook, output): (u32, u64),
        standing: Standing,
        context: &Context<'_>,
        hooks: &Hooks,
    ) -> Result<HookPlace, String> {
        let activity = self.workers.entry(serial).or_default();
        let started = activity.start_hook(hook, output, standing, context, hooks);
        started.map_err(|error| match error {
            HookError::LeftOut(hook) => left_out(hook, hooks),
            HookError::Misplaced => format!(
                "it started {}, which is not the next to run",
                hooks.named(hook)
            ),
        })
    }

    /// A worker has finished a hook.
    ///
    /// # Errors
    /// When that hook does not run.
    pub fn finish_hook(
        &mut self,
        serial: u32,
        hook: u32,
        hooks: &Hooks,
    ) -> Result<RunningHook, String> {
        let is_it = |running: &RunningHook| running.hook == hook;
        match self.hook(serial).is_some_and(is_it) {
            true => self.end_hook(serial),
            false => None,
        }
        .ok_or_else(|| format!("it finished {}, which does not run", hooks.named(hook)))
    }

    /// The hook of a worker ends with its process, or before.
    pub fn end_hook(&mut self, serial: u32) -> Option<RunningHook> {
        self.workers.get_mut(&serial)?.end_hook()
    }

    /// Notes how a hook went that has finished. `fault` ended it, if something did.
    pub fn note_hook(&mut self, serial: u32, kind: HookKind, status: Status, fault: Option<Fault>) {
        if let Some(attempt) = self.attempt_mut(serial) {
            attempt.finish_hook(kind, status, fault);
        }
    }

    /// Notes how a hook went that has ended with its process.
    pub fn abort_hook(&mut self, serial: u32, status: Status) {
        if let Some(attempt) = self.attempt_mut(serial) {
            attempt.note(status, None);
        }
    }

    /// Notes that it was reported that what a worker runs is slow. The result is what that is.
    pub fn report_slow(&mut self, serial: u32) -> Option<Slow> {
        self.workers.get_mut(&serial)?.report_slow()
    }

    /// Notes that it was looked how much an attempt has printed.
    pub fn look_again(&mut self, serial: u32) {
        if let Some(attempt) = self.attempt_mut(serial) {
            attempt.look_again();
        }
    }

    /// Whether the worker is asked to match the steps that its running step runs from text.
    pub fn is_matching(&mut self, serial: u32) -> bool {
        let activity = self.workers.get_mut(&serial);
        activity.is_some_and(|activity| activity.nested_mut().is_some())
    }

    /// The worker is asked to match steps that its running step runs from text.
    pub fn await_matches(&mut self, serial: u32, steps: Vec<PlannedStep>) {
        if let Some(activity) = self.workers.get_mut(&serial) {
            *activity.nested_mut() = Some(steps);
        }
    }

    /// The steps that a worker was asked to match, if there are `count`; it is not asked any more.
    pub fn take_matching(&mut self, serial: u32, count: usize) -> Option<Vec<PlannedStep>> {
        let nested = self.workers.get_mut(&serial)?.nested_mut();
        nested.take_if(|steps| steps.len() == count)
    }
}

fn left_out(LeftOut(hook): LeftOut, hooks: &Hooks) -> String {
    format!("it left out {}", hooks.named(hook))
}

fn elsewhere(scenario: u32, step: u32) -> String {
    format!("it spoke of step {step} of scenario {scenario}, where it is not")
}
