//! Compares an expected table with an actual one, and decides which differences count.
//!
//! `alignment` finds which columns and rows belong together; `difference` shows what differs.

use super::Table;
use super::alignment::{Alignment, Columns, Line, Rows};
use super::difference::TableDiff;

/// How two tables are compared.
///
/// The first row names the columns. Columns are found by their names, so their order does not matter. All
/// other differences count: missing and surplus columns and rows, and the order of the rows.
///
/// ```
/// use bdd_steps::{Comparison, Table};
///
/// let expected = Table::from([["name"], ["Ada"], ["Alan"]]);
/// let actual = Table::from([["age", "name"], ["41", "Alan"], ["36", "Ada"]]);
/// let comparison = Comparison::new().any_row_order().surplus_columns();
/// comparison.diff(&expected, &actual).expect("names and rows are the same");
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Comparison {
    any_row_order: bool,
    surplus_columns: bool,
    surplus_rows: bool,
    column_order: bool,
    no_header: bool,
}

impl Comparison {
    /// A comparison in which everything counts except the order of the columns.
    pub fn new() -> Self {
        Self::default()
    }

    /// The rows below the first one may come in any order.
    #[must_use]
    pub fn any_row_order(mut self) -> Self {
        self.any_row_order = true;
        self
    }

    /// The actual table may have columns that the expected one does not name.
    #[must_use]
    pub fn surplus_columns(mut self) -> Self {
        self.surplus_columns = true;
        self
    }

    /// The actual table may have rows that the expected one does not have.
    #[must_use]
    pub fn surplus_rows(mut self) -> Self {
        self.surplus_rows = true;
        self
    }

    /// The columns must come in the order of the expected table.
    #[must_use]
    pub fn column_order(mut self) -> Self {
        self.column_order = true;
        self
    }

    /// The first row is a row like all others, and columns are found by their position.
    #[must_use]
    pub fn without_header(mut self) -> Self {
        self.no_header = true;
        self
    }

    /// Compares two tables. The time is about linear in the number of cells.
    ///
    /// # Errors
    /// If there are differences that count.
    pub fn diff(&self, expected: &Table, actual: &Table) -> Result<(), TableDiff> {
        let columns = if self.no_header || actual.height() == 0 {
            Columns::by_position(expected, actual)
        } else {
            Columns::by_name(expected, actual)
        };
        let sides = if self.no_header {
            (expected.rows(), actual.rows())
        } else {
            (expected.body(), actual.body())
        };
        let rows = Rows {
            expected: sides.0,
            actual: sides.1,
            columns: &columns,
        };
        let lines = if self.any_row_order {
            rows.in_any_order()
        } else {
            rows.in_order()
        };
        let mut found = Alignment {
            moved: self.column_order && columns.moved(),
            columns,
            lines,
            header: !self.no_header,
        };
        if self.surplus_columns {
            found.columns.surplus.clear();
        }
        if self.surplus_rows {
            found.lines.retain(|line| !matches!(line, Line::Surplus(_)));
        }
        if found.is_nothing() {
            return Ok(());
        }
        Err(TableDiff::new(expected, actual, &found))
    }
}
