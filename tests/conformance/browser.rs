//! HTML reports in a headless Chromium, driven by `tests/browser/checks.py`.

use std::path::Path;
use std::process::Command;

use libtest_mimic::{Failed, Trial};

const CHECKS: [&str; 11] = [
    "filters",
    "search",
    "deep_link",
    "attachments",
    "keyboard",
    "trends",
    "printed",
    "ten_thousand",
    "hostile",
    "sandboxed",
    "pages",
];

/// A trial for each check. Without the browser they are ignored, which a line says.
pub fn trials() -> Vec<Trial> {
    let found = has_browser();
    if !found {
        println!("no chromium in PATH; the checks of HTML reports are ignored");
    }
    let trial = |check: &'static str| {
        Trial::test(format!("browser::{check}"), move || run(check)).with_ignored_flag(!found)
    };
    CHECKS.into_iter().map(trial).collect()
}

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")
}

fn has_browser() -> bool {
    let asked = Command::new("python3")
        .arg("-c")
        .arg("import chromium, sys; sys.exit(chromium.find() is None)")
        .env("PYTHONPATH", folder().join("browser"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .status();
    asked.is_ok_and(|status| status.success())
}

fn run(check: &str) -> Result<(), Failed> {
    let output = Command::new("python3")
        .arg(folder().join("browser/checks.py"))
        .arg(env!("CARGO_BIN_EXE_bdd"))
        .arg(folder().join("golden/reports"))
        .arg(check)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()?;
    if output.status.success() {
        return Ok(());
    }
    Err(String::from_utf8_lossy(&output.stderr).into_owned().into())
}
