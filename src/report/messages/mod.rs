//! `messages`: the run as Cucumber Messages, one JSON object per line.
//!
//! The order is that of the Compatibility Kit: meta; per file its source, document and pickles;
//! hooks, step definitions and parameter types in order of definition; the run with its hooks; all
//! test cases; their executions, those of several workers interleaved.
//!
//! What the standard cannot express:
//!
//! - Hooks of features and rules are left out. When one fails, the end of the run says so.
//! - A scenario that is not run is still executed in the stream. Each of its steps is `SKIPPED`, the first
//!   with the reason. When nothing was run, there are no test cases.
//! - What goes wrong outside its steps (the step program dies, a fixture cannot be closed) is put
//!   into the last step that was reported.
//! - An expected failure has the status `FAILED`; only the end of the run takes it as success.
//! - Steps that the plan does not have, and hooks that no test case lists and that did not pass, are
//!   lines of a log in the test step around or before them. A failure makes that test step fail.
//! - A scenario that is added while the run lasts gets a pickle that no document has.
//! - Warnings and captured output are left out.

mod attach;
mod cases;
mod definitions;
mod execution;
mod executions;
mod logs;
mod parts;
mod run_hooks;
mod sources;
mod stream;
mod trouble;

use std::io::{self, Write};

use self::cases::Cases;
use self::definitions::StreamDefinitions;
use self::execution::Outside;
use self::executions::Executions;
use self::logs::LogLine;
use self::parts::{exception, moment};
use self::run_hooks::{Run, RunHooks};
use self::sources::FeatureFiles;
use self::stream::Stream;
use self::trouble::Trouble;
use super::attempt::Attempt;
use super::catalogue::Catalogue;
use super::output::Output;
use super::trouble as words;
use super::{Finish, Reporter, Summary};
use crate::event::{AttachmentSource, Event, HookPlace, HookResult, Status, Timestamp};
use crate::plan::Location;

/// The version of Cucumber Messages that is written.
const PROTOCOL: &str = "33.0.4";

/// Writes the messages.
pub(crate) struct MessagesReporter {
    stream: Stream,
    started: Timestamp,
    finished: Timestamp,
    /// Whether messages name the worker.
    several_workers: bool,
    sources: FeatureFiles,
    definitions: StreamDefinitions,
    cases: Cases,
    executions: Executions,
    run_hooks: RunHooks,
    /// The id of the run, once it has begun.
    run: Option<u64>,
    trouble: Trouble,
}

impl MessagesReporter {
    pub(crate) fn new(output: Output) -> Self {
        MessagesReporter {
            stream: Stream::new(output),
            started: Timestamp(0),
            finished: Timestamp(0),
            several_workers: false,
            sources: FeatureFiles::default(),
            definitions: StreamDefinitions::default(),
            cases: Cases::default(),
            executions: Executions::default(),
            run_hooks: RunHooks::default(),
            run: None,
            trouble: Trouble::default(),
        }
    }

