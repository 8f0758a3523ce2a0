//! Step definitions for the bdd test runner.
//!
//! A step crate is a program whose `main` calls [`worker`]. `bdd run` builds it, starts it once
//! for each job and sends it the scenarios to run.
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
//! #[given("I have entered {int} into the calculator")]
//! fn enter(calculator: &mut Calculator, number: i64) {
//!     calculator.entered.push(number);
//! }
//!
//! #[when("I press add")]
//! fn add(calculator: &mut Calculator) {
//!     calculator.shown = calculator.entered.iter().sum();
//! }
//!
//! #[then("the result should be {int}")]
//! fn result(calculator: &Calculator, expected: i64) {
//!     assert_eq!(calculator.shown, expected);
//! }
//!
//! fn main() {
//!     bdd_steps::worker()
//! }
//! ```
//!
//! | subject | begins at |
//! |---|---|
//! | steps and their patterns | [`given`](macro@given), [`when`](macro@when), [`then`](macro@then), [`step`](macro@step) |
//! | what `{name}` stands for, transforms | [`parameter_type`](macro@parameter_type), [`ParameterType`](derive@ParameterType) |
//! | what steps share | [`derive(Fixture)`](derive@Fixture), [`fixture`](macro@fixture) |
//! | what runs before and after | [hooks](#hooks) |
//! | tables and docstrings | [`Table`], [`Comparison`], [`DocString`] |
//! | pending, skipped, several failures at once | [`pending`], [`skip`], [`check!`] |
//! | where a step runs, attachments, logs, steps from text, user data | [`Context`] |
//! | `async fn` | [below](#async) |
//!
//! The book in the folder `docs/book` of bdd's repository has a chapter for each, with features to run.
//!
//! # What a step function takes
//!
//! | parameter | is |
//! |---|---|
//! | `&mut T`, `&T` | the [`Fixture`] of type `T` of the scenario, feature or worker |
//! | [`&Context`](Context) | the feature, scenario and step that run |
//! | [`Table`], `&Table`, `Option<Table>` | the table below the step |
//! | [`DocString`], `&DocString`, `Option<DocString>` | the docstring below the step |
//! | `Vec<T>` | the table's rows as values (feature `serde`) |
//! | `&str` and any other type, by value | the next top-level group of the pattern, by [`FromStr`](std::str::FromStr) or a [`parameter_type`]; `Option<T>` or `Option<&str>` when the group may be absent |
//!
//! A function has at most 16 parameters.
//! It returns `()` or a `Result<(), E>` whose error can be displayed. A panic, and so a failed
//! `assert!`, fails the step too; [`check!`] and the macros like it fail the step when it ends. To report a
//! step as pending or to skip the scenario, return [`pending`] or [`skip`] as a value (`-> Outcome`) or as an
//! error.
//!
//! A step function is an ordinary function and can be called by other code.
//!
//! # Hooks
//!
//! | attribute | the function runs |
//! |---|---|
//! | [`before_run`](macro@before_run), [`after_run`](macro@after_run) | once, in a process without scenarios |
//! | [`before_all`](macro@before_all), [`after_all`](macro@after_all) | in each worker |
//! | [`before_feature`](macro@before_feature), [`after_feature`](macro@after_feature) | around the scenarios of a feature |
//! | [`before_rule`](macro@before_rule), [`after_rule`](macro@after_rule) | around the scenarios of a rule |
//! | [`before_scenario`](macro@before_scenario), [`after_scenario`](macro@after_scenario) | around every attempt at a scenario |
//! | [`before_step`](macro@before_step), [`after_step`](macro@after_step) | around every step |
//!
//! A hook takes fixtures and [`&Context`](Context), and returns what a step returns. The attribute takes a
//! tag expression, a name and an order; see [`before_scenario`](macro@before_scenario).
//!
//! # Async
//!
//! With the feature `async`, steps, hooks and fixtures may be `async fn`s. They run one after the other on
//! the main thread of the worker, inside a tokio runtime. Tasks that they spawn end with their scenario,
//! feature or worker.
//!
//! # Features of this crate
//!
//! | feature | adds |
//! |---|---|
//! | `serde` | rows of tables as values: `Vec<T>` parameters, `Table::rows_as`, `vertical_as`, `from_values` |
//! | `async` | `async fn` steps, hooks and fixtures |
//!
//! # Steps in a library
//!
//! The linker drops a library that the program never mentions, and its definitions with it. A step
//! crate that takes steps from a library names it: `use shop_steps as _;`.

mod argument;
#[cfg(feature = "async")]
mod asynchronous;
#[cfg(not(feature = "async"))]
#[path = "not_asynchronous.rs"]
mod asynchronous;
mod attachments;
mod causes;
#[cfg(unix)]
mod checks;
mod context;
mod doc_string;
mod fixture;
mod function;
mod hook_kind;
mod outcome;
mod parameter_type;
mod registry;
mod run_steps;
mod source;
mod table;
mod userdata;
#[cfg(unix)]
mod worker;

#[cfg(not(unix))]
compile_error!("bdd-steps supports Linux and macOS");

pub use bdd_macros::{Fixture, given, step, then, when};

