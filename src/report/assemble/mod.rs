//! Assembles attempts and hooks from the events of a run, once for all reports.
//!
//! A failure is never lost. A failure in an attempt makes the attempt fail, whatever status is reported for
//! it. A failure that belongs to nothing that runs becomes an error of the run.

mod in_progress;

use std::sync::Arc;

use foldhash::{HashMap, HashMapExt, HashSet};

use self::in_progress::AttemptInProgress;
use super::attempt::{Attempt, Outcome};
use super::catalogue::Catalogue;
use super::hook::{self, OutsideHook, OutsideHooks};
use super::note::Notes;
use super::trouble;
use crate::event::{
    AttachmentSource, Event, Fault, HookResult, RunErrorKind, Status, StepError, StepMatch,
};

/// Collects what runs. Of what is over it keeps only the numbers of scenarios.
pub(crate) struct Assembler {
    pub(crate) catalogue: Catalogue,
    running: HashMap<u32, AttemptInProgress>,
    /// The scenarios that have their result.
    ended: HashSet<u32>,
    hooks: OutsideHooks,
    keep: Keep,
}

/// The parts of attempts that only some reports need.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Keep {
    /// Hooks that passed and attached nothing.
    pub(crate) passed_hooks: bool,
    /// What each step matched: two writes to memory for each step that most reports do not need.
    pub(crate) matches: bool,
}

/// What an event completes: nothing, for nearly all events. Boxes keep that answer small.
#[derive(Default)]
pub(crate) struct Completed {
    pub(crate) attempt: Option<Box<EndedAttempt>>,
    pub(crate) hook: Option<Box<OutsideHook>>,
    /// A warning or an error of the run, if the event is about something unknown.
    pub(crate) stray: Option<Box<Event>>,
}

/// An attempt that is over.
pub(crate) struct EndedAttempt {
    pub(crate) attempt: Attempt,
    /// What each planned step matched. It is not in the attempt, because a report that holds all attempts
    /// would also hold all arguments.
    pub(crate) matches: Vec<Option<Arc<StepMatch>>>,
}

impl Assembler {
    pub(crate) fn new(keep: Keep) -> Self {
        Assembler {
            catalogue: Catalogue::default(),
            running: HashMap::new(),
            ended: HashSet::default(),
            hooks: OutsideHooks::default(),
            keep,
        }
    }

    /// Takes the next event. Returns what it completes.
    pub(crate) fn event(&mut self, event: &Event) -> Completed {
        let mut completed = Completed::default();
        match event {
            Event::ScenarioStarted { scenario, .. } => {
                completed.stray = self.start(event, *scenario).map(Box::new);
            }
            Event::ScenarioFinished { scenario, .. } => {
                self.finish(event, *scenario, &mut completed)
            }
            Event::StepStarted { scenario, .. }
            | Event::StepFinished { scenario, .. }
            | Event::StepLeftOut { scenario, .. }
            | Event::ExtraStepStarted { scenario, .. }
            | Event::ExtraStepFinished { scenario, .. } => match self.running.get_mut(scenario) {
                Some(running) => running.step(event),
                None => completed.stray = self.stray_step(event, *scenario).map(Box::new),
            },
            Event::HookStarted { .. } | Event::HookFinished { .. } | Event::Attachment { .. } => {
                match scenario_of(event) {
                    Some(scenario) => completed.stray = self.inside(event, scenario).map(Box::new),
                    None => completed.hook = self.hooks.event(event).map(Box::new),
                }
            }
            event => self.catalogue.event(event),
        }
        completed
    }

    /// Ends the attempts that no event has ended. Returns those that failed.
    pub(crate) fn close(&mut self) -> Vec<EndedAttempt> {
        let mut open: Vec<(u32, AttemptInProgress)> = self.running.drain().collect();
        open.sort_by_key(|(_, running)| running.attempt.place);
        let mut failed = Vec::new();
        for (_, mut running) in open {
            running.attempt.fault = Some(Fault::Cancelled);
            let ended = running.end(Status::Skipped);
            if ended.attempt.status >= Status::Pending {
                failed.push(ended);
            }
        }
        failed
    }

    fn start(&mut self, event: &Event, scenario: u32) -> Option<Event> {
        let begun = self.begin(event, scenario)?;
        let before = self.running.insert(scenario, begun)?;
        // It began twice. What failed of the first is not to be lost.
        let before = before.end(Status::Skipped).attempt;
        before.fails(&self.catalogue).then(|| {
            let headline = self.headline(&before);
            unexplained(format!(
                "{} began again before it ended: {headline}",
                self.name(scenario)
            ))
        })
    }

    /// An attempt that has just started.
    fn begin(&self, event: &Event, scenario: u32) -> Option<AttemptInProgress> {
        let place = self.catalogue.place(scenario)?;
        let steps = self.catalogue.at(place).1.steps.len();
        let (number, at, most) = match event {
            Event::ScenarioStarted {
                attempt,
                at,
                most_attempts,
                ..
            } => (*attempt, Some(*at), *most_attempts),
            Event::ScenarioFinished { attempt, .. } => (*attempt, None, None),
            _ => return None,
        };
        let attempt = Attempt {
            place,
            number,
            most,
            at,
            steps: vec![Outcome::of(Status::Skipped); steps],
            extra: Vec::new(),
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
            contradicts: None,
        };
        Some(AttemptInProgress::new(attempt, self.keep))
    }

