//! One scenario as a test case.

use std::fmt::Write;
use std::time::Duration;

use chrono::{DateTime, FixedOffset};
use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestRerun};

use super::xml;
use crate::event::{Status, Timestamp};
use crate::plan::{PlannedScenario, StepArgument};
use crate::report::attempt::{Attempt, Catalogue, Outcome};
use crate::report::console::{doc_string, table};
use crate::report::{text, trouble};

/// What Jenkins counts a scenario as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Success,
    Failure,
    Error,
    Skipped,
}

/// The attempts of a scenario in order; the last is final when it is not retried.
pub(super) fn kind(catalogue: &Catalogue, attempts: &[Attempt]) -> Kind {
    match attempts.last() {
        None => Kind::Skipped,
        Some(last) if last.will_be_retried || last.cancelled() => Kind::Skipped,
        Some(last) if last.crashed() => Kind::Error,
        Some(last) if catalogue.fails(last.status) => Kind::Failure,
        Some(last) if last.status == Status::Passed => Kind::Success,
        Some(_) => Kind::Skipped,
    }
}

/// The test case of a scenario; `not_run` says why it has no final attempt.
pub(super) fn test_case(
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
    let last = attempts.last().filter(|last| !last.will_be_retried);
    match last {
        Some(last) if kind == Kind::Skipped => {
            status.set_message(xml::attribute(&skip_message(last, scenario)));
        }
        Some(last) if kind != Kind::Success => {
            status.set_message(xml::attribute(&trouble::headline(last, scenario)));
            status.set_type(xml::attribute(&type_of(last, scenario)));
            status.set_description(xml::content(&detail(catalogue, last)));
        }
        Some(_) => {}
        None => {
            status.set_message(xml::attribute(
                not_run.unwrap_or("the run ended without a result for it"),
            ));
        }
    }
    let earlier = if last.is_some() {
        &attempts[..attempts.len() - 1]
    } else {
        attempts
    };
    // Skipped test cases have no place for earlier attempts.
    if kind != Kind::Skipped {
        status.add_reruns(
            earlier
                .iter()
                .map(|attempt| rerun(catalogue, scenario, attempt)),
        );
    }
    let mut case = TestCase::new(name, status);
    case.set_classname(class);
    case.set_time(Duration::from_nanos(last.map_or(0, |last| last.nanos)));
    if let Some(at) = last.and_then(|last| last.at).and_then(date_time) {
        case.set_timestamp(at);
    }
    if let Some(last) = last {
        case.set_system_out(xml::content(&system_out(catalogue, last)));
    }
    case
}

fn rerun(catalogue: &Catalogue, scenario: &PlannedScenario, attempt: &Attempt) -> TestRerun {
    // Always a failure: Jenkins does not read `rerunError` and `flakyError`.
    let mut rerun = TestRerun::new(NonSuccessKind::Failure);
    rerun.set_message(xml::attribute(&trouble::headline(attempt, scenario)));
    rerun.set_type(xml::attribute(&type_of(attempt, scenario)));
    rerun.set_stack_trace(xml::content(&detail(catalogue, attempt)));
    rerun.set_system_out(xml::content(&system_out(catalogue, attempt)));
    rerun.set_time(Duration::from_nanos(attempt.nanos));
    if let Some(at) = attempt.at.and_then(date_time) {
        rerun.set_timestamp(at);
    }
    rerun
}

/// Why a scenario that came to an end counts as skipped.
fn skip_message(attempt: &Attempt, scenario: &PlannedScenario) -> String {
    if let Some(fault) = &attempt.fault {
        return fault.to_string();
    }
    if attempt.status >= Status::Pending {
        return trouble::headline(attempt, scenario);
    }
    let reason = attempt
        .steps
        .iter()
        .filter(|step| step.status == Status::Skipped)
        .find_map(Outcome::error);
    reason.map_or_else(|| "skipped".to_owned(), |error| error.message.clone())
}

fn type_of(attempt: &Attempt, scenario: &PlannedScenario) -> String {
    if attempt.crashed() {
        return "crashed".to_owned();
    }
    let error = attempt
        .culprit(scenario)
        .and_then(|(_, outcome)| outcome.error());
    let kind = error
        .map(|error| error.kind.clone())
        .filter(|kind| !kind.is_empty());
    kind.filter(|_| attempt.status == Status::Failed)
        .unwrap_or_else(|| attempt.status.to_string())
}

/// All steps that went wrong, each with all that is known: what Jenkins calls a stack trace.
fn detail(catalogue: &Catalogue, attempt: &Attempt) -> String {
    let (feature, scenario) = catalogue.at(attempt.place);
    let mut out = String::new();
    let told = attempt
        .steps
        .iter()
        .any(|step| step.status == Status::Failed);
    if let Some(fault) = attempt.fault.as_ref().filter(|_| !told) {
        let _ = writeln!(out, "{fault}");
    }
    for error in &attempt.errors {
        let _ = writeln!(out, "{}", trouble::error_text(error));
    }
    for (step, outcome) in scenario.steps.iter().zip(&attempt.steps) {
        if outcome.status < Status::Pending {
            continue;
        }
        let sentence = trouble::sentence(step);
        let _ = writeln!(
            out,
            "{}:{}: {sentence} ({})",
            feature.uri, step.location.line, outcome.status
        );
        text::indented(&mut out, 2, &trouble::explanation(catalogue, outcome));
        for snippet in outcome.trouble.iter().flat_map(|trouble| &trouble.snippets) {
            let _ = writeln!(out, "\n{}", snippet.code);
        }
    }
    out
}

/// The steps with what became of them, then what the attempt printed.
fn system_out(catalogue: &Catalogue, attempt: &Attempt) -> String {
    let (feature, scenario) = catalogue.at(attempt.place);
    let mut out = String::with_capacity(64 * (scenario.steps.len() + 1));
    let _ = writeln!(out, "{}:{}", feature.uri, scenario.location.line);
    for (step, outcome) in scenario.steps.iter().zip(&attempt.steps) {
        out.push_str(&step.keyword);
        out.push_str(&step.text);
        let _ = write!(out, " ... {}", outcome.status);
        if outcome.nanos > 0 {
            let millis = outcome.nanos / 1_000_000;
            let _ = write!(out, " in {}.{:03}s", millis / 1_000, millis % 1_000);
        }
        out.push('\n');
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
    }
    if let Some(output) = &attempt.output {
        let _ = write!(out, "\ncaptured output:\n{}", output.to_text());
    }
    out
}

pub(super) fn date_time(at: Timestamp) -> Option<DateTime<FixedOffset>> {
    DateTime::from_timestamp_micros(i64::try_from(at.0).ok()?).map(|time| time.fixed_offset())
}
