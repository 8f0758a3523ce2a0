//! Step definitions for the bdd test runner.

mod codec;
mod json;
pub mod protocol;
