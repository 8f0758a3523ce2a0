//! Tables of the document: those below steps, and those of examples.

use std::borrow::Cow;

use super::location::Location;

/// A table. The cells of all rows are in one list: with a list for each row, parsing took 6 % more instructions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table<'s> {
    rows: Vec<RowHead>,
    cells: Vec<TableCell<'s>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct RowHead {
    id: u32,
    location: Location,
    is_open: bool,
    /// Where the cells of the next row begin.
    end: usize,
}

/// A row of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TableRow<'t> {
    /// Unique in the document.
    pub id: u32,
    /// Where the first `|` is.
    pub location: Location,
    /// Whether its line does not end with a `|` of its own.
    pub is_open: bool,
    /// From left to right. All rows of a table have the same number.
    pub cells: &'t [TableCell<'t>],
}

/// A cell of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableCell<'s> {
    /// Where the value begins.
    pub location: Location,
    /// Without the space around it, escapes resolved.
    pub value: Cow<'s, str>,
}

impl Table<'_> {
    /// Its rows, from the first.
    pub fn rows(
        &self,
    ) -> impl DoubleEndedIterator<Item = TableRow<'_>> + ExactSizeIterator + Clone {
        (0..self.rows.len()).map(|at| self.row(at))
    }

    /// Its first row: the header, if it belongs to examples.
    pub fn first(&self) -> Option<TableRow<'_>> {
        self.rows().next()
    }

    /// The cells of all rows, from the first row.
    pub(super) fn cells(&self) -> &[TableCell<'_>] {
        &self.cells
    }

    /// Whether there is no table.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    fn row(&self, at: usize) -> TableRow<'_> {
        let head = &self.rows[at];
        let start = at.checked_sub(1).map_or(0, |before| self.rows[before].end);
        TableRow {
            id: head.id,
            location: head.location,
            is_open: head.is_open,
            cells: &self.cells[start..head.end],
        }
    }
}

/// What is read of a table.
impl<'s> Table<'s> {
    /// No table, with space for so many rows and cells.
    pub(super) fn with_capacity(rows: usize, cells: usize) -> Self {
        Self {
            rows: Vec::with_capacity(rows),
            cells: Vec::with_capacity(cells),
        }
    }

    /// Adds a row, whose cells `add_cells` adds to those of the rows before.
    pub(super) fn add_row(
        &mut self,
        location: Location,
        is_open: bool,
        add_cells: impl FnOnce(&mut Vec<TableCell<'s>>),
    ) {
        add_cells(&mut self.cells);
        self.rows.push(RowHead {
            id: 0,
            location,
            is_open,
            end: self.cells.len(),
        });
    }

    /// Gives each row its id.
    pub(super) fn number(&mut self, mut next_id: impl FnMut() -> u32) {
        for row in &mut self.rows {
            row.id = next_id();
        }
    }

    /// The rows that are longer or shorter than the first, each with the number of its cells.
    pub(super) fn ragged_rows(&self) -> Vec<(Location, usize)> {
        let expected = self.first().map_or(0, |first| first.cells.len());
        let rows = self.rows().map(|row| (row.location, row.cells.len()));
        rows.filter(|(_, found)| *found != expected).collect()
    }

    /// Moves all rows to a table without room for more. The space of this one is used again.
    pub(super) fn take(&mut self) -> Self {
        Self {
            rows: take_all(&mut self.rows),
            cells: take_all(&mut self.cells),
        }
    }
}

/// Moves all values to a list without room for more. The space of theirs is used again.
pub(super) fn take_all<T>(values: &mut Vec<T>) -> Vec<T> {
    let mut all = Vec::with_capacity(values.len());
    all.append(values);
    all
}
