//! Beginnings: of the run and of workers, and the hooks around both.
//!
//! The hooks around the run have a process of their own: the first that said hello. What its
//! opening hooks export is in the environment of all workers, so workers that were there before
//! are replaced. With a debugger the first process is without it, since only then it is known whether
//! it is the one that shall be debugged.

use std::ffi::OsString;

use bdd_protocol::Variable;

use crate::event::{Event, HookKind};

use super::super::crew::{Opening, Role};
use super::Scheduler;

impl Scheduler<'_> {
    /// Sets the process apart that runs the hooks around the run, if there are some.
    pub(super) fn begin_run(&mut self, serial: u32) {
        let (Some(script), Some(member)) = (&self.script, self.crew.get_mut(&serial)) else {
            return;
        };
        let before = script.hooks.all(HookKind::BeforeRun).to_vec();
        let after = script.hooks.all(HookKind::AfterRun).to_vec();
        if before.is_empty() && after.is_empty() {
            if self.launcher.is_scout(serial) {
                let index = member.index;
                member.dismiss();
                self.launch(index);
            }
            return;
        }
        member.role = Role::Run;
        member.begin(before, after, script);
        if member.opening == Opening::Done {
            let index = member.index;
            return self.launch(index);
        }
        for (_, other) in self.crew.iter_mut().filter(|(other, _)| **other != serial) {
            other.dismiss();
        }
    }

    /// Has the workers that are needed run their opening hooks.
    pub(super) fn begin_workers(&mut self) {
        let Some(script) = &self.script else {
            return;
        };
        let spare = |scheduler: &Self| {
            let mut members = scheduler.crew.values();
            members.any(|member| member.has_spare(&scheduler.cast, script))
        };
        let mut work = None;
        let new: Vec<u32> = self
            .crew
            .values()
            .filter(|member| {
                member.role == Role::Worker
                    && member.introduced
                    && member.opening == Opening::NotYet
                    && member.finishing.is_none()
                    && !member.dismissed
            })
            .map(|member| member.serial)
            .collect();
        for serial in new {
            let of = |kind| match self.options.dry_run {
                true => Vec::new(),
                false => script.hooks.all(kind).to_vec(),
            };
            let before = of(HookKind::BeforeAll);
            let work = *work.get_or_insert_with(|| {
                self.stopped.is_none() && (!self.queue.is_empty() || spare(self))
            });
            // Without work it would open and close for nothing.
            if !before.is_empty() && !work {
                continue;
            }
            if let Some(member) = self.crew.get_mut(&serial) {
                member.begin(before, of(HookKind::AfterAll), script);
            }
        }
    }

    /// A process has run its opening hooks.
    pub(super) fn begun(&mut self, serial: u32, environment: &[Variable]) -> Result<(), String> {
        let (Some(member), Some(script)) = (self.crew.get_mut(&serial), &self.script) else {
            return Err("it began without being asked".to_owned());
        };
        if member.opening != Opening::Asked {
            return Err("it began without being asked".to_owned());
        }
        if let Some(&hook) = member.before.left().first() {
            return Err(format!("it left out {}", script.hooks.named(hook)));
        }
        member.opening = Opening::Done;
        if member.role != Role::Run || self.stopped.is_some() {
            return Ok(());
        }
        self.environment = exported(environment)?;
        for index in 0..self.wanted() {
            self.launch(index);
            if self.stopped.is_some() {
                break;
            }
        }
        Ok(())
    }

    /// Lets scenarios start as soon as a worker has begun well.
    pub(super) fn open_gate(&mut self) {
        if !self.gate_open
            && !self.options.dry_run
            && self.stopped.is_none()
            && self.crew.values().any(|member| member.can_work())
        {
            self.gate_open = true;
        }
    }

    /// Says what each scenario will run, if a report wants to know. That waits for the first of
    /// them to start: a run that fails before has nothing to tell.
    pub(super) fn prepare(&mut self) {
        let (true, Some(script)) = (self.tell_prepared, &mut self.script) else {
            return;
        };
        self.tell_prepared = false;
        for &scenario in &self.options.order {
            let planned = self.cast.scenario(scenario);
            let hooks = script.hooks.of_scenario(planned);
            (self.emit)(Event::ScenarioPrepared {
                scenario,
                before: hooks.before,
                after: hooks.after,
                steps: script.matches(planned),
            });
        }
    }

    /// Lets the hooks behind the run run when all workers are gone.
    pub(super) fn finish_run_process(&mut self) {
        let Some(script) = &self.script else {
            return;
        };
        let at_work = self.crew.values().any(|member| member.role == Role::Worker);
        if at_work || !self.queue.is_empty() || !self.delays.is_empty() {
            return;
        }
        for member in self.crew.values_mut() {
            if member.opening == Opening::Done {
                member.finish(&self.cast, script);
            }
        }
    }
}

/// What hooks export, as an environment.
///
/// # Errors
/// When a variable is one that no process can have.
fn exported(variables: &[Variable]) -> Result<Vec<(OsString, OsString)>, String> {
    let fits = |variable: &&Variable| {
        let name = &variable.name;
        !name.is_empty() && !name.contains(['=', '\0']) && !variable.value.contains('\0')
    };
    match variables.iter().find(|variable| !fits(variable)) {
        Some(variable) => Err(format!(
            "it exported {:?} as {:?}, which cannot be in an environment",
            variable.value, variable.name
        )),
        None => Ok(variables
            .iter()
            .map(|variable| ((&variable.name).into(), (&variable.value).into()))
            .collect()),
    }
}
