//! Every feature file of the conformance data, and of this repository, stays the same when it is formatted.

use std::fs;
use std::path::{Path, PathBuf};

use bdd::gherkin::decode;
use libtest_mimic::Trial;

use crate::same_document::check_formatting;

/// A test for each file below a folder.
pub fn trials(folder: &Path) -> Vec<Trial> {
    let mut found = Vec::new();
    feature_files(folder, &mut found);
    found.sort();
    let trial = |path: PathBuf| {
        let name = path.strip_prefix(folder).unwrap_or(&path).display();
        Trial::test(format!("formatting::{name}"), move || {
            let bytes = fs::read(&path)?;
            match decode(&bytes) {
                Ok(source) => check_formatting(source).map_err(Into::into),
                Err(_) => Ok(()),
            }
        })
    };
    found.into_iter().map(trial).collect()
}

/// The features of this repository.
pub fn own_trials() -> Vec<Trial> {
    trials(&Path::new(env!("CARGO_MANIFEST_DIR")).join("features"))
}

fn feature_files(folder: &Path, found: &mut Vec<PathBuf>) {
    let entries = fs::read_dir(folder).expect("the data can be listed");
    for path in entries.map(|entry| entry.expect("the data can be listed").path()) {
        if path.is_dir() {
            feature_files(&path, found);
        } else if path.extension().is_some_and(|end| end == "feature") {
            found.push(path);
        }
    }
}
