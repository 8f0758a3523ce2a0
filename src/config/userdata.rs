//! User data: values for steps, by name. bdd passes them on and does not interpret them.

use std::collections::BTreeMap;
use std::str::FromStr;

use toml::de::DeValue;

use super::mistake::described;
use super::value::parts;
use crate::parse_value_error::ParseValueError;

/// The NAME[=VALUE] of `--define`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    /// The name.
    pub name: String,
    /// The value; `true` when there is only a name.
    pub value: String,
}

impl FromStr for Definition {
    type Err = ParseValueError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (name, value) = text.split_once('=').unwrap_or((text, "true"));
        match name.trim() {
            "" => Err(invalid(text)),
            name => Ok(Self {
                name: name.to_owned(),
                value: value.to_owned(),
            }),
        }
    }
}

/// Reads a value of `[userdata]`; numbers stay as they are written.
///
/// # Errors
/// When it is not a text, number or boolean.
pub(super) fn from_toml(value: &DeValue<'_>) -> Result<String, String> {
    match value {
        DeValue::String(text) => Ok(text.clone().into_owned()),
        DeValue::Boolean(value) => Ok(value.to_string()),
        DeValue::Float(number) => Ok(number.as_str().replace('_', "")),
        DeValue::Integer(number) => {
            i128::from_str_radix(&number.as_str().replace('_', ""), number.radix())
                .map(|number| number.to_string())
                .map_err(|error| error.to_string())
        }
        other => Err(format!(
            "expected a text, a number or a boolean, not {}",
            described(other)
        )),
    }
}

/// Reads `NAME=VALUE`, one on each line or with commas between them; or a JSON object, as workers
/// get it.
///
/// # Errors
/// What is wrong with it.
pub(super) fn from_text(text: &str) -> Result<BTreeMap<String, String>, String> {
    if text.trim_start().starts_with('{') {
        return serde_json::from_str(text)
            .map_err(|error| format!("expected a JSON object of texts: {error}"));
    }
    parts(text)
        .map(|part| {
            let definition: Definition = part
                .parse()
                .map_err(|error: ParseValueError| error.to_string())?;
            Ok((definition.name, definition.value))
        })
        .collect()
}

/// The error for a text that is not a definition.
fn invalid(text: &str) -> ParseValueError {
    ParseValueError::new(text, "a definition", "NAME or NAME=VALUE")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        pairs.iter().map(owned).collect()
    }

    #[test]
    fn the_first_equals_sign_ends_the_name() {
        let definition: Definition = "url=http://x/?a=b".parse().unwrap();
        assert_eq!(definition.name, "url");
        assert_eq!(definition.value, "http://x/?a=b");
        assert_eq!("slow".parse::<Definition>().unwrap().value, "true");
        assert_eq!("empty=".parse::<Definition>().unwrap().value, "");
        assert!("=x".parse::<Definition>().is_err());
        assert!("".parse::<Definition>().is_err());
    }

    #[test]
    fn texts_are_lists_or_json() {
        let expected = pairs(&[("a", "1"), ("b", "true")]);
        assert_eq!(from_text("a=1, b"), Ok(expected.clone()));
        assert_eq!(from_text("a=1\nb\n"), Ok(expected.clone()));
        assert_eq!(from_text(r#"{"a":"1","b":"true"}"#), Ok(expected));
        assert!(from_text(r#"{"a":1}"#).is_err());
        assert!(from_text("=1").is_err());
    }

    #[test]
    fn numbers_stay_as_they_are_written() {
        let text = |toml: &str| from_toml(DeValue::parse(toml).unwrap().get_ref());
        assert_eq!(text("1.50").as_deref(), Ok("1.50"));
        assert_eq!(text("10_000").as_deref(), Ok("10000"));
        assert_eq!(text("0x1F").as_deref(), Ok("31"));
        assert_eq!(text("-3").as_deref(), Ok("-3"));
        assert_eq!(text("false").as_deref(), Ok("false"));
        assert_eq!(text("'x'").as_deref(), Ok("x"));
        assert!(text("[1]").is_err());
        assert!(text("2026-01-01").is_err());
    }
}
