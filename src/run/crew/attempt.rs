//! An attempt at a scenario while it runs: how far it is and what became of it so far.

use std::time::{Duration, Instant};

use crate::event::{Fault, Status};

use super::super::course::Due;
use super::super::limits::Limits;

/// How often it is looked how much an attempt has printed. What a process can print meanwhile is
/// what the limit is exceeded by at most.
pub const LOOK: Duration = Duration::from_millis(50);

/// A scenario that a worker has started.
#[derive(Debug)]
pub struct Attempt {
    /// The scenario.
    pub scenario: u32,
    /// The attempt, from 0.
    pub number: u32,
    /// The length of the capture file when it started.
    output: u64,
    /// When it started, by the runner's clock.
    pub started: Instant,
    /// How long it and its steps may take: at first as long as they like.
    pub limits: Limits,
    /// The number of the step that runs, among the steps and hooks of its worker.
    pub call: u64,
    /// When the code of the step that runs got control, by the runner's clock.
    pub step_since: Instant,
    /// Whether it was said that this step, or the hook around it, is slow.
    pub told_slow: bool,
    /// When it is looked next how much it has printed.
    pub look_at_output: Instant,
    /// What ended its steps early, when its worker goes on all the same.
    pub fault: Option<Fault>,
    /// How many steps have finished.
    pub finished: usize,
    /// The worst of what the steps that do not run became, once that is said: before the hooks
    /// behind the steps.
    pub rest: Option<Status>,
    /// Whether the step after those is running.
    pub in_step: bool,
    /// The worst status so far.
    pub worst: Status,
    /// Whether the worker must go on with the next step.
    pub goes_on: bool,
    /// Its hooks.
    pub due: Due,
}

impl Attempt {
    /// An attempt that starts now; `output` is the length of the capture file.
    pub fn new(scenario: u32, number: u32, output: u64, due: Due) -> Self {
        let now = Instant::now();
        Self {
            scenario,
            number,
            output,
            started: now,
            limits: Limits::default(),
            call: 0,
            step_since: now,
            told_slow: false,
            look_at_output: now + LOOK,
            fault: None,
            finished: 0,
            rest: None,
            in_step: false,
            worst: Status::Passed,
            goes_on: true,
            due,
        }
    }

    /// The length of the capture file when it started.
    pub fn output(&self) -> u64 {
        self.output
    }

    /// Whether the worker must run its next step, if it has one.
    pub fn must_go_on(&self) -> bool {
        self.goes_on && !self.due.refused && self.fault.is_none()
    }

    /// Nanoseconds since it started, by the runner's clock.
    pub fn nanos(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }
}
