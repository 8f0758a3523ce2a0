//! When to use colours.

use clap::ValueEnum;
use serde::Deserialize;

use super::environment::Environment;

/// `auto`, `always` or `never`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ColorChoice {
    /// On a terminal, unless `NO_COLOR` is set to something.
    #[default]
    Auto,
    /// Always, `NO_COLOR` or not.
    Always,
    /// Never.
    Never,
}

impl ColorChoice {
    /// Decides for a stream.
    pub fn decide(self, is_terminal: bool, environment: &Environment) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto => {
                is_terminal
                    && environment
                        .variable("NO_COLOR")
                        .is_none_or(|value| value.is_empty())
            }
        }
    }
}

super::value::setting_by_name!(ColorChoice);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_color_counts_only_for_auto_and_when_not_empty() {
        let mut environment = Environment::default();
        assert!(ColorChoice::Auto.decide(true, &environment));
        assert!(!ColorChoice::Auto.decide(false, &environment));
        environment.variables.insert("NO_COLOR".into(), "".into());
        assert!(ColorChoice::Auto.decide(true, &environment));
        environment.variables.insert("NO_COLOR".into(), "1".into());
        assert!(!ColorChoice::Auto.decide(true, &environment));
        assert!(ColorChoice::Always.decide(false, &environment));
    }
}
