//! What holds for every plan: orders are permutations, shards are a partition.

use std::collections::BTreeSet;
use std::sync::Arc;

use bdd::config::Order;
use bdd::plan::{Plan, PlannedFeature, Shard, order};
use proptest::prelude::*;

use crate::report::stream;

/// A plan of features with so many scenarios each; names say which are the same in two plans.
fn plan(features: &[(u8, Vec<u16>)]) -> Plan {
    let mut index = 0;
    let features = features.iter().map(|(name, scenarios)| {
        let uri = format!("features/{name}.feature");
        let mut feature: PlannedFeature = stream::feature(&uri, "F");
        for scenario in scenarios {
            let mut planned = stream::scenario(&scenario.to_string(), 1, &[]);
            planned.index = index;
            planned.id = format!("{uri}::{scenario}").into();
            index += 1;
            feature.scenarios.push(planned);
        }
        Arc::new(feature)
    });
    Plan {
        features: features.collect(),
    }
}

fn plans() -> impl Strategy<Value = Plan> {
    let scenarios = prop::collection::btree_set(0..500_u16, 1..20);
    prop::collection::btree_map(any::<u8>(), scenarios, 0..12).prop_map(|features| {
        let features: Vec<_> = features
            .into_iter()
            .map(|(name, scenarios)| (name, scenarios.into_iter().collect()))
            .collect();
        plan(&features)
    })
}

fn orders() -> impl Strategy<Value = Order> {
    prop_oneof![
        Just(Order::Defined),
        Just(Order::Reverse),
        Just(Order::FailedFirst),
        any::<u64>().prop_map(|seed| Order::Random(Some(seed))),
    ]
}

/// The number of the feature of each scenario, by index.
fn owners(plan: &Plan) -> Vec<usize> {
    let features = plan.features.iter().enumerate();
    features
        .flat_map(|(number, feature)| vec![number; feature.scenarios.len()])
        .collect()
}

fn ids(plan: &Plan) -> Vec<String> {
    plan.ids().map(ToString::to_string).collect()
}

/// The ids of a shard.
fn taken(text: &str, ids: &[String], nanos: &dyn Fn(&str) -> Option<u64>) -> Vec<String> {
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let shard: Shard = text.parse().unwrap();
    let takes = shard.takes(&ids, nanos);
    let taken = ids.iter().zip(takes).filter(|(_, takes)| *takes);
    taken.map(|(id, _)| (*id).to_owned()).collect()
}

/// Times that differ, unknown for a third of all.
fn nanos(id: &str) -> Option<u64> {
    let sum: u64 = id.bytes().map(u64::from).sum();
    (!sum.is_multiple_of(3)).then_some(sum * sum % 1_000)
}

