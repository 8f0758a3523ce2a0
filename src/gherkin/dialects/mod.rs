//! The spoken languages of Gherkin: the keywords of each, and the index that finds them.
//!
//! It knows keywords and nothing about lines, states or documents.

mod table;

use std::sync::OnceLock;

use super::ast::StepKeywordType;
use super::token::TokenKind;

/// One language that feature files can be written in.
#[derive(Debug)]
pub struct Dialect {
    /// Code as in `# language: fr`.
    pub code: &'static str,
    /// Name in English.
    pub name: &'static str,
    /// Name in the language itself.
    pub native: &'static str,
    /// Keywords of features, without the colon that follows them.
    pub feature: &'static [&'static str],
    /// Keywords of backgrounds.
    pub background: &'static [&'static str],
    /// Keywords of rules.
    pub rule: &'static [&'static str],
    /// Keywords of scenarios.
    pub scenario: &'static [&'static str],
    /// Keywords of scenario outlines.
    pub scenario_outline: &'static [&'static str],
    /// Keywords of examples.
    pub examples: &'static [&'static str],
    /// Step keywords of contexts, with the space that ends them if the language has spaces.
    pub given: &'static [&'static str],
    /// Step keywords of actions.
    pub when: &'static [&'static str],
    /// Step keywords of outcomes.
    pub then: &'static [&'static str],
    /// Step keywords that go on like the step before.
    pub and: &'static [&'static str],
    /// Step keywords that contrast with the step before.
    pub but: &'static [&'static str],
}

impl Dialect {
    /// All dialects, sorted by code.
    pub fn all() -> &'static [Dialect] {
        table::DIALECTS
    }

    /// The dialect with this exact code.
    pub fn find(code: &str) -> Option<&'static Dialect> {
        Some(&table::DIALECTS[position(code)?])
    }

    /// The dialect that files without a language are written in.
    pub fn english() -> &'static Dialect {
        Self::find("en").expect("the table holds English")
    }

    /// Keywords with a colon after them, by the kind of line they start.
    pub fn title_keywords(&self) -> [(TokenKind, &'static [&'static str]); 6] {
        [
            (TokenKind::FeatureLine, self.feature),
            (TokenKind::BackgroundLine, self.background),
            (TokenKind::RuleLine, self.rule),
            (TokenKind::ScenarioLine, self.scenario),
            (TokenKind::ScenarioLine, self.scenario_outline),
            (TokenKind::ExamplesLine, self.examples),
        ]
    }

    /// Keywords of steps, by the type that each gives a step.
    pub fn step_keywords(&self) -> [(StepKeywordType, &'static [&'static str]); 5] {
        [
            (StepKeywordType::Context, self.given),
            (StepKeywordType::Action, self.when),
            (StepKeywordType::Outcome, self.then),
            (StepKeywordType::Conjunction, self.and),
            (StepKeywordType::Conjunction, self.but),
        ]
    }

    /// The type of a step keyword; one that stands in several lists says nothing by itself.
    pub fn keyword_type(&self, keyword: &str) -> StepKeywordType {
        let lists = self.step_keywords();
        let mut types = lists
            .iter()
            .flat_map(|(kind, list)| list.iter().map(move |text| (kind, text)))
            .filter(|(_, text)| **text == keyword)
            .map(|(kind, _)| *kind);
        match (types.next(), types.next()) {
            (Some(only), None) => only,
            _ => StepKeywordType::Unknown,
        }
    }

    /// The index of this dialect's keywords, built on first use.
    pub(super) fn index(&'static self) -> &'static KeywordIndex {
        static INDEXES: PerDialect<KeywordIndex> = PerDialect::new();
        INDEXES.get(self, KeywordIndex::new)
    }
}

/// What is made from the keywords of a dialect when it is first needed, for all files in the dialect.
pub(super) struct PerDialect<T>(OnceLock<Vec<OnceLock<T>>>);

impl<T> PerDialect<T> {
    pub const fn new() -> Self {
        Self(OnceLock::new())
    }

    pub fn get(&self, dialect: &'static Dialect, make: impl FnOnce(&'static Dialect) -> T) -> &T {
        let all =
            (self.0).get_or_init(|| table::DIALECTS.iter().map(|_| OnceLock::new()).collect());
        let position = position(dialect.code).expect("dialects come from the table only");
        all[position].get_or_init(|| make(dialect))
    }
}

