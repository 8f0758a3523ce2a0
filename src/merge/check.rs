//! Checks that files of events are all shards of one selection, each of them once.

use std::collections::{BTreeMap, HashSet};

use super::part::MergePart;
use crate::event::{Event, ShardOf};
use crate::plan::{Shard, hash};

/// How many scenarios a message names.
const NAMED: usize = 50;

/// The reasons why the files cannot be joined; empty if they can be.
pub(super) fn problems(parts: &[MergePart]) -> Vec<String> {
    let mut shards = Vec::new();
    let mut problems = Vec::new();
    for part in parts {
        match (part.shard_of(), part.shard()) {
            (Some(of), Some(shard)) => shards.push((part, of, shard)),
            (Some(of), None) => problems.push(format!(
                "{}: this bdd knows no shard `{}`",
                part.shown, of.shard
            )),
            (None, _) if parts.len() > 1 => problems.push(format!(
                "{} is no shard: several runs are joined only when they are shards of one selection (`bdd run --shard`)",
                part.shown
            )),
            (None, _) => {}
        }
    }
    if !problems.is_empty() || shards.is_empty() {
        return problems;
    }
    let (first, others) = shards.split_at(1);
    for other in others {
        problems.extend(difference(first[0], *other));
    }
    problems.extend(doubles(&shards));
    if problems.is_empty() {
        problems.extend(gaps(&shards));
    }
    problems
}

type Sharded<'p> = (&'p MergePart, &'p ShardOf, Shard);

/// Why two shards do not belong to the same division of the same selection.
fn difference(
    (one, of, shard): Sharded<'_>,
    (other, of_other, shard_other): Sharded<'_>,
) -> Option<String> {
    let pair = format!("{} and {}", one.shown, other.shown);
    if (shard.kind(), shard.count()) != (shard_other.kind(), shard_other.count()) {
        return Some(format!(
            "{pair} do not belong together: one is shard {shard}, the other {shard_other}"
        ));
    }
    if of.selection != of_other.selection {
        return Some(format!(
            "{pair} are not shards of one selection{}",
            example(of, of_other)
        ));
    }
    if of.durations != of_other.durations {
        return Some(format!(
            "{pair} were balanced by different files (--durations-from)"
        ));
    }
    let mode = |part: &MergePart| match &part.started {
        Event::RunStarted {
            dry_run,
            strict,
            flaky_fails,
            ..
        } => Some((*dry_run, *strict, *flaky_fails)),
        _ => None,
    };
    (mode(one) != mode(other)).then(|| {
        format!(
            "{pair} were run differently: with and without --dry-run, --no-strict or --flaky fail"
        )
    })
}

/// An example of the difference: a scenario that only one selection has, or the order.
fn example(one: &ShardOf, other: &ShardOf) -> String {
    let ids = |of: &ShardOf| of.scenarios.iter().cloned().collect::<HashSet<_>>();
    let (of_one, of_other) = (ids(one), ids(other));
    let only = |list: &ShardOf, lacking: &HashSet<_>| {
        list.scenarios
            .iter()
            .find(|id| !lacking.contains(*id))
            .cloned()
    };
    match only(one, &of_other).or_else(|| only(other, &of_one)) {
        Some(id) => format!(": only one has\n  {id}"),
        None => ": the order is another one".to_owned(),
    }
}

/// Reports shards that were given more than once.
fn doubles(shards: &[Sharded<'_>]) -> Vec<String> {
    let mut by_index: BTreeMap<u32, Vec<&Sharded<'_>>> = BTreeMap::new();
    for shard in shards {
        by_index.entry(shard.2.index()).or_default().push(shard);
    }
    let several = by_index.values().filter(|same| same.len() > 1);
    several
        .map(|same| {
            let files: Vec<&str> = same.iter().map(|(part, ..)| part.shown.as_str()).collect();
            format!("{} are the same shard: {}", files.join(" and "), same[0].2)
        })
        .collect()
}

/// Reports missing shards and scenarios, and scenarios that should not be there.
fn gaps(shards: &[Sharded<'_>]) -> Vec<String> {
    let mut problems = Vec::new();
    let (part, of, shard) = shards[0];
    let ids = of.scenarios.iter().map(AsRef::as_ref);
    if format!("{:016x}", hash::of_texts(ids)) != of.selection {
        problems.push(format!(
            "{}: its list of scenarios is not what its hash says",
            part.shown
        ));
        return problems;
    }
    let mut owners: Vec<Option<&str>> = vec![None; of.scenarios.len()];
    for (part, ..) in shards {
        let mut strangers = part.strangers.iter();
        for scenario in part.scenarios() {
            if let Some(number) = scenario.selected {
                let owner = &mut owners[number as usize];
                if let Some(other) = owner.replace(&part.shown) {
                    problems.push(format!(
                        "{other} and {} both have the scenario {}",
                        part.shown, of.scenarios[number as usize]
                    ));
                }
            } else if let Some(id) = strangers.next() {
                problems.push(format!(
                    "{}: a scenario that was not selected: {id}",
                    part.shown
                ));
            }
        }
    }
    let there: HashSet<u32> = shards.iter().map(|(.., shard)| shard.index()).collect();
    let missing: Vec<String> = (shard.all())
        .filter(|shard| !there.contains(&shard.index()))
        .map(|shard| shard.to_string())
        .collect();
    let lost: Vec<&str> = (of.scenarios.iter().zip(&owners))
        .filter(|(_, owner)| owner.is_none())
        .map(|(id, _)| &**id)
        .collect();
    if !missing.is_empty() {
        let noun = if missing.len() == 1 {
            "shard is"
        } else {
            "shards are"
        };
        let mut problem = format!("{} {noun} missing: {}", missing.len(), missing.join(", "));
        problem += &named(&lost);
        problems.push(problem);
    } else if !lost.is_empty() {
        problems.push(format!("no shard has all that it should{}", named(&lost)));
    }
    problems
}

/// The scenarios that are missing, a line for each.
fn named(ids: &[&str]) -> String {
    if ids.is_empty() {
        return String::new();
    }
    let mut text = match ids.len() {
        1 => "; without a result is 1 scenario:".to_owned(),
        count => format!("; without a result are {count} scenarios:"),
    };
    for id in ids.iter().take(NAMED) {
        text += &format!("\n  {id}");
    }
    if let Some(more @ 1..) = ids.len().checked_sub(NAMED) {
        text += &format!("\n  … and {more} more");
    }
    text
}
