//! All details of an attempt that did not pass, as plain text.

use std::fmt::Write;

use super::attempt::Attempt;
use super::catalogue::Catalogue;
use super::hook::HookOutcome;
use super::sequence::{self, AttemptPart, RanStep};
use super::suggestion::suggestion;
use super::{text, trouble};
use crate::event::Status;

/// All hooks and steps that did not pass, with all details: what Jenkins calls a stack trace.
pub(super) fn detail(catalogue: &Catalogue, attempt: &Attempt) -> String {
    let (feature, scenario) = catalogue.at(attempt.place);
    let mut out = String::new();
    if let Some(why) = trouble::unwanted_pass(catalogue, attempt) {
        let _ = writeln!(out, "{why}");
    }
    if let Some(fault) = trouble::fault(attempt) {
        let _ = writeln!(out, "{fault}");
    }
    for part in sequence::parts(attempt, scenario) {
        match part {
            AttemptPart::Hook { hook, .. } => hook_detail(&mut out, catalogue, hook),
            AttemptPart::Step(step) if step.outcome.status >= Status::Pending => {
                let place = trouble::place_of_step(feature, &step);
                let (sentence, status) = (step.sentence(), step.outcome.status);
                let _ = writeln!(out, "{place}{sentence} ({status})");
                step_detail(&mut out, catalogue, attempt, &step);
            }
            AttemptPart::Step(_) => {}
        }
    }
    if let Some(contradiction) = trouble::contradiction(attempt) {
        let _ = writeln!(out, "{contradiction}");
    }
    for error in &attempt.errors {
        out.push_str(&trouble::error_lines(Status::Failed, error).to_string());
    }
    out
}

/// The headline of a failure, then all details. Details that begin with the headline are enough.
pub(super) fn headline_and_detail(catalogue: &Catalogue, attempt: &Attempt) -> String {
    let headline = trouble::headline(catalogue, attempt, catalogue.at(attempt.place).1);
    let detail = detail(catalogue, attempt);
    // A long message is cut off in the headline.
    let beginning = headline.strip_suffix(" …").unwrap_or(&headline);
    if detail.starts_with(beginning) {
        detail
    } else {
        format!("{headline}\n{detail}")
    }
}

fn step_detail(out: &mut String, catalogue: &Catalogue, attempt: &Attempt, step: &RanStep<'_>) {
    let outcome = step.outcome;
    if !trouble::is_explained_elsewhere(attempt, step) {
        let explanation = trouble::explanation(catalogue, outcome);
        text::indented(out, 2, &explanation.to_string());
    }
    if !outcome.snippets().is_empty() {
        let _ = writeln!(out, "\n{}\n", suggestion(outcome.snippets()));
    }
}

fn hook_detail(out: &mut String, catalogue: &Catalogue, hook: &HookOutcome) {
    if !hook.is_trouble() {
        return;
    }
    let place = catalogue.hook(hook.hook).map(|hook| &hook.location);
    let place = place.map_or_else(String::new, |at| format!("{}: ", trouble::line_of(at)));
    let title = trouble::hook_title(catalogue, hook.hook);
    let _ = writeln!(out, "{place}{title} ({})", trouble::hook_state(hook));
    text::indented(out, 2, &trouble::hook_explanation(hook).to_string());
}
