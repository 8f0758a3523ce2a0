//! One attempt at a scenario, put together: its steps, its hooks, how it ended.
//!
//! It knows what ran, and not what was planned; [`super::sequence`] brings both together.

use serde::{Deserialize, Serialize};

use super::catalogue::{Catalogue, Place};
use super::hook::HookOutcome;
use super::note::{Note, Notes};
use crate::event::{
    CapturedOutput, Fault, Snippet, Status, StepContent, StepError, StepResult, Timestamp,
};

/// A finished attempt.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Attempt {
    pub(crate) place: Place,
    pub(crate) number: u32,
    /// How many attempts the scenario gets at most, as far as that is known.
    pub(crate) most: Option<u32>,
    pub(crate) at: Option<Timestamp>,
    /// The planned steps, by position.
    pub(crate) steps: Vec<Outcome>,
    /// The steps that the plan does not have, in the order in which they began.
    pub(crate) extra: Vec<ExtraStep>,
    /// The hooks in their order; those that passed and attached nothing may be left out.
    pub(crate) hooks: Vec<HookOutcome>,
    pub(super) notes: Notes<NoteOwner>,
    pub(crate) status: Status,
    pub(crate) nanos: u64,
    pub(crate) fault: Option<Fault>,
    /// What went wrong outside its steps.
    pub(crate) errors: Vec<StepError>,
    pub(crate) output: Option<CapturedOutput>,
    pub(crate) will_be_retried: bool,
    /// Whether the scenario is expected to fail.
    pub(crate) expected_failure: bool,
    /// Why a hook or the step program outside of it skipped it.
    pub(crate) skipped_because: Option<String>,
    /// The reported status, if something in the attempt is worse.
    pub(crate) contradicts: Option<Status>,
}

/// The result of a step; small, because a report may hold a million of them.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Outcome {
    pub(crate) status: Status,
    pub(crate) nanos: u64,
    pub(crate) definition: Option<u32>,
    pub(crate) particulars: Option<Box<Particulars>>,
}

/// The part of a result that steps without anything special do not have.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct Particulars {
    /// Why it did not pass, or why it was left out.
    pub(crate) error: Option<StepError>,
    pub(crate) candidates: Vec<u32>,
    pub(crate) snippets: Vec<Snippet>,
    /// The step as it ran, when that is not as planned.
    pub(crate) actual: Option<Box<StepContent>>,
    /// Whether the step program left it out.
    pub(crate) left_out: bool,
    /// Whether it accounts for the failures of the steps that it ran.
    pub(crate) handled: bool,
}

/// A step that the plan does not have.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct ExtraStep {
    /// Its number in the attempt; `None` for one that only its result names.
    pub(crate) number: Option<u32>,
    /// How many planned steps had begun before it.
    pub(crate) after: u32,
    pub(crate) parent: Option<u32>,
    pub(crate) depth: u32,
    pub(crate) content: StepContent,
    pub(crate) outcome: Outcome,
}

/// What attached something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum NoteOwner {
    /// A planned step, by position.
    Step(u32),
    /// An extra step, by number.
    Extra(u32),
}

impl Outcome {
    /// A step without a result.
    pub(super) fn of(status: Status) -> Self {
        Outcome {
            status,
            nanos: 0,
            definition: None,
            particulars: None,
        }
    }

    /// A step that the step program left out.
    pub(super) fn left_out(reason: &str) -> Self {
        let error = StepError::plain(reason.to_owned());
        let particulars = Particulars {
            error: Some(error),
            left_out: true,
            ..Particulars::default()
        };
        Outcome {
            particulars: Some(Box::new(particulars)),
            ..Outcome::of(Status::Skipped)
        }
    }

    pub(super) fn new(result: &StepResult) -> Self {
        let special = result.error.is_some()
            || !result.candidates.is_empty()
            || !result.snippets.is_empty()
            || result.actual.is_some()
            || result.handled;
        let particulars = special.then(|| {
            Box::new(Particulars {
                error: result.error.clone(),
                candidates: result.candidates.clone(),
                snippets: result.snippets.clone(),
                actual: result.actual.clone(),
                left_out: false,
                handled: result.handled,
            })
        });
        Outcome {
            status: result.status,
            nanos: result.nanos,
            definition: result
                .step_match
                .as_ref()
                .map(|step_match| step_match.definition),
            particulars,
        }
    }

    pub(crate) fn error(&self) -> Option<&StepError> {
        self.particulars.as_ref()?.error.as_ref()
    }

    pub(crate) fn actual(&self) -> Option<&StepContent> {
        self.particulars.as_ref()?.actual.as_deref()
    }

