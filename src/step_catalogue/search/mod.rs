//! Finds definitions by what a person calls them.
//!
//! A question and everything that is known of a definition become terms: the stems of their words in each language of
//! the features, and the concepts that different words share ("sign in", "log in"). A definition scores by the rarity of
//! the terms that it shares with the question, and by where it has them: in its pattern, its documentation, or only in
//! the steps and titles of features that use it.

mod concepts;
mod index;
mod terms;

use std::sync::Arc;

use super::CatalogueEntry;
use index::SearchIndex;
use terms::Languages;

/// A definition that was found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Finding {
    /// Its position in the catalogue.
    pub position: usize,
    /// How well it fits; only comparable within one search.
    pub score: f64,
}

/// Definitions with less than this part of the best score are left out: they share a common word and nothing more.
const LEAST: f64 = 0.2;

/// The definitions that fit, best first; equal ones in the order of the catalogue.
pub(super) fn search(
    entries: &[CatalogueEntry],
    question: &str,
    languages: &[Arc<str>],
) -> Vec<Finding> {
    let languages = Languages::new(languages);
    let index = SearchIndex::new(entries, &languages);
    let words = languages.words(question);
    let scores = index.scores(&words);
    let best = scores.iter().copied().fold(0.0, f64::max);
    let mut found: Vec<Finding> = (scores.into_iter().enumerate())
        .filter(|(_, score)| *score > 0.0 && *score >= best * LEAST)
        .map(|(position, score)| Finding { position, score })
        .collect();
    found.sort_by(|one, other| other.score.total_cmp(&one.score));
    found
}
