//! Advice on a mistake: what the author probably meant, and what to do.

use std::fmt::Write;

use super::dialects::Dialect;
use super::error::{ErrorKind, ParseError};
use super::location::Location;
use super::look_alike::{as_seen, odd_characters};
use super::mistaken::{
    foreign_letters, has_space_before_colon, language_of_title, look_alike, titles,
};
use super::slips::{StepSlips, other_language};
use super::space::{is_space, trim};
use super::token::TokenKind;
use crate::spelling;

/// The code of a dialect that is spelled or named most like this.
pub fn nearest_language(code: &str) -> Option<&'static str> {
    let wanted = code.to_lowercase();
    let by_name = |dialect: &&Dialect| {
        wanted == dialect.name.to_lowercase() || wanted == dialect.native.to_lowercase()
    };
    if let Some(dialect) = Dialect::all().iter().find(by_name) {
        return Some(dialect.code);
    }
    // `fr-CA` and `de_DE` are most likely their first part.
    let part = wanted.split(['-', '_']).next().unwrap_or(&wanted);
    let by_part = |dialect: &&Dialect| dialect.code.to_lowercase() == part;
    if let Some(dialect) = Dialect::all().iter().find(by_part) {
        return Some(dialect.code);
    }
    spelling::nearest(&wanted, Dialect::all().iter().map(|dialect| dialect.code))
}

impl ParseError {
    /// What the author of the file may want to know or do, in one sentence.
    pub fn hint(&self, source: &str) -> Option<String> {
        match &self.kind {
            ErrorKind::UnexpectedLine {
                expected,
                found,
                language,
                ..
            } => {
                let dialect = Dialect::find(language)?;
                unexpected_line(expected, found, dialect)
            }
            ErrorKind::UnexpectedEnd {
                open: Some((delimiter, location)),
                ..
            } => Some(format!(
                "the docstring that begins in line {} is not closed: its end is a line with {}",
                location.line,
                quoted(delimiter)
            )),
            ErrorKind::UnexpectedEnd {
                expected, language, ..
            } => {
                let feature = Dialect::find(language)?.feature[0];
                let after_tags = (source.lines().rev().map(trim))
                    .find(|line| !line.is_empty() && !line.starts_with('#'))
                    .is_some_and(|line| line.starts_with('@'));
                Some(
                    if after_tags || !expected.contains(&TokenKind::FeatureLine) {
                        "tags stand before what they belong to, and nothing follows these".into()
                    } else {
                        format!("below `# language: {language}` stands a feature: `{feature}: …`")
                    },
                )
            }
            ErrorKind::CellCount {
                expected,
                found,
                first_line,
                ..
            } => Some(cell_count(
                *expected,
                *found,
                *first_line,
                line_of(source, self.location),
            )),
            ErrorKind::SpaceInTag => {
                let line = line_of(source, self.location);
                let start = usize::try_from(self.location.column).ok()?.checked_sub(1)?;
                let tag: String = line.chars().skip(start).collect();
                let mut hint = "tags are parted by a space and each begins with `@`".to_owned();
                let words = tag.split(" #").next().unwrap_or_default();
                let words = words.split_whitespace().filter(|word| *word != "@");
                let words: Vec<_> = words.take(3).collect();
                if !words.is_empty() && words.iter().map(|word| word.len()).sum::<usize>() < 60 {
                    let tags = words
                        .iter()
                        .map(|word| format!("@{}", word.trim_start_matches('@')));
                    let tags: Vec<_> = tags.collect();
                    let _ = write!(hint, "; did you mean `{}`?", tags.join(" "));
                }
                Some(hint)
            }
            ErrorKind::UnknownLanguage(code) => {
                let nearest = nearest_language(code)
                    .map_or(String::new(), |code| format!("did you mean `{code}`? "));
                Some(format!("{nearest}`bdd languages` lists them all"))
            }
            ErrorKind::Encoding(_) => Some("save the file as UTF-8".into()),
            ErrorKind::Expansion => {
                Some("a value brings in placeholders whose values bring in more".into())
            }
            ErrorKind::TooMuchText { .. } => Some(
                "each use of a placeholder is a copy of its value: use a long value in fewer places, or put it \
                 into a file that a step reads"
                    .into(),
            ),
        }
    }
}

