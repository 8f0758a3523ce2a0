//! A finished scenario as lines of text: its steps, their definitions, and the failures.

use std::sync::Arc;

use super::comment::{facts, gap};
use super::extras::{self, Shown};
use super::highlight;
use super::style::{Ink, Style};
use crate::event::{Status, StepMatch};
use crate::plan::Location;
use crate::report::attempt::Attempt;
use crate::report::catalogue::Catalogue;
use crate::report::sequence::{self, AttemptPart, RanStep};
use crate::report::{step_argument, text, trouble};

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

/// The heading of a feature, rule or scenario on its own, with its place.
pub(super) fn place(style: Style, out: &mut String, uri: &str, location: Location) {
    if style.options.no_source {
        return;
    }
    style.comment(out, &format!("{uri}:{}", location.line), "");
}

/// What the lines of an attempt are made from.
#[derive(Clone, Copy)]
pub(super) struct BlockFrame<'a> {
    pub(super) style: Style,
    pub(super) catalogue: &'a Catalogue,
    pub(super) attempt: &'a Attempt,
    /// What each planned step matched, for highlighting.
    pub(super) matches: &'a [Option<Arc<StepMatch>>],
}

/// A scenario's heading and steps, aligned; `note` follows the title.
pub(super) fn scenario(out: &mut String, frame: &BlockFrame<'_>, indent: usize, note: &str) {
    let style = frame.style;
    let (feature, planned) = frame.catalogue.at(frame.attempt.place);
    let title = format!("{}{note}", planned.name);
    let heading_end = indent + heading_width(&planned.keyword, &title);
    let column = column(frame, indent, heading_end);
    let start = out.len();
    text::pad(out, indent);
    heading(style, out, &planned.keyword, &title);
    if !style.options.no_source {
        text::pad(out, gap(column, heading_end));
    }
    place(style, out, &feature.uri, planned.location);
    if style.options.show_timings {
        let time = format!("  ({})", text::duration(frame.attempt.nanos));
        style.line(out, Ink::Comment, &time);
    }
    style.end_line(out, start);
    steps_at(out, frame, indent + 2, column);
}

/// The steps alone.
pub(super) fn steps(out: &mut String, frame: &BlockFrame<'_>, indent: usize) {
    let column = column(frame, indent - 2, 0);
    steps_at(out, frame, indent, column);
}

/// Where comments begin: two spaces after the longest line.
fn column(frame: &BlockFrame<'_>, indent: usize, heading_end: usize) -> usize {
    let BlockFrame {
        style,
        catalogue,
        attempt,
        ..
    } = *frame;
    let parts = sequence::parts(attempt, catalogue.at(attempt.place).1);
    let ends = parts.iter().filter_map(|part| match part {
        AttemptPart::Step(step) => Some(indent + 2 + step_width(step)),
        AttemptPart::Hook { hook, nested } => extras::is_shown(style, hook).then(|| {
            let deeper = if *nested { 4 } else { 2 };
            let title = trouble::hook_title(catalogue, hook.hook);
            indent + deeper + text::width(&text::line(&title))
        }),
    });
    let limit = style.room.fold().map_or(COMMENT_COLUMN, |columns| {
        let room = usize::from(columns).saturating_sub(widest_comment(frame, heading_end) + 2);
        room.min(COMMENT_COLUMN)
    });
    let longest = ends.chain([heading_end]).filter(|end| *end <= limit).max();
    longest.unwrap_or(limit) + 2
}

/// How wide the widest comment is.
fn widest_comment(frame: &BlockFrame<'_>, heading_end: usize) -> usize {
    let BlockFrame {
        style,
        catalogue,
        attempt,
        ..
    } = *frame;
    let (feature, planned) = catalogue.at(attempt.place);
    let expected = attempt.failed_as_expected();
    let parts = sequence::parts(attempt, planned);
    let comments = parts.iter().filter_map(|part| match part {
        AttemptPart::Step(step) => Some(comment(style, catalogue, step, expected).concat()),
        AttemptPart::Hook { .. } => None,
    });
    // Without a heading, there is no place beside it.
    let place = (heading_end > 0).then(|| format!("{}:{}", feature.uri, planned.location.line));
    let widths = comments
        .chain(place)
        .map(|one| 2 + text::width(&text::line(&one)));
    widths.max().unwrap_or_default()
}

fn step_width(step: &RanStep<'_>) -> usize {
    deeper(step) + text::width(&text::line(step.keyword)) + text::width(&text::line(step.text))
}

