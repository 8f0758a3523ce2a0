//! Where the step program comes from.

use std::fmt;
use std::path::{Path, PathBuf};

use super::flags::{BehaveRequest, StepsFlags};
use super::settings::Settings;
use super::{StepLanguage, TimeLimit};

/// A step program, or how to get one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StepsSource {
    /// An executable file; cargo is not called.
    Program(PathBuf),
    /// A program with its arguments, started in the project's root.
    Command(Vec<String>),
    /// A program that cargo builds.
    Cargo {
        /// The Cargo.toml; without it, cargo searches from the project's root.
        manifest: Option<PathBuf>,
        /// The package; without it, that of the manifest.
        package: Option<String>,
        /// The program, if the package has several.
        target: Option<String>,
    },
    /// A suite that Python runs with behave.
    Python(PythonSteps),
}

/// A suite for behave, and how it is run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PythonSteps {
    /// The folder with `steps/` and `environment.py`; absolute.
    pub base: PathBuf,
    /// The Python that a setting names: an absolute path, or a word.
    pub python: Option<PathBuf>,
    /// The paths that were named; from the project's root.
    pub paths: Vec<String>,
    /// Formatters of other packages.
    pub formatters: Vec<String>,
    /// What `bdd behave` asks for, where it is the command.
    pub command: Option<BehaveRequest>,
}

/// The options that cargo gets when it builds the step program.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BuildOptions {
    /// Do not build; use what was built last.
    pub no_build: bool,
    /// `--release`.
    pub release: bool,
    /// `--profile NAME`.
    pub profile: Option<String>,
    /// `--features …`.
    pub features: Vec<String>,
    /// `--locked`.
    pub locked: bool,
    /// `--offline`.
    pub offline: bool,
}

/// The step program of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Steps {
    source: Result<StepsSource, MissingStepsError>,
    /// How cargo builds it.
    pub build: BuildOptions,
    /// How long it may take to say hello.
    pub start_timeout: TimeLimit,
    /// How long it may take to end after its last scenario.
    pub finish_timeout: TimeLimit,
}

impl Steps {
    /// Where the step program comes from.
    ///
    /// # Errors
    /// When no flag, no setting and no convention names one, or the one that is named is not there.
    pub fn source(&self) -> Result<&StepsSource, &MissingStepsError> {
        self.source.as_ref()
    }

    pub(super) fn new(
        source: Result<StepsSource, MissingStepsError>,
        flags: &StepsFlags,
        settings: &Settings,
    ) -> Self {
        Self {
            source,
            start_timeout: settings.steps.steps_start_timeout,
            finish_timeout: settings.steps.steps_finish_timeout,
            build: BuildOptions {
                no_build: flags.no_build,
                release: settings.steps.steps_release,
                profile: settings.steps.steps_profile.clone(),
                features: settings.steps.steps_features.clone(),
                locked: flags.locked,
                offline: flags.offline,
            },
        }
    }
}

/// Why there is no step program. It is no error of the settings: what is missing today was there when a report was
/// written, so the run must begin and replace that report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MissingStepsError {
    /// No flag, no setting and no convention names one.
    Unnamed,
    /// The steps are Python, but there is no suite.
    NoSuite {
        /// Where the search began, as messages name it.
        start: String,
        /// What it searched for.
        names: String,
    },
    /// What a flag or a setting names is not there, or is no program.
    Unusable {
        /// The flag, or the setting.
        place: String,
        /// What is wrong.
        error: StepsError,
    },
}

impl fmt::Display for MissingStepsError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unnamed => formatter.write_str("there is no step program"),
            Self::NoSuite { start, names } => write!(
                formatter,
                "`language = \"python\"` in [steps], but neither {start} nor a folder above it has {names}"
            ),
            Self::Unusable { place, error } => write!(formatter, "{place}: {error}"),
        }
    }
}

impl std::error::Error for MissingStepsError {}

