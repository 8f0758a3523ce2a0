//! `bdd`: a Gherkin test runner.
//!
//! A run is a pipeline; each stage is a module, and data flows one way:
//! discover → gherkin → plan → matching → run ⇄ worker → report.

pub mod event;
pub mod gherkin;
pub mod matching;
pub mod plan;
pub mod report;
pub mod run;
pub mod worker;
