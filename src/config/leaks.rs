//! What happens to processes that outlive the scenario that started them.

use clap::ValueEnum;
use serde::Deserialize;

/// `fail`, `warn` or `ignore`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Leaks {
    /// End them, and fail their scenario
    #[default]
    Fail,
    /// End them, and name them in a warning
    Warn,
    /// Leave them alone until their worker ends
    Ignore,
}

impl Leaks {
    /// As settings and workers read it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fail => "fail",
            Self::Warn => "warn",
            Self::Ignore => "ignore",
        }
    }
}

super::value::setting_by_name!(Leaks);
