//! Which definition the text of an undefined step probably means.
//!
//! It compares words: those of the step with those of each pattern, where a value stands for a captured group.

use foldhash::HashMap;
use std::sync::Arc;

use super::Definitions;
use crate::gherkin::{as_seen, odd_characters};
use crate::spelling::{ALIKE, likeness};

/// The limit of compared words in a run, some seconds' work. A suite with more undefined steps lacks all of them.
const MOST_COMPARISONS: usize = 10_000_000;

/// Finds definitions that are near a text.
#[derive(Debug, Default)]
pub struct NearDefinitions {
    /// Made when the first step needs it.
    definitions: Option<Vec<NearDefinition>>,
    known: HashMap<Arc<str>, Option<String>>,
    comparisons: usize,
}

#[derive(Debug)]
struct NearDefinition {
    pattern: String,
    words: Vec<Word>,
}

/// A word of a step or of a pattern, in lower case.
#[derive(Debug, PartialEq)]
enum Word {
    Literal(String),
    /// A number, a text in quotes, or a group of a pattern.
    Value,
}

impl NearDefinitions {
    /// What a person who wrote this undefined step may have meant.
    pub fn hint(&mut self, definitions: &Definitions, text: &Arc<str>) -> Option<String> {
        if let Some(known) = self.known.get(text) {
            return known.clone();
        }
        let hint = self.find(definitions, text);
        self.known.insert(Arc::clone(text), hint.clone());
        hint
    }

    fn find(&mut self, definitions: &Definitions, text: &str) -> Option<String> {
        let all = self.definitions.get_or_insert_with(|| {
            let skeletons = definitions.skeletons();
            skeletons
                .map(|(pattern, skeleton)| NearDefinition {
                    pattern: pattern.to_owned(),
                    words: words(&skeleton),
                })
                .collect()
        });
        let words = words(text);
        let mut best: Option<(f64, &NearDefinition)> = None;
        for definition in all {
            self.comparisons += words.len() * definition.words.len();
            if self.comparisons > MOST_COMPARISONS {
                return None;
            }
            if let Some(near) = nearness(&words, &definition.words)
                && best.is_none_or(|(most, _)| near > most)
            {
                best = Some((near, definition));
            }
        }
        let (_, nearest) = best?;
        let reason = reason(text, words == nearest.words);
        Some(format!("did you mean `{}`?{reason}", nearest.pattern))
    }
}

/// What a reader does not see at once, as a sentence.
fn reason(text: &str, same_words: bool) -> String {
    let what = if let Some(odd) = odd_characters(text) {
        odd
    } else if !same_words {
        return String::new();
    } else if text.contains(TYPOGRAPHIC) {
        "typographic quotes".to_owned()
    } else if text.contains("  ") {
        "two spaces in a row".to_owned()
    } else if text.ends_with('.') {
        "a full stop at its end".to_owned()
    } else {
        return String::new();
    };
    format!(" The step has {what}")
}

const TYPOGRAPHIC: [char; 9] = ['“', '”', '„', '‘', '’', '‚', '«', '»', '‟'];

/// The words of a text or skeleton as far as they count: neither case nor the shape of quotes nor a full stop does.
fn words(text: &str) -> Vec<Word> {
    let seen: String = as_seen(text)
        .chars()
        .map(|character| match character {
            '‘' | '’' | '‚' => '\'',
            quote if TYPOGRAPHIC.contains(&quote) => '"',
            other => other,
        })
        .flat_map(char::to_lowercase)
        .collect();
    let mut words = Vec::new();
    let mut rest = seen.trim().trim_end_matches(['.', ':', '!', ',', ';']);
    while !rest.is_empty() {
        let end = word_end(rest);
        words.push(word(&rest[..end]));
        rest = rest[end..].trim_start();
    }
    words
}

/// Where the first word ends; a text in quotes is one.
fn word_end(text: &str) -> usize {
    let quote = text
        .chars()
        .next()
        .filter(|first| matches!(first, '"' | '\''));
    let closing = quote.and_then(|quote| Some(1 + text[1..].find(quote)? + 1));
    let rest = closing.unwrap_or(0);
    rest + text[rest..]
        .find(char::is_whitespace)
        .unwrap_or(text.len() - rest)
}

