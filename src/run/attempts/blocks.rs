//! Keeps track of the feature and the rule that a worker is in, and of their hooks.

use crate::event::{HookKind, Status};

use super::super::hooks::DeclaredHooks;
use super::super::index::ScenarioIndex;
use super::hook_sequence::{HookError, HookSequence, MissingHook, NotDue};

/// An opening hook that did not pass: the scenarios after it are not run.
#[derive(Debug, Clone)]
pub struct Refusal {
    /// The hook.
    pub hook: u32,
    /// Skipped if the hook asked for that, else worse.
    pub status: Status,
    /// Its message.
    pub reason: String,
}

/// A feature or a rule that a worker is in.
#[derive(Debug)]
struct EnteredBlock {
    /// The feature's number in the plan, or the rule's in its feature.
    number: usize,
    before: HookSequence,
    after: HookSequence,
    /// The first opening hook with the worst status; `None` when all passed.
    refusal: Option<Refusal>,
}

impl EnteredBlock {
    fn new(number: usize, (before, after): (Vec<u32>, Vec<u32>)) -> Self {
        Self {
            number,
            before: HookSequence::new(before),
            after: HookSequence::new(after),
            refusal: None,
        }
    }

    /// The hook that prevents its scenarios from running, if any. Its opening hooks must have run.
    fn opened(&self) -> Result<Option<Refusal>, MissingHook> {
        self.before.finish()?;
        Ok(self.refusal.clone())
    }

    fn refuse(&mut self, refusal: Refusal) {
        let worse = |known: &Refusal| known.status < refusal.status;
        if self.refusal.as_ref().is_none_or(worse) {
            self.refusal = Some(refusal);
        }
    }

    fn is(&self, number: usize) -> bool {
        self.number == number && !self.after.has_begun()
    }
}

/// The feature and the rule that a worker is in.
#[derive(Debug, Default)]
pub struct OpenBlocks {
    feature: Option<EnteredBlock>,
    /// The rule of that feature.
    rule: Option<EnteredBlock>,
    /// The feature and rule of the last opening hook that the host has added. They are entered by what follows: their
    /// scenarios, or only their closing hooks if that hook did not pass.
    noticed: Option<(usize, Option<usize>)>,
}

impl OpenBlocks {
    /// The number of the feature that is open.
    pub fn feature(&self) -> Option<usize> {
        self.feature.as_ref().map(|block| block.number)
    }

    /// The number of the rule that is open, in its feature.
    pub fn rule(&self) -> Option<usize> {
        self.rule.as_ref().map(|block| block.number)
    }

    /// The closing hooks that have not begun, in the order in which they run.
    pub fn unrun(&self) -> impl Iterator<Item = u32> {
        let blocks = [&self.rule, &self.feature].into_iter().flatten();
        blocks.flat_map(|block| block.after.left().iter().copied())
    }

    /// Notes that an opening hook of this kind did not pass.
    pub fn refuse(&mut self, kind: HookKind, refusal: Refusal) {
        let block = match kind {
            HookKind::BeforeFeature => &mut self.feature,
            HookKind::BeforeRule => &mut self.rule,
            _ => return,
        };
        if let Some(block) = block {
            block.refuse(refusal);
        }
    }

    /// Enters the feature and rule of a scenario. Returns the hook that prevents the scenario from running,
    /// if any.
    ///
    /// # Errors
    /// When a hook of the features and rules that it leaves or enters has not run.
    pub fn enter(
        &mut self,
        scenario: u32,
        index: &ScenarioIndex,
        hooks: &DeclaredHooks,
    ) -> Result<Option<Refusal>, MissingHook> {
        let refusal = self.enter_feature_of(scenario, index, hooks)?.opened()?;
        if refusal.is_some() {
            return Ok(refusal);
        }
        match self.enter_rule_of(scenario, index, hooks)? {
            Some(rule) => rule.opened(),
            None => Ok(None),
        }
    }

    /// An opening hook starts that the host has added; `front` is the next scenario of the worker.
    pub fn notice(&mut self, kind: HookKind, front: u32, index: &ScenarioIndex) {
        let feature = index.feature_of(front);
        match kind {
            HookKind::BeforeFeature => self.noticed = Some((feature, None)),
            HookKind::BeforeRule => self.noticed = Some((feature, index.scenario(front).rule)),
            _ => {}
        }
    }

    /// A hook around features or rules starts; `front` is the next scenario of the worker.
    ///
    /// # Errors
    /// When it must not run now, or a hook before it has not run.
    pub fn start_hook(
        &mut self,
        (kind, hook): (HookKind, u32),
        front: Option<u32>,
        index: &ScenarioIndex,
        hooks: &DeclaredHooks,
    ) -> Result<(), HookError> {
        let front = front.ok_or(NotDue);
        match kind {
            HookKind::BeforeFeature => {
                let front = front?;
                self.reopen_feature(index.feature_of(front))?;
                let feature = self.enter_feature_of(front, index, hooks)?;
                feature.before.start(hook)?;
            }
            HookKind::BeforeRule => {
                let front = front?;
                self.enter_feature_of(front, index, hooks)?.opened()?;
                let rule = self.enter_rule_of(front, index, hooks)?;
                rule.ok_or(NotDue)?.before.start(hook)?;
            }
            HookKind::AfterRule => {
                self.enter_noticed(index, hooks)?;
                self.rule.as_mut().ok_or(NotDue)?.after.start(hook)?;
            }
            HookKind::AfterFeature => {
                self.enter_noticed(index, hooks)?;
                self.feature.as_mut().ok_or(NotDue)?.after.start(hook)?;
            }
            _ => return Err(HookError::NotDue),
        }
        Ok(())
    }

