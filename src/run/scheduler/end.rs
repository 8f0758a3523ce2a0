//! The end of a run before its time, and of what takes too long.

use crate::event::{Event, Fault, RunErrorKind, Status};

use super::super::Problem;
use super::super::crew::{Breaking, Opening, Role};
use super::super::script::Script;
use super::Scheduler;
use super::breaking::cancelled;

impl Scheduler<'_> {
    /// Ends the run: no step can be run with this step program.
    pub(super) fn give_up(&mut self, problem: Problem) {
        self.ending.no_step_program.get_or_insert(problem);
        self.end_now("the step program cannot run it");
    }

    pub(super) fn interrupt(&mut self, signal: i32) {
        if self.ending.interrupted.is_none() {
            self.ending.interrupted = Some(signal);
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

    /// Ends the run: what is open is closed. Where hooks wait behind it, code that cannot be left gets
    /// the usual time to come to its end; else it is ended.
    pub(super) fn end_now(&mut self, reason: &str) {
        self.stop(reason);
        self.winding_up.get_or_insert_with(|| reason.to_owned());
        let closes = self.script.as_ref().is_some_and(Script::needs_closing);
        let serials: Vec<u32> = self.crew.keys().copied().collect();
        for serial in serials {
            let (Some(member), Some(script)) = (self.crew.get_mut(&serial), &self.script) else {
                self.dismiss(serial, reason);
                continue;
            };
            if member.opening == Opening::NotYet || member.offence.is_some() {
                self.dismiss(serial, reason);
            } else if member.role == Role::Worker || member.opening == Opening::Asked {
                member.finish(&self.cast, script);
                self.cancel_running(serial, reason, closes);
            }
        }
    }

    /// Breaks off what a process does and ends it.
    fn dismiss(&mut self, serial: u32, reason: &str) {
        self.break_off(serial, Fault::Cancelled, "Cancelled", reason);
        self.end_hook(serial, Status::Skipped, "Cancelled", reason);
        if let Some(member) = self.crew.get_mut(&serial) {
            member.dismiss();
        }
    }

    /// Counts a failure of the run; at the limit nothing more is started.
    pub(super) fn count_failure(&mut self) {
        self.failures = self.failures.saturating_add(1);
        let Some(limit) = self.options.max_failures else {
            return;
        };
        if self.failures >= limit.count.get() {
            let reason = match limit.count.get() {
                1 => "the run was stopped after the first failure".to_owned(),
                count => format!("the run was stopped after {count} failures"),
            };
            self.stop(&reason);
            if limit.immediate {
                let serials: Vec<u32> = self.crew.keys().copied().collect();
                for serial in serials {
                    self.cancel_running(serial, &reason, false);
                }
            }
        }
    }

    /// Breaks off what a worker runs, because the run is stopped. Closing hooks come to their end.
    fn cancel_running(&mut self, serial: u32, reason: &str, gentle: bool) {
        let Some(member) = self.crew.get(&serial) else {
            return;
        };
        let runs = match (&member.hook, &self.script) {
            (Some(hook), Some(script)) => script.hooks.kind(hook.hook).is_before(),
            // It may have started what it was sent, though nothing is heard of that yet.
            _ => member.load() > 0,
        };
        if runs {
            self.break_off_running(serial, cancelled(reason), gentle);
        }
    }

    /// Lets a closing hook that has begun come to its end when what runs was to be broken off because
    /// the run is stopped.
    pub(super) fn spare_closing(&mut self, serial: u32) {
        if let Some(member) = self.crew.get_mut(&serial) {
            let cancelled = |one: &mut Breaking| one.why.fault == Fault::Cancelled && one.waits();
            member.breaking.take_if(cancelled);
        }
        self.ask_to_leave(serial);
    }

    /// Starts nothing more.
    pub(super) fn stop(&mut self, reason: &str) {
        self.stopped.get_or_insert_with(|| reason.to_owned());
        self.leave_waiting(reason);
        let mut reserved = Vec::new();
        for member in self.crew.values_mut() {
            reserved.extend(member.take_all_reserved());
            if member.has_unstarted() {
                member.ask_back();
            }
        }
        reserved.extend(self.delays.drain());
        for scenario in reserved {
            self.not_run(scenario, reason);
        }
    }

    pub(super) fn leave_waiting(&mut self, reason: &str) {
        for scenario in self.queue.drain() {
            self.not_run(scenario, reason);
        }
    }

    pub(super) fn not_run(&mut self, scenario: u32, reason: &str) {
        (self.emit)(Event::ScenarioNotRun {
            scenario,
            reason: reason.to_owned(),
        });
    }
}
