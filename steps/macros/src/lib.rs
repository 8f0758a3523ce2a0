//! The attributes of `bdd-steps`. They are documented there.
//!
//! They do not change the function. They add a registration for `inventory`, with what the function takes: the code
//! that gets the arguments is in `bdd-steps`. An attribute does not see types: the traits of `bdd-steps` decide whether a type is
//! a fixture, or can be made from text.

mod callable;
mod error;
mod expand;
mod fixture;
mod function;
mod hook;
mod lending;
mod mistaken;
mod options;
mod parameter;
mod parameter_type;
mod pattern;
mod template;
mod type_tokens;

use proc_macro::TokenStream;

/// Defines a step that is mostly used with `Given`.
///
/// The argument is a Cucumber Expression, `#[given("a counter at {int}")]`, or a regular
/// expression, `#[given(r"^a counter at (\d+)$")]`. A pattern that begins with `^` or ends with `$` is a
/// regular expression; `expr = "…"` and `regex = "…"` override that. The function has a parameter by value
/// for each parameter of the expression, or for each top-level group of the regular expression.
/// A function may have several of these attributes.
#[proc_macro_attribute]
pub fn given(attribute: TokenStream, item: TokenStream) -> TokenStream {
    expand::definition("given", attribute, item)
}

/// Defines a step that is mostly used with `When`; see [`macro@given`].
#[proc_macro_attribute]
pub fn when(attribute: TokenStream, item: TokenStream) -> TokenStream {
    expand::definition("when", attribute, item)
}

/// Defines a step that is mostly used with `Then`; see [`macro@given`].
#[proc_macro_attribute]
pub fn then(attribute: TokenStream, item: TokenStream) -> TokenStream {
    expand::definition("then", attribute, item)
}

/// Defines a step that is used with any keyword; see [`macro@given`].
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
/// `#[fixture(scope = feature)]` below the derive sets how long a value lives: `scenario` (the default),
/// `feature` or `worker`.
#[proc_macro_derive(Fixture, attributes(fixture))]
pub fn derive_fixture(item: TokenStream) -> TokenStream {
    fixture::derive(item).unwrap_or_else(error::Error::into_tokens)
}

/// Makes a type a fixture whose value is made by this function.
///
/// The function returns `T` or `Result<T, E>`, and may take other fixtures (`&A`, `&mut A`) and `&Context`.
/// They are lent to it while it runs. The options are `scope = feature` (or `worker`), and
/// `teardown = close`, a function that gets the value at the end of its scope and returns `()` or
/// `Result<(), E>`.
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
/// It runs in a process of its own that never runs a scenario. The variables that it
/// [exports](../bdd_steps/struct.Context.html#method.export) become part of the environment of all
/// workers. If it fails, no scenario runs.
///
/// For the options, parameters and return value see
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
/// It runs in the same process as the hooks before the run, even if something has failed.
///
/// For the options, parameters and return value see
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
/// It runs again in a worker that replaces a dead one. If it fails, no scenario runs.
///
/// For the options, parameters and return value see
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
/// For the options, parameters and return value see
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
/// All scenarios of the feature then run on one worker. If the hook fails, is pending or
/// [asks to skip](../bdd_steps/fn.skip.html), no scenario of the feature runs. A tag expression is
/// compared with the tags of the feature, not with those of its scenarios.
///
/// For the options, parameters and return value see
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
/// It runs even if something has failed or the scenarios were skipped. All scenarios of the feature run on
/// one worker.
///
/// For the options, parameters and return value see
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
/// All scenarios of the feature then run on one worker. If the hook fails, is pending or
/// [asks to skip](../bdd_steps/fn.skip.html), no scenario of the rule runs. A tag expression is
/// compared with the tags of the rule, not with those of its scenarios.
///
/// For the options, parameters and return value see
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
/// It runs even if something has failed or the scenarios were skipped. All scenarios of the feature run on
/// one worker.
///
/// For the options, parameters and return value see
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
/// returns. If it fails, is pending or [asks to skip](../bdd_steps/fn.skip.html), no step of the scenario
/// runs. The remaining hooks before the scenario still run, unless it asks to skip.
///
/// The arguments are a tag expression that selects where the hook runs, and options. The tag expression may
/// also be the option `tags`:
///
/// ```ignore
/// #[before_scenario]
/// #[before_scenario("@db and not @slow")]
/// #[before_scenario("@db", name = "open the database", order = 10)]
/// #[before_scenario(tags = "@db", order = -1)]
/// ```
///
/// Hooks before something run from the lowest `order` to the highest; the default is 0. Hooks with the same
/// `order` run in the order of their definitions: by package, file, line and column. Hooks after something
/// run in exactly the reverse order.
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
/// It runs even if something has failed, before the fixtures of the scenario are closed.
///
/// For the options, parameters and return value see
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
/// If it does not pass, the step does not run and gets the status of the hook. Undefined steps, and steps
/// after one that did not pass, have no hooks. Tags are those of the scenario.
///
/// For the options, parameters and return value see
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
/// It runs whatever the status of the step is. If it does not pass, the status of the step gets worse.
///
/// For the options, parameters and return value see
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
