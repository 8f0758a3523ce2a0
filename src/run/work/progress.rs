//! What workers do with the scenarios in their hands, and what comes back from them.

use std::time::Instant;

use super::super::index::ScenarioIndex;
use super::super::retry::{Ended, Next, next};
use super::Work;
use super::hand::Hand;

impl Work<'_> {
    /// The next scenario of a worker, if none runs.
    pub fn next_of(&self, serial: u32) -> Option<u32> {
        self.hands.get(&serial)?.next()
    }

    /// The next scenario of a worker, or the one that runs.
    pub fn front_of(&self, serial: u32) -> Option<u32> {
        self.hands.get(&serial)?.front()
    }

    /// How many scenarios a worker has in hand, the running one included.
    pub fn load(&self, serial: u32) -> usize {
        self.hands.get(&serial).map_or(0, Hand::load)
    }

    /// Whether a worker has to answer a recall.
    pub fn is_recalling(&self, serial: u32) -> bool {
        self.hands.get(&serial).is_some_and(Hand::is_recalling)
    }

    /// Notes that what a worker has not started is recalled; false when that was done before.
    pub fn recall(&mut self, serial: u32) -> bool {
        self.hands.get_mut(&serial).is_some_and(Hand::recall)
    }

    /// Whether a worker may start this attempt.
    ///
    /// # Errors
    /// When the scenario is not the next one it was sent, or it is not the next attempt.
    pub fn check_start(&self, serial: u32, scenario: u32, attempt: u32) -> Result<(), String> {
        if self.next_of(serial) != Some(scenario) {
            return Err(format!(
                "it started scenario {scenario}, which is not the next it was sent"
            ));
        }
        let next = self.retries.attempt(scenario);
        if attempt != next {
            return Err(format!(
                "it started attempt {attempt} at scenario {scenario}, where attempt {next} comes next"
            ));
        }
        Ok(())
    }

    /// A worker has started the first scenario in its hand.
    pub fn start(&mut self, serial: u32) {
        if let Some(hand) = self.hands.get_mut(&serial) {
            hand.set_started(true);
        }
    }

    /// A worker has skipped the next scenario in its hand, which has its end with that.
    pub fn release(&mut self, serial: u32) {
        if let Some(hand) = self.hands.get_mut(&serial) {
            hand.release();
        }
    }

    /// An attempt of a worker has ended. The scenario may be retried `limit` times in all. The result is
    /// what follows.
    pub fn end_attempt(&mut self, serial: u32, scenario: u32, ended: &Ended, limit: u32) -> Next {
        let next = next(limit, ended);
        self.retries.note(scenario, ended.attempt, next);
        if let Some(hand) = self.hands.get_mut(&serial) {
            match next {
                Next::OnWorker => hand.set_started(false),
                Next::Final | Next::HandedOut => hand.release(),
            }
        }
        if next == Next::Final {
            self.claims.settle(scenario);
        }
        next
    }

    /// Whether a scenario is run again on the worker that ran it, if that lives.
    pub fn is_bound(&self, scenario: u32, index: &ScenarioIndex) -> bool {
        self.affinity.binds(index.feature_of(scenario))
    }

    /// Lets a scenario wait; `owner` is the worker that alone may run it, if there is one.
    pub fn delay(&mut self, scenario: u32, due: Instant, owner: Option<u32>) {
        self.delays.push(due, scenario, owner);
    }

    /// Takes a scenario that has waited long enough, with its owner.
    pub fn take_delayed(&mut self, now: Instant) -> Option<(u32, Option<u32>)> {
        self.delays.pop_due(now)
    }

    /// Takes what a worker gives back. Some of it may be kept for it; the result is what is not.
    /// `open` is the feature that it has opened.
    ///
    /// # Errors
    /// When it gives back what it does not have.
    pub fn take_back(&mut self, serial: u32, scenarios: &[u32]) -> Result<(), String> {
        match self.hands.get_mut(&serial) {
            Some(hand) => hand.take_back(scenarios),
            None => Ok(()),
        }
    }

    /// Keeps for a worker what came back and stays with it; the result is all others.
    pub fn keep_own(
        &mut self,
        serial: u32,
        scenarios: &[u32],
        open: Option<usize>,
        index: &ScenarioIndex,
    ) -> Vec<u32> {
        match self.hands.get_mut(&serial) {
            Some(hand) if !hand.is_retiring() => {
                hand.keep_own(scenarios, open, index, &self.affinity)
            }
            _ => scenarios.to_vec(),
        }
    }

    /// Puts scenarios back that came back from a worker: before all others.
    pub fn put_back(&mut self, scenarios: &[u32], index: &ScenarioIndex) {
        let scenarios = scenarios.iter();
        let of_features = scenarios.map(|&one| (one, index.feature_of(one)));
        self.queue.put_back(of_features, &self.classes);
    }

    /// A worker asked for no further work. The result is what was kept for it.
    pub fn retire(&mut self, serial: u32) -> Vec<u32> {
        self.delays.disown(serial);
        let Some(hand) = self.hands.get_mut(&serial) else {
            return Vec::new();
        };
        hand.retire();
        hand.take_all_reserved()
    }

    /// A worker is gone. The result is what it had not started.
    pub fn take_unstarted(&mut self, serial: u32) -> Vec<u32> {
        self.delays.disown(serial);
        let hand = self.hands.get_mut(&serial);
        hand.map(Hand::take_unstarted).unwrap_or_default()
    }

    /// The workers that have scenarios which have not started as far as is known.
    pub fn with_unstarted(&self) -> Vec<u32> {
        let hands = self.hands.iter().filter(|(_, hand)| hand.has_unstarted());
        hands.map(|(serial, _)| *serial).collect()
    }
}
