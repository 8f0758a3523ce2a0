//! The order in which scenarios run: `defined`, `reverse`, `random[:SEED]`, `failed-first`.

use std::fmt;
use std::str::FromStr;

use serde::Deserialize;
use serde_json::json;

use crate::parse_value_error::ParseValueError;

/// The order in which scenarios are given to workers. [`crate::plan::order`] applies it to a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(try_from = "String")]
pub enum Order {
    /// The order in which features are found, and of the scenarios in them.
    #[default]
    Defined,
    /// The last feature first, and the last scenario of each feature first.
    Reverse,
    /// Shuffles the features, and the scenarios in each, by a seed. Without a seed, each run has another order.
    Random(Option<u64>),
    /// First the scenarios that failed or did not run last time, then all others.
    FailedFirst,
}

impl FromStr for Order {
    type Err = ParseValueError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "defined" => Ok(Self::Defined),
            "reverse" => Ok(Self::Reverse),
            "random" => Ok(Self::Random(None)),
            "failed-first" => Ok(Self::FailedFirst),
            _ => {
                let seed = text
                    .strip_prefix("random:")
                    .and_then(|seed| seed.parse().ok());
                let seed = seed.ok_or_else(|| invalid(text))?;
                Ok(Self::Random(Some(seed)))
            }
        }
    }
}

impl TryFrom<String> for Order {
    type Error = ParseValueError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

/// Prints the form that `from_str` reads.
impl fmt::Display for Order {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Defined => formatter.write_str("defined"),
            Self::Reverse => formatter.write_str("reverse"),
            Self::Random(None) => formatter.write_str("random"),
            Self::Random(Some(seed)) => write!(formatter, "random:{seed}"),
            Self::FailedFirst => formatter.write_str("failed-first"),
        }
    }
}

/// The error for a text that is not an order.
fn invalid(text: &str) -> ParseValueError {
    ParseValueError::new(
        text,
        "an order",
        "`defined`, `reverse`, `random`, `random:SEED` with a number, or `failed-first`",
    )
}

super::value::setting_by_display!(
    Order,
    "random:7",
    json!({ "anyOf": [
        { "enum": ["defined", "reverse", "random", "failed-first"] },
        { "type": "string", "pattern": "^random:[0-9]{1,19}$" },
    ] })
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_are_shown_as_they_are_read() {
        for text in [
            "defined",
            "reverse",
            "random",
            "random:0",
            "random:18446744073709551615",
            "failed-first",
        ] {
            assert_eq!(text.parse::<Order>().unwrap().to_string(), text);
        }
        for text in [
            "",
            "Random",
            "random:",
            "random:x",
            "random:-1",
            "random:18446744073709551616",
        ] {
            assert!(text.parse::<Order>().is_err(), "{text}");
        }
    }
}
