//! Endings: of a worker, of the run.

use std::time::{Duration, Instant};

use bdd_steps::protocol::ToWorker;

use crate::event::{Event, Fault, Output, RunErrorKind};
use crate::worker::process::Death;

use super::super::Problem;
use super::super::crew::{Member, fault};
use super::Scheduler;
use super::introduce::Asked;

impl Scheduler<'_> {
    pub(super) fn gone(&mut self, serial: u32, death: &Death) {
        let Some(member) = self.crew.get_mut(&serial) else {
            return;
        };
        let ended = fault(death);
        let offence = member.offence.take().or_else(|| death.junk.clone());
        let how = How { ended, offence };
        let unstarted = member.take_unstarted();
        let was_running = member.attempt.is_some();
        // What was running may be run again: before those that had not started.
        self.requeue(&unstarted);
        if was_running {
            let message = how.told(self.place(serial));
            self.break_off(serial, how.ended.clone(), "Crash", &message);
        }
        let Some(member) = self.crew.remove(&serial) else {
            return;
        };
        if !self.over() && !was_running && !finishing_well(&member, death) {
            self.died_outside(&member, &how);
        }
        if !self.queue.is_empty() {
            self.launch(member.index);
        }
    }

    /// A death that is no scenario's fault.
    fn died_outside(&mut self, member: &Member, how: &How) {
        let detail = text_of(member.late_output());
        if self.hash.is_none() {
            let program = self.program();
            let message = match &how.offence {
                Some(offence) => format!("{program} is no step program: {offence}"),
                None => {
                    let ended = how.ended.to_string();
                    let ended = ended.trim_start_matches("the step program ");
                    format!("the step program {program} {ended} before it said hello")
                }
            };
            return self.give_up(Problem {
                message,
                detail: not_a_step_program(&detail),
            });
        }
        let matching = |asked: &Asked| asked.serial == member.serial;
        if self.asked.as_ref().is_some_and(matching) {
            let message = how.told("while it was asked to match steps");
            let detail = printed(&detail);
            return self.give_up(Problem { message, detail });
        }
        let finishing = member.finishing.is_some();
        if !finishing {
            self.deaths_outside += 1;
        }
        if self.deaths_outside >= 2 {
            let message = how.told("while it ran no scenario, twice in a row");
            let detail = printed(&detail);
            return self.give_up(Problem { message, detail });
        }
        let message = how.told(match finishing {
            true => "after its last scenario",
            false => "while it ran no scenario",
        });
        (self.emit)(Event::RunError {
            kind: RunErrorKind::Worker,
            message,
            detail,
        });
    }

    /// Where a worker was in its scenario, in words.
    fn place(&mut self, serial: u32) -> &'static str {
        let (Some(attempt), Some(script)) = (
            self.crew
                .get(&serial)
                .and_then(|member| member.attempt.as_ref()),
            &mut self.script,
        ) else {
            return "while it ran no scenario";
        };
        let steps = &self.cast.scenario(attempt.scenario).steps;
        let next = steps.get(attempt.finished);
        let goes_on = attempt.goes_on && next.is_some_and(|step| script.can_run(step));
        match attempt.finished {
            _ if attempt.in_step => "while this step ran",
            _ if !goes_on => "after its last step",
            0 => "before its first step",
            _ => "between its steps",
        }
    }

    /// Whether the run has ended before its end.
    pub(super) fn over(&self) -> bool {
        self.ending.no_step_program.is_some() || self.ending.interrupted.is_some()
    }

    /// Ends the run: no step can be run with this step program.
    pub(super) fn give_up(&mut self, problem: Problem) {
        self.ending.no_step_program.get_or_insert(problem);
        self.end_now("the step program cannot run it");
    }

    pub(super) fn interrupt(&mut self, signal: i32) {
        self.ending.interrupted.get_or_insert(signal);
        self.end_now("the run was interrupted");
    }

    /// Breaks off what runs and ends all workers.
    fn end_now(&mut self, reason: &str) {
        self.stop(reason);
        let serials: Vec<u32> = self.crew.keys().copied().collect();
        for serial in serials {
            self.break_off(serial, Fault::Cancelled, "Cancelled", reason);
        }
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
            // It is being killed.
            _ if self.over() || member.offence.is_some() => None,
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
                member.accuse(format!(
                    "it did not end within {} s",
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

/// How a worker came to its end.
struct How {
    ended: Fault,
    offence: Option<String>,
}

impl How {
    /// One line that says where it was, too.
    fn told(&self, place: &str) -> String {
        match &self.offence {
            Some(offence) => {
                format!("the step program did not keep to the protocol {place}: {offence}")
            }
            None => format!("{} {place}", self.ended),
        }
    }
}

fn text_of(output: Option<Output>) -> String {
    output.map_or_else(String::new, |output| output.to_text().into_owned())
}

/// Whether a worker ended as it was asked to.
fn finishing_well(member: &Member, death: &Death) -> bool {
    member.finishing.is_some() && death.status.is_some_and(|status| status.success())
}

fn not_a_step_program(output: &str) -> String {
    let advice = "a step program calls `bdd_steps::worker()` in its main function";
    match printed(output) {
        nothing if nothing.is_empty() => advice.to_owned(),
        printed => format!("{advice}; {printed}"),
    }
}

/// What it printed, as a remark.
fn printed(output: &str) -> String {
    match output.trim_end() {
        "" => String::new(),
        output => format!("it printed:\n{output}"),
    }
}
