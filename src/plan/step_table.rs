//! The tables below steps.

use std::fmt;

use serde::de::{Deserialize, Deserializer};
use serde::ser::{Serialize, Serializer};

use super::text_list::{NewTextList, TextList, TextListIter};

/// A table below a step. Every row is as long as the first, unless a host says otherwise.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct StepTable {
    cells: TextList,
    /// How many cells there are up to the end of each row.
    ends: Box<[usize]>,
}

impl StepTable {
    /// Its rows, from the first, each with its cells, from left to right.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = TextListIter<'_>> + Clone {
        (0..self.ends.len()).map(|row| {
            let start = row.checked_sub(1).map_or(0, |before| self.ends[before]);
            self.cells.part(start..self.ends[row])
        })
    }

    /// All its cells, row by row.
    #[must_use]
    pub fn cells(&self) -> &TextList {
        &self.cells
    }
}

/// Of the cells of each row.
impl<R: IntoIterator<Item: AsRef<str>>> FromIterator<R> for StepTable {
    fn from_iter<I: IntoIterator<Item = R>>(rows: I) -> Self {
        let mut new = NewStepTable::default();
        new.extend(rows);
        new.take()
    }
}

/// A table that is being put together. It keeps its room for the next one.
#[derive(Debug, Default)]
pub(super) struct NewStepTable {
    cells: NewTextList,
    ends: Vec<usize>,
}

impl NewStepTable {
    /// Adds rows.
    pub(super) fn extend<R>(&mut self, rows: impl IntoIterator<Item = R>)
    where
        R: IntoIterator<Item: AsRef<str>>,
    {
        for row in rows {
            self.cells.extend(row);
            self.ends.push(self.cells.len());
        }
    }

    /// What was put together since the last call.
    pub(super) fn take(&mut self) -> StepTable {
        let table = StepTable {
            cells: self.cells.take(),
            ends: self.ends.as_slice().into(),
        };
        self.ends.clear();
        table
    }
}

impl fmt::Debug for StepTable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self.rows()).finish()
    }
}

impl Serialize for StepTable {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.rows())
    }
}

impl<'de> Deserialize<'de> for StepTable {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let rows = Vec::<Vec<String>>::deserialize(deserializer)?;
        Ok(rows.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn rows_stay_as_they_are() {
        for rows in [
            vec![],
            vec![vec![]],
            vec![vec!["a", "b"], vec!["", "ä"]],
            // As only hosts have it.
            vec![vec![], vec!["a"], vec!["", "b"]],
        ] {
            let table: StepTable = rows.iter().collect();
            let cells = table.rows().map(Iterator::collect::<Vec<_>>);
            assert_eq!(cells.collect::<Vec<_>>(), rows);
            assert_eq!(table.rows().len(), rows.len());
            assert_eq!(format!("{table:?}"), format!("{rows:?}"));
            let json = serde_json::to_string(&rows).unwrap();
            assert_eq!(serde_json::to_string(&table).unwrap(), json);
            assert_eq!(serde_json::from_str::<StepTable>(&json).unwrap(), table);
        }
        let table = |rows: &[&[&str]]| rows.iter().copied().collect::<StepTable>();
        assert_ne!(table(&[&["a"], &["b"]]), table(&[&["a", "b"]]));
    }
}
