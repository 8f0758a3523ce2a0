//! `[lint]`: the levels of rules.

use clap::ValueEnum;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::Config;
use super::value::Setting as _;
use crate::rule::LintRule;
use crate::spelling::nearest;

/// `off`, `warn` or `error`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LintLevel {
    /// Nothing is reported
    Off,
    /// A finding is a warning
    Warn,
    /// A finding is an error
    Error,
}

super::value::setting_by_name!(LintLevel);

impl Config {
    /// The level of a rule: that of the settings, else a warning unless the rule is off by default.
    pub fn lint_level(&self, rule: LintRule) -> LintLevel {
        let default = match rule.is_on() {
            true => LintLevel::Warn,
            false => LintLevel::Off,
        };
        self.lint.get(rule.name()).copied().unwrap_or(default)
    }
}

/// The message and hint for a rule that does not exist.
pub(super) fn unknown_rule(name: &str) -> (String, Option<String>) {
    let near = nearest(name, LintRule::ALL.iter().map(|rule| rule.name()));
    let hint = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`bdd lint --explain all` lists the rules".to_owned(),
    };
    (format!("unknown rule `{name}`"), Some(hint))
}

/// The JSON Schema of `[lint]`.
pub(super) fn schema() -> Value {
    let properties: Map<String, Value> = LintRule::ALL
        .iter()
        .map(|rule| {
            let mut schema = LintLevel::schema();
            schema["description"] = rule.summary().into();
            (rule.name().to_owned(), schema)
        })
        .collect();
    json!({
        "description": "The level of each rule: `off`, `warn` or `error`.",
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
    })
}
