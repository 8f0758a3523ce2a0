//! Which features stay on one worker.
//!
//! A feature is looked at when the first of its scenarios is handed out: where no definition
//! asks for whole features, no step is matched for it.

use foldhash::HashSet;

use bdd_protocol::Definition;

use crate::config::ParallelBy;
use crate::matching::{Matching, Resolution};
use crate::plan::{PlannedFeature, PlannedStep};

use super::hooks::Hooks;

/// What is decided about the features of a plan.
#[derive(Debug)]
pub struct Whole {
    /// What the user asks for.
    pub by: ParallelBy,
    /// The ids of the definitions that need a feature whole.
    definitions: HashSet<u32>,
    decided: Vec<Option<bool>>,
}

impl Whole {
    /// Nothing is decided.
    pub fn new(by: ParallelBy, definitions: &[Definition]) -> Self {
        let asking = definitions.iter().filter(|one| one.whole_feature);
        Self {
            by,
            definitions: asking.map(|one| one.id).collect(),
            decided: Vec::new(),
        }
    }

    /// Whether a definition asks for whole features.
    pub fn any_definition(&self) -> bool {
        !self.definitions.is_empty()
    }

    /// What was decided; a feature that nobody has asked about is not whole.
    pub fn is(&self, number: usize) -> bool {
        self.decided.get(number).copied().flatten().unwrap_or(false)
    }

    /// Decides about the feature with this number, once.
    pub fn decide(
        &mut self,
        number: usize,
        feature: &PlannedFeature,
        hooks: &Hooks,
        matching: &mut Matching,
    ) -> bool {
        if let Some(Some(known)) = self.decided.get(number) {
            return *known;
        }
        let whole = match self.by {
            ParallelBy::Feature => true,
            ParallelBy::Scenario => false,
            ParallelBy::Auto => {
                hooks.keep_whole(feature)
                    || (self.any_definition() && self.asked_by_steps(feature, matching))
            }
        };
        if self.decided.len() <= number {
            self.decided.resize(number + 1, None);
        }
        self.decided[number] = Some(whole);
        whole
    }

    fn asked_by_steps(&self, feature: &PlannedFeature, matching: &mut Matching) -> bool {
        let asks = |step: &PlannedStep| match matching.resolve(step) {
            Resolution::Matched(found) => {
                let id = matching.definitions().ids[found.definition as usize];
                self.definitions.contains(&id)
            }
            Resolution::Undefined | Resolution::Ambiguous(_) => false,
        };
        let scenarios = feature.scenarios.iter();
        scenarios.flat_map(|scenario| &scenario.steps).any(asks)
    }
}
