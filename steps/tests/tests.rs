//! The tests of what a step author sees: one program, a module per subject.
#![allow(missing_docs, clippy::unwrap_used)]

mod compile_errors;
mod names;
mod table;
mod table_diff;
mod typed_tables;
