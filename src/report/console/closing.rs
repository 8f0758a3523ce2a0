//! The end of both console reports: lists, snippets, errors, counts, time.

use std::fmt::Write;

use super::style::{Ink, Style};
use crate::event::{RunErrorKind, Status};
use crate::report::suggestion::suggestion;
use crate::report::summary::{Counts, ReportedParseError, RunError, ScenarioEntry, Summary};
use crate::report::text::plural;
use crate::report::trouble;

/// Adds the end of a report. It depends only on the summary.
pub(super) fn write(style: Style, out: &mut String, summary: &Summary) {
    warnings(style, out, summary);
    scenarios(
        style,
        out,
        "Flaky scenarios:",
        Status::Pending,
        &summary.flaky,
    );
    scenarios(
        style,
        out,
        "Failing scenarios:",
        Status::Failed,
        &summary.failing,
    );
    not_run(style, out, summary);
    snippets(style, out, summary);
    parse_errors(style, out, &summary.parse_errors);
    let step_program = |error: &&RunError| error.kind == RunErrorKind::StepProgram;
    let errors: Vec<&RunError> = summary
        .run_errors
        .iter()
        .filter(|error| !step_program(error))
        .collect();
    run_errors(style, out, &errors);
    counts(style, out, summary);
}

fn warnings(style: Style, out: &mut String, summary: &Summary) {
    if summary.warnings.is_empty() {
        return;
    }
    out.push_str("Warnings:\n");
    for warning in &summary.warnings {
        let ink = Ink::Status(Status::Pending);
        match &warning.place {
            Some(place) => {
                let text = format!(": {}", warning.text());
                style.prose_at(out, ink, 2, (&trouble::place(place), &text));
            }
            None => style.prose(out, ink, 2, &warning.text()),
        }
    }
    out.push('\n');
}

/// `path:line  name (what else)`: the first word can be given back to bdd.
fn scenarios(
    style: Style,
    out: &mut String,
    heading: &str,
    status: Status,
    entries: &[ScenarioEntry],
) {
    if entries.is_empty() {
        return;
    }
    out.push_str(heading);
    out.push('\n');
    for entry in entries {
        let gap = if entry.name.is_empty() { "" } else { "  " };
        let start = out.len();
        out.push_str("  ");
        let place = format!("{}:{}", entry.uri, entry.line);
        let name = format!("{gap}{}", entry.name);
        style.place(out, Ink::Status(status), &place, &name);
        out.push_str("  ");
        style.line(out, Ink::Comment, &format!("# {}", remark(entry)));
        style.end_line(out, start);
    }
    out.push('\n');
}

/// The remark about a scenario in the list of failing or flaky scenarios.
fn remark(entry: &ScenarioEntry) -> String {
    match (entry.status, entry.attempts) {
        (Status::Passed, _) | (_, 0 | 1) => entry.cause.clone(),
        (_, attempts) => format!("{}, {attempts} attempts", entry.cause),
    }
}

fn not_run(style: Style, out: &mut String, summary: &Summary) {
    for (reason, count) in &summary.not_run {
        let start = out.len();
        style.line(
            out,
            Ink::Status(Status::Skipped),
            &format!("{} not run: {reason}", plural(*count, "scenario")),
        );
        style.end_line(out, start);
    }
    if !summary.not_run.is_empty() {
        out.push('\n');
    }
}

fn snippets(style: Style, out: &mut String, summary: &Summary) {
    if summary.snippets.is_empty() {
        return;
    }
    out.push_str("Code for the undefined steps:\n\n");
    for candidates in &summary.snippets {
        let code = suggestion(candidates);
        style.block(out, Ink::Status(Status::Undefined), 0, &code);
        out.push('\n');
    }
}

fn parse_errors(style: Style, out: &mut String, errors: &[ReportedParseError]) {
    for error in errors {
        let place = match error.location {
            Some(location) => format!("{}:{}: ", error.uri, location.line),
            None => format!("{}: ", error.uri),
        };
        let text = if error.diagnostic.trim().is_empty() {
            place + &error.message
        } else {
            error.diagnostic.clone()
        };
        style.block(out, Ink::Trouble, 0, &text);
        out.push('\n');
    }
}

fn run_errors(style: Style, out: &mut String, errors: &[&RunError]) {
    if errors.is_empty() {
        return;
    }
    out.push_str("Errors of the run:\n");
    for error in errors {
        style.prose(out, Ink::Trouble, 2, &error.message);
        style.block(out, Ink::Plain, 4, error.detail.trim_end());
        if !error.output.is_empty() {
            style.line_at(out, Ink::Comment, 4, "---- captured output ----");
            style.block(out, Ink::Plain, 4, &error.output);
            style.line_at(out, Ink::Comment, 4, "-------------------------");
        }
    }
    out.push('\n');
}

