//! Text for `quick-junit`, and its XML in pieces.
//!
//! Three things about `quick-junit` 0.8 are in the way: it drops tabs; it writes the line
//! breaks of an attribute as they are, which every XML parser reads as spaces; and it looks
//! for escape sequences in every text, which for 100,000 scenarios takes longer than all the
//! rest. So it gets [`STAND_IN`]s where those belong, which are replaced in what it writes.

use std::io::{self, Write};

use bdd_protocol::{LONGEST_MESSAGE, shortened};
use quick_junit::{Report, TestSuite, XmlString};

use crate::report::text;

/// Begins a stand-in. XML cannot hold this character, so no text that was made safe has it.
/// `t` follows for a tab, `n` for a line break, or the number of a text and `;`.
const STAND_IN: char = '\u{fffe}';

/// The value of an attribute; it may have several lines.
pub(super) fn attribute(value: &str) -> XmlString {
    let value = shortened(value, LONGEST_MESSAGE);
    let value = text::block(&value);
    if value.contains(['\t', '\n']) {
        let value = value.replace('\t', "\u{fffe}t").replace('\n', "\u{fffe}n");
        return XmlString::new(value);
    }
    XmlString::new(value)
}

/// The texts that stand in a suite's elements.
#[derive(Default)]
pub(super) struct Texts(Vec<String>);

impl Texts {
    /// The content of an element; good for the [`Suite`] with these texts only.
    pub(super) fn content(&mut self, content: &str) -> XmlString {
        self.0.push(escape(&text::block(content)));
        XmlString::new(format!("{STAND_IN}{};", self.0.len() - 1))
    }

    /// Writes `xml` with what belongs there instead of the stand-ins.
    fn write(&self, xml: &str, out: &mut dyn Write) -> io::Result<()> {
        let mut parts = xml.split(STAND_IN);
        out.write_all(parts.next().unwrap_or_default().as_bytes())?;
        for part in parts {
            let (instead, rest) = match part.as_bytes().first() {
                Some(b't') => ("&#9;", &part[1..]),
                Some(b'n') => ("&#10;", &part[1..]),
                _ => {
                    let (number, rest) = part.split_once(';').unwrap_or((part, ""));
                    let text = number
                        .parse()
                        .ok()
                        .and_then(|number: usize| self.0.get(number));
                    (text.map_or("", String::as_str), rest)
                }
            };
            out.write_all(instead.as_bytes())?;
            out.write_all(rest.as_bytes())?;
        }
        Ok(())
    }
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    let mut rest = text;
    while let Some(at) = rest.find(['<', '>', '&']) {
        out.push_str(&rest[..at]);
        out.push_str(match rest.as_bytes()[at] {
            b'<' => "&lt;",
            b'>' => "&gt;",
            _ => "&amp;",
        });
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
    out
}

/// The parts of a document that stand around its suites.
pub(super) struct Frame {
    pub(super) head: String,
    pub(super) tail: String,
}

/// The frame of a report whose suites are written one by one: the model of 100,000 scenarios
/// is never in memory at once. `comment` stands on top.
pub(super) fn frame(report: &Report, comment: &str) -> io::Result<Frame> {
    let text = report.to_string().map_err(io::Error::other)?;
    // The schema of Jenkins has this number in suites only.
    let total_of_skipped = format!(" skipped=\"{}\"", report.skipped);
    let text = text.replacen(&total_of_skipped, "", 1);
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

/// A suite, and the texts in it.
pub(super) struct Suite {
    pub(super) model: TestSuite,
    pub(super) texts: Texts,
}

impl Suite {
    pub(super) fn new(name: &str) -> Self {
        Suite {
            model: TestSuite::new(attribute(name)),
            texts: Texts::default(),
        }
    }

    /// Writes the suite as it stands inside a [`frame`].
    pub(super) fn write(self, out: &mut dyn Write) -> io::Result<()> {
        let mut report = Report::unnamed();
        report.add_test_suite(self.model);
        let xml = report.to_string().map_err(io::Error::other)?;
        let begin = xml.find("    <testsuite ").unwrap_or(xml.len());
        let end = xml.rfind("</testsuites>").unwrap_or(xml.len());
        self.texts.write(&xml[begin..end], out)
    }
}
