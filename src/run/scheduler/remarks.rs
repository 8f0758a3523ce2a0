//! Handles remarks of workers, and scenarios that get no result.

use crate::event::{Event, RunErrorKind, SourceLocation};

use super::Scheduler;

impl Scheduler<'_> {
    /// The place of the scenario that a worker runs.
    fn place_of_running(&self, serial: u32) -> Option<SourceLocation> {
        let scenario = self.attempts.attempt(serial)?.scenario();
        let at = self.context.index.scenario(scenario).location;
        Some(self.context.index.source(scenario, at))
    }

    /// Reports the remarks about a scenario that has just ended as warnings. Every worker may notice the same kind
    /// of change, so the same text is reported once.
    pub(super) fn remark(&mut self, serial: u32, remarks: Vec<String>) {
        for message in remarks {
            if !self.announced.aftermath.insert(message.clone()) {
                continue;
            }
            let place = self.place_of_running(serial);
            (self.emit)(Event::Warning {
                message,
                place,
                rule: None,
            });
        }
    }

    /// Reports problems that were found after a scenario that may not be their cause. Several workers may
    /// find the same problem.
    pub(super) fn report_aftermath(&mut self, serial: u32, errors: Vec<String>) {
        for error in errors {
            let Some(place) = self.place_of_running(serial) else {
                continue;
            };
            if !self.announced.aftermath.insert(error.clone()) {
                continue;
            }
            (self.emit)(Event::RunError {
                kind: RunErrorKind::Aftermath,
                message: format!("{}:{}: {error}", place.file, place.line),
                detail: String::new(),
            });
        }
    }

    /// Settles a scenario that is not run.
    pub(super) fn not_run(&mut self, scenario: u32, reason: &str) {
        self.work.settle(scenario);
        self.report_not_run(&[scenario], reason);
    }

    /// Reports scenarios that are not run.
    pub(super) fn report_not_run(&mut self, scenarios: &[u32], reason: &str) {
        for &scenario in scenarios {
            (self.emit)(Event::ScenarioNotRun {
                scenario,
                reason: reason.to_owned(),
            });
        }
    }

    /// Gives the final event to all scenarios without one, when all workers are gone.
    pub(super) fn account_for_rest(&mut self) {
        let order = &self.context.options.order;
        let failure = self.work.source_failure().map(str::to_owned);
        let stopped = self.stopping.reason().map(str::to_owned);
        let no_worker = || "no worker could run it".to_owned();
        let own = self.work.take_own();
        let reason = stopped.clone().unwrap_or_else(no_worker);
        self.report_not_run(&own, &reason);
        let never_given = || "the source of work ended before it gave it out".to_owned();
        let open = self.work.settle_open(order);
        let reason = stopped.or(failure).unwrap_or_else(never_given);
        self.report_not_run(&open, &reason);
        for scenario in self.work.settle_elsewhere(order) {
            (self.emit)(Event::ScenarioClaimedElsewhere { scenario });
        }
    }
}
