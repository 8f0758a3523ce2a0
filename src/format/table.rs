//! The columns of a table, as wide as they look on a screen.

use console::measure_text_width;

/// A wider cell does not widen the others: a single long text would make every row long.
const WIDEST: usize = 100;

/// The width of each column.
#[derive(Debug)]
pub(super) struct ColumnWidths(Vec<usize>);

impl ColumnWidths {
    /// The widths for these rows.
    pub(super) fn of<'r, 's: 'r>(rows: impl Iterator<Item = &'r [&'s str]>) -> Self {
        let mut widths = Vec::new();
        for cells in rows {
            widths.resize(cells.len().max(widths.len()), 0);
            for (width, cell) in widths.iter_mut().zip(cells) {
                let wanted = measure_text_width(cell);
                if wanted <= WIDEST {
                    *width = wanted.max(*width);
                }
            }
        }
        Self(widths)
    }

    /// A row with its cells below those of other rows. `rest` is what follows the last bar.
    pub(super) fn row(&self, cells: &[&str], rest: &str, padding: usize) -> String {
        let padding = " ".repeat(padding);
        let mut row = String::from("|");
        for (cell, width) in cells.iter().zip(&self.0) {
            row.push_str(&padding);
            row.push_str(cell);
            let missing = width.saturating_sub(measure_text_width(cell));
            row.extend(std::iter::repeat_n(' ', missing));
            row.push_str(&padding);
            if missing == 0 && padding.is_empty() && escapes_bar(cell) {
                row.push(' ');
            }
            row.push('|');
        }
        if !rest.is_empty() {
            row.push(' ');
            row.push_str(rest);
        }
        row
    }
}

/// Whether a bar right after the cell would belong to it.
fn escapes_bar(cell: &str) -> bool {
    let backslashes = cell.bytes().rev().take_while(|byte| *byte == b'\\').count();
    backslashes % 2 == 1
}