/// ```
/// use bdd_steps::{Context, fixture, when};
/// use std::io;
/// use std::process::{Child, Command};
///
/// struct Server(Child);
///
/// #[fixture(scope = worker, teardown = stop)]
/// fn server() -> io::Result<Server> {
///     Command::new("shop-server").spawn().map(Server)
/// }
///
/// fn stop(mut server: Server) -> io::Result<()> {
///     server.0.kill()
/// }
///
/// struct Account {
///     name: String,
/// }
///
/// #[fixture]
/// fn account(_server: &Server, cx: &Context) -> Account {
///     Account { name: format!("account-{}", cx.scenario_line().unwrap_or_default()) }
/// }
///
/// #[when("^I sign in$")]
/// fn sign_in(account: &Account) {
///     println!("{}", account.name);
/// }
/// # fn main() {}
/// ```
pub use bdd_macros::fixture;

/// ```
/// use bdd_steps::{Context, ExportError, after_run, before_run};
///
/// #[before_run]
/// fn choose_port(cx: &Context) -> Result<(), ExportError> {
///     cx.export("SHOP_PORT", "8080")
/// }
///
/// #[after_run]
/// fn done() {
///     println!("all workers have ended");
/// }
/// # fn main() {}
/// ```
pub use bdd_macros::{after_run, before_run};

/// ```
/// use bdd_steps::{Fixture, after_all, before_all};
///
/// #[derive(Default, Fixture)]
/// #[fixture(scope = worker)]
/// struct Cache(Vec<String>);
///
/// #[before_all]
/// fn warm_up(cache: &mut Cache) {
///     cache.0.push("prices".to_owned());
/// }
///
/// #[after_all]
/// fn report(cache: &Cache) {
///     println!("{} entries", cache.0.len());
/// }
/// # fn main() {}
/// ```
pub use bdd_macros::{after_all, before_all};

/// ```
/// use bdd_steps::{Context, Fixture, Outcome, after_feature, before_feature, skip};
///
/// #[derive(Default, Fixture)]
/// #[fixture(scope = feature)]
/// struct Shop {
///     open: bool,
/// }
///
/// #[before_feature("@shop")]
/// fn open(shop: &mut Shop, cx: &Context) -> Result<(), Outcome> {
///     if cx.has_tag("@sunday") {
///         return Err(skip("closed on Sundays"));
///     }
///     shop.open = true;
///     Ok(())
/// }
///
/// #[after_feature("@shop")]
/// fn close(shop: &mut Shop) {
///     shop.open = false;
/// }
/// # fn main() {}
/// ```
pub use bdd_macros::{after_feature, before_feature};

/// ```
/// use bdd_steps::{Context, after_rule, before_rule};
///
/// #[before_rule]
/// fn announce(cx: &Context) {
///     println!("rule: {}", cx.rule().unwrap_or_default());
/// }
///
/// #[after_rule(name = "draw a line")]
/// fn line() {
///     println!("--------");
/// }
/// # fn main() {}
/// ```
pub use bdd_macros::{after_rule, before_rule};

/// ```
/// use bdd_steps::{Context, Fixture, Status, after_scenario, before_scenario};
///
/// #[derive(Default, Fixture)]
/// struct Till {
///     cents: i64,
/// }
///
/// #[before_scenario("@till and not @broke", order = -1)]
/// fn fill(till: &mut Till) {
///     till.cents = 100;
/// }
///
/// #[after_scenario]
/// fn count(till: &Till, cx: &Context) {
///     if cx.status() == Status::Failed {
///         println!("{} cents in attempt {}", till.cents, cx.attempt().unwrap_or_default());
///     }
/// }
/// # fn main() {}
/// ```
pub use bdd_macros::{after_scenario, before_scenario};

/// ```
/// use bdd_steps::{Context, after_step, before_step};
///
/// #[before_step("@traced")]
/// fn announce(cx: &Context) {
///     println!("{} {}", cx.step_keyword().unwrap_or_default(), cx.step_text().unwrap_or_default());
/// }
///
/// #[after_step("@traced")]
/// fn judge(cx: &Context) {
///     println!("{}", cx.status());
/// }
/// # fn main() {}
/// ```
pub use bdd_macros::{after_step, before_step};

/// Makes a type that implements [`FromStr`](std::str::FromStr) a parameter type.
///
/// ```
/// use bdd_steps::{ParameterType, given};
/// use std::str::FromStr;
///
/// #[derive(ParameterType)]
/// #[parameter_type(name = "colour", regex = "red|green")]
/// enum Colour {
///     Red,
///     Green,
/// }
///
/// impl FromStr for Colour {
///     type Err = String;
///
///     fn from_str(text: &str) -> Result<Self, String> {
///         match text {
///             "red" => Ok(Self::Red),
///             "green" => Ok(Self::Green),
///             _ => Err("expected red or green".to_owned()),
///         }
///     }
/// }
///
/// #[given("a {colour} door")]
/// fn door(colour: Colour) {}
/// # fn main() {}
/// ```
///
/// The options are those of [`macro@crate::parameter_type`] except `by_name_only`. The default name is the
/// name of the type in snake case. The whole text is converted, even if the regular expression has groups.
///
pub use bdd_macros::ParameterType;

