//! What the compiler says to a step that cannot work.
//!
//! Each `compile_fail/*.rs` is compiled; beside it a `.txt` has the errors that must come, each
//! as `line:column: message` with the label below it. How the compiler draws an error differs
//! between its versions and is left out. `BDD_BLESS=1` writes the files again. In the book blocks of
//! `rust fails` are such files too, and the block after each has its errors without their places.

use std::collections::{BTreeMap, HashSet};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

#[allow(dead_code)]
#[path = "../../tests/book/fences.rs"]
mod fences;

#[test]
fn steps_that_cannot_work_do_not_compile() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/compile_fail");
    let mut wrong = String::new();
    for (name, errors) in compile("compile_fail", &folder) {
        let errors: String = errors.iter().map(Error::with_place).collect();
        let golden = folder.join(format!("{name}.txt"));
        if env::var_os("BDD_BLESS").is_some() {
            fs::write(&golden, &errors).unwrap();
        }
        let expected = fs::read_to_string(&golden).unwrap_or_default();
        if errors != expected {
            wrong.push_str(&format!("{name}.rs: expected\n{expected}\ngot\n{errors}\n"));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn what_the_book_says_does_not_compile() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/book");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("book_fails/src");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    let mut chapters = BTreeMap::new();
    // By the name of a program its chapter, and where the block with its errors is.
    let mut expected = BTreeMap::new();
    for entry in fs::read_dir(root).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let stem = path.file_stem().unwrap().to_str().unwrap();
        let blocks = fences::fences(&text);
        for (block, next) in blocks.iter().zip(blocks.iter().skip(1)) {
            if block.words == ["rust", "fails"] {
                assert_eq!(
                    next.words,
                    ["text"],
                    "{stem}.md:{} has no errors",
                    block.line
                );
                let name = format!("{stem}-{:04}", block.line);
                let source = format!("{}fn main() {{}}\n", block.content);
                fs::write(folder.join(format!("{name}.rs")), source).unwrap();
                expected.insert(name, (path.clone(), next.at..next.at + next.content.len()));
            }
        }
        chapters.insert(path, text);
    }
    let mut wrong = String::new();
    for (name, errors) in compile("book_fails", &folder).into_iter().rev() {
        let errors: Vec<String> = errors.iter().map(Error::without_place).collect();
        let errors = errors.join("\n");
        let (path, range) = expected[&name].clone();
        let text = chapters.get_mut(&path).unwrap();
        if text[range.clone()] != errors {
            wrong.push_str(&format!("{name}: the errors are\n{errors}\n"));
            text.replace_range(range, &errors);
            if env::var_os("BDD_BLESS").is_some() {
                fs::write(path, text).unwrap();
            }
        }
    }
    assert!(
        wrong.is_empty() || env::var_os("BDD_BLESS").is_some(),
        "{wrong}"
    );
}

/// What the compiler says.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Error {
    line: u64,
    column: u64,
    message: String,
    label: Option<String>,
}

impl Error {
    fn with_place(&self) -> String {
        let label = self.label.as_ref();
        let label = label.map_or(String::new(), |label| format!("    {label}\n"));
        format!("{}:{}: {}\n{label}", self.line, self.column, self.message)
    }

    fn without_place(&self) -> String {
        let label = self.label.as_ref();
        let label = label.map_or(String::new(), |label| format!("  {label}\n"));
        format!("error: {}\n{label}", self.message)
    }
}

/// Compiles every file of the folder, in a project of this name; the errors of each.
fn compile(project_name: &str, folder: &Path) -> BTreeMap<String, Vec<Error>> {
    let names = sources(folder);
    let project = project(project_name, folder, &names);
    let output = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args([
            "check",
            "--bins",
            "--keep-going",
            "--quiet",
            "--message-format",
            "json",
        ])
        .env("CARGO_TARGET_DIR", project.join("target"))
        .current_dir(&project)
        .output()
        .expect("cargo can be started");
    let mut errors: BTreeMap<String, Vec<Error>> = names
        .iter()
        .map(|name| (name.clone(), Vec::new()))
        .collect();
    let mut shown = HashSet::new();
    for line in String::from_utf8(output.stdout).unwrap().lines() {
        let message: Value = serde_json::from_str(line).unwrap();
        let diagnostic = &message["message"];
        // As cargo does for people.
        if !shown.insert(diagnostic["rendered"].to_string()) {
            continue;
        }
        if diagnostic["level"] == "error"
            && let Some(span) = diagnostic["spans"]
                .as_array()
                .unwrap()
                .iter()
                .find(|span| span["is_primary"] == true)
        {
            let name = message["target"]["name"].as_str().unwrap();
            errors.get_mut(name).unwrap().push(Error {
                line: span["line_start"].as_u64().unwrap(),
                column: span["column_start"].as_u64().unwrap(),
                message: diagnostic["message"].as_str().unwrap().to_owned(),
                label: span["label"].as_str().map(str::to_owned),
            });
        }
    }
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(
        errors.values().all(|errors| !errors.is_empty()),
        "a file compiles, or cargo failed: {stderr}"
    );
    errors.values_mut().for_each(|errors| errors.sort());
    errors
}

/// The names of the files, without their extension.
fn sources(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    names.sort();
    names
}

/// Makes a project of the files, with the dependencies of this workspace.
fn project(name: &str, folder: &Path, names: &[String]) -> PathBuf {
    let steps = Path::new(env!("CARGO_MANIFEST_DIR"));
    let project = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(&project).unwrap();
    let mut manifest = format!(
        "[package]\nname = \"compile-fail\"\nedition = \"2024\"\n[workspace]\n[dependencies]\nbdd-steps = {{ path = {steps:?} }}\n"
    );
    for name in names {
        let path = folder.join(format!("{name}.rs"));
        manifest.push_str(&format!("[[bin]]\nname = {name:?}\npath = {path:?}\n"));
    }
    fs::write(project.join("Cargo.toml"), manifest).unwrap();
    fs::copy(steps.join("../Cargo.lock"), project.join("Cargo.lock")).unwrap();
    project
}
