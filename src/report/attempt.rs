//! Puts the events of one attempt at a scenario together.
//!
//! Most reports show a scenario when it is over; they ask this module for finished attempts
//! and never look at single steps themselves.

use foldhash::{HashMap, HashMapExt};

use super::catalogue::{Catalogue, Place};
use super::hook::{self, HookOutcome, Hooks};
use super::note::{Note, Notes};
use crate::event::{
    ArgumentGroup, AttachmentSource, Event, Fault, Output, Snippet, Status, StepError, StepResult,
    Timestamp,
};
use crate::plan::{PlannedScenario, PlannedStep};

/// A finished attempt.
pub(crate) struct Attempt {
    pub(crate) place: Place,
    pub(crate) number: u32,
    pub(crate) at: Option<Timestamp>,
    pub(crate) steps: Vec<Outcome>,
    /// The hooks in their order; those that passed and attached nothing may be left out.
    pub(crate) hooks: Vec<HookOutcome>,
    notes: Notes<u32>,
    pub(crate) status: Status,
    pub(crate) nanos: u64,
    pub(crate) fault: Option<Fault>,
    /// What went wrong outside its steps.
    pub(crate) errors: Vec<StepError>,
    pub(crate) output: Option<Output>,
    pub(crate) will_be_retried: bool,
    /// Whether a failure is as it should be.
    pub(crate) expected_failure: bool,
    /// Why a hook outside of it skipped it.
    pub(crate) skipped_because: Option<String>,
}

/// What became of a step; small, because a report may hold a million of them.
#[derive(Clone)]
pub(crate) struct Outcome {
    pub(crate) status: Status,
    pub(crate) nanos: u64,
    pub(crate) definition: Option<u32>,
    pub(crate) arguments: Box<[ArgumentGroup]>,
    pub(crate) trouble: Option<Box<Trouble>>,
}

/// The part of a result that passed steps do not have.
#[derive(Clone)]
pub(crate) struct Trouble {
    pub(crate) error: Option<StepError>,
    pub(crate) candidates: Vec<u32>,
    pub(crate) snippets: Vec<Snippet>,
}

impl Outcome {
    /// A step of which no event told.
    fn unknown() -> Self {
        Outcome {
            status: Status::Skipped,
            nanos: 0,
            definition: None,
            arguments: Box::default(),
            trouble: None,
        }
    }

    fn new(result: &StepResult, keep_arguments: bool) -> Self {
        let trouble = (result.error.is_some()
            || !result.candidates.is_empty()
            || !result.snippets.is_empty())
        .then(|| {
            Box::new(Trouble {
                error: result.error.clone(),
                candidates: result.candidates.clone(),
                snippets: result.snippets.clone(),
            })
        });
        let arguments = match &result.step_match {
            Some(step_match) if keep_arguments => step_match.arguments.as_slice().into(),
            _ => Box::default(),
        };
        Outcome {
            status: result.status,
            nanos: result.nanos,
            definition: result
                .step_match
                .as_ref()
                .map(|step_match| step_match.definition),
            arguments,
            trouble,
        }
    }

    pub(crate) fn error(&self) -> Option<&StepError> {
        self.trouble
            .as_ref()
            .and_then(|trouble| trouble.error.as_ref())
    }
}

impl Attempt {
    /// The step that gave the attempt its status, unless all went well.
    pub(crate) fn culprit<'a>(
        &'a self,
        scenario: &'a PlannedScenario,
    ) -> Option<(&'a PlannedStep, &'a Outcome)> {
        let worst = self.steps.iter().map(|step| step.status).max()?;
        if worst < Status::Pending {
            return None;
        }
        let position = self.steps.iter().position(|step| step.status == worst)?;
        Some((scenario.steps.get(position)?, &self.steps[position]))
    }

    /// The hook that gave the attempt its status, unless a step did, or all went well.
    pub(crate) fn culprit_hook(&self) -> Option<&HookOutcome> {
        let steps = self.steps.iter().map(|step| step.status).max();
        // One that did not end: its process died.
        let status = |hook: &HookOutcome| hook.status.unwrap_or(Status::Failed);
        let worst = self.hooks.iter().map(status).max()?;
        if worst < Status::Pending || steps.is_some_and(|step| step >= worst) {
            return None;
        }
        self.hooks.iter().find(|hook| status(hook) == worst)
    }

    /// What a step attached, in order, and what must be said of the rest.
    pub(crate) fn notes(&self, step: u32) -> impl Iterator<Item = &Note> {
        let notes = self.notes.all();
        let first = notes.partition_point(|(owner, _)| *owner < step);
        let own = notes[first..]
            .iter()
            .take_while(move |(owner, _)| *owner == step);
        own.map(|(_, note)| note)
    }

    /// What must be said of attachments of steps beyond the limit.
    pub(crate) fn more_notes(&self) -> Option<String> {
        self.notes.more()
    }

    /// Whether it fails the run, if it is the last one.
    pub(crate) fn fails(&self, catalogue: &Catalogue) -> bool {
        catalogue.fails(self.status, self.number, self.expected_failure)
    }

    /// Whether it failed as a tag says that it does.
    pub(crate) fn failed_as_expected(&self) -> bool {
        self.expected_failure && self.status == Status::Failed
    }

    /// Whether it passed although a tag says that it fails.
    pub(crate) fn passed_unexpectedly(&self) -> bool {
        self.expected_failure && self.status == Status::Passed
    }

    /// Whether it passed, and fails the run because one before it did not.
    pub(crate) fn fails_as_flaky(&self, catalogue: &Catalogue) -> bool {
        catalogue.fails_as_flaky(self.status, self.number)
    }

    /// Whether a time limit ended it.
    pub(crate) fn timed_out(&self) -> bool {
        self.fault.as_ref().is_some_and(Fault::is_timeout)
    }

    /// Whether the step program ended under it.
    pub(crate) fn crashed(&self) -> bool {
        matches!(self.fault, Some(Fault::Crashed { .. }))
    }

    /// Whether the run was stopped before it could fail.
    pub(crate) fn cancelled(&self) -> bool {
        self.status.is_cancelled(self.fault.as_ref())
    }
}

