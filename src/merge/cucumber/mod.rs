//! Reads a stream of Cucumber Messages, which any tool may have written, as the events of a run.
//!
//! It reads the stream twice: first the plan and the definitions, which events have at their beginning, then what ran.
//! Members that it does not know are ignored. Nothing of a scenario is left out in silence: a pickle without a result
//! did not run, unless it was not selected, and a failure that no scenario explains is an error of the run.

mod attempt;
mod case;
mod envelope;
mod plan;
mod program;
mod result;

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Seek, Write};

use serde_json::error::Category;

use self::attempt::ForeignCourse;
use self::envelope::ForeignEnvelope;
use self::plan::ForeignPlan;
use self::program::ForeignProgram;
use crate::event::{DEFINED_ORDER, Event, FORMAT_VERSION, Timestamp};
use crate::gherkin::Flavor;
use crate::system_error::reason;

/// Whether a file is a stream of Cucumber Messages: its first line is an object without a type, whose member the
/// standard knows. The file is at its beginning again after that.
pub(super) fn is_stream(file: &mut File) -> io::Result<bool> {
    /// Long first lines are sources or documents, and begin with their member.
    const ENOUGH: u64 = 64;
    const FIRST: [&str; 6] = [
        "meta",
        "source",
        "gherkinDocument",
        "pickle",
        "parseError",
        "testRunStarted",
    ];
    let mut head = Vec::new();
    (&*file).take(ENOUGH).read_to_end(&mut head)?;
    file.rewind()?;
    let head = String::from_utf8_lossy(&head);
    let name = head.trim_start().strip_prefix('{').map(str::trim_start);
    let name = name.and_then(|rest| rest.strip_prefix('"')?.split('"').next());
    Ok(name.is_some_and(|name| FIRST.contains(&name)))
}

/// The first reading.
#[derive(Default)]
struct FirstReading {
    product: String,
    sources: Vec<Event>,
    parse_errors: Vec<Event>,
    plan: ForeignPlan,
    program: ForeignProgram,
    course: ForeignCourse,
    workers: HashSet<String>,
    retries: u32,
    began: Option<Timestamp>,
    /// Whether an attempt has started.
    has_attempts: bool,
    finished: Option<(Timestamp, bool)>,
}

/// Writes the events of a stream into a temporary file, which is at its beginning.
///
/// # Errors
/// When the file cannot be read, or a line is no message; `shown` names the file.
pub(super) fn to_events(mut stream: File, shown: &str) -> Result<File, String> {
    let mut first = FirstReading::default();
    each_message(&stream, shown, &mut |envelope| first.take(envelope))?;
    let failed = |error: io::Error| format!("cannot read {shown}: {}", reason(&error));
    stream.rewind().map_err(failed)?;
    let events = tempfile::tempfile().map_err(failed)?;
    let mut out = BufWriter::new(events);
    let mut problem = None;
    let mut emit = |event: Event| {
        let written = serde_json::to_writer(&mut out, &event).map_err(io::Error::from);
        if let Err(error) = written.and_then(|()| out.write_all(b"\n")) {
            problem.get_or_insert(error);
        }
    };
    first.begin(&mut emit);
    let FirstReading {
        mut course,
        program,
        plan,
        finished,
        ..
    } = first;
    each_message(&stream, shown, &mut |envelope| {
        course.follow(envelope, &program, &mut emit);
    })?;
    // Without its last message the stream was cut off, and the reader of events says so.
    if let Some((at, _)) = finished {
        for scenario in plan.features().iter().flat_map(|one| &one.scenarios) {
            if !course.has_ended(scenario.index) {
                emit(Event::ScenarioNotRun {
                    scenario: scenario.index,
                    reason: "the messages have no result of it".to_owned(),
                });
            }
        }
        emit(Event::RunFinished {
            at,
            nanos: course.nanos_until(at),
        });
    }
    if let Some(error) = problem {
        return Err(format!(
            "cannot keep the events of {shown}: {}",
            reason(&error)
        ));
    }
    let mut events = out
        .into_inner()
        .map_err(|error| failed(error.into_error()))?;
    events.rewind().map_err(failed)?;
    Ok(events)
}

