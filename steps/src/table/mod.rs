//! The table below a step.
//!
//! This file has its rows, columns and maps. [`comparison`] compares two tables, and `read` and `write`
//! convert them to values and back. Nothing here knows workers or reports.

mod alignment;
#[cfg(feature = "serde")]
mod cell_text;
mod comparison;
mod difference;
#[cfg(feature = "serde")]
mod fields;
#[cfg(feature = "serde")]
mod guess;
#[cfg(feature = "serde")]
mod read;
mod record;
#[cfg(feature = "serde")]
mod value_error;
#[cfg(feature = "serde")]
mod write;

use std::collections::BTreeMap;

pub use comparison::Comparison;
pub use difference::TableDiff;
#[cfg(feature = "serde")]
pub use fields::RowError;
pub use record::Record;
#[cfg(feature = "serde")]
pub use value_error::ValueError;

/// The table below a step; a step function takes it as `Table`, `&Table` or `Option<Table>`.
///
/// ```
/// use bdd_steps::Table;
///
/// let friends = Table::from([["name", "age"], ["Ada", "36"], ["Alan", "41"]]);
/// assert_eq!(friends.row(1), Some(&["Ada".to_owned(), "36".to_owned()][..]));
/// let ages: Vec<&str> = friends.records().map(|friend| friend.cell("age")).collect();
/// assert_eq!(ages, ["36", "41"]);
/// assert_eq!(friends.hashes()[1]["name"], "Alan");
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

    /// All rows, including the first.
    pub fn rows(&self) -> &[Vec<String>] {
        &self.rows
    }

    /// All rows, by value.
    pub fn into_rows(self) -> Vec<Vec<String>> {
        self.rows
    }

    /// The rows below the first one.
    pub fn body(&self) -> &[Vec<String>] {
        self.rows.get(1..).unwrap_or_default()
    }

    /// The row at an index, from 0.
    pub fn row(&self, index: usize) -> Option<&[String]> {
        self.rows.get(index).map(Vec::as_slice)
    }

    /// The number of rows, including the first.
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

    /// The rows below the first one, each with the first row as the names of its cells.
    pub fn records(&self) -> impl DoubleEndedIterator<Item = Record<'_>> + ExactSizeIterator {
        let header = self.header();
        let body = self.body().iter().enumerate();
        body.map(move |(index, cells)| Record::new(header, cells, index + 2))
    }

    /// The rows below the first one, each as a map from the names in the first row to its cells.
    ///
    /// # Panics
    /// If the first row has a name twice, because a cell would be lost.
    #[track_caller]
    pub fn hashes(&self) -> Vec<BTreeMap<&str, &str>> {
        if let Some(name) = twice(self.header().iter().map(String::as_str)) {
            panic!("the table has the column `{name}` twice, so its rows cannot be maps");
        }
        let mut rows = Vec::with_capacity(self.height());
        for record in self.records() {
            rows.push(map(&mut record.iter()));
        }
        rows
    }

    /// A vertical table as a map. Each row, including the first, is a name and its value.
    ///
    /// # Panics
    /// If the table does not have two columns, or has a name twice, because a cell would be lost.
    #[track_caller]
    pub fn rows_hash(&self) -> BTreeMap<&str, &str> {
        if let Some(row) = self.rows.iter().find(|row| row.len() != 2) {
            panic!("{}", not_vertical(row.len()));
        }
        if let Some(name) = twice(self.pairs().map(|(name, _)| name)) {
            panic!("the table has the name `{name}` twice, so it cannot be a map");
        }
        map(&mut self.pairs())
    }

    /// The transposed table: each column becomes a row.
    pub fn transpose(&self) -> Table {
        Table {
            rows: self
                .columns()
                .map(|column| column.into_iter().map(str::to_owned).collect())
                .collect(),
        }
    }

    /// The columns from left to right, each including its cell of the first row.
    pub fn columns(&self) -> impl Iterator<Item = Vec<&str>> {
        (0..self.width()).map(|index| self.rows.iter().map(|row| cell(row, index)).collect())
    }

    /// The cells below a name in the first row; `None` if the first row does not have the name.
    pub fn column(&self, name: &str) -> Option<Vec<&str>> {
        let index = self.header().iter().position(|own| own == name)?;
        Some(self.body().iter().map(|row| cell(row, index)).collect())
    }

    /// The first two cells of each row, including the first row: a table of names and values.
    /// Collect it into a map, or keep the order. [`rows_hash`](Self::rows_hash) is such a map.
    pub fn pairs(&self) -> impl DoubleEndedIterator<Item = (&str, &str)> + ExactSizeIterator {
        self.rows.iter().map(|row| (cell(row, 0), cell(row, 1)))
    }

    /// Compares this table, the expected one, with an actual table. [`Comparison`] describes which differences
    /// count.
    ///
    /// ```
    /// use bdd_steps::{Table, TableDiff, then};
    ///
    /// #[then("^the friends are:$")]
    /// fn friends_are(expected: &Table) -> Result<(), TableDiff> {
    ///     let actual = Table::from([["name", "age"], ["Ada", "36"]]);
    ///     expected.diff(&actual)
    /// }
    /// # fn main() {
    /// # let expected = Table::from([["age", "name"], ["37", "Ada"]]);
    /// # assert!(friends_are(&expected).is_err());
    /// # }
    /// ```
    ///
    /// # Errors
    /// If the tables differ; the error shows how, row by row.
    pub fn diff(&self, actual: &Table) -> Result<(), TableDiff> {
        Comparison::new().diff(self, actual)
    }

    /// The same, but the rows below the first one may come in any order.
    ///
    /// # Errors
    /// If the tables differ.
    pub fn diff_unordered(&self, actual: &Table) -> Result<(), TableDiff> {
        Comparison::new().any_row_order().diff(self, actual)
    }
}

fn cell(row: &[String], index: usize) -> &str {
    row.get(index).map_or("", String::as_str)
}

/// A map of names and values. (`collect` would compile one more sort, see `sort`.)
fn map<'a>(pairs: &mut dyn Iterator<Item = (&'a str, &'a str)>) -> BTreeMap<&'a str, &'a str> {
    let mut map = BTreeMap::new();
    for (name, value) in pairs {
        map.insert(name, value);
    }
    map
}

/// The first repeated name.
fn twice<'a>(names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let mut seen = std::collections::HashSet::new();
    let mut names = names;
    names.find(|name| !seen.insert(*name))
}

fn not_vertical(width: usize) -> String {
    format!(
        "a vertical table has two columns, names and values, but this one has a row of {width}; \
         several values for each name are records of the transposed table"
    )
}

impl<const WIDTH: usize, const HEIGHT: usize> From<[[&str; WIDTH]; HEIGHT]> for Table {
    fn from(rows: [[&str; WIDTH]; HEIGHT]) -> Self {
        rows.into_iter().collect()
    }
}

impl From<Vec<Vec<String>>> for Table {
    fn from(rows: Vec<Vec<String>>) -> Self {
        Self { rows }
    }
}

impl<R: IntoIterator<Item: Into<String>>> FromIterator<R> for Table {
    fn from_iter<I: IntoIterator<Item = R>>(rows: I) -> Self {
        let cells = |row: R| row.into_iter().map(Into::into).collect();
        Self {
            rows: rows.into_iter().map(cells).collect(),
        }
    }
}