/// Collects the attempts that are running; holds nothing of those that are over.
pub(crate) struct Attempts {
    pub(crate) catalogue: Catalogue,
    running: HashMap<u32, Running>,
    keep: Keep,
}

struct Running {
    attempt: Attempt,
    hooks: Hooks,
}

/// What of an attempt is wanted that not all reports show.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Keep {
    /// [`Outcome::arguments`].
    pub(crate) arguments: bool,
    /// Hooks that passed and attached nothing.
    pub(crate) passed_hooks: bool,
}

impl Attempts {
    pub(crate) fn new(keep: Keep) -> Self {
        Attempts {
            catalogue: Catalogue::default(),
            running: HashMap::new(),
            keep,
        }
    }

    /// Takes the next event and gives the attempt that it ends. Events about scenarios that
    /// are not planned are ignored.
    pub(crate) fn event(&mut self, event: &Event) -> Option<Attempt> {
        match event {
            Event::ScenarioStarted {
                scenario,
                attempt,
                at,
                ..
            } => {
                let started = self.begin(*scenario, *attempt, Some(*at))?;
                self.running.insert(*scenario, started);
                None
            }
            Event::StepFinished {
                scenario,
                step,
                result,
                ..
            } => {
                let running = self.running.get_mut(scenario)?;
                *running.attempt.steps.get_mut(*step as usize)? =
                    Outcome::new(result, self.keep.arguments);
                None
            }
            Event::Attachment {
                source: AttachmentSource::Step { scenario, step, .. },
                media_type,
                file_name,
                body,
                ..
            } => {
                let notes = &mut self.running.get_mut(scenario)?.attempt.notes;
                notes.take(*step, media_type, file_name.as_deref(), body);
                None
            }
            Event::HookStarted { .. } | Event::HookFinished { .. } | Event::Attachment { .. } => {
                let running = self.running.get_mut(&hook::scenario_of(event)?)?;
                let keep_passed = self.keep.passed_hooks;
                running.hooks.event(&self.catalogue, event, keep_passed);
                None
            }
            Event::ScenarioFinished {
                scenario,
                attempt,
                status,
                nanos,
                fault,
                errors,
                output,
                will_be_retried,
                expected_failure,
                skipped_because,
            } => {
                let Running {
                    attempt: mut finished,
                    hooks,
                } = match self.running.remove(scenario) {
                    Some(running) => running,
                    None => self.begin(*scenario, *attempt, None)?,
                };
                finished.hooks = hooks.finish();
                finished.notes.sort();
                finished.status = if matches!(fault, Some(Fault::Crashed { .. })) {
                    Status::Failed
                } else {
                    *status
                };
                finished.nanos = *nanos;
                finished.fault.clone_from(fault);
                finished.errors.clone_from(errors);
                finished.output.clone_from(output);
                finished.will_be_retried = *will_be_retried;
                finished.expected_failure = *expected_failure;
                finished.skipped_because.clone_from(skipped_because);
                Some(finished)
            }
            event => {
                self.catalogue.event(event);
                None
            }
        }
    }

    fn begin(&self, scenario: u32, number: u32, at: Option<Timestamp>) -> Option<Running> {
        let place = self.catalogue.place(scenario)?;
        let steps = self.catalogue.at(place).1.steps.len();
        let attempt = Attempt {
            place,
            number,
            at,
            steps: vec![Outcome::unknown(); steps],
            hooks: Vec::new(),
            notes: Notes::default(),
            status: Status::Skipped,
            nanos: 0,
            fault: None,
            errors: Vec::new(),
            output: None,
            will_be_retried: false,
            expected_failure: false,
            skipped_because: None,
        };
        Some(Running {
            attempt,
            hooks: Hooks::default(),
        })
    }
}