    fn meta(&mut self, version: &str) -> io::Result<()> {
        self.stream.write("meta", |json| {
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

    fn parse_error(
        &mut self,
        uri: &str,
        location: Option<&Location>,
        message: &str,
    ) -> io::Result<()> {
        self.stream.write("parseError", |json| {
            json.member("source", |json| {
                json.string("uri", uri);
                if let Some(location) = location {
                    parts::location(json, location.line, location.column);
                }
            });
            json.string("message", message);
        })
    }

    /// All definitions are known: begins the run, if it has not begun.
    fn begin(&mut self) -> io::Result<u64> {
        if let Some(run) = self.run {
            return Ok(run);
        }
        self.definitions.write(&mut self.stream)?;
        let run = self.stream.ids.next();
        self.run = Some(run);
        let at = self.started;
        self.stream.write("testRunStarted", |json| {
            json.id("id", run);
            moment(json, "timestamp", at);
        })?;
        Ok(run)
    }

    fn hook_started(&mut self, hook: u32, place: &HookPlace, at: Timestamp) -> io::Result<()> {
        match place {
            HookPlace::Run | HookPlace::Worker(_) => {
                let run = Run {
                    id: self.begin()?,
                    several_workers: self.several_workers,
                };
                let Self {
                    stream,
                    definitions,
                    run_hooks,
                    ..
                } = self;
                run_hooks.started(stream, definitions, &run, hook, place, at)
            }
            HookPlace::Scenario { scenario, .. } => {
                self.executions
                    .hook_started(&mut self.stream, &self.cases, *scenario, hook)
            }
            HookPlace::Step { .. } | HookPlace::Feature { .. } | HookPlace::Rule { .. } => Ok(()),
        }
    }

    fn hook_finished(
        &mut self,
        hook: u32,
        place: &HookPlace,
        result: &HookResult,
        catalogue: &Catalogue,
    ) -> io::Result<()> {
        let Self {
            stream,
            definitions,
            cases,
            executions,
            run_hooks,
            trouble,
            ..
        } = self;
        match place {
            HookPlace::Run | HookPlace::Worker(_) => {
                let written = run_hooks.finished(stream, definitions, hook, place, result)?;
                if !written {
                    trouble.hidden_hook(result);
                } else if result.status == Status::Failed {
                    trouble.hook_is_shown();
                }
            }
            HookPlace::Scenario { scenario, .. } => {
                let title = || words::hook_title(catalogue, hook);
                executions.hook_finished(stream, cases, *scenario, hook, result, title)?;
            }
            HookPlace::Feature { .. } | HookPlace::Rule { .. } => trouble.hidden_hook(result),
            HookPlace::Step { .. } => {}
        }
        Ok(())
    }

    /// The test step or the hook of the run that attaches something; `None` where the standard has no place
    /// for it.
    fn attached_to(&self, source: &AttachmentSource) -> Option<attach::Owner> {
        match source {
            AttachmentSource::Step { scenario, .. }
            | AttachmentSource::ExtraStep { scenario, .. }
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
            } => self.run_hooks.id(*hook, place).map(attach::Owner::RunHook),
            AttachmentSource::Hook { .. } => None,
        }
    }

    /// Writes the test case of a scenario, unless it is written.
    fn prepare(&mut self, scenario: u32, known: Option<cases::Known<'_>>) -> io::Result<()> {
        let run = self.begin()?;
        self.cases
            .prepare(&mut self.stream, &self.definitions, run, scenario, known)
    }

    fn scenario_finished(&mut self, attempt: &Attempt, catalogue: &Catalogue) -> io::Result<()> {
        let planned = catalogue.at(attempt.place).1;
        let failed = attempt.status == Status::Failed;
        let outside = Outside {
            fault: attempt.fault.as_ref(),
            errors: &attempt.errors,
            skipped_because: attempt.skipped_because.as_deref(),
            failure: failed.then(|| parts::error(&words::headline(catalogue, attempt, planned))),
        };
        let again = attempt.will_be_retried;
        let Self { stream, cases, .. } = self;
        let left = self.executions.finished(
            stream,
            cases,
            planned.index,
            attempt.nanos,
            &outside,
            again,
        )?;
        if let Some(error) = left {
            self.trouble.outside(error);
        }
        if stream.output.is_live() {
            stream.output.flush()?;
        }
        Ok(())
    }

    fn not_run(&mut self, scenario: u32, reason: &str) -> io::Result<()> {
        let Self { stream, cases, .. } = self;
        self.executions
            .not_run(stream, cases, scenario, reason, self.started)
    }

    /// Handles events about scenarios and their steps, and ignores others.
    fn scenario_event(&mut self, event: &Event) -> io::Result<()> {
        let Self { stream, cases, .. } = self;
        match event {
            Event::ScenarioPrepared {
                scenario,
                before,
                after,
                steps,
            } => self.prepare(*scenario, Some((before, after, steps))),
            Event::ScenarioStarted {
                scenario,
                attempt,
                worker,
                at,
                ..
            } => {
                self.prepare(*scenario, None)?;
                let worker = worker.filter(|_| self.several_workers);
                let Self { stream, cases, .. } = self;
                self.executions
                    .started(stream, cases, *scenario, *attempt, worker, *at)
            }
            Event::StepStarted { scenario, step, .. } => self
                .executions
                .step_started(stream, cases, *scenario, *step),
            Event::StepFinished {
                scenario,
                step,
                result,
                ..
            } => self
                .executions
                .step_finished(stream, cases, *scenario, *step, result),
            Event::StepLeftOut {
                scenario,
                step,
                reason,
                ..
            } => {
                let execution = &mut self.executions;
                execution.step_left_out(stream, cases, *scenario, *step, reason)
            }
            Event::ExtraStepStarted {
                scenario,
                extra,
                depth,
                content,
                ..
            } => {
                let line = LogLine::of_step(*depth, content);
                self.executions.extra_started(*scenario, *extra, line);
                Ok(())
            }
            Event::ExtraStepFinished {
                scenario,
                extra,
                result,
                ..
            } => {
                let executions = &mut self.executions;
                executions.extra_finished(stream, cases, *scenario, *extra, result)
            }
            Event::ScenarioNotRun { scenario, reason } if cases.is_prepared(*scenario) => {
                self.not_run(*scenario, reason)
            }
            _ => Ok(()),
        }
    }
}

impl Reporter for MessagesReporter {
    fn event(&mut self, event: &Event, catalogue: &Catalogue) -> io::Result<()> {
        match event {
            Event::RunStarted { bdd, at, jobs, .. } => {
                self.started = *at;
                self.finished = *at;
                self.several_workers = *jobs > 1;
                return self.meta(bdd);
            }
            Event::FeatureSource {
                uri,
                language,
                flavor,
                text,
            } => {
                let written = (language.as_str(), *flavor);
                return self.sources.write(&mut self.stream, uri, written, text);
            }
            Event::FeaturePlanned { feature } => {
                return self.sources.plan(&mut self.cases, feature);
            }
            Event::ParseError {
                uri,
                location,
                message,
                ..
            } => return self.parse_error(uri, location.as_ref(), message),
            Event::StepDefinitions { .. }
            | Event::Hooks { .. }
            | Event::ParameterTypes { .. }
            | Event::UndefinedParameterType { .. } => self.definitions.learn(event),
            Event::HookAdded { hook, definition } => {
                return self
                    .definitions
                    .add_hook(&mut self.stream, *hook, definition);
            }
            Event::ScenarioAdded { planned, .. } => {
                if let Some(place) = catalogue.place(planned.index) {
                    let (feature, planned) = catalogue.at(place);
                    return sources::add(&mut self.stream, &mut self.cases, feature, planned);
                }
            }
            Event::HookStarted { hook, place, at } => {
                return self.hook_started(*hook, place, *at);
            }
            Event::HookFinished {
                hook,
                place,
                result,
            } => return self.hook_finished(*hook, place, result, catalogue),
            Event::Attachment {
                source,
                media_type,
                file_name,
                body,
                at,
            } => {
                let what = attach::What {
                    media_type,
                    file_name: file_name.as_deref(),
                    body,
                    at: *at,
                };
                if let Some(owner) = self.attached_to(source) {
                    return attach::write(&mut self.stream, &owner, &what);
                }
            }
            Event::ScenarioPrepared { .. }
            | Event::ScenarioStarted { .. }
            | Event::StepStarted { .. }
            | Event::StepFinished { .. }
            | Event::StepLeftOut { .. }
            | Event::ExtraStepStarted { .. }
            | Event::ExtraStepFinished { .. }
            | Event::ScenarioNotRun { .. } => return self.scenario_event(event),
            Event::RunError {
                kind,
                message,
                detail,
            } => self.trouble.error(*kind, message, detail),
            Event::RunFinished { at, .. } => self.finished = *at,
            // Its attempt comes next.
            Event::ScenarioFinished { .. } => {}
            Event::ReportOptions { .. }
            | Event::Warning { .. }
            | Event::Slow { .. }
            | Event::Trend { .. }
            | Event::ScenarioClaimedElsewhere { .. } => {}
        }
        Ok(())
    }

    fn attempt(&mut self, finish: Finish<'_>, catalogue: &Catalogue) -> io::Result<()> {
        self.scenario_finished(finish.attempt, catalogue)
    }

    fn finish(&mut self, summary: &Summary, _: &Catalogue) -> io::Result<()> {
        self.begin()?;
        // A stream that was cut off: what is open gets its end.
        self.executions.close(&mut self.stream, &mut self.cases)?;
        for scenario in self.cases.without_result() {
            self.prepare(scenario, None)?;
            self.not_run(scenario, "the run ended without a result for it")?;
        }
        if self.run_hooks.close(&mut self.stream, &self.definitions)? {
            self.trouble.hook_is_shown();
        }
        let run = self.begin()?;
        let trouble = self.trouble.take();
        let at = self.finished;
        self.stream.write("testRunFinished", |json| {
            json.id("testRunStartedId", run);
            json.flag("success", summary.succeeded());
            if let Some(error) = &trouble {
                json.string("message", &error.message);
                exception(json, error, "");
            }
            moment(json, "timestamp", at);
        })?;
        self.stream.output.commit()
    }
}
