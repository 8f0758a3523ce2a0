//! Finds definitions that match the same text, also if no feature has such a text yet.
//!
//! The proof of an overlap is a text that both match. The texts are those of the features, and some that are made from
//! each pattern. So no overlap is reported wrongly, and some are not found.

use std::sync::Arc;

use super::entry::CatalogueEntry;
use crate::matching::Definitions;

/// Adds the overlaps of all entries.
pub(super) fn add(entries: &mut [CatalogueEntry], definitions: &Definitions, strict: bool) {
    let made = definitions.probable_texts();
    let mut texts: Vec<Arc<str>> = made.map(Arc::from).collect();
    let used = entries.iter().flat_map(CatalogueEntry::texts);
    texts.extend(used.map(|used| Arc::clone(&used.text)));
    texts.sort_unstable();
    texts.dedup();
    for text in &texts {
        let found = definitions.matching(text);
        for one in &found {
            for other in found.iter().filter(|other| *other != one) {
                if !strict || share_a_keyword(entries, *one, *other) {
                    entries[*one].note_overlap(*other, text);
                }
            }
        }
    }
}

/// Whether a step of some keyword may run both.
fn share_a_keyword(entries: &[CatalogueEntry], one: usize, other: usize) -> bool {
    let keyword = |position: usize| &*entries[position].definition().keyword;
    let (one, other) = (keyword(one), keyword(other));
    one == other || one == "step" || other == "step"
}
