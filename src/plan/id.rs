//! Stable ids of scenarios. They do not change when unrelated scenarios or rows are added or removed.

use std::collections::HashMap;
use std::fmt::Write as _;

use super::hash;
use super::{PlannedFeature, PlannedScenario};
use crate::gherkin::Pickle;

/// Makes the ids of the scenarios of one file. It must get all of them, in the order of the file, whether
/// they are selected or not: the ordinal among equals must not depend on the selection.
pub(super) struct ScenarioIds<'u> {
    uri: &'u str,
    counts: HashMap<String, u32>,
}

impl<'u> ScenarioIds<'u> {
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
            let _ = write!(id, "::{}::{:016x}", examples.name, hash::of_texts(cells));
        }
        let count = self.counts.entry(id.clone()).or_default();
        *count += 1;
        if *count > 1 {
            let plain = id.len();
            let mut ordinal = *count;
            let _ = write!(id, "::#{ordinal}");
            // A scenario may have this very name.
            while self.counts.contains_key(&id) {
                id.truncate(plain);
                ordinal += 1;
                let _ = write!(id, "::#{ordinal}");
            }
            self.counts.insert(id.clone(), 1);
        }
        id
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
            let cells = row.cells.iter().map(AsRef::as_ref);
            let hash = hash::of_texts(cells);
            // Writing to a string cannot fail.
            let _ = write!(id, "{}::{}::{hash:016x}", row.outline, row.examples);
        }
    }
    id
}
