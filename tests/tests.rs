//! The integration tests: one program, a module per subject.
#![allow(missing_docs, clippy::unwrap_used)]

mod protocol;
#[path = "support/step_program.rs"]
mod step_program;