/// Behave's counts; what is 0 and not among its first three is left out.
fn counts(style: Style, out: &mut String, summary: &Summary) {
    let mut unparsed: Vec<&str> = summary
        .parse_errors
        .iter()
        .map(|error| error.uri.as_ref())
        .collect();
    unparsed.sort_unstable();
    unparsed.dedup();
    if !ran_nothing(summary) {
        totals(style, out, summary, unparsed.len());
    }
    flaky(style, out, summary.flaky.len());
    if summary.dry_run {
        out.push_str("Dry run: steps were matched and not run\n");
    }
    if let Some(shard) = &summary.shard {
        let (own, all) = (summary.scenarios.total(), shard.scenarios.len());
        let all = plural(all, "scenario");
        let line = format!("Shard: {} ({own} of {all})", shard.shard);
        style.line(out, Ink::Plain, &line);
        out.push('\n');
    }
    // Only this order is another one next time.
    if let Some(order) = summary
        .order
        .as_ref()
        .filter(|order| order.starts_with("random"))
    {
        let line = format!("Order: {order} (repeat with --order {order})");
        style.line(out, Ink::Plain, &line);
        out.push('\n');
    }
    let _ = writeln!(out, "Took {}", took(summary.nanos));
}

/// Whether there was no step program to run anything: the counts would be nothing but zeros.
fn ran_nothing(summary: &Summary) -> bool {
    let lacks = |error: &RunError| error.kind == RunErrorKind::StepProgram;
    summary.run_errors.iter().any(lacks) && summary.scenarios.total() == summary.scenarios.not_run
}

fn totals(style: Style, out: &mut String, summary: &Summary, not_parsed: usize) {
    line(style, out, "feature", &summary.features, not_parsed, &[]);
    if summary.rules.total() > 0 {
        line(style, out, "rule", &summary.rules, 0, &[]);
    }
    let of_these = [
        (summary.crashed, "crashed", Status::Failed),
        (summary.timed_out, "timed out", Status::Failed),
    ];
    line(style, out, "scenario", &summary.scenarios, 0, &of_these);
    line(style, out, "step", &summary.steps, 0, &[]);
}

/// Adds the number of flaky scenarios. They count as passed, but need attention.
fn flaky(style: Style, out: &mut String, count: usize) {
    let text = match count {
        0 => return,
        1 => "1 scenario is flaky: it failed, then passed".to_owned(),
        count => format!("{count} scenarios are flaky: they failed, then passed"),
    };
    style.line(out, Ink::Status(Status::Pending), &text);
    out.push('\n');
}

/// A number of things, and what it is called.
type CountItem<'a> = (usize, &'a str, Status);

/// `of_these` are already counted in the line, so they are in brackets.
fn line(
    style: Style,
    out: &mut String,
    noun: &str,
    counts: &Counts,
    not_parsed: usize,
    of_these: &[CountItem],
) {
    let start = out.len();
    let passed = format!("{} passed", plural(counts.passed, noun));
    style.line(out, ink(counts.passed, Status::Passed), &passed);
    let always = [
        (counts.failed, "failed", Status::Failed),
        (counts.skipped, "skipped", Status::Skipped),
    ];
    let sometimes = [
        (counts.undefined, "undefined", Status::Undefined),
        (counts.ambiguous, "ambiguous", Status::Ambiguous),
        (counts.pending, "pending", Status::Pending),
        (counts.not_run, "not run", Status::Skipped),
        (not_parsed, "not parsed", Status::Failed),
    ];
    let expected = match counts.expected_failures {
        1 => "expected failure",
        _ => "expected failures",
    };
    let sometimes =
        sometimes
            .into_iter()
            .chain([(counts.expected_failures, expected, Status::Pending)]);
    let sometimes: Vec<CountItem> = sometimes.collect();
    let there = |part: &&CountItem| part.0 > 0;
    for part in always.iter().chain(sometimes.iter().filter(there)) {
        out.push_str(", ");
        add(style, out, *part);
    }
    for (position, part) in of_these.iter().filter(there).enumerate() {
        out.push_str(if position == 0 { " (" } else { ", " });
        add(style, out, *part);
    }
    if of_these.iter().any(|part| part.0 > 0) {
        out.push(')');
    }
    style.end_line(out, start);
}

fn add(style: Style, out: &mut String, (count, word, status): CountItem) {
    style.line(out, ink(count, status), &format!("{count} {word}"));
}

/// Zeros have no colour.
fn ink(count: usize, status: Status) -> Ink {
    if count == 0 {
        Ink::Plain
    } else {
        Ink::Status(status)
    }
}

/// `0m0.123s`.
fn took(nanos: u64) -> String {
    let millis = nanos / 1_000_000;
    format!(
        "{}m{}.{:03}s",
        millis / 60_000,
        millis % 60_000 / 1_000,
        millis % 1_000
    )
}
