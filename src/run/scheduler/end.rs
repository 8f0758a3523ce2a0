//! Endings: of a worker, of the run.

use std::time::{Duration, Instant};

use bdd_steps::protocol::ToWorker;

use crate::event::{Event, Fault, RunErrorKind};
use crate::worker::process::Death;

use super::super::Problem;
use super::super::crew::{Member, fault};
use super::Scheduler;

/// How long a worker may take to close what it has open after the last scenario.
const CLOSING: Duration = Duration::from_secs(10);

impl Scheduler<'_> {
    pub(super) fn gone(&mut self, serial: u32, death: &Death) {
        let Some(mut member) = self.crew.remove(&serial) else {
            return;
        };
        let ended = fault(death);
        let offence = member.offence.take().or_else(|| death.junk.clone());
        let how = match offence {
            Some(offence) => format!("the step program does not keep to the protocol: {offence}"),
            None => ended.to_string(),
        };
        let clean = finishing_well(&member, death);
        let unstarted = member.take_unstarted();
        let index = member.index;
        let running = member.attempt.is_some();
        let introduced = member.introduced;
        let printed = member.all_output();
        self.crew.insert(serial, member);
        if running {
            self.break_off(
                serial,
                ended,
                "Crash",
                &format!("{how} while this step ran"),
            );
        }
        self.crew.remove(&serial);
        self.requeue(&unstarted);
        if self.ending.no_step_program.is_some() || self.ending.interrupted.is_some() {
            return;
        }
        if !running && !clean {
            let program = self.launcher.program().display();
            let detail = printed
                .map(|output| output.to_text().into_owned())
                .unwrap_or_default();
            if self.hash.is_none() && !introduced {
                let message = format!("{how} before it said hello: {program}");
                return self.give_up(Problem {
                    message,
                    detail: not_a_step_program(&detail),
                });
            }
            let message = format!("{how} while it ran no scenario");
            (self.emit)(Event::RunError {
                kind: RunErrorKind::Worker,
                message: message.clone(),
                detail: detail.clone(),
            });
            self.deaths_outside += 1;
            if self.deaths_outside >= 2 {
                return self.give_up(Problem {
                    message: format!("{message}, twice in a row"),
                    detail,
                });
            }
            if self
                .asked
                .as_ref()
                .is_some_and(|asked| asked.serial == serial)
            {
                return self.give_up(Problem {
                    message: format!("{message} but was asked to match steps"),
                    detail,
                });
            }
        }
        if !self.queue.is_empty() {
            self.launch(index);
        }
    }

    /// Ends the run: no step can be run with this step program.
    pub(super) fn give_up(&mut self, problem: Problem) {
        self.stop("the step program cannot run it");
        self.ending.no_step_program.get_or_insert(problem);
        self.kill_all();
    }

    pub(super) fn interrupt(&mut self, signal: i32) {
        if self.ending.interrupted.is_some() {
            return;
        }
        self.ending.interrupted = Some(signal);
        self.stop("the run was interrupted");
        let serials: Vec<u32> = self.crew.keys().copied().collect();
        for serial in serials {
            self.break_off(
                serial,
                Fault::Cancelled,
                "Interrupted",
                "the run was interrupted while this step ran",
            );
        }
        self.kill_all();
    }

    pub(super) fn kill_all(&mut self) {
        for member in self.crew.values() {
            member.kill();
        }
    }

    /// Starts nothing more.
    pub(super) fn stop(&mut self, reason: &str) {
        self.stopped.get_or_insert_with(|| reason.to_owned());
        self.leave_waiting(reason);
        for member in self
            .crew
            .values_mut()
            .filter(|member| member.has_spare() && !member.giving_back)
        {
            member.send(ToWorker::Cancel);
            member.giving_back = true;
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
            (false, _) => Some(member.since + self.options.start_timeout),
            (true, Some(told)) => Some(told + CLOSING),
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
                member.accuse(format!(
                    "it did not end within {} s of its last scenario",
                    CLOSING.as_secs()
                ));
            } else {
                let seconds = self.options.start_timeout.as_secs_f64();
                let detail = member
                    .all_output()
                    .map(|output| output.to_text().into_owned())
                    .unwrap_or_default();
                let program = self.launcher.program().display();
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

/// Whether a worker ended as it was asked to.
fn finishing_well(member: &Member, death: &Death) -> bool {
    member.finishing.is_some() && death.status.is_some_and(|status| status.success())
}

fn not_a_step_program(printed: &str) -> String {
    let mut detail =
        String::from("a step program calls `bdd_steps::worker()` in its main function");
    if !printed.is_empty() {
        detail.push_str("; it printed:\n");
        detail.push_str(printed.trim_end());
    }
    detail
}
