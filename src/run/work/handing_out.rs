//! Decides which worker gets which scenarios next, and what idle workers do.

use super::super::context::RunContext;
use super::super::index::ScenarioIndex;
use super::super::matched::MatchedPlan;
use super::Work;
use super::classes::Holdings;
use super::hand::Hand;

/// How much work may be given out.
#[derive(Debug, Clone, Copy)]
pub struct Share {
    /// The number of workers.
    pub workers: usize,
    /// How many scenarios a worker has in hand at most.
    pub most: usize,
    /// Only to workers that have nothing to do.
    pub only_to_idle: bool,
    /// Whether no worker starts or ends: code that it runs then is not beside a scenario that runs alone.
    pub calm: bool,
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

/// What an idle worker waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outlook {
    /// For something that will happen.
    Waits,
    /// For scenarios that this worker gives back when they are recalled.
    Recall(u32),
    /// For nothing: all is done.
    Done,
}

impl Work<'_> {
    /// Fills up the work of each of these workers.
    pub fn hand_out(
        &mut self,
        ready: &[u32],
        share: Share,
        context: &RunContext<'_>,
        matched: &mut MatchedPlan,
    ) -> Vec<Batch> {
        let mut batches = Vec::new();
        let mut holdings = self.holdings();
        for &serial in ready {
            let takes = |hand: &Hand| !share.only_to_idle || hand.load() == 0;
            // Until it answers a recall, the runner does not know what the worker has in hand.
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
        (context, matched): (&RunContext<'_>, &mut MatchedPlan),
        batches: &mut Vec<Batch>,
    ) {
        let index = &context.index;
        let mut features = 0;
        while let Some(room) = self.room(serial, share) {
            let allowed = |class| {
                (share.calm || !self.classes.is_serial(class))
                    && self.classes.allows(class, serial, holdings)
            };
            let Some(hand) = self.hands.get_mut(&serial) else {
                return;
            };
            let was_idle = hand.load() == 0;
            if hand.reserved() == 0 {
                // Its feature stays open for a scenario of it that is tried again later.
                if self.delays.any_of(serial) {
                    return;
                }
                // What is tried again later still comes before the serial ones.
                let may_come = |class| self.delays.is_empty() || !self.classes.is_serial(class);
                let next = self
                    .queue
                    .next_class(|class| allowed(class) && may_come(class));
                let Some(class) = next else {
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

    /// How many scenarios a worker gets now; `None` when it has enough.
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

    /// What all workers have in hand. It is empty for plans without serial scenarios and groups, which do not
    /// need it.
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

    /// The feature that is certainly over for a worker. Each feature is returned once.
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

    /// Whether a worker has a scenario that runs alone.
    pub fn runs_serial(&self) -> bool {
        let is_serial = |scenario| self.classes.is_serial(self.classes.of(scenario));
        self.classes.any() && self.hands.values().any(|hand| hand.sent().any(is_serial))
    }

    /// Whether a scenario waits that may run beside others, after asking the source.
    pub fn any_waits_beside_others(&mut self, index: &ScenarioIndex) -> bool {
        self.any_waits(index)
            && (self.queue)
                .next_class(|class| !self.classes.is_serial(class))
                .is_some()
    }

    /// Whether the plan has scenarios that run alone.
    pub fn has_serial(&self) -> bool {
        self.classes.serial().any(|serial| serial)
    }

    /// Whether a worker has scenarios that another may run.
    pub fn any_spare(&self, index: &ScenarioIndex) -> bool {
        let mut hands = self.hands.values();
        hands.any(|hand| hand.has_spare(index, &self.affinity))
    }

    /// What an idle worker waits for. When the queue is empty, the worker with the most scenarios gives back
    /// those that it has not started, and they are shared again.
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
}
