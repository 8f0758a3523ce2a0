//! The plan, the definitions and the time of the joined run, and the new numbers of each part.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use super::part::MergePart;
use super::renumber::Renumbering;
use crate::event::{DEFINED_ORDER, Event, Hook, ParameterType, StepDefinition, Timestamp};
use crate::plan::{Location, PlannedFeature, PlannedRule, PlannedScenario};

/// The plan, the definitions and the hooks of the joined run, and the new numbers of each part.
#[derive(Debug, Default)]
pub(super) struct Joined {
    features: Vec<(Option<Event>, PlannedFeature)>,
    definitions: Vec<StepDefinition>,
    hooks: Vec<Hook>,
    parameter_types: Vec<ParameterType>,
    renumberings: Vec<Renumbering>,
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
        let mut next_added = joined.first_free_number();
        for part in parts {
            let mut scenarios = joined.scenario_numbers(part);
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
        let mut places: HashMap<Arc<str>, (usize, &str)> = HashMap::new();
        for part in parts {
            for (source, feature) in &part.features {
                let Some((at, first)) = places.get(&feature.uri) else {
                    let new = (self.features.len(), part.shown.as_str());
                    places.insert(feature.uri.clone(), new);
                    self.features.push((source.clone(), (**feature).clone()));
                    continue;
                };
                let (known_source, known) = &mut self.features[*at];
                if known_source != source || !add_feature(known, feature) {
                    problems.push(format!(
                        "{} is not the same file in {first} and {}",
                        feature.uri, part.shown
                    ));
                }
            }
        }
        let Some(shard) = parts.first().and_then(MergePart::shard_of) else {
            return problems;
        };
        let ids = shard.scenarios.iter().map(AsRef::as_ref);
        let numbers: HashMap<&str, u32> = ids.zip(0..).collect();
        let number = |id: &str| numbers.get(id).copied().unwrap_or(u32::MAX);
        for (_, feature) in &mut self.features {
            for scenario in &mut feature.scenarios {
                scenario.index = number(&scenario.id);
            }
            feature.scenarios.sort_by_key(|scenario| scenario.index);
        }
        let first = |feature: &PlannedFeature| feature.scenarios.first().map(|one| one.index);
        self.features.sort_by_key(|(_, feature)| first(feature));
        problems
    }

    /// The numbers in the joined plan of the scenarios of a part.
    fn scenario_numbers(&self, part: &MergePart) -> foldhash::HashMap<u32, u32> {
        let all = self.features.iter().flat_map(|(_, one)| &one.scenarios);
        let new: HashMap<&str, u32> = all.map(|one| (&*one.id, one.index)).collect();
        let own = part.features.iter().flat_map(|(_, one)| &one.scenarios);
        own.filter_map(|one| Some((one.index, *new.get(&*one.id)?)))
            .collect()
    }

    fn first_free_number(&self) -> u32 {
        let all = self.features.iter().flat_map(|(_, one)| &one.scenarios);
        let highest = all.map(|scenario| scenario.index).max();
        highest.map_or(0, |highest| highest.saturating_add(1))
    }

    pub(super) fn scenarios(&self) -> usize {
        let features = self.features.iter();
        features.map(|(_, feature)| feature.scenarios.len()).sum()
    }

    pub(super) fn renumbering(&self, part: usize) -> &Renumbering {
        &self.renumberings[part]
    }

    /// Emits everything before the first scenario.
    pub(super) fn begin(&self, parts: &[MergePart], emit: &mut dyn FnMut(&Event)) {
        if let Some(started) = started(parts) {
            emit(&started);
        }
        if let Some(options) = report_options(parts) {
            emit(options);
        }
        each_once(parts.iter().flat_map(|part| &part.notices), emit);
        for (source, feature) in &self.features {
            if let Some(source) = source {
                emit(source);
            }
            emit(&Event::FeaturePlanned {
                feature: Arc::new(feature.clone()),
            });
        }
        if parts.iter().any(|part| part.definitions.is_some()) {
            emit(&Event::StepDefinitions {
                definitions: self.definitions.as_slice().into(),
            });
        }
        if parts.iter().any(|part| part.parameter_types.is_some()) {
            emit(&Event::ParameterTypes {
                parameter_types: self.parameter_types.as_slice().into(),
            });
        }
        if parts.iter().any(|part| part.hooks.is_some()) {
            emit(&Event::Hooks {
                hooks: self.hooks.as_slice().into(),
            });
        }
        let undefined = parts
            .iter()
            .flat_map(|part| &part.undefined_parameter_types);
        each_once(undefined, emit);
        let mut pass_on = |events: &dyn Fn(&MergePart) -> Vec<Event>| {
            for (part, renumbering) in parts.iter().zip(&self.renumberings) {
                for mut event in events(part) {
                    renumbering.apply(&mut event);
                    if parts.len() > 1
                        && let Event::RunError { message, .. } = &mut event
                    {
                        *message = format!("{message} (shard {})", renumbering.shard);
                    }
                    emit(&event);
                }
            }
        };
        pass_on(&|part| part.opening.clone());
        pass_on(&|part| part.prepared.clone());
    }

    /// Emits the end of the run.
    pub(super) fn end(&self, parts: &[MergePart], emit: &mut dyn FnMut(&Event)) {
        let at = parts.iter().map(|part| part.course.latest).max();
        // The shards are assumed to have run at the same time, so the longest time is the time of all.
        let nanos = parts.iter().map(nanos).max();
        emit(&Event::RunFinished {
            at: at.unwrap_or(Timestamp(0)),
            nanos: nanos.unwrap_or_default(),
        });
    }
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
        ..
    } = &mut started
    {
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
fn each_once<'e>(events: impl Iterator<Item = &'e Event>, emit: &mut dyn FnMut(&Event)) {
    let mut passed_on = HashSet::new();
    for event in events {
        // Events have no hash of their own. An event that cannot be written as JSON, which never happens,
        // would be passed on again.
        let text = serde_json::to_string(event).ok();
        if text.is_none_or(|text| passed_on.insert(text)) {
            emit(event);
        }
    }
}
