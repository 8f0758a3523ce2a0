//! Differences from the plan that hosts report: changed, added and omitted steps, added hooks, skipped
//! scenarios, and the request to abort.

use bdd_protocol::{self as protocol, StepStatus};

use crate::event::{Event, RunErrorKind, SourceLocation, Status, StepContent, StepResult};

use super::super::attempts::{ActualStep, OpenExtra};
use super::super::failure::step_error;
use super::Scheduler;
use super::added::step_arguments;
use super::scenarios::status_of;

/// A step that the plan does not have and that a worker reports as finished.
pub struct FinishedExtra {
    /// The scenario and the number of the step in the attempt.
    pub at: (u32, u32),
    /// How it went.
    pub status: StepStatus,
    /// How long it took, in nanoseconds.
    pub nanos: u64,
    /// Why it did not pass.
    pub error: Option<Box<protocol::Failure>>,
}

impl Scheduler<'_> {
    /// A step as a host runs it.
    ///
    /// # Errors
    /// When it names an unknown definition.
    pub(super) fn actual_step(&self, step: protocol::StepContent) -> Result<ActualStep, String> {
        let matched = self.matched.as_ref().zip(step.matched.as_ref());
        let step_match = matched.map(|(plan, found)| plan.reported(found));
        Ok(ActualStep {
            step_match: step_match.transpose()?,
            content: Some(Box::new(self.content(step))),
        })
    }

    fn content(&self, step: protocol::StepContent) -> StepContent {
        let table = step.table.filter(|rows| !rows.is_empty());
        StepContent {
            keyword: format!("{} ", step.keyword),
            text: step.text,
            arguments: step_arguments(table, step.docstring),
            location: (!step.file.is_empty()).then(|| SourceLocation {
                file: self.context.options.place(&step.file),
                line: step.line,
                column: step.column,
            }),
        }
    }

    pub(super) fn step_left_out(
        &mut self,
        serial: u32,
        at: (u32, u32),
        reason: String,
    ) -> Result<(), String> {
        let Some(matched) = &self.matched else {
            return Err("it left out a step before it was sent any".to_owned());
        };
        let index = &self.context.index;
        let attempt = self
            .attempts
            .leave_out_step(serial, at, index, matched.hooks())?;
        self.workers.note_progress(serial);
        let (scenario, step) = at;
        (self.emit)(Event::StepLeftOut {
            scenario,
            attempt,
            step,
            reason,
        });
        Ok(())
    }

    pub(super) fn extra_started(
        &mut self,
        serial: u32,
        scenario: u32,
        (number, parent, depth): (u32, Option<u32>, u32),
        step: protocol::StepContent,
    ) -> Result<(), String> {
        let ActualStep {
            content,
            step_match,
        } = self.actual_step(step)?;
        let extra = OpenExtra {
            number,
            parent,
            step_match,
        };
        let attempt = self.attempts.start_extra(serial, scenario, extra)?;
        self.workers.note_progress(serial);
        if let Some(content) = content {
            (self.emit)(Event::ExtraStepStarted {
                scenario,
                attempt,
                extra: number,
                parent,
                depth,
                content: *content,
            });
        }
        Ok(())
    }

    pub(super) fn extra_finished(
        &mut self,
        serial: u32,
        said: FinishedExtra,
    ) -> Result<(), String> {
        let (scenario, number) = said.at;
        let (attempt, extra) = self.attempts.finish_extra(serial, scenario, number)?;
        self.workers.note_progress(serial);
        let status = status_of(said.status);
        let (index, options) = (&self.context.index, self.context.options);
        let planned = index.scenario(scenario);
        if extra.parent.is_some() {
            self.attempts.note_inner(serial, status);
        } else {
            let continues = options.continues_after_failure(&planned.tags);
            self.attempts.note_step(serial, status, None, continues);
        }
        let error = said.error;
        (self.emit)(Event::ExtraStepFinished {
            scenario,
            attempt,
            extra: number,
            result: StepResult {
                nanos: said.nanos,
                step_match: extra.step_match,
                error: error.map(|failure| step_error(*failure, options, None)),
                ..StepResult::of_status(status)
            },
        });
        Ok(())
    }

    /// Ends the extra steps in a step that ends.
    ///
    /// # Errors
    /// When it passed although an extra step is running.
    pub(super) fn end_extra(&mut self, serial: u32, status: Status) -> Result<(), String> {
        let attempt = self.attempts.attempt(serial);
        let open = attempt.and_then(|attempt| attempt.extra().innermost());
        match open {
            Some(extra) if status == Status::Passed => Err(format!(
                "it finished a step before extra step {} in it",
                extra.number
            )),
            Some(_) => {
                self.abort_extra(serial, status);
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// Ends the extra steps of a worker that died.
    pub(super) fn abort_extra(&mut self, serial: u32, status: Status) {
        let Some(attempt) = self.attempts.attempt(serial) else {
            return;
        };
        let (scenario, number) = (attempt.scenario(), attempt.number());
        for extra in self.attempts.end_extra(serial) {
            (self.emit)(Event::ExtraStepFinished {
                scenario,
                attempt: number,
                extra: extra.number,
                result: StepResult {
                    step_match: extra.step_match,
                    ..StepResult::of_status(status)
                },
            });
        }
    }

    pub(super) fn hook_added(&mut self, serial: u32, hook: &protocol::Hook) -> Result<(), String> {
        let options = self.context.options;
        let Some(matched) = &mut self.matched else {
            return Err("it added a hook before it was asked to run anything".to_owned());
        };
        let place = |file: &str| options.place(file);
        let (number, is_new) = matched.hooks_mut().add(hook, &place)?;
        self.attempts.add_hook(serial, hook.id, number)?;
        if is_new {
            let definition = matched.hooks().shown[number as usize].clone();
            (self.emit)(Event::HookAdded {
                hook: number,
                definition,
            });
        }
        Ok(())
    }

    pub(super) fn skipped_by_host(
        &mut self,
        serial: u32,
        scenario: u32,
        scope: &str,
        reason: &str,
    ) -> Result<(), String> {
        if self.work.next_of(serial) != Some(scenario) {
            return Err(format!(
                "it skipped scenario {scenario}, which is not the next it was sent"
            ));
        }
        let reason = match (scope, reason) {
            ("" | "scenario", "") => "the step program skipped it".to_owned(),
            ("" | "scenario", reason) => reason.to_owned(),
            ("rule" | "feature", "") => format!("the step program skipped the {scope}"),
            ("rule" | "feature", reason) => format!("the {scope} was skipped: {reason}"),
            _ => return Err(format!("it skipped a `{scope}`, which is unknown")),
        };
        self.prepare();
        self.work.release(serial);
        if self.work.load(serial) == 0 {
            self.workers.spare_idle(serial);
        }
        self.workers.note_scenario();
        self.skip(serial, scenario, reason);
        Ok(())
    }

    /// Starts nothing more, because the step program asked to abort.
    pub(super) fn abort(&mut self, reason: &str) {
        let message = format!("the step program aborted the run: {reason}");
        if !std::mem::replace(&mut self.announced.aborted, true) {
            (self.emit)(Event::RunError {
                kind: RunErrorKind::Aborted,
                message: message.clone(),
                detail: String::new(),
            });
        }
        self.stop(&message);
    }
}
