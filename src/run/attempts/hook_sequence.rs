//! How far a worker has come with the hooks of a moment: pure bookkeeping.
//!
//! It decides whether what a worker says of its hooks can be. It knows nothing of messages or
//! events; hooks are positions in [`super::super::hooks::Hooks::shown`].

use crate::event::{HookKind, Status};

use super::super::hooks::ScenarioHooks;

/// Hooks that run one after the other at one moment, and how many of them have begun.
#[derive(Debug, Default)]
pub struct HookSequence {
    hooks: Vec<u32>,
    next: usize,
}

impl HookSequence {
    /// None of them has begun.
    pub fn new(hooks: Vec<u32>) -> Self {
        Self { hooks, next: 0 }
    }

    /// Takes the next hook if it is this one.
    fn advance(&mut self, hook: u32) -> bool {
        let fits = self.left().first() == Some(&hook);
        self.next += usize::from(fits);
        fits
    }

    /// Whether one of them has begun.
    pub fn has_begun(&self) -> bool {
        self.next > 0
    }

    /// All of them.
    pub fn hooks(&self) -> &[u32] {
        &self.hooks
    }

    /// Those that have not begun.
    pub fn left(&self) -> &[u32] {
        &self.hooks[self.next..]
    }

    /// Begins anew.
    fn rewind(&mut self) {
        self.next = 0;
    }
}

/// A hook that should have run and did not.
#[derive(Debug, PartialEq, Eq)]
pub struct LeftOut(pub u32);

/// Why a hook cannot have started.
#[derive(Debug, PartialEq, Eq)]
pub enum HookError {
    /// It is not the next to run.
    Misplaced,
    /// This one had to run before.
    LeftOut(LeftOut),
}

impl From<LeftOut> for HookError {
    fn from(left_out: LeftOut) -> Self {
        Self::LeftOut(left_out)
    }
}

impl HookSequence {
    /// Takes the next hook, which must be this one.
    ///
    /// # Errors
    /// When it is another.
    pub fn start(&mut self, hook: u32) -> Result<(), HookError> {
        match self.advance(hook) {
            true => Ok(()),
            false => Err(HookError::Misplaced),
        }
    }

    /// Comes to what follows the hooks.
    ///
    /// # Errors
    /// When one of them has not run.
    pub fn finish(&self) -> Result<(), LeftOut> {
        self.left()
            .first()
            .map_or(Ok(()), |&hook| Err(LeftOut(hook)))
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

    /// Takes a hook that starts while no step runs; `at_start` says whether no step has run yet.
    ///
    /// # Errors
    /// When it does not run there, is not the next, or one before it has not run.
    pub fn start_outside_steps(
        &mut self,
        kind: HookKind,
        hook: u32,
        at_start: bool,
    ) -> Result<(), HookError> {
        match kind {
            HookKind::BeforeScenario if at_start && !self.skipped => self.before.start(hook),
            HookKind::AfterScenario => {
                self.end_steps()?;
                self.after.start(hook)
            }
            _ => Err(HookError::Misplaced),
        }
    }

    /// Takes a hook that starts while a step runs.
    ///
    /// # Errors
    /// When it does not run there, is not the next, or one before it has not run.
    pub fn start_in_step(&mut self, kind: HookKind, hook: u32) -> Result<(), HookError> {
        match kind {
            HookKind::BeforeStep => self.before_step.start(hook),
            HookKind::AfterStep => {
                self.before_step.finish()?;
                self.after_step.start(hook)
            }
            _ => Err(HookError::Misplaced),
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
    fn a_sequence_runs_in_its_order() {
        let mut sequence = HookSequence::new(vec![4, 2]);
        assert!(!sequence.advance(2) && !sequence.has_begun());
        assert!(sequence.advance(4) && sequence.has_begun());
        assert!(!sequence.advance(4));
        assert_eq!(sequence.left(), [2]);
        assert!(sequence.advance(2) && !sequence.advance(2));
        assert!(sequence.left().is_empty());
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
        let before = HookKind::BeforeScenario;
        assert_eq!(hooks.start_outside_steps(before, 1, true), Ok(()));
        for _ in 0..2 {
            hooks.start_step().unwrap();
            assert_eq!(hooks.finish_step(), Err(LeftOut(2)));
            assert_eq!(hooks.start_in_step(HookKind::BeforeStep, 2), Ok(()));
            assert_eq!(hooks.finish_step(), Err(LeftOut(3)));
            assert_eq!(hooks.start_in_step(HookKind::AfterStep, 3), Ok(()));
            hooks.finish_step().unwrap();
        }
        assert_eq!(hooks.finish(), Err(LeftOut(4)));
        let after = HookKind::AfterScenario;
        assert_eq!(hooks.start_outside_steps(after, 4, false), Ok(()));
        hooks.finish().unwrap();
    }
}
