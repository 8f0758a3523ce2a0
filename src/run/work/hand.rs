//! The scenarios that one worker has in hand, and those that are reserved for it because their feature stays
//! on one worker.

use std::collections::VecDeque;

use super::super::index::ScenarioIndex;
use super::affinity::FeatureAffinity;

/// The scenarios of one worker.
#[derive(Debug, Default)]
pub struct Hand {
    /// Sent and not finished, in the order sent.
    sent: VecDeque<u32>,
    /// Whether the first of them has started.
    started: bool,
    /// Scenarios that this worker alone will get, after those sent.
    reserved: VecDeque<u32>,
    /// The feature of what was sent last, until its end is announced.
    feature: Option<usize>,
    /// Whether unstarted scenarios were recalled and the worker has not answered.
    recalling: bool,
    /// Whether it asked for no further work.
    retiring: bool,
}

impl Hand {
    /// The scenarios sent, the running one included, in order.
    pub fn sent(&self) -> impl Iterator<Item = u32> {
        self.sent.iter().copied()
    }

    /// How many scenarios it has, the running one included.
    pub fn load(&self) -> usize {
        self.sent.len()
    }

    /// The next scenario, or the one that runs.
    pub fn front(&self) -> Option<u32> {
        self.sent.front().copied()
    }

    /// The next scenario, if none runs.
    pub fn next(&self) -> Option<u32> {
        self.front().filter(|_| !self.started)
    }

    /// The first of what was sent starts or has ended an attempt.
    pub fn set_started(&mut self, started: bool) {
        self.started = started;
    }

    /// Removes the first scenario: it has its result, or will not start.
    pub fn release(&mut self) {
        self.sent.pop_front();
        self.started = false;
    }

    /// How many scenarios are kept for it.
    pub fn reserved(&self) -> usize {
        self.reserved.len()
    }

    /// Whether it has scenarios that have not started, as far as is known.
    pub fn has_unstarted(&self) -> bool {
        self.sent.len() > usize::from(self.started)
    }

    /// Whether it has scenarios that it has not started and that another may run. Scenarios of a feature that
    /// stays on one worker may be taken only if none of them has started.
    pub fn has_spare(&self, index: &ScenarioIndex, affinity: &FeatureAffinity) -> bool {
        let Some(first) = self.sent.front().map(|&first| index.feature_of(first)) else {
            return false;
        };
        // Between two scenarios the runner does not know whether the first of a feature has started: its
        // message may be on the way. So the feature of what is next is left alone, too. What was sent after
        // that feature can always be taken.
        let mut rest = self.sent.range(1..);
        match affinity.binds(first) {
            true => rest.any(|&scenario| index.feature_of(scenario) != first),
            false => rest.next().is_some(),
        }
    }

    /// Adds scenarios of one feature that are sent now. Returns the feature that ends before them. A feature
    /// that stays on one worker ends only when its last scenario has started: until the runner hears that it
    /// has begun, it may still be recalled.
    pub fn send(
        &mut self,
        feature: usize,
        scenarios: &[u32],
        affinity: &FeatureAffinity,
    ) -> Option<usize> {
        let mut ended = None;
        if self.feature != Some(feature) {
            if !self.feature.is_some_and(|before| affinity.binds(before)) {
                ended = self.feature.take();
            }
            self.feature = Some(feature);
        }
        self.sent.extend(scenarios);
        ended
    }

    /// Keeps scenarios for this worker.
    pub fn reserve(&mut self, scenarios: Vec<u32>) {
        self.reserved.extend(scenarios);
    }

    /// Takes at most `most` of the scenarios that are kept for it, all of one feature, from the front
    /// as far as they are allowed to run.
    pub fn take_reserved(
        &mut self,
        most: usize,
        index: &ScenarioIndex,
        allowed: impl Fn(u32) -> bool,
    ) -> Option<(usize, Vec<u32>)> {
        let feature = index.feature_of(*self.reserved.front()?);
        let reserved = self.reserved.iter().take(most);
        let count = reserved
            .take_while(|scenario| index.feature_of(**scenario) == feature && allowed(**scenario))
            .count();
        if count == 0 {
            return None;
        }
        Some((feature, self.reserved.drain(..count).collect()))
    }

