//! Writes XML as JUnit reports have it: an element per line, indented by four spaces, except for the content of texts.
//!
//! It makes every value safe, and knows nothing of what it writes.

use bdd_protocol::{LONGEST_MESSAGE, shortened};
use memchr::memchr3;

use crate::report::text;

/// Elements in the order in which they are written.
#[derive(Default)]
pub(super) struct Xml {
    out: String,
    depth: usize,
    /// What was written last.
    last: LastWritten,
}

/// What ends a start tag, and what stands before an end tag, depends on what was written before it.
#[derive(Default, PartialEq, Eq)]
enum LastWritten {
    #[default]
    Line,
    StartTag,
    Text,
}

impl Xml {
    /// Elements that will stand inside so many others.
    pub(super) fn inside(depth: usize) -> Self {
        Self {
            depth,
            ..Self::default()
        }
    }

    /// What is written so far.
    pub(super) fn as_str(&self) -> &str {
        &self.out
    }

    /// Writes an element. `fill` adds first its attributes, then what is in it.
    pub(super) fn element(&mut self, name: &str, fill: impl FnOnce(&mut Self)) {
        self.start(name);
        self.depth += 1;
        fill(self);
        self.depth -= 1;
        match self.last {
            LastWritten::StartTag => self.out.push_str("/>\n"),
            LastWritten::Line => {
                self.indent();
                self.end_tag(name);
            }
            LastWritten::Text => self.end_tag(name),
        }
        self.last = LastWritten::Line;
    }

    /// An attribute of the element that has just begun; the value may have several lines.
    pub(super) fn attribute(&mut self, name: &str, value: &str) {
        self.out.push(' ');
        self.out.push_str(name);
        self.out.push_str("=\"");
        escape(&mut self.out, &text::block(value), |rest| {
            rest.iter().position(|byte| !entity(*byte).is_empty())
        });
        self.out.push('"');
    }

    /// The same for a value that may be long: of a very long one the middle is left out.
    pub(super) fn message(&mut self, name: &str, value: &str) {
        self.attribute(name, &shortened(value, LONGEST_MESSAGE));
    }

    /// The text of the element that has begun; it may have several lines.
    pub(super) fn text(&mut self, content: &str) {
        if self.last == LastWritten::StartTag {
            self.out.push('>');
        }
        self.last = LastWritten::Text;
        escape(&mut self.out, &text::block(content), |rest| {
            memchr3(b'<', b'>', b'&', rest)
        });
    }

    pub(super) fn is_empty(&self) -> bool {
        self.out.is_empty()
    }

    /// Elements that were written elsewhere, at this depth.
    pub(super) fn append(&mut self, elements: &Xml) {
        if !elements.is_empty() {
            self.begin_content();
            self.out.push_str(&elements.out);
        }
    }

    /// The start tag of an element whose content is written elsewhere; `fill` adds its attributes.
    pub(super) fn start_tag(&mut self, name: &str, fill: impl FnOnce(&mut Self)) {
        self.start(name);
        fill(self);
        self.begin_content();
    }

    fn start(&mut self, name: &str) {
        self.begin_content();
        self.indent();
        self.out.push('<');
        self.out.push_str(name);
        self.last = LastWritten::StartTag;
    }

    fn begin_content(&mut self) {
        if self.last == LastWritten::StartTag {
            self.out.push_str(">\n");
        }
        self.last = LastWritten::Line;
    }

    fn end_tag(&mut self, name: &str) {
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push_str(">\n");
    }

    fn indent(&mut self) {
        text::pad(&mut self.out, 4 * self.depth);
    }
}

/// Adds a text with entities instead of the bytes that `find` finds.
fn escape(out: &mut String, text: &str, find: impl Fn(&[u8]) -> Option<usize>) {
    let mut rest = text;
    while let Some(at) = find(rest.as_bytes()) {
        out.push_str(&rest[..at]);
        out.push_str(entity(rest.as_bytes()[at]));
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
}

/// What is written in an attribute instead of a byte; empty if that is the byte itself. Every reader takes a tab or line
/// break in an attribute for a space, unless it is escaped.
fn entity(byte: u8) -> &'static str {
    match byte {
        b'<' => "&lt;",
        b'>' => "&gt;",
        b'&' => "&amp;",
        b'"' => "&quot;",
        b'\'' => "&apos;",
        b'\t' => "&#9;",
        b'\n' => "&#10;",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_lines_and_texts_are_as_they_are() {
        let mut inner = Xml::inside(2);
        inner.element("c", |xml| xml.attribute("a", "<'\"&\t\n\u{1}>"));
        inner.element("d", |xml| {
            xml.attribute("a", "");
            xml.text("<'\"&\t\n\u{1}>\n");
            xml.text("more");
        });
        inner.element("e", |xml| xml.text(""));
        let mut xml = Xml::inside(0);
        xml.element("a", |xml| {
            xml.element("b", |xml| xml.append(&inner));
            xml.element("b", |xml| xml.append(&Xml::default()));
        });
        let expected = r#"<a>
    <b>
        <c a="&lt;&apos;&quot;&amp;&#9;&#10;\x01&gt;"/>
        <d a="">&lt;'"&amp;	
\x01&gt;
more</d>
        <e></e>
    </b>
    <b/>
</a>
"#;
        assert_eq!(xml.as_str(), expected);
    }
}