impl MissingStepsError {
    /// What to do about it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Unnamed => Some(
                "name one in one of three ways:
  - a crate in features/steps (`bdd init` makes one), or Python files for behave
  - `[steps]` in bdd.toml: `path`, `package` or `command`
  - `--steps PROGRAM`, `--steps FOLDER` or `--steps PACKAGE`",
            ),
            Self::NoSuite { .. } => Some("name the folder of the features: `bdd run FOLDER`"),
            Self::Unusable { error, .. } => error.hint(),
        }
    }
}

/// Whether the settings fit together, whatever there is on the disk.
///
/// # Errors
/// When they contradict each other, or a command is empty.
pub(super) fn check(settings: &Settings) -> Result<(), StepsError> {
    let steps = &settings.steps;
    let names_crate =
        steps.steps_path.is_some() || steps.steps_package.is_some() || steps.steps_target.is_some();
    let is_python = steps.steps_language == Some(StepLanguage::Python);
    match &steps.steps_command {
        _ if steps.steps_release && steps.steps_profile.is_some() => {
            Err(StepsError::ReleaseAndProfile)
        }
        command if is_python && (names_crate || command.is_some()) => {
            Err(StepsError::PythonAndProgram)
        }
        Some(_) if names_crate => Err(StepsError::CommandAndCargo),
        Some(command) if command.0.first().is_none_or(String::is_empty) => {
            Err(StepsError::EmptyCommand)
        }
        _ => Ok(()),
    }
}

/// The source that the settings name, if they name one. Its path is relative to `base`.
pub(super) fn by_settings(
    settings: &Settings,
    base: &Path,
) -> Result<Option<StepsSource>, StepsError> {
    check(settings)?;
    if let Some(command) = &settings.steps.steps_command {
        return Ok(Some(StepsSource::Command(command.0.clone())));
    }
    let package = settings.steps.steps_package.clone();
    let target = settings.steps.steps_target.clone();
    let path = settings.steps.steps_path.as_ref();
    let Some(path) = path else {
        let named = package.is_some() || target.is_some();
        return Ok(named.then_some(StepsSource::Cargo {
            manifest: None,
            package,
            target,
        }));
    };
    let shown = path.display().to_string();
    let found = by_path(&base.join(path), target).map_err(|error| error.named(&shown))?;
    match found.ok_or(StepsError::Missing(shown))? {
        StepsSource::Cargo {
            manifest, target, ..
        } => Ok(Some(StepsSource::Cargo {
            manifest,
            package,
            target,
        })),
        _ if package.is_some() => Err(StepsError::CommandAndCargo),
        program => Ok(Some(program)),
    }
}

/// Why `--steps` or `[steps]` does not name a step program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StepsError {
    /// There is no such file or folder.
    Missing(String),
    /// The folder has no Cargo.toml.
    NoManifest(String),
    /// The file cannot be executed.
    NotExecutable(String),
    /// `command` beside `path`, `package` or `target`.
    CommandAndCargo,
    /// `command` without a program.
    EmptyCommand,
    /// `release` beside `profile`.
    ReleaseAndProfile,
    /// `language = "python"` beside a key that names a program.
    PythonAndProgram,
    /// Beside the features are a step crate and a suite for behave.
    TwoLanguages {
        /// The manifest of the crate, as messages name it.
        manifest: String,
        /// A file of the suite.
        python: String,
    },
}

impl fmt::Display for StepsError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(text) => write!(formatter, "no such step program or crate: {text}"),
            Self::NoManifest(text) => write!(formatter, "the folder {text} has no Cargo.toml"),
            Self::NotExecutable(text) => write!(formatter, "the file {text} is not executable"),
            Self::CommandAndCargo => formatter.write_str(
                "cargo does not build the program in `command`: \
                 leave out either `command` or `path`, `package` and `target`",
            ),
            Self::EmptyCommand => formatter.write_str("`command` must begin with a program"),
            Self::ReleaseAndProfile => {
                formatter.write_str("leave out either `release` or `profile`")
            }
            Self::PythonAndProgram => formatter.write_str(
                "a suite of behave is no program of its own: \
                 leave out either `language = \"python\"` or `path`, `package`, `target` and `command`",
            ),
            Self::TwoLanguages { manifest, python } => write!(
                formatter,
                "the steps are in two languages: {manifest} is Rust, and {python} is Python"
            ),
        }
    }
}