    pub(crate) fn is_left_out(&self) -> bool {
        let particulars = self.particulars.as_ref();
        particulars.is_some_and(|particulars| particulars.left_out)
    }

    pub(crate) fn handles_failures(&self) -> bool {
        let particulars = self.particulars.as_ref();
        particulars.is_some_and(|particulars| particulars.handled)
    }

    pub(crate) fn candidates(&self) -> &[u32] {
        let particulars = self.particulars.as_ref();
        particulars.map_or(&[], |particulars| &particulars.candidates)
    }

    pub(crate) fn snippets(&self) -> &[Snippet] {
        let particulars = self.particulars.as_ref();
        particulars.map_or(&[], |particulars| &particulars.snippets)
    }
}

impl Attempt {
    /// About as many bytes as it takes in memory.
    pub(crate) fn weight(&self) -> usize {
        let outcome = |outcome: &Outcome| {
            let error = outcome.error();
            let error = error.map_or(0, |error| error.message.len() + error.trace.len());
            size_of::<Outcome>() + error
        };
        let steps: usize = self.steps.iter().map(outcome).sum();
        let extra = self.extra.iter().map(|step| outcome(&step.outcome));
        let extra: usize = extra.map(|weight| weight + size_of::<ExtraStep>()).sum();
        let output = self.output.as_ref().map_or(0, CapturedOutput::weight);
        let hooks = self.hooks.len() * size_of::<HookOutcome>();
        let notes = self.notes.weight()
            + self
                .hooks
                .iter()
                .map(|hook| hook.notes.weight())
                .sum::<usize>();
        let errors = self.errors.iter();
        let errors: usize = errors
            .map(|error| error.message.len() + error.trace.len())
            .sum();
        size_of::<Self>() + steps + extra + output + hooks + notes + errors
    }

    /// The worst status of its steps, planned or not; `None` when it has no steps.
    pub(crate) fn worst_step(&self) -> Option<Status> {
        let planned = self.steps.iter().map(|step| step.status);
        let extra = self.counting_extra().map(|step| step.outcome.status);
        planned.chain(extra).max()
    }

    /// The extra steps whose result no step around them accounts for.
    pub(crate) fn counting_extra(&self) -> impl Iterator<Item = &ExtraStep> {
        let parent = |step: &ExtraStep| self.steps.get(step.parent? as usize);
        let counts = move |step: &&ExtraStep| !parent(step).is_some_and(Outcome::handles_failures);
        self.extra.iter().filter(counts)
    }

    /// The hook that gave the attempt its status. `None` if a step did, or the attempt passed.
    pub(crate) fn culprit_hook(&self) -> Option<&HookOutcome> {
        // One that did not end: its process died.
        let status = |hook: &HookOutcome| hook.status.unwrap_or(Status::Failed);
        let worst = self.hooks.iter().map(status).max()?;
        if worst < Status::Pending || self.worst_step().is_some_and(|step| step >= worst) {
            return None;
        }
        self.hooks.iter().find(|hook| status(hook) == worst)
    }

    /// What a step attached, in order, and the note about attachments beyond the limit.
    pub(crate) fn notes(&self, of: Option<NoteOwner>) -> impl Iterator<Item = &Note> {
        let notes = self.notes.all();
        let first = notes.partition_point(|(owner, _)| Some(*owner) < of);
        let own = notes[first..]
            .iter()
            .take_while(move |(owner, _)| Some(*owner) == of);
        own.map(|(_, note)| note)
    }

    /// The links that steps and hooks attached.
    pub(crate) fn links(&self) -> impl Iterator<Item = &str> {
        let of_steps = self.notes.all().iter().map(|(_, note)| note);
        let of_hooks = self.hooks.iter().flat_map(|hook| hook.notes.all());
        let notes = of_steps.chain(of_hooks.map(|(_, note)| note));
        notes.filter_map(|note| {
            note.text()
                .strip_prefix("link: ")
                .filter(|_| note.is_about())
        })
    }

    /// The note about attachments of steps beyond the limit.
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

    /// Whether it passed, but fails the run because an earlier attempt failed.
    pub(crate) fn fails_as_flaky(&self, catalogue: &Catalogue) -> bool {
        catalogue.fails_as_flaky(self.status, self.number)
    }

    /// Whether a time limit ended it.
    pub(crate) fn timed_out(&self) -> bool {
        self.fault.as_ref().is_some_and(Fault::is_timeout)
    }

    /// Whether the step program crashed while it ran.
    pub(crate) fn crashed(&self) -> bool {
        matches!(self.fault, Some(Fault::Crashed { .. }))
    }

    /// Whether the run was stopped before it could fail.
    pub(crate) fn cancelled(&self) -> bool {
        self.status.is_cancelled(self.fault.as_ref())
    }
}
