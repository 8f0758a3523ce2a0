//! How a table differs from the one that was expected, as text.
//!
//! The text has a limit: equal rows are shown only near rows that differ, and only the first [`MOST`] of
//! those.

use std::error::Error;
use std::fmt;

use bdd_sequences::sort_by;

use super::alignment::{Alignment, Line};
use super::{Table, cell};

/// The number of equal rows that are shown before and after one that differs.
const CONTEXT: usize = 3;
/// The number of differing rows that are shown.
const MOST: usize = 100;
/// Cells are padded at most to this width.
const WIDEST: usize = 60;

/// How a table differs from the expected one: an error whose text shows both, row by row.
///
/// Missing rows begin with `-`, surplus rows with `+`. A changed row is shown as both, and the cells that
/// differ are marked below it:
///
/// ```text
/// the tables differ: 1 row changed (`age`), 1 row missing
///   | name  | age |
/// - | Ada   | 36  |
/// + | Ada   | 37  |
///             ^^
/// - | Alan  | 41  |
///   | Grace | 85  |
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct TableDiff {
    summary: String,
    shown: Vec<Shown>,
}

/// A line below the summary.
#[derive(Clone, PartialEq, Eq)]
enum Shown {
    Row(char, Vec<String>),
    /// Marks cells of the rows above.
    Marks(Vec<bool>),
    /// Rows that are left out, and what they are.
    Gap(usize, &'static str),
}

impl TableDiff {
    pub(super) fn new(expected: &Table, actual: &Table, found: &Alignment) -> Self {
        let view = View {
            expected,
            actual,
            found,
        };
        Self {
            summary: view.summary(),
            shown: view.shown(),
        }
    }
}

/// Two tables side by side: first the columns of the expected one, then the surplus columns.
struct View<'a> {
    expected: &'a Table,
    actual: &'a Table,
    found: &'a Alignment,
}

