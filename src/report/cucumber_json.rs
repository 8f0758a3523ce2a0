//! `json`: the JSON of Cucumber, which the Cucumber Reports plugin of Jenkins and many other tools read.
//!
//! Each scenario is there once, with the attempt that decides. The form knows six statuses and no errors outside
//! scenarios: an ambiguous step is failed, and an error of the run is a failed scenario. A scenario that is over goes into
//! a temporary file, so attachments are in memory only while their scenario runs.

use std::collections::HashMap;
use std::io::{self, Write};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::attempt::{Attempt, NoteOwner};
use super::catalogue::Catalogue;
use super::detail::detail;
use super::finals::{Finals, in_plan_order};
use super::hook::{HookOutcome, Moment, scenario_of};
use super::line_file::{LineFile, LinePlace};
use super::note::Note;
use super::output::Output;
use super::sequence::{self, AttemptPart, RanStep, WrittenAt};
use super::{Finish, Reporter, Summary, trouble};
use crate::event::{AttachmentBody, AttachmentSource, Event, Status, Timestamp};
use crate::json::Json;
use crate::plan::{PlannedFeature, PlannedScenario, StepArgument};

/// Lines of a log are `output` and no embedding.
const LOG: &str = "text/x.cucumber.log+plain";

/// Collects the elements and writes them in plan order at the end.
pub(super) struct CucumberJson {
    output: Output,
    attachments: bool,
    /// A line for each element; `None` at the end.
    spool: Option<LineFile>,
    elements: Finals<LinePlace>,
    embeddings: HashMap<u32, Vec<Embedding>>,
}

/// Something that a step or hook attached.
struct Embedding {
    /// The step; `None` for a hook.
    owner: Option<NoteOwner>,
    media_type: String,
    name: Option<String>,
    base64: String,
}

/// A step with the hooks around it.
struct HookedStep<'a> {
    step: RanStep<'a>,
    before: Vec<&'a HookOutcome>,
    after: Vec<&'a HookOutcome>,
}

impl CucumberJson {
    pub(super) fn new(output: Output, attachments: bool) -> io::Result<Self> {
        Ok(CucumberJson {
            output,
            attachments,
            spool: Some(LineFile::new(None)?),
            elements: Finals::default(),
            embeddings: HashMap::new(),
        })
    }

    fn attach(&mut self, event: &Event) -> io::Result<()> {
        let Event::Attachment {
            source,
            media_type,
            file_name,
            body,
            ..
        } = event
        else {
            return Ok(());
        };
        let (scenario, owner) = match source {
            AttachmentSource::Step { scenario, step, .. } => {
                (Some(*scenario), Some(NoteOwner::Step(*step)))
            }
            AttachmentSource::ExtraStep {
                scenario, extra, ..
            } => (Some(*scenario), Some(NoteOwner::Extra(*extra))),
            AttachmentSource::Hook { .. } => (scenario_of(event), None),
        };
        let Some(scenario) = scenario.filter(|_| self.attachments && media_type != LOG) else {
            return Ok(());
        };
        let base64 = match body {
            AttachmentBody::Text(text) => STANDARD.encode(text),
            AttachmentBody::Base64(code) => code.clone(),
            AttachmentBody::File(path) => STANDARD.encode(std::fs::read(path)?),
        };
        let embedding = Embedding {
            owner,
            media_type: media_type.clone(),
            name: file_name.clone(),
            base64,
        };
        self.embeddings.entry(scenario).or_default().push(embedding);
        Ok(())
    }

