//! What an error says, with what caused it.
//!
//! A step may return any error that can be displayed. Of an error that knows its cause (it
//! implements [`Error`], or is a box of one, or lends one as `anyhow::Error` does) each cause is a
//! line of its own. Rust cannot ask a type what else it implements, but a method call can: it takes
//! the first of several traits that fit, by the number of references to its receiver. So the
//! attributes expand to `(&&&&Returned(&returned)).told()`.

use std::error::Error;
use std::fmt;

use crate::outcome::{InnerFailure, Outcome, Stop};
use bdd_protocol::Failure;

/// Causes beyond this are left out: a chain that is a circle has no end.
const MOST_CAUSES: usize = 32;

/// What an error says.
pub struct Told {
    /// Its message, and a line `caused by: …` for each cause that it does not name itself.
    text: String,
    /// What it asks for, if one of its causes is no failure.
    outcome: Option<Outcome>,
    /// The failure of a step that it has run, if one of its causes is that.
    inner: Option<Failure>,
}

/// What a step's function has returned.
pub struct Returned<'r, R>(pub &'r R);

/// What is told of errors that implement [`Error`].
pub trait TellError {
    /// Nothing, unless it is an error.
    fn told(&self) -> Option<Box<Told>>;
}

impl<T, E: Error> TellError for &&&Returned<'_, Result<T, E>> {
    fn told(&self) -> Option<Box<Told>> {
        match self.0 {
            Ok(_) => None,
            Err(error) => Some(Box::new(tell(error, error.source()))),
        }
    }
}

/// What is told of boxes of errors, and of types that lend their error.
pub trait TellInner {
    /// Nothing, unless it is an error.
    fn told(&self) -> Option<Box<Told>>;
}

impl<T, E: AsRef<dyn Error + Send + Sync>> TellInner for &&Returned<'_, Result<T, E>> {
    fn told(&self) -> Option<Box<Told>> {
        match self.0 {
            Ok(_) => None,
            Err(error) => Some(Box::new(tell(error.as_ref(), error.as_ref().source()))),
        }
    }
}

/// What is told of boxes of errors that stay in their thread.
pub trait TellBox {
    /// Nothing, unless it is an error.
    fn told(&self) -> Option<Box<Told>>;
}

impl<T> TellBox for &Returned<'_, Result<T, Box<dyn Error>>> {
    fn told(&self) -> Option<Box<Told>> {
        match self.0 {
            Ok(_) => None,
            Err(error) => Some(Box::new(of(error.as_ref()))),
        }
    }
}

/// What is told of all else.
pub trait TellNothing {
    /// Nothing: the error only says itself.
    fn told(&self) -> Option<Box<Told>>;
}

impl<R> TellNothing for Returned<'_, R> {
    fn told(&self) -> Option<Box<Told>> {
        None
    }
}

/// The result of a step, with what its error told.
pub fn conclude(result: Result<(), Stop>, told: Option<Box<Told>>) -> Result<(), Stop> {
    match (result, told) {
        (Err(stop), Some(told)) => Err(told.improve(stop)),
        (result, _) => result,
    }
}

impl Told {
    /// Says in a failure what is told.
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
fn of(error: &(dyn Error + 'static)) -> Told {
    let mut told = tell(error, error.source());
    if let Some(outcome) = error.downcast_ref::<Outcome>() {
        told.outcome = Some(outcome.clone());
    }
    told
}

fn tell(error: &dyn fmt::Display, source: Option<&(dyn Error + 'static)>) -> Told {
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
    Told {
        text,
        outcome,
        inner,
    }
}

/// Whether a message has another one in it already, and not only as a part of a word.
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
