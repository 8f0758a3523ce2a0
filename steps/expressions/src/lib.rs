//! Cucumber Expressions: their grammar, their errors, and their regular expressions.
//!
//! The attributes of `bdd-steps` use it to check expressions while a step crate is compiled, and the runner
//! uses it to match. So it has no dependencies, no engine for regular expressions, and only the built-in
//! parameter types. Matching, and generating expressions from the text of a step, are in the runner.
//!
//! The crate `cucumber-expressions` 0.5.0 was measured as an alternative. It gives the official text for none
//! of the 13 wrong expressions of the public test data, and handles 47 of the 54 others. It does not expose
//! tokens, and its 20 crates would be built for every step crate.
//!
//! ```
//! use bdd_expressions::{BuiltIn, Expression};
//!
//! let expression = Expression::parse("I have {int} cucumber(s)")?;
//! assert_eq!(expression.parameters()[0].name, "int");
//! let regex = expression.to_regex(|name| Some(BuiltIn::named(name)?.regexps))?;
//! assert_eq!(regex, r"^I have ((?:-?\d+)|(?:\d+)) cucumber(?:s)?$");
//! # Ok::<(), bdd_expressions::Error>(())
//! ```

mod ast;
mod built_in;
mod error;
mod expression;
mod parser;
mod token;

pub use ast::{Node, NodeKind};
pub use built_in::{BUILT_IN, BuiltIn};
pub use error::{Error, ErrorKind, check_parameter_type_name};
pub use expression::{Expression, Parameter};
pub use parser::parse;
pub use token::{Token, TokenKind, tokenize};
