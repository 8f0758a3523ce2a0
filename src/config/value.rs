//! How the value of a setting is read from text and shown.
//!
//! From `bdd.toml` values are read by serde. Most read a text just as they read a string there.

use std::num::NonZeroU32;
use std::path::PathBuf;

use clap::ValueEnum;
use serde::Deserialize;
use serde::de::value::StrDeserializer;
use serde::de::{DeserializeOwned, IntoDeserializer as _};
use serde_json::{Value, json};

use crate::plan::tags::{TagExpression, TagExpressionError};
use crate::report::{Format, FormatName};

/// What a `u32` is, in messages.
pub(super) const FROM_ZERO: &str = "a number from 0 to 4294967295";

/// What a [`NonZeroU32`] is, in messages.
pub(super) const FROM_ONE: &str = "a number from 1 to 4294967295";

/// The value of a setting.
pub(super) trait Setting: DeserializeOwned {
    /// Reads a text, as a variable of the environment has it.
    ///
    /// # Errors
    /// What is wrong with it.
    fn from_text(text: &str) -> Result<Self, String> {
        let reader: StrDeserializer<'_, serde::de::value::Error> = text.into_deserializer();
        Self::deserialize(reader).map_err(|error| error.to_string())
    }

    /// The value as `bdd config` shows it; null when there is none.
    fn shown(&self) -> Value;

    /// The JSON Schema of the values in the file.
    fn schema() -> Value;

    /// A text that [`Self::from_text`] reads and that [`Self::shown`] shows again.
    fn example() -> String;
}

/// Makes a setting of a type that is shown as it is printed.
macro_rules! setting_by_display {
    ($type:ty, $example:literal, $schema:expr) => {
        impl $crate::config::value::Setting for $type {
            fn shown(&self) -> serde_json::Value {
                self.to_string().into()
            }

            fn schema() -> serde_json::Value {
                $schema
            }

            fn example() -> String {
                $example.to_owned()
            }
        }
    };
}

/// Makes a setting of an enum of names.
macro_rules! setting_by_name {
    ($type:ty) => {
        impl $crate::config::value::Setting for $type {
            fn shown(&self) -> serde_json::Value {
                $crate::config::value::name(self).into()
            }

            fn schema() -> serde_json::Value {
                let variants = <$type as clap::ValueEnum>::value_variants();
                let names: Vec<_> = variants.iter().map($crate::config::value::name).collect();
                serde_json::json!({ "enum": names })
            }

            fn example() -> String {
                let variants = <$type as clap::ValueEnum>::value_variants();
                variants.last().map($crate::config::value::name).unwrap_or_default()
            }
        }
    };
}

pub(super) use {setting_by_display, setting_by_name};

/// The name of a value of an enum.
pub(super) fn name(value: &impl ValueEnum) -> String {
    let name = value.to_possible_value();
    name.map_or_else(String::new, |name| name.get_name().to_owned())
}

setting_by_display!(String, "text", json!({ "type": "string" }));
setting_by_display!(
    TagExpression,
    "@smoke",
    json!({ "$ref": "#/$defs/tag-expression" })
);
setting_by_display!(Format, "junit:report.xml", {
    let names = FormatName::ALL.map(FormatName::as_str).join("|");
    json!({ "type": "string", "pattern": format!("^({names})(,[a-z-]+=[^:,]*)*(:.+)?$") })
});

impl Setting for bool {
    fn from_text(text: &str) -> Result<Self, String> {
        text.parse()
            .map_err(|_| format!("`{text}` is not `true` or `false`"))
    }

    fn shown(&self) -> Value {
        (*self).into()
    }

    fn schema() -> Value {
        json!({ "type": "boolean" })
    }

    fn example() -> String {
        "true".to_owned()
    }
}

impl Setting for u32 {
    fn from_text(text: &str) -> Result<Self, String> {
        text.parse()
            .map_err(|_| format!("`{text}` is not {FROM_ZERO}"))
    }

    fn shown(&self) -> Value {
        (*self).into()
    }

