//! The Gherkin front end.

mod diagnostics;
mod differential;
mod documents;
mod grammar;
mod keywords;
mod laws;
