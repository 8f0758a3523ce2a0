//! One file of events: what the check of shards needs of it, and ways to read the rest again.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Seek};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use super::course::Course;
use super::cucumber;
use super::line_ranges::{LineRanges, events_of};
use super::outline::{FeatureOutline, ScenarioOutline};
use super::selection::Selection;
use crate::event::{Event, Hook, ParameterType, ShardOf, StepDefinition};
use crate::plan::{PlannedFeature, Shard};
use crate::report::events::{self, Events, ReadError};
use crate::system_error::reason;

/// A file of events, read once. What there may be much of is not kept, but read again.
#[derive(Debug)]
pub(super) struct MergePart {
    /// How messages name the file.
    pub(super) shown: String,
    file: File,
    /// [`Event::RunStarted`].
    pub(super) started: Event,
    /// Of a shard.
    pub(super) selection: Option<Arc<Selection>>,
    /// [`Event::ReportOptions`], if there is one.
    pub(super) report_options: Option<Event>,
    /// Warnings and errors of feature files.
    pub(super) notices: Vec<Event>,
    pub(super) features: Vec<FeatureOutline>,
    /// The ids of the scenarios that do not belong to the selection of the shard, in order.
    pub(super) strangers: Vec<Arc<str>>,
    pub(super) definitions: Option<Arc<[StepDefinition]>>,
    /// The hooks, including those that were added while it ran.
    pub(super) hooks: Option<Vec<Hook>>,
    pub(super) parameter_types: Option<Arc<[ParameterType]>>,
    pub(super) undefined_parameter_types: Vec<Event>,
    /// The scenarios that were added while it ran.
    pub(super) added: Vec<ScenarioOutline>,
    /// The events before the first one about a scenario.
    pub(super) opening: LineRanges,
    /// [`Event::ScenarioPrepared`].
    pub(super) prepared: LineRanges,
    /// Where the section after the head begins, in bytes; `None` if there is none.
    body: Option<u64>,
    /// How far the run came.
    pub(super) course: Course,
}

/// An event of the first reading.
struct ReadEvent {
    event: Event,
    line: Range<u64>,
}

impl MergePart {
    /// Reads a file and checks all its events. `known` is the selection of the files before it.
    pub(super) fn read(
        path: &Path,
        shown: String,
        known: &mut Option<Arc<Selection>>,
    ) -> Result<Self, String> {
        let unreadable = |error: io::Error| format!("cannot read {shown}: {}", reason(&error));
        let mut file = open(path).map_err(unreadable)?;
        if cucumber::is_stream(&mut file).map_err(unreadable)? {
            file = cucumber::to_events(file, &shown)?;
        }
        let copy = file.try_clone();
        let copy = copy.map_err(|error| format!("{shown}: {error}"))?;
        let mut events = events::read(BufReader::new(&copy));
        let (mut started, at) = match events.next() {
            Some(Ok(event @ Event::RunStarted { at, .. })) => (event, at),
            Some(Err(error)) => return Err(error.in_file(&shown)),
            _ => {
                return Err(format!(
                    "{shown}: it does not begin with the start of a run"
                ));
            }
        };
        let mut part = Self {
            file,
            selection: Selection::of(&mut started, known),
            started,
            report_options: None,
            notices: Vec::new(),
            features: Vec::new(),
            strangers: Vec::new(),
            definitions: None,
            hooks: None,
            parameter_types: None,
            undefined_parameter_types: Vec::new(),
            added: Vec::new(),
            opening: LineRanges::default(),
            prepared: LineRanges::default(),
            body: None,
            course: Course::new(at),
            shown,
        };
        part.read_on(events)?;
        Ok(part)
    }

    fn read_on(&mut self, mut events: Events<impl BufRead>) -> Result<(), String> {
        let mut source = None;
        let mut planned = HashSet::new();
        while let Some(event) = events.next() {
            let event = match event {
                Ok(event) => event,
                Err(error) if error.is_cut_off() => break,
                Err(error) => return Err(error.in_file(&self.shown)),
            };
            if let Event::FeaturePlanned { feature } = &event {
                planned.extend(feature.scenarios.iter().map(|scenario| scenario.index));
            }
            if let Event::ScenarioAdded { planned: added, .. } = &event {
                if !planned.insert(added.index) {
                    let index = added.index;
                    let problem = format!("scenario {index} is in its plan already");
                    return Err(self.in_line(events.line_number(), &problem));
                }
                self.added.push(ScenarioOutline::new(added, None));
            }
            if let Some(scenario) = scenario_of(&event).filter(|one| !planned.contains(one)) {
                let problem = format!("there is no scenario {scenario} in its plan");
                return Err(self.in_line(events.line_number(), &problem));
            }
            if let Event::HookAdded { hook, definition } = &event {
                self.add_hook(*hook, definition);
            }
            self.course.follow(&event);
            let line = events.line_range();
            if begins_body(&event) {
                self.body.get_or_insert(line.start);
            }
            if self.body.is_none() {
                self.keep(ReadEvent { event, line }, &mut source);
            }
        }
        Ok(())
    }

    fn add_hook(&mut self, number: u32, hook: &Hook) {
        let hooks = self.hooks.get_or_insert_default();
        // Numbers are consecutive, except in a file that somebody has edited.
        if number as usize == hooks.len() {
            hooks.push(hook.clone());
        }
    }

