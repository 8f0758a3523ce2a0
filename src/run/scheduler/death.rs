//! Handles a process that is gone: the scenario or hook that it ran, its other scenarios, and its
//! replacement.

use crate::event::{CapturedOutput, Event, HookKind, RunErrorKind, Status};
use crate::worker::process::Death;

use super::super::Problem;
use super::super::attempts::RunningHook;
use super::super::workers::{AbortCause, GoneWorker, Opening, Role, WorkerExit};
use super::Scheduler;
use super::introduce::PendingMatch;
use super::outside::within;

/// The position of a worker that exited before it had closed what it had opened.
const TOO_EARLY: &str = "before it had closed everything";

impl Scheduler<'_> {
    /// A worker has closed everything and exits.
    pub(super) fn closed(&mut self, serial: u32) -> Result<(), String> {
        if !self.workers.is_finishing(serial) || self.attempts.is_running(serial) {
            return Err("it closed everything before it had finished".to_owned());
        }
        self.workers.set_closed(serial);
        Ok(())
    }

    /// A worker asks for no further work, because a scenario has left it unfit.
    pub(super) fn retires(&mut self, serial: u32, reason: &str) -> Result<(), String> {
        let worker = self.workers.index(serial);
        let Some(worker) = worker.filter(|_| self.matched.is_some()) else {
            return Err("it asked for no further work before it was sent any".to_owned());
        };
        let reserved = self.work.retire(serial);
        if self.work.load(serial) > 0 {
            self.recall(serial);
        }
        self.finish(serial);
        self.requeue(&reserved);
        (self.emit)(Event::Warning {
            message: format!("worker {worker} is replaced: it {reason}"),
            place: None,
            rule: None,
        });
        Ok(())
    }

    pub(super) fn gone(&mut self, serial: u32, death: &Death) {
        let position = self.position(serial);
        let Some(exit) = self.workers.exit(serial, death) else {
            return;
        };
        let unstarted = self.work.take_unstarted(serial);
        let was_running = self.attempts.is_running(serial);
        let mut culprit = None;
        if was_running {
            // What was running may be run again: before those that had not started.
            self.requeue(&unstarted);
            self.end_attempt_of_gone(serial, &exit, &position);
        } else {
            let (status, kind, message) = match exit.cause() {
                Some(cause) if cause.is_cancelled() => {
                    (Status::Skipped, cause.kind, cause.message.clone())
                }
                Some(cause) => (Status::Failed, cause.kind, cause.message.clone()),
                None => (Status::Failed, "Crash", exit.message(&position)),
            };
            culprit = self.end_hook(serial, status, kind, &message);
            let unstarted = self.leave_out(serial, (culprit.as_ref(), &exit), unstarted);
            self.requeue(&unstarted);
        }
        self.forget_added(serial);
        self.work.remove_worker(serial);
        let unrun = self.attempts.remove_worker(serial);
        let Some(gone) = self.workers.remove(serial) else {
            return;
        };
        if gone.dismissed {
            return;
        }
        if !gone.introduced && exit.is_refusal() {
            return self.refused_to_worker(gone.index, &text_of(gone.output));
        }
        if let Some(culprit) = culprit {
            self.died_in_hook(gone.output.as_ref(), &culprit, &exit);
        } else if !was_running && exit.cause().is_none() && !is_in_order(&gone, death) {
            self.died_outside(serial, &gone, &exit);
        }
        self.name_unrun(&unrun, &exit);
        if gone.role == Role::Scenarios && self.needs_replacement() {
            self.launch(gone.index);
        }
    }

    /// Whether a worker is needed in place of one that is gone. For scenarios that run alone, one of the others is enough.
    fn needs_replacement(&mut self) -> bool {
        let index = &self.context.index;
        let for_serial = self.work.runs_serial() || self.work.only_serial_is_left(index);
        self.work.is_open(index) && !(for_serial && self.workers.usable() > 0)
    }

    /// Ends the attempt of a worker that is gone.
    fn end_attempt_of_gone(&mut self, serial: u32, exit: &WorkerExit, position: &str) {
        let winding_up = self.stopping.winding_up().map(AbortCause::cancelled);
        match exit.cause().cloned().or(winding_up) {
            Some(cause) => self.break_off(serial, cause.fault, cause.kind, &cause.message),
            None => {
                let message = exit.message(position);
                self.break_off(serial, exit.fault().clone(), "Crash", &message);
            }
        }
    }

    /// Removes from `scenarios` those after an opening hook in which the process died. They are not run.
    fn leave_out(
        &mut self,
        serial: u32,
        (culprit, exit): (Option<&RunningHook>, &WorkerExit),
        mut scenarios: Vec<u32>,
    ) -> Vec<u32> {
        let (Some(culprit), Some(matched)) = (culprit, &self.matched) else {
            return scenarios;
        };
        let feature = self.attempts.open_feature(serial);
        let rule = match matched.hooks().kind(culprit.hook) {
            HookKind::BeforeFeature => None,
            HookKind::BeforeRule => self.attempts.open_rule(serial),
            _ => return scenarios,
        };
        let reason = ended_or_crashed(&matched.hooks().named(culprit.hook), exit);
        let index = &self.context.index;
        let opened = |scenario: &mut u32| {
            Some(index.feature_of(*scenario)) == feature
                && (rule.is_none() || index.scenario(*scenario).rule == rule)
        };
        let left_out: Vec<u32> = scenarios.extract_if(.., opened).collect();
        for scenario in left_out {
            self.not_run(scenario, &reason);
        }
        scenarios
    }

    /// A death in a hook that belongs to no scenario.
    fn died_in_hook(
        &mut self,
        output: Option<&CapturedOutput>,
        culprit: &RunningHook,
        exit: &WorkerExit,
    ) {
        let Some(matched) = &self.matched else {
            return;
        };
        let named = matched.hooks().named(culprit.hook);
        let kind = matched.hooks().kind(culprit.hook);
        let place = within(&culprit.place);
        let what = match exit.cause() {
            Some(cause) if cause.is_cancelled() => return,
            Some(cause) => format!("{named} was ended{place}: {}", cause.message),
            None => format!("{named} crashed{place}: {}", exit.short()),
        };
        (self.emit)(Event::RunError {
            kind: RunErrorKind::Hook,
            message: what,
            detail: printed(&text_of(output.cloned())),
        });
        if kind.is_before() && kind.is_outside_features() {
            self.stop(&ended_or_crashed(&named, exit));
        } else {
            self.count_failure();
        }
    }

    /// Reports the closing hooks outside of scenarios that did not run because the process died.
    fn name_unrun(&mut self, unrun: &[u32], exit: &WorkerExit) {
        let Some(matched) = &self.matched else {
            return;
        };
        for &hook in unrun {
            (self.emit)(Event::RunError {
                kind: RunErrorKind::Hook,
                message: matched.hooks().not_run(hook, &exit.short()).message,
                detail: String::new(),
            });
        }
    }

    /// A death that is no scenario's fault.
    fn died_outside(&mut self, serial: u32, gone: &GoneWorker, exit: &WorkerExit) {
        let detail = text_of(gone.output.clone());
        if !self.workers.any_introduced() {
            return self.give_up(self.context.ended_before_hello(exit, &detail));
        }
        let asked = |pending: &PendingMatch| pending.is_of(serial);
        if self.pending_match.as_ref().is_some_and(asked) {
            let message = exit.message("while it was asked to match steps");
            let detail = printed(&detail);
            return self.give_up(Problem { message, detail });
        }
        // Its exit code alone does not show that something is wrong.
        let too_early = gone.finishing && gone.must_close && exit.is_success();
        if gone.role == Role::RunHooks {
            let message = exit.message(match too_early {
                true => TOO_EARLY,
                false => "while it waited for the end of the run",
            });
            self.report_death(message, detail);
            if gone.opening == Opening::Asked {
                self.stop("the process of the hooks before the run died");
            }
            return;
        }
        let in_a_row = match gone.finishing {
            true => self.workers.idle_deaths(),
            false => self.workers.note_idle_death(),
        };
        if in_a_row >= 2 {
            let message = exit.message("while it ran no scenario, twice in a row");
            let detail = printed(&detail);
            return self.give_up(Problem { message, detail });
        }
        let message = exit.message(match gone.finishing {
            true if too_early => TOO_EARLY,
            true => "after its last scenario",
            false => "while it ran no scenario",
        });
        self.report_death(message, detail);
    }

    fn report_death(&mut self, message: String, detail: String) {
        (self.emit)(Event::RunError {
            kind: RunErrorKind::Worker,
            message,
            detail,
        });
    }

    /// Describes where a worker was in its scenario.
    fn position(&mut self, serial: u32) -> String {
        if let Some(running) = self.attempts.hook(serial) {
            return format!("while {} ran", self.named(running.hook));
        }
        let attempt = self.attempts.attempt(serial);
        let (Some(attempt), Some(matched)) = (attempt, &mut self.matched) else {
            return "while it ran no scenario".to_owned();
        };
        let steps = &self.context.index.scenario(attempt.scenario()).steps;
        let next = steps.get(attempt.next_step());
        let uri = self.context.index.uri_of(attempt.scenario());
        let can_run = |step| matched.can_run(uri, step);
        let goes_on = attempt.must_go_on() && next.is_some_and(can_run);
        let position = match attempt.next_step() {
            _ if attempt.running_step().is_some() => "while this step ran",
            _ if !goes_on => "after its last step",
            0 => "before its first step",
            _ => "between its steps",
        };
        position.to_owned()
    }
}

/// What happened to a hook in which its process died.
fn ended_or_crashed(named: &str, exit: &WorkerExit) -> String {
    match exit.cause() {
        Some(cause) => format!("{named} was ended: {}", cause.message),
        None => format!("{named} crashed"),
    }
}

/// Whether a worker ended as it was asked to.
fn is_in_order(gone: &GoneWorker, death: &Death) -> bool {
    gone.finishing && !gone.must_close && death.status.is_some_and(|status| status.success())
}

pub(super) fn text_of(output: Option<CapturedOutput>) -> String {
    output.map_or_else(String::new, |output| output.to_text().into_owned())
}

/// The output of a process, for the detail of an error.
pub(super) fn printed(output: &str) -> String {
    match output.trim_end() {
        "" => String::new(),
        output => format!("it printed:\n{output}"),
    }
}
