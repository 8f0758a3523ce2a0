//! The end of a run before its time, and of what takes too long.

use std::time::{Duration, Instant};

use bdd_steps::protocol::ToWorker;

use crate::event::{Event, Fault, RunErrorKind, Status};

use super::super::Problem;
use super::super::crew::{Member, Opening, Role};
use super::super::script::Script;
use super::Scheduler;
use super::death::{not_a_step_program, text_of};

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

    /// Ends the run: what is open is closed if there is something to close, and the processes get
    /// the usual time for that; else all are ended at once.
    fn end_now(&mut self, reason: &str) {
        self.stop(reason);
        self.winding_up.get_or_insert_with(|| reason.to_owned());
        let closes = self.script.as_ref().is_some_and(Script::needs_closing);
        let serials: Vec<u32> = self.crew.keys().copied().collect();
        for serial in serials {
            let (Some(member), Some(script)) = (self.crew.get_mut(&serial), &self.script) else {
                self.dismiss(serial, reason);
                continue;
            };
            if !closes || member.opening == Opening::NotYet || member.offence.is_some() {
                self.dismiss(serial, reason);
            } else if member.role == Role::Worker || member.opening == Opening::Asked {
                if member.has_unstarted_or_starting() && !member.giving_back {
                    member.send(ToWorker::Cancel);
                    member.giving_back = true;
                }
                member.finish(&self.cast, script);
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
            self.stop(&match limit.count.get() {
                1 => "the run was stopped after the first failure".to_owned(),
                count => format!("the run was stopped after {count} failures"),
            });
        }
    }

    /// Starts nothing more.
    pub(super) fn stop(&mut self, reason: &str) {
        self.stopped.get_or_insert_with(|| reason.to_owned());
        self.leave_waiting(reason);
        let mut reserved = Vec::new();
        for member in self.crew.values_mut() {
            reserved.extend(member.take_all_reserved());
            if member.has_unstarted() && !member.giving_back {
                member.send(ToWorker::Cancel);
                member.giving_back = true;
            }
        }
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

    /// How long nothing may happen before someone is late.
    pub(super) fn patience(&self) -> Duration {
        let deadlines = self
            .crew
            .values()
            .filter_map(|member| self.deadline(member));
        let next = deadlines
            .min()
            .unwrap_or_else(|| Instant::now() + Duration::from_secs(3600));
        next.saturating_duration_since(Instant::now())
    }

    pub(super) fn deadline(&self, member: &Member) -> Option<Instant> {
        match (member.introduced, member.finishing) {
            // It is being killed.
            _ if member.dismissed || member.offence.is_some() => None,
            (false, _) => Some(member.since + self.options.start_timeout),
            (true, Some(told)) => Some(told + self.options.finish_timeout),
            (true, None) => None,
        }
    }

    pub(super) fn lose_patience(&mut self) {
        let now = Instant::now();
        let late: Vec<u32> = self
            .crew
            .values()
            .filter(|member| {
                self.deadline(member)
                    .is_some_and(|deadline| deadline <= now)
            })
            .map(|member| member.serial)
            .collect();
        for serial in late {
            let Some(member) = self.crew.get_mut(&serial) else {
                continue;
            };
            if member.introduced {
                member.late = true;
                member.accuse(format!(
                    "it did not end within {} s (`finish-timeout`)",
                    self.options.finish_timeout.as_secs_f64()
                ));
            } else {
                let seconds = self.options.start_timeout.as_secs_f64();
                let detail = text_of(member.late_output());
                let program = self.program();
                let message =
                    format!("the step program {program} did not say hello within {seconds} s");
                self.give_up(Problem {
                    message,
                    detail: not_a_step_program(&detail),
                });
            }
        }
    }
}
