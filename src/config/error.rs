//! Why there are no settings, and how errors of the system are put.

use std::fmt;
use std::io;

use super::file::FileError;
use super::steps::StepsError;
use crate::plan::tags::TagExpressionError;

/// Why there are no settings.
#[derive(Debug)]
pub enum ConfigError {
    /// `bdd.toml` is wrong.
    File(FileError),
    /// `--steps` names nothing that can be a step program.
    StepsFlag(StepsError),
    /// `[steps]` names nothing that can be a step program.
    StepsTable {
        /// The settings file.
        file: String,
        /// What is wrong.
        error: StepsError,
    },
    /// A tag expression is wrong.
    Tags(TagExpressionError),
    /// `--jobs` asks for several workers beside a flag that means one.
    OneWorker {
        /// That flag.
        flag: &'static str,
    },
    /// A setting waits for a person, and there is no terminal to wait at.
    NoTerminal {
        /// Its flag.
        flag: &'static str,
    },
}

impl From<FileError> for ConfigError {
    fn from(error: FileError) -> Self {
        Self::File(error)
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(error) => error.fmt(formatter),
            Self::StepsFlag(error) => write!(formatter, "--steps: {error}"),
            Self::StepsTable { file, error } => write!(formatter, "{file}: [steps]: {error}"),
            Self::Tags(error) => error.fmt(formatter),
            Self::OneWorker { flag } => {
                write!(formatter, "{flag} runs one worker, --jobs asks for more")
            }
            Self::NoTerminal { flag } => {
                write!(
                    formatter,
                    "{flag} waits for a key, but standard input is no terminal"
                )
            }
        }
    }
}

impl std::error::Error for ConfigError {}

impl ConfigError {
    /// What to do about it.
    pub fn hint(&self) -> Option<&str> {
        match self {
            Self::File(error) => error.hint(),
            Self::StepsFlag(error) | Self::StepsTable { error, .. } => error.hint(),
            Self::Tags(_) => None,
            Self::OneWorker { .. } => Some("leave out --jobs"),
            Self::NoTerminal { .. } => Some("run it at a terminal, or leave it out"),
        }
    }
}

/// What an error of the system says, in lower case and without its number.
pub(crate) fn reason(error: &io::Error) -> String {
    let text = match error.kind() {
        io::ErrorKind::NotFound => "no such file or folder".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
        _ => error.to_string(),
    };
    match text.split_once(" (os error") {
        Some((text, _)) => text.to_lowercase(),
        None => text,
    }
}
