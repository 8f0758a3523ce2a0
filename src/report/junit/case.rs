//! One scenario as a test case.

use std::fmt::Write;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, FixedOffset};
use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestRerun, XmlString};

use super::attachments::ScenarioFiles;
use super::xml::{self, Attributes, Texts};
use crate::event::{Status, Timestamp};
use crate::plan::PlannedScenario;
use crate::report::attempt::Attempt;
use crate::report::catalogue::Catalogue;
use crate::report::detail::detail;
use crate::report::hook::HookOutcome;
use crate::report::html::anchor;
use crate::report::options::{JunitOptions, JunitOutput};
use crate::report::sequence::{self, AttemptPart, RanStep};
use crate::report::{step_argument, text, trouble};

/// How Jenkins counts a scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Success,
    Failure,
    Error,
    Skipped,
}

/// The attempt that decides, and those before it. A cancelled attempt does not count after a failed one.
fn deciding(attempts: &[Arc<Attempt>]) -> Option<(&Attempt, &[Arc<Attempt>])> {
    let last = attempts.len().checked_sub(1)?;
    let position = attempts
        .iter()
        .rposition(|attempt| !attempt.cancelled())
        .unwrap_or(last);
    Some((&attempts[position], &attempts[..position]))
}

/// How Jenkins counts a scenario that this attempt decides.
pub(super) fn kind(catalogue: &Catalogue, last: &Attempt) -> Kind {
    match last.status {
        _ if last.cancelled() || last.failed_as_expected() => Kind::Skipped,
        _ if last.crashed() => Kind::Error,
        _ if last.fails(catalogue) => Kind::Failure,
        Status::Passed => Kind::Success,
        _ => Kind::Skipped,
    }
}

/// A scenario and what is known of it apart from its attempts.
pub(super) struct CaseFrame<'a> {
    /// The path of its feature.
    pub(super) uri: &'a XmlString,
    pub(super) scenario: &'a PlannedScenario,
    pub(super) class: &'a XmlString,
    pub(super) name: &'a str,
    /// Why it has no attempt.
    pub(super) not_run: Option<&'a str>,
    pub(super) files: Option<&'a ScenarioFiles>,
    /// The address of the HTML report.
    pub(super) html: Option<&'a str>,
    pub(super) options: JunitOptions,
}

/// The test case of a scenario.
pub(super) fn test_case(
    (texts, attributes): (&mut Texts, &mut Attributes),
    catalogue: &Catalogue,
    frame: &CaseFrame<'_>,
    attempts: &[Arc<Attempt>],
) -> TestCase {
    let CaseFrame {
        scenario, options, ..
    } = *frame;
    let (last, earlier) =
        deciding(attempts).map_or((None, attempts), |(last, earlier)| (Some(last), earlier));
    let kind = last.map_or(Kind::Skipped, |last| kind(catalogue, last));
    let mut status = match kind {
        Kind::Success => TestCaseStatus::success(),
        Kind::Failure => TestCaseStatus::non_success(NonSuccessKind::Failure),
        Kind::Error => TestCaseStatus::non_success(NonSuccessKind::Error),
        Kind::Skipped => TestCaseStatus::skipped(),
    };
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
            let why = frame
                .not_run
                .unwrap_or("the run ended without a result for it");
            status.set_description(texts.content(why));
        }
    }
    // Skipped test cases have no place for earlier attempts.
    if kind != Kind::Skipped && !options.plain {
        status.add_reruns(
            earlier
                .iter()
                .map(|attempt| rerun(texts, catalogue, scenario, attempt)),
        );
    }
    let mut case = TestCase::new(texts.line(frame.name), status);
    case.set_classname(frame.class.clone());
    case.set_time(Duration::from_nanos(last.map_or(0, |last| last.nanos)));
    let has_output = match options.output {
        JunitOutput::All => true,
        JunitOutput::Failed => matches!(kind, Kind::Failure | Kind::Error),
        JunitOutput::None => false,
    };
    if let Some(last) = last.filter(|_| has_output) {
        let mut out = system_out(catalogue, last);
        if let Some(files) = frame.files {
            attachment_lines(&mut out, files);
        }
        case.set_system_out(texts.content(&out));
    }
    if !options.plain {
        if let Some(at) = last.and_then(|last| last.at).and_then(date_time) {
            case.set_timestamp(at);
        }
        add_place(&mut case, frame.uri, scenario, attributes);
        add_properties(&mut case, frame, last, attributes);
    }
    case
}

