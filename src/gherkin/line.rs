//! One line of a source: its indent, tags and table cells. It knows nothing of keywords.

use std::borrow::Cow;

use memchr::memchr;

use super::ast::{Location, TableCell};
use super::flavor::Flavor;
use super::space::{has_space, is_space, leading_space, trim, trim_end, width};

/// A line without its line feed.
#[derive(Debug, Clone, Copy)]
pub(super) struct SourceLine<'s> {
    /// Counted from 1.
    pub number: u32,
    /// Offset of the line in the source.
    pub start: usize,
    pub text: &'s str,
    /// Bytes of space at the beginning.
    indent: usize,
}

/// Walks over the lines of a source. A copy of it is a place to come back to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lines<'s> {
    source: &'s str,
    position: usize,
    /// Of the last line that was given out.
    pub number: u32,
}

impl<'s> Lines<'s> {
    pub fn new(source: &'s str) -> Self {
        Self {
            source,
            position: 0,
            number: 0,
        }
    }
}

impl<'s> Iterator for Lines<'s> {
    type Item = SourceLine<'s>;

    /// The next line. After the last one the number still counts on: it is that of the end.
    fn next(&mut self) -> Option<SourceLine<'s>> {
        self.number = self.number.saturating_add(1);
        let rest = &self.source[self.position..];
        if rest.is_empty() {
            return None;
        }
        let start = self.position;
        let text = match memchr(b'\n', rest.as_bytes()) {
            Some(end) => {
                self.position += end + 1;
                &rest[..end]
            }
            None => {
                self.position = self.source.len();
                rest
            }
        };
        Some(SourceLine {
            number: self.number,
            start,
            text,
            indent: leading_space(text),
        })
    }
}

/// A tag of a line and its column.
pub(super) type TagItem<'s> = (u32, Cow<'s, str>);