    /// Writes all features; each begins after what is written already.
    fn features(&mut self, summary: &Summary, catalogue: &Catalogue) -> io::Result<()> {
        let elements = std::mem::take(&mut self.elements);
        let Some(spool) = self.spool.take() else {
            return Ok(());
        };
        let mut spool = spool.into_reader()?;
        let mut open: Option<&PlannedFeature> = None;
        for placed in in_plan_order(catalogue, summary) {
            let is_open = open.is_some_and(|open| std::ptr::eq(open, placed.feature));
            let begin = match (is_open, open) {
                (true, _) => b",\n  ".to_vec(),
                (false, Some(_)) => [b"\n ]},\n".as_slice(), &head_of(placed.feature)].concat(),
                (false, None) => head_of(placed.feature),
            };
            open = Some(placed.feature);
            self.output.write_all(&begin)?;
            match elements.get(&placed) {
                Some(place) => self.output.write_all(spool.line(*place)?)?,
                None => {
                    let reason = elements.reason(&placed);
                    let element = not_run(placed.feature, placed.scenario, reason);
                    self.output.write_all(&element)?;
                }
            }
        }
        let mut comma: &[u8] = if open.is_some() { b"\n ]},\n" } else { b"" };
        let unparsed = summary.parse_errors.iter();
        let unparsed = unparsed.map(|error| {
            let line = error.location.map_or(0, |location| location.line);
            (
                &*error.uri,
                line,
                "parse error",
                &error.message,
                &error.diagnostic,
            )
        });
        let errors = summary.run_errors.iter();
        let errors =
            errors.map(|error| ("bdd", 0, "error of the run", &error.message, &error.detail));
        let mut is_open = open.is_some();
        for (uri, line, name, message, more) in unparsed.chain(errors) {
            self.output.write_all(comma)?;
            self.output
                .write_all(&failure(uri, line, name, message, more))?;
            (comma, is_open) = (b"\n ]},\n", true);
        }
        self.output.write_all(if is_open { b"\n ]}" } else { b"" })
    }
}

/// A feature up to its first element.
fn head_of(feature: &PlannedFeature) -> Vec<u8> {
    let mut out = Vec::new();
    Json::object(&mut out, |json| {
        json.string("uri", &feature.uri);
        json.string("id", &slug(&feature.name));
        json.string("keyword", &feature.keyword);
        json.string("name", &feature.name);
        json.string("description", &feature.description);
        json.number("line", feature.location.line);
        tags(json, &feature.tags);
    });
    opened(out)
}

/// An object without its end, and with the beginning of its elements.
fn opened(mut object: Vec<u8>) -> Vec<u8> {
    object.pop();
    object.extend_from_slice(b",\"elements\":[\n  ");
    object
}

fn tags<T: AsRef<str>>(json: &mut Json<'_>, tags: &[T]) {
    json.objects("tags", tags, |json, tag| json.string("name", tag.as_ref()));
}

/// Letters and digits, joined by `-`, as Cucumber makes ids.
fn slug(name: &str) -> String {
    let plain = |c: char| if c.is_alphanumeric() { c } else { '-' };
    name.to_lowercase().chars().map(plain).collect()
}

/// The members of an element that come from the plan.
fn planned(json: &mut Json<'_>, feature: &PlannedFeature, scenario: &PlannedScenario) {
    let line = scenario.location.line;
    let mut id = format!("{};{}", slug(&feature.name), slug(&scenario.name));
    if scenario.row.is_some() {
        id.push_str(&format!(";{line}"));
    }
    json.string("id", &id);
    json.string("keyword", &scenario.keyword);
    json.string("type", "scenario");
    json.string("name", &trouble::name_with_cells(scenario));
    json.string("description", &scenario.description);
    json.number("line", line);
    tags(json, &scenario.tags);
}

fn result(json: &mut Json<'_>, status: &str, nanos: u64, error: &str) {
    json.member("result", |json| {
        json.string("status", status);
        json.number("duration", nanos);
        if !error.trim().is_empty() {
            json.string("error_message", error.trim_end());
        }
    });
}

