//! What a step program says of itself, for tools that match texts as they change.

use std::path::Path;

use super::interview::{Interview, InterviewError};
use super::program::{as_definitions, docs_of};
use crate::matching::Matching;

/// The definitions of a step program. Nothing is matched yet.
#[derive(Debug)]
pub struct ProgramKnowledge {
    /// Its definitions, and which texts they match.
    pub matching: Matching,
    /// The documentation of each definition; empty if there is none.
    pub docs: Vec<String>,
    /// The names of the functions of its hooks.
    pub hooks: Vec<String>,
    /// The language of its steps, such as `rust`.
    pub language: String,
}

impl ProgramKnowledge {
    /// Takes what a program has said. Source paths are shown from `root`.
    ///
    /// # Errors
    /// When it has patterns that cannot be used.
    pub fn of(
        interview: &Interview,
        root: &Path,
        strict_keywords: bool,
    ) -> Result<Self, InterviewError> {
        let hello = interview.hello();
        let definitions = as_definitions(hello, root)?;
        let docs = docs_of(hello, &definitions.ids);
        Ok(Self {
            docs,
            hooks: hello
                .hooks
                .iter()
                .map(|hook| hook.function.clone())
                .collect(),
            language: hello.language.clone(),
            matching: interview.matching(definitions, strict_keywords)?,
        })
    }
}
