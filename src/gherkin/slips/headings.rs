//! Lines that were probably meant as headings: a keyword without its colon, misspelt, or with characters that
//! only look like those of the keyword.

use super::common_words::continues_sentence;
use super::foreign_keywords::{frequency_rank, other_language};
use super::marks::{is_mark, without_bullet};
use super::steps::is_step_in;
use crate::gherkin::dialects::{Dialect, PerDialect};
use crate::gherkin::look_alike::{as_seen, foreign_characters, odd_characters, skeleton};
use crate::gherkin::token::TokenKind;

/// What a line stands before. Blank lines in between do not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next<'d> {
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
pub struct HeadingSlip {
    /// What to write, as the end of a sentence.
    pub advice: String,
    /// Whether a rule was meant, for which its place decides.
    pub rule_without_colon: bool,
}

/// The headings of a language.
pub struct HeadingSlips {
    dialect: &'static Dialect,
    /// The keyword in lower case, as it is, and the kind of its line; the longest first.
    keywords: Vec<(String, &'static str, TokenKind)>,
}

impl HeadingSlips {
    /// Those of a dialect.
    pub fn of(dialect: &'static Dialect) -> &'static Self {
        static ALL: PerDialect<HeadingSlips> = PerDialect::new();
        ALL.get(dialect, Self::new)
    }

    fn new(dialect: &'static Dialect) -> Self {
        let mut keywords: Vec<_> = keywords(dialect)
            .map(|(kind, keyword)| (keyword.to_lowercase(), keyword, kind))
            .collect();
        keywords.sort_by_key(|(lower, ..)| usize::MAX - lower.len());
        Self { dialect, keywords }
    }

    /// What is wrong with a line of a description, if it was meant as a heading. `begins` is false for a line
    /// that may go on with the sentence of the line before.
    pub fn find(&self, line: &str, next: Next<'_>, begins: bool) -> Option<HeadingSlip> {
        let seen = as_seen(line);
        let seen = seen.trim();
        let advice = if let Some(advice) = tags(line, seen) {
            advice
        } else if let Some(advice) = self.with_colon(line, seen, next) {
            advice
        } else if let Some(advice) = self.examples_above_steps(seen, next) {
            advice
        } else if let Some((keyword, kind)) = self.without_colon(seen, next, begins) {
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

    /// What is wrong with a line that has a keyword of a heading and its colon.
    fn with_colon(&self, line: &str, seen: &str, next: Next<'_>) -> Option<String> {
        let text = without_bullet(seen);
        let (before, after) = text.split_once(':').filter(|(word, _)| word.len() < 100)?;
        let spaced = before.ends_with(' ');
        let before = before.trim();
        let word = before.trim_matches(is_mark);
        let lower = word.to_lowercase();
        // With another colon than a plain one, it may be prose of a language that writes such colons; with marks,
        // it may be an item of a list.
        let plain = line.contains(':') && before == word && text == seen;
        let distance = |keyword_lower: &str, keyword: &str| {
            if skeleton(word) == skeleton(keyword) {
                return 0;
            }
            strsim::osa_distance(&lower, &as_seen(keyword_lower))
        };
        let (_, keyword, kind) = self
            .keywords
            .iter()
            .filter(|(_, _, kind)| plain || next == Next::Steps || self.belongs_before(*kind, next))
            .map(|(lower, keyword, kind)| (distance(lower, keyword), *keyword, *kind))
            .filter(|(distance, keyword, kind)| match kind {
                TokenKind::FeatureLine => word == *keyword,
                _ => *distance == 0 || distance * 5 <= keyword.chars().count(),
            })
            .min_by_key(|(distance, ..)| *distance)?;
        Some(match odd_characters(heading_of(line)) {
            Some(odd) => format!("it has {odd}; type `{keyword}:` anew"),
            None if before != word || text != seen => {
                let name = after.trim_start_matches(is_mark).trim();
                format!("a heading begins with its keyword: `{keyword}: {name}`")
            }
            None if word == keyword && spaced => {
                format!("no space stands before the colon: did you mean `{keyword}:`?")
            }
            None if word == keyword => misplaced(kind, keyword),
            None if skeleton(word) == skeleton(keyword) => format!(
                "it has {}; type `{keyword}:` anew",
                foreign_characters(word, keyword)
            ),
            None => format!("did you mean `{keyword}:`?"),
        })
    }

    /// `Examples` alone in a line, above steps: it may be one example, or examples in the wrong place.
    fn examples_above_steps(&self, seen: &str, next: Next<'_>) -> Option<String> {
        let keyword = self.dialect.examples.iter().find(|text| **text == seen)?;
        let steps = match next {
            Next::Text(line) => is_step_in(self.dialect, &as_seen(line)),
            next => next == Next::Steps,
        };
        let scenario = self.dialect.scenario.first()?;
        steps.then(|| {
            format!(
                "a colon is missing: `{scenario}:` stands above steps, and `{keyword}:` below them"
            )
        })
    }

    fn without_colon(
        &self,
        seen: &str,
        next: Next<'_>,
        begins: bool,
    ) -> Option<(&'static str, TokenKind)> {
        if seen.ends_with(['.', ',', ';', ':', '?', '!']) || seen.split_whitespace().count() > 12 {
            return None;
        }
        // The edit distance is the expensive part, and nearly all descriptions stand before something else.
        let steps_follow = self.is_scenario_before(next);
        let possible = (self.keywords.iter()).filter(|(.., kind)| match kind {
            TokenKind::BackgroundLine | TokenKind::ScenarioLine => steps_follow,
            kind => self.belongs_before(*kind, next),
        });
        let candidates = possible.filter(|(_, keyword, kind)| {
            let words = first_words(seen, keyword);
            let rest = seen[words.len()..].trim_start();
            let second = rest.split_whitespace().next().unwrap_or_default();
            let exact = skeleton(words) == skeleton(keyword);
            // A misspelt keyword, or one in another case, needs steps that can belong to nothing else, or a
            // capital letter.
            let alone = matches!(next, Next::Text(_)) || seen.starts_with(char::is_uppercase);
            let is_rule = *kind == TokenKind::RuleLine && begins;
            let plural = words.strip_suffix('s') == Some(keyword);
            let near = exact || ((alone || is_rule) && !plural && is_near(words, keyword));
            near && !continues_sentence(second)
        });
        let found = candidates.min_by_key(|(_, keyword, _)| {
            strsim::osa_distance(first_words(seen, keyword), keyword)
        });
        found.map(|(_, keyword, kind)| (*keyword, *kind))
    }

    /// Whether what follows is what follows a heading of this kind.
    fn belongs_before(&self, kind: TokenKind, next: Next<'_>) -> bool {
        match (kind, next) {
            (TokenKind::FeatureLine, _) => false,
            (TokenKind::RuleLine, Next::Heading(..)) => true,
            (TokenKind::RuleLine, Next::Steps | Next::Other) => false,
            (TokenKind::ExamplesLine, Next::Text(line)) => as_seen(line).trim().starts_with('|'),
            (TokenKind::ExamplesLine, _) => false,
            (_, next) => self.is_scenario_before(next),
        }
    }

    /// Whether what follows is what follows the heading of a scenario or background.
    fn is_scenario_before(&self, next: Next<'_>) -> bool {
        match next {
            Next::Text(line) => is_step_in(self.dialect, &as_seen(line)),
            Next::Steps => true,
            Next::Heading(..) | Next::Other => false,
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
    lists.flat_map(|(kind, list)| list.iter().map(move |keyword| (kind, *keyword)))
}

/// Where a heading stands that is right but for its place.
fn misplaced(kind: TokenKind, keyword: &str) -> String {
    match kind {
        TokenKind::FeatureLine => "a file holds one feature".to_owned(),
        TokenKind::BackgroundLine => {
            format!("`{keyword}:` stands once, before the first scenario of a feature or rule")
        }
        TokenKind::ExamplesLine => {
            format!("`{keyword}:` stands below the steps of a scenario outline")
        }
        _ => format!("type `{keyword}:` anew"),
    }
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
