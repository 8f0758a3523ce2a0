//! Says what a line of a `.feature.md` file is: Markdown with Gherkin.
//!
//! Headings (`#` to `######`) carry titles, list items carry steps, tables are indented two
//! to five spaces, docstrings are fences, tags stand in backticks; other lines are prose.
//! The rules, and the order in which they are tried, are those of the official parser. The
//! order shows: asking whether a line is prose opens a docstring if the line is a fence.

use super::ast::Tag;
use super::cells::add_cells;
use super::dialects::{Dialect, KeywordIndex};
use super::error::Errors;
use super::flavor::Flavor;
use super::line::{Lines, SourceLine};
use super::matcher::{LineMatch, Matcher, StepLine, TitleLine};
use super::space::{is_space, leading_space, trim, width};
use super::states::{StateRow, TagsOf};
use super::token::TokenKind;

/// The matcher of Markdown files.
#[derive(Debug)]
pub(super) struct MarkdownMatcher<'s> {
    dialect: &'static Dialect,
    index: &'static KeywordIndex,
    /// Whether the feature's line has been seen: it is the first line, whatever that is.
    in_feature: bool,
    /// The delimiter of the docstring that is open, and its indent.
    open: Option<(&'s str, u32)>,
    /// Where the last line that matched anything begins.
    column: Option<u32>,
}

/// The kinds that a line of prose must not be.
const NOT_PROSE: [TokenKind; 10] = [
    TokenKind::TagLine,
    TokenKind::FeatureLine,
    TokenKind::ScenarioLine,
    TokenKind::BackgroundLine,
    TokenKind::ExamplesLine,
    TokenKind::RuleLine,
    TokenKind::TableRow,
    TokenKind::Comment,
    TokenKind::DocStringSeparator,
    TokenKind::StepLine,
];

impl<'s> MarkdownMatcher<'s> {
    pub fn new(dialect: &'static Dialect) -> Self {
        Self {
            dialect,
            index: dialect.index(),
            in_feature: false,
            open: None,
            column: None,
        }
    }

