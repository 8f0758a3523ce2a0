//! The plan, the definitions and the time of the joined run, and the new numbers of each part.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use super::line_ranges::LineRanges;
use super::outline::{FeatureOutline, FileHash};
use super::part::MergePart;
use super::renumber::Renumbering;
use super::selection::Selection;
use crate::event::{DEFINED_ORDER, Event, Hook, ParameterType, StepDefinition, Timestamp};
use crate::plan::{Location, PlannedFeature, PlannedRule, PlannedScenario};

/// The plan, the definitions and the hooks of the joined run, and the new numbers of each part.
#[derive(Debug, Default)]
pub(super) struct Joined {
    /// In the order of the selection.
    features: Vec<JoinedFeature>,
    definitions: Vec<StepDefinition>,
    hooks: Vec<Hook>,
    parameter_types: Vec<ParameterType>,
    renumberings: Vec<Renumbering>,
}

/// A feature that some of the parts have.
#[derive(Debug)]
struct JoinedFeature {
    /// The parts that have it, and its position in each.
    places: Vec<(usize, usize)>,
    /// The number in the selection of its first scenario.
    first: Option<u32>,
    file: FileHash,
    rules: BTreeMap<Location, u64>,
}

impl Joined {
    /// Joins parts that belong together.
    ///
    /// # Errors
    /// When feature files differ between the parts.
    pub(super) fn of(parts: &[MergePart]) -> Result<Self, Vec<String>> {
        let mut joined = Self::default();
        let mut problems = joined.join_features(parts);
        if !problems.is_empty() {
            problems.dedup();
            return Err(problems);
        }
        let mut first_worker = 0;
        let mut next_added = first_free_number(parts);
        for part in parts {
            let mut scenarios: foldhash::HashMap<u32, u32> = (part.scenarios())
                .filter_map(|scenario| Some((scenario.index, scenario.selected?)))
                .collect();
            // Each part has added its own: no two parts share an added scenario.
            for added in &part.added {
                scenarios.insert(added.index, next_added);
                next_added = next_added.saturating_add(1);
            }
            joined.renumberings.push(Renumbering {
                shard: part
                    .shard()
                    .map_or_else(String::new, |shard| shard.to_string()),
                scenarios,
                definitions: add_all(&mut joined.definitions, part.definitions.as_deref()),
                hooks: add_all(&mut joined.hooks, part.hooks.as_deref()),
                first_worker,
            });
            let types = part.parameter_types.as_deref();
            add_all(&mut joined.parameter_types, types);
            if let Event::RunStarted { jobs, .. } = &part.started {
                first_worker = first_worker.saturating_add(*jobs);
            }
        }
        Ok(joined)
    }

    /// Joins the features of the parts, in the order of the selection.
    fn join_features(&mut self, parts: &[MergePart]) -> Vec<String> {
        let mut problems = Vec::new();
        let mut known: HashMap<Arc<str>, usize> = HashMap::new();
        for (number, part) in parts.iter().enumerate() {
            for (position, outline) in part.features.iter().enumerate() {
                let place = (number, position);
                let Some(at) = known.get(&outline.uri) else {
                    known.insert(Arc::clone(&outline.uri), self.features.len());
                    self.features.push(JoinedFeature::new(place, outline));
                    continue;
                };
                let feature = &mut self.features[*at];
                if !feature.add(place, outline) {
                    let first = &parts[feature.places[0].0].shown;
                    problems.push(format!(
                        "{} is not the same file in {first} and {}",
                        outline.uri, part.shown
                    ));
                }
            }
        }
        if parts.iter().any(|part| part.selection.is_some()) {
            self.features.sort_by_key(|feature| feature.first);
        }
        problems
    }

    pub(super) fn renumbering(&self, part: usize) -> &Renumbering {
        &self.renumberings[part]
    }

    /// Emits everything before the first scenario.
    ///
    /// # Errors
    /// When a file can no longer be read.
    pub(super) fn begin(
        &self,
        parts: &[MergePart],
        emit: &mut dyn FnMut(Event),
    ) -> Result<(), String> {
        if let Some(started) = started(parts) {
            emit(started);
        }
        if let Some(options) = report_options(parts) {
            emit(options.clone());
        }
        each_once(parts.iter().flat_map(|part| &part.notices), emit);
        for feature in &self.features {
            feature.emit(parts, emit)?;
        }
        if parts.iter().any(|part| part.definitions.is_some()) {
            emit(Event::StepDefinitions {
                definitions: self.definitions.as_slice().into(),
            });
        }
        if parts.iter().any(|part| part.parameter_types.is_some()) {
            emit(Event::ParameterTypes {
                parameter_types: self.parameter_types.as_slice().into(),
            });
        }
        if parts.iter().any(|part| part.hooks.is_some()) {
            emit(Event::Hooks {
                hooks: self.hooks.as_slice().into(),
            });
        }
        let undefined = parts
            .iter()
            .flat_map(|part| &part.undefined_parameter_types);
        each_once(undefined, emit);
        self.pass_on(parts, |part| &part.opening, emit)?;
        self.pass_on(parts, |part| &part.prepared, emit)
    }

