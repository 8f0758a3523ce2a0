//! Where each definition has which terms, and how well a question fits it.

use foldhash::HashMap;

use super::super::CatalogueEntry;
use super::super::pattern_words::literal_text;
use super::terms::{Languages, SearchWord};
use crate::spelling::likeness;

/// What a term counts in each place.
const PATTERN: f64 = 3.0;
const DOC: f64 = 2.0;
const FUNCTION: f64 = 1.0;
const STEP: f64 = 1.0;
const FILE: f64 = 0.7;
const TITLE: f64 = 0.6;

/// What a shared concept counts, compared with an equal stem.
const CONCEPT: f64 = 0.55;
/// What the beginning of a word counts, and a word that is only alike. They count only if the word itself is unknown.
const BEGINNING: f64 = 0.7;
const ALIKE: f64 = 0.6;
/// What a word such as "the" counts.
const COMMON: f64 = 0.1;
/// How much more a definition counts whose whole pattern is in the question.
const COVERED: f64 = 0.6;
/// How quickly the weights of several places stop to add up.
const SATURATION: f64 = 1.5;
/// The shortest beginning of a word that is compared.
const SHORTEST: usize = 3;

/// The terms of all definitions.
pub(super) struct SearchIndex {
    entries: Vec<IndexedEntry>,
    /// In how many definitions a term is.
    stems: HashMap<String, usize>,
    concepts: HashMap<usize, usize>,
    /// All words, to find those that a question has only in part.
    words: HashMap<String, Vec<String>>,
}

/// The terms of a definition with their weights.
#[derive(Default)]
struct IndexedEntry {
    stems: HashMap<String, f64>,
    concepts: HashMap<usize, f64>,
    pattern: Vec<SearchWord>,
}

impl SearchIndex {
    pub(super) fn new(entries: &[CatalogueEntry], languages: &Languages) -> Self {
        let mut index = Self {
            entries: Vec::with_capacity(entries.len()),
            stems: HashMap::default(),
            concepts: HashMap::default(),
            words: HashMap::default(),
        };
        for entry in entries {
            index.add(entry, languages);
        }
        index
    }

    fn add(&mut self, entry: &CatalogueEntry, languages: &Languages) {
        let definition = entry.definition();
        let pattern = literal_text(&definition.kind, &definition.pattern);
        let file = definition.location.file.rsplit('/').next();
        let file = file.and_then(|name| name.split('.').next());
        let texts = entry.texts().iter().map(|used| &*used.text);
        let titles = entry.titles().iter().map(|title| &**title);
        let mut indexed = IndexedEntry {
            pattern: languages.words(&pattern),
            ..IndexedEntry::default()
        };
        let joined = |texts: Vec<&str>| texts.join("\n");
        for (weight, text) in [
            (PATTERN, pattern),
            (DOC, entry.doc().to_owned()),
            (FUNCTION, definition.function.clone()),
            (STEP, joined(texts.collect())),
            (FILE, file.unwrap_or_default().to_owned()),
            (TITLE, joined(titles.collect())),
        ] {
            let mut place = IndexedEntry::default();
            for word in languages.words(&text) {
                place
                    .stems
                    .extend(word.stems.iter().map(|stem| (stem.clone(), weight)));
                place
                    .concepts
                    .extend(word.concepts.iter().map(|concept| (*concept, weight)));
                self.words.entry(word.text).or_insert(word.stems);
            }
            for (stem, weight) in place.stems {
                *indexed.stems.entry(stem).or_default() += weight;
            }
            for (concept, weight) in place.concepts {
                *indexed.concepts.entry(concept).or_default() += weight;
            }
        }
        for stem in indexed.stems.keys() {
            *self.stems.entry(stem.clone()).or_default() += 1;
        }
        for concept in indexed.concepts.keys() {
            *self.concepts.entry(*concept).or_default() += 1;
        }
        self.entries.push(indexed);
    }

    /// How well each definition fits.
    pub(super) fn scores(&self, question: &[SearchWord]) -> Vec<f64> {
        let others: Vec<Vec<(f64, &String)>> =
            question.iter().map(|word| self.instead_of(word)).collect();
        let entries = self.entries.iter();
        entries
            .map(|entry| {
                let words = question.iter().zip(&others);
                let score: f64 = words
                    .map(|(word, others)| self.score(entry, word, others))
                    .sum();
                score * (1.0 + COVERED * self.covered(entry, question))
            })
            .collect()
    }

    /// What one word of the question adds.
    fn score(&self, entry: &IndexedEntry, word: &SearchWord, others: &[(f64, &String)]) -> f64 {
        let own = word.stems.iter().map(|stem| (1.0, stem));
        let stems = own.chain(others.iter().copied()).map(|(factor, stem)| {
            let weight = entry.stems.get(stem).copied().unwrap_or_default();
            factor * saturated(weight) * self.rarity(self.stems.get(stem))
        });
        let concepts = word.concepts.iter().map(|concept| {
            let weight = entry.concepts.get(concept).copied().unwrap_or_default();
            CONCEPT * saturated(weight) * self.rarity(self.concepts.get(concept))
        });
        let best = stems.chain(concepts).fold(0.0, f64::max);
        if word.common { COMMON * best } else { best }
    }

    /// The stems of known words that begin with an unknown one, or else of those that are nearly it.
    fn instead_of(&self, word: &SearchWord) -> Vec<(f64, &String)> {
        let is_known = word.stems.iter().any(|stem| self.stems.contains_key(stem));
        if is_known || word.text.chars().count() < SHORTEST {
            return Vec::new();
        }
        let of = |factor: f64, fits: &dyn Fn(&str) -> bool| -> Vec<(f64, &String)> {
            let words = self.words.iter().filter(|(known, _)| fits(known));
            words
                .flat_map(|(_, stems)| stems.iter().map(move |stem| (factor, stem)))
                .collect()
        };
        let beginnings = of(BEGINNING, &|known| known.starts_with(&word.text));
        if !beginnings.is_empty() {
            return beginnings;
        }
        of(ALIKE, &|known| likeness(&word.text, known).is_some())
    }

    /// The part of the pattern's words, by their rarity, that the question has.
    fn covered(&self, entry: &IndexedEntry, question: &[SearchWord]) -> f64 {
        let asked = |word: &SearchWord| {
            let mut words = question.iter();
            words.any(|one| {
                let stem = one.stems.iter().any(|stem| word.stems.contains(stem));
                stem || one
                    .concepts
                    .iter()
                    .any(|concept| word.concepts.contains(concept))
            })
        };
        let (mut all, mut covered) = (0.0, 0.0);
        for word in &entry.pattern {
            let rarity = word
                .stems
                .iter()
                .map(|stem| self.rarity(self.stems.get(stem)));
            let rarity = rarity.fold(0.0, f64::max);
            let rarity = if word.common { COMMON * rarity } else { rarity };
            all += rarity;
            if asked(word) {
                covered += rarity;
            }
        }
        if all > 0.0 { covered / all } else { 0.0 }
    }

    /// What a term is worth that so many definitions have: much if it is rare.
    fn rarity(&self, definitions: Option<&usize>) -> f64 {
        let all = self.entries.len() as f64;
        let with = definitions.copied().unwrap_or_default() as f64;
        (1.0 + (all - with + 0.5) / (with + 0.5)).ln()
    }
}

fn saturated(weight: f64) -> f64 {
    weight / (weight + SATURATION)
}
