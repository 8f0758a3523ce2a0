//! The Gherkin front end.

mod diagnostics;
mod differential;
mod documents;
mod formatting;
mod grammar;
mod keywords;
mod laws;
