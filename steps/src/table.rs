//! The table below a step.

use std::ops::Index;

/// The table below a step; a step function takes it as `Table`, `&Table` or `Option<Table>`.
///
/// ```
/// use bdd_steps::Table;
///
/// let friends = Table::from([["name", "age"], ["Ada", "36"], ["Alan", "41"]]);
/// assert_eq!(friends.row(1), Some(&["Ada".to_owned(), "36".to_owned()][..]));
/// let ages: Vec<&str> = friends.records().map(|friend| friend.cell("age")).collect();
/// assert_eq!(ages, ["36", "41"]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    /// Makes a table from its rows, for calling a step function by hand. In a table from a
    /// feature file all rows have the same length.
    pub fn new(rows: Vec<Vec<String>>) -> Self {
        Self { rows }
    }

    /// All rows, the first included.
    pub fn rows(&self) -> &[Vec<String>] {
        &self.rows
    }

    /// All rows, by value.
    pub fn into_rows(self) -> Vec<Vec<String>> {
        self.rows
    }

    /// The row at an index, from 0.
    pub fn row(&self, index: usize) -> Option<&[String]> {
        self.rows.get(index).map(Vec::as_slice)
    }

    /// The number of rows, the first included.
    pub fn height(&self) -> usize {
        self.rows.len()
    }

    /// The number of cells in a row.
    pub fn width(&self) -> usize {
        self.header().len()
    }

    /// The first row.
    pub fn header(&self) -> &[String] {
        self.row(0).unwrap_or_default()
    }

    /// The rows below the first one, each with the first as the names of its cells.
    pub fn records(&self) -> impl DoubleEndedIterator<Item = Record<'_>> + ExactSizeIterator {
        let header = self.header();
        let below = self.rows.get(1..).unwrap_or_default();
        below.iter().enumerate().map(move |(index, cells)| Record {
            header,
            cells,
            row: index + 2,
        })
    }

    /// The columns as rows: the first row becomes the first cell of each.
    pub fn transpose(&self) -> Table {
        Table {
            rows: self
                .columns()
                .map(|column| column.into_iter().map(str::to_owned).collect())
                .collect(),
        }
    }

    /// The columns, each with the cell of the first row.
    pub fn columns(&self) -> impl Iterator<Item = Vec<&str>> {
        (0..self.width()).map(|index| self.rows.iter().map(|row| cell(row, index)).collect())
    }

    /// The cells below a name in the first row, or none if there is no such name.
    pub fn column(&self, name: &str) -> Option<Vec<&str>> {
        let index = self.header().iter().position(|own| own == name)?;
        Some(
            self.rows
                .iter()
                .skip(1)
                .map(|row| cell(row, index))
                .collect(),
        )
    }

    /// The first two cells of each row, the first row included: a table of names and values.
    /// Collect it into a map, or keep the order.
    pub fn pairs(&self) -> impl DoubleEndedIterator<Item = (&str, &str)> + ExactSizeIterator {
        self.rows.iter().map(|row| (cell(row, 0), cell(row, 1)))
    }
}

fn cell(row: &[String], index: usize) -> &str {
    row.get(index).map_or("", String::as_str)
}

impl<const WIDTH: usize, const HEIGHT: usize> From<[[&str; WIDTH]; HEIGHT]> for Table {
    fn from(rows: [[&str; WIDTH]; HEIGHT]) -> Self {
        Self {
            rows: rows
                .iter()
                .map(|row| row.iter().map(|&cell| cell.to_owned()).collect())
                .collect(),
        }
    }
}

/// A row of a table whose first row names the cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Record<'a> {
    header: &'a [String],
    cells: &'a [String],
    /// The number of the row in the table, from 1.
    row: usize,
}

impl<'a> Record<'a> {
    /// The cell with a name, or none if the table has no such column.
    pub fn get(&self, name: &str) -> Option<&'a str> {
        let index = self.header.iter().position(|own| own == name)?;
        Some(cell(self.cells, index))
    }

    /// The cell with a name.
    ///
    /// # Panics
    /// When the table has no such column; the message names those it has.
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

    /// The names with their cells, in the order of the table. Collect it into a map.
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
