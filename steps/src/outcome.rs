//! The outcome of a step, from what its function returned.

use std::cell::RefCell;
use std::error::Error;
use std::fmt;

use bdd_protocol::{Failure, LONGEST_MESSAGE, LONGEST_TRACE, StepStatus, shorten};

/// A result that is neither success nor failure: see [`pending`] and [`skip`]. A step returns it as its
/// value or as its error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    kind: OutcomeKind,
    reason: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum OutcomeKind {
    Pending,
    Skipped,
}

/// Reports that the step is not written yet. A pending step fails the run, except with `--no-strict`.
///
/// ```
/// use bdd_steps::{Outcome, pending, when};
///
/// #[when("^the invoice is printed$")]
/// fn print_invoice() -> Outcome {
///     pending("waits for the printer")
/// }
///
/// #[when("^the invoice is sent$")]
/// fn send_invoice() -> Result<(), Box<dyn std::error::Error>> {
///     let address = std::fs::read_to_string("address")
///         .map_err(|_| pending("nobody has an address yet"))?;
///     println!("to {address}");
///     Ok(())
/// }
/// # fn main() {}
/// ```
///
/// It may also be the cause of another error, or be wrapped in an error that displays the same text, such as
/// an `anyhow::Error`.
pub fn pending(reason: impl Into<String>) -> Outcome {
    Outcome {
        kind: OutcomeKind::Pending,
        reason: reason.into(),
    }
}

/// Skips the rest of the scenario, which is then reported as skipped. It can be returned as a value or as an
/// error, like [`pending`].
pub fn skip(reason: impl Into<String>) -> Outcome {
    Outcome {
        kind: OutcomeKind::Skipped,
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
    /// The outcome that was displayed last. It shows whether an error of an unknown type, such as
    /// `anyhow::Error`, contains an outcome: displaying the error displays the outcome.
    static SHOWN: RefCell<Option<Outcome>> = const { RefCell::new(None) };
}

/// Why a step did not pass.
///
/// Every function between the user's function and the loop of the worker returns it. In a step program
/// without optimisation each of them copies it, so its size is only two words.
#[derive(Debug)]
pub enum Stop {
    /// The step failed.
    Failed(Box<Failure>),
    /// The step is not written yet.
    Pending(Box<Reason>),
    /// The rest of the scenario is skipped.
    Skipped(Box<Reason>),
}

/// Why a step is pending or skipped.
#[derive(Debug)]
pub struct Reason {
    pub(crate) text: String,
    /// Whether the step's function returned it as an error, and not as a value.
    as_error: bool,
}

impl Outcome {
    fn into_stop(self, as_error: bool) -> Stop {
        let reason = Box::new(Reason {
            text: self.reason,
            as_error,
        });
        match self.kind {
            OutcomeKind::Pending => Stop::Pending(reason),
            OutcomeKind::Skipped => Stop::Skipped(reason),
        }
    }

    /// The outcome as an error with a longer reason.
    pub(crate) fn into_error(self, reason: String) -> Stop {
        Self { reason, ..self }.into_stop(true)
    }
}

impl Stop {
    /// A failure that bdd-steps itself found.
    #[cold]
    pub(crate) fn failed(message: String) -> Self {
        Self::Failed(Box::new(Failure {
            kind: "Error".to_owned(),
            message,
            ..Failure::default()
        }))
    }

    /// The outcome of a displayed error of the user.
    #[cold]
    pub fn displayed(error: impl fmt::Display) -> Self {
        SHOWN.set(None);
        // `anyhow` shows the causes of an error in this form, others ignore it.
        let message = format!("{error:#}");
        match SHOWN.take() {
            Some(outcome) if outcome.reason == message => outcome.into_stop(true),
            _ => Self::failed(message),
        }
    }

    /// The same, with a changed message if it is a failure.
    #[cold]
    pub(crate) fn explained(self, explain: impl FnOnce(&str) -> String) -> Self {
        match self {
            Self::Failed(mut failure) => {
                failure.message = explain(&failure.message);
                Self::Failed(failure)
            }
            other => other,
        }
    }

    /// The status, and the failure that carries the reason.
    pub(crate) fn into_parts(self) -> (StepStatus, Option<Failure>) {
        let because = |exception: &str, reason: Box<Reason>| {
            let kind = if reason.as_error { exception } else { "" };
            (reason.as_error || !reason.text.is_empty()).then(|| Failure {
                kind: kind.to_owned(),
                message: reason.text,
                ..Failure::default()
            })
        };
        match self {
            Self::Failed(mut failure) => {
                // The runner would do the same, but a long message costs memory on its way.
                shorten(&mut failure.message, LONGEST_MESSAGE);
                shorten(&mut failure.trace, LONGEST_TRACE);
                (StepStatus::Failed, Some(*failure))
            }
            Self::Pending(reason) => (StepStatus::Pending, because("PendingException", reason)),
            Self::Skipped(reason) => (StepStatus::Skipped, because("SkippedException", reason)),
        }
    }
}

/// The failure of an inner step, as the cause of the outer step's failure. It knows the place.
#[derive(Debug, Clone)]
pub(crate) struct InnerFailure(pub(crate) Failure);

impl fmt::Display for InnerFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl Error for InnerFailure {}

/// What a step function may return.
#[diagnostic::on_unimplemented(
    message = "a step or hook cannot return `{Self}`",
    label = "expected `()`, `Outcome` or `Result<(), E>`",
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

impl StepReturn for Outcome {
    fn into_result(self) -> Result<(), Stop> {
        Err(self.into_stop(false))
    }
}

/// `None` means that the step passed.
impl StepReturn for Option<Outcome> {
    fn into_result(self) -> Result<(), Stop> {
        self.map_or(Ok(()), StepReturn::into_result)
    }
}

/// What the `Ok` of a step's result may contain.
#[doc(hidden)]
pub trait StepValue: StepReturn {}

impl StepValue for () {}
impl StepValue for Outcome {}
impl StepValue for Option<Outcome> {}

#[diagnostic::do_not_recommend]
impl<T: StepValue, E: fmt::Display> StepReturn for Result<T, E> {
    fn into_result(self) -> Result<(), Stop> {
        match self {
            Ok(value) => value.into_result(),
            Err(error) => Err(Stop::displayed(error)),
        }
    }
}