/// The element of an attempt.
fn element(catalogue: &Catalogue, attempt: &Attempt, embeddings: &[Embedding]) -> Vec<u8> {
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
        let outside = outside_message(catalogue, attempt, scenario);
        let mut all: Vec<HookEntry> = (after.iter())
            .map(|hook| HookEntry::of(hook, attempt, catalogue))
            .collect();
        all.extend(outside.map(|message| HookEntry::without_place("failed", message)));
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
fn outside_message(
    catalogue: &Catalogue,
    attempt: &Attempt,
    scenario: &PlannedScenario,
) -> Option<String> {
    let is_shown = attempt
        .worst_step()
        .is_some_and(|worst| worst >= Status::Pending)
        || attempt.hooks.iter().any(HookOutcome::is_trouble);
    let fails = attempt.fails(catalogue) && (!is_shown || !attempt.errors.is_empty());
    fails.then(|| {
        let headline = trouble::headline(catalogue, attempt, scenario);
        format!("{headline}\n{}", detail(catalogue, attempt))
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

/// One that did not end has failed: its process died.
fn hook_status(hook: &HookOutcome, attempt: &Attempt) -> &'static str {
    status_name(hook.status.unwrap_or(Status::Failed), attempt)
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
        Self {
            location: place.map_or_else(String::new, |hook| trouble::line_of(&hook.location)),
            status: hook_status(hook, attempt),
            nanos: hook.nanos,
            error: message_of(hook),
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
    let status = status_name(step.outcome.status, attempt);
    if status == "skipped" && step.outcome.status == Status::Failed {
        error = format!("expected failure: {error}");
    }
    result(json, status, step.outcome.nanos, &error);
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

fn write_embeddings<'e>(json: &mut Json<'_>, embeddings: impl Iterator<Item = &'e Embedding>) {
    let mut embeddings = embeddings.peekable();
    if embeddings.peek().is_none() {
        return;
    }
    json.objects("embeddings", embeddings, |json, one| {
        json.string("mime_type", &one.media_type);
        json.string("data", &one.base64);
        if let Some(name) = &one.name {
            json.string("name", name);
        }
    });
}

/// A scenario without a result: its steps were skipped.
fn not_run(feature: &PlannedFeature, scenario: &PlannedScenario, reason: &str) -> Vec<u8> {
    let mut element = Vec::new();
    Json::object(&mut element, |json| {
        planned(json, feature, scenario);
        json.objects("steps", &scenario.steps, |json, step| {
            json.string("keyword", &step.keyword);
            json.string("name", &step.text);
            json.number("line", step.location.line);
            json.member("match", |_| ());
            result(json, "skipped", 0, &format!("not run: {reason}"));
        });
    });
    element
}

/// A failure that no scenario accounts for, as a feature with one failed step. It is left open.
fn failure(uri: &str, line: u32, name: &str, message: &str, more: &str) -> Vec<u8> {
    let mut out = Vec::new();
    Json::object(&mut out, |json| {
        json.string("uri", uri);
        json.string("id", &slug(&format!("{uri} {name}")));
        json.string("keyword", "Feature");
        json.string("name", uri);
        json.string("description", "");
        json.number("line", line);
    });
    let mut out = opened(out);
    Json::object(&mut out, |json| {
        json.string("id", &slug(&format!("{uri} {name};{message}")));
        json.string("keyword", "Scenario");
        json.string("type", "scenario");
        json.string("name", name);
        json.string("description", "");
        json.number("line", line);
        json.objects("steps", [message], |json, message| {
            json.string("keyword", "* ");
            json.string("name", message);
            json.number("line", line);
            json.member("match", |_| ());
            result(json, "failed", 0, &format!("{message}\n{more}"));
        });
    });
    out
}

/// `2026-01-31T12:00:00.000Z`.
fn moment(at: Timestamp) -> Option<String> {
    let at = i64::try_from(at.0).ok()?;
    let time = chrono::DateTime::from_timestamp_micros(at)?;
    Some(time.to_rfc3339_opts(chrono::SecondsFormat::Millis, true))
}

impl Reporter for CucumberJson {
    fn event(&mut self, event: &Event, catalogue: &Catalogue) -> io::Result<()> {
        self.elements.event(event, catalogue);
        match event {
            Event::ScenarioStarted { scenario, .. } => {
                self.embeddings.remove(scenario);
                Ok(())
            }
            event => self.attach(event),
        }
    }

    fn attempt(&mut self, finish: Finish<'_>, catalogue: &Catalogue) -> io::Result<()> {
        let attempt = finish.attempt;
        let scenario = catalogue.at(attempt.place).1.index;
        let embeddings = self.embeddings.remove(&scenario).unwrap_or_default();
        if let Some(spool) = &mut self.spool {
            // JSON escapes line breaks.
            let place = spool.add(&element(catalogue, attempt, &embeddings))?;
            self.elements.keep(attempt, place, catalogue);
        }
        Ok(())
    }

    fn finish(&mut self, summary: &Summary, catalogue: &Catalogue) -> io::Result<()> {
        self.output.write_all(b"[")?;
        self.features(summary, catalogue)?;
        self.output.write_all(b"]\n")?;
        self.output.commit()
    }
}
