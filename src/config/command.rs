//! Commands: a program and its arguments, split into words as a shell does.

use serde::Deserialize;
use serde_json::{Value, json};

use super::value::{Setting, parts};
use crate::parse_value_error::ParseValueError;

/// The words of a text. Quotes and backslashes work as in a shell; variables and globs mean nothing.
///
/// # Errors
/// When a quote is not closed.
pub(super) fn words(text: &str) -> Result<Vec<String>, ParseValueError> {
    shell_words::split(text).map_err(|_| invalid(text))
}

/// The error for a text that is not a command.
pub(super) fn invalid(text: &str) -> ParseValueError {
    ParseValueError::new(
        text,
        "a command",
        "a program and its arguments, such as `rust-gdb --args`, with every quote closed",
    )
}

/// A program and its arguments. Its text is a list of words as in a shell, or one word per line.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub(super) struct CommandLine(pub(super) Vec<String>);

impl Setting for CommandLine {
    fn from_text(text: &str) -> Result<Self, String> {
        match text.trim().contains('\n') {
            true => Ok(Self(parts(text).map(str::to_owned).collect())),
            false => words(text).map(Self).map_err(|error| error.to_string()),
        }
    }

    fn shown(&self) -> Value {
        self.0.as_slice().into()
    }

    fn schema() -> Value {
        json!({ "type": "array", "minItems": 1, "items": String::schema() })
    }

    fn example() -> String {
        "program".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_have_words_or_lines() {
        let command = |text: &str| CommandLine::from_text(text).unwrap().0;
        assert_eq!(command("python3  worker.py"), ["python3", "worker.py"]);
        assert_eq!(command("'/a b/c' -x"), ["/a b/c", "-x"]);
        assert_eq!(command("/a b/c\n-x"), ["/a b/c", "-x"]);
        assert!(CommandLine::from_text("'/a b/c").is_err());
    }
}
