//! The language of files that do not name their own.

use std::fmt;
use std::str::FromStr;

use serde::Deserialize;

use crate::gherkin::{Dialect, nearest_language};

/// A language of Gherkin.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(try_from = "String")]
pub struct Language(&'static Dialect);

impl Language {
    /// Its keywords.
    pub fn dialect(self) -> &'static Dialect {
        self.0
    }
}

impl Default for Language {
    fn default() -> Self {
        Self(Dialect::english())
    }
}

/// Its code.
impl fmt::Display for Language {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0.code)
    }
}

/// There is no such language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownLanguage(String);

impl fmt::Display for UnknownLanguage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "unknown language `{}`", self.0)?;
        match nearest_language(&self.0) {
            Some(near) => write!(formatter, "; did you mean `{near}`?"),
            None => formatter.write_str("; `bdd languages` lists them"),
        }
    }
}

impl std::error::Error for UnknownLanguage {}

impl FromStr for Language {
    type Err = UnknownLanguage;

    fn from_str(code: &str) -> Result<Self, Self::Err> {
        Dialect::find(code)
            .map(Self)
            .ok_or_else(|| UnknownLanguage(code.to_owned()))
    }
}

impl TryFrom<String> for Language {
    type Error = UnknownLanguage;

    fn try_from(code: String) -> Result<Self, Self::Error> {
        code.parse()
    }
}

super::value::setting_by_display!(Language, "fr", serde_json::json!({ "type": "string" }));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_one_of_the_table() {
        assert_eq!("fr".parse::<Language>().unwrap().dialect().code, "fr");
        let error = "zz-nowhere".parse::<Language>().unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("unknown language `zz-nowhere`")
        );
    }
}