    fn try_kind(&mut self, kind: TokenKind, line: &SourceLine<'s>) -> Option<LineMatch<'s>> {
        let found = match kind {
            TokenKind::Eof | TokenKind::Language => None,
            TokenKind::Empty => self.is_prose(line).then_some(LineMatch::Empty),
            TokenKind::Comment => is_separator(line).then_some(LineMatch::Comment(None)),
            TokenKind::TagLine => Some(tags(line))
                .filter(|tags| !tags.is_empty())
                .map(LineMatch::Tags),
            TokenKind::FeatureLine => self.feature(line),
            TokenKind::RuleLine
            | TokenKind::BackgroundLine
            | TokenKind::ScenarioLine
            | TokenKind::ExamplesLine => self.heading(kind, line),
            TokenKind::StepLine => self.step(line),
            TokenKind::DocStringSeparator => self.separator(line),
            TokenKind::TableRow => is_row(line).then_some(LineMatch::Row),
            TokenKind::Other => {
                let columns = self.open.map_or(0, |(_, columns)| columns);
                Some(LineMatch::Other(line.dedented(columns)))
            }
        };
        match &found {
            None => {}
            Some(LineMatch::Title(title)) => self.column = Some(title.column),
            Some(LineMatch::Step(step)) => self.column = Some(step.column),
            Some(LineMatch::Comment(_)) => self.column = Some(1),
            Some(_) => self.column = Some(line.indent_width() + 1),
        }
        found
    }

    fn is_prose(&mut self, line: &SourceLine<'s>) -> bool {
        let special = NOT_PROSE
            .iter()
            .any(|kind| self.try_kind(*kind, line).is_some());
        line.trimmed().is_empty() || !special
    }

    fn feature(&mut self, line: &SourceLine<'s>) -> Option<LineMatch<'s>> {
        if self.in_feature {
            return None;
        }
        self.in_feature = true;
        self.heading(TokenKind::FeatureLine, line).or_else(|| {
            Some(LineMatch::Title(TitleLine {
                kind: TokenKind::FeatureLine,
                column: line.indent_width() + 1,
                keyword: None,
                name: line.trimmed().trim_end_matches('\r'),
            }))
        })
    }

    fn heading(&self, kind: TokenKind, line: &SourceLine<'s>) -> Option<LineMatch<'s>> {
        let text = line.trimmed();
        let after_marks = text.trim_start_matches('#');
        let marks = text.len() - after_marks.len();
        let space = after_marks.chars().next().filter(|c| is_space(*c))?;
        if !(1..=6).contains(&marks) {
            return None;
        }
        let rest = &after_marks[space.len_utf8()..];
        let keyword = self.index.find(rest).title.filter(|k| k.kind == kind)?;
        Some(LineMatch::Title(TitleLine {
            kind,
            column: line.indent_width() + marks as u32 + 2,
            keyword: Some(&rest[..keyword.text.len()]),
            name: trim(&rest[keyword.text.len() + 1..]),
        }))
    }

    fn step(&self, line: &SourceLine<'s>) -> Option<LineMatch<'s>> {
        let text = line.trimmed();
        let after_bullet = text.strip_prefix(['*', '+', '-'])?;
        let space = leading_space(after_bullet);
        let rest = &after_bullet[space..];
        let keyword = self.index.find(rest).step.filter(|k| k.text != "* ")?;
        Some(LineMatch::Step(StepLine {
            column: line.indent_width() + width(&after_bullet[..space]) + 2,
            keyword: &rest[..keyword.text.len()],
            keyword_type: keyword.keyword_type,
            text: trim(&rest[keyword.text.len()..]),
        }))
    }

    fn separator(&mut self, line: &SourceLine<'s>) -> Option<LineMatch<'s>> {
        let text = line.trimmed();
        let length = text.len() - text.trim_start_matches('`').len();
        if let Some((delimiter, _)) = self.open {
            let closes = length == delimiter.len() && trim(text).len() == length;
            return closes.then(|| {
                self.open = None;
                LineMatch::Separator(delimiter, "")
            });
        }
        if length < 3 {
            return None;
        }
        self.open = Some((&text[..length], line.indent_width()));
        Some(LineMatch::Separator(&text[..length], line.rest(length)))
    }

    /// Whether a line of this kind follows, after prose, table separators and tags.
    fn follows(&mut self, kind: TokenKind, lines: Lines<'s>) -> bool {
        for line in lines {
            if self.try_kind(kind, &line).is_some() {
                return true;
            }
            let passed = [TokenKind::Empty, TokenKind::Comment, TokenKind::TagLine];
            if !passed
                .iter()
                .any(|kind| self.try_kind(*kind, &line).is_some())
            {
                return false;
            }
        }
        false
    }
}

impl<'s> Matcher<'s> for MarkdownMatcher<'s> {
    fn find(
        &mut self,
        row: &StateRow,
        line: &SourceLine<'s>,
        _errors: &mut Errors,
    ) -> Option<LineMatch<'s>> {
        self.column = None;
        row.order.iter().find_map(|kind| self.try_kind(*kind, line))
    }

    fn tags_of(&mut self, lines: Lines<'s>, examples: bool, _errors: &mut Errors) -> TagsOf {
        if examples && self.follows(TokenKind::ExamplesLine, lines) {
            TagsOf::Examples
        } else if self.follows(TokenKind::ScenarioLine, lines) {
            TagsOf::Scenario
        } else {
            TagsOf::Rule
        }
    }

    fn column(&self, line: &SourceLine<'s>) -> u32 {
        self.column.unwrap_or(line.indent_width() + 1)
    }

    fn dialect(&self) -> &'static Dialect {
        self.dialect
    }
}

/// Tables that are Gherkin stand out from those that are prose by their indent.
fn is_row(line: &SourceLine<'_>) -> bool {
    (2..=5).contains(&line.indent_width()) && line.trimmed().starts_with('|') && !is_separator(line)
}

/// Whether the line parts the head of a Markdown table from its body.
fn is_separator(line: &SourceLine<'_>) -> bool {
    let is_dashes = |value: &str| {
        let value = value.strip_prefix(':').unwrap_or(value);
        let value = value.strip_suffix(':').unwrap_or(value);
        !value.is_empty() && value.bytes().all(|byte| byte == b'-')
    };
    if !line.trimmed().starts_with('|') {
        return false;
    }
    let mut cells = Vec::new();
    add_cells(line, Flavor::Standard, &mut cells);
    cells.iter().any(|cell| is_dashes(&cell.value))
}

/// What stands in backticks and begins with `@`.
fn tags<'s>(line: &SourceLine<'s>) -> Vec<Tag<'s>> {
    let text = line.trimmed();
    let mut tags = Vec::new();
    let mut column = line.indent_width() + 1;
    let mut position = 0;
    while let Some(found) = text[position..].find("`@") {
        let begin = position + found + 1;
        let Some(length) = text[begin..].find('`') else {
            break;
        };
        column += width(&text[position..begin]);
        let end = begin + length;
        if length > 1 {
            tags.push(line.tag(column, &text[begin..end]));
            column += width(&text[begin..=end]);
            position = end + 1;
        } else {
            position = begin;
        }
    }
    tags
}
