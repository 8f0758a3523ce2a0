//! The progress of workers with the scenarios that they have in hand, and the scenarios that come back.

use std::time::Instant;

use super::super::index::ScenarioIndex;
use super::super::retry::{Ended, RetryDecision, next};
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

    /// Notes that the unstarted scenarios of a worker are recalled. Returns false if they already were.
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

    /// A worker has skipped the next scenario in its hand. The scenario is over.
    pub fn release(&mut self, serial: u32) {
        if let Some(hand) = self.hands.get_mut(&serial) {
            hand.release();
        }
    }

    /// An attempt of a worker has ended. The scenario may be retried `limit` times in all. Returns what
    /// follows.
    pub fn end_attempt(
        &mut self,
        serial: u32,
        scenario: u32,
        ended: &Ended,
        limit: u32,
    ) -> RetryDecision {
        let next = next(limit, ended);
        self.retries.note(scenario, ended.attempt, next);
        if let Some(hand) = self.hands.get_mut(&serial) {
            match next {
                RetryDecision::OnWorker => hand.set_started(false),
                RetryDecision::Final | RetryDecision::HandedOut => hand.release(),
            }
        }
        if next == RetryDecision::Final {
            self.claims.settle(scenario);
        }
        next
    }

    /// Whether a retry of a scenario must run on the same worker, if that is alive.
    pub fn is_bound(&self, scenario: u32, index: &ScenarioIndex) -> bool {
        self.affinity.binds(index.feature_of(scenario))
    }

    /// Lets a scenario wait until `due`. Only the worker `owner` may run it, if given.
    pub fn delay(&mut self, scenario: u32, due: Instant, owner: Option<u32>) {
        self.delays.push(due, scenario, owner);
    }

    /// Takes a scenario that has waited long enough, with its owner.
    pub fn take_delayed(&mut self, now: Instant) -> Option<(u32, Option<u32>)> {
        self.delays.pop_due(now)
    }

    /// Takes the scenarios that a worker gives back. Some may be reserved for it again; the others are
    /// returned. `open` is the feature that it has opened.
    ///
    /// # Errors
    /// When it gives back what it does not have.
    pub fn take_back(&mut self, serial: u32, scenarios: &[u32]) -> Result<(), String> {
        match self.hands.get_mut(&serial) {
            Some(hand) => hand.take_back(scenarios),
            None => Ok(()),
        }
    }

    /// Reserves scenarios that came back for their worker, if they must stay there. Returns all others.
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

    /// Puts scenarios that came back from a worker at the front of the queue.
    pub fn put_back(&mut self, scenarios: &[u32], index: &ScenarioIndex) {
        let scenarios = scenarios.iter();
        let of_features = scenarios.map(|&one| (one, index.feature_of(one)));
        self.queue.put_back(of_features, &self.classes);
    }

    /// A worker asked for no further work. Returns the scenarios that were reserved for it.
    pub fn retire(&mut self, serial: u32) -> Vec<u32> {
        self.delays.disown(serial);
        let Some(hand) = self.hands.get_mut(&serial) else {
            return Vec::new();
        };
        hand.retire();
        hand.take_all_reserved()
    }

    /// A worker is gone. Returns what it had not started.
    pub fn take_unstarted(&mut self, serial: u32) -> Vec<u32> {
        self.delays.disown(serial);
        let hand = self.hands.get_mut(&serial);
        hand.map(Hand::take_unstarted).unwrap_or_default()
    }

    /// The workers that have unstarted scenarios, as far as is known.
    pub fn with_unstarted(&self) -> Vec<u32> {
        let hands = self.hands.iter().filter(|(_, hand)| hand.has_unstarted());
        hands.map(|(serial, _)| *serial).collect()
    }
}
