//! An attempt as HTML: its steps and hooks in their order, with arguments, attachments and errors, then its output.

use std::fmt::Write;
use std::sync::Arc;

use super::ansi::push_output;
use super::record::status_class;
use crate::event::{Status, StepMatch};
use crate::html::markup::{push_block, push_line};
use crate::plan::{StepArgument, StepTable};
use crate::report::argument_parts::{Emphasis, argument_parts};
use crate::report::assertion::Mark;
use crate::report::attempt::{Attempt, NoteOwner};
use crate::report::catalogue::Catalogue;
use crate::report::hook::{HookOutcome, Moment};
use crate::report::sequence::{self, AttemptPart, RanStep};
use crate::report::suggestion::suggestion;
use crate::report::trouble::Explanation;
use crate::report::{step_argument, text, trouble};

/// A table or docstring of more bytes is shown as text, with its middle left out.
const LONGEST_ARGUMENT: usize = 64 * 1024;
/// Output of more bytes can be left out if the scenario passed.
const SMALL_OUTPUT: usize = 1024;

/// What attached something in an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Attacher {
    Step(NoteOwner),
    Hook(u32, Moment),
}

/// Takes the markup of an attempt piece by piece.
pub(super) trait AttemptSink {
    /// The text that is written now.
    fn text(&mut self) -> &mut String;

    /// Adds what is attached to a step or hook.
    fn attachments(&mut self, of: Attacher);

    /// Adds text that can be left out.
    fn optional(&mut self, text: String);
}

/// The attempt, and what is known of the run.
#[derive(Clone, Copy)]
pub(super) struct AttemptFrame<'a> {
    pub(super) catalogue: &'a Catalogue,
    pub(super) attempt: &'a Attempt,
    pub(super) matches: &'a [Option<Arc<StepMatch>>],
}

impl AttemptFrame<'_> {
    /// Writes all of it.
    pub(super) fn write(&self, sink: &mut impl AttemptSink) {
        let (_, planned) = self.catalogue.at(self.attempt.place);
        self.reasons(sink.text());
        let parts = sequence::parts(self.attempt, planned);
        if !parts.is_empty() {
            sink.text().push_str("<ol class=st>");
            for part in parts {
                match part {
                    AttemptPart::Hook { hook, nested } => self.hook(sink, hook, nested),
                    AttemptPart::Step(step) => self.step(sink, &step),
                }
            }
            sink.text().push_str("</ol>");
        }
        self.ending(sink.text());
        self.output(sink);
    }

    /// Why it is not what its steps look like.
    fn reasons(&self, out: &mut String) {
        let attempt = self.attempt;
        if let Some(why) = trouble::unwanted_pass(self.catalogue, attempt) {
            paragraph(out, "er", &why);
        }
        if let Some(reason) = &attempt.skipped_because {
            paragraph(out, "no", &format!("skipped: {reason}"));
        }
        if attempt.failed_as_expected() {
            paragraph(out, "no", "It failed as expected.");
        }
    }

    fn step(&self, sink: &mut impl AttemptSink, step: &RanStep<'_>) {
        const DEEPEST: u32 = 6;
        let outcome = step.outcome;
        let out = sink.text();
        let class = status_class(outcome.status);
        match step.depth.min(DEEPEST) {
            0 => drop(write!(out, "<li class={class}>")),
            depth => drop(write!(out, "<li class=\"{class} d{depth}\">")),
        }
        out.push_str("<i>");
        push_line(out, &trouble::step_state(outcome));
        out.push_str("</i> <b>");
        push_line(out, step.keyword);
        out.push_str("</b>");
        self.step_text(out, step);
        self.step_facts(out, step);
        for argument in step.arguments {
            push_argument(out, argument);
        }
        if let Some(owner) = step.owner {
            sink.attachments(Attacher::Step(owner));
        }
        let out = sink.text();
        if !trouble::is_explained_elsewhere(self.attempt, step) {
            push_explanation(out, &trouble::explanation(self.catalogue, outcome));
        }
        if !outcome.snippets().is_empty() {
            out.push_str("<p class=no>Code for this step:</p><pre class=cd>\n");
            push_block(out, &suggestion(outcome.snippets()));
            out.push_str("</pre>");
        }
        // The end of a list item is left out: HTML does not need it.
    }

    fn step_text(&self, out: &mut String, step: &RanStep<'_>) {
        let matched = step
            .planned
            .and_then(|number| self.matches.get(number as usize));
        // The places are those in the text of the plan.
        let matched = matched
            .and_then(Option::as_deref)
            .filter(|_| step.outcome.actual().is_none());
        let short = matches!(text::short_line(step.text), std::borrow::Cow::Borrowed(_));
        let groups = matched.filter(|_| short);
        let groups = groups.map_or(&[][..], |matched| &matched.arguments);
        let mut at = 0;
        for (emphasis, start, end) in argument_parts(step.text, groups) {
            push_line(out, &step.text[at..start]);
            let tag = match emphasis {
                Emphasis::Argument => "em",
                Emphasis::Inner => "var",
            };
            let _ = write!(out, "<{tag}>");
            push_line(out, &step.text[start..end]);
            let _ = write!(out, "</{tag}>");
            at = end;
        }
        push_line(out, &step.text[at..]);
    }

    /// Where its definition stands, and how long it took.
    fn step_facts(&self, out: &mut String, step: &RanStep<'_>) {
        let outcome = step.outcome;
        let definition = outcome
            .definition
            .and_then(|index| self.catalogue.definition(index));
        let mut facts = Vec::new();
        if let Some(definition) = definition {
            facts.push(trouble::line_of(&definition.location));
        }
        if step.planned.is_none() && step.depth == 0 {
            facts.push("not in the plan".to_owned());
        }
        if outcome.nanos > 0 {
            facts.push(text::duration(outcome.nanos));
        }
        push_facts(out, &facts);
    }

    fn hook(&self, sink: &mut impl AttemptSink, hook: &HookOutcome, nested: bool) {
        if hook.status == Some(Status::Passed) && hook.notes.is_empty() {
            return;
        }
        let out = sink.text();
        let class = status_class(hook.status.unwrap_or(Status::Failed));
        let depth = if nested { " d1" } else { "" };
        let _ = write!(out, "<li class=\"{class} hk{depth}\"><i>");
        push_line(out, &trouble::hook_state(hook));
        out.push_str("</i> ");
        push_line(out, &trouble::hook_title(self.catalogue, hook.hook));
        let mut facts = Vec::new();
        if let Some(known) = self.catalogue.hook(hook.hook) {
            facts.push(trouble::line_of(&known.location));
        }
        if hook.nanos > 0 {
            facts.push(text::duration(hook.nanos));
        }
        push_facts(out, &facts);
        sink.attachments(Attacher::Hook(hook.hook, hook.moment));
        push_explanation(sink.text(), &trouble::hook_explanation(hook));
    }

    /// What is known of the attempt as a whole.
    fn ending(&self, out: &mut String) {
        if let Some(fault) = trouble::fault(self.attempt) {
            paragraph(out, "er", &fault);
        }
        if let Some(contradiction) = trouble::contradiction(self.attempt) {
            paragraph(out, "er", &contradiction);
        }
        for error in &self.attempt.errors {
            push_explanation(out, &trouble::error_lines(Status::Failed, error));
        }
    }

    fn output(&self, sink: &mut impl AttemptSink) {
        let Some(output) = &self.attempt.output else {
            return;
        };
        let mut shown = String::from("<p class=no>Captured output:</p><pre class=ou>\n");
        let output = output.to_text();
        let output = text::short_argument(output.trim_end_matches(['\n', '\r']));
        push_output(&mut shown, &output);
        shown.push_str("</pre>");
        let fails = self.attempt.fails(self.catalogue) || self.attempt.will_be_retried;
        if fails || output.len() <= SMALL_OUTPUT {
            sink.text().push_str(&shown);
        } else {
            sink.optional(shown);
        }
    }
}

