//! The attributes of `bdd-steps`. They are documented there.
//!
//! They leave the function as it is and put beside it a registration for `inventory`, with a
//! function that takes the arguments of a step apart. What they cannot see (whether a type is a
//! fixture, or can be made from text) is left to the traits of `bdd-steps`.

mod error;
mod expand;
mod fixture;
mod function;
mod hook;
mod lending;
mod options;
mod parameter;
mod parameter_type;
mod pattern;
mod template;

use proc_macro::TokenStream;

/// Makes a function the definition of a step, mostly used with `Given`.
///
/// The argument is a Cucumber Expression, `#[given("a counter at {int}")]`, or a regular
/// expression, `#[given(r"^a counter at (\d+)$")]`: what begins with `^` or ends with `$` is one.
/// `expr = "…"` and `regex = "…"` say which it is. The parameters of an expression and the top-level
/// groups of a regular expression are the function's parameters by value.
/// A function may have several of these attributes.
#[proc_macro_attribute]
pub fn given(attribute: TokenStream, item: TokenStream) -> TokenStream {
    expand::definition("given", attribute, item)
}

/// Makes a function the definition of a step, mostly used with `When`; see [`macro@given`].
#[proc_macro_attribute]
pub fn when(attribute: TokenStream, item: TokenStream) -> TokenStream {
    expand::definition("when", attribute, item)
}

/// Makes a function the definition of a step, mostly used with `Then`; see [`macro@given`].
#[proc_macro_attribute]
pub fn then(attribute: TokenStream, item: TokenStream) -> TokenStream {
    expand::definition("then", attribute, item)
}

/// Makes a function the definition of a step that is used with any keyword; see [`macro@given`].
#[proc_macro_attribute]
pub fn step(attribute: TokenStream, item: TokenStream) -> TokenStream {
    expand::definition("step", attribute, item)
}

/// The function itself stays as it is and can be called by other code.
#[proc_macro_attribute]
pub fn parameter_type(attribute: TokenStream, item: TokenStream) -> TokenStream {
    parameter_type::function(attribute, item)
}

/// The type itself stays as it is.
#[proc_macro_derive(ParameterType, attributes(parameter_type))]
pub fn derive_parameter_type(item: TokenStream) -> TokenStream {
    parameter_type::derive(item).unwrap_or_else(error::Error::into_tokens)
}

/// Makes a type a fixture whose value is made by `Default`.
///
/// `#[fixture(scope = feature)]` below the derive says how long a value lives: `scenario` (if it
/// says nothing), `feature` or `worker`.
#[proc_macro_derive(Fixture, attributes(fixture))]
pub fn derive_fixture(item: TokenStream) -> TokenStream {
    fixture::derive(item).unwrap_or_else(error::Error::into_tokens)
}

/// Makes the type that a function returns a fixture, which the function makes.
///
/// The function returns `T` or `Result<T, E>`, and takes other fixtures (`&A`, `&mut A`) and
/// `&Context`. They are lent to it while it runs. In the brackets stand, if anything,
/// `scope = feature` (or `worker`), and `teardown = close`: a function that takes the value at the
/// end of its scope and returns `()` or `Result<(), E>`.
///
/// ```ignore
/// #[fixture(scope = worker, teardown = close)]
/// fn database(server: &Server) -> Result<Database, DatabaseError> {
///     Database::connect(server.port())
/// }
///
/// fn close(database: Database) -> Result<(), DatabaseError> {
///     database.disconnect()
/// }
/// ```
#[proc_macro_attribute]
pub fn fixture(attribute: TokenStream, item: TokenStream) -> TokenStream {
    fixture::attribute(attribute, item)
}

