//! A command as a person would type it: words, some of them in quotes.

use std::fmt;

/// A command that cannot be split into words: a quote is not closed.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct OpenQuote(char);

impl fmt::Display for OpenQuote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the command has a {} that is not closed", self.0)
    }
}

impl std::error::Error for OpenQuote {}

/// Splits a command at its spaces; quotes, single or double, hold a word together. There are no
/// escapes, no variables and no globs.
pub(super) fn split(command: &str) -> Result<Vec<String>, OpenQuote> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut open = None;
    for c in command.chars() {
        match (open, c) {
            (Some(quote), c) if c == quote => open = None,
            (None, '\'' | '"') => {
                open = Some(c);
                word.get_or_insert_default();
            }
            (None, c) if c.is_whitespace() => words.extend(word.take()),
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    match open {
        Some(quote) => Err(OpenQuote(quote)),
        None => Ok(words),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_hold_words_together() {
        let words = ["bdd", "run", "--tags", "@a and not @b", "xy z", ""];
        let words = words.map(str::to_owned).to_vec();
        assert_eq!(
            split("bdd  run --tags '@a and not @b' x\"y z\" ''"),
            Ok(words)
        );
        assert_eq!(split("a 'b"), Err(OpenQuote('\'')));
    }
}
