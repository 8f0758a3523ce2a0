//! Chooses the Python that has the user's behave.

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::config::Environment;
use crate::system_error::reason;

/// The variable that an activated virtual environment sets.
const VIRTUAL_ENV: &str = "VIRTUAL_ENV";

/// Prints the versions of Python and behave. A folder `behave` in the current directory, as in behave's own
/// repository, is not the installed one: workers do not start with the current directory on their path.
const QUESTION: &str = "\
import sys
if sys.path and sys.path[0] in ('', '.'):
    del sys.path[0]
version = '-'
try:
    from importlib import metadata, util
    if util.find_spec('behave') is not None:
        version = '?'
        version = metadata.version('behave')
except ImportError:
    pass
print('%d.%d' % sys.version_info[:2], version)
";

/// The oldest Python that the host runs on.
const OLDEST: (u32, u32) = (3, 9);

/// A Python, and why it was chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interpreter {
    /// The program: a path, or a word that is searched for in `PATH`.
    pub program: OsString,
    chosen_by: ChosenBy,
}

/// Why an interpreter was chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ChosenBy {
    Setting,
    VirtualEnv,
    BesideBdd,
    ProjectFolder,
    Path,
}

impl fmt::Display for ChosenBy {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Setting => "`python` in [steps]",
            Self::VirtualEnv => "the environment variable VIRTUAL_ENV",
            Self::BesideBdd => "the environment in which bdd is installed",
            Self::ProjectFolder => "the folder .venv of the project",
            Self::Path => "`python3` on PATH",
        })
    }
}

/// A Python cannot run the suite.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InterpreterError {
    message: String,
    hint: String,
}

impl fmt::Display for InterpreterError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for InterpreterError {}

impl InterpreterError {
    /// What to do about it.
    pub fn hint(&self) -> &str {
        &self.hint
    }
}

impl Interpreter {
    /// The interpreter of a project: the one that a setting names, else that of the activated virtual environment,
    /// else the one beside a `bdd` that pip installed, else that of `.venv`, else `python3`.
    pub fn choose(
        setting: Option<&Path>,
        environment: &Environment,
        program: Option<&Path>,
        root: &Path,
    ) -> Self {
        let virtual_env = environment.variable(VIRTUAL_ENV);
        let virtual_env = virtual_env.filter(|folder| !folder.is_empty());
        let (program, chosen_by) = if let Some(setting) = setting {
            (setting.into(), ChosenBy::Setting)
        } else if let Some(folder) = virtual_env {
            let python = environment.directory.join(folder).join("bin/python");
            (python.into(), ChosenBy::VirtualEnv)
        } else if let Some(python) = program.and_then(beside_pip_installed) {
            (python.into(), ChosenBy::BesideBdd)
        } else {
            let python = root.join(".venv/bin/python");
            match python.exists() {
                true => (python.into(), ChosenBy::ProjectFolder),
                false => ("python3".into(), ChosenBy::Path),
            }
        };
        Self { program, chosen_by }
    }

    /// The version of behave that this Python has.
    ///
    /// # Errors
    /// When it does not start, is too old, or has no behave.
    pub fn behave_version(&self, root: &Path) -> Result<String, InterpreterError> {
        let output = Command::new(&self.program)
            .args(["-c", QUESTION])
            .current_dir(root)
            .stdin(Stdio::null())
            .output()
            .map_err(|error| {
                self.error(format!("cannot be started: {}", reason(&error)), CHOOSE)
            })?;
        let text = String::from_utf8_lossy(&output.stdout);
        // A file `sitecustomize.py` may print as well.
        let answer = text.lines().last().unwrap_or_default();
        let Some((python, behave)) = answer.split_once(' ').filter(|_| output.status.success())
        else {
            let printed = String::from_utf8_lossy(&output.stderr);
            let last = printed.trim_end().lines().last().unwrap_or_default();
            let problem = match last {
                "" => format!("does not work ({})", output.status),
                line => format!("does not work: {line}"),
            };
            return Err(self.error(problem, CHOOSE));
        };
        if version(python).is_some_and(|found| found < OLDEST) {
            let (major, minor) = OLDEST;
            let problem = format!("is Python {python}; bdd needs Python {major}.{minor} or newer");
            return Err(self.error(problem, CHOOSE));
        }
        if behave == "-" {
            let install = format!("install it: `{} -m pip install behave`", self.quoted());
            return Err(self.error(
                "has no behave".to_owned(),
                &format!("{install}; or {CHOOSE}"),
            ));
        }
        Ok(behave.to_owned())
    }

