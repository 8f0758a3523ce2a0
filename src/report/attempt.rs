//! Puts the events of one attempt at a scenario together.
//!
//! Most reports show a scenario when it is over; they ask this module for finished attempts
//! and never look at single steps themselves.

use std::sync::Arc;

use foldhash::{HashMap, HashMapExt};

use crate::event::{
    ArgumentGroup, Event, Fault, Output, Snippet, Status, StepDefinition, StepError, StepResult,
    Timestamp,
};
use crate::plan::{PlannedFeature, PlannedRule, PlannedScenario, PlannedStep};

/// The plan and the definitions, as far as events have told of them.
#[derive(Default)]
pub(crate) struct Catalogue {
    features: Vec<Arc<PlannedFeature>>,
    places: HashMap<u32, Place>,
    definitions: Arc<[StepDefinition]>,
    strict: bool,
    dry_run: bool,
}

/// Where a scenario stands in the plan; the order is that of the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Place {
    pub(crate) feature: u32,
    pub(crate) scenario: u32,
    /// Counted over all features.
    pub(crate) ordinal: u32,
}

impl Catalogue {
    pub(crate) fn event(&mut self, event: &Event) {
        match event {
            Event::RunStarted {
                strict, dry_run, ..
            } => {
                self.strict = *strict;
                self.dry_run = *dry_run;
            }
            Event::FeaturePlanned { feature } => self.add(feature),
            Event::StepDefinitions { definitions } => self.definitions = Arc::clone(definitions),
            _ => {}
        }
    }

    fn add(&mut self, feature: &Arc<PlannedFeature>) {
        let index = to_u32(self.features.len());
        self.places.reserve(feature.scenarios.len());
        for (position, scenario) in feature.scenarios.iter().enumerate() {
            let ordinal = to_u32(self.places.len());
            let place = Place {
                feature: index,
                scenario: to_u32(position),
                ordinal,
            };
            self.places.entry(scenario.index).or_insert(place);
        }
        self.features.push(Arc::clone(feature));
    }

    pub(crate) fn features(&self) -> &[Arc<PlannedFeature>] {
        &self.features
    }

    pub(crate) fn place(&self, scenario: u32) -> Option<Place> {
        self.places.get(&scenario).copied()
    }

    /// How many scenarios are planned.
    pub(crate) fn len(&self) -> usize {
        self.places.len()
    }

    pub(crate) fn at(&self, place: Place) -> (&Arc<PlannedFeature>, &PlannedScenario) {
        let feature = &self.features[place.feature as usize];
        (feature, &feature.scenarios[place.scenario as usize])
    }

    pub(crate) fn definition(&self, index: u32) -> Option<&StepDefinition> {
        self.definitions.get(index as usize)
    }

    pub(crate) fn is_dry_run(&self) -> bool {
        self.dry_run
    }

    /// Whether a scenario of this status fails the run.
    pub(crate) fn fails(&self, status: Status) -> bool {
        status.fails(self.strict)
    }
}

/// The plan counts with `u32`; a plan beyond that is cut off rather than misread.
fn to_u32(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// The rule that a scenario stands in.
pub(crate) fn rule_of<'a>(
    feature: &'a PlannedFeature,
    scenario: &PlannedScenario,
) -> Option<&'a PlannedRule> {
    scenario.rule.and_then(|rule| feature.rules.get(rule))
}

/// A finished attempt.
pub(crate) struct Attempt {
    pub(crate) place: Place,
    pub(crate) number: u32,
    pub(crate) at: Option<Timestamp>,
    pub(crate) steps: Vec<Outcome>,
    pub(crate) status: Status,
    pub(crate) nanos: u64,
    pub(crate) fault: Option<Fault>,
    /// What went wrong outside its steps.
    pub(crate) errors: Vec<StepError>,
    pub(crate) output: Option<Output>,
    pub(crate) will_be_retried: bool,
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

    /// Whether the step program ended under it.
    pub(crate) fn crashed(&self) -> bool {
        matches!(self.fault, Some(Fault::Crashed { .. }))
    }

    /// Whether the run was stopped before it could fail.
    pub(crate) fn cancelled(&self) -> bool {
        cancelled(self.status, self.fault.as_ref())
    }
}

/// Whether an attempt ended because the run was stopped, and not because of itself.
pub(crate) fn cancelled(status: Status, fault: Option<&Fault>) -> bool {
    status < Status::Pending && matches!(fault, Some(Fault::Cancelled))
}

/// Collects the attempts that are running; holds nothing of those that are over.
pub(crate) struct Attempts {
    pub(crate) catalogue: Catalogue,
    running: HashMap<u32, Attempt>,
    keep_arguments: bool,
}

impl Attempts {
    /// `keep_arguments`: whether [`Outcome::arguments`] are wanted.
    pub(crate) fn new(keep_arguments: bool) -> Self {
        Attempts {
            catalogue: Catalogue::default(),
            running: HashMap::new(),
            keep_arguments,
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
                *running.steps.get_mut(*step as usize)? = Outcome::new(result, self.keep_arguments);
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
                ..
            } => {
                let mut finished = match self.running.remove(scenario) {
                    Some(running) => running,
                    None => self.begin(*scenario, *attempt, None)?,
                };
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
                Some(finished)
            }
            event => {
                self.catalogue.event(event);
                None
            }
        }
    }

    fn begin(&self, scenario: u32, number: u32, at: Option<Timestamp>) -> Option<Attempt> {
        let place = self.catalogue.place(scenario)?;
        let steps = self.catalogue.at(place).1.steps.len();
        Some(Attempt {
            place,
            number,
            at,
            steps: vec![Outcome::unknown(); steps],
            status: Status::Skipped,
            nanos: 0,
            fault: None,
            errors: Vec::new(),
            output: None,
            will_be_retried: false,
        })
    }
}
