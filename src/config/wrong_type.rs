//! Values in the settings file whose type is wrong: what is expected instead.

use std::ops::Range;

use serde_json::Value;
use toml::Spanned;
use toml::de::DeValue;

use super::Environment;
use super::mistake::{Told, described};
use super::origin::Origin;
use super::settings::{Layer, Settings, declarations};

/// What is wrong with the type of a value, and where. `name` is one of the [`KEYS`](super::settings::KEYS), and `key` its
/// last part.
pub(super) fn mistyped_setting(
    name: &str,
    key: &str,
    value: &Spanned<DeValue<'_>>,
) -> Option<(Range<usize>, Told)> {
    let setting = (declarations().into_iter()).find(|setting| setting.key == name)?;
    let (span, message) = wrong_type(&setting.schema, &setting.example, value)?;
    let text = value.get_ref().as_str();
    let text = text.filter(|_| setting.schema["type"] == "array");
    let list = text.and_then(|text| as_list(name, text));
    let hint = list.map(|list| format!("write `{key} = {list}`"));
    Some((span, (message, hint)))
}

/// The list that a text would be in a variable of the environment; in JSON, which is TOML here.
fn as_list(name: &str, text: &str) -> Option<Value> {
    let mut layer = Layer::default();
    layer.read_text(name, text, Origin::Default).ok()?;
    let rows = Settings::new(layer, &Environment::default()).rows();
    let row = rows.into_iter().find(|row| row.key == name);
    row.map(|row| row.value)
}

/// The place of a value whose type a schema does not allow, and a message about it. `None` if the type is right, or the
/// schema allows several.
pub(super) fn wrong_type(
    schema: &Value,
    example: &str,
    value: &Spanned<DeValue<'_>>,
) -> Option<(Range<usize>, String)> {
    let (kind, expected) = expected(schema, example)?;
    let found = value.get_ref();
    if found.type_str() != kind {
        let message = format!("expected {expected}, not {}", described(found));
        return Some((value.span(), message));
    }
    let mut items = found.as_array()?.iter();
    items.find_map(|item| wrong_type(&schema["items"], example, item))
}

/// The type of a schema's values as `toml` names it, and as messages name it.
fn expected(schema: &Value, example: &str) -> Option<(&'static str, String)> {
    if let Some(names) = schema["enum"].as_array() {
        let names: Vec<String> = (names.iter().filter_map(Value::as_str))
            .map(|name| format!("`{name}`"))
            .collect();
        return Some(("string", format!("one of {}", names.join(", "))));
    }
    // The definitions that schemas refer to are texts.
    let has_form = schema["$ref"].is_string() || schema["pattern"].is_string();
    match schema["type"].as_str() {
        Some("array") => Some(("array", "an array".to_owned())),
        Some("boolean") => Some(("boolean", "`true` or `false`".to_owned())),
        Some("string") | None if has_form => {
            Some(("string", format!("a text such as `\"{example}\"`")))
        }
        Some("string") => Some(("string", "a text".to_owned())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::settings::KEYS;

    /// The message about a value of a setting.
    fn message(key: &str, toml: &str) -> Option<String> {
        assert!(KEYS.contains(&key));
        let declarations = declarations();
        let setting = declarations.iter().find(|setting| setting.key == key)?;
        let value = DeValue::parse(toml).unwrap();
        let found = wrong_type(&setting.schema, &setting.example, &value);
        found.map(|(_, message)| message)
    }

    #[test]
    fn messages_say_what_is_expected() {
        for (key, toml, expected) in [
            (
                "leaks",
                "true",
                "expected one of `fail`, `warn`, `ignore`, not a boolean",
            ),
            ("features", "'a'", "expected an array, not a text"),
            ("features", "['a', 3]", "expected a text, not an integer"),
            ("capture", "'yes'", "expected `true` or `false`, not a text"),
            (
                "step-timeout",
                "30",
                "expected a text such as `\"30s\"`, not an integer",
            ),
        ] {
            assert_eq!(message(key, toml).as_deref(), Some(expected), "{key}");
        }
        for (key, toml) in [("leaks", "'x'"), ("features", "['a']"), ("jobs", "'x'")] {
            assert_eq!(message(key, toml), None, "{key}");
        }
    }
}
