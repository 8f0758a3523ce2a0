//! The message of an error, with its causes.
//!
//! A step may return any error that can be displayed. If the error knows its cause (it implements [`Error`],
//! is a box of one, or lends one as `anyhow::Error` does), each cause is shown on a line of its own. Rust
//! cannot test whether a type implements a trait, but a method call can select one of several traits: the
//! compiler takes the first that fits, by the number of references to the receiver. So the attributes expand
//! to `(&&&&Returned(&returned)).explanation()`.

use std::error::Error;
use std::fmt;

use crate::outcome::{InnerFailure, Outcome, Stop};
use bdd_protocol::Failure;

/// The limit of causes, because a chain may be a circle.
const MOST_CAUSES: usize = 32;

/// The message of an error, and the outcome that it asks for.
pub struct Explanation {
    /// Its message, and a line `caused by: …` for each cause that the message does not contain.
    text: String,
    /// Skip or pending, if one of its causes asks for that.
    outcome: Option<Outcome>,
    /// The failure of an inner step, if one of its causes is that.
    inner: Option<Failure>,
}

/// What a step's function has returned.
pub struct Returned<'r, R>(pub &'r R);

/// Explains errors that implement [`Error`].
pub trait ExplainError {
    /// The explanation, if it is an error.
    fn explanation(&self) -> Option<Box<Explanation>>;
}

impl<T, E: Error> ExplainError for &&&Returned<'_, Result<T, E>> {
    fn explanation(&self) -> Option<Box<Explanation>> {
        match self.0 {
            Ok(_) => None,
            Err(error) => Some(Box::new(explain(error, error.source()))),
        }
    }
}

/// Explains boxes of errors, and types that lend their error.
pub trait ExplainInner {
    /// The explanation, if it is an error.
    fn explanation(&self) -> Option<Box<Explanation>>;
}

impl<T, E: AsRef<dyn Error + Send + Sync>> ExplainInner for &&Returned<'_, Result<T, E>> {
    fn explanation(&self) -> Option<Box<Explanation>> {
        match self.0 {
            Ok(_) => None,
            Err(error) => Some(Box::new(explain(error.as_ref(), error.as_ref().source()))),
        }
    }
}

/// Explains boxes of errors that stay in their thread.
pub trait ExplainBox {
    /// The explanation, if it is an error.
    fn explanation(&self) -> Option<Box<Explanation>>;
}

impl<T> ExplainBox for &Returned<'_, Result<T, Box<dyn Error>>> {
    fn explanation(&self) -> Option<Box<Explanation>> {
        match self.0 {
            Ok(_) => None,
            Err(error) => Some(Box::new(of(error.as_ref()))),
        }
    }
}

/// Has no explanation, for all other types.
pub trait ExplainNothing {
    /// `None`: only the displayed text of the error is known.
    fn explanation(&self) -> Option<Box<Explanation>>;
}

impl<R> ExplainNothing for Returned<'_, R> {
    fn explanation(&self) -> Option<Box<Explanation>> {
        None
    }
}

/// The result of a step, with the explanation of its error.
pub fn conclude(
    result: Result<(), Stop>,
    explanation: Option<Box<Explanation>>,
) -> Result<(), Stop> {
    match (result, explanation) {
        (Err(stop), Some(explanation)) => Err(explanation.improve(stop)),
        (result, _) => result,
    }
}

impl Explanation {
    /// Puts the explanation into a failure.
    fn improve(self, stop: Stop) -> Stop {
        match (stop, self.outcome) {
            (Stop::Failed(_), Some(outcome)) => outcome.into_error(self.text),
            (Stop::Failed(failure), None) => {
                let mut failure = self.inner.map_or(failure, Box::new);
                failure.message = self.text;
                Stop::Failed(failure)
            }
            (stop, _) => stop,
        }
    }
}

impl Stop {
    /// What an error of the user means, its causes included.
    #[cold]
    pub(crate) fn from_error(error: &(dyn Error + 'static)) -> Self {
        of(error).improve(Self::displayed(error))
    }
}

/// What an error and its causes say.
fn of(error: &(dyn Error + 'static)) -> Explanation {
    let mut explanation = explain(error, error.source());
    if let Some(outcome) = error.downcast_ref::<Outcome>() {
        explanation.outcome = Some(outcome.clone());
    }
    explanation
}

fn explain(error: &dyn fmt::Display, source: Option<&(dyn Error + 'static)>) -> Explanation {
    let mut text = error.to_string();
    let mut outcome = None;
    let mut inner = None;
    let mut above = text.clone();
    let mut next = source;
    for _ in 0..MOST_CAUSES {
        let Some(cause) = next else {
            break;
        };
        if let Some(asked) = cause.downcast_ref::<Outcome>() {
            outcome = Some(asked.clone());
        }
        if let Some(InnerFailure(failure)) = cause.downcast_ref() {
            inner = Some(failure.clone());
        }
        let said = cause.to_string();
        if !names(&above, &said) {
            text.push_str("\ncaused by: ");
            text.push_str(&said);
            above = said;
        }
        next = cause.source();
    }
    Explanation {
        text,
        outcome,
        inner,
    }
}

/// Whether a message already contains another one, and not only as a part of a word.
fn names(message: &str, cause: &str) -> bool {
    let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    cause.is_empty()
        || message.match_indices(cause).any(|(start, _)| {
            let before = message[..start].chars().next_back();
            let after = message[start + cause.len()..].chars().next();
            let inside = word(before) && word(cause.chars().next())
                || word(after) && word(cause.chars().next_back());
            !inside
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_names_whole_words() {
        assert!(names("cannot open x: no such file", "no such file"));
        assert!(names("no such file (x)", "no such file"));
        assert!(names("anything", ""));
        assert!(!names("line 12", "1"));
        assert!(!names("unreadable", "readable"));
        assert!(names("unreadable: readable", "readable"));
        assert!(!names("cannot open x", "no such file"));
    }
}
