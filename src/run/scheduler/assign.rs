//! Handing out work.

use std::collections::BTreeMap;

use super::super::classes::{Classes, Holdings};
use super::super::crew::{Member, Opening, Role};
use super::Scheduler;

impl Scheduler<'_> {
    /// Gives every worker that runs low its next work, and sends home those for whom there is none.
    pub(super) fn assign(&mut self) {
        if self.script.is_none() {
            return;
        }
        self.begin_workers();
        self.open_gate();
        if self.gate_open {
            // Nobody gets a second feature while another has nothing to do.
            self.hand_out(true);
            self.hand_out(false);
        }
        self.close_features();
        self.share_or_finish();
        self.finish_run_process();
    }

    fn hand_out(&mut self, only_to_idle: bool) {
        let Some(script) = &mut self.script else {
            return;
        };
        let terms = (self.options, &self.retries);
        let workers = self.crew.values().filter(|one| one.role == Role::Worker);
        let workers = workers.count();
        // After as many failures nothing more starts, so no more than those are sent ahead.
        let limit = self.options.max_failures;
        let limit = limit.map(|limit| limit.count.get().saturating_sub(self.failures).max(1));
        let limit = limit.map_or(usize::MAX, |limit| limit as usize);
        let classes = &self.classes;
        let mut holdings = holdings(classes, &self.crew);
        // What somebody has in hand who gives back is not known until the answer.
        let ready = |member: &&mut Member| member.can_work() && !member.giving_back;
        let members = self.crew.values_mut().filter(ready);
        for member in members.filter(|member| !only_to_idle || member.load() == 0) {
            let serial = member.serial;
            let mut features = 0;
            loop {
                let most = if member.reserved() > 0 {
                    self.pace.ahead()
                } else {
                    self.pace.in_hand(self.queue.len(), workers)
                };
                let most = most.min(limit);
                if member.load() > most / 2 {
                    break;
                }
                let room = most - member.load();
                let allowed = |class| classes.allows(class, serial, &holdings);
                if member.reserved() == 0 {
                    // Its feature stays open for a scenario of it that is tried again later.
                    if self.delays.any_of(serial) {
                        break;
                    }
                    let Some(class) = self.queue.next_class(allowed) else {
                        break;
                    };
                    let Some(feature) = self.queue.feature(class) else {
                        break;
                    };
                    if !script.decide_whole(feature, self.cast.feature(feature)) {
                        let scenarios = self.queue.take(class, room);
                        member.hand(feature, &scenarios, &self.cast, script, terms);
                        holdings.add(serial, [class].into_iter().filter(|_| classes.any()));
                        continue;
                    }
                    if only_to_idle && features > 0 {
                        break;
                    }
                    features += 1;
                    let size = self.cast.feature(feature).scenarios.len();
                    member.reserve(self.queue.take_feature(class, size));
                }
                let taken = member
                    .take_reserved(room, &self.cast, |scenario| allowed(classes.of(scenario)));
                let Some((feature, scenarios)) = taken else {
                    break;
                };
                let of = scenarios.iter().map(|&scenario| classes.of(scenario));
                holdings.add(serial, of.filter(|_| classes.any()));
                member.hand(feature, &scenarios, &self.cast, script, terms);
            }
        }
    }

    /// Lets whole features be closed that are over.
    fn close_features(&mut self) {
        if let Some(script) = &self.script {
            for member in self.crew.values_mut().filter(|member| member.can_work()) {
                member.close_whole_feature(&self.cast, script, &self.delays);
            }
        }
    }

    /// When nothing waits: what a worker holds and has not started is asked back and shared again;
    /// where there is nothing to share, the workers are sent home.
    fn share_or_finish(&mut self) {
        let Some(script) = &self.script else {
            return;
        };
        let mut idle = self.crew.values().filter(|member| {
            let opening = member.opening == Opening::Asked;
            // Who waits for what it alone may run could not take anything else.
            let waits = member.reserved() > 0 || self.delays.any_of(member.serial);
            let at_work = member.load() > 0 || waits || opening || member.finishing.is_some();
            member.role == Role::Worker && member.introduced && !at_work && !member.dismissed
        });
        let Some(idle) = idle.next().map(|idle| idle.serial) else {
            return;
        };
        if !self.queue.is_empty() {
            return;
        }
        let classes = &self.classes;
        let holdings = holdings(classes, &self.crew);
        let allowed = |scenario| classes.allows(classes.of(scenario), idle, &holdings);
        let richest = self
            .crew
            .values_mut()
            .filter(|member| member.has_spare(&self.cast, script) && !member.giving_back)
            .filter(|member| member.in_hand().skip(1).any(allowed))
            .max_by_key(|member| member.load());
        if let Some(richest) = richest {
            richest.ask_back();
        } else if self.delays.is_empty() && self.crew.values().all(|member| member.load() == 0) {
            for member in self.crew.values_mut().filter(|member| {
                member.role == Role::Worker && member.introduced && member.opening != Opening::Asked
            }) {
                member.finish(&self.cast, script);
            }
        }
    }

    pub(super) fn requeue(&mut self, scenarios: &[u32]) {
        match self.stopped.clone() {
            Some(reason) => scenarios
                .iter()
                .for_each(|&scenario| self.not_run(scenario, &reason)),
            None => {
                let of_features = scenarios
                    .iter()
                    .map(|&scenario| (scenario, self.cast.feature_of(scenario)));
                self.queue.give_back(of_features, &self.classes);
            }
        }
    }
}

/// What all workers have in hand.
fn holdings(classes: &Classes, crew: &BTreeMap<u32, Member>) -> Holdings {
    let mut holdings = Holdings::default();
    if classes.any() {
        for member in crew.values() {
            let in_hand = member.in_hand().map(|scenario| classes.of(scenario));
            holdings.add(member.serial, in_hand);
        }
    }
    holdings
}
