//! One scenario as a test case.

use std::fmt::Write;
use std::time::Duration;

use chrono::{DateTime, FixedOffset};
use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestRerun};

use super::xml::{self, Texts};
use crate::event::{Status, Timestamp};
use crate::plan::{PlannedScenario, StepArgument};
use crate::report::attempt::{Attempt, Outcome};
use crate::report::catalogue::Catalogue;
use crate::report::console::{doc_string, table};
use crate::report::hook::{HookOutcome, Moment};
use crate::report::suggestion::suggestion;
use crate::report::{text, trouble};

/// What Jenkins counts a scenario as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Success,
    Failure,
    Error,
    Skipped,
}

/// The attempt that decides, and those before it. One that was cancelled says nothing when a
/// failure is before it.
fn deciding(attempts: &[Attempt]) -> Option<(&Attempt, &[Attempt])> {
    let last = attempts.len().checked_sub(1)?;
    let position = attempts
        .iter()
        .rposition(|attempt| !attempt.cancelled())
        .unwrap_or(last);
    Some((&attempts[position], &attempts[..position]))
}

pub(super) fn kind(catalogue: &Catalogue, attempts: &[Attempt]) -> Kind {
    match deciding(attempts) {
        None => Kind::Skipped,
        Some((last, _)) if last.cancelled() => Kind::Skipped,
        Some((last, _)) if last.failed_as_expected() => Kind::Skipped,
        Some((last, _)) if last.crashed() => Kind::Error,
        Some((last, _)) if last.fails(catalogue) => Kind::Failure,
        Some((last, _)) if last.status == Status::Passed => Kind::Success,
        Some(_) => Kind::Skipped,
    }
}

/// The test case of a scenario; `not_run` says why it has no attempt.
pub(super) fn test_case(
    texts: &mut Texts,
    catalogue: &Catalogue,
    scenario: &PlannedScenario,
    attempts: &[Attempt],
    not_run: Option<&str>,
    (class, name): (&str, &str),
) -> TestCase {
    let kind = kind(catalogue, attempts);
    let mut status = match kind {
        Kind::Success => TestCaseStatus::success(),
        Kind::Failure => TestCaseStatus::non_success(NonSuccessKind::Failure),
        Kind::Error => TestCaseStatus::non_success(NonSuccessKind::Error),
        Kind::Skipped => TestCaseStatus::skipped(),
    };
    let (last, earlier) =
        deciding(attempts).map_or((None, attempts), |(last, earlier)| (Some(last), earlier));
    match last {
        Some(last) if kind == Kind::Skipped => {
            // As text: the schema of Jenkins knows no attribute here, and Jenkins reads both.
            let why = skip_message(catalogue, last, scenario);
            status.set_description(texts.content(&why));
        }
        Some(last) if kind != Kind::Success => {
            status.set_message(xml::attribute(&trouble::headline(
                catalogue, last, scenario,
            )));
            status.set_type(xml::attribute(&type_of(last, scenario)));
            status.set_description(texts.content(&detail(catalogue, last)));
        }
        Some(_) => {}
        None => {
            let why = not_run.unwrap_or("the run ended without a result for it");
            status.set_description(texts.content(why));
        }
    }
    // Skipped test cases have no place for earlier attempts.
    if kind != Kind::Skipped {
        status.add_reruns(
            earlier
                .iter()
                .map(|attempt| rerun(texts, catalogue, scenario, attempt)),
        );
    }
    let mut case = TestCase::new(name, status);
    case.set_classname(class);
    case.set_time(Duration::from_nanos(last.map_or(0, |last| last.nanos)));
    if let Some(at) = last.and_then(|last| last.at).and_then(date_time) {
        case.set_timestamp(at);
    }
    if let Some(last) = last {
        case.set_system_out(texts.content(&system_out(catalogue, last)));
    }
    case
}

fn rerun(
    texts: &mut Texts,
    catalogue: &Catalogue,
    scenario: &PlannedScenario,
    attempt: &Attempt,
) -> TestRerun {
    // Always a failure: Jenkins does not read `rerunError` and `flakyError`.
    let mut rerun = TestRerun::new(NonSuccessKind::Failure);
    rerun.set_message(xml::attribute(&trouble::headline(
        catalogue, attempt, scenario,
    )));
    rerun.set_type(xml::attribute(&type_of(attempt, scenario)));
    rerun.set_stack_trace(texts.content(&detail(catalogue, attempt)));
    rerun.set_system_out(texts.content(&system_out(catalogue, attempt)));
    rerun.set_time(Duration::from_nanos(attempt.nanos));
    if let Some(at) = attempt.at.and_then(date_time) {
        rerun.set_timestamp(at);
    }
    rerun
}

/// Why a scenario that came to an end counts as skipped.
fn skip_message(catalogue: &Catalogue, attempt: &Attempt, scenario: &PlannedScenario) -> String {
    if attempt.failed_as_expected() {
        let headline = trouble::headline(catalogue, attempt, scenario);
        return format!("expected failure: {headline}");
    }
    if let Some(fault) = &attempt.fault {
        return fault.to_string();
    }
    if attempt.status >= Status::Pending {
        return trouble::headline(catalogue, attempt, scenario);
    }
    match trouble::skip_reason(attempt) {
        Some(reason) => reason.to_owned(),
        None if catalogue.is_dry_run() => "dry run: the steps were matched and not run".to_owned(),
        None => "skipped".to_owned(),
    }
}

