//! Which definition the text of an undefined step probably means.
//!
//! It compares words: those of the step with those of each pattern, where a value stands for a captured group.

use foldhash::HashMap;
use std::sync::Arc;

use super::Definitions;
use super::example::GROUP;
use crate::gherkin::{as_seen, odd_characters};
use crate::spelling::{ALIKE, likeness};

/// The limit of compared words in a run, some seconds' work. A suite with more undefined steps lacks all of them.
const MOST_COMPARISONS: usize = 10_000_000;

/// Finds definitions that are near a text.
#[derive(Debug)]
pub struct NearDefinitions {
    /// Made when the first step needs it.
    definitions: Option<Vec<NearDefinition>>,
    known: HashMap<Arc<str>, Option<String>>,
    /// How many words may still be compared.
    left: usize,
}

impl Default for NearDefinitions {
    fn default() -> Self {
        Self {
            definitions: None,
            known: HashMap::default(),
            left: MOST_COMPARISONS,
        }
    }
}

#[derive(Debug)]
struct NearDefinition {
    pattern: String,
    skeleton: String,
    words: Vec<Word>,
    /// Whether only the step program understands the pattern, so that its words are a guess.
    is_own: bool,
}

impl NearDefinition {
    fn new((pattern, skeleton): (&str, String), is_own: bool) -> Self {
        Self {
            pattern: pattern.to_owned(),
            words: words(&skeleton),
            skeleton,
            is_own,
        }
    }
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
        // A text that was given up may be looked at later.
        if self.left > 0 {
            self.known.insert(Arc::clone(text), hint.clone());
        }
        hint
    }

    /// The text of the nearest definition with the values of this text, if that definition alone matches it. Whether a
    /// pattern that only the step program understands does is not known.
    pub fn suggestion(&mut self, definitions: &Definitions, text: &str) -> Option<String> {
        let nearest = self.nearest(definitions, text, true)?;
        let suggestion = refill(&nearest.skeleton, text)?;
        if nearest.is_own {
            return Some(suggestion);
        }
        let [found] = definitions.matching(&suggestion)[..] else {
            return None;
        };
        (definitions.shown[found].pattern == nearest.pattern).then_some(suggestion)
    }

    /// Allows as many comparisons from now on.
    pub fn renew(&mut self, most: usize) {
        self.left = most;
    }

    fn find(&mut self, definitions: &Definitions, text: &str) -> Option<String> {
        let nearest = self.nearest(definitions, text, false)?;
        let reason = reason(text, words(text) == nearest.words);
        Some(format!("did you mean `{}`?{reason}", nearest.pattern))
    }

    fn nearest(
        &mut self,
        definitions: &Definitions,
        text: &str,
        with_own: bool,
    ) -> Option<&NearDefinition> {
        let all = self.definitions.get_or_insert_with(|| {
            let own = definitions.own_skeletons();
            let own = own.map(|one| NearDefinition::new(one, true));
            let others = definitions.skeletons();
            let others = others.map(|one| NearDefinition::new(one, false));
            others.chain(own).collect()
        });
        let words = words(text);
        let mut best: Option<(f64, &NearDefinition)> = None;
        for definition in all.iter().filter(|one| with_own || !one.is_own) {
            let comparisons = words.len() * definition.words.len();
            self.left = self.left.saturating_sub(comparisons);
            if self.left == 0 {
                return None;
            }
            if let Some(near) = nearness(&words, &definition.words)
                && best.is_none_or(|(most, _)| near > most)
            {
                best = Some((near, definition));
            }
        }
        best.map(|(_, nearest)| nearest)
    }
}

