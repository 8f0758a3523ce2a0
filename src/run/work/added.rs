//! Scenarios that hosts add while the run lasts, and those whose steps a worker must still match.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::matching::Question;

/// The scenarios that hosts have added.
#[derive(Debug, Default)]
pub struct AddedScenarios {
    /// For each, the worker that added it, and the key that the worker gave it.
    keys: BTreeMap<u32, (u32, u32)>,
    /// Those whose steps a worker is asked to match, in the order of the requests.
    pending: Vec<PendingScenarios>,
    /// How many scenarios with the same id, apart from their ordinals, each worker has added.
    counts: HashMap<(u32, String), u32>,
    /// The ids of all of them.
    ids: HashSet<String>,
    /// How many requests there were.
    requests: u32,
}

/// Scenarios whose steps a worker is asked to match.
#[derive(Debug)]
pub struct PendingScenarios {
    /// The worker.
    serial: u32,
    /// The number of the request.
    request: u32,
    /// What it is asked.
    pub questions: Vec<Question>,
    /// The scenarios.
    pub scenarios: Vec<u32>,
}

impl AddedScenarios {
    /// The id of a scenario that a worker adds, if it is new. `base` is the id without an ordinal, and
    /// `planned` the number of planned scenarios that have it. The same scenario of another process of the
    /// program has the same id.
    pub fn new_id(&mut self, serial: u32, base: String, planned: u32) -> Option<String> {
        let count = self.counts.entry((serial, base.clone())).or_insert(planned);
        *count += 1;
        let id = match *count {
            1 => base,
            ordinal => format!("{base}::#{ordinal}"),
        };
        self.ids.insert(id.clone()).then_some(id)
    }

    /// Notes which worker has added a scenario.
    pub fn note(&mut self, scenario: u32, serial: u32, key: u32) {
        self.keys.insert(scenario, (serial, key));
    }

    /// The key of a scenario for the worker that added it.
    pub fn key(&self, scenario: u32, serial: u32) -> Option<u32> {
        let (owner, key) = self.keys.get(&scenario)?;
        (*owner == serial).then_some(*key)
    }

    /// Waits for the answer to these questions. Returns the number of the request.
    pub fn ask(&mut self, serial: u32, scenario: u32, questions: Vec<Question>) -> u32 {
        let request = self.requests;
        self.requests += 1;
        self.pending.push(PendingScenarios {
            serial,
            request,
            questions,
            scenarios: vec![scenario],
        });
        request
    }

    /// Lets a scenario wait for the last outstanding answer. Returns false if no answer is outstanding.
    pub fn wait_with_last(&mut self, scenario: u32) -> bool {
        match self.pending.last_mut() {
            Some(last) => {
                last.scenarios.push(scenario);
                true
            }
            None => false,
        }
    }

    /// The scenarios that this answer is about.
    pub fn take(&mut self, serial: u32, request: u32, count: usize) -> Option<PendingScenarios> {
        let is_it = |one: &PendingScenarios| {
            (one.serial, one.request, one.questions.len()) == (serial, request, count)
        };
        let position = self.pending.iter().position(is_it)?;
        Some(self.pending.remove(position))
    }

    /// Whether an answer is awaited.
    pub fn is_pending(&self) -> bool {
        !self.pending.is_empty()
    }

    /// Forgets the requests to a worker that is gone. Returns the scenarios that waited for it.
    pub fn forget(&mut self, serial: u32) -> Vec<u32> {
        let gone = self.pending.extract_if(.., |one| one.serial == serial);
        gone.flat_map(|one| one.scenarios).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_the_same_for_all_processes_and_have_ordinals_among_equals() {
        let mut added = AddedScenarios::default();
        let mut id = |serial, base: &str, planned| added.new_id(serial, base.to_owned(), planned);
        assert_eq!(id(0, "a", 0).as_deref(), Some("a"));
        assert_eq!(id(0, "a", 0).as_deref(), Some("a::#2"));
        assert_eq!(id(1, "a", 0), None);
        assert_eq!(id(1, "a", 0), None);
        assert_eq!(id(1, "a", 0).as_deref(), Some("a::#3"));
        assert_eq!(id(0, "b", 1).as_deref(), Some("b::#2"));
    }
}