    /// Emits some lines of each part.
    fn pass_on(
        &self,
        parts: &[MergePart],
        lines: impl Fn(&MergePart) -> &LineRanges,
        emit: &mut dyn FnMut(Event),
    ) -> Result<(), String> {
        for (part, renumbering) in parts.iter().zip(&self.renumberings) {
            part.lines(lines(part), &mut |mut event| {
                renumbering.apply(&mut event);
                if parts.len() > 1
                    && let Event::RunError { message, .. } = &mut event
                {
                    *message = format!("{message} (shard {})", renumbering.shard);
                }
                emit(event);
            })?;
        }
        Ok(())
    }

    /// Emits the end of the run.
    pub(super) fn end(&self, parts: &[MergePart], emit: &mut dyn FnMut(Event)) {
        let at = parts.iter().map(|part| part.course.latest).max();
        // The shards are assumed to have run at the same time, so the longest time is the time of all.
        let nanos = parts.iter().map(nanos).max();
        emit(Event::RunFinished {
            at: at.unwrap_or(Timestamp(0)),
            nanos: nanos.unwrap_or_default(),
        });
    }
}

impl JoinedFeature {
    fn new(place: (usize, usize), outline: &FeatureOutline) -> Self {
        Self {
            places: vec![place],
            first: first_selected(outline),
            file: outline.file,
            rules: outline.rules.iter().copied().collect(),
        }
    }

    /// Adds the scenarios that another part has. Returns false if it has another file.
    fn add(&mut self, place: (usize, usize), outline: &FeatureOutline) -> bool {
        self.places.push(place);
        let firsts = self.first.into_iter().chain(first_selected(outline));
        self.first = firsts.min();
        let mut is_same = self.file == outline.file;
        for (place, hash) in &outline.rules {
            is_same &= *self.rules.entry(*place).or_insert(*hash) == *hash;
        }
        is_same
    }

    /// Emits its text and its plan, which are read again.
    fn emit(&self, parts: &[MergePart], emit: &mut dyn FnMut(Event)) -> Result<(), String> {
        let mut joined: Option<Arc<PlannedFeature>> = None;
        for (number, position) in &self.places {
            let part = &parts[*number];
            let outline = &part.features[*position];
            let feature = part.feature(outline)?;
            let Some(known) = &mut joined else {
                if let Some(source) = &outline.source {
                    emit(part.line(source)?);
                }
                joined = Some(feature);
                continue;
            };
            if !add_feature(Arc::make_mut(known), &feature) {
                return Err(part.is_different());
            }
        }
        let selection = parts.iter().find_map(|part| part.selection.as_deref());
        if let Some(mut feature) = joined {
            if let Some(selection) = selection {
                number_scenarios(Arc::make_mut(&mut feature), selection);
            }
            emit(Event::FeaturePlanned { feature });
        }
        Ok(())
    }
}

/// Gives the scenarios of a feature their numbers in the selection.
fn number_scenarios(feature: &mut PlannedFeature, selection: &Selection) {
    for scenario in &mut feature.scenarios {
        let number = selection.number(&scenario.id);
        scenario.index = number.unwrap_or(u32::MAX);
        if let Some(number) = number {
            // All lists of the selection share the text.
            scenario.id = Arc::clone(&selection.ids[number as usize]);
        }
    }
    feature.scenarios.sort_by_key(|scenario| scenario.index);
}

fn first_selected(outline: &FeatureOutline) -> Option<u32> {
    let scenarios = outline.scenarios.iter();
    scenarios.filter_map(|scenario| scenario.selected).min()
}

/// The number of the first scenario that was added.
fn first_free_number(parts: &[MergePart]) -> u32 {
    let all = parts.iter().flat_map(MergePart::scenarios);
    let numbers = all.map(|scenario| scenario.selected.unwrap_or(scenario.index));
    numbers.max().map_or(0, |highest| highest.saturating_add(1))
}

/// What the settings said about reports: those of the first part that says something, as all parts are of one project.
pub(super) fn report_options(parts: &[MergePart]) -> Option<&Event> {
    parts.iter().find_map(|part| part.report_options.as_ref())
}

