//! `messages`: the run as Cucumber Messages, one JSON object a line.
//!
//! The order is that of the Compatibility Kit: meta; per file its source, document and pickles;
//! hooks, step definitions and parameter types in order of definition; the run with its hooks; all
//! test cases; their executions, those of several workers interleaved.
//!
//! What the standard cannot say:
//!
//! - Hooks of features and rules are left out. When one fails, the end of the run says so.
//! - A scenario that is not run is executed in the stream all the same, each step `SKIPPED`, the
//!   first with the reason. When nothing at all was run, there are no test cases.
//! - What goes wrong outside its steps (the step program dies, a fixture cannot be closed) is put
//!   into the last step that was reported.
//! - An expected failure has the status `FAILED`; only the end of the run takes it as success.
//! - Warnings and captured output are left out.

mod attach;
mod cases;
mod definitions;
mod execution;
mod parts;

use std::io::{self, Write};
use std::sync::Arc;

use self::cases::Cases;
use self::definitions::Definitions;
use self::execution::Executions;
use self::parts::{Ids, exception, moment};
use super::output::Output;
use super::{Reporter, Summary};
use crate::event::{
    AttachmentSource, Event, HookPlace, HookResult, RunErrorKind, Status, StepError, Timestamp,
};
use crate::gherkin::{self, Dialect, Messages, ParseOptions};
use crate::json::Json;
use crate::plan::Location;

/// The version of Cucumber Messages that is written.
const PROTOCOL: &str = "33.0.4";

/// Documents are passed on in pieces of about this size.
const PIECE: usize = 1 << 16;

/// Writes the messages.
pub(crate) struct MessagesReporter {
    lines: Lines,
    ids: Ids,
    started: Timestamp,
    finished: Timestamp,
    /// Whether messages name the worker.
    several_workers: bool,
    /// The pickles of the file whose text came last.
    pickles: Option<FilePickles>,
    definitions: Definitions,
    cases: Cases,
    executions: Executions,
    run_hooks: Vec<RunHook>,
    /// The id of the run, once it has begun.
    run: Option<u64>,
    trouble: Trouble,
}

/// The pickles of a file, in its order.
struct FilePickles {
    uri: Arc<str>,
    /// Where each stands, and its ids.
    pickles: Vec<(Location, cases::Pickle)>,
}

/// A hook of the run or of a worker that has started.
struct RunHook {
    hook: u32,
    place: HookPlace,
    id: u64,
    at: Timestamp,
}

/// Why the run failed, as far as no test case or hook says it.
#[derive(Default)]
struct Trouble {
    /// Something else than a hook.
    run: Option<StepError>,
    /// A hook of a feature or rule.
    hidden_hook: Option<StepError>,
    /// Any hook; said already if `shown`.
    hook: Option<StepError>,
    shown: bool,
}

/// Where whole lines go.
struct Lines {
    output: Output,
    line: Vec<u8>,
}

impl Lines {
    /// Writes one message.
    fn write(&mut self, name: &str, fill: impl FnOnce(&mut Json<'_>)) -> io::Result<()> {
        self.line.clear();
        Json::object(&mut self.line, |json| json.member(name, fill));
        self.line.push(b'\n');
        self.output.write_all(&self.line)
    }
}

impl MessagesReporter {
    pub(crate) fn new(output: Output) -> Self {
        MessagesReporter {
            lines: Lines {
                output,
                line: Vec::new(),
            },
            ids: Ids::default(),
            started: Timestamp(0),
            finished: Timestamp(0),
            several_workers: false,
            pickles: None,
            definitions: Definitions::default(),
            cases: Cases::default(),
            executions: Executions::default(),
            run_hooks: Vec::new(),
            run: None,
            trouble: Trouble::default(),
        }
    }

    fn meta(&mut self, version: &str) -> io::Result<()> {
        self.lines.write("meta", |json| {
            json.string("protocolVersion", PROTOCOL);
            json.member("implementation", |json| {
                json.string("name", "bdd");
                json.string("version", version);
            });
            // What runs the steps is a program of its own.
            json.member("runtime", |json| json.string("name", "native"));
            json.member("os", |json| json.string("name", std::env::consts::OS));
            json.member("cpu", |json| json.string("name", std::env::consts::ARCH));
        })
    }

