//! What each worker runs: its hooks, its attempt and the steps of the attempt. Checks whether messages of the
//! worker fit that, and knows the time limits.
//!
//! It knows workers only by the serial numbers of their processes. It sends and reports nothing: it answers
//! questions, and the scheduler acts.

use std::collections::BTreeMap;
use std::time::Instant;

use crate::event::AttachmentSource;
use crate::plan::PlannedStep;

use super::Options;
use super::due::Due;
use super::hooks::DeclaredHooks;

mod activity;
mod attempt;
mod blocks;
mod extra;
mod hook_sequence;
mod of_hooks;
mod of_steps;

use activity::Activity;
pub use activity::{RunningHook, Slow, Standing};
pub use attempt::{ActualStep, RunningAttempt};
pub use blocks::Refusal;
pub use extra::OpenExtra;
pub use hook_sequence::AttemptHooks;
use hook_sequence::MissingHook;

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

    /// A worker is gone. Returns the closing hooks outside of scenarios that it did not run.
    pub fn remove_worker(&mut self, serial: u32) -> Vec<u32> {
        let gone = self.workers.remove(&serial);
        gone.map_or_else(Vec::new, |activity| activity.unrun_closing().collect())
    }

    fn of(&self, serial: u32) -> Option<&Activity> {
        self.workers.get(&serial)
    }

    /// The attempt that a worker runs.
    pub fn attempt(&self, serial: u32) -> Option<&RunningAttempt> {
        self.of(serial)?.attempt()
    }

    fn attempt_mut(&mut self, serial: u32) -> Option<&mut RunningAttempt> {
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

    /// The running step or hook of a worker, which may attach something.
    pub fn attachment_source(&self, serial: u32) -> Option<AttachmentSource> {
        self.of(serial)?.attachment_source()
    }

    /// The next time limit of what a worker runs.
    pub fn due(&self, serial: u32, options: &Options) -> Option<(Instant, Due)> {
        self.of(serial)?.due(options)
    }

    /// A worker starts an attempt.
    pub fn start(&mut self, serial: u32, attempt: RunningAttempt) {
        if let Some(activity) = self.workers.get_mut(&serial) {
            activity.start(attempt);
        }
    }

    /// The attempt of a worker is over.
    pub fn end(&mut self, serial: u32) -> Option<RunningAttempt> {
        self.workers.get_mut(&serial)?.end()
    }

    /// Notes that a worker's step or hook was reported as slow. Returns which.
    pub fn report_slow(&mut self, serial: u32) -> Option<Slow> {
        self.workers.get_mut(&serial)?.report_slow()
    }

    /// The length of the capture file when the attempt, or else the hook outside of attempts, began that a worker runs.
    pub fn output_at_start(&self, serial: u32) -> Option<u64> {
        let of_hook = || self.hook(serial).map(|hook| hook.output);
        self.attempt(serial)
            .map(RunningAttempt::output)
            .or_else(of_hook)
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

fn left_out(MissingHook(hook): MissingHook, hooks: &DeclaredHooks) -> String {
    format!("it left out {}", hooks.named(hook))
}