impl View<'_> {
    fn below(&self, row: usize) -> usize {
        row + usize::from(self.found.header)
    }

    /// The cells of a row of each table, in the columns that are shown.
    fn cells(&self, expected: Option<usize>, actual: Option<usize>) -> (Vec<&str>, Vec<&str>) {
        let left = expected
            .and_then(|row| self.expected.row(row))
            .unwrap_or_default();
        let right = actual
            .and_then(|row| self.actual.row(row))
            .unwrap_or_default();
        let columns = &self.found.columns;
        let mut sides: Vec<(usize, &str, &str)> = columns
            .common
            .iter()
            .map(|(l, r)| (*l, cell(left, *l), cell(right, *r)))
            .chain(columns.missing.iter().map(|l| (*l, cell(left, *l), "")))
            .collect();
        sort_by(&mut sides, &|a, b| a.0.cmp(&b.0));
        let surplus = columns.surplus.iter().map(|r| (*r, "", cell(right, *r)));
        sides.extend(surplus);
        sides.into_iter().map(|(_, l, r)| (l, r)).unzip()
    }

    fn summary(&self) -> String {
        let columns = &self.found.columns;
        let mut facts = Vec::new();
        let names = |table: &Table, indices: &[usize]| {
            let name = |index: &usize| match self.found.header {
                true => format!("`{}`", cell(table.header(), *index)),
                false => (index + 1).to_string(),
            };
            let noun = if indices.len() == 1 {
                "column"
            } else {
                "columns"
            };
            let names: Vec<String> = indices.iter().map(name).collect();
            format!("{noun} {}", names.join(", "))
        };
        if !columns.missing.is_empty() {
            facts.push(format!(
                "{} missing",
                names(self.expected, &columns.missing)
            ));
        }
        if !columns.surplus.is_empty() {
            facts.push(format!("{} surplus", names(self.actual, &columns.surplus)));
        }
        if self.found.moved {
            facts.push("the columns come in another order".to_owned());
        }
        let count = |of: fn(&Line) -> bool| self.found.lines.iter().filter(|line| of(line)).count();
        let rows = |count| format!("{count} row{}", if count == 1 { "" } else { "s" });
        let changed = count(|line| matches!(line, Line::Changed(..)));
        if changed > 0 {
            let places = names(self.expected, &self.changed_columns());
            let places = places.split_once(' ').map_or("", |(_, names)| names);
            facts.push(format!("{} changed ({places})", rows(changed)));
        }
        for (count, what) in [
            (count(|line| matches!(line, Line::Missing(_))), "missing"),
            (count(|line| matches!(line, Line::Surplus(_))), "surplus"),
        ] {
            if count > 0 {
                facts.push(format!("{} {what}", rows(count)));
            }
        }
        if self.reordered() {
            facts.push("they are the same rows in another order".to_owned());
        }
        format!("the tables differ: {}", facts.join(", "))
    }

    /// The columns of the expected table in which a changed row differs.
    fn changed_columns(&self) -> Vec<usize> {
        let mut common = self.found.columns.common.clone();
        let changed = self.found.lines.iter().filter_map(|line| match *line {
            Line::Changed(l, r) => self
                .expected
                .row(self.below(l))
                .zip(self.actual.row(self.below(r))),
            _ => None,
        });
        let mut wrong = Vec::new();
        for (left, right) in changed {
            let (differ, same) = common
                .into_iter()
                .partition(|(l, r)| cell(left, *l) != cell(right, *r));
            let _: &Vec<(usize, usize)> = &differ;
            wrong.extend(differ.into_iter().map(|(l, _)| l));
            common = same;
        }
        sort_by(&mut wrong, &Ord::cmp);
        wrong
    }

    /// Whether the rows that differ only have another order.
    fn reordered(&self) -> bool {
        let columns = &self.found.columns.common;
        let (mut left, mut right) = (Vec::new(), Vec::new());
        for line in &self.found.lines {
            let (l, r) = line.rows();
            let differs = !matches!(line, Line::Equal(..));
            left.extend(l.filter(|_| differs));
            right.extend(r.filter(|_| differs));
        }
        if left.is_empty() || left.len() != right.len() {
            return false;
        }
        let of = |table: &'_ Table, rows: Vec<usize>, column: fn(&(usize, usize)) -> usize| {
            let mut rows: Vec<Vec<String>> = rows
                .into_iter()
                .filter_map(|row| table.row(self.below(row)))
                .map(|row| {
                    columns
                        .iter()
                        .map(|c| cell(row, column(c)).to_owned())
                        .collect()
                })
                .collect();
            sort_by(&mut rows, &Ord::cmp);
            rows
        };
        of(self.expected, left, |column| column.0) == of(self.actual, right, |column| column.1)
    }

    fn shown(&self) -> Vec<Shown> {
        let row =
            |mark, cells: &[&str]| Shown::Row(mark, cells.iter().map(|c| written(c)).collect());
        let mut shown = Vec::new();
        if self.found.header {
            let columns = &self.found.columns;
            let (left, right) = self.cells(Some(0), Some(0));
            if self.found.moved {
                let names = |table: &Table| {
                    Shown::Row(' ', table.header().iter().map(|c| written(c)).collect())
                };
                let (mut expected, mut actual) = (names(self.expected), names(self.actual));
                if let (Shown::Row(a, _), Shown::Row(b, _)) = (&mut expected, &mut actual) {
                    (*a, *b) = ('-', '+');
                }
                shown.extend([expected, actual]);
            } else if columns.missing.is_empty() && columns.surplus.is_empty() {
                shown.push(row(' ', &left));
            } else {
                shown.extend([row('-', &left), row('+', &right)]);
            }
        }
        let lines = &self.found.lines;
        let mut differing = 0;
        let mut at = 0;
        while at < lines.len() {
            let (l, r) = lines[at].rows();
            let (left, right) = self.cells(l.map(|l| self.below(l)), r.map(|r| self.below(r)));
            match lines[at] {
                Line::Equal(..) => {
                    let run = lines[at..]
                        .iter()
                        .take_while(|line| line.is_equal())
                        .count();
                    let (before, after) = (at > 0, at + run < lines.len());
                    let (head, tail) = (
                        if before { CONTEXT } else { 0 },
                        if after { CONTEXT } else { 0 },
                    );
                    // The line for a gap of one row is no shorter than the row.
                    let hidden = run.saturating_sub(head + tail);
                    let hidden = if hidden > 1 { hidden } else { 0 };
                    for index in 0..run {
                        if hidden > 0 && index == head {
                            shown.push(Shown::Gap(hidden, "equal"));
                        }
                        if hidden == 0 || index < head || index >= head + hidden {
                            let (l, r) = lines[at + index].rows();
                            let (left, right) =
                                self.cells(l.map(|l| self.below(l)), r.map(|r| self.below(r)));
                            shown.push(row(' ', &either(&left, &right)));
                        }
                    }
                    at += run;
                    continue;
                }
                Line::Changed(..) => {
                    shown.extend([row('-', &left), row('+', &right)]);
                    let width = left.len() - self.found.columns.surplus.len();
                    let missing = &self.found.columns.missing;
                    let marks = (0..width)
                        .map(|index| left[index] != right[index] && !missing.contains(&index));
                    shown.push(Shown::Marks(marks.collect()));
                }
                Line::Missing(_) => shown.push(row('-', &left)),
                Line::Surplus(_) => shown.push(row('+', &right)),
            }
            at += 1;
            differing += 1;
            if differing == MOST {
                let rest = lines[at..].iter().filter(|line| !line.is_equal()).count();
                if rest > 0 {
                    shown.push(Shown::Gap(rest, "more that differ"));
                    break;
                }
            }
        }
        shown
    }
}

