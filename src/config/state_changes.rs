//! What happens when a scenario changes the state of its process: its umask, signals, limits or environment.

use clap::ValueEnum;
use serde::Deserialize;

/// `warn` or `ignore`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StateChanges {
    /// Restore what can be restored, and name each kind of change once in a warning
    #[default]
    Warn,
    /// Do not look for changes
    Ignore,
}

impl StateChanges {
    /// As settings and workers read it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Warn => "warn",
            Self::Ignore => "ignore",
        }
    }
}

super::value::setting_by_name!(StateChanges);