    fn error(&self, problem: String, hint: &str) -> InterpreterError {
        let program = Path::new(&self.program).display();
        InterpreterError {
            message: format!("the Python {program} ({}) {problem}", self.chosen_by),
            hint: hint.to_owned(),
        }
    }

    /// The program as a shell reads it.
    fn quoted(&self) -> String {
        shell_words::quote(&self.program.to_string_lossy()).into_owned()
    }
}

const CHOOSE: &str = "choose another Python with `python = \"…\"` in [steps] of bdd.toml, \
                      or activate a virtual environment";

/// The first two numbers of a version.
fn version(text: &str) -> Option<(u32, u32)> {
    let (major, minor) = text.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

/// The interpreter in the folder of this program, if pip has put the program there: the folder belongs to a virtual
/// environment, or the packages of that interpreter have bdd's metadata.
fn beside_pip_installed(program: &Path) -> Option<PathBuf> {
    let folder = program.parent()?;
    let environment = folder.parent()?;
    if environment.join("pyvenv.cfg").is_file() {
        return Some(folder.join("python")).filter(|python| python.exists());
    }
    let versions = fs::read_dir(environment.join("lib")).ok()?.flatten();
    versions
        .filter(|version| {
            ["site-packages", "dist-packages"]
                .iter()
                .any(|packages| has_metadata(&version.path().join(packages)))
        })
        .map(|version| folder.join(version.file_name()))
        .find(|python| python.is_file())
}

/// Whether a folder of packages has the metadata of a bdd that pip installed.
fn has_metadata(packages: &Path) -> bool {
    let entries = fs::read_dir(packages).into_iter().flatten().flatten();
    entries
        .map(|entry| entry.file_name())
        .any(|name| is_metadata(&name))
}

fn is_metadata(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    name.strip_suffix(".dist-info")
        .and_then(|name| name.split_once('-'))
        .is_some_and(|(package, _)| package == "bdd_runner")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn touch(path: PathBuf) -> PathBuf {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, "").unwrap();
        path
    }

    #[test]
    fn the_first_that_there_is_in_the_documented_order() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        let mut environment = Environment {
            directory: root.to_path_buf(),
            ..Environment::default()
        };
        let choose = |setting: Option<&str>, environment: &Environment, program: Option<&Path>| {
            let setting = setting.map(Path::new);
            Interpreter::choose(setting, environment, program, root).program
        };
        assert_eq!(choose(None, &environment, None), "python3");
        let of_project = touch(root.join(".venv/bin/python"));
        assert_eq!(choose(None, &environment, None), of_project);
        let beside = touch(root.join("env/bin/python"));
        let program = root.join("env/bin/bdd");
        assert_eq!(choose(None, &environment, Some(&program)), of_project);
        touch(root.join("env/pyvenv.cfg"));
        assert_eq!(choose(None, &environment, Some(&program)), beside);
        let active = root.join("active/bin/python");
        let variable = (VIRTUAL_ENV.into(), root.join("active").into());
        environment.variables.extend([variable]);
        assert_eq!(choose(None, &environment, Some(&program)), active);
        assert_eq!(choose(Some("pypy3"), &environment, Some(&program)), "pypy3");
    }

    #[test]
    fn packages_beside_show_whether_pip_installed_it() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        let program = root.join("bin/bdd");
        let python = touch(root.join("bin/python3.12"));
        touch(root.join("lib/python3.12/site-packages/behave-1.3.3.dist-info/METADATA"));
        assert_eq!(beside_pip_installed(&program), None);
        touch(root.join("lib/python3.12/site-packages/bdd_runner-0.1.0.dist-info/METADATA"));
        assert_eq!(beside_pip_installed(&program), Some(python));
    }
}
