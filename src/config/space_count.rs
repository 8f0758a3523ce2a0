//! How many spaces formatted files have somewhere.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, de};
use serde_json::json;

/// A number of spaces from 0 to 16.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SpaceCount(u8);

impl SpaceCount {
    const MOST: u8 = 16;

    /// A number of spaces; more than 16 are 16.
    pub const fn new(count: u8) -> Self {
        Self(if count < Self::MOST {
            count
        } else {
            Self::MOST
        })
    }

    /// The number.
    pub const fn get(self) -> usize {
        self.0 as usize
    }
}

impl FromStr for SpaceCount {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let count = text.parse().ok().filter(|count| *count <= Self::MOST);
        count
            .map(Self)
            .ok_or_else(|| format!("`{text}` is not a number from 0 to {}", Self::MOST))
    }
}

impl fmt::Display for SpaceCount {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl<'de> Deserialize<'de> for SpaceCount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let count = i128::deserialize(deserializer)?;
        count.to_string().parse().map_err(de::Error::custom)
    }
}

impl super::value::Setting for SpaceCount {
    fn from_text(text: &str) -> Result<Self, String> {
        text.parse()
    }

    fn shown(&self) -> serde_json::Value {
        self.0.into()
    }

    fn schema() -> serde_json::Value {
        json!({ "type": "integer", "minimum": 0, "maximum": Self::MOST })
    }

    fn example() -> String {
        "4".to_owned()
    }
}