fn type_of(attempt: &Attempt, scenario: &PlannedScenario) -> String {
    if attempt.crashed() {
        return "crashed".to_owned();
    }
    if attempt.passed_unexpectedly() {
        return "unexpected pass".to_owned();
    }
    if attempt.status == Status::Passed {
        return "flaky".to_owned();
    }
    let error = match attempt.culprit_hook() {
        Some(hook) => hook.error.as_ref(),
        None => (attempt.culprit(scenario))
            .and_then(|(_, outcome)| outcome.error())
            .or(attempt.errors.first()),
    };
    let kind = error
        .map(|error| error.kind.clone())
        .filter(|kind| !kind.is_empty());
    kind.filter(|_| attempt.status == Status::Failed)
        .unwrap_or_else(|| attempt.status.to_string())
}

/// All hooks and steps that went wrong, each with all that is known: what Jenkins calls a stack
/// trace.
fn detail(catalogue: &Catalogue, attempt: &Attempt) -> String {
    let (feature, scenario) = catalogue.at(attempt.place);
    let mut out = String::new();
    if let Some(why) = trouble::unwanted_pass(catalogue, attempt) {
        let _ = writeln!(out, "{why}");
    }
    if let Some(fault) = trouble::fault(attempt) {
        let _ = writeln!(out, "{fault}");
    }
    let mut hooks = attempt.hooks.iter().peekable();
    while let Some(hook) = hooks.next_if(|hook| hook.moment == Moment::Before) {
        hook_detail(&mut out, catalogue, hook);
    }
    for ((number, step), outcome) in (0..).zip(&scenario.steps).zip(&attempt.steps) {
        if outcome.status >= Status::Pending {
            let sentence = trouble::sentence(step);
            let _ = writeln!(
                out,
                "{}:{}: {sentence} ({})",
                feature.uri, step.location.line, outcome.status
            );
            step_detail(&mut out, catalogue, attempt, number, outcome);
        }
        while let Some(hook) = hooks.next_if(|hook| hook.moment.step() == Some(number)) {
            hook_detail(&mut out, catalogue, hook);
        }
    }
    for hook in hooks {
        hook_detail(&mut out, catalogue, hook);
    }
    for error in &attempt.errors {
        out.push_str(&trouble::error_lines(Status::Failed, error).to_string());
    }
    out
}

fn step_detail(
    out: &mut String,
    catalogue: &Catalogue,
    attempt: &Attempt,
    number: u32,
    outcome: &Outcome,
) {
    if !trouble::is_told_by_hook(attempt, number, outcome) {
        text::indented(
            out,
            2,
            &trouble::explanation(catalogue, outcome).to_string(),
        );
    }
    if let Some(trouble) = &outcome.trouble
        && !trouble.snippets.is_empty()
    {
        let _ = writeln!(out, "\n{}\n", suggestion(&trouble.snippets));
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

/// The steps with what became of them and what they attached, the hooks that did not pass, then
/// what the attempt printed.
fn system_out(catalogue: &Catalogue, attempt: &Attempt) -> String {
    let (feature, scenario) = catalogue.at(attempt.place);
    let mut out = String::with_capacity(64 * (scenario.steps.len() + 1));
    let _ = writeln!(out, "{}:{}", feature.uri, scenario.location.line);
    let mut hooks = attempt.hooks.iter().peekable();
    while let Some(hook) = hooks.next_if(|hook| hook.moment == Moment::Before) {
        hook_lines(&mut out, catalogue, hook, 0);
    }
    for ((number, step), outcome) in (0..).zip(&scenario.steps).zip(&attempt.steps) {
        out.push_str(&step.keyword);
        out.push_str(&step.text);
        let _ = write!(out, " ... {}", outcome.status);
        push_time(&mut out, outcome.nanos);
        for argument in &step.arguments {
            let shown = match argument {
                StepArgument::Table(rows) => table(rows),
                StepArgument::DocString {
                    media_type,
                    content,
                } => doc_string(media_type.as_deref(), content),
            };
            text::indented(&mut out, 2, &shown);
        }
        for note in attempt.notes(number) {
            text::indented(&mut out, 2, note.text());
        }
        while let Some(hook) = hooks.next_if(|hook| hook.moment.step() == Some(number)) {
            hook_lines(&mut out, catalogue, hook, 2);
        }
    }
    for hook in hooks {
        hook_lines(&mut out, catalogue, hook, 0);
    }
    if let Some(more) = attempt.more_notes() {
        let _ = writeln!(out, "{more}");
    }
    if let Some(output) = &attempt.output {
        let _ = write!(out, "\ncaptured output:\n{}", output.to_text());
    }
    out
}

/// A hook with what it attached; only those that did not pass or attached something are kept.
fn hook_lines(out: &mut String, catalogue: &Catalogue, hook: &HookOutcome, indent: usize) {
    let title = trouble::hook_title(catalogue, hook.hook);
    text::pad(out, indent);
    let _ = write!(out, "{title} ... {}", trouble::hook_state(hook));
    push_time(out, hook.nanos);
    for (_, note) in hook.notes.all() {
        text::indented(out, indent + 2, note.text());
    }
    if let Some(more) = hook.notes.more() {
        text::indented(out, indent + 2, &more);
    }
}

fn push_time(out: &mut String, nanos: u64) {
    if nanos > 0 {
        let millis = nanos / 1_000_000;
        let _ = write!(out, " in {}.{:03}s", millis / 1_000, millis % 1_000);
    }
    out.push('\n');
}

pub(super) fn date_time(at: Timestamp) -> Option<DateTime<FixedOffset>> {
    DateTime::from_timestamp_micros(i64::try_from(at.0).ok()?).map(|time| time.fixed_offset())
}