    /// Ends an attempt.
    fn finish(&mut self, event: &Event, scenario: u32, completed: &mut Completed) {
        let Event::ScenarioFinished {
            status,
            nanos,
            fault,
            errors,
            output,
            will_be_retried,
            expected_failure,
            skipped_because,
            ..
        } = event
        else {
            return;
        };
        let known = self.running.remove(&scenario);
        let Some(mut running) = known.or_else(|| self.begin(event, scenario)) else {
            completed.stray = Some(Box::new(self.stray_result(scenario, *status, errors)));
            return;
        };
        let attempt = &mut running.attempt;
        attempt.nanos = *nanos;
        attempt.fault.clone_from(fault);
        attempt.errors.clone_from(errors);
        attempt.output.clone_from(output);
        attempt.will_be_retried = *will_be_retried;
        attempt.expected_failure = *expected_failure;
        attempt.skipped_because.clone_from(skipped_because);
        let ended = running.end(*status);
        let attempt = &ended.attempt;
        // The first result is the one that counts; a report may have shown it already.
        if self.ended.contains(&scenario) {
            let headline = self.headline(attempt);
            let what = format!("a second result of {}", self.name(scenario));
            let stray = if attempt.fails(&self.catalogue) {
                unexplained(format!("{what}: {headline}"))
            } else {
                warning(what)
            };
            completed.stray = Some(Box::new(stray));
            return;
        }
        if !attempt.will_be_retried {
            self.ended.insert(scenario);
        }
        completed.attempt = Some(Box::new(ended));
    }

    /// A hook of an attempt, or something attached in it.
    fn inside(&mut self, event: &Event, scenario: u32) -> Option<Event> {
        if let Some(running) = self.running.get_mut(&scenario) {
            running.inside(&self.catalogue, event);
            return None;
        }
        let Event::HookFinished { hook, result, .. } = event else {
            return None;
        };
        let HookResult { status, error, .. } = result;
        let what = format!(
            "the {} of {}",
            trouble::hook_title(&self.catalogue, *hook),
            self.name(scenario)
        );
        self.stray(*status, &what, error.as_ref())
    }

    /// The error or warning about a result that belongs to no running attempt.
    fn stray(&self, status: Status, what: &str, error: Option<&StepError>) -> Option<Event> {
        let why = error.map_or_else(String::new, |error| {
            format!(": {}", trouble::error_text(status, error))
        });
        let fails = self.catalogue.fails(status, 0, false);
        fails.then(|| {
            unexplained(format!(
                "{what} is {status}, but the scenario was not running{why}"
            ))
        })
    }

    /// The error or warning about the end of a scenario that is not planned.
    fn stray_result(&self, scenario: u32, status: Status, errors: &[StepError]) -> Event {
        let what = format!("the result of {}: {status}", self.name(scenario));
        match errors.first() {
            Some(error) => unexplained(format!("{what}: {}", error.message)),
            None if self.catalogue.fails(status, 0, false) => unexplained(what),
            None => warning(what),
        }
    }

    fn stray_step(&self, event: &Event, scenario: u32) -> Option<Event> {
        let (result, what) = match event {
            Event::StepFinished { step, result, .. } => {
                let place = self.catalogue.place(scenario);
                let planned = place.map(|place| self.catalogue.at(place).1);
                let planned = planned.and_then(|planned| planned.steps.get(*step as usize));
                let what = match (&result.actual, planned) {
                    (Some(actual), _) => quoted(&actual.keyword, &actual.text),
                    (None, Some(planned)) => quoted(&planned.keyword, &planned.text),
                    (None, None) => format!("step {step}"),
                };
                (result, what)
            }
            Event::ExtraStepFinished { extra, result, .. } => {
                (result, format!("extra step {extra}"))
            }
            _ => return None,
        };
        let what = format!("{what} of {}", self.name(scenario));
        self.stray(result.status, &what, result.error.as_ref())
    }

    /// `features/a.feature:3 (Adding)`, or its number when it is not planned.
    fn name(&self, scenario: u32) -> String {
        let Some(place) = self.catalogue.place(scenario) else {
            return format!("scenario {scenario}, which is not planned");
        };
        let (feature, planned) = self.catalogue.at(place);
        let line = planned.location.line;
        format!("{}:{line} ({})", feature.uri, trouble::title(planned))
    }

    fn headline(&self, attempt: &Attempt) -> String {
        let scenario = self.catalogue.at(attempt.place).1;
        trouble::headline(&self.catalogue, attempt, scenario)
    }
}

/// The scenario in whose attempt a hook ran or something was attached.
fn scenario_of(event: &Event) -> Option<u32> {
    match event {
        Event::Attachment {
            source:
                AttachmentSource::Step { scenario, .. } | AttachmentSource::ExtraStep { scenario, .. },
            ..
        } => Some(*scenario),
        event => hook::scenario_of(event),
    }
}

fn quoted(keyword: &str, text: &str) -> String {
    format!("the step `{keyword}{text}`")
}

fn warning(message: String) -> Event {
    Event::Warning {
        message,
        place: None,
        rule: None,
    }
}

fn unexplained(message: String) -> Event {
    let mut lines = message.lines();
    let first = lines.next().unwrap_or_default().to_owned();
    Event::RunError {
        kind: RunErrorKind::Unexplained,
        message: first,
        detail: lines.collect::<Vec<_>>().join("\n"),
    }
}
