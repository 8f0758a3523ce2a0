//! A finished scenario as lines of text: its steps, what they matched, what went wrong.

use std::fmt::Write;
use std::sync::Arc;

use super::style::{Ink, Style};
use crate::event::{ArgumentGroup, Status};
use crate::plan::{Location, PlannedScenario, PlannedStep, StepArgument};
use crate::report::attempt::{Attempt, Catalogue, Outcome};
use crate::report::{text, trouble};

/// Comments stand right of everything else, but not further right than this.
const COMMENT_COLUMN: usize = 90;

/// `Feature: Division`, coloured; without the colon's space when there is no title.
pub(super) fn heading(style: Style, out: &mut String, keyword: &str, name: &str) {
    style.line(out, Ink::Keyword, &format!("{keyword}:"));
    if !name.is_empty() {
        out.push(' ');
        style.line(out, Ink::Plain, name);
    }
}

fn heading_width(keyword: &str, name: &str) -> usize {
    let gap = usize::from(!name.is_empty());
    text::width(&text::line(keyword)) + 1 + gap + text::width(&text::line(name))
}

/// The line of a feature, rule or scenario that stands alone, and where it is.
pub(super) fn place(style: Style, out: &mut String, uri: &str, location: Location) {
    style.line(out, Ink::Comment, &format!("# {uri}:{}", location.line));
}

/// A scenario's heading and steps, aligned; `note` stands behind the title.
pub(super) fn scenario(
    style: Style,
    out: &mut String,
    catalogue: &Catalogue,
    attempt: &Attempt,
    indent: usize,
    note: &str,
) {
    let (feature, planned) = catalogue.at(attempt.place);
    let title = format!("{}{note}", planned.name);
    let heading_end = indent + heading_width(&planned.keyword, &title);
    let column = column(planned, indent, heading_end);
    text::pad(out, indent);
    heading(style, out, &planned.keyword, &title);
    text::pad(out, gap(column, heading_end));
    place(style, out, &feature.uri, planned.location);
    out.push('\n');
    steps_at(style, out, catalogue, attempt, indent + 2, column);
}

/// The steps alone.
pub(super) fn steps(
    style: Style,
    out: &mut String,
    catalogue: &Catalogue,
    attempt: &Attempt,
    indent: usize,
) {
    let planned = catalogue.at(attempt.place).1;
    steps_at(
        style,
        out,
        catalogue,
        attempt,
        indent,
        column(planned, indent - 2, 0),
    );
}

/// Where comments begin: two spaces behind the longest line.
fn column(planned: &PlannedScenario, indent: usize, heading_end: usize) -> usize {
    let ends = planned
        .steps
        .iter()
        .map(|step| indent + 2 + step_width(step));
    let longest = ends
        .chain([heading_end])
        .filter(|end| *end <= COMMENT_COLUMN)
        .max();
    longest.unwrap_or(COMMENT_COLUMN) + 2
}

fn gap(column: usize, end: usize) -> usize {
    column.saturating_sub(end).max(2)
}

fn step_width(step: &PlannedStep) -> usize {
    text::width(&text::line(&step.keyword)) + text::width(&text::line(&step.text))
}

fn steps_at(
    style: Style,
    out: &mut String,
    catalogue: &Catalogue,
    attempt: &Attempt,
    indent: usize,
    column: usize,
) {
    let planned = catalogue.at(attempt.place).1;
    for (step, outcome) in planned.steps.iter().zip(&attempt.steps) {
        text::pad(out, indent);
        style.line(out, Ink::Status(outcome.status), &step.keyword);
        highlighted(style, out, &step.text, outcome);
        text::pad(out, gap(column, indent + step_width(step)));
        style.line(
            out,
            Ink::Comment,
            &format!("# {}", comment(catalogue, outcome)),
        );
        out.push('\n');
        for argument in &step.arguments {
            step_argument(style, out, argument, outcome.status, indent + 2);
        }
        let ink = if outcome.status == Status::Failed {
            Ink::Trouble
        } else {
            Ink::Status(outcome.status)
        };
        let explanation = trouble::explanation(catalogue, outcome);
        style.explanation(out, ink, indent + 2, &explanation);
    }
    if let Some(fault) = trouble::fault(attempt) {
        style.block(out, Ink::Trouble, indent, &fault);
    }
    for error in &attempt.errors {
        style.block(
            out,
            Ink::Trouble,
            indent,
            &trouble::error_text(Status::Failed, error),
        );
    }
    if let Some(output) = attempt
        .output
        .as_ref()
        .filter(|_| catalogue.fails(attempt.status))
    {
        style.block(out, Ink::Comment, indent, "---- captured output ----");
        style.block(out, Ink::Plain, indent, &output.to_text());
        style.block(out, Ink::Comment, indent, "-------------------------");
    }
}

