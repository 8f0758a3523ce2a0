//! How a step went, from what its function returned.

use std::cell::RefCell;
use std::error::Error;
use std::fmt;

use crate::protocol::{Failure, StepStatus};

/// An error that means something else than failure: see [`pending`] and [`skip`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    kind: Kind,
    reason: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Pending,
    Skipped,
}

/// An error that says that the step is not written yet. The step is pending, which fails the run
/// unless it is not strict.
///
/// ```
/// use bdd_steps::{Outcome, pending, when};
///
/// #[when("^the invoice is printed$")]
/// fn print_invoice() -> Result<(), Outcome> {
///     Err(pending("waits for the printer"))
/// }
/// # fn main() {}
/// ```
///
/// It may also be returned as a `Box<dyn Error>`, or inside another error that displays as it.
pub fn pending(reason: impl Into<String>) -> Outcome {
    Outcome {
        kind: Kind::Pending,
        reason: reason.into(),
    }
}

/// An error that skips the rest of the scenario, which then counts as skipped.
pub fn skip(reason: impl Into<String>) -> Outcome {
    Outcome {
        kind: Kind::Skipped,
        reason: reason.into(),
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        SHOWN.with_borrow_mut(|shown| *shown = Some(self.clone()));
        f.write_str(&self.reason)
    }
}

impl Error for Outcome {}

thread_local! {
    /// The outcome that was displayed last. It tells which errors *are* outcomes: an error of a
    /// type that is unknown here (`anyhow::Error`, say) is one when it displays as one.
    static SHOWN: RefCell<Option<Outcome>> = const { RefCell::new(None) };
}

/// Why a step's function did not simply return.
#[derive(Debug)]
pub enum Stop {
    /// The step failed.
    Failed(Failure),
    /// The step is not written yet.
    Pending(String),
    /// The rest of the scenario is skipped.
    Skipped(String),
}

impl Stop {
    /// A failure that bdd-steps itself found.
    #[cold]
    pub(crate) fn failed(message: String) -> Self {
        Self::Failed(Failure {
            kind: "Error".to_owned(),
            message,
            ..Failure::default()
        })
    }

    /// What an error of the user means.
    #[cold]
    pub fn from_error(error: impl fmt::Display) -> Self {
        SHOWN.set(None);
        // `anyhow` shows the causes of an error in this form, others ignore it.
        let message = format!("{error:#}");
        match SHOWN.take() {
            Some(outcome) if outcome.reason == message => match outcome.kind {
                Kind::Pending => Self::Pending(message),
                Kind::Skipped => Self::Skipped(message),
            },
            _ => Self::failed(message),
        }
    }

    /// The same, with another message if it is a failure.
    #[cold]
    pub(crate) fn explained(self, explain: impl FnOnce(&str) -> String) -> Self {
        match self {
            Self::Failed(failure) => Self::Failed(Failure {
                message: explain(&failure.message),
                ..failure
            }),
            other => other,
        }
    }

    /// The status, and the failure that carries the reason.
    pub(crate) fn into_parts(self) -> (StepStatus, Option<Failure>) {
        let because = |kind: &str, message: String| {
            (!message.is_empty()).then(|| Failure {
                kind: kind.to_owned(),
                message,
                ..Failure::default()
            })
        };
        match self {
            Self::Failed(failure) => (StepStatus::Failed, Some(failure)),
            Self::Pending(reason) => (StepStatus::Pending, because("Pending", reason)),
            Self::Skipped(reason) => (StepStatus::Skipped, because("Skipped", reason)),
        }
    }
}

/// What a step function may return.
#[diagnostic::on_unimplemented(
    message = "a step cannot return `{Self}`",
    label = "expected `()` or `Result<(), E>`",
    note = "the error `E` must implement `Display`"
)]
pub trait StepReturn {
    /// Turns it into what the worker reports.
    #[doc(hidden)]
    fn into_result(self) -> Result<(), Stop>;
}

impl StepReturn for () {
    fn into_result(self) -> Result<(), Stop> {
        Ok(())
    }
}

#[diagnostic::do_not_recommend]
impl<E: fmt::Display> StepReturn for Result<(), E> {
    fn into_result(self) -> Result<(), Stop> {
        match self {
            Ok(()) => Ok(()),
            Err(error) => Err(Stop::from_error(error)),
        }
    }
}
