//! The options of reports in the settings: `[reports.NAME]`, and `[junit]` for `[reports.junit]`.
//!
//! The options themselves are declared by the reports: [`ReportOption`].

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use toml::de::DeValue;

use super::mistake::{Told, described, unknown_key};
use super::origin::Sourced;
use crate::report::{FormatName, ReportOption};
use crate::spelling::nearest;

/// The table of all reports.
pub(super) const TABLE: &str = "reports";

/// The short name of the table of the `junit` report.
pub(super) const JUNIT: &str = "junit";

/// What one source says about the options of reports, by report and key.
pub(super) type ReportOptions = BTreeMap<(FormatName, &'static str), Sourced<&'static str>>;

/// The report that a table in `[reports]` is for.
///
/// # Errors
/// When no report has this name.
pub(super) fn report(name: &str) -> Result<FormatName, Told> {
    let found = FormatName::ALL
        .into_iter()
        .find(|known| known.as_str() == name);
    found.ok_or_else(|| {
        let names = FormatName::ALL.map(FormatName::as_str);
        let hint = match nearest(name, names) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("the formats are {}", names.join(", ")),
        };
        (format!("unknown format `{name}`"), Some(hint))
    })
}

/// The option of a report that a key names.
///
/// # Errors
/// When the report has no such option.
pub(super) fn option(report: FormatName, key: &str) -> Result<&'static ReportOption, Told> {
    let found = ReportOption::of(report).find(|known| known.key == key);
    found.ok_or_else(|| {
        let known: Vec<&str> = ReportOption::of(report).map(|known| known.key).collect();
        let (message, hint) = unknown_key(key, &known);
        match known.is_empty() {
            true => (
                message,
                Some(format!("the format `{report}` has no options")),
            ),
            false => (message, hint),
        }
    })
}

/// Reads a value from the file.
///
/// # Errors
/// When the option does not have this value.
pub(super) fn from_toml(option: &ReportOption, value: &DeValue<'_>) -> Result<&'static str, Told> {
    match value {
        DeValue::Boolean(on) if option.is_switch() => {
            let name = if *on { "true" } else { "false" };
            option
                .value(name)
                .ok_or_else(|| unknown_value(option, name))
        }
        DeValue::String(name) if !option.is_switch() => option
            .value(name)
            .ok_or_else(|| unknown_value(option, name)),
        other if option.is_switch() => {
            let message = format!("expected `true` or `false`, not {}", described(other));
            Err((message, None))
        }
        other => {
            let expected = quoted(option.values);
            let message = format!("expected one of {expected}, not {}", described(other));
            Err((message, None))
        }
    }
}

/// Reads a value as a variable of the environment has it.
///
/// # Errors
/// When the option does not have this value.
pub(super) fn from_text(option: &ReportOption, text: &str) -> Result<&'static str, String> {
    option.value(text).ok_or_else(|| {
        let (message, hint) = unknown_value(option, text);
        match hint {
            Some(hint) => format!("{message}\n{hint}"),
            None => message,
        }
    })
}

fn unknown_value(option: &ReportOption, found: &str) -> Told {
    let expected = quoted(option.values);
    let near = nearest(found, option.values.iter().copied());
    (
        format!("unknown value `{found}`, expected one of {expected}"),
        near.map(|near| format!("did you mean `{near}`?")),
    )
}

fn quoted(values: &[&str]) -> String {
    let values: Vec<String> = values.iter().map(|value| format!("`{value}`")).collect();
    values.join(", ")
}

/// The key of an option, with those of its tables before it.
pub(super) fn full_key(option: &ReportOption) -> String {
    format!("{TABLE}.{}.{}", option.report, option.key)
}

/// A value as the file has it.
pub(super) fn shown(option: &ReportOption, value: &str) -> Value {
    match option.is_switch() {
        true => (value == "true").into(),
        false => value.into(),
    }
}

/// The JSON Schema of `[reports]`; `junit` is where that of `[reports.junit]` is.
pub(super) fn schema(junit: Value) -> Value {
    let table = |report: FormatName| match report {
        FormatName::Junit => junit.clone(),
        other => report_schema(other),
    };
    let tables: Map<String, Value> = FormatName::ALL
        .into_iter()
        .map(|report| (report.to_string(), table(report)))
        .collect();
    json!({
        "description": "Options of reports, by format: those of `-f NAME,KEY=VALUE` for all reports of the format.",
        "type": "object",
        "properties": tables,
        "additionalProperties": false,
    })
}

/// The JSON Schema of the options of a report.
pub(super) fn report_schema(report: FormatName) -> Value {
    let option = |option: &ReportOption| {
        let mut schema = match option.is_switch() {
            true => json!({ "type": "boolean" }),
            false => json!({ "enum": option.values }),
        };
        schema["description"] = format!("{}.", uppercase_first(option.about)).into();
        schema["default"] = shown(option, option.values[0]);
        (option.key.to_owned(), schema)
    };
    let options: Map<String, Value> = ReportOption::of(report).map(option).collect();
    json!({
        "description": format!("Options of the format {report}."),
        "type": "object",
        "properties": options,
        "additionalProperties": false,
    })
}

fn uppercase_first(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(letters).collect()
}

/// The rule that `[junit]` and `[reports.junit]` are not both in one table.
pub(super) fn one_junit_table() -> Value {
    json!({
        "required": [TABLE, JUNIT],
        "properties": { TABLE: { "required": [JUNIT] } },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mistakes_come_with_a_suggestion() {
        let hint = |told: Told| told.1.unwrap_or_default();
        assert_eq!(hint(report("junti").unwrap_err()), "did you mean `junit`?");
        assert!(hint(report("paper").unwrap_err()).starts_with("the formats are pretty, "));
        let junit = FormatName::Junit;
        assert_eq!(
            hint(option(junit, "plan").unwrap_err()),
            "did you mean `plain`?"
        );
        let told = option(FormatName::Tap, "sort").unwrap_err();
        assert_eq!(hint(told), "the format `tap` has no options");
        let output = option(junit, "output").unwrap();
        let value = |toml: &str| from_toml(output, DeValue::parse(toml).unwrap().get_ref());
        assert_eq!(value("'failed'"), Ok("failed"));
        assert_eq!(
            hint(value("'faild'").unwrap_err()),
            "did you mean `failed`?"
        );
        assert_eq!(
            value("true").unwrap_err().0,
            "expected one of `all`, `failed`, `none`, not a boolean"
        );
        assert_eq!(from_text(output, "none"), Ok("none"));
        assert!(from_text(output, "nil").is_err());
    }
}
