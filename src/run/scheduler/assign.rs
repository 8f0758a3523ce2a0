//! Gives work to workers.

use bdd_protocol::{RunLine, RunScenario, ToWorker};
use foldhash::HashMap;

use super::super::work::{Batch, Outlook, Share};
use super::Scheduler;

impl Scheduler<'_> {
    /// Gives more work to workers that have little, and lets workers finish if there is none.
    pub(super) fn assign(&mut self) {
        if self.matched.is_none() {
            return;
        }
        if self.context.options.run.dry_run {
            self.run_dry();
        }
        self.begin_workers();
        self.open_gate();
        let ready = self.workers.ready();
        if self.gate_open {
            // No worker gets a second feature while another has nothing to do.
            self.hand_out(&ready, true);
            self.hand_out(&ready, false);
        }
        // What hosts add may be for any of the workers.
        if !self.work.added().is_pending() {
            self.close_features(&ready);
            self.share_or_finish();
        }
        self.finish_run_process();
    }

    fn hand_out(&mut self, ready: &[u32], only_to_idle: bool) {
        let Some(matched) = &mut self.matched else {
            return;
        };
        let share = Share {
            workers: self.workers.count() + self.workers.awaiting(),
            most: self.stopping.most_ahead(),
            only_to_idle,
        };
        let mut batches = self.work.hand_out(ready, share, &self.context, matched);
        by_turns(&mut batches);
        for batch in batches {
            self.send_batch(&batch);
        }
    }

    fn send_batch(&mut self, batch: &Batch) {
        if let Some(ended) = batch.ended {
            self.send_feature_done(batch.serial, ended);
        }
        let Some(matched) = &mut self.matched else {
            return;
        };
        if batch.was_idle {
            self.workers.note_progress(batch.serial);
        }
        let (index, options) = (&self.context.index, self.context.options);
        let feature = index.feature(batch.feature);
        for &scenario in &batch.scenarios {
            matched.hand_out(feature, index.scenario(scenario));
        }
        let info = matched.feature_info(feature, batch.split);
        let mut line = RunLine::new(&info, batch.scenarios.len());
        for &scenario in &batch.scenarios {
            let planned = index.scenario(scenario);
            let attempt = self.work.next_attempt(scenario);
            let retries = options.retries_on_worker(&planned.tags);
            line.add(&RunScenario {
                attempt,
                retries: retries.saturating_sub(attempt),
                continue_after_failure: options.continues_after_failure(&planned.tags),
                added: self.work.added().key(scenario, batch.serial),
                ..matched.for_worker(feature, planned)
            });
        }
        self.workers.send_line(batch.serial, line.into_bytes());
    }

    fn send_feature_done(&self, serial: u32, feature: usize) {
        let uri = self.context.index.feature(feature).uri.to_string();
        self.workers.send(serial, ToWorker::FeatureDone { uri });
    }

    /// Lets workers close the features that stay on them and are over.
    fn close_features(&mut self, ready: &[u32]) {
        for &serial in ready {
            let over = self.work.leave_bound_feature(serial, &self.context.index);
            if let Some(feature) = over {
                self.send_feature_done(serial, feature);
            }
        }
    }

    /// When the queue is empty, scenarios that a worker has not started are shared again. If there are none,
    /// the workers finish.
    fn share_or_finish(&mut self) {
        let mut settled = self.workers.settled().into_iter();
        let Some(idle) = settled.find(|serial| self.work.is_free(*serial)) else {
            return;
        };
        match self.work.outlook(idle, &self.context.index) {
            Outlook::Waits => {}
            Outlook::Recall(serial) => self.recall(serial),
            Outlook::Done => {
                for serial in self.workers.settled() {
                    self.finish(serial);
                }
            }
        }
    }

    /// Recalls the scenarios that a worker has not started, unless that was done.
    pub(super) fn recall(&mut self, serial: u32) {
        if self.work.recall(serial) {
            self.workers.send(serial, ToWorker::Cancel);
        }
    }

    /// Sends a worker the message that no work follows, unless that was done.
    pub(super) fn finish(&mut self, serial: u32) {
        if self.workers.is_finishing(serial) {
            return;
        }
        if let Some(feature) = self.work.leave_feature(serial) {
            self.send_feature_done(serial, feature);
        }
        if let Some(matched) = &self.matched {
            let hooks = matched.hooks().ids(self.attempts.closing_hooks(serial));
            self.workers.finish(serial, ToWorker::Finish { hooks });
        }
    }

    /// Puts scenarios that came back from a worker into the queue, unless the run is stopped.
    pub(super) fn requeue(&mut self, scenarios: &[u32]) {
        match self.stopping.reason().map(str::to_owned) {
            Some(reason) => {
                self.work.give_up(scenarios);
                self.report_not_run(scenarios, &reason);
            }
            None => self.work.put_back(scenarios, &self.context.index),
        }
    }
}

/// Sorts batches so that each worker gets one in turn: to prepare all of a worker's batches takes a while, in which others
/// would have nothing to do. Those of one worker stay in their order.
fn by_turns(batches: &mut [Batch]) {
    let mut turns: HashMap<u32, u32> = HashMap::default();
    batches.sort_by_cached_key(|batch| {
        let turn = turns.entry(batch.serial).or_default();
        *turn += 1;
        *turn
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_worker_waits_for_all_batches_of_another() {
        let batch = |serial, scenario| Batch {
            serial,
            feature: 0,
            split: false,
            scenarios: vec![scenario],
            ended: None,
            was_idle: false,
        };
        let mut batches = [
            batch(7, 0),
            batch(7, 1),
            batch(7, 2),
            batch(9, 3),
            batch(9, 4),
        ];
        by_turns(&mut batches);
        let order: Vec<_> = batches.iter().map(|batch| batch.scenarios[0]).collect();
        assert_eq!(order, [0, 3, 1, 4, 2]);
    }
}
