//! The element of an attempt: its steps and hooks.

use super::embeddings::{Embedding, write_embeddings};
use super::members::{planned, result};
use crate::event::{Status, Timestamp};
use crate::json::Json;
use crate::plan::StepArgument;
use crate::report::attempt::Attempt;
use crate::report::catalogue::Catalogue;
use crate::report::detail::headline_and_detail;
use crate::report::hook::{HookOutcome, Moment};
use crate::report::note::Note;
use crate::report::sequence::{self, AttemptPart, RanStep, WrittenAt};
use crate::report::trouble;

/// A step with the hooks around it.
struct HookedStep<'a> {
    step: RanStep<'a>,
    before: Vec<&'a HookOutcome>,
    after: Vec<&'a HookOutcome>,
}

/// The element of an attempt.
pub(super) fn element(
    catalogue: &Catalogue,
    attempt: &Attempt,
    embeddings: &[Embedding],
) -> Vec<u8> {
    let (feature, scenario) = catalogue.at(attempt.place);
    let (mut before, mut after, mut steps) = (Vec::new(), Vec::new(), Vec::<HookedStep>::new());
    for part in sequence::parts(attempt, scenario) {
        match part {
            // Whether these are known depends on other reports.
            AttemptPart::Hook { hook, .. }
                if hook.status == Some(Status::Passed) && hook.notes.is_empty() => {}
            AttemptPart::Step(step) => steps.push(HookedStep {
                step,
                before: Vec::new(),
                after: Vec::new(),
            }),
            AttemptPart::Hook { hook, .. } => match (hook.moment, steps.last_mut()) {
                (Moment::Step { after: false, .. }, Some(step)) => step.before.push(hook),
                (Moment::Step { after: true, .. }, Some(step)) => step.after.push(hook),
                (Moment::Before, _) => before.push(hook),
                _ => after.push(hook),
            },
        }
    }
    let of_hooks = embeddings.iter().filter(|one| one.owner.is_none());
    let mut element = Vec::new();
    Json::object(&mut element, |json| {
        planned(json, feature, scenario);
        if let Some(at) = attempt.at.and_then(moment) {
            json.string("start_timestamp", &at);
        }
        hooks(json, "before", &before, attempt, catalogue);
        json.objects("steps", &steps, |json, step| {
            step_members(json, step, attempt, catalogue, embeddings);
        });
        // What no step shows: a fault, an error outside the steps, a pass that was not expected. Attachments of hooks
        // have no better place.
        let mut all: Vec<HookEntry> = (after.iter())
            .map(|hook| HookEntry::of(hook, attempt, catalogue))
            .collect();
        all.extend(outside_entry(catalogue, attempt));
        let of_hooks: Vec<&Embedding> = of_hooks.collect();
        if all.is_empty() && !of_hooks.is_empty() {
            all.push(HookEntry::without_place("passed", String::new()));
        }
        let last = all.len().saturating_sub(1);
        json.objects(
            "after",
            all.iter().enumerate(),
            |json, (position, entry)| {
                entry.write(json);
                if position == last {
                    write_embeddings(json, of_hooks.iter().copied());
                }
            },
        );
    });
    element
}

/// The failure of an attempt that none of its steps and hooks shows.
fn outside_entry(catalogue: &Catalogue, attempt: &Attempt) -> Option<HookEntry> {
    let is_shown = attempt
        .worst_step()
        .is_some_and(|worst| worst >= Status::Pending)
        || attempt.hooks.iter().any(HookOutcome::is_trouble);
    let has_failed = attempt.fails(catalogue) || attempt.failed_as_expected();
    (has_failed && (!is_shown || !attempt.errors.is_empty())).then(|| {
        let error = headline_and_detail(catalogue, attempt);
        HookEntry::without_place(
            status_name(Status::Failed, attempt),
            error_of(Status::Failed, attempt, error),
        )
    })
}

fn status_name(status: Status, attempt: &Attempt) -> &'static str {
    match status {
        Status::Passed => "passed",
        Status::Skipped => "skipped",
        Status::Pending => "pending",
        Status::Undefined => "undefined",
        // It does not fail the run, and the form has no other word for that.
        Status::Failed if attempt.failed_as_expected() => "skipped",
        Status::Ambiguous | Status::Failed => "failed",
    }
}