/// A skeleton with the words of a text in place of its groups; `None` if a group gets none.
fn refill(skeleton: &str, text: &str) -> Option<String> {
    let step = raw_words(text);
    let pattern = raw_words(skeleton);
    let pairs = pairs(&step, &pattern);
    let mut result = Vec::with_capacity(pattern.len());
    for (at, part) in pattern.iter().enumerate() {
        let Some(group) = part.find(GROUP) else {
            result.push(part.clone());
            continue;
        };
        let value = &step[*pairs.get(&at)?];
        let (before, after) = (&part[..group], &part[group + GROUP.len_utf8()..]);
        if after.contains(GROUP) {
            return None;
        }
        // What the pattern has around its value may be missing in the text, or be there as well.
        let value = value.strip_prefix(before).unwrap_or(value);
        let value = value.strip_suffix(after).unwrap_or(value);
        result.push(format!("{before}{value}{after}"));
    }
    Some(result.join(" "))
}

/// For each word of a pattern the word of the step that belongs to it, in the alignment where most words agree.
fn pairs(step: &[String], pattern: &[String]) -> HashMap<usize, usize> {
    let words_of = |raw: &[String]| -> Vec<Word> {
        let lower = raw.iter().map(|text| word(&text.to_lowercase()));
        lower.collect()
    };
    let (steps, patterns) = (words_of(step), words_of(pattern));
    let mut sums = vec![vec![0.0f64; patterns.len() + 1]; steps.len() + 1];
    for (row, one) in steps.iter().enumerate() {
        for (column, other) in patterns.iter().enumerate() {
            let both = sums[row][column] + alike(one, other);
            sums[row + 1][column + 1] = both.max(sums[row][column + 1]).max(sums[row + 1][column]);
        }
    }
    let mut found = HashMap::default();
    let (mut row, mut column) = (steps.len(), patterns.len());
    while row > 0 && column > 0 {
        let likeness = alike(&steps[row - 1], &patterns[column - 1]);
        let both = sums[row - 1][column - 1] + likeness;
        if likeness > 0.0 && both >= sums[row - 1][column].max(sums[row][column - 1]) {
            found.insert(column - 1, row - 1);
            (row, column) = (row - 1, column - 1);
        } else if sums[row - 1][column] >= sums[row][column - 1] {
            row -= 1;
        } else {
            column -= 1;
        }
    }
    found
}

/// The words as they are written, quotes and characters that only look alike in their plain form.
fn raw_words(text: &str) -> Vec<String> {
    let seen = plain(text);
    split(seen.trim()).into_iter().map(str::to_owned).collect()
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
    let seen: String = plain(text).chars().flat_map(char::to_lowercase).collect();
    let counted = seen.trim().trim_end_matches(['.', ':', '!', ',', ';']);
    split(counted).into_iter().map(word).collect()
}

/// The words of a text without space around it.
fn split(mut text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    while !text.is_empty() {
        let (word, rest) = text.split_at(word_end(text));
        words.push(word);
        text = rest.trim_start();
    }
    words
}

/// A text with plain quotes, and without characters that only look like others.
fn plain(text: &str) -> String {
    let seen = as_seen(text);
    let shown = seen.chars().map(|character| match character {
        '‘' | '’' | '‚' => '\'',
        quote if TYPOGRAPHIC.contains(&quote) => '"',
        other => other,
    });
    shown.collect()
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
    fn a_suggestion_has_the_values_of_the_step() {
        for (step, pattern, expected) in [
            (
                "I haev 50 cukes",
                "I have {} cukes",
                Some("I have 50 cukes"),
            ),
            ("I see “Ann Lee”", "I see \"{}\"", Some("I see \"Ann Lee\"")),
            ("I pay 3 too Bob", "I pay {} to {}", Some("I pay 3 to Bob")),
            ("I Press  add.", "I press add", Some("I press add")),
            ("it costs 5", "it costs ${}", Some("it costs $5")),
            ("I have cukes", "I have {} cukes", None),
        ] {
            let skeleton = pattern.replace("{}", &GROUP.to_string());
            assert_eq!(
                refill(&skeleton, step).as_deref(),
                expected,
                "{step} / {pattern}"
            );
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
