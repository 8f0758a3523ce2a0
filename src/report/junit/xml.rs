//! Text for `quick-junit`, and its XML in pieces.
//!
//! Three things about `quick-junit` 0.8 are in the way: it drops tabs; it writes the line
//! breaks of an attribute as they are, which every XML parser reads as spaces; and it looks
//! for escape sequences in every text, which for 100,000 scenarios takes longer than all the
//! rest. So it gets [`STAND_IN`]s where those belong, which are replaced in what it writes.

use std::io;
use std::sync::LazyLock;

use bdd_protocol::{LONGEST_MESSAGE, shortened};
use foldhash::HashMap;
use quick_junit::{Property, Report, TestSuite, XmlString};

use crate::report::text;
use bdd_protocol::special_bytes;

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

/// Values of attributes that come again, such as tags. Looking for escape sequences in each of them anew was half of the
/// instructions of a report.
#[derive(Default)]
pub(super) struct Attributes(HashMap<String, XmlString>);

impl Attributes {
    /// As [`attribute`].
    pub(super) fn get(&mut self, value: &str) -> XmlString {
        /// So many are kept: there may be a tag of its own for each scenario.
        const MOST: usize = 1024;
        /// A longer value is not kept.
        const LONGEST: usize = 256;
        if let Some(known) = self.0.get(value) {
            return known.clone();
        }
        let made = attribute(value);
        if self.0.len() < MOST && value.len() <= LONGEST {
            self.0.insert(value.to_owned(), made.clone());
        }
        made
    }

    /// A property; its value may have several lines.
    pub(super) fn property(&mut self, name: &str, value: &str) -> Property {
        Property::new(self.get(name), self.get(value))
    }
}

/// The texts that stand in a suite's elements.
#[derive(Default)]
pub(super) struct Texts(Vec<String>);

/// The first stand-ins of each suite. `quick-junit` takes long to find that there is no escape sequence in them.
static STAND_INS: LazyLock<Vec<XmlString>> = LazyLock::new(|| (0..256).map(stand_in).collect());

fn stand_in(number: usize) -> XmlString {
    XmlString::new(format!("{STAND_IN}{number};"))
}

impl Texts {
    /// The content of an element; good for the [`Suite`] with these texts only.
    pub(super) fn content(&mut self, content: &str) -> XmlString {
        let is_special = |byte| (byte == b'<') | (byte == b'>') | (byte == b'&');
        self.add(escape(&text::block(content), is_special))
    }

    /// The value of an attribute: a safe text of one line, such as a name; good as [`Texts::content`] is.
    pub(super) fn line(&mut self, line: &str) -> XmlString {
        let is_special = |byte| {
            (byte == b'<') | (byte == b'>') | (byte == b'&') | (byte == b'\'') | (byte == b'"')
        };
        self.add(escape(line, is_special))
    }

    fn add(&mut self, text: String) -> XmlString {
        let number = self.0.len();
        self.0.push(text);
        let known = STAND_INS.get(number).cloned();
        known.unwrap_or_else(|| stand_in(number))
    }

    /// Writes `xml` with what belongs there instead of the stand-ins.
    fn write(&self, xml: &str, out: &mut Vec<u8>) {
        let mut parts = xml.split(STAND_IN);
        out.extend_from_slice(parts.next().unwrap_or_default().as_bytes());
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
            out.extend_from_slice(instead.as_bytes());
            out.extend_from_slice(rest.as_bytes());
        }
    }
}

/// Escapes these bytes of a text as `quick-junit` does.
fn escape(text: &str, is_special: impl Fn(u8) -> bool + Copy) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    let mut rest = text;
    while let Some(at) = special_bytes::first(rest.as_bytes(), is_special) {
        out.push_str(&rest[..at]);
        out.push_str(match rest.as_bytes()[at] {
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'\'' => "&apos;",
            b'"' => "&quot;",
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

/// A suite as it stands inside a [`frame`], and its counts.
pub(super) struct RenderedSuite {
    pub(super) xml: Vec<u8>,
    pub(super) tests: usize,
    pub(super) failures: usize,
    pub(super) errors: usize,
    pub(super) skipped: usize,
}

impl Suite {
    pub(super) fn new(name: XmlString) -> Self {
        Suite {
            model: TestSuite::new(name),
            texts: Texts::default(),
        }
    }

    /// Makes the XML.
    pub(super) fn render(self) -> io::Result<RenderedSuite> {
        let TestSuite {
            tests,
            failures,
            errors,
            skipped,
            ..
        } = self.model;
        let mut report = Report::unnamed();
        report.add_test_suite(self.model);
        let text = report.to_string().map_err(io::Error::other)?;
        let begin = text.find("    <testsuite ").unwrap_or(text.len());
        let end = text.rfind("</testsuites>").unwrap_or(text.len());
        let texts = self.texts.0.iter().map(String::len).sum::<usize>();
        let mut xml = Vec::with_capacity(end - begin + texts);
        self.texts.write(&text[begin..end], &mut xml);
        Ok(RenderedSuite {
            xml,
            tests,
            failures,
            errors,
            skipped,
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use quick_junit::{TestCase, TestCaseStatus};

    use super::*;

    #[test]
    fn names_are_written_as_quick_junit_writes_them() {
        let written = |suite: Suite| String::from_utf8(suite.render().unwrap().xml).unwrap();
        let case = |name| TestCase::new(name, TestCaseStatus::success());
        let mut ours = Suite::new(attribute("suite"));
        let mut theirs = Suite::new(attribute("suite"));
        let all: Vec<char> = ('\0'..='\u{ffff}').chain(['𝄞']).collect();
        // A longer name is shortened.
        for part in all.chunks(500) {
            let name: String = part.iter().collect();
            let name = text::line(&name);
            let stand_in = ours.texts.line(&name);
            ours.model.add_test_case(case(stand_in));
            theirs.model.add_test_case(case(XmlString::new(&name)));
        }
        assert_eq!(written(ours), written(theirs));
    }

    #[test]
    fn a_suite_has_as_many_texts_as_it_needs() {
        let mut suite = Suite::new(attribute("suite"));
        for number in 0..=STAND_INS.len() {
            let mut case = TestCase::new("name", TestCaseStatus::success());
            case.set_system_out(suite.texts.content(&format!("<{number}>")));
            suite.model.add_test_case(case);
        }
        let xml = String::from_utf8(suite.render().unwrap().xml).unwrap();
        assert!(xml.contains("&lt;0&gt;") && xml.contains("&lt;256&gt;"));
    }
}
