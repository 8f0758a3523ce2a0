//! Keywords of other languages than that of a file.

use std::sync::OnceLock;

use crate::gherkin::dialects::Dialect;

/// Says that a word belongs to another language.
pub(in crate::gherkin) fn other_language(
    word: &str,
    found: &Dialect,
    expected: &Dialect,
) -> String {
    format!(
        "`{word}` is {}, and this file is {}: a line `# language: {}` at its top changes that",
        found.name, expected.name, found.code
    )
}

/// The languages that most feature files of other languages than English are written in, most frequent first. A
/// guess that decides only between languages with the same keyword.
const FREQUENT: [&str; 12] = [
    "en", "de", "fr", "es", "pt", "it", "nl", "ru", "pl", "ja", "zh-CN", "sv",
];

/// The place of a language among the frequent ones; the same for all others.
pub(in crate::gherkin) fn frequency_rank(dialect: &Dialect) -> usize {
    let place = FREQUENT.iter().position(|code| *code == dialect.code);
    place.unwrap_or(FREQUENT.len())
}

/// The step keywords of all languages, the longest first. Joke dialects of English have too many of its words.
pub(super) fn foreign_keywords() -> &'static [(&'static str, &'static Dialect)] {
    static KEYWORDS: OnceLock<Vec<(&str, &Dialect)>> = OnceLock::new();
    KEYWORDS.get_or_init(|| {
        let dialects = Dialect::all().iter();
        let mut keywords: Vec<_> = dialects
            .filter(|dialect| !dialect.code.starts_with("en-"))
            .flat_map(|dialect| {
                let lists = dialect.step_keywords().into_iter();
                lists.flat_map(move |(_, list)| list.iter().map(move |text| (*text, dialect)))
            })
            .filter(|(text, _)| *text != "* ")
            .collect();
        keywords.sort_by_key(|(text, dialect)| (usize::MAX - text.len(), frequency_rank(dialect)));
        keywords
    })
}