fn word(text: &str) -> Word {
    let is_quoted = text.len() > 1 && text.starts_with(['"', '\'']);
    let is_number =
        text.contains(|c: char| c.is_ascii_digit()) && !text.contains(char::is_alphabetic);
    if is_quoted || is_number || text.contains(super::example::GROUP) {
        Word::Value
    } else {
        Word::Literal(text.to_owned())
    }
}

/// How near two texts are, if one is probably meant by the other.
fn nearness(step: &[Word], pattern: &[Word]) -> Option<f64> {
    let all = step.len() + pattern.len();
    // Too different in length to be near.
    if step.len().abs_diff(pattern.len()) * 4 > all {
        return None;
    }
    if without_spaces(step) == without_spaces(pattern) {
        return Some(1.0);
    }
    let agreeing = agreement(step, pattern);
    let near = 2.0 * agreeing / all as f64;
    // In short texts one word more or less is already much.
    let one_more = step.len().abs_diff(pattern.len()) == 1;
    let all_others_agree = agreeing >= step.len().min(pattern.len()) as f64 && agreeing >= 3.0;
    (near > ALIKE || one_more && all_others_agree).then_some(near)
}

/// The largest sum of likenesses of words in the same order.
fn agreement(step: &[Word], pattern: &[Word]) -> f64 {
    let mut above = vec![0.0f64; pattern.len() + 1];
    for one in step {
        let mut row = vec![0.0f64; pattern.len() + 1];
        for (at, other) in pattern.iter().enumerate() {
            let both = above[at] + alike(one, other);
            row[at + 1] = both.max(above[at + 1]).max(row[at]);
        }
        above = row;
    }
    above[pattern.len()]
}

fn alike(step: &Word, pattern: &Word) -> f64 {
    match (step, pattern) {
        (Word::Value, Word::Value) => 1.0,
        // Perhaps the value is written in words.
        (Word::Literal(_), Word::Value) => 0.5,
        (Word::Value, Word::Literal(_)) => 0.0,
        (Word::Literal(one), Word::Literal(other)) if one == other => 1.0,
        (Word::Literal(one), Word::Literal(other)) => likeness(one, other).unwrap_or(0.0),
    }
}

fn without_spaces(words: &[Word]) -> String {
    let texts = words.iter().map(|word| match word {
        Word::Literal(text) => text.as_str(),
        Word::Value => "\0",
    });
    texts.collect()
}

#[cfg(test)]
mod tests {
    use super::super::example::GROUP;
    use super::*;

    fn is_near(step: &str, pattern: &str) -> bool {
        let pattern = pattern.replace("{}", &GROUP.to_string());
        nearness(&words(step), &words(&pattern)).is_some()
    }

    #[test]
    fn slips_are_near() {
        for (step, pattern) in [
            ("a cleard calculator", "a cleared calculator"),
            ("A Cleared  calculator.", "a cleared calculator"),
            ("I haveentered 50", "I have entered {}"),
            ("I have enterd 50", "I have entered {}"),
            ("I have entered fifty", "I have entered {}"),
            ("I see “Ann Lee”", "I see {}"),
            ("I see “Ann”", "I see \"{}\""),
            ("it’s open", "it's open"),
            ("I press the add button", "I press add button"),
            ("the result be 5", "the result should be {}"),
            ("I\u{a0}press add", "I press add"),
        ] {
            assert!(is_near(step, pattern), "{step} / {pattern}");
        }
    }

    #[test]
    fn other_steps_are_not_near() {
        for (step, pattern) in [
            ("I press add", "I press divide"),
            ("somebody pays 3", "the result should be {}"),
            ("5 bananas", "{} apples"),
            ("a list", "{}"),
            ("I wait long", "I wait {}"),
            ("", "a"),
            ("a", ""),
        ] {
            assert!(!is_near(step, pattern), "{step} / {pattern}");
        }
    }

    #[test]
    fn what_cannot_be_seen_is_named() {
        for (text, expected) in [
            ("I\u{a0}press", " The step has a no-break space (U+00A0)"),
            ("I see “a”", " The step has typographic quotes"),
            ("I  press", " The step has two spaces in a row"),
            ("I press.", " The step has a full stop at its end"),
            ("i Press", ""),
        ] {
            assert_eq!(reason(text, true), expected);
        }
        assert_eq!(reason("I pres  it.", false), "");
    }
}
