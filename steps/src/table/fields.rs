//! A table, or one of its rows, as names with cells; and the errors about them.

use std::error::Error;
use std::fmt;

use serde_core::de;

use super::cell;

/// Where names and cells come from.
#[derive(Clone, Copy)]
pub(super) enum Fields<'a> {
    /// A row below the one with the names.
    Row {
        names: &'a [String],
        cells: &'a [String],
        /// Its number in the table, from 1.
        row: usize,
    },
    /// A whole table: each row is a name and its cell.
    Vertical { rows: &'a [Vec<String>] },
}

impl<'a> Fields<'a> {
    pub(super) fn len(self) -> usize {
        match self {
            Self::Row { names, cells, .. } => names.len().max(cells.len()),
            Self::Vertical { rows } => rows.len(),
        }
    }

    pub(super) fn name(self, index: usize) -> &'a str {
        match self {
            Self::Row { names, .. } => cell(names, index),
            Self::Vertical { rows } => rows.get(index).map_or("", |row| cell(row, 0)),
        }
    }

    pub(super) fn cell(self, index: usize) -> &'a str {
        match self {
            Self::Row { cells, .. } => cell(cells, index),
            Self::Vertical { rows } => rows.get(index).map_or("", |row| cell(row, 1)),
        }
    }

    /// The index of the first repeated name.
    pub(super) fn twice(self) -> Option<usize> {
        let mut seen = std::collections::HashSet::with_capacity(self.len());
        (0..self.len()).find(|index| !seen.insert(self.name(*index)))
    }

    /// Writes into an error which of these fields it is about.
    pub(super) fn locate(self, mut error: RowError) -> RowError {
        let (row, name, other) = match self {
            Self::Row { row, .. } => (row, "column", "columns"),
            Self::Vertical { .. } => (error.index.map_or(0, |index| index + 1), "name", "names"),
        };
        if let Some(field) = error.missing {
            let names: Vec<&str> = (0..self.len()).map(|index| self.name(index)).collect();
            error.place = "the table".to_owned();
            error.problem = format!(
                "no {name} `{field}`, which has to be there; the {other} are: {}",
                names.join(", ")
            );
            return error;
        }
        let row = if error.of_name && name == "column" {
            1
        } else {
            row
        };
        error.place = match row {
            0 => "the table".to_owned(),
            row => format!("row {row} of the table"),
        };
        if let Some(index) = error.index {
            error
                .place
                .push_str(&format!(", {name} `{}`", self.name(index)));
            if !error.of_name {
                error
                    .place
                    .push_str(&format!(", cell \"{}\"", self.cell(index)));
            }
        }
        error
    }
}

/// Why a row of a table, or a vertical table, is not a value of the requested type.
///
/// Its text names the row, the column and the cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowError {
    place: String,
    pub(super) problem: String,
    /// Which of the fields.
    pub(super) index: Option<usize>,
    /// Whether it is about the name and not the cell.
    pub(super) of_name: bool,
    /// What serde got, if it expected something else.
    pub(super) given: Option<String>,
    /// A field without a cell.
    missing: Option<&'static str>,
}

impl RowError {
    pub(super) fn new(problem: String) -> Self {
        Self {
            place: String::new(),
            problem,
            index: None,
            of_name: false,
            given: None,
            missing: None,
        }
    }

    /// An error about the name at an index.
    pub(super) fn of_name(mut self, index: usize) -> Self {
        self.of_name = self.index.is_none();
        self.index = self.index.or(Some(index));
        self
    }

    /// An error about the cell at an index.
    pub(super) fn of_cell(mut self, index: usize) -> Self {
        self.index = self.index.or(Some(index));
        self
    }
}

impl fmt::Display for RowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.place.is_empty() {
            write!(f, "{}: ", self.place)?;
        }
        f.write_str(&self.problem)
    }
}

impl Error for RowError {}

impl de::Error for RowError {
    fn custom<T: fmt::Display>(problem: T) -> Self {
        Self::new(problem.to_string())
    }

    fn invalid_type(given: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self {
            given: Some(given.to_string()),
            ..Self::new(format!("invalid type: {given}, expected {expected}"))
        }
    }

    fn invalid_value(given: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self {
            given: Some(given.to_string()),
            ..Self::new(format!("invalid value: {given}, expected {expected}"))
        }
    }

    fn missing_field(field: &'static str) -> Self {
        Self {
            missing: Some(field),
            ..Self::new(format!("missing field `{field}`"))
        }
    }
}
