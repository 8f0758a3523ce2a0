//! All scenarios of a run by their numbers. It knows nothing of workers or results.

use std::sync::Arc;

use crate::event::{HookPlace, SourceLocation};
use crate::plan::{Location, Plan, PlannedFeature, PlannedScenario};

/// A line of a feature file.
#[derive(Debug, Clone, Copy)]
pub struct FeatureLine<'a> {
    /// The path of the file as reports show it.
    pub uri: &'a str,
    /// The line, from 1.
    pub line: u32,
}

/// Finds scenarios by number, those of the plan and those that a host adds while they run.
///
/// It shares the features with the plan. A feature is copied when a scenario is added to it, so the
/// plan itself never changes.
#[derive(Debug)]
pub struct ScenarioIndex {
    features: Vec<Arc<PlannedFeature>>,
    /// For each scenario: its feature and its position there.
    places: Vec<(usize, usize)>,
}

impl ScenarioIndex {
    /// Takes all scenarios of the plan.
    pub fn new(plan: &Plan) -> Self {
        let features = plan.features.iter().enumerate();
        let places = features.flat_map(|(feature, planned)| {
            (0..planned.scenarios.len()).map(move |position| (feature, position))
        });
        Self {
            places: places.collect(),
            features: plan.features.clone(),
        }
    }

    /// Adds a scenario at the end of a feature and gives it the next number.
    pub fn append(&mut self, feature: usize, mut scenario: PlannedScenario) -> u32 {
        let number = u32::try_from(self.places.len()).unwrap_or(u32::MAX);
        scenario.index = number;
        let planned = Arc::make_mut(&mut self.features[feature]);
        self.places.push((feature, planned.scenarios.len()));
        planned.scenarios.push(scenario);
        number
    }

    /// The number of the feature in this file.
    pub fn find_feature(&self, uri: &str) -> Option<usize> {
        self.features.iter().position(|one| &*one.uri == uri)
    }

    /// The uri of the feature that a scenario belongs to.
    pub fn uri_of(&self, scenario: u32) -> &Arc<str> {
        &self.feature(self.feature_of(scenario)).uri
    }

    /// How many scenarios there are.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// The number of the feature that a scenario belongs to.
    pub fn feature_of(&self, scenario: u32) -> usize {
        self.places[scenario as usize].0
    }

    /// The feature with this number.
    pub fn feature(&self, feature: usize) -> &PlannedFeature {
        &self.features[feature]
    }

    /// The scenario with this number.
    pub fn scenario(&self, scenario: u32) -> &PlannedScenario {
        let (feature, position) = self.places[scenario as usize];
        &self.features[feature].scenarios[position]
    }

    /// A place in the feature of a scenario, as the last frame of a trace.
    pub fn frame(&self, scenario: u32, at: Location) -> FeatureLine<'_> {
        FeatureLine {
            uri: &self.feature(self.feature_of(scenario)).uri,
            line: at.line,
        }
    }

    /// Where a hook runs, if that is in a scenario, or in a rule.
    pub fn frame_of_hook<'a>(&'a self, place: &'a HookPlace) -> Option<FeatureLine<'a>> {
        match *place {
            HookPlace::Rule { ref uri, line, .. } => Some(FeatureLine { uri, line }),
            HookPlace::Scenario { scenario, .. } => {
                Some(self.frame(scenario, self.scenario(scenario).location))
            }
            HookPlace::Step { scenario, step, .. } => {
                let step = self.scenario(scenario).steps.get(step as usize)?;
                Some(self.frame(scenario, step.location))
            }
            HookPlace::Run | HookPlace::Worker(_) | HookPlace::Feature { .. } => None,
        }
    }

    /// A place in the feature of a scenario, as reports show it.
    pub fn source(&self, scenario: u32, at: Location) -> SourceLocation {
        SourceLocation {
            file: self.frame(scenario, at).uri.to_owned(),
            line: at.line,
            column: at.column,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_added_scenario_gets_the_next_number_and_leaves_the_plan_alone() {
        let scenario = |index: u32, name: &str| PlannedScenario {
            index,
            id: name.into(),
            keyword: "Example".into(),
            name: name.into(),
            description: "".into(),
            row: None,
            location: Location { line: 1, column: 1 },
            tags: [].into(),
            rule: None,
            steps: Vec::new(),
        };
        let feature = |scenarios| {
            Arc::new(PlannedFeature {
                scenarios,
                ..PlannedFeature::bare("a.feature".into(), "en".into())
            })
        };
        let plan = Plan {
            features: vec![
                feature(vec![scenario(0, "a"), scenario(1, "b")]),
                feature(vec![scenario(2, "c")]),
            ],
        };
        let mut index = ScenarioIndex::new(&plan);
        assert_eq!(index.append(0, scenario(0, "added")), 3);
        assert_eq!((index.len(), index.feature_of(3)), (4, 0));
        assert_eq!(&*index.scenario(3).name, "added");
        assert_eq!(index.scenario(3).index, 3);
        assert_eq!(&*index.scenario(2).name, "c");
        assert_eq!(plan.features[0].scenarios.len(), 2);
    }
}
