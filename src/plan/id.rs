//! Stable ids of scenarios. They do not change when unrelated scenarios or rows are added or removed.

use std::collections::hash_map::Entry;
use std::fmt::Write as _;
use std::sync::Arc;

use foldhash::{HashMap, HashMapExt};

use super::hash;
use super::{PlannedFeature, PlannedScenario};
use crate::gherkin::Pickle;

/// Makes the ids of the scenarios of one file. It must get all of them, in the order of the file, whether
/// they are selected or not: the ordinal among equals must not depend on the selection.
pub(super) struct ScenarioIds<'u> {
    uri: &'u str,
    counts: HashMap<Arc<str>, u32>,
    /// The last id, whose space is used again.
    text: String,
}

impl<'u> ScenarioIds<'u> {
    /// For a file with so many scenarios.
    pub(super) fn new(uri: &'u str, count: usize) -> Self {
        Self {
            uri,
            counts: HashMap::with_capacity(count),
            text: String::new(),
        }
    }

    /// `uri::name` or `uri::rule::name`, for a row of an outline followed by `::examples::hash`; the second and
    /// further equals get `::#2`, `::#3`.
    pub(super) fn next(&mut self, pickle: &Pickle<'_>) -> Arc<str> {
        let id = &mut self.text;
        id.clear();
        id.push_str(self.uri);
        if let Some(rule) = pickle.rule {
            id.push_str("::");
            id.push_str(rule.name);
        }
        id.push_str("::");
        id.push_str(pickle.scenario.name);
        if let Some((examples, row)) = pickle.examples {
            let cells = row.cells.iter().map(|cell| cell.value.as_ref());
            push_row(id, examples.name, cells);
        }
        let plain = Arc::from(id.as_str());
        let mut ordinal = match self.counts.entry(Arc::clone(&plain)) {
            Entry::Vacant(new) => {
                new.insert(1);
                return plain;
            }
            Entry::Occupied(mut count) => {
                *count.get_mut() += 1;
                *count.get()
            }
        };
        // Writing to a string cannot fail.
        let _ = write!(id, "::#{ordinal}");
        // A scenario may have this very name.
        while self.counts.contains_key(id.as_str()) {
            id.truncate(plain.len());
            ordinal += 1;
            let _ = write!(id, "::#{ordinal}");
        }
        let numbered = Arc::from(id.as_str());
        self.counts.insert(Arc::clone(&numbered), 1);
        numbered
    }
}

/// Adds the name of the examples and the hash of the cells of a row.
fn push_row<'c>(id: &mut String, examples: &str, cells: impl Iterator<Item = &'c str>) {
    for text in ["::", examples, "::"] {
        id.push_str(text);
    }
    let hash = hash::of_texts(cells);
    // As `{hash:016x}`, which took a third of the time for an id.
    for byte in hash.to_be_bytes() {
        for digit in [byte >> 4, byte & 0xf] {
            id.push(char::from(b"0123456789abcdef"[usize::from(digit)]));
        }
    }
}

/// The id of a planned scenario without the ordinal that it has among equals.
#[must_use]
pub fn id_without_ordinal(feature: &PlannedFeature, scenario: &PlannedScenario) -> String {
    let mut id = feature.uri.to_string();
    if let Some(rule) = scenario.rule.and_then(|rule| feature.rules.get(rule)) {
        id.push_str("::");
        id.push_str(&rule.name);
    }
    id.push_str("::");
    match &scenario.row {
        None => id.push_str(&scenario.name),
        Some(row) => {
            id.push_str(&row.outline);
            push_row(&mut id, &row.examples, row.cells.iter());
        }
    }
    id
}
