//! Finds step definitions by the words of a question, the best first.

use std::collections::HashMap;

use super::CatalogueEntry;
use super::stems::stems;

/// A definition that was found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Found {
    /// The position of the definition.
    pub position: usize,
    /// How well it answers the question; more is better.
    pub score: f64,
}

/// What a word counts where it stands: a pattern says more about a step than its documentation.
const IN_PATTERN: f64 = 3.0;
const IN_DOC: f64 = 1.5;
const IN_FUNCTION: f64 = 1.5;
const IN_EXAMPLE: f64 = 1.0;

/// What a word counts that only begins like the wanted one, from this length on.
const BEGINNING: f64 = 0.6;
const SHORTEST_BEGINNING: usize = 4;

/// The definitions that answer a question, the best first; those that have none of its words are left out. Of equally good
/// ones, the one that is used more comes first.
pub fn search(entries: &[CatalogueEntry], question: &str) -> Vec<Found> {
    let weights: Vec<HashMap<String, f64>> = entries.iter().map(weights).collect();
    // Two words for one thing, as in "stops with an exit code", say twice what is meant.
    let wanted = stems(question);
    let mut scores = vec![0.0; entries.len()];
    let mut matched = vec![0_u32; entries.len()];
    for word in &wanted {
        let found: Vec<f64> = weights.iter().map(|words| weight(words, word)).collect();
        let count = found.iter().filter(|weight| **weight > 0.0).count();
        // A rare word says more.
        let rarity = (1.0 + entries.len() as f64 / (1 + count) as f64).ln();
        for (at, weight) in found.into_iter().enumerate() {
            scores[at] += weight * rarity;
            matched[at] += u32::from(weight > 0.0);
        }
    }
    let mut all: Vec<Found> = (0..entries.len())
        .filter(|position| matched[*position] > 0)
        .map(|position| {
            let covered = f64::from(matched[position]) / wanted.len() as f64;
            // Of two patterns with the same words, the shorter one says little else.
            let length = stems(&readable(&entries[position].pattern)).len() as f64;
            Found {
                position,
                score: scores[position] * covered / (4.0 + length).sqrt(),
            }
        })
        .collect();
    all.sort_by(|one, other| {
        let uses = |found: &Found| entries[found.position].uses;
        (other.score.total_cmp(&one.score)).then(uses(other).cmp(&uses(one)))
    });
    all
}

fn weights(entry: &CatalogueEntry) -> HashMap<String, f64> {
    let mut weights: HashMap<String, f64> = HashMap::new();
    let pattern = readable(&entry.pattern);
    let texts = [
        (pattern.as_str(), IN_PATTERN),
        (entry.doc.as_str(), IN_DOC),
        (entry.function.as_str(), IN_FUNCTION),
    ];
    let examples = entry
        .examples
        .iter()
        .map(|text| (text.as_str(), IN_EXAMPLE));
    for (text, weight) in texts.into_iter().chain(examples) {
        for stem in stems(text) {
            let known = weights.entry(stem).or_default();
            *known = known.max(weight);
        }
    }
    weights
}

/// The words of a pattern: without what stands for one character, such as `\d` or `[a-z]`.
fn readable(pattern: &str) -> String {
    let mut text = String::with_capacity(pattern.len());
    let mut characters = pattern.chars();
    let mut in_class = false;
    while let Some(character) = characters.next() {
        match character {
            '\\' => {
                characters.next();
                text.push(' ');
            }
            '[' => in_class = true,
            ']' => in_class = false,
            _ if in_class => {}
            other => text.push(other),
        }
    }
    text
}

fn weight(words: &HashMap<String, f64>, wanted: &str) -> f64 {
    if let Some(weight) = words.get(wanted) {
        return *weight;
    }
    let begins = |word: &str| {
        let shorter = word.len().min(wanted.len());
        shorter >= SHORTEST_BEGINNING && (word.starts_with(wanted) || wanted.starts_with(word))
    };
    let near = words.iter().filter(|(word, _)| begins(word));
    near.map(|(_, weight)| weight * BEGINNING)
        .fold(0.0, f64::max)
}
