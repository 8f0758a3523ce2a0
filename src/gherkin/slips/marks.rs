//! Marks around a keyword that do not belong there: the bullet or number of a list, quotes, emphasis, commas.

use std::borrow::Cow;

use super::common_words::continues_sentence;

/// The text without the bullet or number of a list before it.
pub(super) fn without_bullet(text: &str) -> &str {
    without_number(text)
        .or_else(|| {
            text.strip_prefix(['-', '+', '•', '·', '–', '—', '>', '→', '⇒', '✓', '✔', '✅'])
        })
        .and_then(|rest| rest.strip_prefix(' '))
        .map_or(text, str::trim_start)
}

/// What follows `2.`, `2)`, `(2)`, `1.2`, `2:` or `a)`.
fn without_number(text: &str) -> Option<&str> {
    let inner = text.strip_prefix(['(', '[']).unwrap_or(text);
    let rest = inner.trim_start_matches(|sign: char| sign.is_ascii_digit() || sign == '.');
    let number = &inner[..inner.len() - rest.len()];
    if number.starts_with(|digit: char| digit.is_ascii_digit()) {
        return match rest.strip_prefix([')', ':', ']']) {
            Some(rest) => Some(rest),
            None => number.contains('.').then_some(rest),
        };
    }
    let mut letters = inner.chars();
    let is_letter = letters.next()?.is_ascii_alphabetic();
    is_letter
        .then(|| letters.as_str().strip_prefix(['.', ')', ']']))
        .flatten()
}

/// What follows a keyword and the marks around it, when there are marks before or after it. An opening bracket
/// counts only when something closes right after the keyword: a sentence in brackets is prose.
pub(super) fn after_marked<'t>(text: &'t str, keyword: &str) -> Option<&'t str> {
    let inner = text.trim_start_matches(is_mark).trim_start();
    let rest = inner.strip_prefix(keyword)?;
    let after = rest.trim_start_matches(is_mark);
    let marked_after = after.len() < rest.len();
    let marked_before = inner.len() < text.len() && !text.starts_with(['(', '[', '{', '<']);
    (marked_before || marked_after).then_some(after)
}

/// The text without marks that stand on both sides of its first word: `“given” x` becomes `given x`.
pub(super) fn without_emphasis(text: &str) -> Cow<'_, str> {
    let inner = text.trim_start_matches(is_mark);
    let end = inner.find(' ').unwrap_or(inner.len());
    let (first, rest) = inner.split_at(end);
    let word = first.trim_end_matches(is_mark);
    let is_prose = rest
        .split_whitespace()
        .next()
        .is_some_and(continues_sentence);
    if inner.len() < text.len() && word.len() < first.len() && !is_prose {
        Cow::Owned(format!("{word}{rest}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// Punctuation and symbols; not what begins tags, tables and comments.
pub(super) fn is_mark(character: char) -> bool {
    match character {
        '@' | '|' | '#' => false,
        '\u{a1}'..='\u{bf}' => !character.is_alphanumeric(),
        '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205e}' | '\u{3001}'..='\u{303f}' => true,
        '\u{2190}'..='\u{2bff}' | '\u{1f300}'..='\u{1faff}' => true,
        _ => character.is_ascii_punctuation(),
    }
}