/// How long a part took. For a file that was cut off, this is the time until its last event.
fn nanos(part: &MergePart) -> u64 {
    match (&part.course.finished, &part.started) {
        (Some((_, nanos)), _) => *nanos,
        (None, Event::RunStarted { at, .. }) => part
            .course
            .latest
            .0
            .saturating_sub(at.0)
            .saturating_mul(1_000),
        (None, _) => 0,
    }
}

/// Whether there is no scenario, and that was an error of a run. One part of a selection may be empty.
pub(super) fn selected_nothing(parts: &[MergePart]) -> bool {
    let is_error = |part: &MergePart| {
        matches!(
            part.started,
            Event::RunStarted {
                selected_nothing: true,
                ..
            }
        )
    };
    parts.iter().any(is_error) && parts.iter().all(|part| part.features.is_empty())
}

/// The start of the joined run: the start of the first part, with the earliest time and the workers of all
/// parts.
fn started(parts: &[MergePart]) -> Option<Event> {
    let mut started = parts.first()?.started.clone();
    let mut earliest = None;
    let mut workers = 0_u32;
    for part in parts {
        if let Event::RunStarted { at, jobs, .. } = &part.started {
            earliest = Some(earliest.map_or(*at, |earliest: Timestamp| earliest.min(*at)));
            workers = workers.saturating_add(*jobs);
        }
    }
    let orders: HashSet<&str> = (parts.iter())
        .filter_map(|part| match &part.started {
            Event::RunStarted { order, .. } => Some(order.as_str()),
            _ => None,
        })
        .collect();
    if let Event::RunStarted {
        at,
        jobs,
        shard,
        order,
        selected_nothing: nothing,
        ..
    } = &mut started
    {
        *nothing = selected_nothing(parts);
        // The seed of one shard would not repeat the order of the others.
        if orders.len() > 1 {
            *order = DEFINED_ORDER.to_owned();
        }
        *at = earliest.unwrap_or(*at);
        *jobs = workers;
        *shard = None;
    }
    Some(started)
}

/// Adds the scenarios of a feature to those of the same feature in another part. Returns false if the
/// features differ.
fn add_feature(known: &mut PlannedFeature, other: &PlannedFeature) -> bool {
    let head = |feature: &PlannedFeature| {
        (
            feature.language.clone(),
            feature.keyword.clone(),
            feature.name.clone(),
            feature.description.clone(),
            feature.tags.clone(),
            feature.location,
        )
    };
    if head(known) != head(other) {
        return false;
    }
    // By their places: rules are in the order of the file.
    let mut rules: BTreeMap<Location, &PlannedRule> = BTreeMap::new();
    for rule in known.rules.iter().chain(&other.rules) {
        if *rules.entry(rule.location).or_insert(rule) != rule {
            return false;
        }
    }
    let places: HashMap<Location, usize> = rules.keys().copied().zip(0..).collect();
    let place = |feature: &PlannedFeature, scenario: &PlannedScenario| {
        let rule = feature.rules.get(scenario.rule?)?;
        places.get(&rule.location).copied()
    };
    let scenarios = [&*known, other].map(|feature| {
        let scenarios = feature.scenarios.iter().cloned();
        scenarios.map(|scenario| PlannedScenario {
            rule: place(feature, &scenario),
            ..scenario
        })
    });
    let scenarios = scenarios.into_iter().flatten().collect();
    let rules = rules.into_values().cloned().collect();
    known.scenarios = scenarios;
    known.rules = rules;
    true
}

/// Adds new items to a list and returns the places of all of them.
fn add_all<T: Clone + PartialEq>(list: &mut Vec<T>, all: Option<&[T]>) -> Vec<u32> {
    let mut numbers = Vec::new();
    for (position, one) in all.unwrap_or_default().iter().enumerate() {
        // Nearly always, all parts have the same list.
        let same = list.get(position).is_some_and(|known| known == one);
        let known = if same {
            Some(position)
        } else {
            list.iter().position(|known| known == one)
        };
        let place = known.unwrap_or_else(|| {
            list.push(one.clone());
            list.len() - 1
        });
        numbers.push(u32::try_from(place).unwrap_or(u32::MAX));
    }
    numbers
}

/// Emits each of several events once.
fn each_once<'e>(events: impl Iterator<Item = &'e Event>, emit: &mut dyn FnMut(Event)) {
    let mut passed_on = HashSet::new();
    for event in events {
        // Events have no hash of their own. An event that cannot be written as JSON, which never happens,
        // would be passed on again.
        let text = serde_json::to_string(event).ok();
        if text.is_none_or(|text| passed_on.insert(text)) {
            emit(event.clone());
        }
    }
}
