//! One file of events: what it says before its first scenario, and how to read the rest.

use std::collections::{BTreeMap, HashSet};
use std::fs::File;
use std::io::{self, BufReader, Seek};
use std::path::Path;
use std::sync::Arc;

use crate::config::reason;
use crate::event::{
    Event, Fault, Hook, ParameterType, RunErrorKind, ShardOf, Status, StepDefinition, StepResult,
    Timestamp,
};
use crate::plan::{PlannedFeature, Shard};
use crate::report::events::{self, ReadError};

/// A file of events, read once.
#[derive(Debug)]
pub(super) struct Part {
    /// How messages name the file.
    pub(super) shown: String,
    file: File,
    /// [`Event::RunStarted`].
    pub(super) started: Event,
    /// Warnings and errors of feature files.
    pub(super) notices: Vec<Event>,
    /// The features, each with its [`Event::FeatureSource`] if there is one.
    pub(super) features: Vec<(Option<Event>, Arc<PlannedFeature>)>,
    pub(super) definitions: Option<Arc<[StepDefinition]>>,
    pub(super) hooks: Option<Arc<[Hook]>>,
    pub(super) parameter_types: Option<Arc<[ParameterType]>>,
    pub(super) undefined_parameter_types: Vec<Event>,
    /// What happened before the first word about a scenario.
    pub(super) opening: Vec<Event>,
    /// [`Event::ScenarioPrepared`].
    pub(super) prepared: Vec<Event>,
    /// [`Event::RunFinished`], unless the file ends before it.
    pub(super) finished: Option<(Timestamp, u64)>,
    /// The latest time that an event told.
    pub(super) latest: Timestamp,
    pub(super) run_errors: Vec<RunErrorKind>,
    /// What has begun and not ended, by the numbers of scenarios.
    open: BTreeMap<u32, Open>,
    /// The scenarios that have a result, or are in `open`.
    seen: HashSet<u32>,
}

/// An attempt that is going on.
#[derive(Debug)]
struct Open {
    attempt: u32,
    /// The steps that have ended, and the worst of them.
    steps: HashSet<u32>,
    worst: Status,
}

/// Where the events of a file stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Among what is kept in [`Part`].
    Head,
    /// Behind.
    Body,
}

impl Part {
    /// Reads a file and looks at all of its events.
    pub(super) fn read(path: &Path, shown: String) -> Result<Self, String> {
        let file =
            open(path).map_err(|error| format!("cannot read {shown}: {}", reason(&error)))?;
        let mut events = events::read(BufReader::new(&file));
        let started = match events.next() {
            Some(Ok(event @ Event::RunStarted { at, .. })) => Some((event, at)),
            Some(Err(error)) => return Err(error.in_file(&shown)),
            _ => None,
        };
        let Some((started, at)) = started else {
            return Err(format!(
                "{shown}: it does not begin with the start of a run"
            ));
        };
        let mut part = Self {
            file: file
                .try_clone()
                .map_err(|error| format!("{shown}: {error}"))?,
            started,
            notices: Vec::new(),
            features: Vec::new(),
            definitions: None,
            hooks: None,
            parameter_types: None,
            undefined_parameter_types: Vec::new(),
            opening: Vec::new(),
            prepared: Vec::new(),
            finished: None,
            latest: at,
            run_errors: Vec::new(),
            open: BTreeMap::new(),
            seen: HashSet::new(),
            shown,
        };
        let mut place = Place::Head;
        let mut source = None;
        let mut planned = HashSet::new();
        for (number, event) in (2..).zip(events) {
            let event = match event {
                Ok(event) => event,
                Err(error) if error.is_cut_off() => break,
                Err(error) => return Err(error.in_file(&part.shown)),
            };
            if let Event::FeaturePlanned { feature } = &event {
                planned.extend(feature.scenarios.iter().map(|scenario| scenario.index));
            }
            if let Some(scenario) = scenario_of(&event).filter(|one| !planned.contains(one)) {
                return Err(format!(
                    "{}:{number}: there is no scenario {scenario} in its plan",
                    part.shown
                ));
            }
            part.follow(&event);
            place = place_of(&event, place);
            if place == Place::Head {
                part.keep(event, &mut source);
            }
        }
        Ok(part)
    }

    /// Keeps an event that comes before the scenarios.
    fn keep(&mut self, event: Event, source: &mut Option<Event>) {
        match event {
            Event::FeatureSource { .. } => *source = Some(event),
            Event::FeaturePlanned { feature } => self.features.push((source.take(), feature)),
            Event::StepDefinitions { definitions } => self.definitions = Some(definitions),
            Event::Hooks { hooks } => self.hooks = Some(hooks),
            Event::ParameterTypes { parameter_types } => {
                self.parameter_types = Some(parameter_types);
            }
            Event::UndefinedParameterType { .. } => self.undefined_parameter_types.push(event),
            Event::ScenarioPrepared { .. } => self.prepared.push(event),
            Event::ParseError { .. } => self.notices.push(event),
            Event::Warning { .. } if self.definitions.is_none() => self.notices.push(event),
            Event::RunFinished { .. } => {}
            _ => self.opening.push(event),
        }
    }