fn quoted(delimiter: &str) -> String {
    match delimiter {
        "```" => "three backticks".into(),
        "````" => "four backticks".into(),
        other => format!("`{other}`"),
    }
}

/// The line of a place in the source.
pub(super) fn line_of(source: &str, location: Location) -> &str {
    let index = location.line.saturating_sub(1) as usize;
    let line = source.split('\n').nth(index).unwrap_or_default();
    line.trim_end_matches('\r')
}

fn cell_count(expected: usize, found: usize, first_line: u32, line: &str) -> String {
    let cells = |count: usize| match count {
        1 => "1 cell".to_owned(),
        count => format!("{count} cells"),
    };
    let mut hint = format!(
        "this row has {}, the first row of the table (line {first_line}) has {}",
        cells(found),
        cells(expected)
    );
    let line = trim(line);
    if line.ends_with(r"\|") {
        hint.push_str(r"; `\|` is part of a cell and does not end it");
    } else if !line.ends_with('|') {
        hint.push_str("; what follows the last `|` is not a cell: end the row with `|`");
    }
    hint
}

fn unexpected_line(
    expected: &[TokenKind],
    found: &str,
    dialect: &'static Dialect,
) -> Option<String> {
    let takes = |kind: TokenKind| expected.contains(&kind);
    match found.chars().next()? {
        '@' => return None,
        '|' => return Some("a table stands below a step or below examples".into()),
        _ if found.starts_with("\"\"\"") || found.starts_with("```") => {
            let in_step = takes(TokenKind::StepLine) && takes(TokenKind::Empty);
            return Some(if in_step {
                "a step has at most one docstring".into()
            } else {
                "a docstring stands below a step".into()
            });
        }
        _ => {}
    }
    let seen = as_seen(found);
    if let Some(hint) = look_alike(found, &seen) {
        return Some(hint);
    }
    if seen != found
        && let seen = dialect.index().find(seen.trim())
        && (seen.title.is_some() || seen.step.is_some())
        && let Some(odd) = odd_characters(found)
    {
        return Some(format!("the line has {odd}: type its keyword anew"));
    }
    let index = dialect.index().find(found);
    if let Some(title) = index.title {
        if takes(TokenKind::FeatureLine) {
            return Some(format!("a file begins with `{}:`", dialect.feature[0]));
        }
        return Some(misplaced(title.kind, takes(TokenKind::StepLine)).into());
    }
    if let Some(hint) = foreign_letters(expected, found, dialect) {
        return Some(hint);
    }
    if let Some((_, keyword)) = titles(dialect)
        .find(|(kind, keyword)| takes(*kind) && has_space_before_colon(found, keyword))
    {
        return Some(format!(
            "no space stands before the colon: did you mean `{keyword}:`?"
        ));
    }
    if let Some((_, keyword)) =
        titles(dialect).find(|(kind, keyword)| takes(*kind) && starts_with_word(found, keyword))
    {
        return Some(format!("a colon is missing: did you mean `{keyword}:`?"));
    }
    if index.step.is_some() && !takes(TokenKind::StepLine) {
        let start = takes(TokenKind::FeatureLine);
        return Some(if start {
            format!(
                "a step stands in a scenario, and a file begins with `{}:`",
                dialect.feature[0]
            )
        } else if takes(TokenKind::TableRow) {
            "the steps of an outline stand before its examples".into()
        } else {
            "tags stand before a scenario, a rule or examples, not before a step".into()
        });
    }
    if takes(TokenKind::FeatureLine)
        && let Some((other, _)) = language_of_title(&[TokenKind::FeatureLine], found, dialect)
    {
        return Some(match takes(TokenKind::Language) {
            true => format!(
                "this is {}: begin the file with `# language: {}`",
                other.name, other.code
            ),
            false => format!(
                "this is {}, and the file says `# language: {}`: change it to `# language: {}`, or write `{}:`",
                other.name, dialect.code, other.code, dialect.feature[0]
            ),
        });
    }
    if takes(TokenKind::StepLine)
        && let Some(slip) = StepSlips::of(dialect).find(found)
    {
        return Some(format!("expected a step; {}", slip.advice));
    }
    if let Some(hint) = similar(expected, found, dialect) {
        return Some(hint);
    }
    if let Some((other, word)) = language_of_title(expected, found, dialect) {
        return Some(other_language(word, other, dialect));
    }
    if takes(TokenKind::FeatureLine) {
        return Some(format!("a file begins with `{}:`", dialect.feature[0]));
    }
    if takes(TokenKind::StepLine) {
        let keywords = dialect.step_keywords().map(|(_, list)| {
            let keyword = list.iter().find(|keyword| **keyword != "* ");
            format!("`{}`", keyword.map_or("*", |keyword| keyword.trim_end()))
        });
        return Some(format!(
            "expected a step; a step is one line and begins with {} or `*`",
            keywords.join(", ")
        ));
    }
    Some("text stands below a title, before the first step or table, or in a docstring".into())
}

