//! The steps that the running step runs from text: which comes next, and whether one did not pass.

use std::cell::Cell;

/// Numbers the inner steps of an attempt.
#[derive(Default)]
pub(crate) struct ExtraSteps {
    /// The position of the step of the scenario that runs.
    parent: Cell<u32>,
    /// The number of the next inner step; counted in each attempt.
    next: Cell<u32>,
    /// Whether one did not pass in the step that runs.
    any_failed: Cell<bool>,
}

impl ExtraSteps {
    /// An attempt begins.
    pub(super) fn begin_attempt(&self) {
        self.next.set(0);
    }

    /// A step of the scenario begins.
    pub(super) fn enter_step(&self, position: u32) {
        self.parent.set(position);
        self.any_failed.set(false);
    }

    /// The position of the step of the scenario that runs.
    pub(crate) fn parent(&self) -> u32 {
        self.parent.get()
    }

    /// An inner step begins. Returns its number.
    pub(crate) fn start(&self) -> u32 {
        self.next.replace(self.next.get() + 1)
    }

    /// An inner step did not pass.
    pub(crate) fn fail(&self) {
        self.any_failed.set(true);
    }

    /// Whether an inner step did not pass since the step of the scenario began.
    pub(super) fn any_failed(&self) -> bool {
        self.any_failed.get()
    }
}
