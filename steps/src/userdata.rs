//! User data for the steps, from `bdd run -D name=value` and `[userdata]` in `bdd.toml`.
//!
//! The runner passes it in one environment variable, as a JSON object of texts.

use bdd_protocol::variables::USERDATA;
use std::any::type_name;
use std::env;
use std::error::Error;
use std::fmt;
use std::str::FromStr;

use bdd_protocol::json::{CodecError, Reader};

/// Names with their texts, or why they cannot be read.
pub(crate) struct Userdata(Result<Vec<(String, String)>, String>);

impl Userdata {
    /// The user data of the runner; empty if it has sent none.
    pub(crate) fn from_environment() -> Self {
        match env::var(USERDATA) {
            Ok(text) if !text.is_empty() => Self::read(&text),
            Ok(_) | Err(env::VarError::NotPresent) => Self(Ok(Vec::new())),
            Err(error) => Self(Err(error.to_string())),
        }
    }

    fn read(text: &str) -> Self {
        let read = || -> Result<_, CodecError> {
            let mut pairs = Vec::new();
            let mut reader = Reader::new(text);
            reader.open(b'{')?;
            while let Some(name) = reader.key()? {
                pairs.push((name.into_owned(), reader.string()?.into_owned()));
            }
            reader.end()?;
            Ok(pairs)
        };
        Self(read().map_err(|error| error.to_string()))
    }

    /// The text of a name.
    fn get(&self, name: &str) -> Result<Option<&str>, Problem> {
        let pairs = self
            .0
            .as_ref()
            .map_err(|error| Problem::Unreadable(error.clone()))?;
        // JSON lets a later member replace an earlier one.
        let found = pairs.iter().rev().find(|(own, _)| own == name);
        Ok(found.map(|(_, text)| text.as_str()))
    }

    pub(crate) fn value<T>(&self, name: &str) -> Result<Option<T>, Problem>
    where
        T: FromStr,
        T::Err: fmt::Display,
    {
        let Some(text) = self.get(name)? else {
            return Ok(None);
        };
        text.parse()
            .map(Some)
            .map_err(|error: T::Err| Problem::Wrong {
                text: text.to_owned(),
                type_name: type_name::<T>(),
                error: error.to_string(),
            })
    }
}

/// Why user data has no value of the requested type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserdataError {
    name: String,
    problem: Problem,
}

/// The problem with a value, or with all user data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Problem {
    Missing,
    Wrong {
        text: String,
        type_name: &'static str,
        error: String,
    },
    Unreadable(String),
}

impl UserdataError {
    #[cold]
    pub(crate) fn new(name: &str, problem: Problem) -> Self {
        let name = name.to_owned();
        Self { name, problem }
    }
}

impl fmt::Display for UserdataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = &self.name;
        match &self.problem {
            Problem::Missing => write!(
                f,
                "there is no user data `{name}`: give it with `bdd run -D {name}=…`, \
                 or in [userdata] of bdd.toml"
            ),
            Problem::Wrong {
                text,
                type_name,
                error,
            } => write!(
                f,
                "the user data `{name}` is {text:?}, which is not a {type_name}: {error}"
            ),
            Problem::Unreadable(error) => write!(
                f,
                "there is no user data `{name}`: {USERDATA} is not a JSON object of texts: {error}"
            ),
        }
    }
}

impl Error for UserdataError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn userdata(text: &str) -> Userdata {
        Userdata::read(text)
    }

    #[test]
    fn values_have_the_type_that_is_asked_for() {
        let given = userdata(r#"{"port":"8080","slow":"true","na\u006de":"a\nb"}"#);
        assert_eq!(given.value("port"), Ok(Some(8080_u16)));
        assert_eq!(given.value("slow"), Ok(Some(true)));
        assert_eq!(given.value("name"), Ok(Some("a\nb".to_owned())));
        assert_eq!(given.value::<u16>("Port"), Ok(None));
        assert_eq!(userdata("{}").value::<u16>("port"), Ok(None));
    }

    #[test]
    fn an_error_names_what_is_wrong() {
        let given = userdata(r#"{"port":"eighty"}"#);
        let problem = given.value::<u16>("port").unwrap_err();
        assert_eq!(
            UserdataError::new("port", problem).to_string(),
            "the user data `port` is \"eighty\", which is not a u16: invalid digit found in string"
        );
        for broken in ["[]", "{\"a\":1}", "{\"a\":\"1\"", "{} {}", "a=1"] {
            let problem = userdata(broken).value::<String>("a").unwrap_err();
            let text = UserdataError::new("a", problem).to_string();
            assert!(
                text.contains("BDD_USERDATA is not a JSON object of texts: "),
                "{text}"
            );
        }
    }
}
