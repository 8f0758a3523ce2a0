//! Step definitions for the bdd test runner.

pub mod protocol;
