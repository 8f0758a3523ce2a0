//! Builds step programs of this repository.

use std::collections::BTreeMap;
use std::env;
use std::path::PathBuf;
use std::process::Command;

/// Builds programs of this workspace into the target directory of the tests; cargo does nothing when they are up to
/// date. `chosen` are the arguments of cargo that choose them. The paths of those of the package, by name.
///
/// Cargo chooses the features of dependencies for all packages that it is to build, and by what they are built for.
/// With the whole workspace, with bdd, and with `--examples`, of which there are none, they are those of
/// `cargo test --workspace`. Otherwise each package would compile most dependencies once more.
///
/// # Errors
/// What the compiler says.
pub fn built(package: &str, chosen: &[&str]) -> Result<BTreeMap<String, PathBuf>, String> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["build", "--quiet", "--workspace", "--examples", "--bin=bdd"])
        .args(chosen)
        .args(["--message-format", "json-render-diagnostics"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .map_err(|error| format!("cargo cannot be started: {error}"))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let mut programs = BTreeMap::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let message: serde_json::Value =
            serde_json::from_str(line).map_err(|error| format!("{error}: {line}"))?;
        let manifest = PathBuf::from(message["manifest_path"].as_str().unwrap_or_default());
        let folder = manifest.parent().and_then(|folder| folder.file_name());
        if folder.is_some_and(|folder| folder == package)
            && let (Some(name), Some(path)) = (
                message["target"]["name"].as_str(),
                message["executable"].as_str(),
            )
        {
            programs.insert(name.to_owned(), path.into());
        }
    }
    match programs.is_empty() {
        true => Err(format!("{package} has no program")),
        false => Ok(programs),
    }
}
