//! Where the value of a setting comes from.

use std::fmt;

/// A value and its origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sourced<T> {
    /// The value.
    pub value: T,
    /// Where it comes from.
    pub origin: Origin,
}

impl<T> Sourced<T> {
    /// The default, where nothing sets a value.
    pub(super) fn default(value: T) -> Self {
        let origin = Origin::Default;
        Self { value, origin }
    }

    /// A value from a flag. The name of the flag includes its dashes.
    pub(super) fn flag(value: T, flag: &'static str) -> Self {
        let origin = Origin::Flag(flag);
        Self { value, origin }
    }
}

/// Where the value of a setting comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Nothing sets it.
    Default,
    /// The top of the settings file.
    File {
        /// The path of the file, relative to the current directory.
        file: String,
        /// The line, from 1.
        line: usize,
        /// The column of the value, from 1; 0 if it is not known.
        column: usize,
    },
    /// A profile in the settings file.
    Profile {
        /// The name of the profile.
        name: String,
        /// The path of the file, relative to the current directory.
        file: String,
        /// The line, from 1.
        line: usize,
        /// The column of the value, from 1; 0 if it is not known.
        column: usize,
    },
    /// A variable of the environment.
    Variable(String),
    /// A flag, with its dashes; or `PATH`, the arguments that are not flags.
    Flag(&'static str),
    /// Several sources that add up.
    Several(Vec<Origin>),
}

impl Origin {
    /// Whether paths in the value are relative to the project's root. Otherwise they are relative to
    /// the current directory.
    pub(super) fn counts_from_root(&self) -> bool {
        match self {
            Self::File { .. } | Self::Profile { .. } => true,
            Self::Several(all) => all.iter().all(Self::counts_from_root),
            Self::Default | Self::Variable(_) | Self::Flag(_) => false,
        }
    }

    /// The place of the value, as messages about it begin.
    pub(super) fn place(&self) -> String {
        match self {
            Self::File { file, line, column }
            | Self::Profile {
                file, line, column, ..
            } if *column > 0 => {
                format!("{file}:{line}:{column}")
            }
            other => other.to_string(),
        }
    }

    /// Adds an origin after this one.
    pub(super) fn and(self, other: Self) -> Self {
        match self {
            Self::Default => other,
            Self::Several(mut all) => {
                all.push(other);
                Self::Several(all)
            }
            one => Self::Several(vec![one, other]),
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => formatter.write_str("default"),
            Self::File { file, line, .. } => write!(formatter, "{file}:{line}"),
            Self::Profile {
                name, file, line, ..
            } => {
                write!(formatter, "[profile.{name}] of {file}:{line}")
            }
            Self::Variable(name) => formatter.write_str(name),
            Self::Flag(flag) if flag.starts_with('-') => write!(formatter, "flag {flag}"),
            Self::Flag(argument) => write!(formatter, "argument {argument}"),
            Self::Several(all) => {
                let mut separator = "";
                for origin in all {
                    write!(formatter, "{separator}{origin}")?;
                    separator = ", ";
                }
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_add_up_but_for_the_default() {
        let flag = Origin::Flag("--wip");
        assert_eq!(Origin::Default.and(flag.clone()), flag);
        let variable = Origin::Variable("BDD_TAGS".to_owned());
        let both = variable.and(flag.clone()).and(flag);
        assert_eq!(both.to_string(), "BDD_TAGS, flag --wip, flag --wip");
        assert!(!both.counts_from_root());
    }
}
