//! The number of failures after which a run stops: `1`, `5:immediate`.

use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, de};
use serde_json::json;

use super::value::FROM_ONE;
use crate::parse_value_error::ParseValueError;

/// The number of failures after which nothing more is started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MaxFailures {
    /// How many.
    pub count: NonZeroU32,
    /// Whether running scenarios are cancelled instead of finished.
    pub immediate: bool,
}

impl MaxFailures {
    /// The first failure ends the run; what runs then finishes.
    pub const FIRST: Self = Self {
        count: NonZeroU32::MIN,
        immediate: false,
    };
}

impl FromStr for MaxFailures {
    type Err = ParseValueError;

    /// Reads `N` or `N:immediate`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (count, immediate) = match text.strip_suffix(":immediate") {
            Some(count) => (count, true),
            None => (text, false),
        };
        let count = count.parse().map_err(|_| invalid(text))?;
        Ok(Self { count, immediate })
    }
}

/// Prints the form that `from_str` reads.
impl fmt::Display for MaxFailures {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let how = if self.immediate { ":immediate" } else { "" };
        write!(formatter, "{}{how}", self.count)
    }
}

/// A text in the file, or a bare number.
impl<'de> Deserialize<'de> for MaxFailures {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct MaxFailuresVisitor;

        impl de::Visitor<'_> for MaxFailuresVisitor {
            type Value = MaxFailures;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(formatter, "{FROM_ONE}, or `N:immediate` as a text")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<MaxFailures, E> {
                text.parse().map_err(E::custom)
            }

            fn visit_i64<E: de::Error>(self, number: i64) -> Result<MaxFailures, E> {
                number.to_string().parse().map_err(E::custom)
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<MaxFailures, E> {
                number.to_string().parse().map_err(E::custom)
            }
        }

        deserializer.deserialize_any(MaxFailuresVisitor)
    }
}

/// The error for a text that is not a number of failures.
fn invalid(text: &str) -> ParseValueError {
    ParseValueError::new(
        text,
        "a number of failures",
        "a number from 1 to 4294967295, optionally followed by `:immediate`",
    )
}

super::value::setting_by_display!(
    MaxFailures,
    "3:immediate",
    json!({ "anyOf": [
        NonZeroU32::schema(),
        { "type": "string", "pattern": "^0*[1-9][0-9]{0,8}(:immediate)?$" },
    ] })
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_and_how() {
        assert_eq!("1".parse(), Ok(MaxFailures::FIRST));
        let five: MaxFailures = "5:immediate".parse().unwrap();
        assert_eq!((five.count.get(), five.immediate), (5, true));
        assert_eq!(five.to_string(), "5:immediate");
        for text in [
            "",
            "0",
            "-1",
            "x",
            "1:now",
            ":immediate",
            "1:immediate:immediate",
        ] {
            assert!(text.parse::<MaxFailures>().is_err(), "{text}");
        }
    }
}
