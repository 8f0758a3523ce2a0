//! What of a worker's work others may get: whole features stay where they have begun.

use super::super::delays::Delays;
use super::super::script::{Cast, Script};
use super::Member;

impl Member {
    /// Whether it has scenarios that have not started as far as is known.
    pub fn has_unstarted(&self) -> bool {
        self.in_hand.len() > usize::from(self.attempt.is_some())
    }

    /// Whether it has scenarios that it has not started and that another may run. Of a whole
    /// feature they may only be taken as long as none has started.
    pub fn has_spare(&self, cast: &Cast<'_>, script: &Script) -> bool {
        let (Some(&first), Some(&second)) = (self.in_hand.front(), self.in_hand.get(1)) else {
            return false;
        };
        let first = cast.feature_of(first);
        // Between two scenarios nobody knows whether the next of the feature has started.
        let may_go_on = self.attempt.is_none() || cast.feature_of(second) == first;
        !(may_go_on && script.is_whole(first))
    }

    /// Keeps all scenarios of a whole feature for this worker.
    pub fn reserve(&mut self, scenarios: Vec<u32>) {
        self.reserved.extend(scenarios);
    }

    /// How many scenarios are kept for it.
    pub fn reserved(&self) -> usize {
        self.reserved.len()
    }

    /// Takes at most `most` of the scenarios that are kept for it, all of one feature, from the front
    /// as far as they are allowed to run.
    pub fn take_reserved(
        &mut self,
        most: usize,
        cast: &Cast<'_>,
        allowed: impl Fn(u32) -> bool,
    ) -> Option<(usize, Vec<u32>)> {
        let feature = cast.feature_of(*self.reserved.front()?);
        let reserved = self.reserved.iter().take(most);
        let count = reserved
            .take_while(|scenario| cast.feature_of(**scenario) == feature && allowed(**scenario))
            .count();
        if count == 0 {
            return None;
        }
        Some((feature, self.reserved.drain(..count).collect()))
    }

    /// Tells it that no more comes of a whole feature, once the last of it has started: what has
    /// started is not asked back.
    pub fn close_whole_feature(&mut self, cast: &Cast<'_>, script: &Script, delays: &Delays) {
        if delays.any_of(self.serial) {
            return;
        }
        let Some(feature) = self.feature.filter(|&feature| script.is_whole(feature)) else {
            return;
        };
        let running = usize::from(self.attempt.is_some());
        let waits = |scenario: &u32| cast.feature_of(*scenario) == feature;
        if !self.in_hand.range(running..).any(waits) && !self.reserved.iter().any(waits) {
            self.close_feature(cast);
        }
    }

    /// Takes what is kept for it and was not sent.
    pub fn take_all_reserved(&mut self) -> Vec<u32> {
        self.reserved.drain(..).collect()
    }

    /// Keeps those scenarios that were given back and belong to a whole feature it has begun with;
    /// the result is all others, with what was kept for it behind them.
    pub fn keep_own(&mut self, scenarios: &[u32], cast: &Cast<'_>, script: &Script) -> Vec<u32> {
        let began = |feature: usize| {
            let in_hand = |scenario: &u32| cast.feature_of(*scenario) == feature;
            self.blocks.is_in(feature) || self.in_hand.iter().any(in_hand)
        };
        let is_own = |scenario: &u32| {
            let feature = cast.feature_of(*scenario);
            script.is_whole(feature) && began(feature)
        };
        let (own, mut others): (Vec<u32>, Vec<u32>) = scenarios.iter().copied().partition(&is_own);
        if self.reserved.front().is_some_and(|kept| !is_own(kept)) {
            others.extend(self.reserved.drain(..));
        }
        for scenario in own.into_iter().rev() {
            self.reserved.push_front(scenario);
        }
        // What it has been left with is what will have to be closed.
        let last = (self.reserved.back()).or(self.in_hand.back());
        let open = self.blocks.feature.as_ref().map(|block| block.number);
        let last = last.map(|&scenario| cast.feature_of(scenario)).or(open);
        if last.is_some_and(|feature| script.is_whole(feature)) {
            self.feature = last;
        }
        others
    }
}
