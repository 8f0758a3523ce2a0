//! The JSON Schema of `bdd.toml`, for editors: made from the declarations.

use std::num::NonZeroU32;

use serde_json::{Map, Value, json};

use super::settings::{Layer, Settings, declarations};
use super::{Environment, groups, lint, profile, report_options, time_limit};
use crate::report::FormatName;

/// The JSON Schema of `bdd.toml`.
pub fn schema() -> Value {
    let (mut definitions, mut steps, mut fmt) = (Map::new(), Map::new(), Map::new());
    let mut top = Map::new();
    for (key, setting) in described() {
        match key.split_once('.') {
            Some(("fmt", key)) => fmt.insert(key.to_owned(), setting),
            Some((_, key)) => steps.insert(key.to_owned(), setting),
            None => {
                top.insert(key.to_owned(), reference(key));
                definitions.insert(key.to_owned(), setting)
            }
        };
    }
    for (key, table) in [
        ("steps", step_program(steps)),
        (
            report_options::JUNIT,
            report_options::report_schema(FormatName::Junit),
        ),
        (
            report_options::TABLE,
            report_options::schema(reference(report_options::JUNIT)),
        ),
        ("fmt", formatting(fmt)),
        ("groups", groups::schema()),
        ("lint", lint::schema()),
        ("userdata", userdata()),
    ] {
        top.insert(key.to_owned(), reference(key));
        definitions.insert(key.to_owned(), table);
    }
    definitions.insert("time".to_owned(), time_limit::definition());
    definitions.insert("tag-expression".to_owned(), tag_expression());
    definitions.insert("profile".to_owned(), profile_table(top.clone()));
    top.insert("profile".to_owned(), profiles());
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "bdd.toml",
        "description": "The settings of a project for bdd; docs/config.md describes each.",
        "type": "object",
        "properties": top,
        "additionalProperties": false,
        "not": report_options::one_junit_table(),
        "$defs": definitions,
    })
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/$defs/{name}") })
}

/// The schema of each setting, with its description and default.
fn described() -> Vec<(&'static str, Value)> {
    let defaults = |cores| {
        let environment = Environment {
            cores,
            ..Environment::default()
        };
        Settings::new(Layer::default(), &environment).rows()
    };
    // A default that differs between machines has no place in the schema.
    let (one, two) = (NonZeroU32::MIN, NonZeroU32::MIN.saturating_add(1));
    let rows = defaults(one).into_iter().zip(defaults(two));
    (declarations().into_iter().zip(rows))
        .map(|(declaration, (row, other))| {
            let mut schema = declaration.schema;
            schema["description"] = declaration.description.into();
            let none = row.value.is_null() || row.value == json!([]);
            if !none && row.value == other.value {
                schema["default"] = row.value;
            }
            (declaration.key, schema)
        })
        .collect()
}

/// `[steps]`, where some keys exclude each other.
fn step_program(properties: Map<String, Value>) -> Value {
    let both = |left: &str, right: &str| json!({ "not": { "required": [left, right] } });
    let python = |key: &str| {
        let language = json!({ "language": { "const": "python" } });
        json!({ "not": { "required": ["language", key], "properties": language } })
    };
    json!({
        "description": "Where the step program comes from: `path`, `package` and `target` name a crate, `command` any other program. Without them: the crate or the suite of behave beside the features.",
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
        "allOf": [
            both("command", "path"),
            both("command", "package"),
            both("command", "target"),
            python("path"),
            python("package"),
            python("target"),
            python("command"),
            { "not": { "required": ["release", "profile"], "properties": { "release": { "const": true } } } },
        ],
    })
}

fn formatting(properties: Map<String, Value>) -> Value {
    json!({
        "description": "How `bdd fmt` formats feature files.",
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
    })
}

fn userdata() -> Value {
    json!({
        "description": "Values for steps, by name. `-D NAME=VALUE` wins over them.",
        "type": "object",
        "additionalProperties": { "type": ["string", "number", "boolean"] },
    })
}

fn tag_expression() -> Value {
    json!({
        "description": "Such as `@smoke and not (@slow or @wip)`.",
        "type": "string",
    })
}

fn profile_table(mut properties: Map<String, Value>) -> Value {
    properties.insert(
        "inherits".to_owned(),
        json!({
            "description": "The profile from which this one takes what it does not set.",
            "type": "string",
        }),
    );
    json!({
        "description": "Settings that win over those at the top of the file when the profile is selected.",
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
        "not": report_options::one_junit_table(),
    })
}

/// `[profile.NAME]`; no profile is named `default`.
fn profiles() -> Value {
    json!({
        "description": "Settings by the name of their profile, which --profile NAME selects.",
        "type": "object",
        "propertyNames": { "not": { "const": profile::NONE } },
        "additionalProperties": reference("profile"),
    })
}