/// The cells of a row that is the same on both sides, with the cells that only one side has.
fn either<'a>(left: &[&'a str], right: &[&'a str]) -> Vec<&'a str> {
    let sides = left.iter().zip(right);
    sides
        .map(|(l, r)| if l.is_empty() { *r } else { *l })
        .collect()
}

impl Line {
    fn rows(self) -> (Option<usize>, Option<usize>) {
        match self {
            Self::Equal(l, r) | Self::Changed(l, r) => (Some(l), Some(r)),
            Self::Missing(l) => (Some(l), None),
            Self::Surplus(r) => (None, Some(r)),
        }
    }

    fn is_equal(self) -> bool {
        matches!(self, Self::Equal(..))
    }
}

/// A cell in the syntax of a feature file.
fn written(cell: &str) -> String {
    let mut text = String::with_capacity(cell.len());
    for c in cell.chars() {
        match c {
            '\\' => text.push_str("\\\\"),
            '|' => text.push_str("\\|"),
            '\n' => text.push_str("\\n"),
            c => text.push(c),
        }
    }
    text
}

/// About how many columns a text takes on a terminal: wide characters count twice, combining ones do not
/// count.
fn width(text: &str) -> usize {
    let of = |c: char| match u32::from(c) {
        0x0300..=0x036f | 0x200b..=0x200f | 0xfe00..=0xfe0f => 0,
        0x1100..=0x115f
        | 0x2e80..=0xa4cf
        | 0xac00..=0xd7a3
        | 0xf900..=0xfaff
        | 0xfe30..=0xfe6f
        | 0xff00..=0xff60
        | 0xffe0..=0xffe6
        | 0x1f300..=0x1f64f
        | 0x1f900..=0x1f9ff
        | 0x20000..=0x3fffd => 2,
        _ => 1,
    };
    text.chars().map(of).sum()
}

impl fmt::Display for TableDiff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.summary)?;
        let mut widths: Vec<usize> = Vec::new();
        for shown in &self.shown {
            if let Shown::Row(_, cells) = shown {
                widths.resize(widths.len().max(cells.len()), 0);
                for (widest, cell) in widths.iter_mut().zip(cells) {
                    *widest = width(cell).min(WIDEST).max(*widest);
                }
            }
        }
        let mut above: &[String] = &[];
        for shown in &self.shown {
            f.write_str("\n")?;
            match shown {
                Shown::Row(mark, cells) => {
                    write!(f, "{mark} ")?;
                    for (cell, widest) in cells.iter().zip(&widths) {
                        let gap = widest.saturating_sub(width(cell)) + 1;
                        write!(f, "| {cell}{:gap$}", "")?;
                    }
                    f.write_str("|")?;
                    above = cells;
                }
                Shown::Marks(marks) => {
                    let mut line = " ".repeat(4);
                    for ((marked, cell), widest) in marks.iter().zip(above).zip(&widths) {
                        let sign = if *marked { "^" } else { " " };
                        let shown = width(cell);
                        line.push_str(&sign.repeat(shown.max(usize::from(*marked))));
                        let rest = widest.max(&shown) + 3 - shown.max(usize::from(*marked));
                        line.push_str(&" ".repeat(rest));
                    }
                    f.write_str(line.trim_end())?;
                }
                Shown::Gap(count, what) => write!(f, "  … {count} {what}")?,
            }
        }
        Ok(())
    }
}

/// The same text as `Display`, so that `unwrap` and `expect` show it.
impl fmt::Debug for TableDiff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Error for TableDiff {}
