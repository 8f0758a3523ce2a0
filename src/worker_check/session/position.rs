//! How far a worker has come, and what a session saw on the way.

use std::collections::{BTreeMap, BTreeSet};

use bdd_protocol::StepStatus;

use super::blocks::Blocks;

/// How far a worker has come.
#[derive(Debug)]
pub(super) struct Position {
    pub(super) blocks: Blocks,
    /// The scenario that has started and not finished.
    pub(super) scenario: Option<u32>,
    /// The step that runs.
    pub(super) step: Option<u32>,
    pub(super) hook: Option<u32>,
    /// What the host runs besides the plan.
    pub(super) extras: Extras,
    /// The worst of what the host ran besides the plan in this attempt.
    pub(super) departed: StepStatus,
    /// Whether the step that runs was refused the steps that it asked for.
    pub(super) nested_refused: bool,
    /// How many steps and hooks have started.
    pub(super) calls: u64,
    /// The number of the step that runs among them.
    pub(super) step_call: u64,
    /// The last length of the capture file that is known.
    pub(super) output: u64,
    /// Whether it has not answered `begin`.
    pub(super) begins: bool,
    pub(super) retiring: bool,
    pub(super) finishing: bool,
    pub(super) closed: bool,
}

impl Position {
    /// A process that has said hello; its capture file has this length.
    pub(super) fn new(output: u64) -> Self {
        Self {
            blocks: Blocks::default(),
            scenario: None,
            step: None,
            hook: None,
            extras: Extras::default(),
            departed: StepStatus::Passed,
            nested_refused: false,
            calls: 0,
            step_call: 0,
            output,
            begins: false,
            retiring: false,
            finishing: false,
            closed: false,
        }
    }

    /// An attempt at a scenario has started.
    pub(super) fn scenario_starts(&mut self, scenario: u32) {
        self.scenario = Some(scenario);
        self.departed = StepStatus::Passed;
        self.extras.attempt_starts();
    }

    /// The number of the hook that runs, else of the step; `None` when nothing runs.
    pub(super) fn running_call(&self) -> Option<u64> {
        match (self.hook, self.step) {
            (Some(_), _) => Some(self.calls),
            (None, Some(_)) => Some(self.step_call),
            (None, None) => None,
        }
    }

    /// Whether code of the user runs.
    pub(super) fn runs_code(&self) -> bool {
        self.step.is_some() || self.hook.is_some() || self.extras.any_open()
    }
}

/// What a session saw besides mistakes.
#[derive(Debug, Default)]
pub struct Seen {
    /// The status of each scenario that was finished.
    pub statuses: BTreeMap<u32, StepStatus>,
    /// How many attempts were announced as followed by another.
    pub retries: usize,
    /// How many attachments came.
    pub attachments: usize,
    /// The scenarios whose steps asked for steps.
    pub nested: Vec<u32>,
    /// How many steps and hooks were left.
    pub left: usize,
    /// How many scenarios were given back.
    pub given_back: usize,
    /// The hooks that finished, and how often.
    pub hooks: BTreeMap<u32, usize>,
    /// The scenarios of which a step failed that was not the last.
    pub failed_early: Vec<u32>,
    /// The scenario that took longest, and its nanoseconds.
    pub slowest: Option<(u64, u32)>,
    /// How often the host departed from the plan.
    pub departures: usize,
    /// Whether the host asked to abort.
    pub aborted: bool,
    /// How many steps finished.
    pub steps: usize,
    /// Whether opening hooks of the run or worker did not pass.
    pub refused: bool,
    /// What was exported by hooks before the run.
    pub exported: Vec<(String, String)>,
}

/// What a host runs besides the plan.
#[derive(Debug, Default)]
pub(super) struct Extras {
    /// The extra steps that run, the outermost first.
    pub(super) open: Vec<u32>,
    pub(super) next: u32,
    pub(super) hooks: BTreeSet<u32>,
    pub(super) keys: BTreeSet<u32>,
}

impl Extras {
    fn attempt_starts(&mut self) {
        self.next = 0;
    }

    fn any_open(&self) -> bool {
        !self.open.is_empty()
    }
}

impl Position {
    /// Whether the host has introduced a hook with this id.
    pub(super) fn is_added(&self, hook: u32) -> bool {
        self.extras.hooks.contains(&hook)
    }

    pub(super) fn depart(&mut self, status: StepStatus) {
        if rank(status) > rank(self.departed) {
            self.departed = status;
        }
    }
}

/// How bad a status is.
pub(super) fn rank(status: StepStatus) -> u8 {
    match status {
        StepStatus::Passed => 0,
        StepStatus::Skipped => 1,
        StepStatus::Pending => 2,
        StepStatus::Failed => 3,
    }
}

/// The worse of two statuses.
pub(super) fn worse(one: StepStatus, other: StepStatus) -> StepStatus {
    match rank(one) >= rank(other) {
        true => one,
        false => other,
    }
}
