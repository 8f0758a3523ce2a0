//! The integration tests: one program, a module per subject.
#![allow(missing_docs, clippy::unwrap_used)]

mod support;

#[path = "book/chapters.rs"]
mod book;
mod command_line;
mod discovery;
mod docs_site;
mod expression_laws;
mod first_day;
mod formatting;
mod gherkin;
mod ignored_text;
mod init;
mod lint;
mod list;
mod lost_steps;
mod lsp;
mod markdown_text;
mod past_results;
mod pasted_snippets;
mod plan;
mod protocol;
mod python_suites;
mod report;
mod run;
mod selection;
mod selection_laws;
mod settings;
mod step_catalogue;
mod trial_cases;
mod warnings;
mod worker_check;
