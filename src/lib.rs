//! `bdd`: a Gherkin test runner.
//!
//! A run is a pipeline; each stage is a module, and data flows one way:
//! discover → gherkin → plan → matching → run ⇄ worker → report.

#[cfg(not(unix))]
compile_error!("bdd runs on Linux and macOS: its workers speak over Unix domain sockets");

pub mod cli;
pub mod config;
pub mod discover;
mod durable;
pub mod event;
pub mod gherkin;
pub mod history;
mod json;
pub mod matching;
pub mod merge;
mod parse_value_error;
mod paths;
pub mod plan;
pub mod report;
pub mod run;
mod spelling;
mod system_error;
pub mod worker;
pub mod worker_check;

pub use parse_value_error::ParseValueError;
