//! Step definitions for the bdd test runner.
//!
//! A step crate is a program whose `main` calls [`worker`]. `bdd run` builds it, starts it once
//! for each job and tells it which scenarios to run.
//!
//! ```no_run
//! use bdd_steps::{Fixture, given, then, when};
//!
//! #[derive(Default, Fixture)]
//! struct Calculator {
//!     entered: Vec<i64>,
//!     shown: i64,
//! }
//!
//! #[given(r"^I have entered (\d+) into the calculator$")]
//! fn enter(calculator: &mut Calculator, number: i64) {
//!     calculator.entered.push(number);
//! }
//!
//! #[when("^I press add$")]
//! fn add(calculator: &mut Calculator) {
//!     calculator.shown = calculator.entered.iter().sum();
//! }
//!
//! #[then(r"^the result should be (-?\d+)$")]
//! fn result(calculator: &Calculator, expected: i64) {
//!     assert_eq!(calculator.shown, expected);
//! }
//!
//! fn main() {
//!     bdd_steps::worker()
//! }
//! ```
//!
//! # What a step function takes
//!
//! | parameter | is |
//! |---|---|
//! | `&mut T`, `&T` | the scenario's fixture of the type `T`, which is a [`Fixture`] |
//! | [`&Context`](Context) | the feature, scenario and step that run |
//! | [`Table`], `&Table`, `Option<Table>` | the table below the step |
//! | [`DocString`], `&DocString`, `Option<DocString>` | the docstring below the step |
//! | `Vec<T>` | the table's rows as values (feature `serde`) |
//! | `&str` and any other type, by value | the next top-level group of the pattern, by [`FromStr`](std::str::FromStr); `Option<T>` or `Option<&str>` when the group may be absent |
//!
//! It returns `()` or a `Result<(), E>` whose error can be displayed. A panic, and so a failed
//! `assert!`, fails the step too; [`check!`] and its kin fail it at its end. [`pending`] and [`skip`]
//! say something else, as a value (`-> Outcome`) or as an error.
//!
//! A step function is an ordinary function and can be called by other code.
//!
//! # Steps in a library
//!
//! The linker drops a library that the program never mentions, and its definitions with it. A step
//! crate that takes steps from a library names it: `use shop_steps as _;`.

mod argument;
mod causes;
#[cfg(unix)]
mod checks;
mod codec;
mod context;
#[doc(hidden)]
pub mod diff;
mod doc_string;
mod fixture;
mod json;
mod outcome;
pub mod protocol;
mod registry;
mod source;
mod table;
#[cfg(unix)]
mod worker;

#[cfg(not(unix))]
compile_error!("bdd-steps supports Linux and macOS");

pub use bdd_macros::{
    Fixture, after_all, after_feature, after_rule, after_run, after_scenario, after_step,
    before_all, before_feature, before_rule, before_run, before_scenario, before_step, fixture,
    given, step, then, when,
};

pub use argument::FromCapture;
pub use context::{Context, ExportError, Status};
pub use doc_string::DocString;
pub use fixture::{Fixture, FixtureError, FixtureMut, FixtureRef, Scope};
pub use json::CodecError;
pub use outcome::{Outcome, StepReturn, pending, skip};
pub use table::{Comparison, Record, Table, TableDiff};
#[cfg(feature = "serde")]
pub use table::{RowError, ValueError};
#[cfg(unix)]
pub use worker::worker;

/// The guide for step authors: its examples are tested with those of this crate.
#[cfg(doctest)]
#[doc = include_str!("../../docs/steps.md")]
mod guide {}

/// What the attributes expand to; not for use by hand.
#[doc(hidden)]
pub mod __private {
    pub use crate::argument::{Below, Call};
    pub use crate::causes::{Returned, TellBox, TellError, TellInner, TellNothing, conclude};
    #[cfg(unix)]
    pub use crate::checks::{check, check_values};
    pub use crate::fixture::needs::{Needs, TeardownReturn, lives, needs_whole_feature};
    pub use crate::outcome::{StepReturn, Stop};
    pub use crate::registry::{HookDefinition, HookKind, Run, StepDefinition};
    pub use inventory;
}
