//! The Gherkin front end.

mod diagnostics;
mod differential;
mod documents;
mod keywords;
mod laws;
