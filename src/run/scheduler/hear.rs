//! Handles each message of a worker. A protocol violation ends the worker.

use bdd_protocol::{FromWorker, StepStatus};

use super::Scheduler;
use super::attach::Attached;
use super::conclude::AttemptEnd;
use super::death::text_of;
use super::departures::FinishedExtra;
use super::hooks::FinishedHook;
use super::scenarios::FinishedStep;

impl Scheduler<'_> {
    pub(super) fn heard(&mut self, serial: u32, message: FromWorker) {
        if !self.workers.hears(serial, reports_failure(&message)) {
            return;
        }
        let result = match self.leaves_hook(serial, &message) {
            Some(violation) => Err(violation),
            None => self.dispatch(serial, message),
        };
        if let Err(violation) = result {
            self.workers.accuse(serial, violation);
        }
    }

    /// Handles a message.
    ///
    /// # Errors
    /// The protocol violation.
    fn dispatch(&mut self, serial: u32, message: FromWorker) -> Result<(), String> {
        match message {
            FromWorker::Hello(hello) => {
                self.hello(serial, &hello);
                Ok(())
            }
            FromWorker::Matched { id, matches } => self.matched(serial, id, &matches),
            FromWorker::ScenarioStarted {
                scenario,
                attempt,
                at,
                output,
            } => self.scenario_started(serial, (scenario, attempt), at, output),
            FromWorker::StepStarted {
                scenario,
                step,
                actual,
            } => self.step_started(serial, (scenario, step), actual),
            FromWorker::StepFinished {
                scenario,
                step,
                status,
                nanos,
                error,
                actual,
                handled,
            } => {
                let finished = FinishedStep {
                    at: (scenario, step),
                    status,
                    nanos,
                    error,
                    actual,
                    handled,
                };
                self.step_finished(serial, finished)
            }
            FromWorker::ScenarioFinished {
                scenario,
                attempt,
                nanos,
                output,
                errors,
                remarks,
                run_errors,
                will_be_retried,
                own_retry,
            } => {
                self.remark(serial, remarks);
                self.report_aftermath(serial, run_errors);
                let end = AttemptEnd::reported(nanos, output, (will_be_retried, own_retry));
                self.scenario_finished(serial, (scenario, attempt), end, errors)
            }
            FromWorker::BreakingOff { call, can } => {
                self.workers.answer_leave(serial, call, can);
                Ok(())
            }
            FromWorker::Retiring { reason } => self.retires(serial, &reason),
            FromWorker::Cancelled { scenarios } => self.given_back(serial, &scenarios),
            FromWorker::Begun { environment } => self.begun(serial, &environment),
            FromWorker::HookStarted { hook, output } => self.hook_started(serial, hook, output),
            FromWorker::HookFinished {
                hook,
                status,
                nanos,
                output,
                error,
            } => {
                let finished = FinishedHook {
                    hook,
                    status,
                    nanos,
                    output,
                    error,
                };
                self.hook_finished(serial, finished)
            }
            FromWorker::ScenarioSkipped {
                scenario,
                hook: Some(hook),
                ..
            } => self.scenario_skipped(serial, scenario, hook),
            FromWorker::ScenarioSkipped {
                scenario,
                hook: None,
                scope,
                reason,
            } => self.skipped_by_host(serial, scenario, &scope, &reason),
            FromWorker::HookAdded { hook } => self.hook_added(serial, &hook),
            FromWorker::StepLeftOut {
                scenario,
                step,
                reason,
            } => self.step_left_out(serial, (scenario, step), reason),
            FromWorker::ExtraStepStarted {
                scenario,
                extra,
                parent,
                depth,
                step,
            } => {
                let position = (extra, parent, depth);
                self.extra_started(serial, scenario, position, *step)
            }
            FromWorker::ExtraStepFinished {
                scenario,
                extra,
                status,
                nanos,
                error,
            } => {
                let finished = FinishedExtra {
                    at: (scenario, extra),
                    status,
                    nanos,
                    error,
                };
                self.extra_finished(serial, finished)
            }
            FromWorker::Abort { reason } => {
                self.abort(&reason);
                Ok(())
            }
            FromWorker::ScenarioAdded(added) => self.scenario_added(serial, *added),
            FromWorker::ClosingFailed { scope, errors } => {
                self.closing_failed(serial, &scope, errors)
            }
            FromWorker::Closed {} => self.closed(serial),
            FromWorker::Ring {} => Ok(()),
            FromWorker::Attachment {
                media_type,
                file_name,
                body,
            } => {
                let attached = Attached {
                    media_type,
                    file_name,
                    body,
                };
                self.attached(serial, attached)
            }
            FromWorker::RunSteps { text } => self.steps_wanted(serial, &text),
            FromWorker::Error { message, detail } => {
                self.says_error(serial, message, &detail);
                Ok(())
            }
        }
    }

    /// A worker cannot continue. If it cannot even begin while others can, it counts as any other death.
    fn says_error(&mut self, serial: u32, message: String, detail: &str) {
        let is_new = !self.workers.has_introduced_itself(serial);
        if is_new && self.workers.any_introduced() {
            return;
        }
        let output = match is_new {
            true => text_of(self.workers.unreported_output(serial)),
            false => String::new(),
        };
        self.give_up(self.context.said(message, detail, &output));
    }
}

/// Whether a message says that something has not passed, which can be the effect of a signal.
fn reports_failure(message: &FromWorker) -> bool {
    match message {
        FromWorker::StepFinished { status, .. }
        | FromWorker::ExtraStepFinished { status, .. }
        | FromWorker::HookFinished { status, .. } => *status != StepStatus::Passed,
        FromWorker::ScenarioFinished { errors, .. } => !errors.is_empty(),
        FromWorker::ClosingFailed { .. } | FromWorker::Error { .. } => true,
        _ => false,
    }
}
