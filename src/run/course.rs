//! How far a worker has come with its hooks, and where they belong: pure bookkeeping.
//!
//! It decides whether what a worker says of its hooks can be. It knows nothing of messages or
//! events; hooks are positions in [`super::hooks::Hooks::shown`].

use std::time::Instant;

use crate::event::{HookPlace, Status};

use super::hooks::ScenarioHooks;

/// Hooks that run one after the other at one moment, and how many of them have begun.
#[derive(Debug, Default)]
pub struct Course {
    hooks: Vec<u32>,
    next: usize,
}

impl Course {
    /// None of them has begun.
    pub fn new(hooks: Vec<u32>) -> Self {
        Self { hooks, next: 0 }
    }

    /// Takes the next hook if it is this one.
    pub fn advance(&mut self, hook: u32) -> bool {
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

/// A hook that has begun and not finished.
#[derive(Debug)]
pub struct RunningHook {
    /// The hook.
    pub hook: u32,
    /// What it runs for.
    pub place: HookPlace,
    /// The length of the capture file when it began.
    pub output: u64,
    /// When it began, by the runner's clock.
    pub since: Instant,
    /// Whether it was said that it is slow.
    pub told_slow: bool,
}

/// An opening hook that did not pass: what it opens is not run.
#[derive(Debug, Clone)]
pub struct Refusal {
    /// The hook.
    pub hook: u32,
    /// Skipped when it asked to skip it, else worse.
    pub status: Status,
    /// What it said.
    pub reason: String,
}

/// A feature or a rule that a worker is in.
#[derive(Debug)]
pub struct Block {
    /// The feature's number in the plan, or the rule's in its feature.
    pub number: usize,
    /// Its opening hooks.
    pub before: Course,
    /// Its closing hooks.
    pub after: Course,
    /// The opening hook that went worst, the first of those; none when all passed.
    pub refusal: Option<Refusal>,
}

impl Block {
    fn new(number: usize, (before, after): (Vec<u32>, Vec<u32>)) -> Self {
        Self {
            number,
            before: Course::new(before),
            after: Course::new(after),
            refusal: None,
        }
    }

    /// What keeps the scenarios in it from running.
    ///
    /// # Errors
    /// When an opening hook has not run.
    pub fn opened(&self) -> Result<Option<Refusal>, LeftOut> {
        none_left(&self.before)?;
        Ok(self.refusal.clone())
    }

    /// Notes that an opening hook did not pass.
    pub fn refuse(&mut self, refusal: Refusal) {
        let worse = |known: &Refusal| known.status < refusal.status;
        if self.refusal.as_ref().is_none_or(worse) {
            self.refusal = Some(refusal);
        }
    }
}

/// A hook that should have run and did not.
#[derive(Debug, PartialEq, Eq)]
pub struct LeftOut(pub u32);

/// The feature and the rule that a worker is in.
#[derive(Debug, Default)]
pub struct Blocks {
    /// The feature.
    pub feature: Option<Block>,
    /// The rule of that feature.
    pub rule: Option<Block>,
}

impl Blocks {
    /// Comes to a feature; what was open before must be closed. `hooks` are those before and after
    /// the feature, asked for when it is new.
    ///
    /// # Errors
    /// When a closing hook of what it leaves has not run.
    pub fn enter_feature(
        &mut self,
        number: usize,
        hooks: impl FnOnce() -> (Vec<u32>, Vec<u32>),
    ) -> Result<&mut Block, LeftOut> {
        let stays = |block: &Block| block.number == number && !block.after.has_begun();
        if !self.feature.as_ref().is_some_and(stays) {
            self.leave_feature()?;
        }
        Ok(self
            .feature
            .get_or_insert_with(|| Block::new(number, hooks())))
    }

    /// Leaves the feature with this number if it was opened before: it is opened a second time.
    ///
    /// # Errors
    /// When a closing hook has not run.
    pub fn reopen_feature(&mut self, number: usize) -> Result<(), LeftOut> {
        let opened = |block: &Block| block.number == number && block.before.left().is_empty();
        match self.feature.as_ref().is_some_and(opened) {
            true => self.leave_feature(),
            false => Ok(()),
        }
    }

    /// Comes to a rule of the feature it is in.
    ///
    /// # Errors
    /// When a closing hook of the rule that it leaves has not run.
    pub fn enter_rule(
        &mut self,
        number: usize,
        hooks: impl FnOnce() -> (Vec<u32>, Vec<u32>),
    ) -> Result<&mut Block, LeftOut> {
        let stays = |block: &Block| block.number == number && !block.after.has_begun();
        if !self.rule.as_ref().is_some_and(stays) {
            self.leave_rule()?;
        }
        Ok(self.rule.get_or_insert_with(|| Block::new(number, hooks())))
    }

    /// Leaves the rule, if it is in one.
    ///
    /// # Errors
    /// When one of its closing hooks has not run.
    pub fn leave_rule(&mut self) -> Result<(), LeftOut> {
        leave(&mut self.rule)
    }

    /// Leaves rule and feature.
    ///
    /// # Errors
    /// When one of their closing hooks has not run.
    pub fn leave_feature(&mut self) -> Result<(), LeftOut> {
        self.leave_rule()?;
        leave(&mut self.feature)
    }

    /// The closing hooks that have not begun, in the order in which they run.
    pub fn left(&self) -> impl Iterator<Item = u32> {
        let left = |block: &Option<Block>| {
            let hooks = block.as_ref().map_or(&[][..], |block| block.after.left());
            hooks.to_vec()
        };
        left(&self.rule).into_iter().chain(left(&self.feature))
    }

    /// Whether the feature with this number is open.
    pub fn is_in(&self, feature: usize) -> bool {
        (self.feature.as_ref()).is_some_and(|block| block.number == feature)
    }
}

fn leave(block: &mut Option<Block>) -> Result<(), LeftOut> {
    if let Some(block) = block
        && let Some(&hook) = block.after.left().first()
    {
        return Err(LeftOut(hook));
    }
    *block = None;
    Ok(())
}

/// The hooks of an attempt at a scenario.
#[derive(Debug, Default)]
pub struct Due {
    /// Before the first step.
    pub before: Course,
    /// After the last step.
    pub after: Course,
    /// Before the step that runs.
    pub before_step: Course,
    /// After the step that runs.
    pub after_step: Course,
    /// Whether a hook before the steps did not pass: none of them runs.
    pub refused: bool,
    /// Whether one has asked to skip the scenario: those behind it do not run.
    pub skipped: bool,
}

impl Due {
    /// None of them has begun.
    pub fn new(hooks: ScenarioHooks) -> Self {
        Self {
            before: Course::new(hooks.before),
            after: Course::new(hooks.after),
            before_step: Course::new(hooks.before_step),
            after_step: Course::new(hooks.after_step),
            refused: false,
            skipped: false,
        }
    }

    /// Comes to the next step.
    ///
    /// # Errors
    /// When a hook before the steps has not run.
    pub fn start_step(&mut self) -> Result<(), LeftOut> {
        none_left(&self.before)?;
        self.before_step.rewind();
        self.after_step.rewind();
        Ok(())
    }

    /// Whether no step may start any more.
    pub fn steps_are_over(&self) -> bool {
        self.refused || self.after.has_begun()
    }

    /// Comes to the hooks after a step.
    ///
    /// # Errors
    /// When a hook before it has not run.
    pub fn end_step(&self) -> Result<(), LeftOut> {
        none_left(&self.before_step)
    }

    /// Comes to the end of a step.
    ///
    /// # Errors
    /// When a hook of the step has not run.
    pub fn finish_step(&self) -> Result<(), LeftOut> {
        self.end_step()?;
        none_left(&self.after_step)
    }

    /// Comes to the hooks after the steps.
    ///
    /// # Errors
    /// When a hook before the steps has not run.
    pub fn end_steps(&self) -> Result<(), LeftOut> {
        match self.skipped {
            true => Ok(()),
            false => none_left(&self.before),
        }
    }

    /// Comes to the end of the attempt.
    ///
    /// # Errors
    /// When a hook of the scenario has not run.
    pub fn finish(&self) -> Result<(), LeftOut> {
        self.end_steps()?;
        none_left(&self.after)
    }
}

fn none_left(course: &Course) -> Result<(), LeftOut> {
    course
        .left()
        .first()
        .map_or(Ok(()), |&hook| Err(LeftOut(hook)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_course_is_run_in_its_order() {
        let mut course = Course::new(vec![4, 2]);
        assert!(!course.advance(2) && !course.has_begun());
        assert!(course.advance(4) && course.has_begun());
        assert!(!course.advance(4));
        assert_eq!(course.left(), [2]);
        assert!(course.advance(2) && !course.advance(2));
        assert!(course.left().is_empty());
    }

    #[test]
    fn a_feature_is_left_when_its_hooks_and_those_of_its_rule_have_run() {
        let mut blocks = Blocks::default();
        blocks.enter_feature(1, || (vec![], vec![8])).unwrap();
        blocks.enter_rule(0, || (vec![], vec![9])).unwrap();
        assert_eq!(blocks.left().collect::<Vec<_>>(), [9, 8]);
        let error = |blocks: &mut Blocks| blocks.enter_feature(2, || unreachable!()).unwrap_err();
        assert_eq!(error(&mut blocks), LeftOut(9));
        assert!(blocks.rule.as_mut().unwrap().after.advance(9));
        assert_eq!(error(&mut blocks), LeftOut(8));
        assert!(blocks.feature.as_mut().unwrap().after.advance(8));
        blocks.enter_feature(2, || (vec![], vec![])).unwrap();
        assert!(blocks.is_in(2) && blocks.rule.is_none());
    }

    #[test]
    fn a_feature_that_was_closed_opens_again() {
        let mut blocks = Blocks::default();
        let hooks = || (vec![3], vec![4]);
        let block = blocks.enter_feature(1, hooks).unwrap();
        assert!(block.before.advance(3));
        let block = blocks.enter_feature(1, || unreachable!()).unwrap();
        assert!(block.after.advance(4));
        let block = blocks.enter_feature(1, hooks).unwrap();
        assert!(block.before.advance(3));
    }

    #[test]
    fn step_hooks_run_for_each_step() {
        let mut due = Due::new(ScenarioHooks {
            before: vec![1],
            after: vec![4],
            before_step: vec![2],
            after_step: vec![3],
        });
        assert_eq!(due.start_step(), Err(LeftOut(1)));
        assert!(due.before.advance(1));
        for _ in 0..2 {
            due.start_step().unwrap();
            assert_eq!(due.finish_step(), Err(LeftOut(2)));
            assert!(due.before_step.advance(2));
            assert_eq!(due.finish_step(), Err(LeftOut(3)));
            assert!(due.after_step.advance(3));
            due.finish_step().unwrap();
        }
        assert_eq!(due.finish(), Err(LeftOut(4)));
        assert!(due.after.advance(4));
        due.finish().unwrap();
    }
}