proptest! {
    #[test]
    fn every_order_has_each_scenario_once(plan in plans(), order_of in orders()) {
        let failed = |scenario: &bdd::plan::PlannedScenario| scenario.index.is_multiple_of(3);
        let mut found = order(&plan, order_of, &failed);
        prop_assert_eq!(&found, &order(&plan, order_of, &failed), "it is the same each time");
        found.sort_unstable();
        let count = u32::try_from(ids(&plan).len()).unwrap();
        prop_assert_eq!(found, (0..count).collect::<Vec<_>>());
    }

    #[test]
    fn features_stay_together(plan in plans(), seed in any::<u64>()) {
        let owners = owners(&plan);
        let found = order(&plan, Order::Random(Some(seed)), &|_| false);
        let mut features: Vec<usize> = found.iter().map(|index| owners[*index as usize]).collect();
        features.dedup();
        let distinct: BTreeSet<usize> = features.iter().copied().collect();
        prop_assert_eq!(distinct.len(), features.len());
    }

    /// Whatever else is selected, of two scenarios the same one comes first.
    #[test]
    fn a_seed_means_the_same_for_a_part(plan in plans(), seed in any::<u64>(), kept in any::<u64>()) {
        let by_id = |plan: &Plan| -> Vec<String> {
            let ids = ids(plan);
            let found = order(plan, Order::Random(Some(seed)), &|_| false);
            found.iter().map(|index| ids[*index as usize].clone()).collect()
        };
        let all = by_id(&plan);
        let mut part = plan.clone();
        part.retain(&mut Vec::new(), |scenario| kept >> (scenario.index % 64) & 1 == 1);
        let of_part = by_id(&part);
        let members: BTreeSet<&String> = of_part.iter().collect();
        let expected: Vec<String> = all.iter().filter(|id| members.contains(id)).cloned().collect();
        prop_assert_eq!(of_part, expected);
    }

    #[test]
    fn failed_first_keeps_the_plan_order_in_both_halves(plan in plans()) {
        let failed = |index: u32| index.is_multiple_of(3);
        let found = order(&plan, Order::FailedFirst, &|scenario| failed(scenario.index));
        let border = found.iter().position(|index| !failed(*index)).unwrap_or(found.len());
        let (first, rest) = found.split_at(border);
        prop_assert!(rest.iter().all(|index| !failed(*index)));
        prop_assert!(first.is_sorted() && rest.is_sorted());
    }

    #[test]
    fn shards_part_the_plan(plan in plans(), count in 1..9_u32) {
        let ids = ids(&plan);
        for kind in ["hash", "slice", "balanced"] {
            let shards: Vec<_> = (1..=count)
                .map(|index| taken(&format!("{kind}:{index}/{count}"), &ids, &nanos))
                .collect();
            let mut all: Vec<String> = shards.concat();
            all.sort_unstable();
            let mut expected = ids.clone();
            expected.sort_unstable();
            prop_assert_eq!(all, expected, "{}", kind);
        }
    }

    #[test]
    fn slices_are_even(plan in plans(), count in 1..9_u32) {
        let ids = ids(&plan);
        let sizes: Vec<usize> = (1..=count)
            .map(|index| taken(&format!("slice:{index}/{count}"), &ids, &nanos).len())
            .collect();
        let (least, most) = (sizes.iter().min().unwrap(), sizes.iter().max().unwrap());
        prop_assert!(most - least <= 1, "{sizes:?}");
    }

    #[test]
    fn a_scenario_stays_in_its_hash_shard(one in plans(), other in plans(), count in 1..9_u32) {
        let (one, other) = (ids(&one), ids(&other));
        for index in 1..=count {
            let shard = format!("hash:{index}/{count}");
            let (of_one, of_other) = (taken(&shard, &one, &nanos), taken(&shard, &other, &nanos));
            for id in &one {
                if other.contains(id) {
                    prop_assert_eq!(of_one.contains(id), of_other.contains(id));
                }
            }
        }
    }

    /// What the greedy way promises: no shard has more to do than another one and its longest.
    #[test]
    fn balanced_shards_take_about_as_long(times in prop::collection::vec(0..1_000_u64, 1..40), count in 1..6_u32) {
        let ids: Vec<String> = (0..times.len()).map(|at| at.to_string()).collect();
        let time = |id: &str| Some(times[id.parse::<usize>().unwrap()]);
        let loads: Vec<u64> = (1..=count)
            .map(|index| {
                let shard = taken(&format!("balanced:{index}/{count}"), &ids, &time);
                shard.iter().filter_map(|id| time(id)).sum()
            })
            .collect();
        let longest = times.iter().max().unwrap();
        // Zeros count as ones.
        let slack = times.len() as u64;
        let (least, most) = (loads.iter().min().unwrap(), loads.iter().max().unwrap());
        prop_assert!(*most <= least + longest + slack, "{loads:?}");
    }
}

#[test]
fn seeds_differ() {
    let plan = plan(&[(1, (0..10).collect()), (2, (0..10).collect())]);
    let orders: BTreeSet<Vec<u32>> = (0..20)
        .map(|seed| order(&plan, Order::Random(Some(seed)), &|_| false))
        .collect();
    assert!(orders.len() > 15, "{} different orders", orders.len());
}

#[test]
fn a_seed_means_what_it_always_meant() {
    let plan = plan(&[(1, (0..4).collect()), (2, (0..3).collect())]);
    let found = order(&plan, Order::Random(Some(7)), &|_| false);
    assert_eq!(found, [5, 6, 4, 0, 2, 1, 3]);
}

#[test]
fn unknown_times_count_with_the_mean() {
    let ids: Vec<String> = ["a", "b", "c", "d"].map(Into::into).into();
    let time = |id: &str| (id == "a").then_some(30).or((id == "b").then_some(10));
    // a 30, then c and d with 20 each, then b: {a}, {c, d} and b where less is, with a.
    assert_eq!(taken("balanced:1/2", &ids, &time), ["a", "b"]);
    assert_eq!(taken("balanced:2/2", &ids, &time), ["c", "d"]);
    // Nothing is known: they are spread.
    assert_eq!(taken("balanced:1/2", &ids, &|_| None).len(), 2);
}
