//! What a line that is not understood was probably meant to be: signs and letters that only look right, and
//! headings of another language.

use super::dialects::Dialect;
use super::look_alike::{foreign_characters, odd_characters, skeleton};
use super::slips::frequency_rank;
use super::space::is_space;
use super::token::TokenKind;

/// The headings of a language.
pub(super) fn titles(dialect: &Dialect) -> impl Iterator<Item = (TokenKind, &'static str)> {
    let lists = dialect.title_keywords().into_iter();
    lists.flat_map(|(kind, list)| list.iter().map(move |keyword| (kind, *keyword)))
}

/// A sign at the begin of the line that only looks like one of Gherkin's; `seen` is the line as a reader sees it.
pub(super) fn look_alike(found: &str, seen: &str) -> Option<String> {
    if ["“““", "”””", "'''", "„„„"]
        .iter()
        .any(|marks| found.starts_with(marks))
    {
        return Some("a docstring stands between lines of three plain `\"`".into());
    }
    let sign = seen.chars().next().filter(|sign| "|@#*".contains(*sign))?;
    let odd = odd_characters(found.chars().next()?.encode_utf8(&mut [0; 4]))?;
    let what = match sign {
        '|' => "a row of a table begins with",
        '@' => "tags begin with",
        '#' => "a comment begins with",
        _ => "this step begins with",
    };
    Some(format!("the line has {odd}: {what} a plain `{sign}`"))
}

/// A keyword of a heading with letters of another alphabet.
pub(super) fn foreign_letters(
    expected: &[TokenKind],
    found: &str,
    dialect: &Dialect,
) -> Option<String> {
    let (word, _) = found.split_once(':').filter(|(word, _)| word.len() < 100)?;
    let (_, keyword) = titles(dialect).find(|(kind, keyword)| {
        expected.contains(kind) && word != *keyword && skeleton(word) == skeleton(keyword)
    })?;
    let odd = foreign_characters(word, keyword);
    Some(format!("the line has {odd}: type its keyword anew"))
}

/// Whether the text is a heading but for the space before its colon.
pub(super) fn has_space_before_colon(text: &str, keyword: &str) -> bool {
    text.strip_prefix(keyword).is_some_and(|rest| {
        rest.starts_with(is_space) && rest.trim_start_matches(is_space).starts_with(':')
    })
}

/// The other dialect in which the line is a heading that may stand here, and its keyword.
pub(super) fn language_of_title<'t>(
    expected: &[TokenKind],
    found: &'t str,
    dialect: &Dialect,
) -> Option<(&'static Dialect, &'t str)> {
    let others = Dialect::all().iter();
    let others = others.filter(|other| other.code != dialect.code);
    others
        .filter_map(|other| {
            let title = other.index().find(found).title?;
            let word = found.get(..title.text.len())?;
            expected.contains(&title.kind).then_some((other, word))
        })
        .min_by_key(|(other, _)| frequency_rank(other))
}
