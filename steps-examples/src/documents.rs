//! Documents: docstrings, tables of pairs, tables with their names on the left.

use std::collections::BTreeMap;

use bdd_steps::{DocString, Fixture, Table, given, then, when};

/// The documents of a scenario by title, and what a search has found in them.
#[derive(Debug, Default, Fixture)]
struct Library {
    documents: BTreeMap<String, DocString>,
    /// The document that the scenario speaks of as "it".
    current: String,
    found: Vec<Found>,
}

#[derive(Debug)]
struct Found {
    document: String,
    line: usize,
    text: String,
}

impl Library {
    fn document(&self, title: &str) -> Result<&DocString, String> {
        self.documents
            .get(title)
            .ok_or_else(|| format!("there is no document {title:?}"))
    }
}

#[given(r#"^a document "([^"]+)" with the text:$"#)]
fn document(library: &mut Library, title: String, text: DocString) {
    library.documents.insert(title, text);
}

#[when(r#"^I search all documents for "([^"]+)"$"#)]
fn search(library: &mut Library, word: &str) {
    let word = word.to_lowercase();
    library.found.clear();
    for (title, document) in &library.documents {
        for (index, line) in document.lines().enumerate() {
            if line.to_lowercase().contains(&word) {
                let text = line.trim().to_owned();
                library.found.push(Found {
                    document: title.clone(),
                    line: index + 1,
                    text,
                });
            }
        }
    }
}

// A table of two columns without names: what to replace, and by what.
#[when(r#"^I rework the document "([^"]+)":$"#)]
fn rework(library: &mut Library, title: String, changes: &Table) -> Result<(), String> {
    let mut text = library.document(&title)?.to_string();
    for (old, new) in changes.pairs() {
        if !text.contains(old) {
            return Err(format!("{old:?} does not occur in the document {title:?}"));
        }
        text = text.replace(old, new);
    }
    library.documents.insert(title, DocString::new(text));
    Ok(())
}

#[then("^I find:$")]
fn find(library: &Library, expected: &Table) {
    let mut actual = vec![["document", "line", "text"].map(str::to_owned).to_vec()];
    for found in &library.found {
        actual.push(vec![
            found.document.clone(),
            found.line.to_string(),
            found.text.clone(),
        ]);
    }
    assert_eq!(actual, expected.rows());
}

#[then("^I find nothing$")]
fn find_nothing(library: &Library) {
    assert!(library.found.is_empty(), "found {:?}", library.found);
}

#[then(r#"^the document "([^"]+)" has (\d+) lines?$"#)]
fn has_lines(library: &mut Library, title: String, count: usize) -> Result<(), String> {
    assert_eq!(library.document(&title)?.lines().count(), count);
    library.current = title;
    Ok(())
}

#[then(r#"^it is (?:plain text|written in "([^"]+)")$"#)]
fn is_written_in(library: &Library, media_type: Option<String>) -> Result<(), String> {
    assert_eq!(
        library.document(&library.current)?.media_type(),
        media_type.as_deref()
    );
    Ok(())
}

#[then(r#"^the document "([^"]+)" reads:$"#)]
fn reads(library: &Library, title: &str, expected: &DocString) -> Result<(), String> {
    assert_eq!(library.document(title)?.content(), expected.content());
    Ok(())
}

// A table whose names stand on the left: transposed, they are columns.
#[then(r#"^the headings of the document "([^"]+)" are:$"#)]
fn headings(library: &Library, title: &str, expected: &Table) -> Result<(), String> {
    let expected = expected.transpose();
    let expected: Vec<_> = expected
        .records()
        .map(|heading| (heading.cell("level"), heading.cell("title")))
        .collect();
    let document = library.document(title)?;
    let headings = document.lines().filter_map(|line| line.split_once("# "));
    let actual: Vec<_> = headings
        .map(|(marks, title)| ((marks.len() + 1).to_string(), title.to_owned()))
        .collect();
    let actual: Vec<_> = actual
        .iter()
        .map(|(level, title)| (level.as_str(), title.as_str()))
        .collect();
    assert_eq!(actual, expected);
    Ok(())
}