impl std::error::Error for StepsError {}

impl StepsError {
    /// What to name instead of something that is not there.
    pub(crate) const KINDS: &str = "name an executable, a folder with a Cargo.toml, a Cargo.toml, \
                                    or a package of this workspace";

    /// The same about a path as it was written.
    fn named(self, text: &str) -> Self {
        match self {
            Self::NoManifest(_) => Self::NoManifest(text.to_owned()),
            Self::NotExecutable(_) => Self::NotExecutable(text.to_owned()),
            other => other,
        }
    }

    /// Whether the settings contradict each other or say nothing, whatever there is on the disk.
    pub(super) fn is_contradiction(&self) -> bool {
        self.key().is_some() || matches!(self, Self::TwoLanguages { .. })
    }

    /// The key of `[steps]` to show, for what is wrong in the file alone.
    pub(super) fn key(&self) -> Option<&'static str> {
        match self {
            Self::CommandAndCargo | Self::EmptyCommand => Some("command"),
            Self::ReleaseAndProfile => Some("release"),
            Self::PythonAndProgram => Some("language"),
            Self::Missing(_)
            | Self::NoManifest(_)
            | Self::NotExecutable(_)
            | Self::TwoLanguages { .. } => None,
        }
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::EmptyCommand => Some("for example `command = [\"python3\", \"worker.py\"]`"),
            Self::Missing(_) => Some(Self::KINDS),
            Self::NoManifest(_) => Some("`bdd init` makes a crate in features/steps"),
            Self::NotExecutable(_) => Some("`chmod +x` makes it executable"),
            Self::TwoLanguages { .. } => Some(
                "choose one in bdd.toml: `language = \"python\"` or `language = \"rust\"` in [steps]",
            ),
            _ => None,
        }
    }
}

/// Reads the value of `--steps`.
pub(super) fn by_flag(text: &str, directory: &Path) -> Result<StepsSource, StepsError> {
    let named = |error: StepsError| error.named(text);
    if let Some(source) = by_path(&directory.join(text), None).map_err(named)? {
        return Ok(source);
    }
    let (front, target) = match text.rsplit_once(':') {
        Some((front, target)) if is_name(target) => (front, Some(target.to_owned())),
        _ => (text, None),
    };
    if target.is_some()
        && let Some(StepsSource::Cargo {
            manifest, target, ..
        }) = by_path(&directory.join(front), target.clone()).map_err(named)?
    {
        return Ok(StepsSource::Cargo {
            manifest,
            package: None,
            target,
        });
    }
    if is_name(front) {
        return Ok(StepsSource::Cargo {
            manifest: None,
            package: Some(front.to_owned()),
            target,
        });
    }
    Err(StepsError::Missing(text.to_owned()))
}

fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text
            .chars()
            .all(|character| character.is_alphanumeric() || matches!(character, '-' | '_'))
}

/// A folder with a Cargo.toml, a Cargo.toml, or an executable; `None` if nothing is there.
fn by_path(path: &Path, target: Option<String>) -> Result<Option<StepsSource>, StepsError> {
    let Ok(metadata) = path.metadata() else {
        return Ok(None);
    };
    let cargo = |manifest: PathBuf| {
        Ok(Some(StepsSource::Cargo {
            manifest: Some(manifest),
            package: None,
            target,
        }))
    };
    if metadata.is_dir() {
        let manifest = path.join("Cargo.toml");
        if manifest.is_file() {
            return cargo(manifest);
        }
        return Err(StepsError::NoManifest(path.display().to_string()));
    }
    if path.file_name().is_some_and(|name| name == "Cargo.toml") {
        return cargo(path.to_path_buf());
    }
    if is_executable(&metadata) {
        Ok(Some(StepsSource::Program(path.to_path_buf())))
    } else {
        Err(StepsError::NotExecutable(path.display().to_string()))
    }
}

#[cfg(unix)]
fn is_executable(metadata: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    metadata.permissions().mode() & 0o111 != 0
}

