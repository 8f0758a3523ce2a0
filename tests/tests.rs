//! The integration tests: one binary, a module for each subject.

mod gherkin_diagnostics;
mod gherkin_differential;
mod gherkin_documents;
mod gherkin_keywords;
mod gherkin_laws;
