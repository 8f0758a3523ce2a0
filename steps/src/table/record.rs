//! A row with the names of its cells.

use std::ops::Index;

use super::cell;

/// A row of a table whose first row names the cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Record<'a> {
    header: &'a [String],
    cells: &'a [String],
    /// The number of the row in the table, from 1.
    row: usize,
}

impl<'a> Record<'a> {
    pub(super) fn new(header: &'a [String], cells: &'a [String], row: usize) -> Self {
        Self { header, cells, row }
    }

    /// The cell with a name; `None` if the table has no such column.
    pub fn get(&self, name: &str) -> Option<&'a str> {
        let index = self.header.iter().position(|own| own == name)?;
        Some(cell(self.cells, index))
    }

    /// The cell with a name.
    ///
    /// # Panics
    /// If the table has no such column; the message lists the columns.
    #[track_caller]
    pub fn cell(&self, name: &str) -> &'a str {
        match self.get(name) {
            Some(cell) => cell,
            None => panic!(
                "the table has no column `{name}`; it has: {}",
                self.header.join(", ")
            ),
        }
    }

    /// The names with their cells, in the order of the table. They can be collected into a map.
    pub fn iter(&self) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
        let cells = self.cells;
        self.header
            .iter()
            .enumerate()
            .map(move |(index, name)| (name.as_str(), cell(cells, index)))
    }

    /// The cells.
    pub fn cells(&self) -> &'a [String] {
        self.cells
    }

    /// The number of the row in the table, from 1 for the row of the names.
    pub fn row(&self) -> usize {
        self.row
    }
}

impl Index<&str> for Record<'_> {
    type Output = str;

    #[track_caller]
    fn index(&self, name: &str) -> &str {
        self.cell(name)
    }
}