    fn schema() -> Value {
        json!({ "type": "integer", "minimum": 0, "maximum": u32::MAX })
    }

    fn example() -> String {
        "3".to_owned()
    }
}

impl Setting for NonZeroU32 {
    fn from_text(text: &str) -> Result<Self, String> {
        text.parse()
            .map_err(|_| format!("`{text}` is not {FROM_ONE}"))
    }

    fn shown(&self) -> Value {
        self.get().into()
    }

    fn schema() -> Value {
        json!({ "type": "integer", "minimum": 1, "maximum": u32::MAX })
    }

    fn example() -> String {
        "3".to_owned()
    }
}

impl Setting for PathBuf {
    fn shown(&self) -> Value {
        self.display().to_string().into()
    }

    fn schema() -> Value {
        String::schema()
    }

    fn example() -> String {
        "a/b".to_owned()
    }
}

impl<T: Setting> Setting for Option<T> {
    fn from_text(text: &str) -> Result<Self, String> {
        T::from_text(text).map(Some)
    }

    fn shown(&self) -> Value {
        self.as_ref().map_or(Value::Null, T::shown)
    }

    fn schema() -> Value {
        T::schema()
    }

    fn example() -> String {
        T::example()
    }
}

/// As a text: one on each line, or, on a single line, with commas between them.
impl<T: Setting> Setting for Vec<T> {
    fn from_text(text: &str) -> Result<Self, String> {
        parts(text).map(T::from_text).collect()
    }

    fn shown(&self) -> Value {
        self.iter().map(T::shown).collect()
    }

    fn schema() -> Value {
        json!({ "type": "array", "items": T::schema() })
    }

    fn example() -> String {
        T::example()
    }
}

/// The elements of a list: one on each line, or, on a single line, with commas between them.
pub(super) fn parts(text: &str) -> impl Iterator<Item = &str> {
    let separator = if text.trim().contains('\n') {
        '\n'
    } else {
        ','
    };
    let parts = text.split(separator).map(str::trim);
    parts.filter(|part| !part.is_empty())
}

/// Conditions on the tags of a scenario, which must match all of them. The file and the environment have one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Tags(pub(super) Vec<TagExpression>);

impl TryFrom<String> for Tags {
    type Error = TagExpressionError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse().map(|expression| Self(vec![expression]))
    }
}

impl Setting for Tags {
    fn shown(&self) -> Value {
        self.0.iter().map(Setting::shown).collect()
    }

    fn schema() -> Value {
        TagExpression::schema()
    }

    fn example() -> String {
        TagExpression::example()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Leaks, MaxFailures, TimeLimit};

    #[test]
    fn lists_have_commas_or_lines() {
        let list = |text: &str| <Vec<String>>::from_text(text).unwrap();
        assert_eq!(list("a"), ["a"]);
        assert_eq!(list(" a, b c ,"), ["a", "b c"]);
        assert_eq!(list("a,b\nc\n"), ["a,b", "c"]);
        assert_eq!(list("a,b\n"), ["a", "b"]);
    }

    #[test]
    fn texts_are_read_as_in_the_file() {
        assert_eq!(Leaks::from_text("warn"), Ok(Leaks::Warn));
        assert_eq!(
            Leaks::from_text("warm").unwrap_err(),
            "unknown variant `warm`, expected one of `fail`, `warn`, `ignore`"
        );
        assert_eq!(
            <Option<MaxFailures>>::from_text("3"),
            Ok("3".parse().ok()),
            "a number in the file, a text here"
        );
        assert!(
            TimeLimit::from_text("30")
                .unwrap_err()
                .contains("not a time")
        );
        assert!(bool::from_text("yes").is_err());
        assert!(<Vec<Format>>::from_text("pretty, junti").is_err());
    }

    #[test]
    fn values_are_shown_as_they_are_read() {
        assert_eq!(Leaks::Warn.shown(), "warn");
        assert_eq!(<Option<TimeLimit>>::None.shown(), Value::Null);
        assert_eq!(TimeLimit::seconds(30).shown(), "30s");
    }
}
