//! Why there are no settings, and how errors of the system are put.

use std::fmt;
use std::io;

use super::file::FileError;
use super::profile::NoProfile;
use super::steps::StepsError;
use super::variables::WrongVariable;
use crate::plan::tags::TagExpressionError;

/// Why there are no settings.
#[derive(Debug)]
pub enum ConfigError {
    /// `bdd.toml` is wrong.
    File(FileError),
    /// Variables of the environment are wrong.
    Variables(Vec<WrongVariable>),
    /// There is no profile of this name.
    Profile(NoProfile),
    /// `--steps` names nothing that can be a step program.
    StepsFlag(StepsError),
    /// `[steps]` names nothing that can be a step program.
    StepsTable {
        /// Who names it.
        place: String,
        /// What is wrong.
        error: StepsError,
    },
    /// A tag expression is wrong.
    Tags(TagExpressionError),
    /// `--jobs` asks for several workers beside something that means one.
    OneWorker {
        /// What that is.
        reason: String,
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
            Self::Variables(variables) => {
                let texts: Vec<String> = variables.iter().map(ToString::to_string).collect();
                formatter.write_str(&texts.join("\nerror: "))
            }
            Self::Profile(error) => error.fmt(formatter),
            Self::StepsTable { place, error } => write!(formatter, "{place}: {error}"),
            Self::Tags(error) => error.fmt(formatter),
            Self::OneWorker { reason } => {
                write!(formatter, "{reason} runs one worker, --jobs asks for more")
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
            Self::Profile(error) => Some(&error.hint),
            Self::Variables(_) | Self::Tags(_) => None,
            Self::OneWorker { .. } => Some("leave out --jobs"),
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
