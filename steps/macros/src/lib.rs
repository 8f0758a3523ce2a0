//! The attributes of `bdd-steps`. They are documented there.
//!
//! They leave the function as it is and put beside it a registration for `inventory`, with a
//! function that takes the arguments of a step apart. What they cannot see (whether a type is a
//! fixture, or can be made from text) is left to the traits of `bdd-steps`.

mod error;
mod expand;
mod fixture;
mod function;
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
#[proc_macro_derive(Fixture)]
pub fn fixture(item: TokenStream) -> TokenStream {
    fixture::derive(item).unwrap_or_else(error::Error::into_tokens)
}