    /// Keeps an event that comes before the scenarios, or its place.
    fn keep(&mut self, read: ReadEvent, source: &mut Option<ReadEvent>) {
        let ReadEvent { event, line } = read;
        match event {
            Event::ReportOptions { .. } => self.report_options = Some(event),
            Event::FeatureSource { .. } => *source = Some(ReadEvent { event, line }),
            Event::FeaturePlanned { feature } => self.keep_feature(&feature, line, source.take()),
            Event::StepDefinitions { definitions } => self.definitions = Some(definitions),
            Event::Hooks { hooks } => self.hooks = Some(hooks.to_vec()),
            Event::ParameterTypes { parameter_types } => {
                self.parameter_types = Some(parameter_types);
            }
            Event::UndefinedParameterType { .. } => self.undefined_parameter_types.push(event),
            Event::ScenarioPrepared { .. } => self.prepared.add(line),
            Event::ParseError { .. } => {
                self.notices.extend(source.take().map(|read| read.event));
                self.notices.push(event);
            }
            Event::Warning { .. } if self.definitions.is_none() => self.notices.push(event),
            Event::RunFinished { .. } | Event::HookAdded { .. } => {}
            _ => self.opening.add(line),
        }
    }

    fn keep_feature(
        &mut self,
        feature: &PlannedFeature,
        line: Range<u64>,
        source: Option<ReadEvent>,
    ) {
        let source = source.map(|read| (read.event, read.line));
        let selection = self.selection.as_deref();
        let (outline, strangers) = FeatureOutline::new(feature, line, source, selection);
        self.features.push(outline);
        self.strangers.extend(strangers);
    }

    /// Emits the events of some lines of its head.
    pub(super) fn lines(
        &self,
        lines: &LineRanges,
        emit: &mut dyn FnMut(Event),
    ) -> Result<(), String> {
        for range in lines.iter() {
            for event in events_of(&self.file, range).map_err(|error| self.unreadable(&error))? {
                emit(event.map_err(|error| self.changed(&error))?);
            }
        }
        Ok(())
    }

    /// Reads the event of a line again.
    pub(super) fn line(&self, line: &Range<u64>) -> Result<Event, String> {
        let events = events_of(&self.file, line);
        let mut events = events.map_err(|error| self.unreadable(&error))?;
        match events.next() {
            Some(event) => event.map_err(|error| self.changed(&error)),
            None => Err(self.is_different()),
        }
    }

    /// Reads a feature again.
    pub(super) fn feature(&self, outline: &FeatureOutline) -> Result<Arc<PlannedFeature>, String> {
        match self.line(&outline.planned)? {
            Event::FeaturePlanned { feature } if feature.uri == outline.uri => Ok(feature),
            _ => Err(self.is_different()),
        }
    }

    fn in_line(&self, number: usize, problem: &str) -> String {
        format!("{}:{number}: {problem}", self.shown)
    }

    fn unreadable(&self, error: &io::Error) -> String {
        format!("cannot read {}: {}", self.shown, reason(error))
    }

    /// Why a line that was an event cannot be read again.
    fn changed(&self, error: &ReadError) -> String {
        match error.io_error() {
            Some(error) => self.unreadable(error),
            None => self.is_different(),
        }
    }

    pub(super) fn is_different(&self) -> String {
        format!("{} was changed while it was read", self.shown)
    }

    /// Emits the events from the first one about a scenario on. If the file was cut off, each scenario gets a
    /// result.
    pub(super) fn body(&self, emit: &mut dyn FnMut(Event)) -> Result<(), String> {
        if let Some(start) = self.body {
            let events = events_of(&self.file, &(start..u64::MAX));
            for event in events.map_err(|error| self.unreadable(&error))? {
                let event = match event {
                    Ok(event) => event,
                    Err(error) if error.is_cut_off() => break,
                    Err(error) => return Err(self.changed(&error)),
                };
                // The joined run has its own end, and knows from its start which hooks were added.
                if !matches!(event, Event::RunFinished { .. } | Event::HookAdded { .. }) {
                    emit(event);
                }
            }
        }
        self.complete(emit);
        Ok(())
    }

    /// If the file was cut off, each scenario gets a result.
    fn complete(&self, emit: &mut dyn FnMut(Event)) {
        if self.course.finished.is_none() {
            let scenarios = self.scenarios().chain(&self.added);
            self.course.close(scenarios, &self.shown, emit);
        }
    }

    /// Emits all events as they are. If the file was cut off, each scenario gets a result.
    pub(super) fn whole(&self, emit: &mut dyn FnMut(Event)) -> Result<(), String> {
        let mut file = &self.file;
        file.rewind().map_err(|error| self.unreadable(&error))?;
        for event in events::read(BufReader::new(file)) {
            match event {
                Ok(event) => emit(event),
                Err(error) if error.is_cut_off() => break,
                Err(error) => return Err(error.in_file(&self.shown)),
            }
        }
        self.complete(emit);
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

    /// The scenarios of its plan.
    pub(super) fn scenarios(&self) -> impl Iterator<Item = &ScenarioOutline> {
        self.features.iter().flat_map(|feature| &feature.scenarios)
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

/// Whether the head ends before this event: the first one about a scenario, apart from [`Event::ScenarioPrepared`].
fn begins_body(event: &Event) -> bool {
    matches!(
        event,
        Event::ScenarioStarted { .. }
            | Event::ScenarioNotRun { .. }
            | Event::ScenarioClaimedElsewhere { .. }
    )
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
