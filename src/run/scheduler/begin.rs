//! The begin of the run and of workers, and the hooks around both.
//!
//! The hooks around the run have a process of their own: the first that said hello. The variables that its
//! opening hooks export are in the environment of all workers, so workers that started before are replaced.
//! With a debugger, the first process starts without it, because only its hello shows whether it must run
//! these hooks.

use std::ffi::OsString;

use bdd_protocol::{ToWorker, Variable};

use crate::event::{Event, HookKind};

use super::super::workers::{Opening, Role};
use super::Scheduler;

impl Scheduler<'_> {
    /// Reserves the process for the hooks around the run, if there are any.
    pub(super) fn begin_run(&mut self, serial: u32) {
        let (Some(matched), Some(index)) = (&self.matched, self.workers.index(serial)) else {
            return;
        };
        let before = matched.hooks().all(HookKind::BeforeRun).to_vec();
        let after = matched.hooks().all(HookKind::AfterRun).to_vec();
        if before.is_empty() && after.is_empty() {
            if self.context.launcher.is_scout(serial) {
                self.workers.dismiss(serial);
                self.launch(index);
            }
            return;
        }
        self.workers.set_apart(serial);
        self.open(serial, before, after);
        if self.workers.opening(serial) == Opening::Done {
            return self.launch(index);
        }
        self.workers.forget_places();
        self.workers.dismiss_others(serial);
    }

    /// Sends a process its opening hooks; `after` are its closing hooks.
    fn open(&mut self, serial: u32, before: Vec<u32>, after: Vec<u32>) {
        let Some(matched) = &self.matched else {
            return;
        };
        let begin = (!before.is_empty()).then(|| ToWorker::Begin {
            hooks: matched.hooks().ids(&before),
        });
        self.workers.open(serial, begin);
        self.attempts.open(serial, before, after);
    }

    /// Lets the workers that are needed run their opening hooks.
    pub(super) fn begin_workers(&mut self) {
        let new = self.workers.unopened();
        let Some(matched) = self.matched.as_ref().filter(|_| !new.is_empty()) else {
            return;
        };
        let all = |kind| match self.context.options.run.dry_run {
            true => Vec::new(),
            false => matched.hooks().all(kind).to_vec(),
        };
        let before = all(HookKind::BeforeAll);
        let after = all(HookKind::AfterAll);
        // Without work they would open and close for nothing.
        if !before.is_empty() && !self.needs_workers() {
            return;
        }
        for serial in new {
            self.open(serial, before.clone(), after.clone());
        }
    }

    /// Whether a further worker would have something to do. None starts or opens beside a scenario that runs alone.
    pub(super) fn needs_workers(&mut self) -> bool {
        let index = &self.context.index;
        if self.stopping.is_stopped() || self.work.runs_serial() {
            return false;
        }
        self.work.any_waits_beside_others(index)
            || self.work.any_spare(index)
            || (self.workers.ready().is_empty() && self.work.any_waits(index))
    }

    /// A process has run its opening hooks.
    pub(super) fn begun(&mut self, serial: u32, environment: &[Variable]) -> Result<(), String> {
        let Some(matched) = &self.matched else {
            return Err("it began without being asked".to_owned());
        };
        if self.workers.opening(serial) != Opening::Asked {
            return Err("it began without being asked".to_owned());
        }
        self.attempts.check_opened(serial, matched.hooks())?;
        self.workers.set_open(serial);
        if self.workers.role(serial) != Some(Role::RunHooks) || self.stopping.is_stopped() {
            return Ok(());
        }
        self.workers.export(exported(environment)?);
        self.launch_all();
        Ok(())
    }

    /// Lets scenarios start after the opening hooks of a worker have passed.
    pub(super) fn open_gate(&mut self) {
        if !self.gate_open
            && !self.context.options.run.dry_run
            && !self.stopping.is_stopped()
            && !self.workers.ready().is_empty()
        {
            self.gate_open = true;
        }
    }

    /// Reports what each scenario will run, if a report needs it. It is reported just before the first
    /// scenario starts: a run that fails before has nothing to show.
    pub(super) fn prepare(&mut self) {
        let (false, Some(matched)) = (self.announced.prepared, &mut self.matched) else {
            return;
        };
        self.announced.prepared = true;
        for &scenario in &self.context.options.order {
            let planned = self.context.index.scenario(scenario);
            let hooks = matched.hooks().of_scenario(planned);
            (self.emit)(Event::ScenarioPrepared {
                scenario,
                before: hooks.before,
                after: hooks.after,
                steps: matched.matches(self.context.index.uri_of(scenario), planned),
            });
        }
    }

    /// Starts the hooks after the run when all workers are gone.
    pub(super) fn finish_run_process(&mut self) {
        if self.workers.count() > 0 || self.work.is_open(&self.context.index) {
            return;
        }
        for serial in self.workers.opened() {
            self.finish(serial);
        }
    }
}

/// The variables that hooks export, as an environment.
///
/// # Errors
/// When a variable is not valid in an environment.
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
