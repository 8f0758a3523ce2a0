//! One file of events: everything before its first scenario, and a way to read the rest.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, BufReader, Seek};
use std::path::Path;
use std::sync::Arc;

use super::course::Course;
use super::cucumber;
use crate::event::{Event, Hook, ParameterType, ShardOf, StepDefinition};
use crate::plan::{PlannedFeature, PlannedScenario, Shard};
use crate::report::events::{self, ReadError};
use crate::system_error::reason;

/// A file of events, read once.
#[derive(Debug)]
pub(super) struct MergePart {
    /// How messages name the file.
    pub(super) shown: String,
    file: File,
    /// [`Event::RunStarted`].
    pub(super) started: Event,
    /// [`Event::ReportOptions`], if there is one.
    pub(super) report_options: Option<Event>,
    /// Warnings and errors of feature files.
    pub(super) notices: Vec<Event>,
    /// The features, each with its [`Event::FeatureSource`] if there is one.
    pub(super) features: Vec<(Option<Event>, Arc<PlannedFeature>)>,
    pub(super) definitions: Option<Arc<[StepDefinition]>>,
    /// The hooks, including those that were added while it ran.
    pub(super) hooks: Option<Vec<Hook>>,
    pub(super) parameter_types: Option<Arc<[ParameterType]>>,
    pub(super) undefined_parameter_types: Vec<Event>,
    /// The scenarios that were added while it ran.
    pub(super) added: Vec<PlannedScenario>,
    /// The events before the first one about a scenario.
    pub(super) opening: Vec<Event>,
    /// [`Event::ScenarioPrepared`].
    pub(super) prepared: Vec<Event>,
    /// How far the run came.
    pub(super) course: Course,
}

/// The two sections of a file of events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FileSection {
    /// The events that [`MergePart`] keeps.
    Head,
    /// After the head.
    Body,
}

