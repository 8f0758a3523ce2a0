//! What happens in a run, as one stream of values; also a file format.
//!
//! Reporters consume events and nothing else. The `events` format writes them losslessly as
//! JSON Lines, one event a line, the first being [`Event::RunStarted`] with the format's version.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use crate::plan::{Location, PlannedFeature};

/// The version of the event format; it grows when a reader of the old one would misread the new.
pub const FORMAT_VERSION: u32 = 1;

/// One thing that happened. Scenarios are named by [`crate::plan::PlannedScenario::index`],
/// steps by their position in the scenario, attempts are counted from 0.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    /// The first event of every stream.
    RunStarted {
        /// [`FORMAT_VERSION`].
        format: u32,
        /// The version of bdd.
        bdd: String,
        /// When the run began.
        at: Timestamp,
        /// How many workers run at once.
        jobs: u32,
        /// Whether steps are only matched, not run.
        dry_run: bool,
        /// Whether undefined and pending steps fail the run.
        strict: bool,
    },
    /// A feature will run. All come before the first scenario starts, in plan order.
    FeaturePlanned {
        /// The feature with its selected scenarios.
        feature: Arc<PlannedFeature>,
    },
    /// A feature file could not be read or parsed; one event for each error.
    ParseError {
        /// The path as it is shown.
        uri: Arc<str>,
        /// Where, if the error has a place.
        location: Option<Location>,
        /// The official message text.
        message: String,
        /// The message with source excerpt, caret and hint, as the terminal shows it.
        diagnostic: String,
    },
    /// The step definitions that the step program said hello with.
    StepDefinitions {
        /// The definitions; [`StepMatch::definition`] and candidates are indices into them.
        definitions: Arc<[StepDefinition]>,
    },
    /// Something that does not fail the run but that a person should know.
    Warning {
        /// One line, lower case, without a full stop.
        message: String,
        /// The file and place it is about.
        place: Option<SourceLocation>,
    },
    /// An attempt at a scenario begins.
    ScenarioStarted {
        /// The scenario.
        scenario: u32,
        /// The attempt, from 0.
        attempt: u32,
        /// The worker that runs it, from 0; none in a dry run.
        worker: Option<u32>,
        /// When.
        at: Timestamp,
    },
    /// A step is about to run.
    StepStarted {
        /// The scenario.
        scenario: u32,
        /// The attempt.
        attempt: u32,
        /// The step.
        step: u32,
    },
    /// A step has its result. Every step of a started scenario gets exactly one.
    StepFinished {
        /// The scenario.
        scenario: u32,
        /// The attempt.
        attempt: u32,
        /// The step.
        step: u32,
        /// Its result.
        result: StepResult,
    },
    /// An attempt is over; all its steps have finished before.
    ScenarioFinished {
        /// The scenario.
        scenario: u32,
        /// The attempt.
        attempt: u32,
        /// The worst status of its steps.
        status: Status,
        /// How long the attempt took, in nanoseconds.
        nanos: u64,
        /// What ended it, when it was not its last step.
        fault: Option<Fault>,
        /// What went wrong outside its steps, such as while its fixtures were closed.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        errors: Vec<StepError>,
        /// What it printed to descriptors 1 and 2; none when nothing.
        output: Option<Output>,
        /// Whether another attempt follows; if not, this is the scenario's result.
        will_be_retried: bool,
    },
    /// A planned scenario gets no attempt.
    ScenarioNotRun {
        /// The scenario.
        scenario: u32,
        /// Why: a fragment such as "the run was stopped after the first failure".
        reason: String,
    },
    /// Something outside every scenario failed. The run is not green.
    RunError {
        /// What kind of thing it was.
        kind: RunErrorKind,
        /// One line, lower case.
        message: String,
        /// The rest: captured output, what to do.
        detail: String,
    },
    /// The last event.
    RunFinished {
        /// When.
        at: Timestamp,
        /// The wall time of the run in nanoseconds.
        nanos: u64,
    },
}

/// What went wrong outside every scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunErrorKind {
    /// The step program could not be built or started, or does not speak the protocol.
    StepProgram,
    /// A worker died while it ran no scenario.
    Worker,
    /// A hook outside every scenario failed.
    Hook,
    /// A report could not be written.
    Report,
    /// The run was stopped from outside.
    Interrupted,
}

/// The result of a step or scenario, ordered from best to worst as Cucumber Messages do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It did what it says.
    Passed,
    /// It was not run because of something before it, or at its own request.
    Skipped,
    /// Its author says that it is not written yet.
    Pending,
    /// No definition matches.
    Undefined,
    /// Several definitions match.
    Ambiguous,
    /// It failed.
    Failed,
}

