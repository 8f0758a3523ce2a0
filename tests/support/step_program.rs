//! The step programs of this repository, built once for all tests that need them.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// The path of the program of `steps-examples`.
pub fn step_program() -> PathBuf {
    static PROGRAM: OnceLock<Result<Vec<PathBuf>, String>> = OnceLock::new();
    match PROGRAM.get_or_init(|| build_all("steps-examples")) {
        Ok(programs) => programs[0].clone(),
        Err(problem) => panic!("{problem}"),
    }
}

/// Settings that name this step program.
pub fn naming(program: &Path) -> String {
    format!("[steps]\npath = '{}'\n", program.display())
}

/// The path of the program of `tests/hooks`, which has hooks of every kind.
pub fn hook_program() -> PathBuf {
    static PROGRAM: OnceLock<Result<Vec<PathBuf>, String>> = OnceLock::new();
    match PROGRAM.get_or_init(|| build_all("bdd-hooks")) {
        Ok(programs) => programs[0].clone(),
        Err(problem) => panic!("{problem}"),
    }
}

/// The path of the program of `tests/faults`, which has a step for each fault.
pub fn fault_program() -> PathBuf {
    static PROGRAM: OnceLock<Result<Vec<PathBuf>, String>> = OnceLock::new();
    match PROGRAM.get_or_init(|| build_all("bdd-faults")) {
        Ok(programs) => programs[0].clone(),
        Err(problem) => panic!("{problem}"),
    }
}

/// Builds a package of this workspace into the target directory of the tests; cargo does nothing
/// when it is up to date. The paths of its programs, at least one.
///
/// # Errors
/// What the compiler says.
pub fn build_all(package: &str) -> Result<Vec<PathBuf>, String> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args([
            "build",
            "--quiet",
            "--package",
            package,
            "--bins",
            "--message-format",
            "json-render-diagnostics",
        ])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo can be started");
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let messages = String::from_utf8(output.stdout).expect("cargo writes UTF-8");
    let programs = messages.lines().filter_map(|line| {
        let message: serde_json::Value = serde_json::from_str(line).expect("cargo writes JSON");
        message["executable"].as_str().map(PathBuf::from)
    });
    let programs: Vec<PathBuf> = programs.collect();
    if programs.is_empty() {
        return Err(format!("{package} has no program"));
    }
    Ok(programs)
}