/// Makes a function a hook that runs once, before any worker does anything.
///
/// It runs in a process of its own that never gets a scenario. What it
/// [exports](../bdd_steps/struct.Context.html#method.export) becomes part of the environment of all
/// workers. When it fails, no scenario runs.
///
/// What stands in the brackets, what the function takes and what it returns: see
/// [`before_scenario`](macro@before_scenario). Its fixtures have the scope worker.
#[proc_macro_attribute]
pub fn before_run(attribute: TokenStream, item: TokenStream) -> TokenStream {
    let kind = hook::HookAttribute {
        attribute: "before_run",
        variant: "BeforeRun",
        scope: "Worker",
    };
    hook::hook(&kind, attribute, item)
}

/// Makes a function a hook that runs once, after all workers have ended.
///
/// It runs in the process of the hooks before the run, whatever has failed.
///
/// What stands in the brackets, what the function takes and what it returns: see
/// [`before_scenario`](macro@before_scenario). Its fixtures have the scope worker.
#[proc_macro_attribute]
pub fn after_run(attribute: TokenStream, item: TokenStream) -> TokenStream {
    let kind = hook::HookAttribute {
        attribute: "after_run",
        variant: "AfterRun",
        scope: "Worker",
    };
    hook::hook(&kind, attribute, item)
}

/// Makes a function a hook that runs in each worker, before its first scenario.
///
/// It runs again in a worker that takes the place of one that died. When it fails, no scenario runs.
///
/// What stands in the brackets, what the function takes and what it returns: see
/// [`before_scenario`](macro@before_scenario). Its fixtures have the scope worker.
#[proc_macro_attribute]
pub fn before_all(attribute: TokenStream, item: TokenStream) -> TokenStream {
    let kind = hook::HookAttribute {
        attribute: "before_all",
        variant: "BeforeAll",
        scope: "Worker",
    };
    hook::hook(&kind, attribute, item)
}

/// Makes a function a hook that runs in each worker, after its last scenario.
///
/// What stands in the brackets, what the function takes and what it returns: see
/// [`before_scenario`](macro@before_scenario). Its fixtures have the scope worker.
#[proc_macro_attribute]
pub fn after_all(attribute: TokenStream, item: TokenStream) -> TokenStream {
    let kind = hook::HookAttribute {
        attribute: "after_all",
        variant: "AfterAll",
        scope: "Worker",
    };
    hook::hook(&kind, attribute, item)
}

/// Makes a function a hook that runs before the first scenario of a feature.
///
/// All scenarios of the feature then run on one worker. When the hook fails, is pending or
/// [asks to skip](../bdd_steps/fn.skip.html), no scenario of the feature runs. What tags hold is asked of the
/// feature, not of its scenarios.
///
/// What stands in the brackets, what the function takes and what it returns: see
/// [`before_scenario`](macro@before_scenario). Its fixtures have the scope
/// feature or worker.
#[proc_macro_attribute]
pub fn before_feature(attribute: TokenStream, item: TokenStream) -> TokenStream {
    let kind = hook::HookAttribute {
        attribute: "before_feature",
        variant: "BeforeFeature",
        scope: "Feature",
    };
    hook::hook(&kind, attribute, item)
}

/// Makes a function a hook that runs after the last scenario of a feature.
///
/// It runs whatever has failed, and also when the scenarios were skipped. All scenarios of the feature
/// run on one worker.
///
/// What stands in the brackets, what the function takes and what it returns: see
/// [`before_scenario`](macro@before_scenario). Its fixtures have the scope
/// feature or worker.
#[proc_macro_attribute]
pub fn after_feature(attribute: TokenStream, item: TokenStream) -> TokenStream {
    let kind = hook::HookAttribute {
        attribute: "after_feature",
        variant: "AfterFeature",
        scope: "Feature",
    };
    hook::hook(&kind, attribute, item)
}

/// Makes a function a hook that runs before the first scenario of a rule.
///
/// All scenarios of the feature then run on one worker. When the hook fails, is pending or
/// [asks to skip](../bdd_steps/fn.skip.html), no scenario of the rule runs. What tags hold is asked of the
/// rule, not of its scenarios.
///
/// What stands in the brackets, what the function takes and what it returns: see
/// [`before_scenario`](macro@before_scenario). Its fixtures have the scope
/// feature or worker.
#[proc_macro_attribute]
pub fn before_rule(attribute: TokenStream, item: TokenStream) -> TokenStream {
    let kind = hook::HookAttribute {
        attribute: "before_rule",
        variant: "BeforeRule",
        scope: "Feature",
    };
    hook::hook(&kind, attribute, item)
}