    /// A file: its text, its document, all its pickles.
    fn source(&mut self, uri: &Arc<str>, language: &str, text: &str) -> io::Result<()> {
        let wrong = || {
            let message = format!("the text of {uri} does not parse, though it was planned");
            io::Error::new(io::ErrorKind::InvalidData, message)
        };
        let options = ParseOptions {
            dialect: Dialect::find(language).unwrap_or_else(Dialect::english),
            markdown: false,
        }
        .for_path(uri);
        let document = gherkin::parse(text, &options).map_err(|_| wrong())?;
        let pickles = gherkin::compile(&document).map_err(|_| wrong())?;
        let first_id = self.ids.first();
        let messages = Messages { uri, first_id };
        let Lines { output, line } = &mut self.lines;
        line.clear();
        messages.source(line, text, options.markdown);
        messages.document(line, &document);
        let mut known = Vec::with_capacity(pickles.len());
        for pickle in &pickles {
            if line.len() > PIECE {
                output.write_all(line)?;
                line.clear();
            }
            messages.pickle(line, pickle);
            let first_step = pickle.steps.first().map_or(pickle.id, |step| step.id);
            let location = Location {
                line: pickle.location.line,
                column: pickle.location.column,
            };
            known.push((
                location,
                cases::Pickle {
                    id: first_id + u64::from(pickle.id),
                    first_step: first_id + u64::from(first_step),
                },
            ));
        }
        output.write_all(line)?;
        // The last pickle has the highest id; a file without any is planned by nobody.
        let used = pickles
            .last()
            .map_or(document.next_id, |pickle| pickle.id.saturating_add(1));
        self.ids.skip(u64::from(used));
        self.pickles = Some(FilePickles {
            uri: Arc::clone(uri),
            pickles: known,
        });
        Ok(())
    }

    fn planned(&mut self, feature: &Arc<crate::plan::PlannedFeature>) -> io::Result<()> {
        let missing = |what: &str| {
            let message = format!("the events hold no {what} of {}", feature.uri);
            io::Error::new(io::ErrorKind::InvalidData, message)
        };
        let pickles = match self.pickles.take() {
            Some(file) if file.uri == feature.uri => file.pickles,
            _ => return Err(missing("text")),
        };
        let mut pickles = pickles.into_iter();
        for scenario in 0..feature.scenarios.len() {
            // Both are in the order of the file.
            let location = feature.scenarios[scenario].location;
            let (_, pickle) = pickles
                .find(|(place, _)| *place == location)
                .ok_or_else(|| missing(&format!("scenario in line {}", location.line)))?;
            self.cases.plan(feature, scenario, pickle);
        }
        Ok(())
    }

    /// All definitions are known: begins the run, if it has not begun.
    fn begin(&mut self) -> io::Result<u64> {
        if let Some(run) = self.run {
            return Ok(run);
        }
        self.definitions.write(&mut self.lines, &mut self.ids)?;
        let run = self.ids.next();
        self.run = Some(run);
        let at = self.started;
        self.lines.write("testRunStarted", |json| {
            json.id("id", run);
            moment(json, "timestamp", at);
        })?;
        Ok(run)
    }

    fn hook_started(&mut self, hook: u32, place: &HookPlace, at: Timestamp) -> io::Result<()> {
        match place {
            HookPlace::Run | HookPlace::Worker(_) => {
                let run = self.begin()?;
                let Some(hook_id) = self.definitions.hook(hook) else {
                    return Ok(());
                };
                let id = self.ids.next();
                let worker = match place {
                    HookPlace::Worker(worker) if self.several_workers => Some(*worker),
                    _ => None,
                };
                self.run_hooks.push(RunHook {
                    hook,
                    place: place.clone(),
                    id,
                    at,
                });
                self.lines.write("testRunHookStarted", |json| {
                    json.id("id", id);
                    json.id("testRunStartedId", run);
                    json.id("hookId", hook_id);
                    if let Some(worker) = worker {
                        json.id("workerId", u64::from(worker));
                    }
                    moment(json, "timestamp", at);
                })
            }
            HookPlace::Scenario { scenario, .. } => {
                self.executions
                    .hook_started(&mut self.lines, &self.cases, *scenario, hook)
            }
            HookPlace::Step { .. } | HookPlace::Feature { .. } | HookPlace::Rule { .. } => Ok(()),
        }
    }

