//! Descriptions of failures that the console and JUnit share.
//!
//! The texts are raw. A reporter makes them safe with [`super::text`] before it shows them.

use std::borrow::Cow;
use std::fmt::{self, Write};

use super::assertion::{self, ExplanationLine};
use super::attempt::{Attempt, Outcome};
use super::catalogue::Catalogue;
use super::hook::{HookOutcome, OutsideHook};
use super::sequence::{self, RanStep, WrittenAt};
use super::summary::RunError;
use super::text::plural;
use crate::event::{Fault, RunErrorKind, SourceLocation, Status, StepError};
use crate::plan::{PlannedFeature, PlannedScenario};

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
    followed_by_cells(title(scenario), scenario)
}

/// As [`label`], but a scenario without a title has none.
pub(crate) fn name_with_cells(scenario: &PlannedScenario) -> Cow<'_, str> {
    followed_by_cells(&scenario.name, scenario)
}

fn followed_by_cells<'s>(title: &'s str, scenario: &PlannedScenario) -> Cow<'s, str> {
    let Some(row) = scenario.row.as_ref().filter(|row| !row.cells.is_empty()) else {
        return Cow::Borrowed(title);
    };
    let mut out = String::with_capacity(title.len() + 32 * row.cells.len());
    out.push_str(title);
    out.push_str(if title.is_empty() { "[" } else { " [" });
    for (index, (name, cell)) in row.header.iter().zip(&row.cells).enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        out.push_str(name);
        out.push_str(": ");
        out.push_str(cell);
    }
    out.push(']');
    Cow::Owned(out)
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

/// `src/steps.rs:3`: as much as is needed to find it.
pub(crate) fn line_of(location: &SourceLocation) -> String {
    match location {
        SourceLocation { file, line: 0, .. } => file.clone(),
        SourceLocation { file, line, .. } => format!("{file}:{line}"),
    }
}

/// `features/a.feature:3: `, for a step of this feature; empty when its place is not known.
pub(crate) fn place_of_step(feature: &PlannedFeature, step: &RanStep<'_>) -> String {
    match step.at {
        WrittenAt::Feature(location) => format!("{}:{}: ", feature.uri, location.line),
        WrittenAt::File(location) => format!("{}: ", line_of(location)),
        WrittenAt::Unknown => String::new(),
    }
}

/// `attempt 2 of 3`, for the second attempt, which is number 1.
pub(crate) fn attempt_number(attempt: &Attempt) -> String {
    let shown = u64::from(attempt.number) + 1;
    match attempt.most {
        Some(most) if u64::from(most) >= shown => format!("attempt {shown} of {most}"),
        _ => format!("attempt {shown}"),
    }
}

/// Why an attempt did not pass, in a few lines: the step and its message.
pub(crate) fn headline(
    catalogue: &Catalogue,
    attempt: &Attempt,
    scenario: &PlannedScenario,
) -> String {
    if let Some(why) = unwanted_pass(catalogue, attempt) {
        return why;
    }
    let mut text = match (&attempt.fault, attempt.status) {
        (Some(fault @ Fault::Crashed { .. }), _) => fault.to_string(),
        (_, Status::Undefined) => "undefined step".to_owned(),
        (_, Status::Ambiguous) => "ambiguous step".to_owned(),
        (_, Status::Pending) if attempt.culprit_hook().is_some() => "pending".to_owned(),
        (_, Status::Pending) => "pending step".to_owned(),
        _ => String::new(),
    };
    if let Some(hook) = attempt.culprit_hook() {
        let separator = if text.is_empty() { "" } else { ": " };
        let title = hook_title(catalogue, hook.hook);
        text = format!("{text}{separator}{title}");
        if let Some(error) = hook.error.as_ref().filter(|_| !attempt.crashed()) {
            let said = error_text(hook.status.unwrap_or(Status::Failed), error);
            text = format!("{text}: {}", first_lines(&said));
        }
        return text;
    }
    let Some(step) = sequence::culprit(attempt, scenario) else {
        return match attempt.errors.first() {
            Some(error) => first_lines(&error_text(attempt.status, error)),
            None if text.is_empty() => attempt.status.to_string(),
            None => text,
        };
    };
    if !text.is_empty() {
        text.push_str(": ");
    }
    text.push_str(&step.sentence());
    let outcome = step.outcome;
    let candidates = outcome.candidates().len();
    if candidates > 0 {
        let _ = write!(text, " ({} match)", plural(candidates, "definition"));
    }
    if let Some(error) = outcome.error().filter(|_| !attempt.crashed()) {
        text.push_str(": ");
        text.push_str(&first_lines(&error_text(outcome.status, error)));
    }
    text
}

