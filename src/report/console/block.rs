//! A finished scenario as lines of text: its steps, what they matched, what went wrong.

use std::fmt::Write;
use std::sync::Arc;

use super::extras::{self, Shown};
use super::highlight;
use super::style::{Ink, Style};
use crate::event::Status;
use crate::plan::{Location, PlannedStep, StepArgument};
use crate::report::attempt::{Attempt, Outcome};
use crate::report::catalogue::Catalogue;
use crate::report::hook::Moment;
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
    let column = column(style, catalogue, attempt, indent, heading_end);
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
    let column = column(style, catalogue, attempt, indent - 2, 0);
    steps_at(style, out, catalogue, attempt, indent, column);
}

/// Where comments begin: two spaces behind the longest line.
fn column(
    style: Style,
    catalogue: &Catalogue,
    attempt: &Attempt,
    indent: usize,
    heading_end: usize,
) -> usize {
    let steps = catalogue.at(attempt.place).1.steps.iter();
    let steps = steps.map(|step| indent + 2 + step_width(step));
    let hooks = attempt
        .hooks
        .iter()
        .filter(|hook| extras::is_shown(style, hook))
        .map(|hook| {
            let deeper = if hook.moment.step().is_some() { 4 } else { 2 };
            let title = trouble::hook_title(catalogue, hook.hook);
            indent + deeper + text::width(&text::line(&title))
        });
    let longest = steps
        .chain(hooks)
        .chain([heading_end])
        .filter(|end| *end <= COMMENT_COLUMN)
        .max();
    longest.unwrap_or(COMMENT_COLUMN) + 2
}

pub(super) fn gap(column: usize, end: usize) -> usize {
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
    let expected = attempt.failed_as_expected();
    if let Some(reason) = &attempt.skipped_because {
        let ink = Ink::Status(Status::Skipped);
        style.block(out, ink, indent, &format!("skipped: {reason}"));
    }
    let shown = Shown {
        style,
        catalogue,
        column,
        expected,
    };
    let mut hooks = attempt.hooks.iter().peekable();
    while let Some(hook) = hooks.next_if(|hook| hook.moment == Moment::Before) {
        shown.hook(out, hook, indent);
    }
    for ((number, step), outcome) in (0..).zip(&planned.steps).zip(&attempt.steps) {
        let ink = style.of(outcome.status, expected);
        text::pad(out, indent);
        style.line(out, ink, &step.keyword);
        highlight::text(style, out, ink, &step.text, &outcome.arguments);
        text::pad(out, gap(column, indent + step_width(step)));
        style.line(
            out,
            Ink::Comment,
            &format!("# {}", comment(catalogue, outcome, expected)),
        );
        out.push('\n');
        for argument in &step.arguments {
            step_argument(style, out, argument, ink, indent + 2);
        }
        shown.notes(out, attempt.notes(number), indent + 2);
        if !trouble::is_told_by_hook(attempt, number, outcome) {
            style.explanation(
                out,
                style.of_trouble(outcome.status, expected),
                indent + 2,
                &trouble::explanation(catalogue, outcome),
            );
        }
        while let Some(hook) = hooks.next_if(|hook| hook.moment.step() == Some(number)) {
            shown.hook(out, hook, indent + 2);
        }
    }
    for hook in hooks {
        shown.hook(out, hook, indent);
    }
    if let Some(more) = attempt.more_notes() {
        style.line_at(out, Ink::Comment, indent, &more);
    }
    ending(style, out, catalogue, attempt, indent);
}

/// What is said of the attempt as a whole.
fn ending(style: Style, out: &mut String, catalogue: &Catalogue, attempt: &Attempt, indent: usize) {
    let ink = style.of_trouble(Status::Failed, attempt.failed_as_expected());
    if let Some(fault) = trouble::fault(attempt) {
        style.block(out, ink, indent, &fault);
    }
    for error in &attempt.errors {
        style.explanation(
            out,
            ink,
            indent,
            &trouble::error_lines(Status::Failed, error),
        );
    }
    if let Some(why) = trouble::unwanted_pass(catalogue, attempt) {
        style.block(out, ink, indent, &why);
    }
    let fails = attempt.fails(catalogue) || attempt.will_be_retried;
    if let Some(output) = attempt.output.as_ref().filter(|_| fails) {
        style.block(out, Ink::Comment, indent, "---- captured output ----");
        style.block(out, Ink::Plain, indent, &output.to_text());
        style.block(out, Ink::Comment, indent, "-------------------------");
    }
}

/// The definition that ran, and what must be said when there is no colour.
fn comment(catalogue: &Catalogue, outcome: &Outcome, expected: bool) -> String {
    let definition = outcome
        .definition
        .and_then(|index| catalogue.definition(index));
    let said = match outcome.status {
        Status::Passed => String::new(),
        Status::Failed if expected => "failed as expected".to_owned(),
        status => status.to_string(),
    };
    let facts = facts(said, outcome.nanos);
    match definition {
        None if facts.is_empty() => outcome.status.to_string(),
        None => facts,
        Some(definition) => {
            let mut place = trouble::line_of(&definition.location);
            if !facts.is_empty() {
                let _ = write!(place, " ({facts})");
            }
            place
        }
    }
}

/// `failed, 12ms`: what became of it, and how long it took if that is worth saying.
pub(super) fn facts(said: String, nanos: u64) -> String {
    const WORTH_SAYING: u64 = 1_000_000;
    match (said.is_empty(), nanos >= WORTH_SAYING) {
        (_, false) => said,
        (true, true) => text::duration(nanos),
        (false, true) => format!("{said}, {}", text::duration(nanos)),
    }
}

fn step_argument(style: Style, out: &mut String, argument: &StepArgument, ink: Ink, indent: usize) {
    match argument {
        StepArgument::Table(rows) => {
            style.block(out, ink, indent, &table(rows));
        }
        StepArgument::DocString {
            media_type,
            content,
        } => {
            style.block(
                out,
                ink,
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

    #[test]
    fn tables_are_aligned_by_columns() {
        let rows = [["a|b".into(), "数字".into()], ["c".into(), "d\n".into()]]
            .map(|row: [Arc<str>; 2]| row.to_vec());
        assert_eq!(table(&rows), "| a\\|b | 数字 |\n| c    | d\\n  |\n");
    }
}
