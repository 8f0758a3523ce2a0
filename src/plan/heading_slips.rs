//! Lines that were probably meant as headings: a keyword without its colon, misspelt, or with characters that
//! only look like those of the keyword.

use super::step_slips::{frequency_rank, is_step_in, other_language};
use crate::gherkin::{Dialect, TokenKind, as_seen, odd_characters};

/// What a line stands before. Blank lines in between do not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next<'d> {
    /// A line of the same description.
    Text(&'d str),
    /// The steps of the scenario or background that the description belongs to.
    Steps,
    /// The heading of a background or scenario, in this line and column.
    Heading(u32, u32),
    /// Something else, or nothing.
    Other,
}

/// What is wrong with a line that was probably meant as a heading.
pub(super) struct HeadingSlip {
    /// What to write, as the end of a sentence.
    pub(super) advice: String,
    /// Whether a rule was meant, for which its place decides.
    pub(super) rule_without_colon: bool,
}

/// The headings of a language below that of the feature.
pub(super) struct HeadingSlips {
    dialect: &'static Dialect,
    /// The keyword in lower case, as it is, and the kind of its line; the longest first.
    keywords: Vec<(String, &'static str, TokenKind)>,
}

/// Words after a keyword that make it a sentence.
const OF_SENTENCES: &[&str] = &[
    "about",
    "and",
    "are",
    "as",
    "checks",
    "contains",
    "covers",
    "demonstrates",
    "describes",
    "for",
    "from",
    "has",
    "have",
    "in",
    "information",
    "is",
    "of",
    "on",
    "shows",
    "should",
    "tests",
    "that",
    "to",
    "under",
    "verifies",
    "was",
    "were",
    "when",
    "where",
    "which",
    "will",
    "with",
    "without",
    "testing",
    "taken",
    "used",
    "based",
];

impl HeadingSlips {
    pub(super) fn of(dialect: &'static Dialect) -> Self {
        let mut keywords: Vec<_> = keywords(dialect)
            .map(|(kind, keyword)| (keyword.to_lowercase(), keyword, kind))
            .collect();
        keywords.sort_by_key(|(lower, ..)| usize::MAX - lower.len());
        Self { dialect, keywords }
    }

    /// What is wrong with a line of a description, if it was meant as a heading.
    pub(super) fn find(&self, line: &str, next: Next<'_>) -> Option<HeadingSlip> {
        let seen = as_seen(line);
        let seen = seen.trim();
        let advice = if let Some(advice) = tags(line, seen) {
            advice
        } else if let Some(keyword) = self.with_colon(line, seen, next) {
            match odd_characters(heading_of(line)) {
                Some(odd) => format!("it has {odd}; type `{keyword}:` anew"),
                None => format!("did you mean `{keyword}:`?"),
            }
        } else if let Some((keyword, kind)) = self.without_colon(seen, next) {
            return Some(HeadingSlip {
                advice: format!("a colon is missing: did you mean `{keyword}:`?"),
                rule_without_colon: kind == TokenKind::RuleLine,
            });
        } else {
            self.other_language(line, seen, next)?
        };
        Some(HeadingSlip {
            advice,
            rule_without_colon: false,
        })
    }

