//! Shards: the parts of a selection that several machines run.

use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;

use super::hash;
use crate::parse_value_error::ParseValueError;

/// One of several parts of a selection. Each scenario belongs to exactly one part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    kind: ShardKind,
    /// From 1 to `count`.
    index: NonZeroU32,
    count: NonZeroU32,
}

/// How a selection is divided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ShardKind {
    /// By a hash of the stable id: a scenario stays in its shard when others are added or removed.
    Hash,
    /// In ranges of the plan whose lengths differ by at most one scenario.
    Slice,
    /// By the durations of scenarios, so that all shards take about the same time.
    Balanced,
}

impl ShardKind {
    const ALL: [Self; 3] = [Self::Hash, Self::Slice, Self::Balanced];

    fn name(self) -> &'static str {
        match self {
            Self::Hash => "hash",
            Self::Slice => "slice",
            Self::Balanced => "balanced",
        }
    }
}

impl Shard {
    /// How the selection is divided.
    #[must_use]
    pub fn kind(self) -> ShardKind {
        self.kind
    }

    /// Which part it is, from 1.
    #[must_use]
    pub fn index(self) -> u32 {
        self.index.get()
    }

    /// How many parts there are.
    #[must_use]
    pub fn count(self) -> u32 {
        self.count.get()
    }

    /// All shards of the same division.
    pub fn all(self) -> impl Iterator<Item = Self> {
        let indices = (1..=self.count()).filter_map(NonZeroU32::new);
        indices.map(move |index| Self { index, ..self })
    }

    /// For each of the scenarios with these stable ids, in plan order, whether it belongs to this shard.
    /// `nanos` is the duration of a scenario, if known, for [`ShardKind::Balanced`].
    #[must_use]
    pub fn takes(self, ids: &[&str], nanos: &dyn Fn(&str) -> Option<u64>) -> Vec<bool> {
        let count = u64::from(self.count());
        let own = u64::from(self.index() - 1);
        match self.kind {
            ShardKind::Hash => (ids.iter())
                .map(|id| hash::mix(hash::of_texts([*id])) % count == own)
                .collect(),
            ShardKind::Slice => {
                let all = ids.len() as u64;
                let (from, to) = (all * own / count, all * (own + 1) / count);
                (0..all).map(|at| (from..to).contains(&at)).collect()
            }
            ShardKind::Balanced => balanced(ids, self.count(), nanos)
                .into_iter()
                .map(|shard| shard == self.index() - 1)
                .collect(),
        }
    }
}

/// The shard of each scenario, from 0. The longest scenario comes first, and each goes to the shard with the
/// least work so far. A scenario without a known duration counts with the mean of the others.
fn balanced(ids: &[&str], count: u32, nanos: &dyn Fn(&str) -> Option<u64>) -> Vec<u32> {
    let known: Vec<Option<u64>> = ids.iter().map(|id| nanos(id)).collect();
    let times: Vec<u64> = known.iter().copied().flatten().collect();
    let sum: u128 = times.iter().map(|time| u128::from(*time)).sum();
    let mean = sum / (times.len().max(1) as u128);
    // At least 1, so that scenarios that took no time are spread too.
    let time = |at: usize| known[at].map_or(mean, u128::from).max(1);
    let mut longest_first: Vec<usize> = (0..ids.len()).collect();
    longest_first.sort_by_key(|&at| std::cmp::Reverse(time(at)));
    let mut loads: std::collections::BTreeSet<(u128, u32)> =
        (0..count).map(|shard| (0, shard)).collect();
    let mut shards = vec![0; ids.len()];
    for at in longest_first {
        if let Some((load, shard)) = loads.pop_first() {
            shards[at] = shard;
            loads.insert((load + time(at), shard));
        }
    }
    shards
}

impl FromStr for Shard {
    type Err = ParseValueError;

    fn from_str(text: &str) -> Result<Self, ParseValueError> {
        let parse = || {
            let (kind, part) = text.split_once(':')?;
            let kind = ShardKind::ALL
                .into_iter()
                .find(|known| known.name() == kind)?;
            let (index, count) = part.split_once('/')?;
            let (index, count) = (index.parse().ok()?, count.parse().ok()?);
            (index <= count).then_some(Self { kind, index, count })
        };
        parse().ok_or_else(|| invalid(text))
    }
}

/// The text that parses to it.
impl fmt::Display for Shard {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{}:{}/{}",
            self.kind.name(),
            self.index,
            self.count
        )
    }
}

/// The error for a text that is not a shard.
fn invalid(text: &str) -> ParseValueError {
    ParseValueError::new(
        text,
        "a shard",
        "`hash:I/N`, `slice:I/N` or `balanced:I/N`, where I is from 1 to N",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_are_shown_as_they_are_read() {
        for text in ["hash:1/1", "slice:3/3", "balanced:1/20"] {
            assert_eq!(text.parse::<Shard>().unwrap().to_string(), text);
        }
        for text in [
            "", "1/2", "hash", "hash:0/2", "hash:3/2", "hash:1/0", "hash:1", "even:1/2", "hash:1/x",
        ] {
            let error = text.parse::<Shard>().unwrap_err().to_string();
            assert!(error.contains("is not a shard"), "{text}");
        }
    }

    #[test]
    fn hash_shards_are_what_they_always_were() {
        let ids: Vec<String> = (0..12)
            .map(|n| format!("features/a.feature::{n}"))
            .collect();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let shard: Shard = "hash:1/3".parse().unwrap();
        let taken = shard.takes(&ids, &|_| None);
        let taken: Vec<usize> = (0..12).filter(|at| taken[*at]).collect();
        assert_eq!(taken, [1, 6, 7, 10, 11]);
    }
}
