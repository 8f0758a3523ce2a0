//! The text of a document as an editor has it: lines, positions, and edits.
//!
//! Editors count lines after `\n`, `\r\n` and `\r`, and columns in UTF-16 code units or in bytes. Gherkin counts lines after
//! `\n`, and columns in code points. Everything else of the server counts bytes.

use std::ops::Range;

use gen_lsp_types as types;

use crate::gherkin::Location;

/// What a client counts columns in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ColumnUnit {
    /// Bytes of UTF-8.
    Utf8,
    /// UTF-16 code units, which every client knows.
    #[default]
    Utf16,
}

impl ColumnUnit {
    fn width(self, character: char) -> usize {
        match self {
            Self::Utf8 => character.len_utf8(),
            Self::Utf16 => character.len_utf16(),
        }
    }
}

const BYTE_ORDER_MARK: &str = "\u{feff}";

/// A text with its lines.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DocumentText {
    text: String,
    /// Where each line begins, as editors count lines.
    lines: Vec<usize>,
    /// Where each line begins, as Gherkin counts lines.
    gherkin_lines: Vec<usize>,
}

impl DocumentText {
    /// A text.
    pub fn new(text: String) -> Self {
        let mut document = Self {
            text,
            ..Self::default()
        };
        document.find_lines();
        document
    }

