//! What went wrong, in words that the console and JUnit share.
//!
//! The texts are raw: whoever shows them makes them safe with [`super::text`].

use std::borrow::Cow;
use std::fmt::{self, Write};

use super::assertion::{self, Line};
use super::attempt::{Attempt, Catalogue, Outcome};
use super::text::plural;
use crate::event::{Fault, SourceLocation, Status, StepError};
use crate::plan::{PlannedScenario, PlannedStep};

/// The title of a scenario, or its keyword when it has none.
pub(crate) fn title(scenario: &PlannedScenario) -> &str {
    if scenario.name.is_empty() {
        &scenario.keyword
    } else {
        &scenario.name
    }
}

/// The title, and for a row of an outline its cells: `Adding [a: 1, b: 2]`.
pub(crate) fn label(scenario: &PlannedScenario) -> Cow<'_, str> {
    let title = title(scenario);
    let Some(row) = scenario.row.as_ref().filter(|row| !row.cells.is_empty()) else {
        return Cow::Borrowed(title);
    };
    let cells: Vec<String> = row
        .header
        .iter()
        .zip(&row.cells)
        .map(|(name, cell)| format!("{name}: {cell}"))
        .collect();
    Cow::Owned(format!("{title} [{}]", cells.join(", ")))
}

/// A step as it is written: keyword and text.
pub(crate) fn sentence(step: &PlannedStep) -> String {
    format!("{}{}", step.keyword, step.text)
}

/// `src/steps.rs:3:5`, without what is not known.
pub(crate) fn place(location: &SourceLocation) -> String {
    match location {
        SourceLocation { file, line: 0, .. } => file.clone(),
        SourceLocation {
            file,
            line,
            column: 0,
        } => format!("{file}:{line}"),
        SourceLocation { file, line, column } => format!("{file}:{line}:{column}"),
    }
}

/// Why an attempt did not pass, in a line or a few: the step, and what it said.
pub(crate) fn headline(attempt: &Attempt, scenario: &PlannedScenario) -> String {
    let mut text = match (&attempt.fault, attempt.status) {
        (Some(fault @ Fault::Crashed { .. }), _) => fault.to_string(),
        (_, Status::Undefined) => "undefined step".to_owned(),
        (_, Status::Ambiguous) => "ambiguous step".to_owned(),
        (_, Status::Pending) => "pending step".to_owned(),
        _ => String::new(),
    };
    let Some((step, outcome)) = attempt.culprit(scenario) else {
        return match attempt.errors.first() {
            Some(error) => first_lines(&error_text(attempt.status, error)),
            None if text.is_empty() => attempt.status.to_string(),
            None => text,
        };
    };
    if !text.is_empty() {
        text.push_str(": ");
    }
    text.push_str(&sentence(step));
    if let Some(trouble) = outcome
        .trouble
        .as_ref()
        .filter(|trouble| !trouble.candidates.is_empty())
    {
        let _ = write!(
            text,
            " ({} match)",
            plural(trouble.candidates.len(), "definition")
        );
    }
    if let Some(error) = outcome.error().filter(|_| !attempt.crashed()) {
        text.push_str(": ");
        text.push_str(&first_lines(&error_text(outcome.status, error)));
    }
    text
}

/// The first three lines of a message, and of those so much that a list stays readable.
fn first_lines(message: &str) -> String {
    const LINES: usize = 3;
    const LETTERS: usize = 500;
    let mut lines = message.trim_end().lines();
    let mut text = lines.by_ref().take(LINES).collect::<Vec<_>>().join("\n");
    let cut = text.char_indices().nth(LETTERS).map(|(at, _)| at);
    text.truncate(cut.unwrap_or(text.len()));
    if cut.is_some() || lines.next().is_some() {
        text.push_str(" …");
    }
    text
}

/// `AssertionError: 1 is not 2`; of a reason to wait or skip only the message.
pub(crate) fn error_text(status: Status, error: &StepError) -> Cow<'_, str> {
    match (error.kind.as_str(), error.message.as_str()) {
        (_, message) if matches!(status, Status::Pending | Status::Skipped) => {
            Cow::Borrowed(message)
        }
        ("", message) => Cow::Borrowed(message),
        (kind, "") => Cow::Borrowed(kind),
        (kind, message) => Cow::Owned(format!("{kind}: {message}")),
    }
}

/// Lines that explain a failure. They are raw, and [`Display`](std::fmt::Display) has no colours.
#[derive(Debug, Default)]
pub(crate) struct Explanation {
    pub(crate) lines: Vec<Line>,
}

impl Explanation {
    fn push(&mut self, text: &str) {
        if !text.trim().is_empty() {
            self.lines.extend(text.trim_end().lines().map(Line::plain));
        }
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.lines
            .iter()
            .try_for_each(|line| writeln!(f, "{}", line.text()))
    }
}

/// All that is known about an error: what it says, its place, its trace.
pub(crate) fn error(status: Status, error: &StepError) -> Explanation {
    let mut text = Explanation::default();
    let message = error_text(status, error);
    if !message.trim().is_empty() {
        text.lines = assertion::lines(message.trim_end());
    }
    if let Some(location) = &error.location {
        text.push(&format!("at {}", place(location)));
    }
    // Where something waits is known: the step is shown above.
    if status == Status::Failed {
        text.push(&error.trace);
    }
    text
}

/// All that is known about the trouble of one step; empty when there is none. Snippets are not
/// among it.
pub(crate) fn explanation(catalogue: &Catalogue, outcome: &Outcome) -> Explanation {
    let Some(trouble) = &outcome.trouble else {
        return Explanation::default();
    };
    let mut text = match &trouble.error {
        Some(problem) => error(outcome.status, problem),
        None => Explanation::default(),
    };
    let candidates: Vec<_> = trouble
        .candidates
        .iter()
        .filter_map(|index| catalogue.definition(*index))
        .collect();
    if !candidates.is_empty() {
        text.push(&format!(
            "{} match:",
            plural(candidates.len(), "step definition")
        ));
        let width = |pattern: &str| super::text::width(&super::text::line(pattern));
        let widest = candidates
            .iter()
            .map(|definition| width(&definition.pattern))
            .max();
        for definition in candidates {
            let mut line = format!("  {}", definition.pattern);
            let gap = widest.unwrap_or(0) - width(&definition.pattern) + 2;
            super::text::pad(&mut line, gap);
            let _ = write!(line, "# {}", place(&definition.location));
            text.push(&line);
        }
    }
    text
}

/// What ended an attempt, unless the error of a step says it already.
pub(crate) fn fault(attempt: &Attempt) -> Option<String> {
    let fault = attempt.fault.as_ref()?.to_string();
    let mut errors = attempt.steps.iter().filter_map(Outcome::error);
    (!errors.any(|error| error.message.contains(&fault))).then_some(fault)
}