impl<'s> SourceLine<'s> {
    /// The text without its indent.
    pub fn trimmed(&self) -> &'s str {
        &self.text[self.indent..]
    }

    /// The whitespace before the text.
    pub fn indent_text(&self) -> &'s str {
        &self.text[..self.indent]
    }

    /// The number of code points of space before the text.
    pub fn indent_width(&self) -> u32 {
        width(self.indent_text())
    }

    /// Where the text of the line begins.
    pub fn location(&self) -> Location {
        self.at(self.indent_width() + 1)
    }

    /// A place in this line.
    pub fn at(&self, column: u32) -> Location {
        Location {
            line: self.number,
            column,
        }
    }

    /// What follows the first bytes of the text, without space around it.
    pub fn rest(&self, length: usize) -> &'s str {
        trim(&self.trimmed()[length..])
    }

    /// The range in the source that is left when up to `columns` of indent are removed; a
    /// line that is indented less loses all its indent. A carriage return at the end goes too.
    pub fn dedented(&self, columns: u32) -> (usize, usize) {
        let end = self.text.trim_end_matches('\r').len();
        let removed = self
            .indent_text()
            .char_indices()
            .nth(columns as usize)
            .map_or(self.indent, |(offset, _)| offset);
        (self.start + removed.min(end), self.start + end)
    }

    /// The tags of a line that begins with `@`, or the column of one that has a space in it.
    /// A `#` after a space begins a comment.
    pub fn tags(&self) -> Result<Vec<TagItem<'s>>, u32> {
        let mut tags = Vec::with_capacity(4);
        let mut column = self.indent_width() + 1;
        let text = trim_end(without_comment(trim_end(self.trimmed())));
        let mut start = 0;
        while start < text.len() {
            let end = memchr(b'@', &text.as_bytes()[start + 1..])
                .map_or(text.len(), |length| start + 1 + length);
            let item = &text[start + 1..end];
            let name = trim(item);
            if has_space(name) {
                return Err(column);
            }
            // Of `@@a` and a lone `@`, most official parsers take the first `@` for nothing.
            if !name.is_empty() {
                if !item.starts_with(name) {
                    return Err(column);
                }
                tags.push((column, Cow::Borrowed(&text[start..=start + name.len()])));
            }
            column += width(item) + 1;
            start = end;
        }
        Ok(tags)
    }

    /// The cells of a line that begins with `|`. What follows the last `|` is not a cell. For behave, the last character
    /// ends the last cell, whatever it is.
    pub fn cells(&self, expected: usize, flavor: Flavor) -> Vec<TableCell<'s>> {
        let text = trim_end(self.trimmed());
        let (text, is_closed) = match flavor {
            Flavor::Standard => (text, false),
            Flavor::Behave => {
                let last = text.char_indices().next_back();
                (&text[..last.map_or(0, |(at, _)| at)], true)
            }
        };
        let mut cells = Vec::with_capacity(expected);
        let ascii = text.is_ascii();
        let mut begin = None;
        let mut column = self.indent_width() + 1;
        let mut escaped = false;
        let bytes = text.as_bytes();
        let mut at = 0;
        // One byte after the other: to search each `|` took a sixth longer, because cells are short.
        while let Some(byte) = bytes.get(at) {
            match byte {
                // For behave, a backslash means something before `|` only.
                b'\\' if !flavor.is_standard() && bytes.get(at + 1) != Some(&b'|') => {}
                b'\\' => {
                    escaped = true;
                    // The next character may be a `|` that ends nothing.
                    at += 1;
                }
                b'|' => {
                    let raw = &text[begin.unwrap_or_default()..at];
                    if begin.is_some() {
                        cells.push(self.cell(raw, escaped.then_some(flavor), column));
                    }
                    column += if ascii { raw.len() as u32 } else { width(raw) } + 1;
                    begin = Some(at + 1);
                    escaped = false;
                }
                _ => {}
            }
            at += 1;
        }
        if let Some(begin) = begin.filter(|_| is_closed) {
            cells.push(self.cell(&text[begin..], escaped.then_some(flavor), column));
        }
        cells
    }

    /// Whether the line ends without a `|` that is not escaped, whatever it begins with.
    pub fn is_open_row(&self) -> bool {
        let Some(before) = self.text.trim_end().strip_suffix('|') else {
            return true;
        };
        let backslashes = before.bytes().rev().take_while(|byte| *byte == b'\\');
        backslashes.count() % 2 == 1
    }

    fn cell(&self, raw: &'s str, escaped: Option<Flavor>, column: u32) -> TableCell<'s> {
        let space = leading_space(raw);
        let location = self.at(column + width(&raw[..space]));
        let text = trim_end(&raw[space..]);
        let value = match escaped {
            Some(Flavor::Standard) => Cow::Owned(unescape(text)),
            Some(Flavor::Behave) => Cow::Owned(text.replace(r"\|", "|")),
            None => Cow::Borrowed(text),
        };
        TableCell { location, value }
    }
}

/// The text before the first `#` that follows a space.
fn without_comment(text: &str) -> &str {
    if memchr(b'#', text.as_bytes()).is_none() {
        return text;
    }
    let mut after_space = false;
    for (offset, character) in text.char_indices() {
        if character == '#' && after_space {
            return &text[..offset];
        }
        after_space = is_space(character);
    }
    text
}

/// Resolves `\n`, `\|` and `\\`; any other backslash stands for itself.
fn unescape(raw: &str) -> String {
    let mut value = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(position) = rest.find('\\') {
        value.push_str(&rest[..position]);
        rest = &rest[position + 1..];
        match rest.bytes().next() {
            Some(b'n') => value.push('\n'),
            Some(b'|') => value.push('|'),
            Some(b'\\') => value.push('\\'),
            _ => {
                value.push('\\');
                continue;
            }
        }
        rest = &rest[1..];
    }
    value.push_str(rest);
    value
}
