//! What waits to be run: which scenario which worker gets next, and which are run again.
//!
//! It knows workers only by the serial numbers of their processes. It sends nothing and reports
//! nothing: it answers, and the scheduler does it.

use std::collections::BTreeMap;
use std::time::Instant;

use bdd_protocol::Definition;

use super::context::Context;
use super::index::ScenarioIndex;
use super::matched::MatchedPlan;
use super::retry::{Ended, Next, Retries, next};

mod affinity;
mod claims;
mod classes;
mod delays;
mod hand;
mod pace;
mod queue;
pub mod source;

use affinity::FeatureAffinity;
use claims::Claims;
use classes::{Classes, Holdings};
use delays::Delays;
use hand::Hand;
use pace::Pace;
use queue::Queue;
use source::WorkSource;

/// All scenarios that have no final result, and who has them.
#[derive(Debug)]
pub struct Work<'s> {
    claims: Claims<'s>,
    /// What is this process's and no worker's.
    queue: Queue,
    classes: Classes,
    delays: Delays,
    retries: Retries,
    pace: Pace,
    affinity: FeatureAffinity,
    /// What each worker has, by its serial number.
    hands: BTreeMap<u32, Hand>,
}

/// The terms on which work is handed out.
#[derive(Debug, Clone, Copy)]
pub struct Share {
    /// Among how many workers.
    pub workers: usize,
    /// How many scenarios a worker has in hand at most.
    pub most: usize,
    /// Only to workers that have nothing to do.
    pub only_to_idle: bool,
}

/// Scenarios of one feature for one worker.
#[derive(Debug)]
pub struct Batch {
    /// The worker.
    pub serial: u32,
    /// The feature.
    pub feature: usize,
    /// Whether other workers may run scenarios of the feature, too.
    pub split: bool,
    /// The scenarios.
    pub scenarios: Vec<u32>,
    /// The feature that ends for the worker before it gets these.
    pub ended: Option<usize>,
    /// Whether the worker had nothing to do.
    pub was_idle: bool,
}

/// What an idle worker is to wait for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outlook {
    /// For something that happens anyway.
    Waits,
    /// For what this worker is to give back.
    Recall(u32),
    /// For nothing: all is done.
    Done,
}

impl<'s> Work<'s> {
    /// All work of a run, none of it handed out.
    pub fn new(source: &'s mut dyn WorkSource, context: &Context<'_>) -> Self {
        let classes = Classes::new(context.plan, &context.options.groups);
        Self {
            claims: Claims::new(source, context.index.len()),
            queue: Queue::new(&classes),
            classes,
            delays: Delays::default(),
            retries: Retries::default(),
            pace: Pace::default(),
            affinity: FeatureAffinity::new(context.options.parallel_by),
            hands: BTreeMap::new(),
        }
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
        let mut taken = self.claims.take();
        let scenarios = taken.scenarios.iter();
        let of_features = scenarios.map(|&one| (one, index.feature_of(one)));
        self.queue.add(of_features, &self.classes);
        if taken.withdrawn.is_empty() {
            return;
        }
        taken.withdrawn.sort_unstable();
        let is_withdrawn = |scenario: u32| taken.withdrawn.binary_search(&scenario).is_ok();
        self.queue.withdraw(is_withdrawn);
        self.delays.withdraw(is_withdrawn);
        for hand in self.hands.values_mut() {
            hand.withdraw(is_withdrawn);
            // A worker may be about to start what it has: it runs here.
            for scenario in hand.sent().filter(|one| is_withdrawn(*one)) {
                self.claims.keep(scenario);
            }
        }
    }

    /// Whether a scenario waits for a worker, of any that can be had.
    pub fn any_waits(&mut self, index: &ScenarioIndex) -> bool {
        if self.queue.is_empty() {
            self.refill(index);
        }
        !self.queue.is_empty()
    }

    /// Whether something will still be handed out that no worker has.
    pub fn is_open(&mut self, index: &ScenarioIndex) -> bool {
        self.any_waits(index) || !self.delays.is_empty() || self.claims.may_come()
    }

