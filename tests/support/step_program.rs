//! The step programs of this repository, built once for all tests that need them.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use super::built::built;

/// The path of the program of `steps-examples`.
pub fn step_program() -> PathBuf {
    static PROGRAM: Program = OnceLock::new();
    path(&PROGRAM, "steps-examples", "steps-examples")
}

/// Settings that name this step program.
pub fn naming(program: &Path) -> String {
    format!("[steps]\npath = '{}'\n", program.display())
}

/// The path of the program of `tests/hooks`, which has hooks of every kind.
pub fn hook_program() -> PathBuf {
    static PROGRAM: Program = OnceLock::new();
    path(&PROGRAM, "hooks", "bdd-hooks")
}

/// The path of the program of `tests/faults`, which has a step for each fault.
pub fn fault_program() -> PathBuf {
    static PROGRAM: Program = OnceLock::new();
    path(&PROGRAM, "faults", "bdd-faults")
}

type Program = OnceLock<Result<PathBuf, String>>;

fn path(program: &Program, folder: &str, name: &str) -> PathBuf {
    let build = || {
        let mut built = built(folder, &["--bin", name])?;
        built
            .remove(name)
            .ok_or_else(|| format!("{folder} has no program {name}"))
    };
    match program.get_or_init(build) {
        Ok(path) => path.clone(),
        Err(problem) => panic!("{problem}"),
    }
}
