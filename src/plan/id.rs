//! Stable ids of scenarios: the same however many unrelated scenarios or rows come and go.

use std::collections::HashMap;
use std::fmt::Write as _;

use crate::gherkin::Pickle;

/// Gives the scenarios of one file their ids. It must see all of them, in the order of the file,
/// whether they are selected or not: the ordinal of equals must not depend on the selection.
pub(super) struct Ids<'u> {
    uri: &'u str,
    counts: HashMap<String, u32>,
}

impl<'u> Ids<'u> {
    pub(super) fn new(uri: &'u str) -> Self {
        Self {
            uri,
            counts: HashMap::new(),
        }
    }

    /// `uri::name` or `uri::rule::name`, for a row of an outline followed by `::examples::hash`; the second and
    /// further equals get `::#2`, `::#3`.
    pub(super) fn next(&mut self, pickle: &Pickle<'_>) -> String {
        let mut id = self.uri.to_owned();
        if let Some(rule) = pickle.rule {
            id.push_str("::");
            id.push_str(rule.name);
        }
        id.push_str("::");
        id.push_str(pickle.scenario.name);
        if let Some((examples, row)) = pickle.examples {
            let cells = row.cells.iter().map(|cell| cell.value.as_ref());
            // Writing to a string cannot fail.
            let _ = write!(id, "::{}::{:016x}", examples.name, hash(cells));
        }
        let count = self.counts.entry(id.clone()).or_default();
        *count += 1;
        if *count > 1 {
            let _ = write!(id, "::#{count}");
        }
        id
    }
}

/// FNV-1a, 64 bits, of each cell and a byte behind it that no text holds. It must never change:
/// ids are kept in files.
fn hash<'c>(cells: impl Iterator<Item = &'c str>) -> u64 {
    const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0000_0100_0000_01b3;
    let bytes = cells.flat_map(|cell| cell.bytes().chain([0xff]));
    bytes.fold(OFFSET, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(PRIME)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_what_it_always_was() {
        assert_eq!(hash(["a", "b"].into_iter()), 0xd2b3_7181_9297_f98a);
        assert_ne!(hash(["ab"].into_iter()), hash(["a", "b"].into_iter()));
        assert_ne!(hash(["", "a"].into_iter()), hash(["a", ""].into_iter()));
    }
}
