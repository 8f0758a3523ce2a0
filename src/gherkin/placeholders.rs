//! Replaces the placeholders of an outline with the values of a row.
//!
//! The rule of Cucumber is one replacement after the other, column by column, so that a
//! value may bring in a placeholder of a later column. Almost every text can be filled in
//! one pass with the same result; only a text with such a chain is filled the long way.

use std::borrow::Cow;
use std::cell::Cell;

use foldhash::{HashMap, HashMapExt};

use super::expansion::{Expansion, Overflow};
use super::table::{TableCell, TableRow};

/// The limit of work for a text that is filled the long way: without it thirty short columns could need more time
/// than anybody has.
const MOST_WORK: usize = 64 << 20;

/// The placeholders that a header defines.
#[derive(Debug)]
pub(super) struct Placeholders<'d, 'e> {
    header: TableRow<'d>,
    /// What the texts of all rows may need.
    expansion: &'e Expansion,
    /// The first column of each name.
    columns: HashMap<&'d str, usize>,
    /// Whether each name can be found as the text between a `<` and the next `>`.
    simple: bool,
    /// Work done so far to find names that are not simple.
    searched: Cell<usize>,
}

/// A text of an outline, looked through once for all rows.
#[derive(Debug)]
pub(super) struct Template<'d> {
    text: &'d str,
    /// Where placeholders stand in the text, and their columns.
    holes: Vec<(usize, usize, usize)>,
    /// Bytes of the text that are placeholders.
    hole_bytes: usize,
    /// What a filled text may still need.
    chains: Chains,
}

/// The values of a row, looked through once for all texts. It is used again for the next row.
#[derive(Debug, Default)]
pub(super) struct Values<'d> {
    cells: &'d [TableCell<'d>],
    /// Of each value, whether it has a `<` or `>`.
    marked: Vec<bool>,
}

impl<'d> Values<'d> {
    /// Takes the values of a row.
    pub fn set(&mut self, row: TableRow<'d>) {
        self.cells = row.cells;
        let is_marked = |value: &str| value.bytes().any(|byte| matches!(byte, b'<' | b'>'));
        self.marked.clear();
        let marked = row.cells.iter().map(|cell| is_marked(&cell.value));
        self.marked.extend(marked);
    }

    fn get(&self, column: usize) -> &'d str {
        self.cells.get(column).map_or("", |cell| &*cell.value)
    }

    fn is_marked(&self, column: usize) -> bool {
        self.marked.get(column).copied().unwrap_or_default()
    }
}

