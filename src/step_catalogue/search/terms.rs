//! From text to terms: words, their stems, and the concepts that they stand for.

use std::sync::Arc;

use foldhash::HashMap;
use rust_stemmers::{Algorithm, Stemmer};

use super::concepts::{CONCEPTS, is_common};

/// The languages whose stems are compared. English is always one of them: patterns are often English.
pub(super) struct Languages {
    stemmers: Vec<(&'static str, Stemmer)>,
    /// For the first stem of each phrase of a concept: the stems of the others, and the concept.
    phrases: HashMap<String, Vec<(Vec<String>, usize)>>,
}

/// A word with its terms.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct SearchWord {
    /// In lower case.
    pub(super) text: String,
    /// Its stem in each language, with the code of the language before it.
    pub(super) stems: Vec<String>,
    /// The concepts that it stands for, alone or with the words beside it.
    pub(super) concepts: Vec<usize>,
    /// Whether it says little, such as "the".
    pub(super) common: bool,
}

/// The algorithm for a language of Gherkin; the code of a variant (`en-au`) counts as the language.
fn algorithm(code: &str) -> Option<(&'static str, Algorithm)> {
    Some(match code.split('-').next()? {
        "ar" => ("ar", Algorithm::Arabic),
        "da" => ("da", Algorithm::Danish),
        "de" => ("de", Algorithm::German),
        "el" => ("el", Algorithm::Greek),
        "en" => ("en", Algorithm::English),
        "es" => ("es", Algorithm::Spanish),
        "fi" => ("fi", Algorithm::Finnish),
        "fr" => ("fr", Algorithm::French),
        "hu" => ("hu", Algorithm::Hungarian),
        "it" => ("it", Algorithm::Italian),
        "nl" => ("nl", Algorithm::Dutch),
        "no" => ("no", Algorithm::Norwegian),
        "pt" => ("pt", Algorithm::Portuguese),
        "ro" => ("ro", Algorithm::Romanian),
        "ru" => ("ru", Algorithm::Russian),
        "sv" => ("sv", Algorithm::Swedish),
        "ta" => ("ta", Algorithm::Tamil),
        "tr" => ("tr", Algorithm::Turkish),
        _ => return None,
    })
}

impl Languages {
    pub(super) fn new(codes: &[Arc<str>]) -> Self {
        let mut stemmers: Vec<(&'static str, Stemmer)> = Vec::new();
        let codes = codes.iter().map(|code| &**code);
        for (code, algorithm) in ["en"].into_iter().chain(codes).filter_map(algorithm) {
            if stemmers.iter().all(|(known, _)| *known != code) {
                stemmers.push((code, Stemmer::create(algorithm)));
            }
        }
        let mut languages = Self {
            stemmers,
            phrases: HashMap::default(),
        };
        languages.learn_phrases();
        languages
    }

    fn learn_phrases(&mut self) {
        for (concept, phrases) in CONCEPTS.iter().enumerate() {
            for phrase in *phrases {
                let words = phrase.split(' ');
                let english = words.filter_map(|word| self.stems(word).into_iter().next());
                let stems: Vec<String> = english.collect();
                if let Some((first, rest)) = stems.split_first() {
                    let phrases = self.phrases.entry(first.clone()).or_default();
                    phrases.push((rest.to_vec(), concept));
                }
            }
        }
    }

    /// The words of a text with their terms.
    pub(super) fn words(&self, text: &str) -> Vec<SearchWord> {
        let mut words: Vec<SearchWord> = (split(text).into_iter())
            .map(|text| SearchWord {
                stems: self.stems(&text),
                concepts: Vec::new(),
                common: is_common(&text),
                text,
            })
            .collect();
        self.add_concepts(&mut words);
        words
    }

    fn stems(&self, word: &str) -> Vec<String> {
        let stems = self.stemmers.iter();
        stems
            .map(|(code, stemmer)| format!("{code}:{}", stemmer.stem(word)))
            .collect()
    }

    /// A phrase stands for its concept at its first word; what follows ("in" of "sign in") says nothing more.
    fn add_concepts(&self, words: &mut [SearchWord]) {
        let english = |word: &SearchWord| word.stems.first().cloned().unwrap_or_default();
        let stems: Vec<String> = words.iter().map(english).collect();
        for (at, stem) in stems.iter().enumerate() {
            for (rest, concept) in self.phrases.get(stem).into_iter().flatten() {
                let after = at + 1..at + 1 + rest.len();
                if stems.get(after.clone()) != Some(rest.as_slice()) {
                    continue;
                }
                if !words[at].concepts.contains(concept) {
                    words[at].concepts.push(*concept);
                }
                words[after].iter_mut().for_each(|word| word.common = true);
            }
        }
    }
}

/// The words in lower case. Scripts without spaces give overlapping pairs of characters. `camelCase` is two words.
fn split(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    for run in text.split(|c: char| !c.is_alphanumeric()) {
        let mut word = String::new();
        let mut unspaced: Vec<char> = Vec::new();
        let mut before_is_lower = false;
        for character in run.chars() {
            if is_unspaced(character) {
                words.extend(taken(&mut word));
                unspaced.push(character);
            } else {
                push_pairs(&mut unspaced, &mut words);
                if before_is_lower && character.is_uppercase() {
                    words.extend(taken(&mut word));
                }
                word.extend(character.to_lowercase());
            }
            before_is_lower = character.is_lowercase();
        }
        push_pairs(&mut unspaced, &mut words);
        words.extend(taken(&mut word));
    }
    words
}

fn taken(word: &mut String) -> Option<String> {
    (!word.is_empty()).then(|| std::mem::take(word))
}

fn push_pairs(characters: &mut Vec<char>, words: &mut Vec<String>) {
    match &characters[..] {
        [] => {}
        [one] => words.push(one.to_string()),
        several => words.extend(
            several
                .windows(2)
                .map(|pair| pair.iter().collect::<String>()),
        ),
    }
    characters.clear();
}

/// Chinese, Japanese and Thai, which are written without spaces between words.
fn is_unspaced(character: char) -> bool {
    matches!(character, '\u{e00}'..='\u{e7f}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_split_as_people_read_them() {
        assert_eq!(
            split("The user's shopping-cart, addItem_twice 数字行"),
            [
                "the", "user", "s", "shopping", "cart", "add", "item", "twice", "数字", "字行"
            ]
        );
    }

    #[test]
    fn forms_of_a_word_have_one_stem_in_its_language() {
        let languages = Languages::new(&["fr".into(), "en-au".into(), "tlh".into()]);
        let stems = |word| languages.words(word)[0].stems.clone();
        assert_eq!(stems("borrowed")[0], stems("borrows")[0]);
        assert_eq!(stems("calculatrices")[1], stems("calculatrice")[1]);
        assert_eq!(stems("borrowed").len(), 2);
    }

    #[test]
    fn phrases_share_a_concept_with_single_words() {
        let languages = Languages::new(&[]);
        let concept = |text: &str, at: usize| languages.words(text)[at].concepts.clone();
        assert!(!concept("the user signs in", 2).is_empty());
        assert_eq!(concept("the user signs in", 2), concept("login", 0));
        assert!(languages.words("the user signs in")[3].common);
        assert!(concept("a kettle", 1).is_empty());
    }
}
