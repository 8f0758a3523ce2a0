//! What the compiler says to a step that cannot work.
//!
//! Each `compile_fail/*.rs` is compiled; beside it a `.txt` has the errors that must come, each
//! as `line:column: message` with the label below it. How the compiler draws an error differs
//! between its versions and is left out. `BDD_BLESS=1` writes the files again.

use std::collections::{BTreeMap, HashSet};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

#[test]
fn steps_that_cannot_work_do_not_compile() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/compile_fail");
    let mut wrong = String::new();
    for (name, errors) in compile(&folder) {
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

/// Compiles every file of the folder; the errors of each.
fn compile(folder: &Path) -> BTreeMap<String, String> {
    let names = sources(folder);
    let project = project(folder, &names);
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
    let mut errors: BTreeMap<String, Vec<(u64, String)>> = names
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
            let line = span["line_start"].as_u64().unwrap();
            errors
                .get_mut(name)
                .unwrap()
                .push((line, describe(diagnostic, span)));
        }
    }
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(
        errors.values().all(|errors| !errors.is_empty()),
        "a file compiles, or cargo failed: {stderr}"
    );
    let join = |mut errors: Vec<(u64, String)>| {
        errors.sort();
        errors.into_iter().map(|(_, error)| error).collect()
    };
    errors
        .into_iter()
        .map(|(name, errors)| (name, join(errors)))
        .collect()
}

fn describe(diagnostic: &Value, span: &Value) -> String {
    let place = format!("{}:{}", span["line_start"], span["column_start"]);
    let label = span["label"]
        .as_str()
        .map_or(String::new(), |label| format!("    {label}\n"));
    format!(
        "{place}: {}\n{label}",
        diagnostic["message"].as_str().unwrap()
    )
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
fn project(folder: &Path, names: &[String]) -> PathBuf {
    let steps = Path::new(env!("CARGO_MANIFEST_DIR"));
    let project = Path::new(env!("CARGO_TARGET_TMPDIR")).join("compile_fail");
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
