//! An attempt that runs, as far as its events have come.

use std::sync::Arc;

use super::super::attempt::{Attempt, ExtraStep, NoteOwner, Outcome};
use super::super::catalogue::Catalogue;
use super::super::hook::CollectedHooks;
use super::{EndedAttempt, Keep};
use crate::event::{AttachmentSource, Event, Fault, Status, StepContent, StepMatch, StepResult};

/// An attempt that runs.
pub(super) struct AttemptInProgress {
    pub(super) attempt: Attempt,
    matches: Vec<Option<Arc<StepMatch>>>,
    hooks: CollectedHooks,
    /// How many planned steps have begun.
    begun: u32,
}

impl AttemptInProgress {
    /// One that has just started.
    pub(super) fn new(attempt: Attempt, keep: Keep) -> Self {
        let steps = attempt.steps.len();
        Self {
            attempt,
            matches: match keep.matches {
                true => vec![None; steps],
                false => Vec::new(),
            },
            hooks: CollectedHooks::new(keep.passed_hooks),
            begun: 0,
        }
    }

    /// Takes an event about one of its steps.
    pub(super) fn step(&mut self, event: &Event) {
        match event {
            Event::StepStarted { step, .. } => self.begins(*step),
            Event::StepFinished { step, result, .. } => self.finished(*step, result),
            Event::StepLeftOut { step, reason, .. } => {
                self.begins(*step);
                if let Some(slot) = self.attempt.steps.get_mut(*step as usize)
                    && slot.status < Status::Pending
                {
                    *slot = Outcome::left_out(reason);
                }
            }
            Event::ExtraStepStarted {
                extra,
                parent,
                depth,
                content,
                ..
            } => {
                // Failed as long as it has not ended: its process may die.
                self.attempt.extra.push(ExtraStep {
                    number: Some(*extra),
                    after: self.begun,
                    parent: *parent,
                    depth: *depth,
                    content: content.clone(),
                    outcome: Outcome::of(Status::Failed),
                });
            }
            Event::ExtraStepFinished { extra, result, .. } => {
                let mut known = self.attempt.extra.iter_mut();
                match known.rfind(|step| step.number == Some(*extra)) {
                    Some(step) => step.outcome = Outcome::new(result),
                    None => {
                        let what = format!("extra step {extra}, which never started");
                        self.unknown(Some(*extra), what, result);
                    }
                }
            }
            _ => {}
        }
    }

    fn begins(&mut self, step: u32) {
        if (step as usize) < self.attempt.steps.len() {
            self.begun = self.begun.max(step + 1);
        }
    }

    /// If a step has several results, the worst counts.
    fn finished(&mut self, step: u32, result: &StepResult) {
        let Some(slot) = self.attempt.steps.get_mut(step as usize) else {
            let what = format!("step {step}, which is not planned");
            return self.unknown(None, what, result);
        };
        if result.status >= slot.status || slot.status < Status::Pending {
            *slot = Outcome::new(result);
            if let Some(matches) = self.matches.get_mut(step as usize) {
                matches.clone_from(&result.step_match);
            }
        }
        self.begins(step);
    }

    /// The result of an unknown step.
    fn unknown(&mut self, number: Option<u32>, what: String, result: &StepResult) {
        let content = result.actual.as_deref().cloned();
        self.attempt.extra.push(ExtraStep {
            number,
            after: self.begun,
            parent: None,
            depth: 0,
            content: content.unwrap_or(StepContent {
                keyword: String::new(),
                text: what,
                arguments: Vec::new(),
                location: None,
            }),
            outcome: Outcome::new(result),
        });
    }

    /// Takes an event about one of its hooks, or about what one of its parts attaches.
    pub(super) fn inside(&mut self, catalogue: &Catalogue, event: &Event) {
        let Event::Attachment {
            source,
            media_type,
            file_name,
            body,
            ..
        } = event
        else {
            return self.hooks.event(catalogue, event);
        };
        let owner = match source {
            AttachmentSource::Step { step, .. } => NoteOwner::Step(*step),
            AttachmentSource::ExtraStep { extra, .. } => NoteOwner::Extra(*extra),
            AttachmentSource::Hook { .. } => return self.hooks.event(catalogue, event),
        };
        let notes = &mut self.attempt.notes;
        notes.take(owner, media_type, file_name.as_deref(), body);
    }

    /// The attempt, with the status that follows from everything that ran in it.
    pub(super) fn end(mut self, reported: Status) -> EndedAttempt {
        self.attempt.hooks = self.hooks.finish();
        self.attempt.notes.sort();
        settle(&mut self.attempt, reported);
        EndedAttempt {
            attempt: self.attempt,
            matches: self.matches,
        }
    }
}

/// Decides the status of an attempt: the worst of the reported status and of what ran.
fn settle(attempt: &mut Attempt, reported: Status) {
    let cancelled = matches!(attempt.fault, Some(Fault::Cancelled));
    if cancelled {
        // It was stopped while it ran, which is not a failure.
        let open = |step: &&mut ExtraStep| {
            step.outcome.status == Status::Failed && step.outcome.particulars.is_none()
        };
        for step in attempt.extra.iter_mut().filter(open) {
            step.outcome = Outcome::of(Status::Skipped);
        }
    }
    let steps = attempt.steps.iter().filter(|step| !step.is_left_out());
    let planned = steps.map(|step| step.status).max();
    let extra = attempt.counting_extra().map(|step| step.outcome.status);
    let hooks = attempt.hooks.iter().filter_map(|hook| match hook.status {
        None if cancelled => None,
        // It began and did not end.
        None => Some(Status::Failed),
        status => status,
    });
    let troubles = extra
        .chain(hooks)
        .filter(|status| *status >= Status::Pending);
    let failed = !attempt.errors.is_empty() || attempt.crashed();
    let found = troubles
        .chain(planned)
        .chain(failed.then_some(Status::Failed))
        .max()
        .unwrap_or(Status::Passed);
    // Steps that were left out say nothing about the scenario, but one of which nothing else ran has
    // not passed.
    let all_left_out = !attempt.steps.is_empty() && planned.is_none() && attempt.extra.is_empty();
    let found = found.max(if all_left_out {
        Status::Skipped
    } else {
        Status::Passed
    });
    attempt.status = reported.max(found);
    if found > reported && found >= Status::Pending && !failed && !cancelled {
        attempt.contradicts = Some(reported);
    }
}