    fn hook_finished(
        &mut self,
        hook: u32,
        place: &HookPlace,
        result: &HookResult,
    ) -> io::Result<()> {
        match place {
            HookPlace::Run | HookPlace::Worker(_) => {
                let open = self
                    .run_hooks
                    .iter()
                    .position(|open| open.hook == hook && open.place == *place);
                let Some(open) = open.map(|position| self.run_hooks.swap_remove(position)) else {
                    return Ok(());
                };
                self.trouble.shown |= result.status == Status::Failed;
                let at = open.at.0.saturating_add(result.nanos / 1_000);
                self.lines.write("testRunHookFinished", |json| {
                    json.id("testRunHookStartedId", open.id);
                    let place = self.definitions.place_of_hook(hook);
                    let error = result.error.as_ref();
                    parts::result(json, "result", result.status, result.nanos, error, &place);
                    moment(json, "timestamp", Timestamp(at));
                })
            }
            HookPlace::Scenario { scenario, .. } => {
                let scenario = *scenario;
                self.executions
                    .hook_finished(&mut self.lines, &self.cases, scenario, hook, result)
            }
            HookPlace::Feature { .. } | HookPlace::Rule { .. } => {
                if result.status == Status::Failed {
                    let error = result.error.clone();
                    let error = error.unwrap_or_else(|| parts::error("a hook failed"));
                    self.trouble.hidden_hook.get_or_insert(error);
                }
                Ok(())
            }
            HookPlace::Step { .. } => Ok(()),
        }
    }

    /// The test step or the hook of the run that attaches something; none where the standard has
    /// no place for it.
    fn attached_to(&self, source: &AttachmentSource) -> Option<attach::Owner> {
        match source {
            AttachmentSource::Step { scenario, .. }
            | AttachmentSource::Hook {
                place: HookPlace::Scenario { scenario, .. } | HookPlace::Step { scenario, .. },
                ..
            } => self
                .executions
                .open_step(&self.cases, *scenario)
                .map(|(execution, step)| attach::Owner::Step { execution, step }),
            AttachmentSource::Hook {
                hook,
                place: place @ (HookPlace::Run | HookPlace::Worker(_)),
            } => self
                .run_hooks
                .iter()
                .find(|open| open.hook == *hook && open.place == *place)
                .map(|open| attach::Owner::RunHook(open.id)),
            AttachmentSource::Hook { .. } => None,
        }
    }

