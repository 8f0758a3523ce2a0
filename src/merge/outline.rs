//! What is kept of the plan of a file: numbers and hashes. Its texts are read again when they are emitted, because the
//! plans of 100,000 scenarios take hundreds of MiB.

use std::hash::{BuildHasher, Hash};
use std::ops::Range;
use std::sync::Arc;

use foldhash::quality::FixedState;

use super::selection::Selection;
use crate::event::Event;
use crate::plan::{Location, PlannedFeature, PlannedRule, PlannedScenario};

/// A feature of a file of events.
#[derive(Debug)]
pub(super) struct FeatureOutline {
    pub(super) uri: Arc<str>,
    /// The line of its [`Event::FeatureSource`], if there is one.
    pub(super) source: Option<Range<u64>>,
    /// The line of its [`Event::FeaturePlanned`].
    pub(super) planned: Range<u64>,
    pub(super) scenarios: Vec<ScenarioOutline>,
    pub(super) file: FileHash,
    /// Where its rules are, and their hashes.
    pub(super) rules: Vec<(Location, u64)>,
}

/// A scenario of a file of events.
#[derive(Debug)]
pub(super) struct ScenarioOutline {
    pub(super) index: u32,
    pub(super) steps: u32,
    /// Its number in the selection, if the file is a shard and the scenario was selected.
    pub(super) selected: Option<u32>,
}

/// What must be equal wherever a feature is planned, apart from its rules: the text of its file, and its head.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FileHash {
    source: Option<u64>,
    head: u64,
}

impl FeatureOutline {
    /// The outline of a feature, and the ids of its scenarios that were not selected. `source` is the event with its text.
    pub(super) fn new(
        feature: &PlannedFeature,
        planned: Range<u64>,
        source: Option<(Event, Range<u64>)>,
        selection: Option<&Selection>,
    ) -> (Self, Vec<Arc<str>>) {
        let mut strangers = Vec::new();
        let mut scenarios = Vec::with_capacity(feature.scenarios.len());
        for scenario in &feature.scenarios {
            let outline = ScenarioOutline::new(scenario, selection);
            if outline.selected.is_none() && selection.is_some() {
                strangers.push(Arc::clone(&scenario.id));
            }
            scenarios.push(outline);
        }
        let rules = feature.rules.iter();
        let outline = Self {
            uri: Arc::clone(&feature.uri),
            file: FileHash {
                source: source.as_ref().and_then(|(event, _)| hash_of_source(event)),
                head: hash_of_head(feature),
            },
            source: source.map(|(_, line)| line),
            planned,
            scenarios,
            rules: rules.map(|one| (one.location, hash_of_rule(one))).collect(),
        };
        (outline, strangers)
    }
}

impl ScenarioOutline {
    pub(super) fn new(scenario: &PlannedScenario, selection: Option<&Selection>) -> Self {
        Self {
            index: scenario.index,
            steps: u32::try_from(scenario.steps.len()).unwrap_or(u32::MAX),
            selected: selection.and_then(|selection| selection.number(&scenario.id)),
        }
    }
}

fn hash_of(value: impl Hash) -> u64 {
    FixedState::default().hash_one(value)
}

fn hash_of_source(event: &Event) -> Option<u64> {
    match event {
        Event::FeatureSource {
            uri,
            language,
            flavor,
            text,
        } => Some(hash_of((uri, language, flavor, text))),
        _ => None,
    }
}

fn hash_of_head(feature: &PlannedFeature) -> u64 {
    hash_of((
        &feature.language,
        &feature.keyword,
        &feature.name,
        &feature.description,
        &feature.tags,
        feature.location,
    ))
}

fn hash_of_rule(rule: &PlannedRule) -> u64 {
    hash_of((
        &rule.keyword,
        &rule.name,
        &rule.description,
        &rule.tags,
        rule.location,
    ))
}
