//! Text for `quick-junit`, and its XML in pieces.
//!
//! Two things that `quick-junit` 0.8 does are not wanted: it drops tabs, and it writes the
//! line breaks of an attribute as they are, which every XML parser reads as spaces. Both are
//! therefore given to it as characters that XML cannot hold, so no text has them, and are
//! written as character references afterwards.

use std::io;

use quick_junit::{Report, TestSuite, XmlString};

use crate::report::text;

const TAB: char = '\u{fffe}';
const NEWLINE: char = '\u{ffff}';

/// The content of an element.
pub(super) fn content(content: &str) -> XmlString {
    XmlString::new(text::block(content).replace('\t', "\u{fffe}"))
}

/// The value of an attribute that may have several lines.
pub(super) fn attribute(value: &str) -> XmlString {
    XmlString::new(
        text::block(value)
            .replace('\t', "\u{fffe}")
            .replace('\n', "\u{ffff}"),
    )
}

/// The parts of a document that stand around its suites.
pub(super) struct Frame {
    pub(super) head: String,
    pub(super) tail: String,
}

/// The frame of a report whose suites are written one by one: the model of 100,000 scenarios
/// is never in memory at once. `comment` stands on top.
pub(super) fn frame(report: &Report, comment: &str) -> io::Result<Frame> {
    let text = serialize(report)?;
    let (declaration, rest) = text.split_once('\n').unwrap_or((&text, ""));
    let at = rest.find("</testsuites>").unwrap_or(rest.len());
    let comment = if comment.is_empty() {
        String::new()
    } else {
        format!("{comment}\n")
    };
    Ok(Frame {
        head: format!("{declaration}\n{comment}{}", &rest[..at]),
        tail: rest[at..].to_owned(),
    })
}

/// A suite as it stands inside a [`frame`].
pub(super) fn suite(suite: TestSuite) -> io::Result<String> {
    let mut report = Report::unnamed();
    report.add_test_suite(suite);
    let text = serialize(&report)?;
    let begin = text.find("    <testsuite ").unwrap_or(text.len());
    let end = text.rfind("</testsuites>").unwrap_or(text.len());
    Ok(text[begin..end].to_owned())
}

fn serialize(report: &Report) -> io::Result<String> {
    let text = report.to_string().map_err(io::Error::other)?;
    if !text.contains([TAB, NEWLINE]) {
        return Ok(text);
    }
    Ok(text.replace(TAB, "&#9;").replace(NEWLINE, "&#10;"))
}