fn position(code: &str) -> Option<usize> {
    table::DIALECTS
        .binary_search_by(|dialect| dialect.code.cmp(code))
        .ok()
}

/// A keyword as the line scanner looks for it.
#[derive(Debug)]
pub(super) struct Keyword {
    pub text: &'static str,
    pub kind: TokenKind,
    /// `Unknown` for title keywords.
    pub keyword_type: StepKeywordType,
    /// The first bytes of the text, and which of them it has.
    head: u64,
    mask: u64,
}

impl Keyword {
    fn new(text: &'static str, kind: TokenKind, keyword_type: StepKeywordType) -> Self {
        let unused = 8 * 8usize.saturating_sub(text.len());
        Self {
            text,
            kind,
            keyword_type,
            head: head(text.as_bytes()),
            mask: u64::MAX.checked_shr(unused as u32).unwrap_or_default(),
        }
    }

    /// Whether a line begins with the keyword. Most keywords differ from the line in its first bytes, which one
    /// comparison shows.
    fn begins(&self, line: &[u8], head_of_line: u64) -> bool {
        head_of_line & self.mask == self.head
            && (self.text.len() <= 8 || line.starts_with(self.text.as_bytes()))
    }
}

/// The first eight bytes of a text as a number, with zeros for those that it does not have.
fn head(text: &[u8]) -> u64 {
    let bytes = text.first_chunk().copied().unwrap_or_else(|| {
        let mut bytes = [0; 8];
        bytes[..text.len()].copy_from_slice(text);
        bytes
    });
    u64::from_le_bytes(bytes)
}

/// The keywords of a dialect by their first byte, longest first.
#[derive(Debug)]
pub(super) struct KeywordIndex {
    keywords: Vec<Keyword>,
    /// For each byte, the range of the keywords that begin with it.
    ranges: [(u16, u16); 256],
}

/// The keywords that a line begins with: it can be a step and a title in a few languages.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct KeywordMatch {
    pub step: Option<&'static Keyword>,
    pub title: Option<&'static Keyword>,
}

impl KeywordIndex {
    fn new(dialect: &Dialect) -> Self {
        let mut keywords = Vec::new();
        for (kind, list) in dialect.title_keywords() {
            let keyword = |text: &&'static str| Keyword::new(text, kind, StepKeywordType::Unknown);
            keywords.extend(list.iter().map(keyword));
        }
        for (_, list) in dialect.step_keywords() {
            keywords.extend(
                list.iter().map(|text| {
                    Keyword::new(text, TokenKind::StepLine, dialect.keyword_type(text))
                }),
            );
        }
        let first = |keyword: &Keyword| keyword.text.as_bytes()[0];
        // The sort is stable: of equal keywords the first one in the official order wins.
        keywords.sort_by_key(|keyword| (first(keyword), usize::MAX - keyword.text.len()));
        keywords.dedup_by(|a, b| a.text == b.text && a.kind == b.kind);
        let mut ranges = [(0, 0); 256];
        for (position, keyword) in (0u16..).zip(&keywords) {
            let range = &mut ranges[usize::from(first(keyword))];
            if range.1 == 0 {
                range.0 = position;
            }
            range.1 = position + 1;
        }
        Self { keywords, ranges }
    }

    /// Which keywords the text begins with.
    pub fn find(&'static self, text: &str) -> KeywordMatch {
        let bytes = text.as_bytes();
        let mut found = KeywordMatch::default();
        let Some(first) = bytes.first() else {
            return found;
        };
        let (start, end) = self.ranges[usize::from(*first)];
        let head = head(bytes);
        for keyword in &self.keywords[usize::from(start)..usize::from(end)] {
            if keyword.kind == TokenKind::StepLine {
                if found.step.is_none() && keyword.begins(bytes, head) {
                    found.step = Some(keyword);
                }
            } else if bytes.get(keyword.text.len()) == Some(&b':') && keyword.begins(bytes, head) {
                found.title = found.title.or(Some(keyword));
            }
        }
        found
    }
}
