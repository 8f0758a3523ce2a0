//! Messages of workers about hooks: whether they can be right, and what follows for what runs.

use crate::event::{Fault, HookKind, HookPlace, Status};

use super::super::context::RunContext;
use super::super::hooks::DeclaredHooks;
use super::activity::{RunningHook, Standing};
use super::blocks::Refusal;
use super::hook_sequence::HookError;
use super::{Attempts, left_out};

impl Attempts {
    /// A worker gets its opening and closing hooks.
    pub fn open(&mut self, serial: u32, before: Vec<u32>, after: Vec<u32>) {
        if let Some(activity) = self.workers.get_mut(&serial) {
            activity.open(before, after);
        }
    }

    /// A worker reports that its opening hooks have run.
    ///
    /// # Errors
    /// When one has not.
    pub fn check_opened(&self, serial: u32, hooks: &DeclaredHooks) -> Result<(), String> {
        let opened = self.of(serial).map(|activity| activity.opening().finish());
        opened
            .unwrap_or(Ok(()))
            .map_err(|hook| left_out(hook, hooks))
    }

    /// The closing hooks of a worker.
    pub fn closing_hooks(&self, serial: u32) -> &[u32] {
        self.of(serial)
            .map_or(&[], |activity| activity.closing().hooks())
    }

    /// A worker enters the feature and rule of a scenario. Returns the hook that prevents the scenario from
    /// running, if any.
    ///
    /// # Errors
    /// When a hook of the features and rules that it leaves or enters has not run.
    pub fn enter(
        &mut self,
        serial: u32,
        scenario: u32,
        context: &RunContext<'_>,
        hooks: &DeclaredHooks,
    ) -> Result<Option<Refusal>, String> {
        let Some(activity) = self.workers.get_mut(&serial) else {
            return Ok(None);
        };
        let entered = activity.blocks_mut().enter(scenario, &context.index, hooks);
        entered.map_err(|hook| left_out(hook, hooks))
    }

    /// Notes that the opening hook of the feature or rule that a worker is in did not pass.
    pub fn refuse(&mut self, serial: u32, kind: HookKind, refusal: Refusal) {
        if let Some(activity) = self.workers.get_mut(&serial) {
            activity.refuse(kind, refusal);
        }
    }

    /// Why a hook that a worker has added prevents scenarios from running, if it did not pass.
    pub fn added_refusal(&self, serial: u32, id: u32) -> Option<Refusal> {
        self.of(serial)?.added_refusal(id).cloned()
    }

    /// A worker adds a hook under an id of its own.
    ///
    /// # Errors
    /// When the id is that of another hook.
    pub fn add_hook(&mut self, serial: u32, id: u32, hook: u32) -> Result<(), String> {
        self.workers.entry(serial).or_default().add_hook(id, hook)
    }

    /// The hook that a worker has added under this id.
    pub fn added_hook(&self, serial: u32, id: u32) -> Option<u32> {
        self.of(serial)?.added_hook(id)
    }

    /// A worker starts a hook. Returns what it runs for, which follows from the hook and from where the
    /// worker is.
    ///
    /// # Errors
    /// When it must not run now, or a hook before it has not run.
    pub fn start_hook(
        &mut self,
        serial: u32,
        (hook, output): (u32, u64),
        standing: Standing,
        context: &RunContext<'_>,
        hooks: &DeclaredHooks,
    ) -> Result<HookPlace, String> {
        let activity = self.workers.entry(serial).or_default();
        let started = activity.start_hook(hook, output, standing, context, hooks);
        started.map_err(|error| match error {
            HookError::MissingHook(hook) => left_out(hook, hooks),
            HookError::NotDue => {
                format!("it started {}, which is not to run now", hooks.named(hook))
            }
        })
    }

    /// A worker has finished a hook.
    ///
    /// # Errors
    /// When that hook is not running.
    pub fn finish_hook(
        &mut self,
        serial: u32,
        hook: u32,
        hooks: &DeclaredHooks,
    ) -> Result<RunningHook, String> {
        let is_it = |running: &RunningHook| running.hook == hook;
        match self.hook(serial).is_some_and(is_it) {
            true => self.end_hook(serial),
            false => None,
        }
        .ok_or_else(|| format!("it finished {}, which does not run", hooks.named(hook)))
    }

    /// The hook of a worker ends with its process, or before.
    pub fn end_hook(&mut self, serial: u32) -> Option<RunningHook> {
        self.workers.get_mut(&serial)?.end_hook()
    }

    /// Notes the status of a finished hook. `fault` is what ended it early, if anything.
    pub fn note_hook(&mut self, serial: u32, kind: HookKind, status: Status, fault: Option<Fault>) {
        if let Some(attempt) = self.attempt_mut(serial) {
            attempt.finish_hook(kind, status, fault);
        }
    }

    /// Notes the status of a hook that ended with its process.
    pub fn abort_hook(&mut self, serial: u32, status: Status) {
        if let Some(attempt) = self.attempt_mut(serial) {
            attempt.note(status, None);
        }
    }
}