impl<'d> Template<'d> {
    /// Whether the text is the same for every row.
    pub fn is_fixed(&self) -> bool {
        self.holes.is_empty() && self.chains != Chains::Yes
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Chains {
    /// Nothing, unless a value brings a `<` or `>`.
    No,
    /// Replacing a placeholder may create a new one around it.
    Maybe,
    /// Names hold a `<` or `>`: only the long way finds them.
    Yes,
}

impl<'d, 'e> Placeholders<'d, 'e> {
    pub fn new(header: TableRow<'d>, expansion: &'e Expansion) -> Self {
        let mut columns = HashMap::with_capacity(header.cells.len());
        for (column, cell) in header.cells.iter().enumerate() {
            columns.entry(&*cell.value).or_insert(column);
        }
        Self {
            header,
            expansion,
            simple: !columns.keys().any(|name| name.contains(['<', '>'])),
            columns,
            searched: Cell::new(0),
        }
    }

    /// Finds the placeholders of a text.
    pub fn template(&self, text: &'d str) -> Template<'d> {
        let mut holes = Vec::new();
        let mut hole_bytes = 0;
        let mut chains = Chains::No;
        if may_have_placeholder(text) {
            let mut pairs = Pairs::new(text);
            for (start, end) in pairs.by_ref() {
                if let Some(column) = self.columns.get(&text[start + 1..end]) {
                    holes.push((start, end + 1, *column));
                    hole_bytes += end + 1 - start;
                }
            }
            if !self.simple && self.may_occur(text) {
                chains = Chains::Yes;
            } else if pairs.unpaired {
                chains = Chains::Maybe;
            }
        }
        Template {
            text,
            holes,
            hole_bytes,
            chains,
        }
    }

    /// Whether the text contains a placeholder; true also if the search would cost too much.
    fn may_occur(&self, text: &str) -> bool {
        let cost = text.len().saturating_mul(self.columns.len());
        let total = self.searched.get().saturating_add(cost);
        self.searched.set(total);
        total > MOST_WORK
            || self
                .columns
                .keys()
                .any(|name| text.contains(&format!("<{name}>")))
    }

    /// The text with the values of the row.
    #[inline]
    pub fn fill(
        &self,
        template: &Template<'d>,
        values: &Values<'d>,
    ) -> Result<Cow<'d, str>, Overflow> {
        match template.is_fixed() {
            true => Ok(Cow::Borrowed(template.text)),
            false => self.fill_holes(template, values),
        }
    }

    fn fill_holes(
        &self,
        template: &Template<'d>,
        values: &Values<'d>,
    ) -> Result<Cow<'d, str>, Overflow> {
        if template.chains == Chains::Yes {
            return self.fill_by_column(template.text, values);
        }
        if let [(0, end, column)] = template.holes[..]
            && end == template.text.len()
            && !values.is_marked(column)
        {
            // A text that is only a placeholder is the value, which the row has already.
            return Ok(Cow::Borrowed(values.get(column)));
        }
        let holes = template.holes.iter();
        let lengths = holes.map(|(_, _, column)| values.get(*column).len());
        let length = lengths.fold(template.text.len(), usize::saturating_add);
        self.expansion.take(length)?;
        let mut filled = String::with_capacity(length - template.hole_bytes);
        let mut done = 0;
        let mut chains = template.chains == Chains::Maybe;
        for (start, end, column) in &template.holes {
            chains |= values.is_marked(*column);
            filled.push_str(&template.text[done..*start]);
            filled.push_str(values.get(*column));
            done = *end;
        }
        filled.push_str(&template.text[done..]);
        if chains && self.has_placeholder(&filled) {
            return self.fill_by_column(template.text, values);
        }
        Ok(Cow::Owned(filled))
    }

    fn has_placeholder(&self, text: &str) -> bool {
        Pairs::new(text).any(|(start, end)| self.columns.contains_key(&text[start + 1..end]))
    }

    fn fill_by_column(&self, text: &'d str, values: &Values<'d>) -> Result<Cow<'d, str>, Overflow> {
        let mut filled = Cow::Borrowed(text);
        let mut work = 0usize;
        for (name, value) in self.header.cells.iter().zip(values.cells) {
            work = work.saturating_add(filled.len());
            if work > MOST_WORK {
                return Err(Overflow::Chain);
            }
            let placeholder = format!("<{}>", name.value);
            let count = filled.matches(&placeholder).count();
            if count == 0 {
                continue;
            }
            let growth = value.value.len().saturating_mul(count);
            // More than the text itself has: values bring them in.
            let is_chain = count > text.matches(&placeholder).count();
            let length = filled.len().saturating_add(growth);
            self.expansion
                .take(length)
                .map_err(|error| match is_chain {
                    true => Overflow::Chain,
                    false => error,
                })?;
            filled = Cow::Owned(filled.replace(&placeholder, &value.value));
        }
        Ok(filled)
    }
}

/// Whether a text has a `<`. Without one, nothing in it is replaced.
pub(super) fn may_have_placeholder(text: &str) -> bool {
    text.as_bytes().contains(&b'<')
}

/// The pairs of a `<` and the next `>` without another `<` between them.
struct Pairs<'t> {
    text: &'t str,
    position: usize,
    /// Whether a `<` or `>` has been passed that is not part of a pair.
    unpaired: bool,
}

impl<'t> Pairs<'t> {
    fn new(text: &'t str) -> Self {
        Self {
            text,
            position: 0,
            unpaired: false,
        }
    }
}

