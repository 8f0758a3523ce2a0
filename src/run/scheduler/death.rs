//! What comes of a process that is gone: for the scenario or hook that it ran, for what it had not
//! started, and for its place.

use crate::event::{Event, Fault, HookKind, Output, RunErrorKind, Status};
use crate::worker::process::Death;

use super::super::Problem;
use super::super::course::{Block, RunningHook};
use super::super::crew::{Member, Opening, Role, Why, fault};
use super::Scheduler;
use super::breaking::cancelled;
use super::introduce::Asked;
use super::outside::within;

/// Where a worker was that ended by itself while it was closing what it had opened.
const TOO_EARLY: &str = "before it had closed everything";

impl Scheduler<'_> {
    /// A worker has closed everything and exits.
    pub(super) fn closed(&mut self, serial: u32) -> Result<(), String> {
        let Some(member) = self.crew.get_mut(&serial) else {
            return Ok(());
        };
        if member.finishing.is_none() || member.attempt.is_some() {
            return Err("it closed everything before it had finished".to_owned());
        }
        member.must_close = false;
        Ok(())
    }

    /// A worker asks for no further work: what ran has left it unfit.
    pub(super) fn retires(&mut self, serial: u32, reason: &str) -> Result<(), String> {
        let (Some(member), Some(script)) = (self.crew.get_mut(&serial), &self.script) else {
            return Err("it asked for no further work before it was sent any".to_owned());
        };
        if member.attempt.is_some() || member.hook.is_some() {
            return Err("it asked for no further work while it was at work".to_owned());
        }
        let worker = member.index;
        member.retiring = true;
        let reserved = member.take_all_reserved();
        if member.load() > 0 {
            member.ask_back();
        }
        member.finish(&self.cast, script);
        self.delays.disown(serial);
        self.requeue(&reserved);
        (self.emit)(Event::Warning {
            message: format!("worker {worker} is replaced: it {reason}"),
            place: None,
        });
        Ok(())
    }

    pub(super) fn gone(&mut self, serial: u32, death: &Death) {
        let place = self.place(serial);
        let Some(member) = self.crew.get_mut(&serial) else {
            return;
        };
        let broken_off = member.breaking.take_if(|breaking| breaking.is_ending());
        let how = How {
            ended: fault(death),
            offence: member.offence.take().or_else(|| death.junk.clone()),
            late: member.late,
            why: broken_off.map(|breaking| breaking.why),
        };
        self.delays.disown(serial);
        let Some(member) = self.crew.get_mut(&serial) else {
            return;
        };
        let mut unstarted = member.take_unstarted();
        let was_running = member.attempt.is_some();
        let dismissed = member.dismissed;
        let mut culprit = None;
        if was_running {
            // What was running may be run again: before those that had not started.
            self.requeue(&unstarted);
            let winding_up = self.winding_up.as_deref().map(cancelled);
            match how.why.clone().or(winding_up) {
                Some(why) => self.break_off(serial, why.fault, why.kind, &why.message),
                None => {
                    let message = how.told(&place);
                    self.break_off(serial, how.ended.clone(), "Crash", &message);
                }
            }
        } else {
            let (status, kind, message) = match &how.why {
                Some(why) if why.fault == Fault::Cancelled => {
                    (Status::Skipped, why.kind, why.message.clone())
                }
                Some(why) => (Status::Failed, why.kind, why.message.clone()),
                None => (Status::Failed, "Crash", how.told(&place)),
            };
            culprit = self.end_hook(serial, status, kind, &message);
            unstarted = self.leave_out(serial, (culprit.as_ref(), &how), unstarted);
            self.requeue(&unstarted);
        }
        let Some(member) = self.crew.remove(&serial) else {
            return;
        };
        if dismissed {
            return;
        }
        if let Some(culprit) = culprit {
            self.died_in_hook(&member, &culprit, &how);
        } else if !was_running && how.why.is_none() && !finishing_well(&member, death) {
            self.died_outside(&member, &how);
        }
        self.name_unrun(&member, &how);
        let waits = !self.queue.is_empty() || !self.delays.is_empty();
        if waits && member.role == Role::Worker {
            self.launch(member.index);
        }
    }

    /// Takes out of `scenarios` those that a hook would have opened in which its process died: they
    /// are not run.
    fn leave_out(
        &mut self,
        serial: u32,
        (culprit, how): (Option<&RunningHook>, &How),
        mut scenarios: Vec<u32>,
    ) -> Vec<u32> {
        let (Some(culprit), Some(script), Some(member)) =
            (culprit, &self.script, self.crew.get(&serial))
        else {
            return scenarios;
        };
        let number = |block: &Option<Block>| block.as_ref().map(|block| block.number);
        let feature = number(&member.blocks.feature);
        let rule = match script.hooks.kind(culprit.hook) {
            HookKind::BeforeFeature => None,
            HookKind::BeforeRule => number(&member.blocks.rule),
            _ => return scenarios,
        };
        let named = script.hooks.named(culprit.hook);
        let reason = match &how.why {
            Some(why) => format!("{named} was ended: {}", why.message),
            None => format!("{named} crashed"),
        };
        let cast = &self.cast;
        let opened = |scenario: &mut u32| {
            Some(cast.feature_of(*scenario)) == feature
                && (rule.is_none() || cast.scenario(*scenario).rule == rule)
        };
        let left_out: Vec<u32> = scenarios.extract_if(.., opened).collect();
        for scenario in left_out {
            self.not_run(scenario, &reason);
        }
        scenarios
    }

    /// A death in a hook that belongs to no scenario.
    fn died_in_hook(&mut self, member: &Member, culprit: &RunningHook, how: &How) {
        let Some(script) = &self.script else {
            return;
        };
        let named = script.hooks.named(culprit.hook);
        let kind = script.hooks.kind(culprit.hook);
        let place = within(&culprit.place);
        if (how.why.as_ref()).is_some_and(|why| why.fault == Fault::Cancelled) {
            return;
        }
        let what = match &how.why {
            Some(why) => format!("{named} was ended{place}: {}", why.message),
            None => format!("{named} crashed{place}: {}", how.short()),
        };
        (self.emit)(Event::RunError {
            kind: RunErrorKind::Hook,
            message: what,
            detail: printed(&text_of(member.late_output())),
        });
        if kind.is_before() && kind.is_outside_features() {
            self.stop(&match &how.why {
                Some(why) => format!("{named} was ended: {}", why.message),
                None => format!("{named} crashed"),
            });
        } else {
            self.count_failure();
        }
    }

    /// Names the closing hooks that a process did not live to run, apart from those of a scenario.
    fn name_unrun(&mut self, member: &Member, how: &How) {
        let Some(script) = &self.script else {
            return;
        };
        for hook in (member.blocks.left()).chain(member.after.left().iter().copied()) {
            (self.emit)(Event::RunError {
                kind: RunErrorKind::Hook,
                message: script.hooks.not_run(hook, &how.short()).message,
                detail: String::new(),
            });
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
        // Its exit code alone does not tell that something is wrong.
        let exited = Fault::Crashed {
            exit_code: Some(0),
            signal: None,
        };
        let too_early = finishing && member.must_close && how.ended == exited;
        if member.role == Role::Run {
            let message = how.told(match too_early {
                true => TOO_EARLY,
                false => "while it waited for the end of the run",
            });
            (self.emit)(Event::RunError {
                kind: RunErrorKind::Worker,
                message,
                detail,
            });
            if member.opening == Opening::Asked {
                self.stop("the process of the hooks before the run died");
            }
            return;
        }
        if !finishing {
            self.deaths_outside += 1;
        }
        if self.deaths_outside >= 2 {
            let message = how.told("while it ran no scenario, twice in a row");
            let detail = printed(&detail);
            return self.give_up(Problem { message, detail });
        }
        let message = how.told(match finishing {
            true if too_early => TOO_EARLY,
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
    fn place(&mut self, serial: u32) -> String {
        let member = self.crew.get(&serial);
        if let Some(running) = member.and_then(|member| member.hook.as_ref()) {
            return format!("while {} ran", self.named(running.hook));
        }
        let (Some(attempt), Some(script)) = (
            member.and_then(|member| member.attempt.as_ref()),
            &mut self.script,
        ) else {
            return "while it ran no scenario".to_owned();
        };
        let steps = &self.cast.scenario(attempt.scenario).steps;
        let next = steps.get(attempt.finished);
        let goes_on = attempt.must_go_on() && next.is_some_and(|step| script.can_run(step));
        let place = match attempt.finished {
            _ if attempt.in_step => "while this step ran",
            _ if !goes_on => "after its last step",
            0 => "before its first step",
            _ => "between its steps",
        };
        place.to_owned()
    }
}

/// How a worker came to its end.
struct How {
    ended: Fault,
    offence: Option<String>,
    /// Whether the offence is that it did not end in time, most likely by the fault of user code.
    late: bool,
    /// Why the runner ended it, if that was because of what it ran.
    why: Option<Why>,
}

impl How {
    /// What happened, without where.
    fn short(&self) -> String {
        match (&self.why, &self.offence) {
            (Some(why), _) => why.message.clone(),
            (_, Some(offence)) => format!("{}: {offence}", self.fault()),
            _ => self.ended.to_string(),
        }
    }

    /// One line that says where it was, too.
    fn told(&self, place: &str) -> String {
        match &self.offence {
            Some(offence) => format!("{} {place}: {offence}", self.fault()),
            None => format!("{} {place}", self.ended),
        }
    }

    fn fault(&self) -> &'static str {
        match self.late {
            true => "the step program was killed",
            false => "the step program did not keep to the protocol",
        }
    }
}

/// Whether a worker ended as it was asked to.
fn finishing_well(member: &Member, death: &Death) -> bool {
    member.finishing.is_some()
        && !member.must_close
        && death.status.is_some_and(|status| status.success())
}

pub(super) fn text_of(output: Option<Output>) -> String {
    output.map_or_else(String::new, |output| output.to_text().into_owned())
}

pub(super) fn not_a_step_program(output: &str) -> String {
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
