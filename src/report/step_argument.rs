//! The table or docstring of a step, in the syntax of a feature file.

use std::borrow::Cow;

use super::text;
use crate::plan::{StepArgument, StepTable};

/// A table or docstring, several lines.
pub(super) fn written(argument: &StepArgument) -> String {
    let written = match argument {
        StepArgument::Table(rows) => table(rows),
        StepArgument::DocString {
            media_type,
            content,
        } => doc_string(media_type.as_deref(), &text::short_argument(content)),
    };
    match text::short_argument(&written) {
        Cow::Borrowed(_) => written,
        Cow::Owned(short) => short,
    }
}

/// A table in the syntax of a feature file, with aligned columns.
fn table(table: &StepTable) -> String {
    // With the columns that each cell takes.
    let mut escaped: Vec<Vec<(Cow<'_, str>, usize)>> = Vec::with_capacity(table.rows().len());
    let mut widths = Vec::new();
    for row in table.rows() {
        let cells = row.map(|cell| {
            let cell = escape_cell(cell);
            let width = text::width(&cell);
            (cell, width)
        });
        let cells: Vec<_> = cells.collect();
        widths.resize(widths.len().max(cells.len()), 0);
        for ((_, taken), width) in cells.iter().zip(&mut widths) {
            *width = (*width).max(*taken);
        }
        escaped.push(cells);
    }
    // A line has a bar and two spaces for each cell, a last bar, and its end. Wide letters are longer than their columns.
    let columns = widths.iter().map(|width| width + 3).sum::<usize>() + 2;
    let mut out = String::with_capacity(escaped.len() * columns);
    for row in &escaped {
        for ((cell, taken), width) in row.iter().zip(&widths) {
            out.push_str("| ");
            out.push_str(cell);
            text::pad(&mut out, width - taken + 1);
        }
        out.push_str("|\n");
    }
    out
}

fn escape_cell(cell: &str) -> Cow<'_, str> {
    let cell = text::short_line(cell);
    if cell.contains(['\\', '|']) {
        let escaped = cell.replace('\\', "\\\\").replace('|', "\\|");
        return Cow::Owned(text::line(&escaped).into_owned());
    }
    match cell {
        Cow::Borrowed(cell) => text::line(cell),
        Cow::Owned(cell) => Cow::Owned(text::line(&cell).into_owned()),
    }
}

/// A docstring in the syntax of a feature file.
fn doc_string(media_type: Option<&str>, content: &str) -> String {
    let delimiter = if content.contains("\"\"\"") {
        "```"
    } else {
        "\"\"\""
    };
    let media_type = media_type.unwrap_or_default();
    let end = if content.is_empty() { "" } else { "\n" };
    [delimiter, media_type, "\n", content, end, delimiter, "\n"].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_aligned_by_columns() {
        let rows = [["a|b", "数字"], ["c", "d\n"]].iter().collect();
        assert_eq!(table(&rows), "| a\\|b | 数字 |\n| c    | d\\n  |\n");
    }
}
