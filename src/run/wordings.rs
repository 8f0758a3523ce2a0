//! What the wordings of a plan run, found without a look at their texts. A large plan has more texts than the cache of
//! the processor: to look one up reads several places of memory.

use std::hash::BuildHasher;
use std::sync::Arc;

use foldhash::fast::RandomState;
use hashbrown::HashTable;

use crate::event::StepMatch;
use crate::plan::StepWording;

/// The matches of the wordings that are known to have exactly one. A wording is recognised by its address, so equal ones that
/// are not shared are looked up twice.
#[derive(Debug, Default)]
pub(super) struct MatchedWordings {
    known: HashTable<Entry>,
    hasher: RandomState,
}

/// A wording, which stays at its address, and its match.
#[derive(Debug)]
struct Entry {
    wording: Arc<StepWording>,
    found: Arc<StepMatch>,
}

impl MatchedWordings {
    /// The match that was added for a wording.
    pub(super) fn get(&self, wording: &Arc<StepWording>) -> Option<&Arc<StepMatch>> {
        let is_same = |entry: &Entry| Arc::ptr_eq(&entry.wording, wording);
        let entry = self.known.find(hash(&self.hasher, wording), is_same);
        entry.map(|entry| &entry.found)
    }

    /// Adds the only match of a wording that has none yet.
    pub(super) fn add(&mut self, wording: &Arc<StepWording>, found: &Arc<StepMatch>) {
        let entry = Entry {
            wording: Arc::clone(wording),
            found: Arc::clone(found),
        };
        let of_entry = |entry: &Entry| hash(&self.hasher, &entry.wording);
        self.known
            .insert_unique(hash(&self.hasher, wording), entry, of_entry);
    }
}

fn hash(hasher: &RandomState, wording: &Arc<StepWording>) -> u64 {
    hasher.hash_one(Arc::as_ptr(wording))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wording(text: &str) -> Arc<StepWording> {
        Arc::new(StepWording {
            keyword: "* ".into(),
            keyword_type: crate::plan::KeywordType::Unknown,
            text: text.into(),
            arguments: Vec::new(),
            background: false,
        })
    }

    #[test]
    fn each_wording_has_its_own_match() {
        let found = |definition| {
            Arc::new(StepMatch {
                definition,
                arguments: Vec::new(),
            })
        };
        let mut known = MatchedWordings::default();
        let wordings: Vec<_> = (0..100)
            .map(|number| wording(&number.to_string()))
            .collect();
        for (number, one) in (0..).zip(&wordings) {
            assert_eq!(known.get(one), None);
            known.add(one, &found(number));
        }
        for (number, one) in (0..).zip(&wordings) {
            assert_eq!(known.get(one), Some(&found(number)));
        }
        assert_eq!(known.get(&wording("1")), None, "not shared");
    }
}
