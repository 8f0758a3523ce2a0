//! HTML reports and documentation sites in a headless Chromium, driven by `tests/browser/`.

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

/// The checks of sites that `bdd docs` writes.
const SITE_CHECKS: [&str; 6] = ["search", "links", "narrow", "print", "hostile", "results"];

/// A trial for each check. Without the browser they are ignored, which a line says.
pub fn trials() -> Vec<Trial> {
    let found = has_browser();
    if !found {
        println!("no chromium in PATH; the checks of HTML reports and sites are ignored");
    }
    let trial = |script: &'static str, name: &str, check: &'static str| {
        let name = format!("browser::{name}{check}");
        Trial::test(name, move || run(script, check)).with_ignored_flag(!found)
    };
    let reports = CHECKS.map(|check| trial("checks.py", "", check));
    let sites = SITE_CHECKS.map(|check| trial("site_checks.py", "site_", check));
    reports.into_iter().chain(sites).collect()
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

fn run(script: &str, check: &str) -> Result<(), Failed> {
    let output = Command::new("python3")
        .arg(folder().join("browser").join(script))
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
