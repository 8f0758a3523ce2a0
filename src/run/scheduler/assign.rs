//! Handing out work.

use bdd_steps::protocol::ToWorker;

use super::Scheduler;

impl Scheduler<'_> {
    /// Gives every worker that runs low its next work, and sends home those for whom there is none.
    pub(super) fn assign(&mut self) {
        let Some(script) = &mut self.script else {
            return;
        };
        let workers = self.crew.len();
        let mut idle = false;
        for member in self
            .crew
            .values_mut()
            .filter(|member| member.introduced && member.finishing.is_none())
        {
            let most = if self.options.stop_at_first_failure {
                1
            } else {
                self.pace.in_hand(self.queue.len(), workers)
            };
            while member.load() <= most / 2 {
                let Some((feature, scenarios)) = self.queue.take(most - member.load()) else {
                    break;
                };
                let terms = (self.options, &self.retries);
                member.hand(feature, &scenarios, &self.cast, script, terms);
            }
            idle |= member.load() == 0;
        }
        if !idle || !self.queue.is_empty() {
            return;
        }
        // Nothing waits: what others hold and have not started is asked back and shared again.
        let richest = self
            .crew
            .values_mut()
            .filter(|member| member.has_spare() && !member.giving_back)
            .max_by_key(|member| member.load());
        if let Some(richest) = richest {
            richest.send(ToWorker::Cancel);
            richest.giving_back = true;
        } else if self.crew.values().all(|member| member.load() == 0) {
            for member in self.crew.values_mut().filter(|member| member.introduced) {
                member.finish(&self.cast);
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
