//! How far a worker has come with the hooks of a moment: pure bookkeeping.
//!
//! It decides whether what a worker says of its hooks can be. It knows nothing of messages or
//! events; hooks are positions in `DeclaredHooks::shown`.

use crate::event::{HookKind, Status};

use super::super::hooks::ScenarioHooks;

/// Hooks that run at one moment, and which of them have begun.
///
/// In which order they come is not looked at: the results are the same. `bdd worker-check` does.
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
    /// When it is none of them, or has run.
    pub fn start(&mut self, hook: u32) -> Result<(), NotDue> {
        let position = self.left.iter().position(|one| *one == hook);
        self.left.remove(position.ok_or(NotDue)?);
        Ok(())
    }

    /// Comes to what follows the hooks.
    ///
    /// # Errors
    /// When one of them has not run.
    pub fn finish(&self) -> Result<(), LeftOut> {
        self.left.first().map_or(Ok(()), |&hook| Err(LeftOut(hook)))
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

    /// Begins anew.
    fn rewind(&mut self) {
        self.left.clone_from(&self.hooks);
    }
}

/// A hook that should have run and did not.
#[derive(Debug, PartialEq, Eq)]
pub struct LeftOut(pub u32);

/// A hook that is not to run now.
#[derive(Debug, PartialEq, Eq)]
pub struct NotDue;

/// Why a hook cannot have started.
#[derive(Debug, PartialEq, Eq)]
pub enum HookError {
    /// It is not to run now.
    NotDue,
    /// This one had to run before.
    LeftOut(LeftOut),
}

impl From<NotDue> for HookError {
    fn from(NotDue: NotDue) -> Self {
        Self::NotDue
    }
}

impl From<LeftOut> for HookError {
    fn from(left_out: LeftOut) -> Self {
        Self::LeftOut(left_out)
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
    /// Whether one has asked to skip the scenario: those after it do not run.
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

    /// Takes a hook that starts; `in_step` says whether a step runs.
    ///
    /// # Errors
    /// When it is not to run now.
    pub fn start_hook(&mut self, kind: HookKind, hook: u32, in_step: bool) -> Result<(), NotDue> {
        match (kind, in_step) {
            (HookKind::BeforeScenario, false) if !self.skipped => self.before.start(hook),
            (HookKind::AfterScenario, false) => self.after.start(hook),
            (HookKind::BeforeStep, true) => self.before_step.start(hook),
            (HookKind::AfterStep, true) => self.after_step.start(hook),
            _ => Err(NotDue),
        }
    }

    /// Notes how a hook before the steps went.
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

    /// Comes to the next step.
    ///
    /// # Errors
    /// When a hook before the steps has not run.
    pub fn start_step(&mut self) -> Result<(), LeftOut> {
        self.before.finish()?;
        self.before_step.rewind();
        self.after_step.rewind();
        Ok(())
    }

    /// Whether no step may start any more.
    pub fn steps_are_over(&self) -> bool {
        self.refused || self.after.has_begun()
    }

    /// Comes to the end of a step.
    ///
    /// # Errors
    /// When a hook of the step has not run.
    pub fn finish_step(&self) -> Result<(), LeftOut> {
        self.before_step.finish()?;
        self.after_step.finish()
    }

    /// Comes to the hooks after the steps.
    ///
    /// # Errors
    /// When a hook before the steps has not run.
    fn end_steps(&self) -> Result<(), LeftOut> {
        match self.skipped {
            true => Ok(()),
            false => self.before.finish(),
        }
    }

    /// Comes to the end of the attempt.
    ///
    /// # Errors
    /// When a hook of the scenario has not run.
    pub fn finish(&self) -> Result<(), LeftOut> {
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
        assert_eq!(sequence.finish(), Err(LeftOut(4)));
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
        assert_eq!(hooks.start_step(), Err(LeftOut(1)));
        assert_eq!(
            hooks.start_hook(HookKind::BeforeScenario, 1, true),
            Err(NotDue)
        );
        assert_eq!(hooks.start_hook(HookKind::BeforeScenario, 1, false), Ok(()));
        for _ in 0..2 {
            hooks.start_step().unwrap();
            assert_eq!(hooks.finish_step(), Err(LeftOut(2)));
            assert_eq!(hooks.start_hook(HookKind::BeforeStep, 2, true), Ok(()));
            assert_eq!(hooks.finish_step(), Err(LeftOut(3)));
            assert_eq!(hooks.start_hook(HookKind::AfterStep, 3, true), Ok(()));
            hooks.finish_step().unwrap();
        }
        assert_eq!(hooks.finish(), Err(LeftOut(4)));
        assert_eq!(hooks.start_hook(HookKind::AfterScenario, 4, false), Ok(()));
        hooks.finish().unwrap();
    }
}
