//! Which features must stay on one worker.
//!
//! This is decided when the first scenario of a feature is given to a worker. If no definition needs its
//! feature on one worker, no steps are matched for the decision: matching all steps first would delay the
//! first scenario.

use foldhash::HashSet;

use bdd_protocol::Definition;

use crate::config::ParallelBy;
use crate::plan::PlannedFeature;

use super::super::matched::MatchedPlan;

/// The decisions about the features of a plan.
#[derive(Debug)]
pub struct FeatureAffinity {
    /// What the user asks for.
    by: ParallelBy,
    /// The ids of the definitions that need their feature on one worker.
    definitions: HashSet<u32>,
    decided: Vec<Option<bool>>,
}

impl FeatureAffinity {
    /// No decisions yet.
    pub fn new(by: ParallelBy) -> Self {
        Self {
            by,
            definitions: HashSet::default(),
            decided: Vec::new(),
        }
    }

    /// Takes the definitions that need their feature on one worker.
    pub fn learn_definitions(&mut self, definitions: &[Definition]) {
        let asking = definitions.iter().filter(|one| one.whole_feature);
        self.definitions = asking.map(|one| one.id).collect();
    }

    /// Whether a definition needs its feature on one worker.
    pub fn any_definition(&self) -> bool {
        !self.definitions.is_empty()
    }

    /// Whether a feature must stay on one worker. False if that is not decided yet.
    pub fn binds(&self, feature: usize) -> bool {
        self.decided
            .get(feature)
            .copied()
            .flatten()
            .unwrap_or(false)
    }

    /// Whether several workers may run scenarios of a feature because nothing keeps them together. It
    /// does not depend on how many workers there are: what works with one must also work with several.
    pub fn splits(&self, feature: usize) -> bool {
        !self.binds(feature) && self.by == ParallelBy::Auto
    }

    /// Decides about the feature with this number, once.
    pub fn decide(
        &mut self,
        number: usize,
        feature: &PlannedFeature,
        matched: &mut MatchedPlan,
    ) -> bool {
        if let Some(Some(known)) = self.decided.get(number) {
            return *known;
        }
        let binds = match self.by {
            ParallelBy::Feature => true,
            ParallelBy::Scenario => false,
            ParallelBy::Auto => {
                matched.hooks().keep_whole(feature)
                    || (self.any_definition() && self.asked_by_steps(feature, matched))
            }
        };
        if self.decided.len() <= number {
            self.decided.resize(number + 1, None);
        }
        self.decided[number] = Some(binds);
        binds
    }

    fn asked_by_steps(&self, feature: &PlannedFeature, matched: &mut MatchedPlan) -> bool {
        let mut steps = feature.scenarios.iter().flat_map(|one| &one.steps);
        steps.any(|step| {
            let definition = matched.definition_id(&feature.uri, step);
            definition.is_some_and(|id| self.definitions.contains(&id))
        })
    }
}
