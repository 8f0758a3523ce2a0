//! `bdd`: a Gherkin test runner.
//!
//! A run is a pipeline; each stage is a module, and data flows one way:
//! discover → gherkin → plan → matching → run ⇄ worker → report.

#[cfg(not(unix))]
compile_error!("bdd runs on Linux and macOS: its workers speak over Unix domain sockets");

pub mod behave;
pub mod cli;
mod code_units;
pub mod config;
pub mod discover;
pub mod docs;
mod durable;
pub mod event;
mod file_lock;
pub mod format;
pub mod gherkin;
pub mod history;
mod html;
mod input;
mod json;
pub mod lint;
pub mod lsp;
pub mod matching;
pub mod merge;
mod number_map;
mod owned_file;
mod parse_value_error;
mod path_glob;
mod paths;
pub mod plan;
mod quoted_path;
pub mod report;
pub mod rule;
pub mod run;
mod side_by_side;
mod spelling;
pub mod step_catalogue;
mod system_error;
pub mod worker;
pub mod worker_check;

pub use parse_value_error::ParseValueError;