/// The definition that ran, and what must be said when there is no colour.
fn comment(catalogue: &Catalogue, outcome: &Outcome) -> String {
    const WORTH_SAYING: u64 = 1_000_000;
    let definition = outcome
        .definition
        .and_then(|index| catalogue.definition(index));
    let mut facts = Vec::new();
    if outcome.status != Status::Passed {
        facts.push(outcome.status.to_string());
    }
    if outcome.nanos >= WORTH_SAYING {
        facts.push(text::duration(outcome.nanos));
    }
    let facts = facts.join(", ");
    match definition {
        None if facts.is_empty() => outcome.status.to_string(),
        None => facts,
        Some(definition) => {
            let mut place = definition.location.file.clone();
            if definition.location.line > 0 {
                let _ = write!(place, ":{}", definition.location.line);
            }
            if !facts.is_empty() {
                let _ = write!(place, " ({facts})");
            }
            place
        }
    }
}

/// The text of a step with its arguments brought out. Groups that do not fit the text, which
/// only a faulty worker sends, are left out.
fn highlighted(style: Style, out: &mut String, text: &str, outcome: &Outcome) {
    let mut at = 0;
    for (start, end) in ranges(text, &outcome.arguments) {
        if start < at {
            continue;
        }
        style.line(out, Ink::Status(outcome.status), &text[at..start]);
        style.line(out, Ink::Argument(outcome.status), &text[start..end]);
        at = end;
    }
    style.line(out, Ink::Status(outcome.status), &text[at..]);
}

/// Groups count in UTF-16 code units; these are the bytes they mean, in order.
fn ranges(text: &str, groups: &[ArgumentGroup]) -> Vec<(usize, usize)> {
    let taken = || groups.iter().filter(|group| group.value.is_some());
    if text.is_ascii() {
        let fits =
            |group: &&ArgumentGroup| group.start < group.end && group.end as usize <= text.len();
        return taken()
            .filter(fits)
            .map(|group| (group.start as usize, group.end as usize))
            .collect();
    }
    let mut units = Vec::with_capacity(text.len() + 1);
    for (at, c) in text.char_indices() {
        // The second half of a surrogate pair is no place to cut.
        units.extend([Some(at), None].into_iter().take(c.len_utf16()));
    }
    units.push(Some(text.len()));
    let byte = |unit: u32| units.get(unit as usize).copied().flatten();
    taken()
        .filter_map(|group| Some((byte(group.start)?, byte(group.end)?)))
        .filter(|(start, end)| start < end)
        .collect()
}

fn step_argument(
    style: Style,
    out: &mut String,
    argument: &StepArgument,
    status: Status,
    indent: usize,
) {
    match argument {
        StepArgument::Table(rows) => {
            style.block(out, Ink::Status(status), indent, &table(rows));
        }
        StepArgument::DocString {
            media_type,
            content,
        } => {
            style.block(
                out,
                Ink::Status(status),
                indent,
                &doc_string(media_type.as_deref(), content),
            );
        }
    }
}

/// A table as it could stand in a feature file, its columns aligned.
pub(in crate::report) fn table(rows: &[Vec<Arc<str>>]) -> String {
    let escaped: Vec<Vec<String>> = rows
        .iter()
        .map(|row| row.iter().map(|cell| escape_cell(cell)).collect())
        .collect();
    let mut widths = Vec::new();
    for row in &escaped {
        widths.resize(widths.len().max(row.len()), 0);
        for (cell, width) in row.iter().zip(&mut widths) {
            *width = text::width(cell).max(*width);
        }
    }
    let mut out = String::new();
    for row in &escaped {
        for (cell, width) in row.iter().zip(&widths) {
            let _ = write!(out, "| {cell}");
            text::pad(&mut out, width - text::width(cell) + 1);
        }
        out.push_str("|\n");
    }
    out
}

fn escape_cell(cell: &str) -> String {
    text::line(&cell.replace('\\', "\\\\").replace('|', "\\|")).into_owned()
}

/// A docstring as it could stand in a feature file.
pub(in crate::report) fn doc_string(media_type: Option<&str>, content: &str) -> String {
    let delimiter = if content.contains("\"\"\"") {
        "```"
    } else {
        "\"\"\""
    };
    let media_type = media_type.unwrap_or_default();
    let end = if content.is_empty() { "" } else { "\n" };
    format!("{delimiter}{media_type}\n{content}{end}{delimiter}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(start: u32, end: u32) -> ArgumentGroup {
        ArgumentGroup {
            value: Some(String::new()),
            start,
            end,
            children: Vec::new(),
            parameter_type: None,
        }
    }

    #[test]
    fn groups_count_in_utf_16() {
        assert_eq!(
            ranges("I 𝄞 é x", &[group(2, 4), group(5, 6)]),
            [(2, 6), (7, 9)]
        );
        assert_eq!(ranges("I 𝄞", &[group(3, 4), group(2, 9), group(4, 2)]), []);
        assert_eq!(ranges("abc", &[group(1, 2), group(2, 7)]), [(1, 2)]);
    }

    #[test]
    fn tables_are_aligned_by_columns() {
        let rows = [["a|b".into(), "数字".into()], ["c".into(), "d\n".into()]]
            .map(|row: [Arc<str>; 2]| row.to_vec());
        assert_eq!(table(&rows), "| a\\|b | 数字 |\n| c    | d\\n  |\n");
    }
}