    /// When something can be handed out that cannot be now.
    pub fn next_change(&self) -> Option<Instant> {
        let again = self.claims.ask_again();
        self.delays.next().into_iter().chain(again).min()
    }

    /// Takes all that waits.
    pub fn take_waiting(&mut self, index: &ScenarioIndex) -> impl Iterator<Item = u32> + use<> {
        self.refill(index);
        self.queue.drain()
    }

    /// Gives each of these workers as much as it should have.
    pub fn hand_out(
        &mut self,
        ready: &[u32],
        share: Share,
        context: &Context<'_>,
        matched: &mut MatchedPlan,
    ) -> Vec<Batch> {
        let mut batches = Vec::new();
        let mut holdings = self.holdings();
        for &serial in ready {
            let takes = |hand: &Hand| !share.only_to_idle || hand.load() == 0;
            // What somebody has in hand who gives back is not known until the answer.
            let takes = |hand: &Hand| takes(hand) && !hand.is_recalling();
            if self.hands.get(&serial).is_some_and(takes) {
                self.fill(
                    serial,
                    share,
                    &mut holdings,
                    (context, matched),
                    &mut batches,
                );
            }
        }
        batches
    }

    fn fill(
        &mut self,
        serial: u32,
        share: Share,
        holdings: &mut Holdings,
        (context, matched): (&Context<'_>, &mut MatchedPlan),
        batches: &mut Vec<Batch>,
    ) {
        let index = &context.index;
        let mut features = 0;
        while let Some(room) = self.room(serial, share) {
            let allowed = |class| self.classes.allows(class, serial, holdings);
            let Some(hand) = self.hands.get_mut(&serial) else {
                return;
            };
            let was_idle = hand.load() == 0;
            if hand.reserved() == 0 {
                // Its feature stays open for a scenario of it that is tried again later.
                if self.delays.any_of(serial) {
                    return;
                }
                let Some(class) = self.queue.next_class(allowed) else {
                    // What waits for others is enough to take from the source, not all that it has.
                    if self.queue.len() >= share.workers || !self.claims.may_come() {
                        return;
                    }
                    let before = self.queue.len();
                    self.refill(index);
                    if self.queue.len() == before {
                        return;
                    }
                    continue;
                };
                let Some(feature) = self.queue.feature(class) else {
                    return;
                };
                if !self
                    .affinity
                    .decide(feature, index.feature(feature), matched)
                {
                    let scenarios = self.queue.take(class, room);
                    holdings.add(serial, [class].into_iter().filter(|_| self.classes.any()));
                    batches.push(self.send(serial, feature, scenarios, was_idle));
                    continue;
                }
                if share.only_to_idle && features > 0 {
                    return;
                }
                features += 1;
                let size = index.feature(feature).scenarios.len();
                hand.reserve(self.queue.take_feature(class, size));
            }
            let allowed = |scenario| allowed(self.classes.of(scenario));
            let Some((feature, scenarios)) = hand.take_reserved(room, index, allowed) else {
                return;
            };
            let of = scenarios.iter().map(|&scenario| self.classes.of(scenario));
            holdings.add(serial, of.filter(|_| self.classes.any()));
            batches.push(self.send(serial, feature, scenarios, was_idle));
        }
    }

    /// How many scenarios a worker is to get now; none when it has enough.
    fn room(&self, serial: u32, share: Share) -> Option<usize> {
        let hand = self.hands.get(&serial)?;
        let most = if hand.reserved() > 0 {
            self.pace.ahead()
        } else {
            self.pace.in_hand(self.queue.len(), share.workers)
        };
        let most = most.min(share.most);
        // Half of it is left when more is sent: a worker never waits, and messages are few.
        (hand.load() <= most / 2).then(|| most - hand.load())
    }

    fn send(&mut self, serial: u32, feature: usize, scenarios: Vec<u32>, was_idle: bool) -> Batch {
        let hand = self.hands.entry(serial).or_default();
        Batch {
            serial,
            feature,
            split: self.affinity.splits(feature),
            ended: hand.send(feature, &scenarios, &self.affinity),
            scenarios,
            was_idle,
        }
    }

    /// What all workers have in hand. Most plans have no conditions, and then it is not looked at.
    fn holdings(&self) -> Holdings {
        let mut holdings = Holdings::default();
        if self.classes.any() {
            for (serial, hand) in &self.hands {
                let sent = hand.sent().map(|scenario| self.classes.of(scenario));
                holdings.add(*serial, sent);
            }
        }
        holdings
    }

    /// The feature of which a worker gets nothing more, once, when that is certain.
    pub fn leave_bound_feature(&mut self, serial: u32, index: &ScenarioIndex) -> Option<usize> {
        if self.delays.any_of(serial) {
            return None;
        }
        let hand = self.hands.get_mut(&serial)?;
        hand.leave_bound_feature(index, &self.affinity)
    }

    /// The feature that ends for a worker that gets nothing more.
    pub fn leave_feature(&mut self, serial: u32) -> Option<usize> {
        self.hands.get_mut(&serial)?.leave_feature()
    }

    /// Whether a worker has nothing to do. One that waits for reserved work cannot take other work.
    pub fn is_free(&self, serial: u32) -> bool {
        let free = |hand: &Hand| hand.load() == 0 && hand.reserved() == 0;
        self.hands.get(&serial).is_some_and(free) && !self.delays.any_of(serial)
    }

    /// Whether a worker has scenarios that another may run.
    pub fn any_spare(&self, index: &ScenarioIndex) -> bool {
        let mut hands = self.hands.values();
        hands.any(|hand| hand.has_spare(index, &self.affinity))
    }

    /// What a worker with nothing to do is to wait for. When nothing waits, what the richest holds and has
    /// not started is recalled and shared again.
    pub fn outlook(&mut self, idle: u32, index: &ScenarioIndex) -> Outlook {
        if self.any_waits(index) {
            return Outlook::Waits;
        }
        let holdings = self.holdings();
        let allowed = |scenario| {
            self.classes
                .allows(self.classes.of(scenario), idle, &holdings)
        };
        let rich = |hand: &Hand| {
            !hand.is_recalling()
                && hand.has_spare(index, &self.affinity)
                && hand.sent().skip(1).any(allowed)
        };
        let hands = self.hands.iter().filter(|(_, hand)| rich(hand));
        if let Some((&serial, _)) = hands.max_by_key(|(_, hand)| hand.load()) {
            return Outlook::Recall(serial);
        }
        let at_work = self.hands.values().any(|hand| hand.load() > 0);
        match at_work || self.is_open(index) {
            true => Outlook::Waits,
            false => Outlook::Done,
        }
    }

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

    /// Notes that what a worker has not started is recalled; false when nothing is to be sent for it.
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

    /// Hands nothing out any more. The result is what no worker has: it does not run. `order` is that
    /// of the run.
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

    /// Gives scenarios back to the source that came back from a worker and do not run.
    pub fn give_up(&mut self, scenarios: &[u32]) {
        self.claims.give_back(scenarios);
    }

    /// Takes what is this process's and no worker's, of which there is no worker any more.
    pub fn take_own(&mut self) -> Vec<u32> {
        let own: Vec<u32> = self.queue.drain().chain(self.delays.drain()).collect();
        self.claims.give_back(&own);
        own
    }

    /// Settles those of these scenarios that nobody has claimed. The result is which.
    pub fn settle_open(&mut self, order: &[u32]) -> Vec<u32> {
        self.claims.settle_open(order)
    }

    /// Settles the scenarios that other processes have claimed. The result is which.
    pub fn settle_elsewhere(&mut self, order: &[u32]) -> Vec<u32> {
        self.claims.settle_elsewhere(order)
    }

    /// What is wrong with the source of work.
    pub fn source_failure(&self) -> Option<&str> {
        self.claims.failure()
    }
}
