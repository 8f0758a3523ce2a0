//! Runs hooks, and reports each of them.

use std::io;

use crate::argument::Call;
use crate::checks;
use crate::context::Context;
use crate::function::Callable;
use crate::registry::{self, HookEntry};
use crate::worker::panics;
use crate::worker::stopwatch::Stopwatch;
use bdd_protocol::{Failure, FromWorker, StepStatus};

/// The result of the hooks of one moment.
pub(super) struct Hooked {
    /// The worst of their statuses.
    pub(super) status: StepStatus,
    /// The first hook of that status, and why, if it is not passed.
    pub(super) worst: Option<Box<Worst>>,
}

/// The hook that decides.
pub(super) struct Worst {
    pub(super) id: u32,
    pub(super) hook: &'static HookEntry,
    pub(super) error: Option<Failure>,
}

/// Runs hooks in the given order, all of them even if one fails. Inside a scenario their results count for its
/// status.
pub(super) fn run(context: &mut Context, ids: &[u32]) -> io::Result<Hooked> {
    let mut hooked = Hooked {
        status: StepStatus::Passed,
        worst: None,
    };
    for &id in ids {
        hooked.run(context, id)?;
    }
    Ok(hooked)
}

/// Runs the hooks before the steps of a scenario. Hooks after one that asks to skip the scenario do not run:
/// no step is left that they could prepare.
pub(super) fn run_before_scenario(context: &mut Context, ids: &[u32]) -> io::Result<Hooked> {
    let mut hooked = Hooked {
        status: StepStatus::Passed,
        worst: None,
    };
    for &id in ids {
        if hooked.run(context, id)? == StepStatus::Skipped {
            break;
        }
    }
    Ok(hooked)
}

impl Hooked {
    /// Runs the next hook; its own status.
    fn run(&mut self, context: &mut Context, id: u32) -> io::Result<StepStatus> {
        let hook = context.shared.known(registry::hook(id), "hook", id)?;
        let (status, error) = run_one(context, id, hook)?;
        if rank(status) > rank(self.status) {
            self.status = status;
            self.worst = Some(Box::new(Worst { id, hook, error }));
        }
        Ok(status)
    }
}

fn run_one(
    context: &mut Context,
    id: u32,
    hook: &'static HookEntry,
) -> io::Result<(StepStatus, Option<Failure>)> {
    let shared = context.shared.clone();
    let number = shared.calls.start();
    shared.report(&FromWorker::HookStarted {
        hook: id,
        output: shared.capture.length(),
    });
    shared.send()?;
    shared.root.set(hook.root);
    if context.scenario.is_none() {
        shared.aftermath.runs_outside();
    }
    context.hook = Some(hook.kind);
    let mut call = Call {
        context,
        arguments: Vec::new(),
        table: None,
        doc_string: None,
    };
    let stopwatch = Stopwatch::start();
    let (mut status, mut error) = call_numbered(number, hook.root, hook.callable, &mut call);
    let nanos = stopwatch.nanos();
    shared
        .forks
        .returned(nanos, error.as_ref(), || format!("the {}", hook.title()));
    if context.scenario.is_none()
        && let Some(lost) = shared.aftermath.repair(shared.capture.file())
        && status != StepStatus::Failed
    {
        (status, error) = (StepStatus::Failed, Some(lost));
    }
    shared.capture.flush();
    context.pause_on_failure(status, error.as_ref(), || hook.title());
    context.hook = None;
    shared.report(&FromWorker::HookFinished {
        hook: id,
        status,
        nanos,
        output: shared.capture.length(),
        error: error.clone().map(Box::new),
    });
    context.note(status);
    Ok((status, error))
}

/// Calls the function of a step or hook that may be broken off by its number.
pub(super) fn call_numbered(
    number: u64,
    root: &'static str,
    callable: &dyn Callable,
    call: &mut Call<'_>,
) -> (StepStatus, Option<Failure>) {
    let calls = &call.context.shared.calls;
    calls.enter(number);
    let own = outcome(root, callable, call);
    let Some(broken) = calls.leave() else {
        return own;
    };
    if let Some(scenario) = &call.context.scenario {
        scenario.broken_off.set(true);
        scenario
            .cancelled
            .set(scenario.cancelled.get() || broken.cancelled);
    }
    // Even if the code ended by itself at the same moment: the runner already knows that it was broken off.
    broken.outcome(own.1)
}

/// Calls the function of a step or hook of a package in the directory `root`.
pub(crate) fn outcome(
    root: &'static str,
    callable: &dyn Callable,
    call: &mut Call<'_>,
) -> (StepStatus, Option<Failure>) {
    let tasks = call.context.tasks();
    let called = checks::collect(root, || {
        panics::catch(root, || tasks.within(|| callable.call(call)))
    });
    match called {
        Ok(()) => (StepStatus::Passed, None),
        Err(stop) => stop.into_parts(),
    }
}

/// The worse of two statuses.
pub(super) fn worse(one: StepStatus, other: StepStatus) -> StepStatus {
    if rank(other) > rank(one) { other } else { one }
}

/// The order of Cucumber Messages.
fn rank(status: StepStatus) -> u8 {
    match status {
        StepStatus::Passed => 0,
        StepStatus::Skipped => 1,
        StepStatus::Pending => 2,
        StepStatus::Failed => 3,
    }
}

impl Context {
    /// Counts what has happened to a step or hook for the status of the scenario, if one runs.
    pub(super) fn note(&self, status: StepStatus) {
        if let Some(scenario) = &self.scenario {
            scenario.status.set(worse(scenario.status.get(), status));
        }
    }
}