pub(super) fn paragraph(out: &mut String, class: &str, text: &str) {
    let _ = write!(out, "<p class={class}>");
    push_block(out, text);
    out.push_str("</p>");
}

fn push_facts(out: &mut String, facts: &[String]) {
    if facts.is_empty() {
        return;
    }
    out.push_str(" <small>");
    push_line(out, &facts.join(" · "));
    out.push_str("</small>");
}

fn push_argument(out: &mut String, argument: &StepArgument) {
    match argument {
        StepArgument::Table(table) if size(table) <= LONGEST_ARGUMENT => push_table(out, table),
        StepArgument::Table(_) => {
            out.push_str("<pre class=ds>\n");
            push_block(out, &step_argument::written(argument));
            out.push_str("</pre>");
        }
        StepArgument::DocString {
            media_type,
            content,
        } => {
            if let Some(media_type) = media_type {
                paragraph(out, "no", &text::line(media_type));
            }
            out.push_str("<pre class=ds>\n");
            push_block(out, &text::short_argument(content));
            out.push_str("</pre>");
        }
    }
}

fn size(table: &StepTable) -> usize {
    let cells = table.cells();
    cells.bytes() + cells.len()
}

fn push_table(out: &mut String, table: &StepTable) {
    out.push_str("<table class=tb>");
    for row in table.rows() {
        out.push_str("<tr>");
        for cell in row {
            out.push_str("<td>");
            push_block(out, cell);
        }
    }
    out.push_str("</table>");
}

/// What explains a failure, with the differences of comparisons marked.
fn push_explanation(out: &mut String, explanation: &Explanation) {
    if explanation.lines.is_empty() {
        return;
    }
    out.push_str("<pre class=er>\n");
    for (position, line) in explanation.lines.iter().enumerate() {
        if position > 0 {
            out.push('\n');
        }
        let class = match line.mark {
            Mark::Plain | Mark::Place | Mark::Signs => None,
            Mark::Same => Some("eq"),
            Mark::Left => Some("le"),
            Mark::Right => Some("ri"),
        };
        if let Some(class) = class {
            let _ = write!(out, "<span class={class}>");
        }
        for (text, differs) in &line.texts {
            let (open, close) = if *differs {
                ("<mark>", "</mark>")
            } else {
                ("", "")
            };
            out.push_str(open);
            if matches!(line.mark, Mark::Plain | Mark::Place) {
                push_output(out, text);
            } else {
                push_block(out, text);
            }
            out.push_str(close);
        }
        if class.is_some() {
            out.push_str("</span>");
        }
    }
    out.push_str("</pre>");
}