    /// Enters what only an added hook has opened.
    fn enter_noticed(
        &mut self,
        index: &ScenarioIndex,
        hooks: &DeclaredHooks,
    ) -> Result<(), MissingHook> {
        let Some((number, rule)) = self.noticed.take() else {
            return Ok(());
        };
        let feature = index.feature(number);
        self.enter_feature(number, || hooks.of_feature(feature))?;
        if let Some(rule) = rule {
            self.enter_rule(rule, || hooks.of_rule(feature, &feature.rules[rule]))?;
        }
        Ok(())
    }

    /// Leaves rule and feature, whose closing hooks must have run.
    fn leave_feature(&mut self) -> Result<(), MissingHook> {
        leave(&mut self.rule)?;
        leave(&mut self.feature)
    }

    /// Leaves a feature that was opened before, because it is opened a second time.
    fn reopen_feature(&mut self, number: usize) -> Result<(), MissingHook> {
        let opened = |block: &EnteredBlock| block.number == number && block.before.finish().is_ok();
        match self.feature.as_ref().is_some_and(opened) {
            true => self.leave_feature(),
            false => Ok(()),
        }
    }

    fn enter_feature_of(
        &mut self,
        scenario: u32,
        index: &ScenarioIndex,
        hooks: &DeclaredHooks,
    ) -> Result<&mut EnteredBlock, MissingHook> {
        let number = index.feature_of(scenario);
        self.noticed = None;
        self.enter_feature(number, || hooks.of_feature(index.feature(number)))
    }

    /// Enters a feature. Anything that was open must be closed. `hooks` returns the hooks before and after
    /// the feature, if it is new.
    fn enter_feature(
        &mut self,
        number: usize,
        hooks: impl FnOnce() -> (Vec<u32>, Vec<u32>),
    ) -> Result<&mut EnteredBlock, MissingHook> {
        if !self.feature.as_ref().is_some_and(|block| block.is(number)) {
            self.leave_feature()?;
        }
        Ok(self
            .feature
            .get_or_insert_with(|| EnteredBlock::new(number, hooks())))
    }

    /// Enters the rule of a scenario, or leaves the open rule.
    fn enter_rule_of(
        &mut self,
        scenario: u32,
        index: &ScenarioIndex,
        hooks: &DeclaredHooks,
    ) -> Result<Option<&mut EnteredBlock>, MissingHook> {
        let Some(number) = index.scenario(scenario).rule else {
            leave(&mut self.rule)?;
            return Ok(None);
        };
        let feature = index.feature(index.feature_of(scenario));
        let of_rule = || hooks.of_rule(feature, &feature.rules[number]);
        self.enter_rule(number, of_rule).map(Some)
    }

    /// Enters a rule of the feature. `hooks` returns the hooks before and after it, if it is new.
    fn enter_rule(
        &mut self,
        number: usize,
        hooks: impl FnOnce() -> (Vec<u32>, Vec<u32>),
    ) -> Result<&mut EnteredBlock, MissingHook> {
        if !self.rule.as_ref().is_some_and(|block| block.is(number)) {
            leave(&mut self.rule)?;
        }
        Ok(self
            .rule
            .get_or_insert_with(|| EnteredBlock::new(number, hooks())))
    }
}

fn leave(block: &mut Option<EnteredBlock>) -> Result<(), MissingHook> {
    if let Some(block) = block {
        block.after.finish()?;
    }
    *block = None;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_feature_is_left_when_its_hooks_and_those_of_its_rule_have_run() {
        let mut blocks = OpenBlocks::default();
        blocks.enter_feature(1, || (vec![], vec![8])).unwrap();
        blocks.rule = Some(EnteredBlock::new(0, (vec![], vec![9])));
        assert_eq!(blocks.unrun().collect::<Vec<_>>(), [9, 8]);
        let error =
            |blocks: &mut OpenBlocks| blocks.enter_feature(2, || unreachable!()).unwrap_err();
        assert_eq!(error(&mut blocks), MissingHook(9));
        let rule = blocks.rule.as_mut().unwrap();
        assert_eq!(rule.after.start(9), Ok(()));
        assert_eq!(error(&mut blocks), MissingHook(8));
        let feature = blocks.feature.as_mut().unwrap();
        assert_eq!(feature.after.start(8), Ok(()));
        blocks.enter_feature(2, || (vec![], vec![])).unwrap();
        assert_eq!((blocks.feature(), blocks.rule()), (Some(2), None));
    }

    #[test]
    fn a_feature_that_was_closed_opens_again() {
        let mut blocks = OpenBlocks::default();
        let hooks = || (vec![3], vec![4]);
        let block = blocks.enter_feature(1, hooks).unwrap();
        assert_eq!(block.before.start(3), Ok(()));
        let block = blocks.enter_feature(1, || unreachable!()).unwrap();
        assert_eq!(block.after.start(4), Ok(()));
        let block = blocks.enter_feature(1, hooks).unwrap();
        assert_eq!(block.before.start(3), Ok(()));
    }
}
