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
            calm: !self.work.has_serial() || self.workers.are_settled(),
        };
        let mut batches = self.work.hand_out(ready, share, &self.context, matched);
        by_turns(&mut batches);
        let mut bundles: Vec<Bundle> = Vec::new();
        for batch in batches {
            let serial = batch.serial;
            let at = bundles.iter().position(|bundle| bundle.serial == serial);
            let at = at.unwrap_or_else(|| {
                bundles.push(Bundle::new(serial, batch.was_idle));
                bundles.len() - 1
            });
            let bundle = &mut bundles[at];
            self.write_batch(&batch, &mut bundle.lines);
            if bundle.is_due() {
                self.workers.send_lines(serial, bundle.take());
            }
        }
        for mut bundle in bundles {
            self.workers.send_lines(bundle.serial, bundle.take());
        }
    }

    /// Writes the messages by which a worker gets a batch.
    fn write_batch(&mut self, batch: &Batch, lines: &mut Vec<u8>) {
        if let Some(ended) = batch.ended {
            lines.extend(self.feature_done(ended).to_line());
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
        lines.extend(line.into_bytes());
    }

    fn feature_done(&self, feature: usize) -> ToWorker {
        let uri = self.context.index.feature(feature).uri.to_string();
        ToWorker::FeatureDone { uri }
    }

    fn send_feature_done(&self, serial: u32, feature: usize) {
        self.workers.send(serial, self.feature_done(feature));
    }

    /// Lets workers close the features that stay on them and are over. They say nothing when they have closed one, so with
    /// scenarios that run alone it stays open until the worker gets others, or nothing more.
    fn close_features(&mut self, ready: &[u32]) {
        if self.work.has_serial() {
            return;
        }
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

/// Batches for one worker that are sent together: each time that something is sent wakes two threads, which costs as much as
/// several quick scenarios.
struct Bundle {
    serial: u32,
    /// The messages of those that are not sent yet.
    lines: Vec<u8>,
    batches: usize,
    /// How many are sent together next; `None` for all, while the worker still has enough to do. One that had nothing to do
    /// gets one, then as many as it has got: while they are written, it runs those.
    next: Option<usize>,
}

impl Bundle {
    fn new(serial: u32, was_idle: bool) -> Self {
        Self {
            serial,
            lines: Vec::new(),
            batches: 0,
            next: was_idle.then_some(1),
        }
    }

    /// Whether it is to be sent, now that another batch was added.
    fn is_due(&mut self) -> bool {
        self.batches += 1;
        let is_due = self.next.is_some_and(|next| self.batches >= next);
        if is_due {
            self.next = Some(2 * self.batches);
        }
        is_due
    }

    fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.lines)
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
    fn a_worker_with_nothing_to_do_gets_its_first_batch_at_once() {
        let sent = |was_idle| {
            let mut bundle = Bundle::new(7, was_idle);
            let due = (1..=8).filter(|_| bundle.is_due());
            due.collect::<Vec<_>>()
        };
        assert_eq!(sent(true), [1, 2, 4, 8]);
        assert_eq!(sent(false), [0; 0]);
    }

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
