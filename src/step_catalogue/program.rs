//! What a step program says of itself, as far as the catalogue needs it.

use std::path::Path;

use bdd_protocol::Hello;
use foldhash::HashMap;

use super::interview::InterviewError;
use crate::matching::Definitions;
use crate::paths::from_root;

/// The definitions with their patterns.
///
/// # Errors
/// All patterns that cannot be used.
pub(super) fn as_definitions(hello: &Hello, root: &Path) -> Result<Definitions, InterviewError> {
    let place = |file: &str| from_root(file, root);
    Definitions::new(hello, &place).map_err(|problems| InterviewError {
        message: "the step program has patterns that cannot be used".to_owned(),
        detail: problems.join("\n"),
    })
}

/// The documentation of the definitions with these ids, without the indentation of the source.
pub(super) fn docs_of(hello: &Hello, ids: &[u32]) -> Vec<String> {
    let definitions = hello.definitions.iter();
    let docs: HashMap<u32, &str> = definitions.map(|one| (one.id, &*one.doc)).collect();
    let docs = ids.iter().map(|id| docs.get(id).copied());
    docs.map(|doc| without_indentation(doc.unwrap_or_default()))
        .collect()
}

fn without_indentation(doc: &str) -> String {
    let doc = doc.trim();
    let (first, rest) = doc.split_once('\n').unwrap_or((doc, ""));
    // The first line of a docstring stands beside its quotes, the others below.
    let indent = |line: &str| line.len() - line.trim_start().len();
    let lines = rest.lines().filter(|line| !line.trim().is_empty());
    let shared = lines.map(indent).min().unwrap_or(0);
    let rest = rest
        .lines()
        .map(|line| line.get(shared..).unwrap_or_default().trim_end());
    let lines: Vec<&str> = [first.trim_end()].into_iter().chain(rest).collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use bdd_protocol::Definition;

    use super::*;

    #[test]
    fn documentation_loses_the_indentation_of_the_source_only() {
        let doc = |doc: &str| {
            let definition = Definition {
                id: 7,
                doc: doc.to_owned(),
                ..Definition::default()
            };
            let hello = Hello {
                definitions: vec![definition],
                ..Hello::default()
            };
            docs_of(&hello, &[7]).remove(0)
        };
        assert_eq!(
            doc("\n  One.\n\n    - a\n      - b  \n  "),
            "One.\n\n- a\n  - b"
        );
        assert_eq!(doc("One.\n  two"), "One.\ntwo");
        assert_eq!(doc(""), "");
    }
}
