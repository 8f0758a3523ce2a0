//! Ends a run early.

use crate::event::{Event, Fault, RunErrorKind, Status};

use super::super::Problem;
use super::super::matched::MatchedPlan;
use super::super::workers::{AbortCause, Opening, Role};
use super::Scheduler;

impl Scheduler<'_> {
    /// Ends the run: no step can be run with this step program.
    pub(super) fn give_up(&mut self, problem: Problem) {
        self.ending.give_up(problem);
        self.end_now("the step program cannot run it");
    }

    pub(super) fn interrupt(&mut self, signal: i32) {
        if self.ending.interrupt(signal) {
            (self.emit)(Event::RunError {
                kind: RunErrorKind::Interrupted,
                message: match signal_hook::low_level::signal_name(signal) {
                    Some(name) => format!("the run was interrupted by {name}"),
                    None => format!("the run was interrupted by signal {signal}"),
                },
                detail: String::new(),
            });
        }
        self.end_now("the run was interrupted");
    }

    /// Ends the run and closes what is open. If closing hooks wait, running code that cannot be broken off
    /// gets the usual time to finish; otherwise it is killed.
    pub(super) fn end_now(&mut self, reason: &str) {
        self.stop(reason);
        self.stopping.wind_up(reason);
        let closes = |matched: &MatchedPlan| {
            matched.hooks().any_closing() || self.work.shares_within_features()
        };
        let closes = self.matched.as_ref().is_some_and(closes);
        for serial in self.workers.serials() {
            let opening = self.workers.opening(serial);
            let is_for_scenarios = self.workers.role(serial) == Some(Role::Scenarios);
            if self.matched.is_none()
                || opening == Opening::NotYet
                || self.workers.is_accused(serial)
            {
                self.dismiss(serial, reason);
            } else if is_for_scenarios || opening == Opening::Asked {
                self.finish(serial);
                self.cancel_running(serial, reason, closes);
            }
        }
    }

    /// Breaks off what a process runs and ends the process.
    fn dismiss(&mut self, serial: u32, reason: &str) {
        self.break_off(serial, Fault::Cancelled, "Cancelled", reason);
        self.end_hook(serial, Status::Skipped, "Cancelled", reason);
        self.workers.dismiss(serial);
    }

    /// Counts a failure of the run. At the limit nothing more is started.
    pub(super) fn count_failure(&mut self) {
        let Some(limit) = self.stopping.count_failure() else {
            return;
        };
        self.stop(&limit.reason);
        if limit.immediate {
            for serial in self.workers.serials() {
                self.cancel_running(serial, &limit.reason, false);
            }
        }
    }

    /// Breaks off what a worker runs, because the run is stopped. Closing hooks still finish.
    fn cancel_running(&mut self, serial: u32, reason: &str, gentle: bool) {
        let runs = match (self.attempts.hook(serial), &self.matched) {
            (Some(hook), Some(matched)) => matched.hooks().kind(hook.hook).is_before(),
            // It may have started what it was sent, though no message says so yet.
            _ => self.work.load(serial) > 0,
        };
        if runs {
            self.break_off_running(serial, AbortCause::cancelled(reason), gentle);
        }
    }

    /// Starts nothing more.
    pub(super) fn stop(&mut self, reason: &str) {
        self.stopping.stop(reason);
        self.workers.forget_places();
        let dropped = self.work.close(&self.context.options.order);
        for serial in self.work.with_unstarted() {
            self.recall(serial);
        }
        self.report_not_run(&dropped, reason);
    }
}