impl FirstReading {
    fn take(&mut self, mut envelope: ForeignEnvelope) {
        self.program.learn(&mut envelope);
        if let Some(meta) = envelope.meta {
            let product = meta.implementation;
            self.product = format!("{} {}", product.name, product.version);
        } else if let Some(source) = envelope.source {
            self.sources.push(Event::FeatureSource {
                uri: source.uri.into(),
                language: "en".to_owned(),
                flavor: Flavor::Standard,
                text: source.data.into(),
            });
        } else if let Some(error) = envelope.parse_error {
            let location = error
                .source
                .location
                .map(envelope::ForeignLocation::to_location);
            let uri = error.source.uri.unwrap_or_default();
            self.parse_errors.push(Event::ParseError {
                diagnostic: format!("{uri}: {}", error.message),
                uri: uri.into(),
                location,
                message: error.message,
                follows: false,
            });
        } else if let Some(document) = envelope.gherkin_document {
            self.plan.add_document(document);
        } else if let Some(pickle) = envelope.pickle {
            self.plan.add_pickle(pickle);
        } else if let Some(case) = envelope.test_case {
            self.course.add_case(&case, &self.plan, &mut self.program);
        } else if let Some(started) = envelope.test_case_started {
            self.has_attempts = true;
            self.workers.extend(started.worker_id);
            self.retries = self.retries.max(started.attempt);
        } else if let Some(started) = envelope.test_run_started {
            self.began = Some(started.timestamp.to_timestamp());
        } else if let Some(finished) = envelope.test_run_finished {
            self.finished = Some((finished.timestamp.to_timestamp(), finished.success));
        }
    }

    /// Whether a pickle without a test case was not selected: streams have all pickles of a file. A run that succeeded
    /// has run all that was selected, and bdd writes all test cases before the first attempt.
    fn has_all_cases(&self) -> bool {
        let succeeded = self.finished.is_some_and(|(_, success)| success);
        self.has_attempts && (succeeded || self.product.starts_with("bdd "))
    }

    /// Emits what is before the first scenario.
    fn begin(&mut self, emit: &mut dyn FnMut(Event)) {
        if self.has_all_cases() {
            let selected = self.course.scenarios();
            self.plan.keep(|scenario| selected.contains(&scenario));
        }
        emit(Event::RunStarted {
            format: FORMAT_VERSION,
            bdd: self.product.clone(),
            at: self.began.unwrap_or(Timestamp(0)),
            jobs: u32::try_from(self.workers.len().max(1)).unwrap_or(u32::MAX),
            dry_run: false,
            // A run that succeeded with pending or undefined steps lets them through.
            strict: !self.finished.is_some_and(|(_, success)| success),
            retries: self.retries,
            flaky_fails: false,
            selected_nothing: false,
            order: DEFINED_ORDER.to_owned(),
            shard: None,
        });
        let mut sources = std::mem::take(&mut self.sources);
        for error in std::mem::take(&mut self.parse_errors) {
            emit_source_of(&error, &mut sources, emit);
            emit(error);
        }
        for feature in self.plan.features() {
            let event = Event::FeaturePlanned {
                feature: feature.clone().into(),
            };
            emit_source_of(&event, &mut sources, emit);
            if !feature.scenarios.is_empty() {
                emit(event);
            }
        }
        self.program.events().into_iter().for_each(emit);
    }
}

/// Emits the source of the file that an event is about, once.
fn emit_source_of(event: &Event, sources: &mut Vec<Event>, emit: &mut dyn FnMut(Event)) {
    let wanted = match event {
        Event::ParseError { uri, .. } => uri,
        Event::FeaturePlanned { feature } => &feature.uri,
        _ => return,
    };
    let is_wanted =
        |source: &Event| matches!(source, Event::FeatureSource { uri, .. } if uri == wanted);
    if let Some(position) = sources.iter().position(is_wanted) {
        emit(sources.swap_remove(position));
    }
}

/// Reads all messages. A last line that was cut off is left out.
fn each_message(
    stream: &File,
    shown: &str,
    take: &mut dyn FnMut(ForeignEnvelope),
) -> Result<(), String> {
    let mut input = BufReader::new(stream);
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        let length = input
            .read_until(b'\n', &mut line)
            .map_err(|error| format!("cannot read {shown}: {}", reason(&error)))?;
        if length == 0 {
            break;
        }
        if line.trim_ascii().is_empty() {
            continue;
        }
        match serde_json::from_slice(&line) {
            Ok(envelope) => take(envelope),
            Err(_) if !line.ends_with(b"\n") => break,
            Err(error) => {
                let text = error.to_string();
                let text = match error.classify() {
                    // It would name a type of this program.
                    Category::Data => "its members are not those of the standard",
                    _ => text.split(" at line ").next().unwrap_or(&text),
                };
                return Err(format!(
                    "{shown}:{number}:{}: not a Cucumber Message: {text}",
                    error.column()
                ));
            }
        }
    }
    Ok(())
}
