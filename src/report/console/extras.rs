//! The lines between the steps of a scenario: hooks and attachments.

use super::comment::{facts, gap};
use super::style::{Ink, Style};
use crate::event::{Event, Status};
use crate::report::catalogue::Catalogue;
use crate::report::hook::{HookOutcome, OutsideHook};
use crate::report::note::Note;
use crate::report::{text, trouble};

/// Whether a hook gets a line: one that passed does with `-v`, or when it attached something.
pub(super) fn is_shown(style: Style, hook: &HookOutcome) -> bool {
    style.verbose || hook.status != Some(Status::Passed) || !hook.notes.is_empty()
}

/// The line about a slow step or hook that still runs, if this is such an event.
pub(super) fn slow(style: Style, event: &Event) -> Option<String> {
    let Event::Slow { message, place, .. } = event else {
        return None;
    };
    let mut out = String::new();
    let ink = Ink::Status(Status::Pending);
    match place {
        Some(place) => {
            let text = format!(": {message}");
            style.prose_at(&mut out, ink, 0, (&trouble::place(place), &text));
        }
        None => style.prose(&mut out, ink, 0, message),
    }
    Some(out)
}

/// How the extras of an attempt look.
pub(super) struct Shown<'a> {
    pub(super) style: Style,
    pub(super) catalogue: &'a Catalogue,
    /// Where comments begin.
    pub(super) column: usize,
    /// Whether the attempt failed as expected.
    pub(super) expected: bool,
}

impl Shown<'_> {
    /// Adds the line of a hook, if it is shown.
    pub(super) fn hook(&self, out: &mut String, hook: &HookOutcome, indent: usize) {
        if !is_shown(self.style, hook) {
            return;
        }
        let status = hook.status.unwrap_or(Status::Failed);
        let said = match hook.status {
            Some(Status::Passed) => String::new(),
            Some(Status::Failed) if self.expected => "failed as expected".to_owned(),
            _ => trouble::hook_state(hook),
        };
        let facts = facts(said, hook.nanos);
        let ink = self.style.of(status, self.expected);
        self.line(out, hook.hook, ink, &facts, indent);
        self.notes(
            out,
            hook.notes.all().iter().map(|(_, note)| note),
            indent + 2,
        );
        if let Some(more) = hook.notes.more() {
            self.style.line_at(out, Ink::Comment, indent + 2, &more);
        }
        let trouble = self.style.of_trouble(status, self.expected);
        self.style
            .explanation(out, trouble, indent + 2, &trouble::hook_explanation(hook));
    }

    /// ``before_scenario hook `seed`  # src/steps.rs:12 (failed, 4ms)``.
    fn line(&self, out: &mut String, hook: u32, ink: Ink, facts: &str, indent: usize) {
        let title = trouble::hook_title(self.catalogue, hook);
        let place = self.catalogue.hook(hook);
        let place = place.map(|hook| trouble::line_of(&hook.location));
        let place = place.unwrap_or_default();
        let facts = match (place.is_empty(), facts) {
            (_, "") => String::new(),
            (true, facts) => facts.to_owned(),
            (false, facts) => format!(" ({facts})"),
        };
        let start = out.len();
        text::pad(out, indent);
        self.style.line(out, ink, &title);
        if !place.is_empty() || !facts.is_empty() {
            let end = indent + text::width(&text::line(&title));
            text::pad(out, gap(self.column, end));
            self.style.comment(out, &place, &facts);
        }
        self.style.end_line(out, start);
    }

    /// Lines of logs, and a line for each other attachment.
    pub(super) fn notes<'n>(
        &self,
        out: &mut String,
        notes: impl Iterator<Item = &'n Note>,
        indent: usize,
    ) {
        for note in notes {
            match note {
                Note::Log(lines) => self.style.block(out, Ink::Plain, indent, lines),
                Note::About(line) => {
                    let line = text::line(line);
                    self.style.prose(out, Ink::Comment, indent, &line);
                }
            }
        }
    }
}

/// The line of a hook outside scenarios at its place in the report; `None` if it is not shown there. Failed
/// hooks are listed at the end. A hook that skips its scenarios is shown with them.
pub(super) fn outside(style: Style, catalogue: &Catalogue, hook: &OutsideHook) -> Option<String> {
    let outcome = hook.to_outcome();
    if outcome.status == Some(Status::Failed) || (!style.verbose && outcome.notes.is_empty()) {
        return None;
    }
    let shown = Shown {
        style,
        catalogue,
        column: 0,
        expected: false,
    };
    let mut out = String::new();
    shown.hook(&mut out, &outcome, 0);
    Some(out)
}
