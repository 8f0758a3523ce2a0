//! Gherkin: valid files with their messages, invalid ones with all their errors.

use std::fs;
use std::path::{Path, PathBuf};

use bdd::gherkin::{Messages, ParseOptions, compile, decode, parse};
use libtest_mimic::{Failed, Trial};
use serde_json::Value;

/// A test for each file.
pub fn trials(folder: &Path) -> Vec<Trial> {
    let mut trials = Vec::new();
    for kind in ["good", "bad"] {
        for file in super::files(&folder.join(kind), &[".feature", ".feature.md"]) {
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            let name = format!("gherkin::{kind}::{name}");
            trials.push(Trial::test(name, move || check(&file, kind)));
        }
    }
    trials
}

fn check(file: &Path, kind: &str) -> Result<(), Failed> {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let actual = messages(&fs::read(file)?, &format!("../testdata/{kind}/{name}"));
    let parts: &[&str] = if kind == "good" {
        &["source", "ast", "pickles"]
    } else {
        &["errors"]
    };
    let mut expected = Vec::new();
    for part in parts {
        let path = PathBuf::from(format!("{}.{part}.ndjson", file.display()));
        // A file without scenarios may have no file of pickles.
        if *part != "pickles" || path.exists() {
            expected.extend(values(&fs::read_to_string(path)?)?);
        }
    }
    if actual == expected {
        return Ok(());
    }
    let differ = (0..).find(|index| actual.get(*index) != expected.get(*index));
    let index = differ.unwrap_or_default();
    Err(format!(
        "message {index} differs\nexpected: {}\n  actual: {}",
        show(expected.get(index)),
        show(actual.get(index))
    )
    .into())
}

/// What `bdd parse` prints for a file.
fn messages(bytes: &[u8], uri: &str) -> Vec<Value> {
    let options = ParseOptions::default().for_path(uri);
    let messages = Messages {
        uri,
        first_id: 0,
        empty_keyword: false,
    };
    let mut out = Vec::new();
    let source = decode(bytes).expect("the data is UTF-8");
    match parse(source, &options) {
        Ok(document) => {
            messages.source(&mut out, source, options.markdown);
            messages.document(&mut out, &document);
            for pickle in compile(&document).expect("the data expands") {
                messages.pickle(&mut out, &pickle);
            }
        }
        Err(errors) => {
            for error in errors {
                messages.parse_error(&mut out, &error);
            }
        }
    }
    let text = String::from_utf8(out).expect("messages are UTF-8");
    values(&text).expect("messages are JSON")
}

fn values(lines: &str) -> Result<Vec<Value>, Failed> {
    let lines = lines.lines().filter(|line| !line.is_empty());
    lines.map(|line| Ok(serde_json::from_str(line)?)).collect()
}

fn show(value: Option<&Value>) -> String {
    value.map_or_else(|| "nothing".into(), Value::to_string)
}
