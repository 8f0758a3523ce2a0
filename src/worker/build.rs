//! Step programs that cargo builds: build them, find them.

use std::ffi::OsString;
use std::fmt;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::spelling::nearest;
use crate::system_error::reason;

/// A step crate and how to build it.
#[derive(Debug, Clone, Default)]
pub struct CargoTarget {
    /// The cargo to call.
    pub cargo: OsString,
    /// Where cargo is called.
    pub folder: PathBuf,
    /// The `Cargo.toml`; cargo looks for one from `folder` up when there is none.
    pub manifest: Option<PathBuf>,
    /// The package; the one of the manifest when there is none.
    pub package: Option<String>,
    /// The binary; the only one of the package when there is none.
    pub target: Option<String>,
    /// `--profile`, such as `release`.
    pub profile: Option<String>,
    /// `--features`, each as given.
    pub features: Vec<String>,
    /// `--locked`.
    pub locked: bool,
    /// `--offline`.
    pub offline: bool,
}

/// A build that may be going on, and can be stopped from another thread.
#[derive(Debug, Clone, Default)]
pub struct Building(Arc<Mutex<BuildProgress>>);

#[derive(Debug, Default)]
struct BuildProgress {
    /// The cargo that runs; its number is its own until it is waited for.
    cargo: Option<Pid>,
    stopped: bool,
}

impl Building {
    /// Ends cargo if it runs, and at once if it is started later.
    pub fn stop(&self) {
        let mut progress = self.progress();
        progress.stopped = true;
        progress.end();
    }

    fn begin(&self, cargo: &Child) {
        let mut progress = self.progress();
        progress.cargo = i32::try_from(cargo.id()).ok().and_then(Pid::from_raw);
        if progress.stopped {
            progress.end();
        }
    }

    fn end(&self) {
        self.progress().cargo = None;
    }

    fn progress(&self) -> MutexGuard<'_, BuildProgress> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl BuildProgress {
    fn end(&self) {
        if let Some(cargo) = self.cargo {
            let _ = kill_process(cargo, Signal::TERM);
        }
    }
}

/// Why there is no step program.
#[derive(Debug)]
pub enum BuildError {
    /// Cargo itself cannot be started or understood.
    Cargo(String),
    /// Cargo has said what is wrong with the code.
    Failed(String),
    /// There is no such package.
    Package(String),
    /// There is not exactly one program to take.
    Target(String),
    /// The program was not built yet, and may not be built.
    NotBuilt(PathBuf),
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cargo(text) | Self::Failed(text) | Self::Package(text) | Self::Target(text) => {
                f.write_str(text)
            }
            Self::NotBuilt(program) => write!(
                f,
                "--no-build: there is no {} yet; run once without --no-build",
                program.display()
            ),
        }
    }
}

impl std::error::Error for BuildError {}

/// A binary of a step crate.
#[derive(Debug)]
struct Binary {
    name: String,
    path: PathBuf,
}

