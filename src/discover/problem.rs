//! Problems with paths, and what to do about them.

use std::fmt;

/// Paths that cannot be searched; at least one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiscoverError {
    /// Where a setting names the paths.
    pub(super) place: Option<String>,
    pub(super) problems: Vec<DiscoverProblem>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum DiscoverProblem {
    Missing {
        text: String,
        origin: Option<String>,
        near: Option<String>,
    },
    Unreadable {
        path: String,
        reason: String,
    },
    /// A list that is named.
    UnreadableList {
        path: String,
        reason: String,
    },
    /// A symbolic link whose target does not exist.
    DanglingLink {
        link: String,
        reason: String,
        /// Whether the user has named the path.
        named: bool,
    },
    Loop {
        link: String,
        target: String,
    },
    NestedList(String),
    /// A quoted path of a list that something other than line numbers follows.
    AfterQuotes(String),
    LineZero(String),
    LineOfFolder(String),
    BadGlob {
        text: String,
        reason: String,
    },
}

impl fmt::Display for DiscoverProblem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { text, origin, .. } => {
                write!(formatter, "no such file or folder: {text}")?;
                match origin {
                    Some(origin) => write!(formatter, " (named in {origin})"),
                    None => Ok(()),
                }
            }
            Self::Unreadable { path, reason } | Self::UnreadableList { path, reason } => {
                write!(formatter, "cannot read {path}: {reason}")
            }
            Self::DanglingLink { link, reason, .. } => {
                write!(formatter, "cannot read {link}: {reason}")
            }
            Self::Loop { link, target } => write!(
                formatter,
                "the symbolic link {link} leads back to {target}, which holds it"
            ),
            Self::NestedList(origin) => {
                write!(formatter, "{origin}: a list cannot name another list")
            }
            Self::AfterQuotes(text) => write!(
                formatter,
                "only line numbers can follow a quoted path: {text}"
            ),
            Self::LineZero(text) => write!(formatter, "lines are counted from 1: {text}"),
            Self::LineOfFolder(text) => {
                write!(formatter, "only a file has lines, this is a folder: {text}")
            }
            Self::BadGlob { text, reason } => write!(formatter, "not a glob: {text}: {reason}"),
        }
    }
}

impl DiscoverProblem {
    /// Whether it is about a path as it is named, and not about something in a folder.
    fn is_of_named_path(&self) -> bool {
        match self {
            Self::Missing { origin, .. } => origin.is_none(),
            Self::DanglingLink { named, .. } => *named,
            Self::Unreadable { .. }
            | Self::Loop { .. }
            | Self::NestedList(_)
            | Self::AfterQuotes(_) => false,
            Self::UnreadableList { .. }
            | Self::LineZero(_)
            | Self::LineOfFolder(_)
            | Self::BadGlob { .. } => true,
        }
    }
}

/// One line for each problem.
impl fmt::Display for DiscoverError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.problems.iter().enumerate() {
            if index > 0 {
                formatter.write_str("\n")?;
            }
            if let Some(place) = &self.place
                && problem.is_of_named_path()
            {
                write!(formatter, "{place}: ")?;
            }
            problem.fmt(formatter)?;
        }
        Ok(())
    }
}

impl std::error::Error for DiscoverError {}

impl DiscoverError {
    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        self.problems.iter().find_map(|problem| match problem {
            DiscoverProblem::Missing {
                near: Some(near), ..
            } => Some(format!("did you mean `{near}`?")),
            DiscoverProblem::DanglingLink { named: true, .. } => {
                Some("restore the target of the link, or name another path".to_owned())
            }
            DiscoverProblem::DanglingLink { link, .. } => Some(format!(
                "restore the target or remove the link, or leave it out with `--exclude {link}`"
            )),
            DiscoverProblem::Loop { link, .. } => Some(format!(
                "remove the link, or leave it out with `--exclude {link}`"
            )),
            DiscoverProblem::NestedList(_) => {
                Some("name both lists on the command line".to_owned())
            }
            _ => None,
        })
    }
}
