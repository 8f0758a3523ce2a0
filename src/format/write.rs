//! The text of arranged lines.

use super::FormatStyle;
use super::arrangement::{ArrangedLine, Arrangement};
use super::table::ColumnWidths;
use crate::gherkin::{Dialect, ReadLine, has_step_keyword, leading_space};

/// The text of all lines, each with the line end `end`. `dialect` is the language of a file that does not name its own.
pub(super) fn text(
    blocks: &Arrangement<'_, '_>,
    style: FormatStyle,
    end: &str,
    dialect: &'static Dialect,
) -> String {
    let mut text = Written {
        text: String::new(),
        style,
        end,
        dialect,
    };
    let all = &blocks.0;
    let mut at = 0;
    while at < all.len() {
        let length = match all[at].line {
            ReadLine::Row { .. } => text.table(&all[at..]),
            ReadLine::Text(_) => text.description(&all[at..]),
            _ => {
                text.block(&all[at]);
                1
            }
        };
        at += length;
    }
    text.text
}

struct Written<'w> {
    text: String,
    style: FormatStyle,
    end: &'w str,
    dialect: &'static Dialect,
}

impl Written<'_> {
    fn line(&mut self, block: &ArrangedLine<'_, '_>, text: &str) {
        for _ in 0..block.blanks {
            self.text.push_str(self.end);
        }
        // A line of spaces would have them only at its end.
        if !text.is_empty() {
            let spaces = block.level * self.style.indent;
            self.text.extend(std::iter::repeat_n(' ', spaces));
            self.text.push_str(text);
        }
        self.text.push_str(self.end);
    }

    fn block(&mut self, block: &ArrangedLine<'_, '_>) {
        match block.line {
            ReadLine::Blank => {}
            ReadLine::Comment { text, .. } => self.line(block, text),
            ReadLine::Language(code) => {
                self.dialect = Dialect::find(code).unwrap_or(self.dialect);
                self.line(block, &format!("# language: {code}"));
            }
            ReadLine::Tags {
                names,
                comment,
                text,
            } => match names.is_empty() {
                // Without its `@` the line would be a comment.
                true => self.line(block, text),
                false => {
                    let tags = names.join(" ");
                    self.line(block, format!("{tags} {comment}").trim_end());
                }
            },
            ReadLine::Heading { keyword, name, .. } => match name.is_empty() {
                true => self.line(block, &format!("{keyword}:")),
                false => self.line(block, &format!("{keyword}: {name}")),
            },
            ReadLine::Step { keyword, rest } => {
                let step = step(keyword, rest, self.dialect);
                self.line(block, &step);
            }
            ReadLine::Open(text) | ReadLine::Close(text) | ReadLine::Content(text) => {
                self.line(block, text);
            }
            // They are written with the lines around them.
            ReadLine::Row { text, .. } | ReadLine::Text(text) => self.line(block, text),
        }
    }

    /// Writes the rows of a table and the comments between them; their number.
    fn table(&mut self, rest: &[ArrangedLine<'_, '_>]) -> usize {
        let length = run(rest, |line| matches!(line, ReadLine::Row { .. }));
        let rows = rest[..length].iter().map(|block| block.line);
        let columns = ColumnWidths::of(rows.filter_map(|line| match line {
            ReadLine::Row { cells, .. } => Some(cells.as_slice()),
            _ => None,
        }));
        for block in &rest[..length] {
            match block.line {
                ReadLine::Row { cells, rest, .. } if !cells.is_empty() => {
                    let row = columns.row(cells, rest, self.style.table_padding);
                    self.line(block, &row);
                }
                _ => self.block(block),
            }
        }
        length
    }

    /// Writes the lines of a description, which keep their indents to each other, and the comments between them; their
    /// number.
    fn description(&mut self, rest: &[ArrangedLine<'_, '_>]) -> usize {
        let length = run(rest, |line| matches!(line, ReadLine::Text(_)));
        let mut common: Option<&str> = None;
        for block in &rest[..length] {
            if let ReadLine::Text(text) = block.line {
                let indent = &text[..leading_space(text)];
                common = Some(common.map_or(indent, |common| shared(common, indent)));
            }
        }
        let common = common.map_or(0, str::len);
        for block in &rest[..length] {
            match block.line {
                ReadLine::Text(text) => self.line(block, &text[common..]),
                _ => self.block(block),
            }
        }
        length
    }
}

/// The number of lines up to the last one of a kind before anything but that kind and comments.
fn run(blocks: &[ArrangedLine<'_, '_>], is_kind: impl Fn(&ReadLine<'_>) -> bool) -> usize {
    let mut length = 0;
    for (at, block) in blocks.iter().enumerate() {
        match block.line {
            line if is_kind(line) => length = at + 1,
            ReadLine::Comment { .. } => {}
            _ => break,
        }
    }
    length
}

/// What two texts begin with.
fn shared<'t>(one: &'t str, other: &str) -> &'t str {
    let same = one.char_indices().zip(other.chars());
    let length = same
        .take_while(|((_, a), b)| a == b)
        .map(|((at, a), _)| at + a.len_utf8())
        .last()
        .unwrap_or(0);
    &one[..length]
}

/// A step with one space after its keyword. In languages that write no space there, one that is written stays.
fn step(keyword: &str, rest: &str, dialect: &'static Dialect) -> String {
    let text = &rest[leading_space(rest)..];
    let gap = match keyword.ends_with(' ') || text.len() == rest.len() || text.is_empty() {
        true => "",
        false => " ",
    };
    let step = format!("{keyword}{gap}{text}");
    // Without some spaces, the beginning of the text may be a part of a longer keyword: in French, `Étant donné  que`.
    match has_step_keyword(&step, keyword, dialect) {
        true => step,
        false => format!("{keyword}{rest}"),
    }
}