    fn with_colon(&self, line: &str, seen: &str, next: Next<'_>) -> Option<&'static str> {
        let (word, _) = seen.split_once(':').filter(|(word, _)| word.len() < 100)?;
        let word = word.trim().to_lowercase();
        // With another colon than a plain one, it may be prose of a language that writes such colons.
        let plain = line.contains(':');
        self.keywords
            .iter()
            .filter(|(_, _, kind)| plain || next == Next::Steps || self.belongs_before(*kind, next))
            .map(|(lower, keyword, _)| {
                (strsim::osa_distance(&word, &as_seen(lower)), lower, keyword)
            })
            .filter(|(distance, lower, _)| *distance == 0 || distance * 5 <= lower.chars().count())
            .min_by_key(|(distance, ..)| *distance)
            .map(|(.., keyword)| *keyword)
    }

    fn without_colon(&self, seen: &str, next: Next<'_>) -> Option<(&'static str, TokenKind)> {
        if seen.ends_with(['.', ',', ';', ':', '?', '!']) || seen.split_whitespace().count() > 12 {
            return None;
        }
        let candidates = self.keywords.iter().filter(|(_, keyword, kind)| {
            let words = first_words(seen, keyword);
            let rest = seen[words.len()..].trim_start();
            let second = rest.split_whitespace().next().unwrap_or_default();
            let exact = words == as_seen(keyword);
            // A misspelt keyword, or one in another case, needs steps that can belong to nothing else, or a
            // capital letter.
            let alone = matches!(next, Next::Text(_)) || seen.starts_with(char::is_uppercase);
            let plural = words.strip_suffix('s') == Some(keyword);
            let near = exact || (alone && !plural && is_near(words, keyword));
            near && self.belongs_before(*kind, next) && !OF_SENTENCES.contains(&second)
        });
        let found = candidates.min_by_key(|(_, keyword, _)| {
            strsim::osa_distance(first_words(seen, keyword), keyword)
        });
        found.map(|(_, keyword, kind)| (*keyword, *kind))
    }

    /// Whether what follows is what follows a heading of this kind.
    fn belongs_before(&self, kind: TokenKind, next: Next<'_>) -> bool {
        match (kind, next) {
            (TokenKind::RuleLine, Next::Heading(..)) => true,
            (TokenKind::RuleLine, Next::Steps | Next::Other) => false,
            (TokenKind::ExamplesLine, Next::Text(line)) => as_seen(line).trim().starts_with('|'),
            (TokenKind::ExamplesLine, _) => false,
            (_, Next::Text(line)) => is_step_in(self.dialect, line),
            (_, Next::Steps) => true,
            (_, Next::Heading(..) | Next::Other) => false,
        }
    }

    /// A heading in another language, above steps.
    fn other_language(&self, line: &str, seen: &str, next: Next<'_>) -> Option<String> {
        let (word, _) = seen.split_once(':').filter(|(word, _)| word.len() < 100)?;
        let word = word.trim_end();
        if keywords(self.dialect).any(|(_, keyword)| keyword == word) {
            return None;
        }
        let others = Dialect::all().iter();
        let dialect = others
            .filter(|dialect| dialect.code != self.dialect.code)
            .filter(|dialect| {
                let step = match next {
                    Next::Text(line) => is_step_in(self.dialect, line) || is_step_in(dialect, line),
                    next => next == Next::Steps,
                };
                let above_heading = matches!(next, Next::Heading(..)) && line.contains(':');
                keywords(dialect).any(|(kind, keyword)| {
                    keyword == word && (step || above_heading && kind == TokenKind::RuleLine)
                })
            })
            .min_by_key(|dialect| frequency_rank(dialect))?;
        Some(other_language(word, dialect, self.dialect))
    }
}

/// The line up to the first character that looks like a colon.
fn heading_of(line: &str) -> &str {
    let is_colon = |letter: char| as_seen(letter.encode_utf8(&mut [0; 4])) == ":";
    let mut characters = line.char_indices();
    characters
        .find(|(_, letter)| is_colon(*letter))
        .map_or(line, |(at, letter)| &line[..at + letter.len_utf8()])
}

fn keywords(dialect: &Dialect) -> impl Iterator<Item = (TokenKind, &'static str)> {
    let lists = dialect.title_keywords().into_iter();
    lists
        .filter(|(kind, _)| *kind != TokenKind::FeatureLine)
        .flat_map(|(kind, list)| list.iter().map(move |keyword| (kind, *keyword)))
}

/// Whether at most one letter in five is wrong; case does not count.
fn is_near(words: &str, keyword: &str) -> bool {
    let lower = keyword.to_lowercase();
    strsim::osa_distance(&words.to_lowercase(), &lower) * 5 <= lower.chars().count()
}

/// As many words of the text as the keyword has, without what is not a letter after the last.
fn first_words<'t>(text: &'t str, keyword: &str) -> &'t str {
    let count = keyword.split(' ').count();
    let end = text.match_indices(' ').nth(count - 1);
    let words = end.map_or(text, |(end, _)| &text[..end]);
    words.trim_end_matches([';', '-', '–', '.', '='])
}

/// A line of tags of which the `@` only look like one.
fn tags(line: &str, seen: &str) -> Option<String> {
    let is_tag = |word: &str| word.strip_prefix('@').is_some_and(|name| !name.is_empty());
    if line.trim_start().starts_with('@') || !seen.split_whitespace().all(is_tag) {
        return None;
    }
    let odd = odd_characters(line)?;
    Some(format!("it has {odd}; tags begin with a plain `@`"))
}