impl CargoTarget {
    /// Builds the step program, with cargo's own output on standard error, and says where it is.
    /// Cargo rebuilds nothing that has not changed.
    ///
    /// # Errors
    /// When cargo fails or the target is not clear.
    pub fn build(&self, building: &Building) -> Result<PathBuf, BuildError> {
        self.expect_workspace()?;
        let mut command = self.command("build");
        command.arg("--message-format=json-render-diagnostics");
        if let Some(package) = &self.package {
            command.args(["--package", package]);
        }
        match &self.target {
            Some(target) => command.args(["--bin", target]),
            None => command.arg("--bins"),
        };
        if let Some(profile) = &self.profile {
            command.args(["--profile", profile]);
        }
        for features in &self.features {
            command.args(["--features", features]);
        }
        let mut child = command
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| self.not_started(&error))?;
        building.begin(&child);
        let mut binaries = Vec::new();
        if let Some(stdout) = child.stdout.take() {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                binaries.extend(artifact(&line));
            }
        }
        building.end();
        let status = child.wait().map_err(|error| self.not_started(&error))?;
        if !status.success() {
            if self.package.is_some()
                && let Ok(metadata) = self.metadata(Stdio::null())
            {
                self.expect_package(&metadata)?;
            }
            return Err(BuildError::Failed(format!(
                "the step crate {} does not build (see cargo's messages above)",
                self.named()
            )));
        }
        self.only(binaries)
    }

    /// Where the step program is, from an earlier build.
    ///
    /// # Errors
    /// When there was none.
    pub fn find(&self) -> Result<PathBuf, BuildError> {
        self.expect_workspace()?;
        let metadata = self.metadata(Stdio::inherit())?;
        self.expect_package(&metadata)?;
        let program = self.only(self.binaries(&metadata))?;
        if program.is_file() {
            return Ok(program);
        }
        Err(BuildError::NotBuilt(program))
    }

    /// A package that is named without a manifest needs one in the folder or above it.
    fn expect_workspace(&self) -> Result<(), BuildError> {
        let mut folders = self.folder.ancestors();
        match &self.package {
            Some(package)
                if self.manifest.is_none()
                    && !folders.any(|folder| folder.join("Cargo.toml").is_file()) =>
            {
                Err(BuildError::Package(format!(
                    "there is no package `{package}`: neither {} nor a folder above it has a Cargo.toml",
                    self.folder.display()
                )))
            }
            _ => Ok(()),
        }
    }

    /// The package that is named must be in the workspace. Cargo alone reads other specifications, such as `steps@0.1.0`.
    fn expect_package(&self, metadata: &Value) -> Result<(), BuildError> {
        let packages = metadata["packages"].as_array().into_iter().flatten();
        let names: Vec<&str> = packages
            .filter_map(|package| package["name"].as_str())
            .collect();
        match &self.package {
            Some(package) if !names.contains(&&**package) && !package.contains(['@', ':', '#']) => {
                let near = nearest(package, names);
                let near = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
                Err(BuildError::Package(format!(
                    "the workspace has no package `{package}`{near}"
                )))
            }
            _ => Ok(()),
        }
    }

    /// What `cargo metadata` says about the workspace.
    fn metadata(&self, stderr: Stdio) -> Result<Value, BuildError> {
        let mut command = self.command("metadata");
        command.args(["--format-version", "1", "--no-deps"]);
        let output = command
            .stderr(stderr)
            .output()
            .map_err(|error| self.not_started(&error))?;
        if !output.status.success() {
            return Err(BuildError::Failed(format!(
                "cargo cannot read {}",
                self.named()
            )));
        }
        serde_json::from_slice(&output.stdout)
            .map_err(|error| BuildError::Cargo(format!("cargo metadata cannot be read: {error}")))
    }

    fn command(&self, verb: &str) -> Command {
        let mut command = Command::new(&self.cargo);
        command
            .arg(verb)
            .current_dir(&self.folder)
            .stdin(Stdio::null());
        if let Some(manifest) = &self.manifest {
            command.arg("--manifest-path").arg(manifest);
        }
        if self.locked {
            command.arg("--locked");
        }
        if self.offline {
            command.arg("--offline");
        }
        command
    }

    fn not_started(&self, error: &std::io::Error) -> BuildError {
        BuildError::Cargo(format!(
            "{} cannot be started: {}; install Rust, or name a built step program with --steps PROGRAM",
            Path::new(&self.cargo).display(),
            reason(error)
        ))
    }

    /// How messages call the crate.
    fn named(&self) -> String {
        match (&self.package, &self.manifest) {
            (Some(package), _) => format!("`{package}`"),
            (None, Some(manifest)) => manifest.display().to_string(),
            (None, None) => self.folder.display().to_string(),
        }
    }

    /// The binaries that `cargo metadata` knows of, where a build puts them.
    fn binaries(&self, metadata: &Value) -> Vec<Binary> {
        let profile = match self.profile.as_deref() {
            None | Some("dev" | "test") => "debug",
            Some("bench") => "release",
            Some(other) => other,
        };
        let folder =
            Path::new(metadata["target_directory"].as_str().unwrap_or("target")).join(profile);
        let manifest = self
            .manifest
            .as_ref()
            .and_then(|manifest| self.folder.join(manifest).canonicalize().ok());
        let packages: Vec<&Value> = metadata["packages"]
            .as_array()
            .into_iter()
            .flatten()
            .collect();
        let at_manifest = |package: &Value| {
            package["manifest_path"]
                .as_str()
                .is_some_and(|path| Some(Path::new(path)) == manifest.as_deref())
        };
        let one = packages.iter().any(|package| at_manifest(package));
        packages
            .into_iter()
            .filter(|package| match &self.package {
                Some(wanted) => package["name"].as_str() == Some(wanted),
                None => !one || at_manifest(package),
            })
            .flat_map(|package| package["targets"].as_array().into_iter().flatten())
            .filter(|target| is_binary(target))
            .filter_map(|target| target["name"].as_str())
            .filter(|name| self.target.as_deref().is_none_or(|wanted| wanted == *name))
            .map(|name| Binary {
                name: name.to_owned(),
                path: folder.join(name),
            })
            .collect()
    }

    fn only(&self, mut binaries: Vec<Binary>) -> Result<PathBuf, BuildError> {
        match (binaries.pop(), binaries.pop()) {
            (Some(only), None) => Ok(only.path),
            (None, _) => Err(BuildError::Target(format!(
                "{} has no program; a step crate needs a src/main.rs with `fn main() {{ bdd_steps::worker() }}`",
                self.named()
            ))),
            (Some(last), Some(other)) => {
                let mut names: Vec<String> = binaries
                    .into_iter()
                    .chain([other, last])
                    .map(|binary| binary.name)
                    .collect();
                names.sort();
                Err(BuildError::Target(format!(
                    "{} has several programs ({}); choose one with --steps PACKAGE:TARGET or `target` in bdd.toml",
                    self.named(),
                    names.join(", ")
                )))
            }
        }
    }
}