/// Makes a function a hook that runs after the last scenario of a rule.
///
/// It runs whatever has failed, and also when the scenarios were skipped. All scenarios of the feature
/// run on one worker.
///
/// What stands in the brackets, what the function takes and what it returns: see
/// [`before_scenario`](macro@before_scenario). Its fixtures have the scope
/// feature or worker.
#[proc_macro_attribute]
pub fn after_rule(attribute: TokenStream, item: TokenStream) -> TokenStream {
    let kind = hook::HookAttribute {
        attribute: "after_rule",
        variant: "AfterRule",
        scope: "Feature",
    };
    hook::hook(&kind, attribute, item)
}

/// Makes a function a hook that runs before the first step of every attempt at a scenario.
///
/// The function takes fixtures (`&T`, `&mut T`) of any scope and `&Context`, and returns what a step
/// returns. When it fails, is pending or [asks to skip](../bdd_steps/fn.skip.html), no step of the scenario
/// runs. The other hooks before it do, unless it asks to skip.
///
/// In the brackets stands a tag expression that says where the hook applies, and options; `tags` may also be
/// one of them:
///
/// ```ignore
/// #[before_scenario]
/// #[before_scenario("@db and not @slow")]
/// #[before_scenario("@db", name = "open the database", order = 10)]
/// #[before_scenario(tags = "@db", order = -1)]
/// ```
///
/// Hooks before something run from the lowest `order` to the highest (0 if nothing is said), and then in
/// the order of their definitions: by package, file, line and column. Hooks after something run exactly the
/// other way round.
#[proc_macro_attribute]
pub fn before_scenario(attribute: TokenStream, item: TokenStream) -> TokenStream {
    let kind = hook::HookAttribute {
        attribute: "before_scenario",
        variant: "BeforeScenario",
        scope: "Scenario",
    };
    hook::hook(&kind, attribute, item)
}

/// Makes a function a hook that runs after the last step of every attempt at a scenario.
///
/// It runs whatever has failed, before the fixtures of the scenario are closed.
///
/// What stands in the brackets, what the function takes and what it returns: see
/// [`before_scenario`](macro@before_scenario).
#[proc_macro_attribute]
pub fn after_scenario(attribute: TokenStream, item: TokenStream) -> TokenStream {
    let kind = hook::HookAttribute {
        attribute: "after_scenario",
        variant: "AfterScenario",
        scope: "Scenario",
    };
    hook::hook(&kind, attribute, item)
}

/// Makes a function a hook that runs before every step.
///
/// When it does not pass, neither does the step, which is not run. Steps that no definition matches, and
/// those behind a step that did not pass, have no hooks. Tags are those of the scenario.
///
/// What stands in the brackets, what the function takes and what it returns: see
/// [`before_scenario`](macro@before_scenario).
#[proc_macro_attribute]
pub fn before_step(attribute: TokenStream, item: TokenStream) -> TokenStream {
    let kind = hook::HookAttribute {
        attribute: "before_step",
        variant: "BeforeStep",
        scope: "Scenario",
    };
    hook::hook(&kind, attribute, item)
}

/// Makes a function a hook that runs after every step.
///
/// It runs whatever has become of the step, and counts for its status.
///
/// What stands in the brackets, what the function takes and what it returns: see
/// [`before_scenario`](macro@before_scenario).
#[proc_macro_attribute]
pub fn after_step(attribute: TokenStream, item: TokenStream) -> TokenStream {
    let kind = hook::HookAttribute {
        attribute: "after_step",
        variant: "AfterStep",
        scope: "Scenario",
    };
    hook::hook(&kind, attribute, item)
}
