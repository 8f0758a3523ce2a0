//! Keeps track of which hooks of a moment a worker has run.
//!
//! It decides whether the messages of a worker about its hooks can be right. It knows neither messages nor
//! events. Hooks are positions in `DeclaredHooks::shown`.

use crate::event::{HookKind, Status};

use super::super::hooks::ScenarioHooks;

/// Hooks that run at one moment, and which of them have begun.
///
/// The order of the hooks is not checked here, because the results are the same. `bdd worker-check` checks
/// it.
#[derive(Debug, Default)]
pub struct HookSequence {
    hooks: Vec<u32>,
    /// Those that have not begun, in order.
    left: Vec<u32>,
}

impl HookSequence {
    /// None of them has begun.
    pub fn new(hooks: Vec<u32>) -> Self {
        Self {
            left: hooks.clone(),
            hooks,
        }
    }

    /// One of them starts.
    ///
    /// # Errors
    /// When it is not one of them, or has already run.
    pub fn start(&mut self, hook: u32) -> Result<(), NotDue> {
        let position = self.left.iter().position(|one| *one == hook);
        self.left.remove(position.ok_or(NotDue)?);
        Ok(())
    }

    /// Checks that all hooks have run.
    ///
    /// # Errors
    /// When one of them has not run.
    pub fn finish(&self) -> Result<(), MissingHook> {
        self.left
            .first()
            .map_or(Ok(()), |&hook| Err(MissingHook(hook)))
    }

    /// Whether one of them has begun.
    pub fn has_begun(&self) -> bool {
        self.left.len() < self.hooks.len()
    }

    /// All of them.
    pub fn hooks(&self) -> &[u32] {
        &self.hooks
    }

    /// Those that have not begun.
    pub fn left(&self) -> &[u32] {
        &self.left
    }

    /// Starts again from the first hook.
    fn rewind(&mut self) {
        self.left.clone_from(&self.hooks);
    }
}

/// A hook that should have run and did not.
#[derive(Debug, PartialEq, Eq)]
pub struct MissingHook(pub u32);

/// A hook that must not run now.
#[derive(Debug, PartialEq, Eq)]
pub struct NotDue;

/// Why a hook cannot have started.
#[derive(Debug, PartialEq, Eq)]
pub enum HookError {
    /// It must not run now.
    NotDue,
    /// This hook had to run before it.
    MissingHook(MissingHook),
}

impl From<NotDue> for HookError {
    fn from(NotDue: NotDue) -> Self {
        Self::NotDue
    }
}

impl From<MissingHook> for HookError {
    fn from(left_out: MissingHook) -> Self {
        Self::MissingHook(left_out)
    }
}

/// The hooks of an attempt at a scenario.
#[derive(Debug, Default)]
pub struct AttemptHooks {
    before: HookSequence,
    after: HookSequence,
    /// Before the step that runs.
    before_step: HookSequence,
    /// After the step that runs.
    after_step: HookSequence,
    /// Whether a hook before the steps did not pass: none of them runs.
    refused: bool,
    /// Whether a hook has asked to skip the scenario: the hooks after it do not run.
    skipped: bool,
}

impl AttemptHooks {
    /// None of them has begun.
    pub fn new(hooks: ScenarioHooks) -> Self {
        Self {
            before: HookSequence::new(hooks.before),
            after: HookSequence::new(hooks.after),
            before_step: HookSequence::new(hooks.before_step),
            after_step: HookSequence::new(hooks.after_step),
            refused: false,
            skipped: false,
        }
    }

    /// A hook starts; `in_step` says whether a step runs.
    ///
    /// # Errors
    /// When it must not run now.
    pub fn start_hook(&mut self, kind: HookKind, hook: u32, in_step: bool) -> Result<(), NotDue> {
        match (kind, in_step) {
            (HookKind::BeforeScenario, false) if !self.skipped => self.before.start(hook),
            (HookKind::AfterScenario, false) => self.after.start(hook),
            (HookKind::BeforeStep, true) => self.before_step.start(hook),
            (HookKind::AfterStep, true) => self.after_step.start(hook),
            _ => Err(NotDue),
        }
    }