fn steps_at(out: &mut String, frame: &BlockFrame<'_>, indent: usize, column: usize) {
    let BlockFrame {
        style,
        catalogue,
        attempt,
        ..
    } = *frame;
    let planned = catalogue.at(attempt.place).1;
    let expected = attempt.failed_as_expected();
    if let Some(reason) = &attempt.skipped_because {
        let ink = Ink::Status(Status::Skipped);
        style.prose(out, ink, indent, &format!("skipped: {reason}"));
    }
    let shown = Shown {
        style,
        catalogue,
        column,
        expected,
    };
    for part in sequence::parts(attempt, planned) {
        match part {
            AttemptPart::Hook { hook, nested } => {
                shown.hook(out, hook, indent + if nested { 2 } else { 0 });
            }
            AttemptPart::Step(step) => step_at(out, frame, &shown, &step, indent),
        }
    }
    if let Some(more) = attempt.more_notes() {
        style.line_at(out, Ink::Comment, indent, &more);
    }
    ending(style, out, catalogue, attempt, indent);
}

fn step_at(
    out: &mut String,
    frame: &BlockFrame<'_>,
    shown: &Shown<'_>,
    step: &RanStep<'_>,
    indent: usize,
) {
    let BlockFrame {
        style,
        catalogue,
        attempt,
        matches,
    } = *frame;
    let outcome = step.outcome;
    let is_plain_skip = outcome.status == Status::Skipped && outcome.error().is_none();
    if style.options.no_skipped && is_plain_skip {
        return;
    }
    let ink = style.of(outcome.status, shown.expected);
    let end = indent + step_width(step);
    let indent = indent + deeper(step);
    let start = out.len();
    text::pad(out, indent);
    style.line(out, ink, step.keyword);
    let matched = step.planned.and_then(|number| matches.get(number as usize));
    // The places are those in the text of the plan.
    let matched = matched
        .and_then(Option::as_deref)
        .filter(|_| outcome.actual().is_none());
    let groups = matched.map_or(&[][..], |matched| &matched.arguments);
    highlight::text(style, out, ink, step.text, groups);
    let [place, facts] = comment(style, catalogue, step, shown.expected);
    if !place.is_empty() || !facts.is_empty() {
        text::pad(out, gap(shown.column, end));
        style.comment(out, &place, &facts);
    }
    style.end_line(out, start);
    let arguments = step.arguments.iter();
    for argument in arguments.filter(|_| !style.options.no_multiline) {
        style.block(out, ink, indent + 2, &step_argument::written(argument));
    }
    shown.notes(out, attempt.notes(step.owner), indent + 2);
    if !trouble::is_explained_elsewhere(attempt, step) {
        style.explanation(
            out,
            style.of_trouble(outcome.status, shown.expected),
            indent + 2,
            &trouble::explanation(catalogue, outcome),
        );
    }
}

/// How far an extra step is indented.
fn deeper(step: &RanStep<'_>) -> usize {
    const DEEPEST: u32 = 20;
    2 * step.depth.min(DEEPEST) as usize
}

/// The lines about the attempt as a whole.
fn ending(style: Style, out: &mut String, catalogue: &Catalogue, attempt: &Attempt, indent: usize) {
    let ink = style.of_trouble(Status::Failed, attempt.failed_as_expected());
    if let Some(fault) = trouble::fault(attempt) {
        style.prose(out, ink, indent, &fault);
    }
    if let Some(contradiction) = trouble::contradiction(attempt) {
        style.prose(out, ink, indent, &contradiction);
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
        style.prose(out, ink, indent, &why);
    }
    let fails = attempt.fails(catalogue) || attempt.will_be_retried;
    if let Some(output) = attempt.output.as_ref().filter(|_| fails) {
        style.block(out, Ink::Comment, indent, "---- captured output ----");
        style.block(out, Ink::Plain, indent, &output.to_text());
        style.block(out, Ink::Comment, indent, "-------------------------");
    }
}

/// The place of the definition that ran, and the status.
fn comment(style: Style, catalogue: &Catalogue, step: &RanStep<'_>, expected: bool) -> [String; 2] {
    let outcome = step.outcome;
    let definition = outcome
        .definition
        .and_then(|index| catalogue.definition(index));
    let mut said = match outcome.status {
        Status::Passed => String::new(),
        Status::Failed if expected => "failed as expected".to_owned(),
        _ => trouble::step_state(outcome).into_owned(),
    };
    if step.planned.is_none() && step.depth == 0 {
        let before = if said.is_empty() { "" } else { ", " };
        said = format!("{said}{before}not in the plan");
    }
    let facts = match style.options.show_timings && outcome.status != Status::Skipped {
        true if said.is_empty() => text::duration(outcome.nanos),
        true => format!("{said}, {}", text::duration(outcome.nanos)),
        false => facts(said, outcome.nanos),
    };
    match definition {
        _ if style.options.no_source => [String::new(), facts],
        None if facts.is_empty() => [String::new(), outcome.status.to_string()],
        None => [String::new(), facts],
        Some(definition) => {
            let place = trouble::line_of(&definition.location);
            match facts.is_empty() {
                true => [place, facts],
                false => [place, format!(" ({facts})")],
            }
        }
    }
}