    /// Keeps in mind what has begun and what is over.
    fn follow(&mut self, event: &Event) {
        match event {
            Event::ScenarioStarted {
                scenario,
                attempt,
                at,
                ..
            } => {
                self.latest = self.latest.max(*at);
                self.seen.insert(*scenario);
                let open = Open {
                    attempt: *attempt,
                    steps: HashSet::new(),
                    worst: Status::Skipped,
                };
                self.open.insert(*scenario, open);
            }
            Event::StepFinished {
                scenario,
                step,
                result,
                ..
            } => {
                if let Some(open) = self.open.get_mut(scenario) {
                    open.steps.insert(*step);
                    open.worst = open.worst.max(result.status);
                }
            }
            Event::ScenarioFinished {
                scenario,
                will_be_retried,
                ..
            } => {
                self.open.remove(scenario);
                if *will_be_retried {
                    self.seen.remove(scenario);
                } else {
                    self.seen.insert(*scenario);
                }
            }
            Event::ScenarioNotRun { scenario, .. } => {
                self.seen.insert(*scenario);
            }
            Event::HookStarted { at, .. } | Event::Attachment { at, .. } => {
                self.latest = self.latest.max(*at);
            }
            Event::RunError { kind, .. } => self.run_errors.push(*kind),
            Event::RunFinished { at, nanos } => {
                self.latest = self.latest.max(*at);
                self.finished = Some((*at, *nanos));
            }
            _ => {}
        }
    }

    /// Passes on what happened from the first word about a scenario on; of a file that was cut off,
    /// each scenario gets an end.
    pub(super) fn body(&mut self, emit: &mut dyn FnMut(Event)) -> Result<(), String> {
        let failed = |error: io::Error| format!("cannot read {}: {}", self.shown, reason(&error));
        self.file.rewind().map_err(failed)?;
        let mut place = Place::Head;
        for event in events::read(BufReader::new(&self.file)).skip(1) {
            let event = match event {
                Ok(event) => event,
                Err(error) if ReadError::is_cut_off(&error) => break,
                Err(error) => return Err(error.in_file(&self.shown)),
            };
            place = place_of(&event, place);
            if place == Place::Body && !matches!(event, Event::RunFinished { .. }) {
                emit(event);
            }
        }
        if self.finished.is_none() {
            self.close(emit);
        }
        Ok(())
    }

    /// Ends what a file that was cut off leaves open.
    fn close(&self, emit: &mut dyn FnMut(Event)) {
        let why = format!("the events in {} end before its result", self.shown);
        let scenarios = self.features.iter().flat_map(|(_, one)| &one.scenarios);
        for scenario in scenarios {
            let index = scenario.index;
            if let Some(open) = self.open.get(&index) {
                for step in (0..).zip(&scenario.steps).map(|(step, _)| step) {
                    if !open.steps.contains(&step) {
                        emit(Event::StepFinished {
                            scenario: index,
                            attempt: open.attempt,
                            step,
                            result: skipped(),
                        });
                    }
                }
                emit(Event::ScenarioFinished {
                    scenario: index,
                    attempt: open.attempt,
                    status: open.worst,
                    nanos: 0,
                    fault: Some(Fault::Cancelled),
                    errors: Vec::new(),
                    output: None,
                    will_be_retried: false,
                    expected_failure: false,
                    skipped_because: None,
                });
            } else if !self.seen.contains(&index) {
                emit(Event::ScenarioNotRun {
                    scenario: index,
                    reason: why.clone(),
                });
            }
        }
        emit(Event::RunError {
            kind: RunErrorKind::Interrupted,
            message: format!("the events in {} end before the end of the run", self.shown),
            detail: "bdd was killed, or the file was cut off".to_owned(),
        });
    }

    /// Of which selection it is a shard, if it is one.
    pub(super) fn shard_of(&self) -> Option<&ShardOf> {
        match &self.started {
            Event::RunStarted { shard, .. } => shard.as_deref(),
            _ => None,
        }
    }

    /// Which shard it is.
    pub(super) fn shard(&self) -> Option<Shard> {
        self.shard_of().and_then(|of| of.shard.parse().ok())
    }

    /// Its number among the shards; 0 for a whole run.
    pub(super) fn number(&self) -> u32 {
        self.shard().map_or(0, Shard::index)
    }

    /// The stable ids of its scenarios.
    pub(super) fn ids(&self) -> impl Iterator<Item = &Arc<str>> {
        let scenarios = self.features.iter().flat_map(|(_, one)| &one.scenarios);
        scenarios.map(|scenario| &scenario.id)
    }
}

/// A file that can be read twice.
fn open(path: &Path) -> io::Result<File> {
    let mut file = File::open(path)?;
    if file.metadata()?.is_dir() {
        return Err(io::Error::from(io::ErrorKind::IsADirectory));
    }
    if file.metadata()?.is_file() {
        return Ok(file);
    }
    let mut copy = tempfile::tempfile()?;
    io::copy(&mut file, &mut copy)?;
    copy.rewind()?;
    Ok(copy)
}

/// The body begins with the first word about a scenario, but for what all will run.
fn place_of(event: &Event, before: Place) -> Place {
    match event {
        Event::ScenarioStarted { .. } | Event::ScenarioNotRun { .. } => Place::Body,
        _ => before,
    }
}

/// The scenario that an event names.
fn scenario_of(event: &Event) -> Option<u32> {
    match event {
        Event::ScenarioPrepared { scenario, .. }
        | Event::ScenarioStarted { scenario, .. }
        | Event::StepStarted { scenario, .. }
        | Event::StepFinished { scenario, .. }
        | Event::ScenarioFinished { scenario, .. }
        | Event::ScenarioNotRun { scenario, .. } => Some(*scenario),
        _ => None,
    }
}

fn skipped() -> StepResult {
    StepResult {
        status: Status::Skipped,
        nanos: 0,
        step_match: None,
        candidates: Vec::new(),
        snippets: Vec::new(),
        error: None,
    }
}
