//! A function of the user with what each of its parameters takes: what a step or hook calls.
//!
//! The attributes only write the parameters down, as values of the types in `parameter` and `argument`. The code
//! that gets the arguments is generic over these types: functions with the same parameters share it, and an edit of
//! one function compiles none of it again. When each step had a function for that, it was half of the time of a
//! rebuild with 500 steps.

mod argument;
mod parameter;
mod parameters;

use crate::argument::Call;
use crate::outcome::Stop;

#[cfg(feature = "serde")]
pub use argument::rows;
pub use argument::{
    OptionalDocString, OptionalTable, OwnDocString, OwnTable, TheDocString, TheTable, capture,
    capture_by, optional_capture, optional_capture_by, optional_text, text,
};
pub use parameter::{TheContext, read, write};
pub use parameters::Parameters;

/// A function of the user that a step or hook calls.
pub trait Callable: Sync {
    /// Gets the arguments and calls the function.
    fn call(&self, call: &mut Call<'_>) -> Result<(), Stop>;

    /// Whether one of its fixtures needs all scenarios of a feature on one worker.
    fn whole_feature(&self) -> bool;
}

/// The parameters of a function, and the function.
pub struct Function<P: Parameters, R = ()> {
    parameters: P,
    function: P::Function<R>,
}

/// A function with these parameters.
pub const fn function<P: Parameters, R>(parameters: P, function: P::Function<R>) -> Function<P, R> {
    Function {
        parameters,
        function,
    }
}

impl<P: Parameters, R: Concluded> Callable for Function<P, R> {
    fn call(&self, call: &mut Call<'_>) -> Result<(), Stop> {
        call.takes(P::BELOW)?;
        self.parameters.call(self.function, call)?.conclude()
    }

    fn whole_feature(&self) -> bool {
        self.parameters.whole_feature()
    }
}

/// What a [`Function`] returns: the attributes turn everything else into a result.
pub trait Concluded {
    /// The result of the step or hook.
    fn conclude(self) -> Result<(), Stop>;
}

impl Concluded for () {
    fn conclude(self) -> Result<(), Stop> {
        Ok(())
    }
}

impl Concluded for Result<(), Stop> {
    fn conclude(self) -> Result<(), Stop> {
        self
    }
}
