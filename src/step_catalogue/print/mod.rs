//! The catalogue as text, Markdown and JSON.

mod json;
mod markdown;
mod text;

pub use json::json;
pub use markdown::markdown;
pub use text::{entry as one_entry, matched, overview, summary};

use super::{CatalogueEntry, StepCatalogue};

/// The positions of entries by file, and in the order of their lines.
#[must_use]
pub fn by_file<'c>(catalogue: &'c StepCatalogue, shown: &[usize]) -> Vec<(&'c str, Vec<usize>)> {
    let place = |position: &usize| {
        let location = &catalogue.entries()[*position].definition().location;
        (location.file.as_str(), location.line, *position)
    };
    let mut positions = shown.to_vec();
    positions.sort_by_key(place);
    let mut files: Vec<(&str, Vec<usize>)> = Vec::new();
    for position in positions {
        let (file, ..) = place(&position);
        match files.last_mut() {
            Some((last, positions)) if *last == file => positions.push(position),
            _ => files.push((file, vec![position])),
        }
    }
    files
}

/// `file:line` of a definition.
#[must_use]
pub fn place(entry: &CatalogueEntry) -> String {
    let location = &entry.definition().location;
    match location.line {
        0 => location.file.clone(),
        line => format!("{}:{line}", location.file),
    }
}
