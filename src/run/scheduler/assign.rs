//! Handing out work.

use bdd_steps::protocol::ToWorker;

use super::super::crew::{Opening, Role};
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
        let members = self.crew.values_mut().filter(|member| member.can_work());
        for member in members.filter(|member| !only_to_idle || member.load() == 0) {
            let mut features = 0;
            loop {
                let most = if self.options.max_failures.is_some() {
                    1
                } else if member.reserved() > 0 {
                    self.pace.ahead()
                } else {
                    self.pace.in_hand(self.queue.len(), workers)
                };
                if member.load() > most / 2 {
                    break;
                }
                let room = most - member.load();
                if member.reserved() == 0 {
                    let Some(feature) = self.queue.next_feature() else {
                        break;
                    };
                    if !script.decide_whole(feature, self.cast.feature(feature)) {
                        if let Some((feature, scenarios)) = self.queue.take(room) {
                            member.hand(feature, &scenarios, &self.cast, script, terms);
                        }
                        continue;
                    }
                    if only_to_idle && features > 0 {
                        break;
                    }
                    features += 1;
                    if let Some((_, all)) = self.queue.take(usize::MAX) {
                        member.reserve(all);
                    }
                }
                if let Some((feature, scenarios)) = member.take_reserved(room, &self.cast) {
                    member.hand(feature, &scenarios, &self.cast, script, terms);
                }
            }
        }
    }

    /// Lets whole features be closed that are over.
    fn close_features(&mut self) {
        if let Some(script) = &self.script {
            for member in self.crew.values_mut().filter(|member| member.can_work()) {
                member.close_whole_feature(&self.cast, script);
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
            let at_work = member.load() > 0 || opening || member.finishing.is_some();
            member.role == Role::Worker && member.introduced && !at_work && !member.dismissed
        });
        if idle.next().is_none() || !self.queue.is_empty() {
            return;
        }
        let richest = self
            .crew
            .values_mut()
            .filter(|member| member.has_spare(&self.cast, script) && !member.giving_back)
            .max_by_key(|member| member.load());
        if let Some(richest) = richest {
            richest.send(ToWorker::Cancel);
            richest.giving_back = true;
        } else if self.crew.values().all(|member| member.load() == 0) {
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
            None => self.queue.give_back(
                scenarios
                    .iter()
                    .map(|&scenario| (scenario, self.cast.feature_of(scenario))),
            ),
        }
    }
}
