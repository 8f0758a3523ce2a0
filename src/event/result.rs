//! How steps and scenarios went.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use super::{Snippet, SourceLocation, StepContent, StepMatch};

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

impl Status {
    /// Whether a scenario of this status, expected to fail or not, fails a run.
    #[must_use]
    pub fn is_failure(self, expected_failure: bool, strict: bool) -> bool {
        match (self, expected_failure) {
            (Self::Failed, true) => false,
            (Self::Passed, true) => true,
            _ => self.fails(strict),
        }
    }
}

impl Status {
    /// Whether an attempt of this status ended because the run was stopped, and not because of itself.
    #[must_use]
    pub fn is_cancelled(self, fault: Option<&Fault>) -> bool {
        self < Self::Pending && matches!(fault, Some(Fault::Cancelled))
    }
}

impl Status {
    /// Its name, such as `passed`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Status::Passed => "passed",
            Status::Skipped => "skipped",
            Status::Pending => "pending",
            Status::Undefined => "undefined",
            Status::Ambiguous => "ambiguous",
            Status::Failed => "failed",
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
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
    /// Why it failed, or is pending or skipped when a reason was given. For an undefined step: the definition that
    /// was probably meant.
    pub error: Option<StepError>,
    /// The whole step as it ran, when that is not as planned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actual: Option<Box<StepContent>>,
    /// Whether it passed though an extra step that it ran did not, and so accounts for that.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub handled: bool,
}

impl StepResult {
    /// A result of which only the status is known.
    #[must_use]
    pub fn of_status(status: Status) -> Self {
        Self {
            status,
            nanos: 0,
            step_match: None,
            candidates: Vec::new(),
            snippets: Vec::new(),
            error: None,
            actual: None,
            handled: false,
        }
    }
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

impl StepError {
    /// One that has a message and nothing else.
    #[must_use]
    pub fn plain(message: String) -> Self {
        Self {
            kind: String::new(),
            message,
            trace: String::new(),
            location: None,
        }
    }
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
    /// A step, a hook or the whole attempt took longer than it may.
    TimedOut {
        /// What had the limit.
        of: Limited,
        /// The limit, in nanoseconds.
        limit: u64,
    },
    /// The attempt printed more than it may.
    OutputLimit {
        /// The limit, in bytes.
        limit: u64,
    },
    /// The run was stopped.
    Cancelled,
}

/// What a time limit is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Limited {
    /// A step.
    Step,
    /// A hook.
    Hook,
    /// An attempt at a scenario.
    Scenario,
}

impl Fault {
    /// Whether a time limit ended the attempt.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        matches!(self, Self::TimedOut { .. })
    }
}

impl fmt::Display for Limited {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Step => "step",
            Self::Hook => "hook",
            Self::Scenario => "scenario",
        })
    }
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
            Fault::TimedOut { of, limit } => {
                let limit = std::time::Duration::from_nanos(limit);
                write!(f, "the {of} took longer than {limit:?}")
            }
            Fault::OutputLimit { limit } => {
                write!(f, "the scenario printed more than {limit} bytes")
            }
            Fault::Cancelled => f.write_str("cancelled: the run was stopped"),
        }
    }
}

/// What an attempt printed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CapturedOutput {
    /// All of it is UTF-8.
    Text(String),
    /// It is not UTF-8: the bytes in Base64 (RFC 4648, with padding).
    Base64(String),
}

impl CapturedOutput {
    /// Takes what was printed; `None` when it is nothing.
    #[must_use]
    pub fn from_bytes(bytes: Vec<u8>) -> Option<Self> {
        if bytes.is_empty() {
            return None;
        }
        Some(match String::from_utf8(bytes) {
            Ok(text) => CapturedOutput::Text(text),
            Err(error) => CapturedOutput::Base64(STANDARD.encode(error.as_bytes())),
        })
    }

    /// About as many bytes as it takes in memory.
    pub(crate) fn weight(&self) -> usize {
        let (Self::Text(text) | Self::Base64(text)) = self;
        text.len()
    }

    /// What was printed as text: every byte that is not UTF-8 becomes U+FFFD. Base64 that is none, which only
    /// an edited file of events can hold, is given as it stands.
    #[must_use]
    pub fn to_text(&self) -> Cow<'_, str> {
        match self {
            CapturedOutput::Text(text) => Cow::Borrowed(text),
            CapturedOutput::Base64(code) => match STANDARD.decode(code) {
                Ok(bytes) => Cow::Owned(String::from_utf8_lossy(&bytes).into_owned()),
                Err(_) => Cow::Borrowed(code),
            },
        }
    }
}
