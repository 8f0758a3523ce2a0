//! The cells of a row.

use std::borrow::Cow;
use std::ops::Range;

use super::flavor::Flavor;
use super::line::SourceLine;
use super::location::Location;
use super::space::{leading_space, trim_end, width};
use super::table::TableCell;

/// Adds the cells of a line that begins with `|`. What follows the last `|` is not a cell. For behave, the last character
/// ends the last cell, whatever it is.
pub(super) fn add_cells<'s>(line: &SourceLine<'s>, flavor: Flavor, cells: &mut Vec<TableCell<'s>>) {
    let text = trim_end(line.trimmed());
    let (text, is_closed) = match flavor {
        Flavor::Standard => (text, false),
        Flavor::Behave => {
            let last = text.char_indices().next_back();
            (&text[..last.map_or(0, |(at, _)| at)], true)
        }
    };
    let mut row = Row::new(line, text);
    let bytes = text.as_bytes();
    // The cell: where it begins, and where what is not space begins and ends.
    let mut begin = None;
    let (mut start, mut end) = (0, 0);
    let mut escapes = None;
    let mut at = 0;
    // One byte after the other: cells are so short that a search for each `|` takes longer.
    while let Some(byte) = bytes.get(at) {
        match byte {
            b' ' => {}
            b'|' => {
                if let Some(begin) = begin {
                    cells.push(row.cell(begin..at, start..end, escapes));
                }
                begin = Some(at + 1);
                end = 0;
                escapes = None;
            }
            _ => {
                if end == 0 {
                    start = at;
                }
                // For behave, a backslash means something before `|` only.
                if *byte == b'\\' && (flavor.is_standard() || bytes.get(at + 1) == Some(&b'|')) {
                    escapes = Some(flavor);
                    // The next character may be a `|` that ends nothing.
                    at += 1;
                }
                end = at + 1;
            }
        }
        at += 1;
    }
    if let Some(begin) = begin.filter(|_| is_closed) {
        cells.push(row.cell(begin..text.len(), start..end, escapes));
    }
}

/// The text of a row, and how far its columns have been counted.
struct Row<'s> {
    text: &'s str,
    is_ascii: bool,
    offset: usize,
    location: Location,
}

impl<'s> Row<'s> {
    fn new(line: &SourceLine<'s>, text: &'s str) -> Self {
        Self {
            text,
            is_ascii: text.is_ascii(),
            offset: 0,
            location: line.location(),
        }
    }

    /// The cell between two `|`. What is not ` ` in it begins and ends with `inner`. It may have the escapes of a flavor.
    #[inline(always)]
    fn cell(
        &mut self,
        raw: Range<usize>,
        inner: Range<usize>,
        escapes: Option<Flavor>,
    ) -> TableCell<'s> {
        let bytes = self.text.as_bytes();
        let is_plain = |at: usize| matches!(bytes.get(at), Some(b'!'..=b'~'));
        let range = match inner.end {
            0 => raw.end..raw.end,
            end if is_plain(inner.start) && is_plain(end - 1) => inner,
            _ => self.trimmed(raw),
        };
        let location = self.place(range.start);
        let text = &self.text[range];
        let value = match escapes {
            None => Cow::Borrowed(text),
            Some(flavor) => Cow::Owned(unescaped(text, flavor)),
        };
        TableCell { location, value }
    }

    /// The part of a cell that has no space around it, of any kind.
    fn trimmed(&self, raw: Range<usize>) -> Range<usize> {
        let start = raw.start + leading_space(&self.text[raw.clone()]);
        start..start + trim_end(&self.text[start..raw.end]).len()
    }

    /// The place of a byte of the text. It is not before the last one that was asked for.
    fn place(&mut self, offset: usize) -> Location {
        self.location.column += match self.is_ascii {
            true => (offset - self.offset) as u32,
            false => width(&self.text[self.offset..offset]),
        };
        self.offset = offset;
        self.location
    }
}

/// Resolves `\n`, `\|` and `\\`; any other backslash stands for itself. For behave, only `\|` means something.
fn unescaped(raw: &str, flavor: Flavor) -> String {
    if flavor == Flavor::Behave {
        return raw.replace(r"\|", "|");
    }
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::line::Lines;
    use super::super::space::trim;
    use super::*;

    /// The cells by the rule, each with its column: parts between `|` that no backslash escapes.
    fn by_rule(text: &str, flavor: Flavor) -> Vec<(u32, String)> {
        let mut text = trim_end(text);
        if flavor == Flavor::Behave {
            let mut characters = text.chars();
            characters.next_back();
            text = characters.as_str();
        }
        let mut parts = vec![String::new()];
        let mut characters = text.chars().peekable();
        while let Some(character) = characters.next() {
            let next = characters.peek().copied();
            match character {
                '|' => parts.push(String::new()),
                '\\' if flavor.is_standard() || next == Some('|') => {
                    parts
                        .last_mut()
                        .unwrap()
                        .extend([Some('\\'), next].into_iter().flatten());
                    characters.next();
                }
                other => parts.last_mut().unwrap().push(other),
            }
        }
        if flavor.is_standard() {
            parts.pop();
        }
        let mut column = 1;
        let mut cells = Vec::new();
        for part in parts {
            let space = part.len() - part[leading_space(&part)..].len();
            let value = trim(&part);
            let value = match value.contains('\\') {
                true => unescaped(value, flavor),
                false => value.to_owned(),
            };
            cells.push((column + width(&part[..space]), value));
            column += width(&part) + 1;
        }
        // Nothing stands before the first `|`.
        cells.drain(..cells.len().min(1));
        cells
    }

    #[test]
    fn cells_are_those_of_the_rule() {
        let alphabet = ["|", "\\", " ", "a", "\t", "é", "\u{3000}"];
        let mut rows = vec!["|".to_owned()];
        for begin in 0.. {
            let Some(row) = rows.get(begin).cloned() else {
                break;
            };
            if row.chars().count() < 7 {
                rows.extend(alphabet.map(|next| format!("{row}{next}")));
            }
            let line = Lines::new(&row).next().unwrap();
            for flavor in [Flavor::Standard, Flavor::Behave] {
                let mut cells = Vec::new();
                add_cells(&line, flavor, &mut cells);
                let found = cells.into_iter();
                let found = found.map(|cell| (cell.location.column, cell.value.into_owned()));
                assert_eq!(
                    found.collect::<Vec<_>>(),
                    by_rule(&row, flavor),
                    "{row:?} {flavor:?}"
                );
            }
        }
    }
}
