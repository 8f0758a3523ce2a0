//! Why settings cannot be used.

use std::fmt;
use std::io;

use super::mistake::Mistake;
use super::profile::UnknownProfileError;
use super::steps::StepsError;
use super::variables::WrongVariable;
use crate::plan::tags::TagExpressionError;
use crate::system_error::reason;

/// Why settings cannot be used.
#[derive(Debug)]
pub enum ConfigError {
    /// `bdd.toml` is wrong.
    File(FileError),
    /// Variables of the environment are wrong.
    Variables(Vec<WrongVariable>),
    /// The profile is unknown.
    Profile(UnknownProfileError),
    /// The settings of the step program contradict each other.
    StepsTable {
        /// Where they are.
        place: String,
        /// What is wrong.
        error: StepsError,
    },
    /// A tag expression is wrong.
    Tags(TagExpressionError),
    /// The value of `--tags` is wrong.
    TagsFlag {
        /// The value.
        text: String,
        /// What is wrong with it.
        error: TagExpressionError,
    },
    /// A setting in one of behave's files is wrong.
    BehaveFile {
        /// The file and line.
        place: String,
        /// The setting.
        key: String,
        /// What is wrong.
        problem: String,
    },
    /// `--jobs` asks for several workers together with something that needs one worker.
    OneWorker {
        /// What needs one worker.
        reason: String,
    },
    /// `--shard balanced:…` and `--durations-from` need each other.
    Durations {
        /// Whether the file is missing, and not the flag `--shard`.
        balanced: bool,
    },
    /// A setting needs an interactive run, and there is no terminal.
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
            Self::Variables(variables) => {
                let texts: Vec<String> = variables.iter().map(ToString::to_string).collect();
                formatter.write_str(&texts.join("\nerror: "))
            }
            Self::Profile(error) => error.fmt(formatter),
            Self::StepsTable { place, error } => write!(formatter, "{place}: {error}"),
            Self::Tags(error) => error.fmt(formatter),
            Self::BehaveFile {
                place,
                key,
                problem,
            } => write!(formatter, "{place}: `{key}`: {problem}"),
            // As the parser of the command line reports the values of other flags.
            Self::TagsFlag { text, error } => write!(
                formatter,
                "invalid value '{text}' for '--tags <EXPRESSION>': {error}\n\n\
                 For more information, try '--help'."
            ),
            Self::OneWorker { reason } => {
                write!(
                    formatter,
                    "{reason} needs one worker, but --jobs asks for more"
                )
            }
            Self::Durations { balanced: true } => {
                formatter.write_str("--shard balanced needs the durations of scenarios")
            }
            Self::Durations { balanced: false } => {
                formatter.write_str("--durations-from is for --shard balanced only")
            }
            Self::NoTerminal { flag } => {
                write!(
                    formatter,
                    "{flag} waits for a key, but standard input is not a terminal"
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
            Self::StepsTable { error, .. } => error.hint(),
            Self::Profile(error) => Some(&error.hint),
            Self::Variables(_)
            | Self::Tags(_)
            | Self::TagsFlag { .. }
            | Self::BehaveFile { .. } => None,
            Self::OneWorker { .. } => Some("leave out --jobs"),
            Self::Durations { balanced: true } => {
                Some("--durations-from FILE names an `events` report, or .bdd/history.jsonl")
            }
            Self::Durations { balanced: false } => None,
            Self::NoTerminal { .. } => Some("run bdd in a terminal, or leave the flag out"),
        }
    }
}

/// Why `bdd.toml` cannot be used.
#[derive(Debug)]
pub enum FileError {
    /// It cannot be read.
    Unreadable {
        /// The file.
        path: String,
        /// Why.
        error: io::Error,
    },
    /// It has mistakes at these places.
    Wrong(Vec<Mistake>),
}

/// The mistakes below each other like other errors: from the second on, each begins with `error:`.
impl fmt::Display for FileError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable { path, error } => {
                write!(formatter, "cannot read {path}: {}", reason(error))
            }
            Self::Wrong(mistakes) => {
                let mut before: Option<&Mistake> = None;
                for mistake in mistakes {
                    if let Some(before) = before {
                        if let Some(hint) = before.hint() {
                            write!(formatter, "\nhint: {hint}")?;
                        }
                        formatter.write_str("\nerror: ")?;
                    }
                    mistake.fmt(formatter)?;
                    before = Some(mistake);
                }
                Ok(())
            }
        }
    }
}

impl std::error::Error for FileError {}

impl FileError {
    /// What to do about it. For several mistakes it is the hint of the last.
    pub fn hint(&self) -> Option<&str> {
        match self {
            Self::Unreadable { .. } => None,
            Self::Wrong(mistakes) => mistakes.last()?.hint(),
        }
    }
}
