//! Finds which columns and rows of two tables belong together.
//!
//! It does not know which differences count, or how they are shown.

use std::collections::HashMap;
use std::ops::Range;

use super::{Table, cell};
use bdd_sequences::diff::{self, Part};
use bdd_sequences::sort_by;

/// The columns and rows that two tables share, and those of only one table.
pub(super) struct Alignment {
    pub(super) columns: Columns,
    /// The rows of both tables, without a first row that names the columns.
    pub(super) lines: Vec<Line>,
    /// Whether the columns are in another order, and the order counts.
    pub(super) moved: bool,
    /// Whether the first row names the columns.
    pub(super) header: bool,
}

/// Rows that belong together, as indices below the header of the expected and the actual table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Line {
    Equal(usize, usize),
    Changed(usize, usize),
    Missing(usize),
    Surplus(usize),
}

impl Alignment {
    pub(super) fn is_nothing(&self) -> bool {
        let Columns {
            missing, surplus, ..
        } = &self.columns;
        let mut lines = self.lines.iter();
        !self.moved
            && missing.is_empty()
            && surplus.is_empty()
            && lines.all(|line| matches!(line, Line::Equal(..)))
    }
}

/// Which columns of two tables belong together.
pub(super) struct Columns {
    /// Indices in the expected and in the actual table, in the expected order.
    pub(super) common: Vec<(usize, usize)>,
    /// Indices in the expected table.
    pub(super) missing: Vec<usize>,
    /// Indices in the actual table.
    pub(super) surplus: Vec<usize>,
}

impl Columns {
    pub(super) fn by_position(expected: &Table, actual: &Table) -> Self {
        let width = |table: &Table| table.rows().iter().map(Vec::len).max();
        let expected = width(expected).unwrap_or(0);
        // A table without rows says nothing of columns: only rows are missing.
        let actual = width(actual).unwrap_or(expected);
        let both = expected.min(actual);
        Self {
            common: (0..both).map(|index| (index, index)).collect(),
            missing: (both..expected).collect(),
            surplus: (both..actual).collect(),
        }
    }

    /// If columns have the same name, the first belongs to the first, the second to the second.
    pub(super) fn by_name(expected: &Table, actual: &Table) -> Self {
        let mut places: HashMap<&str, Vec<usize>> = HashMap::new();
        for (index, name) in actual.header().iter().enumerate().rev() {
            places.entry(name).or_default().push(index);
        }
        let (mut common, mut missing) = (Vec::new(), Vec::new());
        for (index, name) in expected.header().iter().enumerate() {
            match places.get_mut(name.as_str()).and_then(Vec::pop) {
                Some(place) => common.push((index, place)),
                None => missing.push(index),
            }
        }
        let mut surplus: Vec<usize> = places.into_values().flatten().collect();
        sort_by(&mut surplus, &Ord::cmp);
        Self {
            common,
            missing,
            surplus,
        }
    }

    /// Whether the shared columns are in another order.
    pub(super) fn moved(&self) -> bool {
        !self.common.is_sorted_by_key(|(_, actual)| *actual)
    }
}

/// The rows to compare, without a first row that names the columns.
pub(super) struct Rows<'a> {
    pub(super) expected: &'a [Vec<String>],
    pub(super) actual: &'a [Vec<String>],
    pub(super) columns: &'a Columns,
}

impl<'a> Rows<'a> {
    /// The cells that both tables have columns for.
    fn common(&self, expected: &'a [String]) -> Vec<&'a str> {
        let columns = self.columns.common.iter();
        columns.map(|(index, _)| cell(expected, *index)).collect()
    }

    fn common_of_actual(&self, actual: &'a [String]) -> Vec<&'a str> {
        let columns = self.columns.common.iter();
        columns.map(|(_, index)| cell(actual, *index)).collect()
    }

    fn keys(&self) -> (Vec<Vec<&'a str>>, Vec<Vec<&'a str>>) {
        let expected = self.expected.iter().map(|row| self.common(row));
        let actual = self.actual.iter().map(|row| self.common_of_actual(row));
        (expected.collect(), actual.collect())
    }

    pub(super) fn in_order(&self) -> Vec<Line> {
        let (expected, actual) = self.keys();
        let mut lines = Vec::new();
        for part in diff::parts(&expected, &actual) {
            match part {
                Part::Equal(left, right) => {
                    lines.extend(
                        left.zip(right)
                            .map(|(left, right)| Line::Equal(left, right)),
                    );
                }
                Part::Replaced(left, right) => {
                    pair_in_order(&expected, &actual, left, right, &mut lines);
                }
            }
        }
        lines
    }

    pub(super) fn in_any_order(&self) -> Vec<Line> {
        let (expected, actual) = self.keys();
        // For each row its places, the last one on top.
        let mut places: HashMap<&[&str], Vec<usize>> = HashMap::new();
        for (index, row) in actual.iter().enumerate().rev() {
            places.entry(row).or_default().push(index);
        }
        let found: Vec<Option<usize>> = expected
            .iter()
            .map(|row| places.get_mut(row.as_slice()).and_then(Vec::pop))
            .collect();
        let mut left_over: Vec<usize> = places.into_values().flatten().collect();
        sort_by(&mut left_over, &Ord::cmp);
        // A missing row and a surplus one with the same first cell are one changed row.
        let mut by_name: HashMap<&str, Vec<usize>> = HashMap::new();
        for index in left_over.iter().rev() {
            if let Some(name) = actual[*index].first().filter(|name| !name.is_empty()) {
                by_name.entry(name).or_default().push(*index);
            }
        }
        let mut taken = vec![false; actual.len()];
        let mut lines = Vec::with_capacity(expected.len());
        for (index, place) in found.into_iter().enumerate() {
            let name = expected[index].first().copied().unwrap_or_default();
            lines.push(match place {
                Some(place) => Line::Equal(index, place),
                None => match by_name.get_mut(name).and_then(Vec::pop) {
                    Some(place) if expected[index].len() > 1 => {
                        taken[place] = true;
                        Line::Changed(index, place)
                    }
                    _ => Line::Missing(index),
                },
            });
        }
        left_over.retain(|index| !taken[*index]);
        lines.extend(left_over.into_iter().map(Line::Surplus));
        lines
    }
}

/// Pairs replaced rows that have cells in common: they are changed rows.
fn pair_in_order(
    expected: &[Vec<&str>],
    actual: &[Vec<&str>],
    left: Range<usize>,
    right: Range<usize>,
    lines: &mut Vec<Line>,
) {
    /// How many rows are searched for the changed row.
    const AHEAD: usize = 8;
    let mut next = right.start;
    for index in left {
        let similar = |other: &usize| {
            let cells = expected[index].iter().zip(&actual[*other]);
            cells.filter(|(a, b)| a == b && !a.is_empty()).count()
        };
        // The first of those that are most similar.
        let best = (next..right.end.min(next + AHEAD))
            .rev()
            .max_by_key(similar);
        match best.filter(|other| similar(other) > 0) {
            Some(other) => {
                lines.extend((next..other).map(Line::Surplus));
                lines.push(Line::Changed(index, other));
                next = other + 1;
            }
            None => lines.push(Line::Missing(index)),
        }
    }
    lines.extend((next..right.end).map(Line::Surplus));
}
