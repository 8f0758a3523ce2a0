//! The integration tests: one program, a module per subject.
#![allow(missing_docs, clippy::unwrap_used)]

mod support;

mod command_line;
mod report;
