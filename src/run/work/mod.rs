//! The work that waits: which worker gets which scenario next, and which scenarios are retried.
//!
//! It knows workers only by the serial numbers of their processes. It sends and reports nothing: it answers
//! questions, and the scheduler acts.

use std::collections::BTreeMap;
use std::time::Instant;

use bdd_protocol::Definition;

use super::context::RunContext;
use super::index::ScenarioIndex;
use super::retry::Retries;

mod added;
mod affinity;
mod claims;
mod classes;
mod delays;
mod hand;
mod handing_out;
mod pace;
mod progress;
mod queue;
pub mod source;

use added::AddedScenarios;
use affinity::FeatureAffinity;
use claims::Claims;
use classes::Classes;
use delays::Delays;
use hand::Hand;
pub use handing_out::{Batch, Outlook, Share};
use pace::Pace;
use queue::Queue;
use source::WorkSource;

/// All scenarios without a final result, and which worker has them.
#[derive(Debug)]
pub struct Work<'s> {
    claims: Claims<'s>,
    /// The scenarios of this process that no worker has.
    queue: Queue,
    classes: Classes,
    delays: Delays,
    retries: Retries,
    pace: Pace,
    affinity: FeatureAffinity,
    /// What each worker has, by its serial number.
    hands: BTreeMap<u32, Hand>,
    added: AddedScenarios,
}

impl<'s> Work<'s> {
    /// All work of a run, none of it handed out.
    pub fn new(source: &'s mut dyn WorkSource, context: &RunContext<'_>) -> Self {
        let classes = Classes::new(context.plan, &context.options.run.groups);
        Self {
            claims: Claims::new(source, context.index.len()),
            queue: Queue::new(&classes),
            classes,
            delays: Delays::default(),
            retries: Retries::default(),
            pace: Pace::default(),
            affinity: FeatureAffinity::new(context.options.run.parallel_by),
            hands: BTreeMap::new(),
            added: AddedScenarios::default(),
        }
    }

    /// How many of so many scenarios can run at the same time at most.
    pub fn most_at_once(&self, scenarios: usize) -> usize {
        self.classes.most_at_once(scenarios)
    }

    /// Learns from the definitions of the step program which features must stay on one worker.
    pub fn learn_affinity(&mut self, definitions: &[Definition]) {
        self.affinity.learn_definitions(definitions);
    }

    /// Whether steps share something that outlives their scenario.
    pub fn shares_within_features(&self) -> bool {
        self.affinity.any_definition()
    }

    /// A worker that has nothing.
    pub fn add_worker(&mut self, serial: u32) {
        self.hands.insert(serial, Hand::default());
    }

    /// The scenarios that hosts have added.
    pub fn added(&self) -> &AddedScenarios {
        &self.added
    }

    /// The same, to add to them.
    pub fn added_mut(&mut self) -> &mut AddedScenarios {
        &mut self.added
    }

    /// A scenario that a host has added is this process's own.
    pub fn claim_added(&mut self, scenario: u32) {
        self.claims.claim_added(scenario);
    }

    /// Keeps a scenario for a worker.
    pub fn reserve(&mut self, serial: u32, scenario: u32) {
        if let Some(hand) = self.hands.get_mut(&serial) {
            hand.reserve(vec![scenario]);
        }
    }

    /// A worker is gone, with nothing in hand.
    pub fn remove_worker(&mut self, serial: u32) {
        self.hands.remove(&serial);
    }

    /// A scenario has its final result.
    pub fn settle(&mut self, scenario: u32) {
        self.claims.settle(scenario);
    }

    /// How long a scenario took, in nanoseconds.
    pub fn observe_duration(&mut self, nanos: u64) {
        self.pace.observe(nanos);
    }

    /// The number of the attempt at a scenario that comes next.
    pub fn next_attempt(&self, scenario: u32) -> u32 {
        self.retries.attempt(scenario)
    }

    /// Asks the source for more.
    fn refill(&mut self, index: &ScenarioIndex) {
        let taken = self.claims.take().into_iter();
        let of_features = taken.map(|scenario| (scenario, index.feature_of(scenario)));
        self.queue.add(of_features, &self.classes);
    }

    /// Whether a scenario waits for a worker, after asking the source.
    pub fn any_waits(&mut self, index: &ScenarioIndex) -> bool {
        if self.queue.is_empty() {
            self.refill(index);
        }
        !self.queue.is_empty()
    }

    /// Whether there is work left that no worker has.
    pub fn is_open(&mut self, index: &ScenarioIndex) -> bool {
        self.any_waits(index) || !self.delays.is_empty() || self.claims.may_come()
    }

    /// Whether all work that no worker has are scenarios that run alone.
    pub fn only_serial_is_left(&mut self, index: &ScenarioIndex) -> bool {
        !self.any_waits_beside_others(index) && self.delays.is_empty() && !self.claims.may_come()
    }

    /// Ends the pause of the source if it is over at `now`.
    pub fn end_pause(&mut self, now: Instant) {
        self.claims.end_pause(now);
    }

    /// When more work may become available.
    pub fn next_change(&self) -> Option<Instant> {
        let again = self.claims.ask_again();
        self.delays.next().into_iter().chain(again).min()
    }

    /// Takes all that waits.
    pub fn take_waiting(&mut self, index: &ScenarioIndex) -> impl Iterator<Item = u32> + use<> {
        self.refill(index);
        self.queue.drain()
    }

    /// Stops giving out work. Returns the scenarios that no worker has, which do not run. `order` is the
    /// order of the run.
    pub fn close(&mut self, order: &[u32]) -> Vec<u32> {
        self.claims.close();
        let mut own: Vec<u32> = self.queue.drain().collect();
        for hand in self.hands.values_mut() {
            own.extend(hand.take_all_reserved());
        }
        own.extend(self.delays.drain());
        self.claims.give_back(&own);
        own.extend(self.claims.settle_open(order));
        own
    }

    /// Gives scenarios that came back from a worker and do not run to the source.
    pub fn give_up(&mut self, scenarios: &[u32]) {
        self.claims.give_back(scenarios);
    }

    /// Takes the scenarios of this process that no worker has, when no worker is left.
    pub fn take_own(&mut self) -> Vec<u32> {
        let own: Vec<u32> = self.queue.drain().chain(self.delays.drain()).collect();
        self.claims.give_back(&own);
        own
    }

    /// Settles the scenarios that no process has claimed. Returns them.
    pub fn settle_open(&mut self, order: &[u32]) -> Vec<u32> {
        self.claims.settle_open(order)
    }

    /// Settles the scenarios that other processes have claimed. Returns them.
    pub fn settle_elsewhere(&mut self, order: &[u32]) -> Vec<u32> {
        self.claims.settle_elsewhere(order)
    }

    /// What is wrong with the source of work.
    pub fn source_failure(&self) -> Option<&str> {
        self.claims.failure()
    }
}
