//! Says what a line of a plain feature file is, given what may stand there.

use super::ast::{StepKeywordType, Tag};
use super::behave::{self, SINGLE_QUOTES};
use super::dialects::{Dialect, KeywordIndex, KeywordMatch};
use super::error::{ErrorKind, Errors};
use super::flavor::Flavor;
use super::line::{Lines, SourceLine};
use super::space::{leading_space, trim};
use super::states::{StateRow, TagsOf};
use super::token::{KindSet, TokenKind};

/// What a line is.
#[derive(Debug)]
pub(super) enum LineMatch<'s> {
    Empty,
    /// A table separator of Markdown takes the place of a comment and has no text.
    Comment(Option<&'s str>),
    Language,
    Tags(Vec<Tag<'s>>),
    Title(TitleLine<'s>),
    Step(StepLine<'s>),
    /// The delimiter, and the media type if it opens a docstring.
    Separator(&'s str, &'s str),
    Row,
    /// Range in the source.
    Other((usize, usize)),
}

/// A line such as `Scenario: name`.
#[derive(Debug)]
pub(super) struct TitleLine<'s> {
    pub kind: TokenKind,
    pub column: u32,
    pub keyword: Option<&'s str>,
    pub name: &'s str,
}

/// A line such as `Given text`.
#[derive(Debug)]
pub(super) struct StepLine<'s> {
    pub column: u32,
    pub keyword: &'s str,
    pub keyword_type: StepKeywordType,
    pub text: &'s str,
}

impl LineMatch<'_> {
    pub fn kind(&self) -> TokenKind {
        match self {
            LineMatch::Empty => TokenKind::Empty,
            LineMatch::Comment(_) => TokenKind::Comment,
            LineMatch::Language => TokenKind::Language,
            LineMatch::Tags(_) => TokenKind::TagLine,
            LineMatch::Title(title) => title.kind,
            LineMatch::Step(_) => TokenKind::StepLine,
            LineMatch::Separator(..) => TokenKind::DocStringSeparator,
            LineMatch::Row => TokenKind::TableRow,
            LineMatch::Other(_) => TokenKind::Other,
        }
    }
}