impl Iterator for Pairs<'_> {
    type Item = (usize, usize);

    fn next(&mut self) -> Option<(usize, usize)> {
        let bytes = self.text.as_bytes();
        let mut start = None;
        let is_mark = |byte: &u8| matches!(byte, b'<' | b'>');
        while let Some(length) = bytes[self.position..].iter().position(is_mark) {
            let offset = self.position + length;
            self.position = offset + 1;
            match (bytes[offset], start) {
                (b'<', _) => {
                    self.unpaired |= start.is_some();
                    start = Some(offset);
                }
                (_, Some(start)) => return Some((start, offset)),
                (_, None) => self.unpaired = true,
            }
        }
        self.position = bytes.len();
        self.unpaired |= start.is_some();
        None
    }
}

#[cfg(test)]
mod tests {
    use super::super::location::Location;
    use super::*;

    const PLACE: Location = Location { line: 1, column: 1 };

    fn cells<'d>(values: &[&'d str]) -> Vec<TableCell<'d>> {
        let cell = |value: &&'d str| TableCell {
            location: PLACE,
            value: Cow::Borrowed(value),
        };
        values.iter().map(cell).collect()
    }

    fn row<'d>(cells: &'d [TableCell<'d>]) -> TableRow<'d> {
        TableRow {
            id: 0,
            location: PLACE,
            is_open: false,
            cells,
        }
    }

    /// One replacement after the other, as the rule says.
    fn by_rule(text: &str, header: &[&str], values: &[&str]) -> String {
        let mut text = text.to_owned();
        for (name, value) in header.iter().zip(values) {
            text = text.replace(&format!("<{name}>"), value);
        }
        text
    }

    #[test]
    fn one_pass_gives_what_the_rule_gives() {
        let names = ["a", "b", "a b", "", "c"];
        let values = ["1", "<b>", "<", ">", "", "b", "<a>", "a", "x <c> y", " "];
        let texts = [
            "<a>",
            "<<a>>",
            "<a><b>",
            "<a b>",
            "<<a> b>",
            "<a <b>>",
            "<>",
            "<a>b>",
            "<<b>>",
            "no",
            "<",
            ">",
            "< a>",
            "<a",
            "<c> <a> <b>",
            "<<a><b>>",
            "<x><a>",
            ">a<",
            "<<<a>>>",
        ];
        for first in values {
            for second in values {
                for third in values {
                    for rotation in 0..names.len() {
                        let header: Vec<_> = (0..3)
                            .map(|n| names[(n + rotation) % names.len()])
                            .collect();
                        let texts_of_row = [first, second, third];
                        let (header_cells, row_cells) = (cells(&header), cells(&texts_of_row));
                        let expansion = Expansion::default();
                        let placeholders = Placeholders::new(row(&header_cells), &expansion);
                        let mut values = Values::default();
                        values.set(row(&row_cells));
                        for text in texts {
                            let filled = placeholders.fill(&placeholders.template(text), &values);
                            let expected = by_rule(text, &header, &texts_of_row);
                            assert_eq!(
                                filled.as_deref(),
                                Ok(&*expected),
                                "{text:?} {header:?} {texts_of_row:?}"
                            );
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn values_that_double_without_end_are_refused() {
        let names: Vec<String> = (0..40).map(|n| format!("n{n}")).collect();
        let values: Vec<String> = (1..41).map(|n| format!("<n{n}><n{n}>")).collect();
        let names: Vec<_> = names.iter().map(String::as_str).collect();
        let values: Vec<_> = values.iter().map(String::as_str).collect();
        let (names, cells) = (cells(&names), cells(&values));
        let expansion = Expansion::default();
        let placeholders = Placeholders::new(row(&names), &expansion);
        let mut values = Values::default();
        values.set(row(&cells));
        let filled = placeholders.fill(&placeholders.template("<n0>"), &values);
        assert_eq!(filled, Err(Overflow::Chain));
    }
}
