//! An attempt as a sequence of what ran: hooks, planned steps and extra ones, each with what is shown
//! of it.

use super::attempt::{Attempt, ExtraStep, NoteOwner, Outcome};
use super::hook::{HookOutcome, Moment};
use super::text;
use crate::event::SourceLocation;
use crate::plan::{Location, PlannedScenario, StepArgument};

/// A part of an attempt.
pub(crate) enum AttemptPart<'a> {
    /// A hook; one around a step is nested in it.
    Hook {
        /// Its result.
        hook: &'a HookOutcome,
        /// Whether it belongs to a step.
        nested: bool,
    },
    /// A step.
    Step(RanStep<'a>),
}

/// A step as it ran.
#[derive(Clone, Copy)]
pub(crate) struct RanStep<'a> {
    /// Its position in the plan; `None` for an extra step.
    pub(crate) planned: Option<u32>,
    /// What its attachments belong to; `None` for an extra step without a number.
    pub(crate) owner: Option<NoteOwner>,
    /// How many steps it runs in.
    pub(crate) depth: u32,
    /// The keyword with the space that follows it.
    pub(crate) keyword: &'a str,
    pub(crate) text: &'a str,
    pub(crate) arguments: &'a [StepArgument],
    pub(crate) at: WrittenAt<'a>,
    pub(crate) outcome: &'a Outcome,
    /// Whether the step around it explains its failure already.
    pub(crate) explained_by_parent: bool,
}

/// Where a step is written.
#[derive(Clone, Copy)]
pub(crate) enum WrittenAt<'a> {
    /// In the file of its feature.
    Feature(Location),
    /// In a file that the step program names.
    File(&'a SourceLocation),
    /// It is not known.
    Unknown,
}

impl RanStep<'_> {
    /// The step as it is written: keyword and text. Of a very long one the middle is left out.
    pub(crate) fn sentence(&self) -> String {
        format!("{}{}", self.keyword, text::short_line(self.text))
    }
}

/// All parts of an attempt at a scenario, in the order in which they ran.
pub(crate) fn parts<'a>(
    attempt: &'a Attempt,
    scenario: &'a PlannedScenario,
) -> Vec<AttemptPart<'a>> {
    let mut parts = Vec::with_capacity(attempt.steps.len() + attempt.hooks.len());
    let mut hooks = attempt.hooks.iter().peekable();
    let mut extra = attempt.extra.iter().peekable();
    let hook = |hook: &'a HookOutcome| AttemptPart::Hook {
        hook,
        nested: hook.moment.step().is_some(),
    };
    let extra_step = |step: &'a ExtraStep| AttemptPart::Step(extra_step(attempt, step));
    while let Some(next) = hooks.next_if(|hook| hook.moment == Moment::Before) {
        parts.push(hook(next));
    }
    while let Some(next) = extra.next_if(|step| step.after == 0) {
        parts.push(extra_step(next));
    }
    for (number, outcome) in (0..).zip(&attempt.steps) {
        parts.push(AttemptPart::Step(planned_step(scenario, number, outcome)));
        let before = Moment::Step {
            step: number,
            after: false,
        };
        while let Some(next) = hooks.next_if(|hook| hook.moment == before) {
            parts.push(hook(next));
        }
        while let Some(next) = extra.next_if(|step| step.after == number + 1 && step.depth > 0) {
            parts.push(extra_step(next));
        }
        while let Some(next) = hooks.next_if(|hook| hook.moment.step() == Some(number)) {
            parts.push(hook(next));
        }
        while let Some(next) = extra.next_if(|step| step.after <= number + 1) {
            parts.push(extra_step(next));
        }
    }
    parts.extend(extra.map(extra_step));
    parts.extend(hooks.map(hook));
    parts
}

/// The step that gave an attempt its status, unless it passed. It is an extra step only if no planned step
/// has a status as bad, because a planned step says more.
pub(crate) fn culprit<'a>(
    attempt: &'a Attempt,
    scenario: &'a PlannedScenario,
) -> Option<RanStep<'a>> {
    let worst = attempt.worst_step()?;
    if worst < crate::event::Status::Pending {
        return None;
    }
    let planned = (0..)
        .zip(&attempt.steps)
        .find(|(_, step)| step.status == worst);
    if let Some((number, outcome)) = planned {
        return Some(planned_step(scenario, number, outcome));
    }
    let mut extra = attempt.counting_extra();
    let step = extra.find(|step| step.outcome.status == worst)?;
    Some(extra_step(attempt, step))
}

fn planned_step<'a>(
    scenario: &'a PlannedScenario,
    number: u32,
    outcome: &'a Outcome,
) -> RanStep<'a> {
    let step = RanStep {
        planned: Some(number),
        owner: Some(NoteOwner::Step(number)),
        depth: 0,
        keyword: "",
        text: "",
        arguments: &[],
        at: WrittenAt::Unknown,
        outcome,
        explained_by_parent: false,
    };
    let planned = scenario.steps.get(number as usize);
    let at = planned.map(|planned| WrittenAt::Feature(planned.location));
    if let Some(actual) = outcome.actual() {
        let file = actual.location.as_ref().map(WrittenAt::File);
        return RanStep {
            keyword: &actual.keyword,
            text: &actual.text,
            arguments: &actual.arguments,
            at: file.or(at).unwrap_or(WrittenAt::Unknown),
            ..step
        };
    }
    let Some(planned) = planned else {
        return step;
    };
    RanStep {
        keyword: &planned.keyword,
        text: &planned.text,
        arguments: &planned.arguments,
        at: WrittenAt::Feature(planned.location),
        ..step
    }
}

fn extra_step<'a>(attempt: &'a Attempt, step: &'a ExtraStep) -> RanStep<'a> {
    let content = &step.content;
    let file = content.location.as_ref().map(WrittenAt::File);
    let parent = step
        .parent
        .and_then(|parent| attempt.steps.get(parent as usize));
    let said = step.outcome.error().map(|error| error.message.as_str());
    let explained_by_parent = match (parent.and_then(Outcome::error), said) {
        (Some(parent), Some(said)) => !said.is_empty() && parent.message.contains(said),
        _ => false,
    };
    RanStep {
        planned: None,
        owner: step.number.map(NoteOwner::Extra),
        depth: step.depth,
        keyword: &content.keyword,
        text: &content.text,
        arguments: &content.arguments,
        at: file.unwrap_or(WrittenAt::Unknown),
        outcome: &step.outcome,
        explained_by_parent,
    }
}
