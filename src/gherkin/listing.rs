//! The lines of a plain file that parses, each as the grammar understands it: for tools that rewrite a file.
//!
//! The same matcher and state table as those of the parser say what a line is, so a tool never disagrees with it.

use super::dialects::Dialect;
use super::error::Errors;
use super::line::{Lines, SourceLine};
use super::matcher::{LineMatch, Matcher, PlainMatcher};
use super::parser::ParseOptions;
use super::space::{is_space, trim, trim_end};
use super::states::ParserState;
use super::token::TokenKind;

/// What a line of a feature file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadLine<'s> {
    /// Nothing but space.
    Blank,
    /// A comment.
    Comment {
        /// From its `#`, without space at the end.
        text: &'s str,
        /// Whether there is space before it.
        indented: bool,
    },
    /// The code of `# language:`.
    Language(&'static str),
    /// Tags.
    Tags {
        /// Each with its `@`.
        names: Vec<&'s str>,
        /// What follows them from a `#` on; it may be empty.
        comment: &'s str,
        /// The whole line without space around it.
        text: &'s str,
    },
    /// A heading, such as `Scenario: name`.
    Heading {
        /// What it is the heading of.
        kind: TokenKind,
        /// As written, without the colon.
        keyword: &'s str,
        /// What follows the colon.
        name: &'s str,
    },
    /// A step.
    Step {
        /// As written, with the space after it if the language has spaces.
        keyword: &'s str,
        /// What follows the keyword, with the space before it.
        rest: &'s str,
    },
    /// A row of a table.
    Row {
        /// The cells as written, with escapes, without space around them.
        cells: Vec<&'s str>,
        /// What follows the last bar, which is not a cell.
        rest: &'s str,
        /// The whole line without space around it.
        text: &'s str,
    },
    /// The line that opens a docstring, without space around it.
    Open(&'s str),
    /// A line of a docstring, without the indent of the docstring.
    Content(&'s str),
    /// The line that closes a docstring, without space around it.
    Close(&'s str),
    /// A line of a description, with its indent.
    Text(&'s str),
}

/// The lines of a plain file, one for each line of its text. `None` if the file does not parse.
pub fn lines<'s>(source: &'s str, options: &ParseOptions) -> Option<Vec<ReadLine<'s>>> {
    let mut matcher = PlainMatcher::new(options.dialect, options.flavor);
    let mut state = ParserState::Start;
    let mut errors = Errors::default();
    let mut source_lines = Lines::new(source);
    let mut all = Vec::new();
    while let Some(line) = source_lines.next() {
        let row = state.row();
        let found = matcher.find(row, &line, &mut errors)?;
        let kind = found.kind();
        let tags = (kind == TokenKind::TagLine && state.tags_need_lookahead()).then(|| {
            let examples = row.set.contains(TokenKind::ExamplesLine);
            matcher.tags_of(source_lines, examples, &mut errors)
        });
        // Only an open docstring takes any text up to its end, the end of the file included.
        let open = row.set.contains(TokenKind::Other) && !row.set.contains(TokenKind::Eof);
        all.push(understood(
            found,
            &line,
            source,
            matcher.dialect().code,
            open,
        ));
        state = state.next(kind, tags);
    }
    let complete = state.row().set.contains(TokenKind::Eof) && errors.into_all().is_empty();
    complete.then_some(all)
}

/// Whether a line that begins with this step is read as a step with exactly this keyword.
pub fn has_step_keyword(line: &str, keyword: &str, dialect: &'static Dialect) -> bool {
    let found = dialect.index().find(line).step;
    found.is_some_and(|found| found.text == keyword)
}

/// `open` says whether the line is in a docstring, or closes one.
fn understood<'s>(
    found: LineMatch<'s>,
    line: &SourceLine<'s>,
    source: &'s str,
    language: &'static str,
    open: bool,
) -> ReadLine<'s> {
    let text = trim(line.text());
    match found {
        LineMatch::Empty => ReadLine::Blank,
        LineMatch::Comment(_) => ReadLine::Comment {
            text,
            indented: line.indent_width() > 0,
        },
        LineMatch::Language => ReadLine::Language(language),
        LineMatch::Tags(names) => ReadLine::Tags {
            names: names.into_iter().map(|tag| tag.name).collect(),
            comment: tag_comment(text),
            text,
        },
        LineMatch::Title(title) => ReadLine::Heading {
            kind: title.kind,
            keyword: title.keyword.unwrap_or_default(),
            name: title.name,
        },
        LineMatch::Step(step) => ReadLine::Step {
            keyword: step.keyword,
            rest: trim_end(&line.trimmed()[step.keyword.len()..]),
        },
        LineMatch::Row => {
            let (cells, rest) = raw_cells(text);
            ReadLine::Row { cells, rest, text }
        }
        LineMatch::Separator(..) if open => ReadLine::Close(text),
        LineMatch::Separator(..) => ReadLine::Open(text),
        LineMatch::Other((start, end)) if open => ReadLine::Content(&source[start..end]),
        LineMatch::Other(_) if text.is_empty() => ReadLine::Blank,
        LineMatch::Other(_) => ReadLine::Text(trim_end(line.text())),
    }
}

/// The comment at the end of a line of tags: it begins with the first `#` after a space.
fn tag_comment(text: &str) -> &str {
    let mut after_space = false;
    for (at, character) in text.char_indices() {
        if character == '#' && after_space {
            return &text[at..];
        }
        after_space = is_space(character);
    }
    ""
}

/// The cells of a row as they are written, and what follows the last bar.
fn raw_cells(text: &str) -> (Vec<&str>, &str) {
    let mut cells = Vec::new();
    let mut begin = None;
    let mut bytes = text.bytes().enumerate();
    while let Some((at, byte)) = bytes.next() {
        match byte {
            // The next character may be a bar that ends nothing.
            b'\\' => {
                bytes.next();
            }
            b'|' => {
                if let Some(begin) = begin {
                    cells.push(trim(&text[begin..at]));
                }
                begin = Some(at + 1);
            }
            _ => {}
        }
    }
    (cells, begin.map_or("", |begin| trim(&text[begin..])))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn of(source: &str) -> Option<Vec<ReadLine<'_>>> {
        lines(source, &ParseOptions::default())
    }

    #[test]
    fn lines_are_what_the_parser_takes_them_for() {
        let source = "# language: en\n@a @b # c\nFeature: f\n\n  Given in prose\n\n Scenario: s\n  * x\n   \"\"\"\n    # no\n   \"\"\" end\n | a \\| b | c\n";
        let step = ReadLine::Step {
            keyword: "* ",
            rest: "x",
        };
        let found = of(source).unwrap();
        assert_eq!(found[0], ReadLine::Language("en"));
        assert!(
            matches!(&found[1], ReadLine::Tags { names, comment: "# c", .. } if names.len() == 2)
        );
        assert_eq!(found[4], ReadLine::Text("  Given in prose"));
        assert_eq!(found[7], step);
        assert_eq!(found[9], ReadLine::Content(" # no"));
        assert_eq!(found[10], ReadLine::Close("\"\"\" end"));
        let row = ReadLine::Row {
            cells: vec!["a \\| b"],
            rest: "c",
            text: "| a \\| b | c",
        };
        assert_eq!(found[11], row);
    }

    #[test]
    fn a_file_with_a_mistake_has_no_lines() {
        assert_eq!(of("Feature: f\nScenario: s\n* a\n\"\"\"\n"), None);
        assert_eq!(of("no\n"), None);
        assert_eq!(of("@a b\nFeature: f\n"), None);
    }
}
