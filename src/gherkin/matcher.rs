//! Says what a line of a plain feature file is, given what may stand there.

use super::ast::KeywordType;
use super::dialects::{Dialect, KeywordIndex};
use super::error::{ErrorKind, Errors};
use super::line::{Line, Lines, TagItem};
use super::space::{leading_space, trim};
use super::states::{Row, TagsOf};
use super::token::{Kind, KindSet};

/// A line that has been understood.
#[derive(Debug)]
pub(super) enum Match<'s> {
    Empty,
    /// A table separator of Markdown takes the place of a comment and has no text.
    Comment(Option<&'s str>),
    Language,
    Tags(Vec<TagItem<'s>>),
    Title(Title<'s>),
    Step(StepMatch<'s>),
    /// The delimiter, and the media type if it opens a docstring.
    Separator(&'s str, &'s str),
    Row,
    /// Range in the source.
    Other((usize, usize)),
}

/// A line such as `Scenario: name`.
#[derive(Debug)]
pub(super) struct Title<'s> {
    pub kind: Kind,
    pub column: u32,
    pub keyword: Option<&'s str>,
    pub name: &'s str,
}

/// A line such as `Given text`.
#[derive(Debug)]
pub(super) struct StepMatch<'s> {
    pub column: u32,
    pub keyword: &'s str,
    pub keyword_type: KeywordType,
    pub text: &'s str,
}

impl Match<'_> {
    pub fn kind(&self) -> Kind {
        match self {
            Match::Empty => Kind::Empty,
            Match::Comment(_) => Kind::Comment,
            Match::Language => Kind::Language,
            Match::Tags(_) => Kind::TagLine,
            Match::Title(title) => title.kind,
            Match::Step(_) => Kind::StepLine,
            Match::Separator(..) => Kind::DocStringSeparator,
            Match::Row => Kind::TableRow,
            Match::Other(_) => Kind::Other,
        }
    }
}