/// Makes a function a parameter type: what `{name}` in a Cucumber Expression stands for, and how its
/// text becomes a value.
///
/// ```
/// use bdd_steps::{Fixture, parameter_type, when};
///
/// struct Flight {
///     from: String,
///     to: String,
/// }
///
/// #[parameter_type(name = "flight", regex = "([A-Z]{3})-([A-Z]{3})")]
/// fn flight(from: &str, to: &str) -> Flight {
///     Flight { from: from.to_owned(), to: to.to_owned() }
/// }
///
/// #[derive(Default, Fixture)]
/// struct Delays(Vec<String>);
///
/// #[when("{flight} is delayed by {int} minutes")]
/// fn delayed(delays: &mut Delays, flight: Flight, minutes: u32) {
///     delays.0.push(format!("{}–{}: {minutes}", flight.from, flight.to));
/// }
/// # fn main() {}
/// ```
///
/// | option | says |
/// |---|---|
/// | `name = "…"` | the name between the braces; without it, the function's name |
/// | `regex = "…"`, `regexes = ["…", "…"]` | what its texts look like; searched for inside a step's text, so without `^` and `$` |
/// | `use_for_snippets = false` | snippets for undefined steps do not suggest it |
/// | `prefer_for_regexp = true` | it wins if a group of a regular expression could be of several parameter types |
/// | `by_name_only = true` | see below |
///
/// The function has a parameter for each top-level group of all regular expressions, in order. Without groups
/// it has one parameter for the whole text. A parameter is `&str`, or a value as in a step. It is
/// `Option<&str>` or `Option<T>` if its group may be absent from the match. The function returns the value,
/// or a `Result` whose error can be displayed and fails the step.
///
/// # Which function converts an argument
///
/// A parameter `flight: Flight` of a step is converted
///
/// 1. by the parameter type in the pattern, if its function returns a `Flight`. The pattern names it,
///    `{flight}`, or has a group that equals its regular expression:
///    `^(([A-Z]{3})-([A-Z]{3})) is delayed$`. Several parameter types may return the same Rust type;
/// 2. otherwise by the Rust type itself, through [`FromStr`](std::str::FromStr);
/// 3. otherwise, for a Rust type without `FromStr`, by the function that returns it. From a plain group,
///    `^(\S+) is delayed$`, the function gets the whole text; a function with several parameters cannot be
///    used there.
///
/// A text parameter (`&str`, `String`) of a step gets the text, unless the parameter type in the pattern
/// returns a `String`. If several functions return the same Rust type and it has no `FromStr`, all but one
/// of them need `by_name_only = true`; the third rule then uses that one.
///
/// # Coming from Freshen
///
/// The third rule is Freshen's `Transform`: the type of the parameter decides how a captured text becomes
/// a value, whatever the pattern is. The first rule is its `NamedTransform`: patterns use a name instead of a
/// regular expression.
///
pub use bdd_macros::parameter_type;

pub use context::{Content, Context, ExportError, Status};
pub use doc_string::DocString;
pub use fixture::{Fixture, FixtureError, FixtureMut, FixtureRef, Scope};
pub use outcome::{Outcome, StepReturn, pending, skip};
pub use parameter_type::FromCapture;
pub use run_steps::RunStepsError;
pub use table::{Comparison, Record, Table, TableDiff};
#[cfg(feature = "serde")]
pub use table::{RowError, ValueError};
/// The runtime of `async fn` steps, for spawning tasks and for timers and sockets.
#[cfg(feature = "async")]
pub use tokio;
pub use userdata::UserdataError;
#[cfg(unix)]
pub use worker::worker;

/// Support for the generated code of the attributes. Not for direct use.
#[doc(hidden)]
pub mod __private {
    pub use crate::argument::Call;
    #[cfg(feature = "async")]
    pub use crate::asynchronous::block_on;
    pub use crate::causes::{Returned, conclude};
    #[cfg(unix)]
    pub use crate::checks::{check, check_values};
    pub use crate::fixture::needs::{Needs, TeardownReturn, needs};
    #[cfg(feature = "serde")]
    pub use crate::function::rows;
    pub use crate::function::{
        OptionalDocString, OptionalTable, OwnDocString, OwnTable, TheContext, TheDocString,
        TheTable, capture, capture_by, function, optional_capture, optional_capture_by,
        optional_text, read, text, write,
    };
    pub use crate::hook_kind::HookKind;
    pub use crate::outcome::{StepReturn, Stop};
    pub use crate::parameter_type::{
        Captured, Conversion, Convert, MadeBy, ParameterTypeDefinition, ParameterTypeEntry,
    };
    pub use crate::registry::{HookDefinition, Registered, StepDefinition};
    pub use inventory;

    /// The traits of methods that the compiler selects by the type of a parameter or of a result.
    pub mod by_type {
        pub use crate::causes::{
            ExplainBox as _, ExplainError as _, ExplainInner as _, ExplainNothing as _,
        };
        pub use crate::parameter_type::{ByFunction as _, ByItself as _, ByNothing as _};
    }
}