#[cfg(not(unix))]
fn is_executable(_: &std::fs::Metadata) -> bool {
    true
}

/// The convention: the crate in the folder `steps` of a folder with features.
pub(super) fn by_convention(folders: impl Iterator<Item = PathBuf>) -> Option<StepsSource> {
    folders
        .map(|folder| folder.join("steps/Cargo.toml"))
        .find(|manifest| manifest.is_file())
        .map(|manifest| StepsSource::Cargo {
            manifest: Some(manifest),
            package: None,
            target: None,
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::settings::Layer;
    use crate::config::{Environment, Origin};
    use std::fs;

    #[test]
    fn a_folder_a_manifest_a_package_and_a_program() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        fs::create_dir(root.join("steps")).unwrap();
        fs::write(root.join("steps/Cargo.toml"), "").unwrap();
        let cargo = |manifest: Option<&str>, package: Option<&str>, target: Option<&str>| {
            Ok(StepsSource::Cargo {
                manifest: manifest.map(|path| root.join(path)),
                package: package.map(str::to_owned),
                target: target.map(str::to_owned),
            })
        };
        let manifest = Some("steps/Cargo.toml");
        assert_eq!(by_flag("steps", root), cargo(manifest, None, None));
        assert_eq!(
            by_flag("steps/Cargo.toml", root),
            cargo(manifest, None, None)
        );
        assert_eq!(
            by_flag("steps:worker", root),
            cargo(manifest, None, Some("worker"))
        );
        assert_eq!(
            by_flag("my-steps", root),
            cargo(None, Some("my-steps"), None)
        );
        assert_eq!(
            by_flag("my-steps:worker", root),
            cargo(None, Some("my-steps"), Some("worker"))
        );
        assert_eq!(
            by_flag("./my-steps", root),
            Err(StepsError::Missing("./my-steps".into()))
        );
        assert_eq!(by_flag(".", root), Err(StepsError::NoManifest(".".into())));
    }

    /// Of keys of `[steps]` with texts.
    fn table(keys: &[(&str, &str)], root: &Path) -> Result<Option<StepsSource>, StepsError> {
        let mut layer = Layer::default();
        for (key, text) in keys {
            let key = format!("steps.{key}");
            layer.read_text(&key, text, Origin::Default).unwrap();
        }
        by_settings(&Settings::new(layer, &Environment::default()), root)
    }

    #[test]
    fn the_table_names_one_thing() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        fs::write(root.join("Cargo.toml"), "").unwrap();
        assert_eq!(table(&[("release", "true")], root), Ok(None));
        assert_eq!(
            table(&[("command", "python3 worker.py")], root),
            Ok(Some(StepsSource::Command(vec![
                "python3".into(),
                "worker.py".into()
            ])))
        );
        assert_eq!(
            table(&[("path", "."), ("package", "p"), ("target", "t")], root),
            Ok(Some(StepsSource::Cargo {
                manifest: Some(root.join("./Cargo.toml")),
                package: Some("p".into()),
                target: Some("t".into()),
            }))
        );
        assert_eq!(
            table(&[("path", "none")], root),
            Err(StepsError::Missing("none".into()))
        );
        assert_eq!(
            table(&[("command", "x"), ("target", "t")], root),
            Err(StepsError::CommandAndCargo)
        );
        assert_eq!(
            table(&[("command", " ")], root),
            Err(StepsError::EmptyCommand)
        );
        assert_eq!(
            table(&[("language", "python"), ("path", ".")], root),
            Err(StepsError::PythonAndProgram)
        );
        assert_eq!(table(&[("language", "python")], root), Ok(None));
        assert_eq!(
            table(&[("release", "true"), ("profile", "x")], root),
            Err(StepsError::ReleaseAndProfile)
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_program_must_be_executable() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("program");
        fs::write(&program, "#!/bin/sh\n").unwrap();
        assert_eq!(
            by_flag("program", folder.path()),
            Err(StepsError::NotExecutable("program".into()))
        );
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        assert_eq!(
            by_flag("program", folder.path()),
            Ok(StepsSource::Program(program))
        );
    }
}