/// Understands the lines of one notation of Gherkin.
pub(super) trait Matcher<'s> {
    /// What the line is, if it is one of the row's kinds. Mistakes inside it go to `errors`.
    fn find(&mut self, row: &Row, line: &Line<'s>, errors: &mut Errors) -> Option<Match<'s>>;

    /// What the tags before these lines belong to: blank lines, comments and further tags
    /// are looked over.
    fn tags_of(&mut self, lines: Lines<'s>, examples: bool, errors: &mut Errors) -> TagsOf;

    /// The column that an error gives for a line that may not stand where it is.
    fn column(&self, line: &Line<'s>) -> u32;

    /// The language of the file as far as it is known.
    fn dialect(&self) -> &'static Dialect;
}

const KEYWORDS: KindSet = KindSet::of(&[
    Kind::FeatureLine,
    Kind::RuleLine,
    Kind::BackgroundLine,
    Kind::ScenarioLine,
    Kind::ExamplesLine,
    Kind::StepLine,
]);

/// The matcher of plain files.
#[derive(Debug)]
pub(super) struct PlainMatcher<'s> {
    dialect: &'static Dialect,
    index: &'static KeywordIndex,
    /// The delimiter of the docstring that is open, and its indent.
    open: Option<(&'s str, u32)>,
}

impl<'s> PlainMatcher<'s> {
    pub fn new(dialect: &'static Dialect) -> Self {
        Self {
            dialect,
            index: dialect.index(),
            open: None,
        }
    }

    fn language(&mut self, line: &Line<'s>, errors: &mut Errors) -> Option<Match<'s>> {
        let code = language_code(line.trimmed())?;
        match Dialect::find(code) {
            Some(dialect) => {
                self.dialect = dialect;
                self.index = dialect.index();
                Some(Match::Language)
            }
            None => {
                errors.add(line.location(), ErrorKind::UnknownLanguage(code.into()));
                None
            }
        }
    }

    fn separator(&mut self, line: &Line<'s>) -> Option<Match<'s>> {
        let text = line.trimmed();
        match self.open {
            Some((delimiter, _)) => text.starts_with(delimiter).then(|| {
                self.open = None;
                Match::Separator(&text[..delimiter.len()], "")
            }),
            None => (text.starts_with("\"\"\"") || text.starts_with("```")).then(|| {
                let delimiter = &text[..3];
                self.open = Some((delimiter, line.indent_width()));
                Match::Separator(delimiter, line.rest(3))
            }),
        }
    }

    fn keyword(&self, row: &Row, line: &Line<'s>) -> Option<Match<'s>> {
        let text = line.trimmed();
        let found = self.index.find(text);
        if let Some(step) = found.step.filter(|_| row.set.contains(Kind::StepLine)) {
            return Some(Match::Step(StepMatch {
                column: line.indent_width() + 1,
                keyword: &text[..step.text.len()],
                keyword_type: step.keyword_type,
                text: line.rest(step.text.len()),
            }));
        }
        let title = found.title.filter(|title| row.set.contains(title.kind))?;
        Some(Match::Title(Title {
            kind: title.kind,
            column: line.indent_width() + 1,
            keyword: Some(&text[..title.text.len()]),
            name: line.rest(title.text.len() + 1),
        }))
    }
}

impl<'s> Matcher<'s> for PlainMatcher<'s> {
    fn find(&mut self, row: &Row, line: &Line<'s>, errors: &mut Errors) -> Option<Match<'s>> {
        let found = match line.trimmed().as_bytes().first() {
            None => row.set.contains(Kind::Empty).then_some(Match::Empty),
            Some(b'#') => {
                let language = if row.set.contains(Kind::Language) {
                    self.language(line, errors)
                } else {
                    None
                };
                language.or_else(|| {
                    let text = line.text.trim_end_matches('\r');
                    (row.set.contains(Kind::Comment)).then_some(Match::Comment(Some(text)))
                })
            }
            Some(b'@') if row.set.contains(Kind::TagLine) => tags(line, errors).map(Match::Tags),
            Some(b'|') => row.set.contains(Kind::TableRow).then_some(Match::Row),
            Some(b'"' | b'`') if row.set.contains(Kind::DocStringSeparator) => self.separator(line),
            Some(_) if row.set.intersects(KEYWORDS) => self.keyword(row, line),
            Some(_) => None,
        };
        found.or_else(|| {
            let columns = self.open.map_or(0, |(_, columns)| columns);
            let range = || Match::Other(line.dedented(columns));
            row.set.contains(Kind::Other).then(range)
        })
    }

    fn tags_of(&mut self, lines: Lines<'s>, examples: bool, errors: &mut Errors) -> TagsOf {
        for line in lines {
            match line.trimmed().as_bytes().first() {
                None | Some(b'#') => {}
                Some(b'@') => {
                    if tags(&line, errors).is_none() {
                        break;
                    }
                }
                Some(_) => {
                    return match self
                        .index
                        .find(line.trimmed())
                        .title
                        .map(|found| found.kind)
                    {
                        Some(Kind::ExamplesLine) if examples => TagsOf::Examples,
                        Some(Kind::ScenarioLine) => TagsOf::Scenario,
                        _ => TagsOf::Rule,
                    };
                }
            }
        }
        TagsOf::Rule
    }

    fn column(&self, line: &Line<'s>) -> u32 {
        line.indent_width() + 1
    }

    fn dialect(&self) -> &'static Dialect {
        self.dialect
    }
}

fn tags<'s>(line: &Line<'s>, errors: &mut Errors) -> Option<Vec<TagItem<'s>>> {
    line.tags()
        .map_err(|column| errors.add(line.at(column), ErrorKind::SpaceInTag))
        .ok()
}

/// The code in a line such as `# language: fr`.
fn language_code(text: &str) -> Option<&str> {
    let after_hash = text.strip_prefix('#')?;
    let after_word = after_hash[leading_space(after_hash)..].strip_prefix("language")?;
    let after_colon = after_word[leading_space(after_word)..].strip_prefix(':')?;
    let code = trim(after_colon);
    let is_code = |byte: u8| byte.is_ascii_alphabetic() || byte == b'-' || byte == b'_';
    (!code.is_empty() && code.bytes().all(is_code)).then_some(code)
}