/// `file` and `line`, as pytest writes them: GitLab and other tools make links of them.
fn add_place(
    case: &mut TestCase,
    uri: &XmlString,
    scenario: &PlannedScenario,
    attributes: &mut Attributes,
) {
    case.extra.insert(attributes.get("file"), uri.clone());
    let line = scenario.location.line;
    if line > 0 {
        let line = attributes.get(itoa::Buffer::new().format(line));
        case.extra.insert(attributes.get("line"), line);
    }
}

/// The tags of a scenario, the links that it attached, its place in the HTML report, and its attached files.
fn add_properties(
    case: &mut TestCase,
    frame: &CaseFrame<'_>,
    last: Option<&Attempt>,
    attributes: &mut Attributes,
) {
    let mut add = |name: &str, value: &str| {
        case.add_property(attributes.property(name, value));
    };
    for tag in &*frame.scenario.tags {
        add("tag", tag.strip_prefix('@').unwrap_or(tag));
    }
    for link in last.into_iter().flat_map(Attempt::links) {
        add("link", link);
    }
    if let Some(html) = frame.html {
        add("html", &format!("{html}#s-{:016x}", anchor(frame.scenario)));
    }
    for file in frame.files.into_iter().flat_map(|files| &files.links) {
        add("attachment", file);
    }
}

/// The lines by which CI servers find attached files. They are last, because Jenkins leaves out the middle of a long text.
fn attachment_lines(out: &mut String, files: &ScenarioFiles) {
    if !out.ends_with('\n') {
        out.push('\n');
    }
    if files.left_out > 0 {
        let number = text::plural(files.left_out, "attachment");
        let _ = writeln!(
            out,
            "not kept as files: {number} (too large, too many, or unreadable)"
        );
    }
    for path in &files.paths {
        let _ = writeln!(out, "[[ATTACHMENT|{path}]]");
    }
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

/// Why a finished scenario counts as skipped.
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
        None => (sequence::culprit(attempt, scenario))
            .and_then(|step| step.outcome.error())
            .or(attempt.errors.first()),
    };
    let kind = error
        .map(|error| error.kind.clone())
        .filter(|kind| !kind.is_empty());
    kind.filter(|_| attempt.status == Status::Failed)
        .unwrap_or_else(|| attempt.status.to_string())
}

/// The steps with their results and attachments, the hooks that did not pass, then the output of the attempt.
fn system_out(catalogue: &Catalogue, attempt: &Attempt) -> String {
    let (feature, scenario) = catalogue.at(attempt.place);
    let mut out = String::with_capacity(64 * (scenario.steps.len() + 1));
    let _ = writeln!(out, "{}:{}", feature.uri, scenario.location.line);
    for part in sequence::parts(attempt, scenario) {
        match part {
            AttemptPart::Hook { hook, nested } => {
                hook_lines(&mut out, catalogue, hook, if nested { 2 } else { 0 });
            }
            AttemptPart::Step(step) => step_lines(&mut out, attempt, &step),
        }
    }
    if let Some(more) = attempt.more_notes() {
        let _ = writeln!(out, "{more}");
    }
    if let Some(output) = &attempt.output {
        let _ = write!(out, "\ncaptured output:\n{}", output.to_text());
    }
    out
}

/// A step with its arguments and what it attached.
fn step_lines(out: &mut String, attempt: &Attempt, step: &RanStep<'_>) {
    const DEEPEST: u32 = 20;
    let indent = 2 * step.depth.min(DEEPEST) as usize;
    text::pad(out, indent);
    out.push_str(step.keyword);
    out.push_str(&text::short_line(step.text));
    out.push_str(" ... ");
    out.push_str(&trouble::step_state(step.outcome));
    let says_why = step.outcome.is_left_out() || step.planned.is_none();
    if says_why && let Some(reason) = step.outcome.error() {
        let _ = write!(out, ": {}", reason.message);
    }
    push_time(out, step.outcome.nanos);
    for argument in step.arguments {
        text::indented(out, indent + 2, &step_argument::written(argument));
    }
    for note in attempt.notes(step.owner) {
        text::indented(out, indent + 2, note.text());
    }
}

/// A hook with what it attached, if it did not pass or attached something.
fn hook_lines(out: &mut String, catalogue: &Catalogue, hook: &HookOutcome, indent: usize) {
    if hook.status == Some(Status::Passed) && hook.notes.is_empty() {
        return;
    }
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
        out.push_str(" in ");
        out.push_str(itoa::Buffer::new().format(millis / 1_000));
        out.push('.');
        for divisor in [100, 10, 1] {
            out.push(char::from(b'0' + (millis / divisor % 10) as u8));
        }
        out.push('s');
    }
    out.push('\n');
}

pub(super) fn date_time(at: Timestamp) -> Option<DateTime<FixedOffset>> {
    DateTime::from_timestamp_micros(i64::try_from(at.0).ok()?).map(|time| time.fixed_offset())
}