fn is_binary(target: &Value) -> bool {
    target["kind"]
        .as_array()
        .is_some_and(|kinds| kinds.iter().any(|kind| kind == "bin"))
}

/// The binary that a message of `cargo build` announces.
fn artifact(line: &str) -> Option<Binary> {
    let message: Value = serde_json::from_str(line).ok()?;
    (message["reason"] == "compiler-artifact" && is_binary(&message["target"])).then_some(())?;
    Some(Binary {
        name: message["target"]["name"].as_str()?.to_owned(),
        path: message["executable"].as_str()?.into(),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn steps(target: Option<&str>) -> CargoTarget {
        CargoTarget {
            package: Some("steps".into()),
            target: target.map(str::to_owned),
            ..CargoTarget::default()
        }
    }

    fn metadata() -> Value {
        serde_json::json!({"target_directory": "/t", "packages": [
            {"name": "steps", "manifest_path": "/a/Cargo.toml", "targets": [
                {"name": "one", "kind": ["bin"]}, {"name": "two", "kind": ["bin"]}, {"name": "steps", "kind": ["lib"]}]},
            {"name": "other", "manifest_path": "/b/Cargo.toml", "targets": [{"name": "three", "kind": ["bin"]}]}]})
    }

    #[test]
    fn several_programs_need_a_choice() {
        let error = steps(None)
            .only(steps(None).binaries(&metadata()))
            .unwrap_err();
        assert!(
            error.to_string().contains("several programs (one, two)"),
            "{error}"
        );
        let two = steps(Some("two"));
        assert_eq!(
            two.only(two.binaries(&metadata())).unwrap(),
            Path::new("/t/debug/two")
        );
    }

    #[test]
    fn a_crate_without_a_program_gets_a_hint() {
        let none = steps(Some("three"));
        let error = none.only(none.binaries(&metadata())).unwrap_err();
        assert!(error.to_string().contains("bdd_steps::worker()"), "{error}");
    }

    #[test]
    fn artifacts_are_read_from_messages() {
        let line = r#"{"reason":"compiler-artifact","target":{"name":"steps","kind":["bin"]},"executable":"/t/debug/steps"}"#;
        assert_eq!(artifact(line).unwrap().path, Path::new("/t/debug/steps"));
        assert!(artifact(r#"{"reason":"build-finished","success":true}"#).is_none());
        assert!(artifact("not json").is_none());
    }
}
