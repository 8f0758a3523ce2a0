//! Runs the tests of the host for behave suites (`hosts/python/tests`) with several versions of behave.
//!
//! `scripts/behave-suites.py --prepare` installs a version below `target`. Where that is not possible, because there is
//! no network, the tests of that version count as ignored.

use std::path::Path;
use std::process::{Command, Stdio};

use libtest_mimic::{Arguments, Failed, Trial};

/// The oldest version that the host supports, and the newest.
const VERSIONS: [&str; 2] = [OLDEST, "newest"];
const OLDEST: &str = "1.2.6";

/// What runs with the oldest version in any case. With `BDD_TEST_BEHAVE=all`, as in CI, all of it does.
const WITH_OLDEST: [&str; 2] = ["test_running", "test_contract"];

/// The modules of the tests. Each is a trial.
const MODULES: [&str; 7] = [
    "test_parts",
    "test_running",
    "test_ends",
    "test_contract",
    "test_formatters",
    "test_user",
    "test_command",
];

fn main() {
    let mut arguments = Arguments::from_args();
    // A run of behave sleeps and waits for processes a third of the time.
    arguments.test_threads.get_or_insert(3);
    let all = std::env::var("BDD_TEST_BEHAVE").is_ok_and(|wanted| wanted == "all");
    let mut trials = Vec::new();
    for version in VERSIONS {
        match interpreter(version) {
            Ok(python) => trials.extend(MODULES.map(|module| {
                let python = python.clone();
                let runs = all || version != OLDEST || WITH_OLDEST.contains(&module);
                let name = format!("behave-{version}::{module}");
                Trial::test(name, move || run(&python, module)).with_ignored_flag(!runs)
            })),
            Err(why) => {
                println!("behave {version} cannot be installed: {why}");
                let ignored = Trial::test(format!("behave-{version}"), || Ok(()));
                trials.push(ignored.with_ignored_flag(true));
            }
        }
    }
    libtest_mimic::run(&arguments, trials).exit();
}

/// The interpreter of a virtual environment with this version of behave.
fn interpreter(version: &str) -> Result<String, String> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/behave-suites.py");
    let prepared = Command::new("python3")
        .arg(script)
        .args(["--prepare", "--behave", version])
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("python3: {error}"))?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    match prepared.status.success() {
        true => Ok(text(&prepared.stdout)),
        false => {
            let why = text(&prepared.stderr);
            Err(why.lines().next_back().unwrap_or_default().to_owned())
        }
    }
}

fn run(python: &str, module: &str) -> Result<(), Failed> {
    let done = Command::new(python)
        .args(["-m", "unittest", &format!("tests.{module}")])
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("hosts/python"))
        .env("BDD", env!("CARGO_BIN_EXE_bdd"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("{python}: {error}"))?;
    match done.status.success() {
        true => Ok(()),
        false => Err(String::from_utf8_lossy(&done.stderr).into_owned().into()),
    }
}