/// Why an attempt is in a list, in a word or two: `undefined`, `timed out`, `before_scenario hook failed`.
pub(crate) fn cause(catalogue: &Catalogue, attempt: &Attempt) -> String {
    if attempt.passed_unexpectedly() {
        return "passed unexpectedly".to_owned();
    }
    if attempt.status == Status::Passed && attempt.number > 0 {
        return format!("passed in attempt {}", u64::from(attempt.number) + 1);
    }
    let what = match &attempt.fault {
        Some(Fault::Crashed { .. }) => "crashed".to_owned(),
        Some(Fault::TimedOut { .. }) => "timed out".to_owned(),
        Some(Fault::OutputLimit { .. }) => "printed too much".to_owned(),
        Some(Fault::Cancelled) | None => attempt.status.to_string(),
    };
    let hook = attempt.culprit_hook();
    let hook = hook.and_then(|hook| catalogue.hook(hook.hook));
    match hook {
        Some(hook) => format!("{} hook {what}", hook.kind),
        None => what,
    }
}

/// The first three lines of a message, shortened so that a list stays readable.
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

/// `AssertionError: 1 is not 2`. For pending and skipped only the message.
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
    pub(crate) lines: Vec<ExplanationLine>,
}

impl Explanation {
    fn push(&mut self, text: &str) {
        if !text.trim().is_empty() {
            self.lines
                .extend(text.trim_end().lines().map(ExplanationLine::plain));
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
pub(crate) fn error_lines(status: Status, error: &StepError) -> Explanation {
    let mut text = Explanation::default();
    let message = error_text(status, error);
    if !message.trim().is_empty() {
        text.lines = assertion::lines(message.trim_end());
    }
    if let Some(location) = &error.location {
        let place = format!("at {}", place(location));
        text.lines.extend(place.lines().map(ExplanationLine::place));
    }
    // Where something waits is known: the step is shown above.
    if status == Status::Failed {
        text.push(&error.trace);
    }
    text
}

/// Everything about the failure of one step, without snippets. Empty when it did not fail.
pub(crate) fn explanation(catalogue: &Catalogue, outcome: &Outcome) -> Explanation {
    let mut text = match outcome.error() {
        Some(error) => error_lines(outcome.status, error),
        None => Explanation::default(),
    };
    let candidates: Vec<_> = outcome
        .candidates()
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

fn push_lines(text: &mut String, lines: &str) {
    if !lines.trim().is_empty() {
        text.push_str(lines.trim_end());
        text.push('\n');
    }
}

/// The fault that ended an attempt, unless the error of a step or hook already reports it.
pub(crate) fn fault(attempt: &Attempt) -> Option<String> {
    let fault = attempt.fault.as_ref()?.to_string();
    let of_hooks = attempt.hooks.iter().filter_map(|hook| hook.error.as_ref());
    let of_extra = attempt.extra.iter().map(|step| &step.outcome);
    let mut errors = (attempt.steps.iter().chain(of_extra))
        .filter_map(Outcome::error)
        .chain(of_hooks);
    (!errors.any(|error| error.message.contains(&fault))).then_some(fault)
}

/// ``before_scenario hook `open the shop` ``.
pub(crate) fn hook_title(catalogue: &Catalogue, hook: u32) -> String {
    let Some(hook) = catalogue.hook(hook) else {
        return "hook".to_owned();
    };
    match hook.name.as_deref().unwrap_or(&hook.function) {
        "" => format!("{} hook", hook.kind),
        name => format!("{} hook `{name}`", hook.kind),
    }
}

/// The result of a hook in one or two words.
pub(crate) fn hook_state(hook: &HookOutcome) -> String {
    hook.status
        .map_or_else(|| "did not end".to_owned(), |status| status.to_string())
}

/// The result of a step in one or two words.
pub(crate) fn step_state(outcome: &Outcome) -> Cow<'static, str> {
    let name = outcome.status.name();
    if outcome.is_left_out() {
        Cow::Owned(format!("{name}, left out"))
    } else {
        Cow::Borrowed(name)
    }
}

/// The message of a hook. Empty if it has none.
pub(crate) fn hook_explanation(hook: &HookOutcome) -> Explanation {
    let status = hook.status.unwrap_or(Status::Failed);
    let error = hook.error.as_ref();
    error.map_or_else(Explanation::default, |error| error_lines(status, error))
}

/// Whether something else shows why a step did not pass: one of its hooks, or the step around it.
pub(crate) fn is_explained_elsewhere(attempt: &Attempt, step: &RanStep<'_>) -> bool {
    let Some(error) = step.outcome.error() else {
        return false;
    };
    if step.explained_by_parent {
        return true;
    }
    let Some(number) = step.planned else {
        return false;
    };
    let mut own = (attempt.hooks.iter()).filter(|hook| hook.moment.step() == Some(number));
    own.any(|hook| {
        let status = hook.status.unwrap_or(Status::Failed);
        let said = (hook.error.as_ref()).filter(|_| status >= step.outcome.status);
        said.is_some_and(|said| !said.message.is_empty() && error.message.contains(&said.message))
    })
}

/// Why an attempt was skipped. `None` if no reason is known.
pub(crate) fn skip_reason(attempt: &Attempt) -> Option<&str> {
    let hooks = attempt
        .hooks
        .iter()
        .filter(|hook| hook.status == Some(Status::Skipped))
        .filter_map(|hook| hook.error.as_ref());
    let steps = attempt
        .steps
        .iter()
        .filter(|step| step.status == Status::Skipped)
        .filter_map(Outcome::error);
    let reasons = hooks.chain(steps).map(|error| error.message.as_str());
    (attempt.skipped_because.as_deref().into_iter())
        .chain(reasons)
        .find(|reason| !reason.is_empty())
}

/// What to do about a scenario that passed although a tag says that it fails.
fn unexpected_pass(scenario: &PlannedScenario) -> String {
    const USUAL: &str = "@expected_failure";
    let usual = scenario.tags.iter().any(|tag| tag.as_ref() == USUAL);
    if usual {
        format!("passed, but {USUAL} says that it fails: remove the tag")
    } else {
        "passed, but its tags say that it fails: change them".to_owned()
    }
}

/// Why an attempt that passed fails the run, if it does.
pub(crate) fn unwanted_pass(catalogue: &Catalogue, attempt: &Attempt) -> Option<String> {
    if attempt.passed_unexpectedly() {
        return Some(unexpected_pass(catalogue.at(attempt.place).1));
    }
    let number = u64::from(attempt.number) + 1;
    let flaky = attempt.fails_as_flaky(catalogue);
    flaky.then(|| format!("flaky: it failed, and passed only in attempt {number}"))
}

/// Why the status of an attempt differs from the reported one, if it does.
pub(crate) fn contradiction(attempt: &Attempt) -> Option<String> {
    let reported = attempt.contradicts?;
    let status = attempt.status;
    Some(format!(
        "the end of this scenario was reported as {reported}, but something in it is {status}"
    ))
}

/// What a hook outside scenarios attached and printed, in several lines; may be empty. Its output is left out
/// if `message` already contains it.
pub(crate) fn hook_output(hook: &OutsideHook, message: &str) -> String {
    let mut text = String::new();
    for (_, note) in hook.notes.all() {
        push_lines(&mut text, note.text());
    }
    push_lines(&mut text, &hook.notes.more().unwrap_or_default());
    if let Some(output) = &hook.result.output {
        let printed = output.to_text();
        if !message.contains(printed.trim_end()) {
            push_lines(&mut text, &printed);
        }
    }
    text
}

/// The error of a hook outside scenarios, as an entry of its own.
pub(crate) fn hook_error(catalogue: &Catalogue, hook: &OutsideHook) -> RunError {
    let mut message = format!("the {}", hook_title(catalogue, hook.hook));
    if let Some(known) = catalogue.hook(hook.hook) {
        let _ = write!(message, " ({})", line_of(&known.location));
    }
    message.push_str(" failed");
    let error = hook.result.error.as_ref();
    RunError {
        kind: RunErrorKind::Hook,
        message,
        detail: error.map_or_else(String::new, |error| {
            error_lines(Status::Failed, error).to_string()
        }),
        output: hook_output(hook, ""),
        feature: hook.feature().cloned(),
    }
}