/// What went wrong, and whether that was expected: the status does not say it.
fn error_of(status: Status, attempt: &Attempt, error: String) -> String {
    if status == Status::Failed && attempt.failed_as_expected() {
        format!("expected failure: {error}")
    } else {
        error
    }
}

fn message_of(hook: &HookOutcome) -> String {
    match hook.status {
        None => "it did not end".to_owned(),
        Some(_) => trouble::hook_explanation(hook).to_string(),
    }
}

fn hooks(
    json: &mut Json<'_>,
    key: &str,
    hooks: &[&HookOutcome],
    attempt: &Attempt,
    catalogue: &Catalogue,
) {
    if hooks.is_empty() {
        return;
    }
    json.objects(key, hooks, |json, hook| {
        HookEntry::of(hook, attempt, catalogue).write(json);
    });
}

/// A hook, or what is shown as one.
struct HookEntry {
    location: String,
    status: &'static str,
    nanos: u64,
    error: String,
}

impl HookEntry {
    fn of(hook: &HookOutcome, attempt: &Attempt, catalogue: &Catalogue) -> Self {
        let place = catalogue.hook(hook.hook);
        // One that did not end has failed: its process died.
        let status = hook.status.unwrap_or(Status::Failed);
        Self {
            location: place.map_or_else(String::new, |hook| trouble::line_of(&hook.location)),
            status: status_name(status, attempt),
            nanos: hook.nanos,
            error: error_of(status, attempt, message_of(hook)),
        }
    }

    fn without_place(status: &'static str, error: String) -> Self {
        Self {
            location: String::new(),
            status,
            nanos: 0,
            error,
        }
    }

    fn write(&self, json: &mut Json<'_>) {
        json.member("match", |json| json.string("location", &self.location));
        result(json, self.status, self.nanos, &self.error);
    }
}

fn step_members(
    json: &mut Json<'_>,
    hooked: &HookedStep<'_>,
    attempt: &Attempt,
    catalogue: &Catalogue,
    embeddings: &[Embedding],
) {
    let step = &hooked.step;
    json.string("keyword", step.keyword);
    json.string("name", step.text);
    let line = match step.at {
        WrittenAt::Feature(location) => location.line,
        WrittenAt::File(location) => location.line,
        WrittenAt::Unknown => 0,
    };
    json.number("line", line);
    let definition = step.outcome.definition;
    let definition = definition.and_then(|number| catalogue.definition(number));
    json.member("match", |json| {
        if let Some(definition) = definition {
            json.string("location", &trouble::line_of(&definition.location));
        }
    });
    for argument in step.arguments {
        match argument {
            StepArgument::Table(table) => {
                json.objects("rows", table.rows(), |json, row| json.strings("cells", row));
            }
            StepArgument::DocString {
                media_type,
                content,
            } => json.member("doc_string", |json| {
                json.string("value", content);
                json.string("content_type", media_type.as_deref().unwrap_or_default());
            }),
        }
    }
    let mut error = trouble::explanation(catalogue, step.outcome).to_string();
    if step.outcome.status == Status::Ambiguous {
        error = format!("ambiguous step\n{error}");
    }
    let status = step.outcome.status;
    let error = error_of(status, attempt, error);
    result(
        json,
        status_name(status, attempt),
        step.outcome.nanos,
        &error,
    );
    let is_log = |note: &&Note| !note.is_about();
    let logs: Vec<&str> = attempt
        .notes(step.owner)
        .filter(is_log)
        .map(Note::text)
        .collect();
    if !logs.is_empty() {
        json.strings("output", logs);
    }
    let own = |one: &&Embedding| one.owner.is_some() && one.owner == step.owner;
    write_embeddings(json, embeddings.iter().filter(own));
    hooks(json, "before", &hooked.before, attempt, catalogue);
    hooks(json, "after", &hooked.after, attempt, catalogue);
}

/// `2026-01-31T12:00:00.000Z`.
fn moment(at: Timestamp) -> Option<String> {
    let at = i64::try_from(at.0).ok()?;
    let time = chrono::DateTime::from_timestamp_micros(at)?;
    Some(time.to_rfc3339_opts(chrono::SecondsFormat::Millis, true))
}
