//! Runs a scenario: its attempts, its hooks, its steps.

use std::io;
use std::mem;
use std::rc::Rc;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::argument::Call;
use crate::context::Context;
use crate::fixture::scopes::{FeatureScope, ScenarioScope};
use crate::registry;
use crate::worker::closing;
use crate::worker::hooks::{self, Worst};
use crate::worker::queue::Succession;
use crate::worker::shared::Shared;
use crate::worker::stopwatch::Stopwatch;
use bdd_protocol::{Failure, FromWorker, LineText, RunScenario, StepStatus};

/// Runs a scenario in the context of its feature, and repeats it while it fails and may be retried. `next` says how the next
/// one follows.
pub(super) fn run(
    mut context: Context,
    scenario: RunScenario<LineText>,
    next: Succession,
) -> io::Result<()> {
    let mut to_run = Some(scenario);
    while let Some(scenario) = to_run {
        let again = (scenario.retries > 0).then(|| RunScenario {
            attempt: scenario.attempt + 1,
            retries: scenario.retries - 1,
            ..scenario.clone()
        });
        let repeat = attempt(&mut context, scenario, (again.is_some(), next))?;
        to_run = again.filter(|_| repeat);
    }
    Ok(())
}

/// Runs one attempt at a scenario. Returns whether the scenario is retried now; `retried` says whether it
/// may be, and `next` how the next one follows.
fn attempt(
    context: &mut Context,
    mut info: RunScenario<LineText>,
    (retried, next): (bool, Succession),
) -> io::Result<bool> {
    let (scenario, attempt) = (info.scenario, info.attempt);
    let shared = context.shared.clone();
    let at = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_micros() as u64);
    let stopwatch = Stopwatch::start();
    shared.aftermath.begin();
    shared.extra.begin_attempt();
    shared.report(&FromWorker::ScenarioStarted {
        scenario,
        attempt,
        at,
        output: shared.capture.length(),
    });

    context.steps = mem::take(&mut info.steps);
    let scope = Rc::new(ScenarioScope::new(info, shared.tasks.clone()));
    context.scenario = Some(scope.clone());
    let info = &scope.info;
    if hooks::run_before_scenario(context, &info.before)?.status == StepStatus::Passed {
        for index in 0..context.steps.len() {
            let status = run_step(context, &shared, info, index)?;
            let go_on = status == StepStatus::Passed
                || (status == StepStatus::Failed && info.continue_after_failure);
            if !go_on || scope.broken_off.get() {
                break;
            }
        }
    }
    hooks::run(context, &info.after)?;
    context.scenario = None;
    let mut errors = closing::close(&shared, &scope.fixtures)?;
    let uri = context.feature_uri().unwrap_or_default();
    let title = || format!("`{}` ({uri}:{})", &*info.name, info.line);
    let closes_nothing = |feature: &Rc<FeatureScope>| feature.fixtures.are_none();
    let follows = match next {
        Succession::Apart => false,
        Succession::AtOnce => true,
        Succession::InNextFeature => context.feature.as_ref().is_none_or(closes_nothing),
    };
    let found = shared
        .aftermath
        .find(shared.root.get(), follows && !retried, title);
    errors.extend(found.errors);

    let mut run_errors = found.run_errors;
    run_errors.extend(shared.forks.notes(false));

    let again = retried && !scope.cancelled.get() && found.unfit.is_none();
    let failed = scope.status.get() == StepStatus::Failed || !errors.is_empty();
    let nanos = stopwatch.nanos();
    shared.report(&FromWorker::ScenarioFinished {
        scenario,
        attempt,
        nanos,
        output: found.output.unwrap_or_else(|| shared.capture.length()),
        errors,
        remarks: found.remarks,
        run_errors,
        will_be_retried: failed && again,
        own_retry: false,
    });
    if failed {
        // The run may have to stop.
        shared.send_now()?;
    }
    if let Some(reason) = found.unfit {
        shared.retiring.set(true);
        shared.report(&FromWorker::Retiring { reason });
    }
    Ok(failed && again)
}

/// Runs a step with the hooks around it; returns the worst of their statuses.
fn run_step(
    context: &mut Context,
    shared: &Shared,
    info: &RunScenario<LineText>,
    index: usize,
) -> io::Result<StepStatus> {
    let step = &mut context.steps[index];
    let definition = shared.known(
        registry::step(step.definition),
        "step definition",
        step.definition,
    )?;
    let arguments = mem::take(&mut step.arguments);
    let table = step.table.take();
    let doc_string = step.docstring.take();
    let number = shared.calls.start();
    shared.extra.enter_step(index as u32);
    shared.report(&FromWorker::StepStarted {
        scenario: info.scenario,
        step: index as u32,
        actual: None,
    });
    context.step = Some(index);
    let before = hooks::run(context, &info.before_step)?;
    let (mut status, mut error) = (StepStatus::Passed, None);
    let mut nanos = 0;
    if before.status == StepStatus::Passed {
        shared.send()?;
        shared.root.set(definition.root);
        let mut call = Call {
            context,
            arguments,
            table,
            doc_string,
        };
        let stopwatch = Stopwatch::start();
        (status, error) =
            hooks::call_numbered(number, definition.root, definition.callable, &mut call);
        nanos = stopwatch.nanos();
        let title = || {
            format!(
                "{} {}",
                context.step_keyword().unwrap_or_default(),
                context.step_text().unwrap_or_default()
            )
        };
        shared.forks.returned(nanos, error.as_ref(), || {
            let uri = context.feature_uri().unwrap_or_default();
            format!(
                "the step `{}` ({uri}:{})",
                title(),
                context.steps[index].line
            )
        });
        shared.capture.flush();
        context.pause_on_failure(status, error.as_ref(), title);
        context.note(status);
    }
    let after = hooks::run(context, &info.after_step)?;
    context.step = None;
    if let Some(worst) = before.worst {
        outdo(&mut status, &mut error, before.status, *worst);
    }
    if let Some(worst) = after.worst {
        outdo(&mut status, &mut error, after.status, *worst);
    }
    shared.report(&FromWorker::StepFinished {
        scenario: info.scenario,
        step: index as u32,
        status,
        nanos,
        error: error.map(Box::new),
        actual: None,
        handled: status == StepStatus::Passed && shared.extra.any_failed(),
    });
    Ok(status)
}

/// If the status of the hooks around a step is worse than its own, the step gets that status, and the
/// message names the first hook with it.
#[cold]
fn outdo(status: &mut StepStatus, error: &mut Option<Failure>, hooked: StepStatus, worst: Worst) {
    if hooks::worse(*status, hooked) == *status {
        return;
    }
    *status = hooked;
    let failure = worst.error.unwrap_or_default();
    let message = match failure.message.as_str() {
        "" => worst.hook.title(),
        message => format!("{}: {message}", worst.hook.title()),
    };
    *error = Some(Failure { message, ..failure });
}
