//! One scenario as a test case.

use std::fmt::Write;
use std::sync::Arc;

use super::attachments::ScenarioFiles;
use super::suite::{Kind, property, time, timestamp};
use super::xml::Xml;
use crate::event::Status;
use crate::plan::PlannedScenario;
use crate::report::attempt::Attempt;
use crate::report::catalogue::Catalogue;
use crate::report::detail::detail;
use crate::report::hook::HookOutcome;
use crate::report::html::anchor;
use crate::report::options::{JunitOptions, JunitOutput};
use crate::report::sequence::{self, AttemptPart, RanStep};
use crate::report::{step_argument, text, trouble};

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
    pub(super) uri: &'a str,
    pub(super) scenario: &'a PlannedScenario,
    pub(super) class: &'a str,
    pub(super) name: &'a str,
    /// Why it has no attempt.
    pub(super) not_run: Option<&'a str>,
    pub(super) files: Option<&'a ScenarioFiles>,
    /// The address of the HTML report.
    pub(super) html: Option<&'a str>,
    pub(super) options: JunitOptions,
}

/// Writes the test case of a scenario. Returns how Jenkins counts it.
pub(super) fn write(
    xml: &mut Xml,
    catalogue: &Catalogue,
    frame: &CaseFrame<'_>,
    attempts: &[Arc<Attempt>],
) -> Kind {
    let CaseFrame {
        scenario, options, ..
    } = *frame;
    let (last, earlier) =
        deciding(attempts).map_or((None, attempts), |(last, earlier)| (Some(last), earlier));
    let kind = last.map_or(Kind::Skipped, |last| kind(catalogue, last));
    xml.element("testcase", |xml| {
        xml.attribute("name", frame.name);
        xml.attribute("classname", frame.class);
        if let Some(at) = last.and_then(|last| last.at).filter(|_| !options.plain) {
            timestamp(xml, at);
        }
        time(xml, last.map_or(0, |last| last.nanos));
        if !options.plain {
            add_place(xml, frame.uri, scenario);
            add_properties(xml, frame, last);
        }
        add_result(xml, catalogue, frame, (kind, last));
        // Skipped test cases have no place for earlier attempts.
        if kind != Kind::Skipped && !options.plain {
            // Always a failure: Jenkins does not read `rerunError` and `flakyError`.
            let name = match kind {
                Kind::Success => "flakyFailure",
                _ => "rerunFailure",
            };
            for attempt in earlier {
                xml.element(name, |xml| add_attempt(xml, catalogue, scenario, attempt));
            }
        }
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
            xml.element("system-out", |xml| xml.text(&out));
        }
    });
    kind
}

/// Why a test case did not pass, if it did not.
fn add_result(
    xml: &mut Xml,
    catalogue: &Catalogue,
    frame: &CaseFrame<'_>,
    (kind, last): (Kind, Option<&Attempt>),
) {
    let scenario = frame.scenario;
    let name = match kind {
        Kind::Success => return,
        Kind::Failure => "failure",
        Kind::Error => "error",
        Kind::Skipped => "skipped",
    };
    xml.element(name, |xml| match last {
        // As text: the schema of Jenkins knows no attribute here, and Jenkins reads both.
        Some(last) if kind == Kind::Skipped => xml.text(&skip_message(catalogue, last, scenario)),
        Some(last) => {
            add_headline(xml, catalogue, scenario, last);
            xml.text(&detail(catalogue, last));
        }
        None => {
            let why = frame.not_run;
            xml.text(why.unwrap_or("the run ended without a result for it"));
        }
    });
}

/// The attributes that say why an attempt did not pass.
fn add_headline(
    xml: &mut Xml,
    catalogue: &Catalogue,
    scenario: &PlannedScenario,
    attempt: &Attempt,
) {
    xml.message("message", &trouble::headline(catalogue, attempt, scenario));
    xml.message("type", &type_of(attempt, scenario));
}

/// `file` and `line`, as pytest writes them: GitLab and other tools make links of them.
fn add_place(xml: &mut Xml, uri: &str, scenario: &PlannedScenario) {
    xml.message("file", uri);
    let line = scenario.location.line;
    if line > 0 {
        xml.attribute("line", &line.to_string());
    }
}

/// The tags of a scenario, the links that it attached, its place in the HTML report, and its attached files.
fn add_properties(xml: &mut Xml, frame: &CaseFrame<'_>, last: Option<&Attempt>) {
    let mut links = last.into_iter().flat_map(Attempt::links).peekable();
    let files = frame.files.map_or(&[][..], |files| &files.links);
    let tags = &frame.scenario.tags;
    if tags.is_empty() && links.peek().is_none() && frame.html.is_none() && files.is_empty() {
        return;
    }
    xml.element("properties", |xml| {
        for tag in tags {
            property(xml, "tag", tag.strip_prefix('@').unwrap_or(tag));
        }
        for link in links {
            property(xml, "link", link);
        }
        if let Some(html) = frame.html {
            let link = format!("{html}#s-{:016x}", anchor(frame.scenario));
            property(xml, "html", &link);
        }
        for file in files {
            property(xml, "attachment", file);
        }
    });
}

/// An earlier attempt.
fn add_attempt(
    xml: &mut Xml,
    catalogue: &Catalogue,
    scenario: &PlannedScenario,
    attempt: &Attempt,
) {
    if let Some(at) = attempt.at {
        timestamp(xml, at);
    }
    time(xml, attempt.nanos);
    add_headline(xml, catalogue, scenario, attempt);
    xml.element("stackTrace", |xml| xml.text(&detail(catalogue, attempt)));
    let out = system_out(catalogue, attempt);
    xml.element("system-out", |xml| xml.text(&out));
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
    let millis = nanos / 1_000_000;
    match millis {
        _ if nanos == 0 => {}
        // Most steps, and there may be a million of them: formatting takes ten times as long.
        0 => out.push_str(" in 0.000s"),
        _ => {
            let _ = write!(out, " in {}.{:03}s", millis / 1_000, millis % 1_000);
        }
    }
    out.push('\n');
}
