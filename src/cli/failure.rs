//! The error that ends a command early, as the user sees it.

use std::io::{self, Write};

use super::Exit;
use crate::config::{ConfigError, MissingStepsError};
use crate::discover::DiscoverError;
use crate::system_error::reason;

/// An error with a hint and an exit code.
#[derive(Debug)]
pub struct Failure {
    message: String,
    hint: Option<String>,
    exit: Exit,
}

impl Failure {
    /// An error: a lower-case fragment, which may go on over further lines.
    pub fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            hint: None,
            exit,
        }
    }

    /// Wrong usage or configuration.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(Exit::Usage, message)
    }

    /// Adds a hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    fn maybe_hint(mut self, hint: Option<String>) -> Self {
        self.hint = hint;
        self
    }

    /// Adds a hint, unless there is one already.
    #[must_use]
    pub fn or_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint.get_or_insert_with(|| hint.into());
        self
    }

    /// What is wrong.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The exit code that it gives.
    pub fn exit(&self) -> Exit {
        self.exit
    }

    /// Prints `error: …` and `hint: …`, or `note: …` if the exit code is 0.
    pub fn print(&self, err: &mut dyn Write) {
        let kind = if self.exit == Exit::Success {
            "note"
        } else {
            "error"
        };
        if self.message.is_empty() {
            return;
        }
        // A closed standard error cannot be reported anywhere.
        let _ = writeln!(err, "{kind}: {}", self.message);
        if let Some(hint) = &self.hint {
            let _ = writeln!(err, "hint: {hint}");
        }
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self::usage(error.to_string()).maybe_hint(error.hint().map(str::to_owned))
    }
}

impl From<DiscoverError> for Failure {
    fn from(error: DiscoverError) -> Self {
        let message = error.to_string().replace('\n', "\nerror: ");
        Self::usage(message).maybe_hint(error.hint())
    }
}

impl From<&MissingStepsError> for Failure {
    fn from(error: &MissingStepsError) -> Self {
        let hint = error.hint().map(str::to_owned);
        Self::new(Exit::StepProgram, error.to_string()).maybe_hint(hint)
    }
}

/// Standard output cannot be written. It is not an error if the reader has closed the pipe.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::new(Exit::Success, ""),
            _ => Self::new(
                Exit::Report,
                format!("cannot write the output: {}", reason(&error)),
            ),
        }
    }
}