    /// Ends hooks of the run that nothing ended: their process died.
    fn close_run_hooks(&mut self) -> io::Result<()> {
        while let Some(open) = self.run_hooks.first() {
            let (hook, place) = (open.hook, open.place.clone());
            let result = HookResult {
                status: Status::Failed,
                nanos: 0,
                error: Some(parts::error("the step program ended while this hook ran")),
                output: None,
            };
            self.hook_finished(hook, &place, &result)?;
        }
        Ok(())
    }
}

impl Reporter for MessagesReporter {
    fn event(&mut self, event: &Event) -> io::Result<()> {
        match event {
            Event::RunStarted { bdd, at, jobs, .. } => {
                self.started = *at;
                self.finished = *at;
                self.several_workers = *jobs > 1;
                self.meta(bdd)
            }
            Event::FeatureSource {
                uri,
                language,
                text,
            } => self.source(uri, language, text),
            Event::FeaturePlanned { feature } => self.planned(feature),
            Event::ParseError {
                uri,
                location,
                message,
                ..
            } => self.lines.write("parseError", |json| {
                json.member("source", |json| {
                    json.string("uri", uri);
                    if let Some(location) = location {
                        parts::location(json, location.line, location.column);
                    }
                });
                json.string("message", message);
            }),
            Event::StepDefinitions { definitions } => {
                self.definitions.steps = Arc::clone(definitions);
                Ok(())
            }
            Event::Hooks { hooks } => {
                self.definitions.hooks = Arc::clone(hooks);
                Ok(())
            }
            Event::ParameterTypes { parameter_types } => {
                self.definitions.parameter_types = Arc::clone(parameter_types);
                Ok(())
            }
            Event::UndefinedParameterType {
                name,
                expression,
                location,
            } => {
                self.definitions
                    .unusable(name.clone(), expression.clone(), location.clone());
                Ok(())
            }
            Event::ScenarioPrepared {
                scenario,
                before,
                after,
                steps,
            } => {
                let run = self.begin()?;
                let Self {
                    lines,
                    ids,
                    definitions,
                    cases,
                    ..
                } = self;
                let known = Some((&before[..], &after[..], &steps[..]));
                cases.prepare(lines, ids, definitions, run, *scenario, known)
            }
            Event::HookStarted { hook, place, at } => self.hook_started(*hook, place, *at),
            Event::HookFinished {
                hook,
                place,
                result,
            } => self.hook_finished(*hook, place, result),
            Event::Attachment {
                source,
                media_type,
                file_name,
                body,
                at,
            } => match self.attached_to(source) {
                Some(owner) => {
                    let what = attach::What {
                        media_type,
                        file_name: file_name.as_deref(),
                        body,
                        at: *at,
                    };
                    attach::write(&mut self.lines, &owner, &what)
                }
                None => Ok(()),
            },
            Event::ScenarioStarted {
                scenario,
                attempt,
                worker,
                at,
            } => {
                let run = self.begin()?;
                let Self {
                    lines,
                    ids,
                    definitions,
                    cases,
                    executions,
                    ..
                } = self;
                cases.prepare(lines, ids, definitions, run, *scenario, None)?;
                let worker = worker.filter(|_| self.several_workers);
                executions.started(lines, ids, cases, *scenario, *attempt, worker, *at)
            }
            Event::StepStarted { scenario, step, .. } => {
                self.executions
                    .step_started(&mut self.lines, &self.cases, *scenario, *step)
            }
            Event::StepFinished {
                scenario,
                step,
                result,
                ..
            } => self.executions.step_finished(
                &mut self.lines,
                &mut self.ids,
                &self.cases,
                *scenario,
                *step,
                result,
            ),
            Event::ScenarioFinished {
                scenario,
                nanos,
                fault,
                errors,
                will_be_retried,
                skipped_because,
                ..
            } => {
                let outside = execution::Outside {
                    fault: fault.as_ref(),
                    errors,
                    skipped_because: skipped_because.as_deref(),
                };
                let Self {
                    lines,
                    cases,
                    executions,
                    trouble,
                    ..
                } = self;
                let left = executions.finished(
                    lines,
                    cases,
                    *scenario,
                    *nanos,
                    &outside,
                    *will_be_retried,
                )?;
                if let Some(error) = left {
                    trouble.run.get_or_insert(error);
                }
                if self.lines.output.is_live() {
                    self.lines.output.flush()?;
                }
                Ok(())
            }
            Event::ScenarioNotRun { scenario, reason } => {
                if !self.cases.is_prepared(*scenario) {
                    return Ok(());
                }
                let Self {
                    lines, ids, cases, ..
                } = self;
                self.executions
                    .not_run(lines, ids, cases, *scenario, reason, self.started)
            }
            Event::RunError {
                kind,
                message,
                detail,
            } => {
                let error = StepError {
                    trace: detail.clone(),
                    ..parts::error(message)
                };
                let slot = match kind {
                    RunErrorKind::Hook => &mut self.trouble.hook,
                    _ => &mut self.trouble.run,
                };
                slot.get_or_insert(error);
                Ok(())
            }
            Event::RunFinished { at, .. } => {
                self.finished = *at;
                Ok(())
            }
            Event::Warning { .. } => Ok(()),
        }
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        let run = self.begin()?;
        let Self {
            lines,
            ids,
            definitions,
            cases,
            executions,
            ..
        } = self;
        // A stream that was cut off: what is open gets its end.
        executions.close(lines, cases)?;
        for scenario in cases.without_result() {
            cases.prepare(lines, ids, definitions, run, scenario, None)?;
            let reason = "the run ended without a result for it";
            executions.not_run(lines, ids, cases, scenario, reason, self.started)?;
        }
        self.close_run_hooks()?;
        let Trouble {
            run: trouble,
            hidden_hook,
            hook,
            shown,
        } = std::mem::take(&mut self.trouble);
        let trouble = trouble.or(hidden_hook).or(hook.filter(|_| !shown));
        let at = self.finished;
        self.lines.write("testRunFinished", |json| {
            json.id("testRunStartedId", run);
            json.flag("success", summary.succeeded());
            if let Some(error) = &trouble {
                json.string("message", &error.message);
                exception(json, error, "");
            }
            moment(json, "timestamp", at);
        })?;
        self.lines.output.commit()
    }
}