impl Status {
    /// Whether a scenario of this status fails a run.
    #[must_use]
    pub fn fails(self, strict: bool) -> bool {
        match self {
            Self::Passed | Self::Skipped => false,
            Self::Pending | Self::Undefined => strict,
            Self::Ambiguous | Self::Failed => true,
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Status::Passed => "passed",
            Status::Skipped => "skipped",
            Status::Pending => "pending",
            Status::Undefined => "undefined",
            Status::Ambiguous => "ambiguous",
            Status::Failed => "failed",
        })
    }
}

/// All that is known about a finished step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StepResult {
    /// Its status.
    pub status: Status,
    /// How long it ran, in nanoseconds; 0 when it did not run.
    pub nanos: u64,
    /// The definition and arguments, when exactly one definition matches.
    #[serde(rename = "match")]
    pub step_match: Option<Arc<StepMatch>>,
    /// For an ambiguous step: the definitions that match, as indices.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub candidates: Vec<u32>,
    /// For an undefined step: code that would define it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub snippets: Vec<Snippet>,
    /// Why it failed, or is pending or skipped when a reason was given.
    pub error: Option<StepError>,
}

/// Which definition runs a step, and with what.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StepMatch {
    /// An index into the definitions of [`Event::StepDefinitions`].
    pub definition: u32,
    /// The top-level groups, in order; an absent one has no value.
    pub arguments: Vec<ArgumentGroup>,
}

/// What a group of a pattern matched.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ArgumentGroup {
    /// The text, or none when the group took no part in the match.
    pub value: Option<String>,
    /// Where it begins in the step's text, in UTF-16 code units.
    pub start: u32,
    /// Where it ends.
    pub end: u32,
    /// The groups inside it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub children: Vec<ArgumentGroup>,
}

/// A registered step function.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StepDefinition {
    /// `given`, `when`, `then` or `step`.
    pub keyword: String,
    /// The pattern as written.
    pub pattern: String,
    /// Its kind, such as `regex`.
    pub kind: String,
    /// Where the function stands.
    pub location: SourceLocation,
    /// The name of the function.
    pub function: String,
}

/// A place in a source file.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SourceLocation {
    /// The path, from the project's root where it lies inside.
    pub file: String,
    /// The line, from 1; 0 where it is not known.
    pub line: u32,
    /// The column, from 1; 0 where it is not known.
    pub column: u32,
}

/// Code to paste.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Snippet {
    /// The language, such as `rust`.
    pub language: String,
    /// The code, several lines, without a newline at the end.
    pub code: String,
}

/// Why a step did not pass.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StepError {
    /// `AssertionError`, `Error`, or a name that the step gave.
    pub kind: String,
    /// What it said; it may have several lines.
    pub message: String,
    /// More detail below the message, such as a backtrace; it may be empty.
    pub trace: String,
    /// Where it happened, such as the line of the assertion.
    pub location: Option<SourceLocation>,
}

/// What ended an attempt, when it was not its last step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// The worker ended while the scenario ran.
    Crashed {
        /// What the step program exited with.
        exit_code: Option<i32>,
        /// The signal that killed it.
        signal: Option<i32>,
    },
    /// The run was stopped.
    Cancelled,
}

/// A fragment such as "the step program was killed by signal 6 (SIGABRT)".
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Fault::Crashed {
                signal: Some(number),
                ..
            } => {
                write!(f, "the step program was killed by signal {number}")?;
                match signal_hook::low_level::signal_name(number) {
                    Some(name) => write!(f, " ({name})"),
                    None => Ok(()),
                }
            }
            Fault::Crashed {
                exit_code: Some(code),
                ..
            } => {
                write!(f, "the step program exited with code {code}")
            }
            Fault::Crashed { .. } => f.write_str("the step program ended"),
            Fault::Cancelled => f.write_str("cancelled: the run was stopped"),
        }
    }
}

/// What an attempt printed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Output {
    /// All of it is UTF-8.
    Text(String),
    /// It is not UTF-8: the bytes in Base64 (RFC 4648, with padding).
    Base64(String),
}

impl Output {
    /// Takes what was printed; none when it is nothing.
    #[must_use]
    pub fn from_bytes(bytes: Vec<u8>) -> Option<Self> {
        if bytes.is_empty() {
            return None;
        }
        Some(match String::from_utf8(bytes) {
            Ok(text) => Output::Text(text),
            Err(error) => Output::Base64(STANDARD.encode(error.as_bytes())),
        })
    }

    /// What was printed as text: every byte that is no UTF-8 becomes U+FFFD. Base64 that is
    /// none, which only an edited file of events can hold, is given as it stands.
    #[must_use]
    pub fn to_text(&self) -> Cow<'_, str> {
        match self {
            Output::Text(text) => Cow::Borrowed(text),
            Output::Base64(code) => match STANDARD.decode(code) {
                Ok(bytes) => Cow::Owned(String::from_utf8_lossy(&bytes).into_owned()),
                Err(_) => Cow::Borrowed(code),
            },
        }
    }
}

/// A moment: microseconds since 1970-01-01 UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub u64);
