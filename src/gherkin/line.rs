//! One line of a source: its indent and tags. It knows nothing of keywords.

use memchr::memchr;

use super::ast::Tag;
use super::location::Location;
use super::space::{has_space, is_space, leading_space, spaces, trim, trim_end, width};

/// A line without its line feed.
#[derive(Debug, Clone, Copy)]
pub(super) struct SourceLine<'s> {
    source: &'s str,
    /// Counted from 1.
    pub number: u32,
    /// Code points of space at the beginning.
    indent_width: u32,
    /// Offset of the line in the source.
    start: usize,
    /// Bytes of space at the beginning.
    indent: usize,
    /// The text without its indent.
    trimmed: &'s str,
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
    // This and the matcher are inlined: 4 % of the instructions of parsing were to pass lines and their kinds on.
    #[inline(always)]
    fn next(&mut self) -> Option<SourceLine<'s>> {
        self.number = self.number.saturating_add(1);
        let (source, start) = (self.source, self.position);
        let rest = &source.as_bytes()[start..];
        if rest.is_empty() {
            return None;
        }
        let spaces = spaces(rest);
        let length = memchr(b'\n', &rest[spaces..]);
        let end = length.map_or(source.len(), |length| start + spaces + length);
        self.position = (end + 1).min(source.len());
        let trimmed = &source[start + spaces..end];
        let mut line = SourceLine {
            source,
            number: self.number,
            indent_width: spaces as u32,
            start,
            indent: spaces,
            trimmed,
        };
        if !matches!(trimmed.as_bytes().first(), None | Some(b'!'..=b'~')) {
            line.indent += leading_space(trimmed);
            line.trimmed = &source[start + line.indent..end];
            line.indent_width = width(line.indent_text());
        }
        Some(line)
    }
}

impl<'s> SourceLine<'s> {
    /// The whole line.
    pub fn text(&self) -> &'s str {
        let end = self.start + self.indent + self.trimmed.len();
        &self.source[self.start..end]
    }

    /// The text without its indent.
    pub fn trimmed(&self) -> &'s str {
        self.trimmed
    }

    /// The whitespace before the text.
    fn indent_text(&self) -> &'s str {
        &self.source[self.start..self.start + self.indent]
    }

    /// The number of code points of space before the text.
    pub fn indent_width(&self) -> u32 {
        self.indent_width
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

    /// A tag of this line. Its number comes later.
    pub fn tag(&self, column: u32, name: &'s str) -> Tag<'s> {
        Tag {
            id: 0,
            location: self.at(column),
            name,
        }
    }

    /// What follows the first bytes of the text, without space around it.
    pub fn rest(&self, length: usize) -> &'s str {
        trim(&self.trimmed()[length..])
    }

    /// The range in the source that is left when up to `columns` of indent are removed; a
    /// line that is indented less loses all its indent. A carriage return at the end goes too.
    pub fn dedented(&self, columns: u32) -> (usize, usize) {
        let end = self.text().trim_end_matches('\r').len();
        let removed = match self.indent_width {
            width if width <= columns => self.indent,
            width if width as usize == self.indent => columns as usize,
            _ => {
                let mut offsets = self.indent_text().char_indices();
                let offset = offsets.nth(columns as usize);
                offset.map_or(self.indent, |(offset, _)| offset)
            }
        };
        (self.start + removed.min(end), self.start + end)
    }

    /// The tags of a line that begins with `@`, or the column of one that has a space in it.
    /// A `#` after a space begins a comment.
    pub fn tags(&self) -> Result<Vec<Tag<'s>>, u32> {
        let mut tags = Vec::with_capacity(4);
        let mut column = self.indent_width() + 1;
        let text = trim_end(without_comment(trim_end(self.trimmed())));
        let mut start = 0;
        while start < text.len() {
            let rest = &text.as_bytes()[start + 1..];
            // Almost all tags are of plain letters, and only ` ` is around them.
            let is_plain = |byte: &&u8| matches!(byte, b'!'..=b'?' | b'A'..=b'~');
            let plain = rest.iter().take_while(is_plain).count();
            let length = plain + spaces(&rest[plain..]);
            if plain > 0 && matches!(rest.get(length), None | Some(b'@')) {
                tags.push(self.tag(column, &text[start..=start + plain]));
                column += length as u32 + 1;
                start += length + 1;
                continue;
            }
            let length = rest.iter().position(|byte| *byte == b'@');
            let end = length.map_or(text.len(), |length| start + 1 + length);
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
                tags.push(self.tag(column, &text[start..=start + name.len()]));
            }
            column += width(item) + 1;
            start = end;
        }
        Ok(tags)
    }

    /// Whether the line ends without a `|` that is not escaped, whatever it begins with.
    pub fn is_open_row(&self) -> bool {
        let Some(before) = self.trimmed.trim_end().strip_suffix('|') else {
            return true;
        };
        let backslashes = before.bytes().rev().take_while(|byte| *byte == b'\\');
        backslashes.count() % 2 == 1
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