/// Understands the lines of one notation of Gherkin.
pub(super) trait Matcher<'s> {
    /// What the line is, if it is one of the row's kinds. Mistakes inside it go to `errors`.
    fn find(
        &mut self,
        row: &StateRow,
        line: &SourceLine<'s>,
        errors: &mut Errors,
    ) -> Option<LineMatch<'s>>;

    /// What the tags before these lines belong to; blank lines, comments and further tags are skipped.
    fn tags_of(&mut self, lines: Lines<'s>, examples: bool, errors: &mut Errors) -> TagsOf;

    /// The column that an error gives for a line that may not stand where it is.
    fn column(&self, line: &SourceLine<'s>) -> u32;

    /// The language of the file as far as it is known.
    fn dialect(&self) -> &'static Dialect;
}

const KEYWORDS: KindSet = KindSet::of(&[
    TokenKind::FeatureLine,
    TokenKind::RuleLine,
    TokenKind::BackgroundLine,
    TokenKind::ScenarioLine,
    TokenKind::ExamplesLine,
    TokenKind::StepLine,
]);

/// The matcher of plain files.
#[derive(Debug)]
pub(super) struct PlainMatcher<'s> {
    dialect: &'static Dialect,
    index: &'static KeywordIndex,
    flavor: Flavor,
    /// The delimiter of the docstring that is open, and its indent.
    open: Option<(&'s str, u32)>,
}

impl<'s> PlainMatcher<'s> {
    pub fn new(dialect: &'static Dialect, flavor: Flavor) -> Self {
        Self {
            dialect,
            index: dialect.index(),
            flavor,
            open: None,
        }
    }

    fn language(&mut self, line: &SourceLine<'s>, errors: &mut Errors) -> Option<LineMatch<'s>> {
        let code = language_code(line.trimmed())?;
        match Dialect::find(code) {
            Some(dialect) => {
                self.dialect = dialect;
                self.index = dialect.index();
                Some(LineMatch::Language)
            }
            None => {
                errors.add(line.location(), ErrorKind::UnknownLanguage(code.into()));
                None
            }
        }
    }

    fn separator(&mut self, line: &SourceLine<'s>) -> Option<LineMatch<'s>> {
        let text = line.trimmed();
        match self.open {
            Some((delimiter, _)) => text.starts_with(delimiter).then(|| {
                self.open = None;
                LineMatch::Separator(&text[..delimiter.len()], "")
            }),
            None => self.opens_doc_string(text).then(|| {
                let delimiter = &text[..3];
                self.open = Some((delimiter, line.indent_width()));
                LineMatch::Separator(delimiter, line.rest(3))
            }),
        }
    }

    fn tags(&self, line: &SourceLine<'s>, errors: &mut Errors) -> Option<Vec<Tag<'s>>> {
        let tags = match self.flavor {
            Flavor::Standard => line.tags(),
            Flavor::Behave => behave::tags(line),
        };
        tags.map_err(|column| errors.add(line.at(column), ErrorKind::SpaceInTag))
            .ok()
    }

    fn opens_doc_string(&self, text: &str) -> bool {
        text.starts_with("\"\"\"")
            || text.starts_with("```")
            || !self.flavor.is_standard() && text.starts_with(SINGLE_QUOTES)
    }

    /// The length of the keyword of a step, and its type.
    fn step_keyword(&self, text: &str, found: KeywordMatch) -> Option<(usize, StepKeywordType)> {
        match self.flavor {
            Flavor::Standard => found.step.map(|step| (step.text.len(), step.keyword_type)),
            Flavor::Behave => behave::step_keyword(self.dialect, text),
        }
    }

    fn keyword(&self, row: &StateRow, line: &SourceLine<'s>) -> Option<LineMatch<'s>> {
        let text = line.trimmed();
        let found = self.index.find(text);
        if row.set.contains(TokenKind::StepLine)
            && let Some((length, keyword_type)) = self.step_keyword(text, found)
        {
            return Some(LineMatch::Step(StepLine {
                column: line.indent_width() + 1,
                keyword: &text[..length],
                keyword_type,
                text: line.rest(length),
            }));
        }
        let title = found.title.filter(|title| row.set.contains(title.kind))?;
        Some(LineMatch::Title(TitleLine {
            kind: title.kind,
            column: line.indent_width() + 1,
            keyword: Some(&text[..title.text.len()]),
            name: line.rest(title.text.len() + 1),
        }))
    }
}

impl<'s> Matcher<'s> for PlainMatcher<'s> {
    #[inline(always)]
    fn find(
        &mut self,
        row: &StateRow,
        line: &SourceLine<'s>,
        errors: &mut Errors,
    ) -> Option<LineMatch<'s>> {
        let found = match line.trimmed().as_bytes().first() {
            None => row
                .set
                .contains(TokenKind::Empty)
                .then_some(LineMatch::Empty),
            Some(b'#') => {
                let language = if row.set.contains(TokenKind::Language) {
                    self.language(line, errors)
                } else {
                    None
                };
                language.or_else(|| {
                    let text = line.text().trim_end_matches('\r');
                    (row.set.contains(TokenKind::Comment)).then_some(LineMatch::Comment(Some(text)))
                })
            }
            Some(b'@') if row.set.contains(TokenKind::TagLine) => {
                self.tags(line, errors).map(LineMatch::Tags)
            }
            Some(b'|') => row
                .set
                .contains(TokenKind::TableRow)
                .then_some(LineMatch::Row),
            Some(b'"' | b'`') if row.set.contains(TokenKind::DocStringSeparator) => {
                self.separator(line)
            }
            // Keywords of a few languages begin with one quote.
            Some(b'\'')
                if !self.flavor.is_standard()
                    && row.set.contains(TokenKind::DocStringSeparator)
                    && line.trimmed().starts_with(SINGLE_QUOTES) =>
            {
                self.separator(line)
            }
            Some(_) if row.set.intersects(KEYWORDS) => self.keyword(row, line),
            Some(_) => None,
        };
        found.or_else(|| {
            let columns = self.open.map_or(0, |(_, columns)| columns);
            let range = || LineMatch::Other(line.dedented(columns));
            row.set.contains(TokenKind::Other).then(range)
        })
    }

    fn tags_of(&mut self, lines: Lines<'s>, examples: bool, errors: &mut Errors) -> TagsOf {
        for line in lines {
            match line.trimmed().as_bytes().first() {
                None | Some(b'#') => {}
                Some(b'@') => {
                    if self.tags(&line, errors).is_none() {
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
                        Some(TokenKind::ExamplesLine) if examples => TagsOf::Examples,
                        Some(TokenKind::ScenarioLine) => TagsOf::Scenario,
                        _ => TagsOf::Rule,
                    };
                }
            }
        }
        TagsOf::Rule
    }

    fn column(&self, line: &SourceLine<'s>) -> u32 {
        line.indent_width() + 1
    }

    fn dialect(&self) -> &'static Dialect {
        self.dialect
    }
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