    /// Notes the status of a hook before the steps.
    pub fn note_before(&mut self, status: Status) {
        self.refused |= status != Status::Passed;
        self.skipped |= status == Status::Skipped;
    }

    /// Whether a hook before the steps did not pass: none of them runs.
    pub fn is_refused(&self) -> bool {
        self.refused
    }

    /// The closing hooks that do not run when the process dies now.
    pub fn unrun(&self, in_step: bool) -> Vec<u32> {
        let of_step = in_step.then(|| self.after_step.left());
        let of_step = of_step.into_iter().flatten();
        of_step.chain(self.after.left()).copied().collect()
    }

    /// Checks that the next step may start.
    ///
    /// # Errors
    /// When a hook before the steps has not run.
    pub fn start_step(&mut self) -> Result<(), MissingHook> {
        self.before.finish()?;
        self.before_step.rewind();
        self.after_step.rewind();
        Ok(())
    }

    /// Whether no step may start any more.
    pub fn steps_are_over(&self) -> bool {
        self.refused || self.after.has_begun()
    }

    /// Checks that a step may end.
    ///
    /// # Errors
    /// When a hook of the step has not run.
    pub fn finish_step(&self) -> Result<(), MissingHook> {
        self.before_step.finish()?;
        self.after_step.finish()
    }

    /// Checks that the hooks after the steps may run.
    ///
    /// # Errors
    /// When a hook before the steps has not run.
    fn end_steps(&self) -> Result<(), MissingHook> {
        match self.skipped {
            true => Ok(()),
            false => self.before.finish(),
        }
    }

    /// Checks that the attempt may end.
    ///
    /// # Errors
    /// When a hook of the scenario has not run.
    pub fn finish(&self) -> Result<(), MissingHook> {
        self.end_steps()?;
        self.after.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_hook_of_a_sequence_runs_once() {
        let mut sequence = HookSequence::new(vec![4, 2, 9]);
        assert_eq!(sequence.start(7), Err(NotDue));
        assert!(!sequence.has_begun());
        assert_eq!(sequence.start(2), Ok(()));
        assert_eq!(sequence.start(2), Err(NotDue));
        assert!(sequence.has_begun());
        assert_eq!(sequence.left(), [4, 9]);
        assert_eq!(sequence.finish(), Err(MissingHook(4)));
        assert_eq!((sequence.start(4), sequence.start(9)), (Ok(()), Ok(())));
        assert_eq!(sequence.finish(), Ok(()));
    }

    #[test]
    fn step_hooks_run_for_each_step() {
        let mut hooks = AttemptHooks::new(ScenarioHooks {
            before: vec![1],
            after: vec![4],
            before_step: vec![2],
            after_step: vec![3],
        });
        assert_eq!(hooks.start_step(), Err(MissingHook(1)));
        assert_eq!(
            hooks.start_hook(HookKind::BeforeScenario, 1, true),
            Err(NotDue)
        );
        assert_eq!(hooks.start_hook(HookKind::BeforeScenario, 1, false), Ok(()));
        for _ in 0..2 {
            hooks.start_step().unwrap();
            assert_eq!(hooks.finish_step(), Err(MissingHook(2)));
            assert_eq!(hooks.start_hook(HookKind::BeforeStep, 2, true), Ok(()));
            assert_eq!(hooks.finish_step(), Err(MissingHook(3)));
            assert_eq!(hooks.start_hook(HookKind::AfterStep, 3, true), Ok(()));
            hooks.finish_step().unwrap();
        }
        assert_eq!(hooks.finish(), Err(MissingHook(4)));
        assert_eq!(hooks.start_hook(HookKind::AfterScenario, 4, false), Ok(()));
        hooks.finish().unwrap();
    }
}
