//! Drives a file through the state table: lines in, a document or all its errors out.

use super::ast::{GherkinDocument, Step};
use super::builder::DocumentBuilder;
use super::dialects::Dialect;
use super::error::{ErrorKind, Errors, ParseError};
use super::flavor::Flavor;
use super::line::{Lines, SourceLine};
use super::location::Location;
use super::markdown::MarkdownMatcher;
use super::matcher::{Matcher, PlainMatcher};
use super::space::trim;
use super::states::ParserState;
use super::token::TokenKind;

/// How to read a file.
#[derive(Debug, Clone, Copy)]
pub struct ParseOptions {
    /// The language of a file that does not name its own.
    pub dialect: &'static Dialect,
    /// Whether the file is Markdown with Gherkin.
    pub markdown: bool,
    /// Whose Gherkin the file is written in. Markdown is always Cucumber's.
    pub flavor: Flavor,
}

impl Default for ParseOptions {
    fn default() -> Self {
        Self {
            dialect: Dialect::english(),
            markdown: false,
            flavor: Flavor::Standard,
        }
    }
}

impl ParseOptions {
    /// These options for the file of this path: `.feature.md` is Markdown, all else is plain.
    pub fn for_path(self, path: &str) -> Self {
        Self {
            markdown: path.ends_with(".feature.md"),
            ..self
        }
    }
}

/// Parses the text of a file.
///
/// # Errors
/// All mistakes of the file, at most eleven, in the order in which the official parser
/// reports them.
pub fn parse<'s>(
    source: &'s str,
    options: &ParseOptions,
) -> Result<GherkinDocument<'s>, Vec<ParseError>> {
    if options.markdown {
        run(
            source,
            MarkdownMatcher::new(options.dialect),
            Flavor::Standard,
        )
    } else {
        let matcher = PlainMatcher::new(options.dialect, options.flavor);
        run(source, matcher, options.flavor)
    }
}

/// Parses a text that has only steps, with their tables and docstrings; comments and empty lines are
/// ignored. Line numbers are those of the text.
///
/// # Errors
/// As [`parse`].
pub fn parse_steps<'s>(
    source: &'s str,
    dialect: &'static Dialect,
) -> Result<Vec<Step<'s>>, Vec<ParseError>> {
    let builder = DocumentBuilder::new(source, Flavor::Standard);
    drive(
        source,
        PlainMatcher::new(dialect, Flavor::Standard),
        ParserState::Steps,
        builder,
    )
    .map(DocumentBuilder::finish_steps)
}

fn run<'s, M: Matcher<'s>>(
    source: &'s str,
    matcher: M,
    flavor: Flavor,
) -> Result<GherkinDocument<'s>, Vec<ParseError>> {
    drive(
        source,
        matcher,
        ParserState::Start,
        DocumentBuilder::new(source, flavor),
    )
    .map(DocumentBuilder::finish)
}

fn drive<'s, M: Matcher<'s>>(
    source: &'s str,
    mut matcher: M,
    mut state: ParserState,
    mut builder: DocumentBuilder<'s>,
) -> Result<DocumentBuilder<'s>, Vec<ParseError>> {
    let mut lines = Lines::new(source);
    let mut errors = Errors::default();
    // Whether a line was unexpected where only a heading leads on, and none has come since.
    let mut lost = false;
    while let Some(line) = lines.next() {
        let row = state.row();
        match matcher.find(row, &line, &mut errors) {
            Some(mut found) => {
                let kind = found.kind();
                lost &= matches!(
                    kind,
                    TokenKind::Empty | TokenKind::Comment | TokenKind::TagLine
                );
                let tags = (kind == TokenKind::TagLine && state.tags_need_lookahead()).then(|| {
                    let examples = row.set.contains(TokenKind::ExamplesLine);
                    matcher.tags_of(lines, examples, &mut errors)
                });
                builder.line(&mut found, &line, tags, matcher.dialect(), &mut errors);
                state = state.next(kind, tags);
            }
            None => {
                unexpected(state, &line, &matcher, lost, &mut errors);
                lost |= state.awaits_heading();
            }
        }
        if errors.is_full() {
            return Err(errors.into_all());
        }
    }
    if state.row().set.contains(TokenKind::Eof) {
        builder.close(&mut errors);
    } else {
        let location = Location {
            line: lines.number,
            column: 0,
        };
        let kind = ErrorKind::UnexpectedEnd {
            expected: state.row().order,
            language: matcher.dialect().code,
            follows: lost,
            open: builder.open_doc_string(),
        };
        errors.add(location, kind);
    }
    let errors = errors.into_all();
    if errors.is_empty() {
        Ok(builder)
    } else {
        Err(errors)
    }
}

fn unexpected<'s>(
    state: ParserState,
    line: &SourceLine<'s>,
    matcher: &impl Matcher<'s>,
    follows: bool,
    errors: &mut Errors,
) {
    let kind = ErrorKind::UnexpectedLine {
        expected: state.row().order,
        found: trim(line.trimmed()).to_owned(),
        language: matcher.dialect().code,
        follows,
    };
    errors.add(line.at(matcher.column(line)), kind);
}
