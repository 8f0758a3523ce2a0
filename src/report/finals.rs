//! What a report keeps of each scenario until the end of the run, in plan order.

use std::sync::Arc;

use foldhash::{HashMap, HashMapExt};

use super::Summary;
use super::attempt::Attempt;
use super::catalogue::Catalogue;
use crate::event::Event;
use crate::plan::{PlannedFeature, PlannedScenario};

/// One value for each scenario: that of the attempt that decides.
pub(super) struct Finals<T> {
    /// By ordinal.
    kept: Vec<Option<T>>,
    /// By ordinal. Most are equal to the one before.
    reasons: HashMap<u32, Arc<str>>,
    last_reason: Arc<str>,
}

impl<T> Default for Finals<T> {
    fn default() -> Self {
        Self {
            kept: Vec::new(),
            reasons: HashMap::new(),
            last_reason: "".into(),
        }
    }
}

/// A scenario of the plan at the end of the run.
pub(super) struct PlacedScenario<'c> {
    pub(super) feature: &'c PlannedFeature,
    pub(super) scenario: &'c PlannedScenario,
    pub(super) ordinal: u32,
}

impl<T> Finals<T> {
    /// Records why a scenario did not run.
    pub(super) fn event(&mut self, event: &Event, catalogue: &Catalogue) {
        if let Event::ScenarioNotRun { scenario, reason } = event
            && let Some(place) = catalogue.place(*scenario)
        {
            if *self.last_reason != **reason {
                self.last_reason = reason.as_str().into();
            }
            let reason = Arc::clone(&self.last_reason);
            self.reasons.insert(place.ordinal, reason);
        }
    }

    /// Keeps the value of an attempt. A cancelled attempt does not count after a failed one.
    pub(super) fn keep(&mut self, attempt: &Attempt, value: T, catalogue: &Catalogue) {
        let slot = attempt.place.ordinal as usize;
        if self.kept.len() <= slot {
            let length = catalogue.len().max(slot + 1);
            self.kept.resize_with(length, || None);
        }
        let kept = &mut self.kept[slot];
        if !(attempt.cancelled() && kept.is_some()) {
            *kept = Some(value);
        }
    }

    pub(super) fn get(&self, scenario: &PlacedScenario<'_>) -> Option<&T> {
        self.kept.get(scenario.ordinal as usize)?.as_ref()
    }

    /// Why a scenario has no result.
    pub(super) fn reason(&self, scenario: &PlacedScenario<'_>) -> &str {
        let reason = self.reasons.get(&scenario.ordinal);
        reason.map_or("the run ended without a result for it", AsRef::as_ref)
    }
}

/// All planned scenarios but those that another process reports, in plan order.
pub(super) fn in_plan_order<'c>(
    catalogue: &'c Catalogue,
    summary: &'c Summary,
) -> impl Iterator<Item = PlacedScenario<'c>> {
    let features = catalogue.features().iter();
    let all = features.flat_map(|feature| feature.scenarios.iter().map(move |one| (feature, one)));
    let here = all.filter(|(_, one)| !summary.elsewhere.contains(&one.index));
    here.filter_map(|(feature, scenario)| {
        Some(PlacedScenario {
            feature,
            scenario,
            ordinal: catalogue.place(scenario.index)?.ordinal,
        })
    })
}
