//! What may stand at a place of a document, from its lines alone: the document need not parse while somebody writes.

use std::ops::Range;

use super::document::FeatureDocument;
use crate::gherkin::{Dialect, TokenKind};

/// What is being written at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LineContext {
    /// A keyword, or nothing yet. The bytes are those before the place.
    Keyword {
        /// What is written so far.
        bytes: Range<usize>,
        /// The keywords that may stand here.
        expected: ExpectedKeywords,
    },
    /// The text of a step.
    Step {
        /// What is written so far.
        bytes: Range<usize>,
        /// The keyword.
        keyword: &'static str,
    },
    /// A tag.
    Tag {
        /// What is written so far, from the `@` on.
        bytes: Range<usize>,
    },
    /// The code of a language.
    Language {
        /// What is written so far.
        bytes: Range<usize>,
    },
    /// Anything else, such as a table or prose.
    Other,
}

/// Which keywords may stand in a line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ExpectedKeywords {
    /// That of a feature.
    pub feature: bool,
    /// Those of rules, backgrounds and scenarios.
    pub headings: bool,
    /// That of examples.
    pub examples: bool,
    /// Those of steps.
    pub steps: bool,
}

impl LineContext {
    /// What is being written at a byte of a document.
    pub fn at(document: &FeatureDocument, offset: usize) -> Self {
        let text = &document.text;
        let line = text.gherkin_line_of(offset);
        let bytes = text.gherkin_line(line);
        let before = &text.as_str()[bytes.start..offset.clamp(bytes.start, bytes.end)];
        let above = Above::of(document, line);
        if above.in_doc_string {
            return Self::Other;
        }
        let dialect = document.facts.dialect;
        let indent = before.len() - before.trim_start().len();
        let start = bytes.start + indent;
        let written = &before[indent..];
        if document.options.markdown {
            return in_markdown(written, start, dialect, above.expected);
        }
        if written.starts_with('@') {
            return Self::tag(written, start);
        }
        if let Some(comment) = written.strip_prefix('#') {
            return language(comment, start + 1);
        }
        if written.starts_with('|') {
            return Self::Other;
        }
        Self::keyword_or_step(written, start, dialect, above.expected)
    }

    fn tag(written: &str, start: usize) -> Self {
        let last = written.rfind('@').unwrap_or(0);
        // A tag ends at a space, and a comment may follow.
        match written[last..].contains(char::is_whitespace) || written.contains(" #") {
            true => Self::Other,
            false => Self::Tag {
                bytes: start + last..start + written.len(),
            },
        }
    }

    fn keyword_or_step(
        written: &str,
        start: usize,
        dialect: &'static Dialect,
        expected: ExpectedKeywords,
    ) -> Self {
        let lists = dialect.step_keywords();
        let keywords = lists.iter().flat_map(|(_, list)| list.iter().copied());
        let found = keywords
            .filter(|keyword| written.starts_with(*keyword))
            .max_by_key(|keyword| keyword.len());
        let end = start + written.len();
        match found {
            Some(keyword) if expected.steps => Self::Step {
                bytes: start + keyword.len()..end,
                keyword,
            },
            // The keyword of a heading is finished; what follows is its title.
            _ if written.contains(':') => Self::Other,
            _ => Self::Keyword {
                bytes: start..end,
                expected,
            },
        }
    }
}

/// In Markdown, headings and items carry keywords, and tags are in backticks.
fn in_markdown(
    written: &str,
    start: usize,
    dialect: &'static Dialect,
    expected: ExpectedKeywords,
) -> LineContext {
    let tag = written.rfind("`@").map(|at| at + 1);
    if let Some(at) = tag.filter(|at| !written[*at..].contains(['`', ' '])) {
        return LineContext::Tag {
            bytes: start + at..start + written.len(),
        };
    }
    let marks = written.len() - written.trim_start_matches('#').len();
    if (1..=6).contains(&marks) && written[marks..].starts_with(' ') {
        let at = written.len() - written[marks..].trim_start().len();
        let expected = ExpectedKeywords {
            steps: false,
            ..expected
        };
        return LineContext::keyword_or_step(&written[at..], start + at, dialect, expected);
    }
    let item = written.strip_prefix(['*', '+', '-']);
    if let Some(item) = item.filter(|item| item.starts_with(char::is_whitespace)) {
        let at = written.len() - item.trim_start().len();
        let expected = ExpectedKeywords {
            steps: expected.steps,
            ..ExpectedKeywords::default()
        };
        return LineContext::keyword_or_step(&written[at..], start + at, dialect, expected);
    }
    LineContext::Other
}

/// `# language: code`; `start` is after the number sign.
fn language(comment: &str, start: usize) -> LineContext {
    let text = comment.trim_start();
    let code = text
        .strip_prefix("language")
        .and_then(|rest| rest.trim_start().strip_prefix(':'));
    match code {
        Some(code) => {
            let code = code.trim_start();
            let end = start + comment.len();
            LineContext::Language {
                bytes: end - code.len()..end,
            }
        }
        None => LineContext::Other,
    }
}

/// What stands above a line, as far as it says what may follow.
struct Above {
    in_doc_string: bool,
    expected: ExpectedKeywords,
}

impl Above {
    fn of(document: &FeatureDocument, line: u32) -> Self {
        let text = &document.text;
        let mut open: Option<&str> = None;
        let mut heading = None;
        for number in 1..line {
            let line = text.as_str()[text.gherkin_line(number)].trim();
            let delimiter = ["\"\"\"", "```"]
                .into_iter()
                .find(|delimiter| line.starts_with(delimiter));
            match (open, delimiter) {
                (Some(begun), Some(found)) if begun == found => open = None,
                (None, Some(found)) => open = Some(found),
                (None, None) => {
                    heading = heading_of(line, document).or(heading);
                }
                _ => {}
            }
        }
        let markdown = document.options.markdown;
        Self {
            in_doc_string: open.is_some(),
            expected: match heading {
                // The first line of a Markdown file is its feature, whatever it says.
                None if !markdown || line == 1 => ExpectedKeywords {
                    feature: true,
                    ..ExpectedKeywords::default()
                },
                None | Some(TokenKind::FeatureLine | TokenKind::RuleLine) => ExpectedKeywords {
                    headings: true,
                    ..ExpectedKeywords::default()
                },
                Some(TokenKind::BackgroundLine) => ExpectedKeywords {
                    headings: true,
                    steps: true,
                    ..ExpectedKeywords::default()
                },
                Some(TokenKind::ExamplesLine) => ExpectedKeywords {
                    headings: true,
                    examples: true,
                    ..ExpectedKeywords::default()
                },
                Some(_) => ExpectedKeywords {
                    headings: true,
                    examples: true,
                    steps: true,
                    ..ExpectedKeywords::default()
                },
            },
        }
    }
}

/// The kind of heading that a line is.
fn heading_of(line: &str, document: &FeatureDocument) -> Option<TokenKind> {
    let line = match document.options.markdown {
        true => line.strip_prefix('#')?.trim_start_matches('#').trim_start(),
        false => line,
    };
    let lists = document.facts.dialect.title_keywords();
    let found = lists.iter().find(|(_, keywords)| {
        let mut keywords = keywords.iter();
        keywords.any(|keyword| {
            line.strip_prefix(*keyword)
                .is_some_and(|rest| rest.starts_with(':'))
        })
    });
    found.map(|(kind, _)| *kind)
}