    /// Takes all reserved scenarios.
    pub fn take_all_reserved(&mut self) -> Vec<u32> {
        self.reserved.drain(..).collect()
    }

    /// Takes all scenarios that have not started, and all reserved ones.
    pub fn take_unstarted(&mut self) -> Vec<u32> {
        let running = usize::from(self.started);
        self.sent
            .drain(running..)
            .chain(self.reserved.drain(..))
            .collect()
    }

    /// The feature whose end was not announced yet. It counts as announced now.
    pub fn leave_feature(&mut self) -> Option<usize> {
        self.feature.take()
    }

    /// The feature that stays on this worker and is over, once the last of its scenarios has started:
    /// what has started is not recalled.
    pub fn leave_bound_feature(
        &mut self,
        index: &ScenarioIndex,
        affinity: &FeatureAffinity,
    ) -> Option<usize> {
        let feature = self.feature.filter(|&feature| affinity.binds(feature))?;
        let running = usize::from(self.started);
        let waits = |scenario: &u32| index.feature_of(*scenario) == feature;
        if self.sent.range(running..).any(waits) || self.reserved.iter().any(waits) {
            return None;
        }
        self.feature.take()
    }

    /// Whether the worker must still answer a recall.
    pub fn is_recalling(&self) -> bool {
        self.recalling
    }

    /// Notes that the unstarted scenarios are recalled. Returns false if they already were.
    pub fn recall(&mut self) -> bool {
        !std::mem::replace(&mut self.recalling, true)
    }

    /// Takes what the worker gives back.
    ///
    /// # Errors
    /// When it gives back what it does not have.
    pub fn take_back(&mut self, scenarios: &[u32]) -> Result<(), String> {
        self.recalling = false;
        let kept = self.sent.len().checked_sub(scenarios.len());
        let kept = kept.filter(|kept| {
            *kept >= usize::from(self.started) && self.sent.range(kept..).eq(scenarios)
        });
        let Some(kept) = kept else {
            return Err("it gave back scenarios that it does not have".to_owned());
        };
        self.sent.truncate(kept);
        Ok(())
    }

    /// Notes that it asked for no further work.
    pub fn retire(&mut self) {
        self.retiring = true;
    }

    /// Whether it asked for no further work.
    pub fn is_retiring(&self) -> bool {
        self.retiring
    }

    /// Keeps the scenarios that came back if their feature stays here and has begun. Returns all others, and
    /// after them the reserved ones. `open` is the feature that the worker has opened.
    pub fn keep_own(
        &mut self,
        scenarios: &[u32],
        open: Option<usize>,
        index: &ScenarioIndex,
        affinity: &FeatureAffinity,
    ) -> Vec<u32> {
        let began = |feature: usize| {
            let has = |scenario: &u32| index.feature_of(*scenario) == feature;
            open == Some(feature) || self.sent.iter().any(has)
        };
        let is_own = |scenario: &u32| {
            let feature = index.feature_of(*scenario);
            affinity.binds(feature) && began(feature)
        };
        let (own, mut others): (Vec<u32>, Vec<u32>) = scenarios.iter().copied().partition(&is_own);
        if self.reserved.front().is_some_and(|kept| !is_own(kept)) {
            others.extend(self.reserved.drain(..));
        }
        for scenario in own.into_iter().rev() {
            self.reserved.push_front(scenario);
        }
        // What it has been left with is what will have to be closed.
        let last = (self.reserved.back()).or(self.sent.back());
        let last = last.map(|&scenario| index.feature_of(scenario)).or(open);
        if last.is_some_and(|feature| affinity.binds(feature)) {
            self.feature = last;
        }
        others
    }
}