/// Where a title stands, for one that stands elsewhere.
fn misplaced(kind: TokenKind, among_steps: bool) -> &'static str {
    match kind {
        TokenKind::FeatureLine => "a file holds one feature",
        TokenKind::BackgroundLine => {
            "a background stands before the first scenario of a feature or rule, without tags"
        }
        TokenKind::ExamplesLine if among_steps => "a background has no examples; an outline does",
        TokenKind::ExamplesLine => "examples stand at the end of a scenario outline",
        _ => "scenarios and rules stand in a feature; tags before them must be theirs",
    }
}

fn starts_with_word(text: &str, word: &str) -> bool {
    text.strip_prefix(word)
        .is_some_and(|rest| rest.chars().next().is_none_or(is_space))
}

/// The keyword that the line seems to begin with, if a letter or two were other.
fn similar(expected: &[TokenKind], found: &str, dialect: &Dialect) -> Option<String> {
    let mut best: Option<(f64, String)> = None;
    let mut offer = |found: &str, keyword: &str, shown: String| {
        let most = best.as_ref().map_or(0.0, |(most, _)| *most);
        if let Some(likeness) =
            spelling::likeness(found, keyword).filter(|likeness| *likeness > most)
        {
            best = Some((likeness, shown));
        }
    };
    // No keyword is longer, and a line can be as long as the file.
    let head: String = found.chars().take(64).collect();
    for (kind, keyword) in titles(dialect) {
        if !expected.contains(&kind) {
            continue;
        }
        let shown = format!("did you mean `{keyword}:`?");
        match head.split_once(':') {
            Some((before, _)) => offer(before, keyword, shown),
            None => offer(words(&head, keyword), keyword, shown),
        }
    }
    if expected.contains(&TokenKind::StepLine) {
        for (_, list) in dialect.step_keywords() {
            for keyword in list.iter().map(|keyword| keyword.trim_end()) {
                let shown = format!("expected a step; did you mean `{keyword}`?");
                offer(words(&head, keyword), keyword, shown);
            }
        }
    }
    best.map(|(_, shown)| shown)
}

/// As many words of the text as the keyword has.
fn words<'t>(text: &'t str, keyword: &str) -> &'t str {
    let count = keyword.split(' ').count();
    let end = text.match_indices(' ').nth(count - 1);
    end.map_or(text, |(offset, _)| &text[..offset])
}
