//! The order in which the scenarios of a plan run.

use super::hash;
use super::{Plan, PlannedScenario};
use crate::config::Order;

/// The indices of all scenarios of a plan, in an order. `failed` says which scenarios failed or did not run
/// last time, for [`Order::FailedFirst`].
///
/// With a seed, features are sorted by a hash of the seed and their path, and the scenarios of each by a hash
/// of the seed and their stable id. So a seed means the same order in all versions. Which of two scenarios
/// comes first does not depend on the rest of the selection, so a failure that depends on the order can be
/// narrowed down with the same seed. [`Order::Random`] without a seed uses the seed 0.
#[must_use]
pub fn order(plan: &Plan, order: Order, failed: &dyn Fn(&PlannedScenario) -> bool) -> Vec<u32> {
    match order {
        Order::Defined => all(plan),
        Order::Reverse => {
            let mut all = all(plan);
            all.reverse();
            all
        }
        Order::Random(seed) => shuffled(plan, seed.unwrap_or_default()),
        Order::FailedFirst => {
            let scenarios = plan.features.iter().flat_map(|feature| &feature.scenarios);
            let (first, rest): (Vec<_>, Vec<_>) = scenarios.partition(|scenario| failed(scenario));
            let both = first.into_iter().chain(rest);
            both.map(|scenario| scenario.index).collect()
        }
    }
}

fn all(plan: &Plan) -> Vec<u32> {
    let scenarios = plan.features.iter().flat_map(|feature| &feature.scenarios);
    scenarios.map(|scenario| scenario.index).collect()
}

fn shuffled(plan: &Plan, seed: u64) -> Vec<u32> {
    let seed = hash::mix(seed);
    let place = |text: &str| hash::mix(seed ^ hash::of_texts([text]));
    let mut features: Vec<_> = plan.features.iter().collect();
    // The sort is stable: scenarios with the same number, which are very rare, stay in plan order.
    features.sort_by_cached_key(|feature| place(&feature.uri));
    let scenarios = |feature: &super::PlannedFeature| {
        let mut scenarios: Vec<_> = (feature.scenarios.iter())
            .map(|scenario| (place(&scenario.id), scenario.index))
            .collect();
        scenarios.sort_unstable();
        scenarios.into_iter().map(|(_, index)| index)
    };
    let features = features.into_iter();
    features.flat_map(|feature| scenarios(feature)).collect()
}
