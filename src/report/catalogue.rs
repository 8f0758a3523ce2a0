//! The plan, the definitions and the hooks of a run, as far as events have reported them.
//!
//! It does not know results.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::event::{Event, Hook, Status, StepDefinition};
use crate::number_map::NumberMap;
use crate::plan::{PlannedFeature, PlannedRule, PlannedScenario};

/// The plan and the definitions, as far as events have reported them.
#[derive(Default)]
pub(crate) struct Catalogue {
    features: Vec<Arc<PlannedFeature>>,
    places: NumberMap<Place>,
    definitions: Arc<[StepDefinition]>,
    hooks: Vec<Hook>,
    strict: bool,
    flaky_fails: bool,
    dry_run: bool,
}

/// The position of a scenario in the plan. Places are ordered as the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
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
                strict,
                dry_run,
                flaky_fails,
                ..
            } => {
                self.strict = *strict;
                self.dry_run = *dry_run;
                self.flaky_fails = *flaky_fails;
            }
            Event::FeaturePlanned { feature } => self.add(feature),
            Event::StepDefinitions { definitions } => self.definitions = Arc::clone(definitions),
            Event::Hooks { hooks } => self.hooks = hooks.to_vec(),
            Event::HookAdded { hook, definition } => self.add_hook(*hook, definition),
            Event::ScenarioAdded { uri, rule, planned } => {
                self.add_scenario(uri, rule.as_ref(), planned);
            }
            _ => {}
        }
    }

    fn add(&mut self, feature: &Arc<PlannedFeature>) {
        let index = to_u32(self.features.len());
        for (position, scenario) in feature.scenarios.iter().enumerate() {
            let ordinal = to_u32(self.places.len());
            let place = Place {
                feature: index,
                scenario: to_u32(position),
                ordinal,
            };
            if self.places.get(scenario.index).is_none() {
                self.places.insert(scenario.index, place);
            }
        }
        self.features.push(Arc::clone(feature));
    }

    fn add_hook(&mut self, index: u32, hook: &Hook) {
        // Numbers are consecutive, except in a file that was edited.
        if index as usize == self.hooks.len() {
            self.hooks.push(hook.clone());
        }
    }

    /// Adds a scenario after those of its feature.
    fn add_scenario(
        &mut self,
        uri: &Arc<str>,
        rule: Option<&PlannedRule>,
        planned: &PlannedScenario,
    ) {
        if self.places.get(planned.index).is_some() {
            return;
        }
        let known = self.features.iter().rposition(|one| one.uri == *uri);
        let index = known.unwrap_or_else(|| {
            self.features
                .push(Arc::new(PlannedFeature::bare(Arc::clone(uri), "en".into())));
            self.features.len() - 1
        });
        // A copy only for the first scenario that is added to a feature: then it is this one's own.
        let feature = Arc::make_mut(&mut self.features[index]);
        let rule = rule.map(|rule| {
            let same = |known: &PlannedRule| known.location == rule.location;
            feature.rules.iter().position(same).unwrap_or_else(|| {
                feature.rules.push(rule.clone());
                feature.rules.len() - 1
            })
        });
        let place = Place {
            feature: to_u32(index),
            scenario: to_u32(feature.scenarios.len()),
            ordinal: to_u32(self.places.len()),
        };
        feature.scenarios.push(PlannedScenario {
            rule,
            ..planned.clone()
        });
        self.places.insert(planned.index, place);
    }

    pub(crate) fn features(&self) -> &[Arc<PlannedFeature>] {
        &self.features
    }

    pub(crate) fn place(&self, scenario: u32) -> Option<Place> {
        self.places.get(scenario).copied()
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

    pub(crate) fn hook(&self, index: u32) -> Option<&Hook> {
        self.hooks.get(index as usize)
    }

    pub(crate) fn is_dry_run(&self) -> bool {
        self.dry_run
    }

    /// Whether a scenario of this status after this attempt, expected to fail or not, fails the run.
    pub(crate) fn fails(&self, status: Status, attempt: u32, expected_failure: bool) -> bool {
        status.is_failure(expected_failure, self.strict) || self.fails_as_flaky(status, attempt)
    }

    /// Whether a scenario fails the run because it passed only in this attempt.
    pub(crate) fn fails_as_flaky(&self, status: Status, attempt: u32) -> bool {
        self.flaky_fails && status == Status::Passed && attempt > 0
    }
}

/// The plan counts with `u32`. Larger numbers are cut off.
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
