//! `bdd lsp`, driven over its streams as an editor drives it.

mod client;
mod edits;
mod programs;
mod protocol;
mod python_suite;
mod rust_suite;
mod texts;