impl MergePart {
    /// Reads a file and checks all its events.
    pub(super) fn read(path: &Path, shown: String) -> Result<Self, String> {
        let unreadable = |error: io::Error| format!("cannot read {shown}: {}", reason(&error));
        let mut file = open(path).map_err(unreadable)?;
        if cucumber::is_stream(&mut file).map_err(unreadable)? {
            file = cucumber::to_events(file, &shown)?;
        }
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
            report_options: None,
            notices: Vec::new(),
            features: Vec::new(),
            definitions: None,
            hooks: None,
            parameter_types: None,
            undefined_parameter_types: Vec::new(),
            added: Vec::new(),
            opening: Vec::new(),
            prepared: Vec::new(),
            course: Course::new(at),
            shown,
        };
        let mut place = FileSection::Head;
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
            if let Event::ScenarioAdded { planned: added, .. } = &event {
                if !planned.insert(added.index) {
                    return Err(format!(
                        "{}:{number}: scenario {} is in its plan already",
                        part.shown, added.index
                    ));
                }
                part.added.push((**added).clone());
            }
            if let Event::HookAdded { hook, definition } = &event {
                part.add_hook(*hook, definition);
            }
            if let Some(scenario) = scenario_of(&event).filter(|one| !planned.contains(one)) {
                return Err(format!(
                    "{}:{number}: there is no scenario {scenario} in its plan",
                    part.shown
                ));
            }
            part.course.follow(&event);
            place = place_of(&event, place);
            if place == FileSection::Head {
                part.keep(event, &mut source);
            }
        }
        Ok(part)
    }

    fn add_hook(&mut self, number: u32, hook: &Hook) {
        let hooks = self.hooks.get_or_insert_default();
        // Numbers are consecutive, except in a file that somebody has edited.
        if number as usize == hooks.len() {
            hooks.push(hook.clone());
        }
    }

    /// Keeps an event that comes before the scenarios.
    fn keep(&mut self, event: Event, source: &mut Option<Event>) {
        match event {
            Event::ReportOptions { .. } => self.report_options = Some(event),
            Event::FeatureSource { .. } => *source = Some(event),
            Event::FeaturePlanned { feature } => self.features.push((source.take(), feature)),
            Event::StepDefinitions { definitions } => self.definitions = Some(definitions),
            Event::Hooks { hooks } => self.hooks = Some(hooks.to_vec()),
            Event::ParameterTypes { parameter_types } => {
                self.parameter_types = Some(parameter_types);
            }
            Event::UndefinedParameterType { .. } => self.undefined_parameter_types.push(event),
            Event::ScenarioPrepared { .. } => self.prepared.push(event),
            Event::ParseError { .. } => {
                self.notices.extend(source.take());
                self.notices.push(event);
            }
            Event::Warning { .. } if self.definitions.is_none() => self.notices.push(event),
            Event::RunFinished { .. } | Event::HookAdded { .. } => {}
            _ => self.opening.push(event),
        }
    }

    /// Emits the events from the first one about a scenario on. If the file was cut off, each scenario gets a
    /// result.
    pub(super) fn body(&mut self, emit: &mut dyn FnMut(Event)) -> Result<(), String> {
        let failed = |error: io::Error| format!("cannot read {}: {}", self.shown, reason(&error));
        self.file.rewind().map_err(failed)?;
        let mut place = FileSection::Head;
        for event in events::read(BufReader::new(&self.file)).skip(1) {
            let event = match event {
                Ok(event) => event,
                Err(error) if ReadError::is_cut_off(&error) => break,
                Err(error) => return Err(error.in_file(&self.shown)),
            };
            place = place_of(&event, place);
            // The joined run knows from its start which hooks were added.
            let is_known = matches!(event, Event::RunFinished { .. } | Event::HookAdded { .. });
            if place == FileSection::Body && !is_known {
                emit(event);
            }
        }
        self.complete(emit);
        Ok(())
    }

    /// If the file was cut off, each scenario gets a result.
    fn complete(&self, emit: &mut dyn FnMut(Event)) {
        if self.course.finished.is_none() {
            let features = self.features.iter();
            let planned = features.flat_map(|(_, feature)| &feature.scenarios);
            let scenarios = planned.chain(&self.added);
            self.course.close(scenarios, &self.shown, emit);
        }
    }

    /// Emits all events as they are. If the file was cut off, each scenario gets a result.
    pub(super) fn whole(&mut self, emit: &mut dyn FnMut(&Event)) -> Result<(), String> {
        let failed = |error: io::Error| format!("cannot read {}: {}", self.shown, reason(&error));
        self.file.rewind().map_err(failed)?;
        for event in events::read(BufReader::new(&self.file)) {
            match event {
                Ok(event) => emit(&event),
                Err(error) if ReadError::is_cut_off(&error) => break,
                Err(error) => return Err(error.in_file(&self.shown)),
            }
        }
        self.complete(&mut |event| emit(&event));
        Ok(())
    }

    /// Whether it has the end of its run.
    pub(super) fn is_whole(&self) -> bool {
        self.course.finished.is_some()
    }

    /// The selection of which it is a shard, if it is one.
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

/// The body begins with the first event about a scenario, apart from [`Event::ScenarioPrepared`].
fn place_of(event: &Event, before: FileSection) -> FileSection {
    match event {
        Event::ScenarioStarted { .. }
        | Event::ScenarioNotRun { .. }
        | Event::ScenarioClaimedElsewhere { .. } => FileSection::Body,
        _ => before,
    }
}

/// The scenario that an event names.
fn scenario_of(event: &Event) -> Option<u32> {
    match event {
        Event::ScenarioPrepared { scenario, .. }
        | Event::Trend { scenario, .. }
        | Event::ScenarioStarted { scenario, .. }
        | Event::StepStarted { scenario, .. }
        | Event::StepFinished { scenario, .. }
        | Event::StepLeftOut { scenario, .. }
        | Event::ExtraStepStarted { scenario, .. }
        | Event::ExtraStepFinished { scenario, .. }
        | Event::ScenarioFinished { scenario, .. }
        | Event::ScenarioNotRun { scenario, .. }
        | Event::ScenarioClaimedElsewhere { scenario } => Some(*scenario),
        _ => None,
    }
}