    fn find_lines(&mut self) {
        self.lines.clear();
        self.gherkin_lines.clear();
        self.lines.push(0);
        self.gherkin_lines.push(self.mark());
        let bytes = self.text.as_bytes();
        for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
            let is_feed = bytes[at] == b'\n';
            if is_feed || bytes.get(at + 1) != Some(&b'\n') {
                self.lines.push(at + 1);
            }
            if is_feed {
                self.gherkin_lines.push(at + 1);
            }
        }
    }

    /// The whole text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The text without a byte order mark, as the parser reads it.
    pub fn source(&self) -> &str {
        &self.text[self.mark()..]
    }

    /// How many bytes the byte order mark has.
    pub fn mark(&self) -> usize {
        match self.text.starts_with(BYTE_ORDER_MARK) {
            true => BYTE_ORDER_MARK.len(),
            false => 0,
        }
    }

    /// The byte at a position. What lies outside of a line or of the text is moved to its end.
    pub fn offset(&self, position: types::Position, unit: ColumnUnit) -> usize {
        let Some(line) = self.lines.get(position.line as usize) else {
            return self.text.len();
        };
        let wanted = position.character as usize;
        let mut width = 0;
        let text = self.line_at(position.line as usize);
        for (at, character) in text.char_indices() {
            width += unit.width(character);
            // A position inside of a character is the beginning of the character.
            if width > wanted {
                return line + at;
            }
        }
        line + text.len()
    }

    /// The position of a byte.
    pub fn position(&self, offset: usize, unit: ColumnUnit) -> types::Position {
        let offset = self.floor(offset);
        let line = self.lines.partition_point(|start| *start <= offset).max(1) - 1;
        let before = &self.text[self.lines[line]..offset];
        let width: usize = before.chars().map(|character| unit.width(character)).sum();
        types::Position {
            line: number(line),
            character: number(width),
        }
    }

    /// The range of some bytes.
    pub fn range(&self, bytes: Range<usize>, unit: ColumnUnit) -> types::Range {
        types::Range {
            start: self.position(bytes.start, unit),
            end: self.position(bytes.end, unit),
        }
    }

    /// The byte at a place in Gherkin. Without a column, it is where the text of the line begins.
    pub fn offset_of(&self, location: Location) -> usize {
        let line = self.gherkin_line(location.line);
        let text = &self.text[line.clone()];
        if location.column == 0 {
            return line.start + text.len() - text.trim_start().len();
        }
        let mut characters = text.char_indices();
        let found = characters.nth(location.column as usize - 1);
        line.start + found.map_or(text.len(), |(at, _)| at)
    }

    /// The bytes of `length` characters from a place in Gherkin on, within its line.
    pub fn bytes_from(&self, location: Location, length: usize) -> Range<usize> {
        let start = self.offset_of(location);
        let end = self.gherkin_line(location.line).end.max(start);
        let mut characters = self.text[start..end].char_indices();
        let found = characters.nth(length);
        start..found.map_or(end, |(at, _)| start + at)
    }

    /// The bytes of a line as Gherkin counts it, from 1, without its end.
    pub fn gherkin_line(&self, line: u32) -> Range<usize> {
        let at = (line.max(1) as usize - 1).min(self.gherkin_lines.len() - 1);
        let start = self.gherkin_lines[at];
        let next = self.gherkin_lines.get(at + 1);
        let end = next.map_or(self.text.len(), |next| next - 1);
        let text = &self.text[start..end.max(start)];
        start..start + text.trim_end_matches('\r').len()
    }

    /// Where a line begins as Gherkin counts it, or the end of the text after the last.
    pub fn gherkin_line_start(&self, line: u32) -> usize {
        let start = self.gherkin_lines.get(line.max(1) as usize - 1);
        start.copied().unwrap_or(self.text.len())
    }

    /// The line of a byte as Gherkin counts it, from 1.
    pub fn gherkin_line_of(&self, offset: usize) -> u32 {
        number(
            self.gherkin_lines
                .partition_point(|start| *start <= offset)
                .max(1),
        )
    }

    /// How many lines there are as Gherkin counts them.
    pub fn gherkin_line_count(&self) -> u32 {
        number(self.gherkin_lines.len())
    }

    /// Replaces a range, or the whole text.
    pub fn change(&mut self, range: Option<types::Range>, text: &str, unit: ColumnUnit) {
        match range {
            None => text.clone_into(&mut self.text),
            Some(range) => {
                let start = self.offset(range.start, unit);
                let end = self.offset(range.end, unit).max(start);
                self.text.replace_range(start..end, text);
            }
        }
        self.find_lines();
    }

    /// A line as editors count it, from 0, without its end.
    fn line_at(&self, line: usize) -> &str {
        let start = self.lines[line];
        let next = self.lines.get(line + 1).copied();
        let text = &self.text[start..next.unwrap_or(self.text.len())];
        match next {
            Some(_) => text
                .strip_suffix("\r\n")
                .or_else(|| text.strip_suffix(['\n', '\r']))
                .unwrap_or(text),
            None => text,
        }
    }

    /// The beginning of the character at a byte.
    fn floor(&self, offset: usize) -> usize {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        offset
    }
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(line: u32, character: u32) -> types::Position {
        types::Position { line, character }
    }

    #[test]
    fn columns_are_counted_as_the_client_counts() {
        let text = DocumentText::new("a😀é\r\n日本\rx\n".to_owned());
        for (unit, columns) in [
            (ColumnUnit::Utf16, [(0, 0), (1, 1), (3, 5), (4, 7)]),
            (ColumnUnit::Utf8, [(0, 0), (1, 1), (5, 5), (7, 7)]),
        ] {
            for (column, offset) in columns {
                assert_eq!(text.offset(at(0, column), unit), offset);
                assert_eq!(text.position(offset, unit), at(0, column));
            }
        }
        let utf16 = ColumnUnit::Utf16;
        assert_eq!(text.offset(at(0, 2), utf16), 1, "inside of a character");
        assert_eq!(
            text.offset(at(0, 99), utf16),
            7,
            "before the end of the line"
        );
        assert_eq!(text.offset(at(1, 1), utf16), 12);
        assert_eq!(text.position(16, utf16), at(2, 0));
        assert_eq!(text.offset(at(9, 9), utf16), text.as_str().len());
        assert_eq!(text.position(999, utf16), at(3, 0));
    }

    #[test]
    fn places_of_gherkin_are_code_points_in_lines_after_line_feeds() {
        let text = DocumentText::new("\u{feff}é\rb 😀c\r\n  d".to_owned());
        let place = |line, column| text.offset_of(Location { line, column });
        assert_eq!(&text.as_str()[place(1, 1)..place(1, 2)], "é");
        assert_eq!(&text.as_str()[place(1, 5)..place(1, 6)], "😀");
        assert_eq!(&text.as_str()[place(2, 0)..], "d");
        let found = text.bytes_from(Location { line: 1, column: 5 }, 9);
        assert_eq!(&text.as_str()[found], "😀c");
        assert_eq!(text.gherkin_line_of(place(2, 1)), 2);
    }

    #[test]
    fn edits_replace_what_the_client_means() {
        let mut text = DocumentText::new("ab\r\ncd\n".to_owned());
        let utf16 = ColumnUnit::Utf16;
        let range = |start, end| Some(types::Range { start, end });
        text.change(range(at(0, 1), at(1, 1)), "😀", utf16);
        assert_eq!(text.as_str(), "a😀d\n");
        text.change(range(at(0, 3), at(0, 3)), "é", utf16);
        assert_eq!(text.as_str(), "a😀éd\n");
        text.change(range(at(5, 0), at(0, 0)), "x", utf16);
        assert_eq!(text.as_str(), "a😀éd\nx");
        text.change(None, "new", utf16);
        assert_eq!(text, DocumentText::new("new".to_owned()));
    }

    /// An edit as a plain list of UTF-16 units would do it: lines after each kind of end.
    fn model(text: &str, (line, column): (u32, u32)) -> usize {
        let mut starts = vec![0];
        let bytes = text.as_bytes();
        for (at, byte) in bytes.iter().enumerate() {
            let ends = *byte == b'\n' || *byte == b'\r' && bytes.get(at + 1) != Some(&b'\n');
            if ends {
                starts.push(at + 1);
            }
        }
        let Some(start) = starts.get(line as usize) else {
            return text.len();
        };
        let rest = &text[*start..];
        let end = rest.find(['\n', '\r']).unwrap_or(rest.len());
        let mut units = 0;
        for (at, character) in rest[..end].char_indices() {
            units += character.len_utf16();
            if units > column as usize {
                return start + at;
            }
        }
        start + end
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        #[test]
        fn any_edits_leave_the_text_of_the_client(
            text in "[a é😀\r\n日\t\"|]{0,40}",
            edits in prop::collection::vec(
                ((0u32..8, 0u32..12), (0u32..8, 0u32..12), "[b😀\r\n]{0,6}"), 1..12
            ),
        ) {
            let mut document = DocumentText::new(text.clone());
            let mut expected = text;
            for (start, end, new) in edits {
                let range = types::Range { start: at(start.0, start.1), end: at(end.0, end.1) };
                document.change(Some(range), &new, ColumnUnit::Utf16);
                let (first, last) = (model(&expected, start), model(&expected, end));
                expected.replace_range(first..last.max(first), &new);
                prop_assert_eq!(document.as_str(), &expected);
                prop_assert_eq!(&document, &DocumentText::new(expected.clone()));
            }
        }

        #[test]
        fn a_position_leads_back_to_its_byte(text in "[a é😀\r\n日]{0,40}") {
            let document = DocumentText::new(text.clone());
            for (offset, character) in text.char_indices() {
                // Between `\r` and `\n` there is no position.
                if character != '\n' || !text[..offset].ends_with('\r') {
                    let position = document.position(offset, ColumnUnit::Utf16);
                    prop_assert_eq!(document.offset(position, ColumnUnit::Utf16), offset);
                }
            }
        }
    }
}
