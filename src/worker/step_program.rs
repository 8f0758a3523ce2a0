//! What workers run: a command, or a host that is written into the folder of the run first.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::freshness::ProgramFiles;

/// A file of a host: its path in the package, and its content.
pub type HostFile = (&'static str, &'static [u8]);

/// What workers run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StepProgram {
    /// A program and its arguments.
    Command(Vec<OsString>),
    /// An interpreter that runs a package which is a part of this program.
    Hosted(Host),
}

/// A package that runs steps in another language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Host {
    /// The program that runs the package.
    pub interpreter: OsString,
    /// The name of the package's folder.
    pub package: &'static str,
    /// Its files.
    pub files: &'static [HostFile],
    /// A variable of the environment for its settings, and the value.
    pub variable: (&'static str, String),
}

impl From<Vec<OsString>> for StepProgram {
    fn from(command: Vec<OsString>) -> Self {
        Self::Command(command)
    }
}

impl StepProgram {
    /// The program with the sources from which cargo has built it.
    #[must_use]
    pub fn built_files(&self) -> Option<ProgramFiles> {
        match self {
            Self::Command(command) => Some(ProgramFiles::of_built(command.first()?.into())),
            // A host reads the sources each time.
            Self::Hosted(_) => None,
        }
    }

    /// The command, when the files of a host are in `folder`.
    pub(super) fn command(&self, folder: &Path) -> Vec<OsString> {
        match self {
            Self::Command(command) => command.clone(),
            Self::Hosted(host) => host.command(folder),
        }
    }

    /// The variable that it needs in its environment.
    pub(super) fn variable(&self) -> Option<(&'static str, &str)> {
        match self {
            Self::Command(_) => None,
            Self::Hosted(host) => Some((host.variable.0, &host.variable.1)),
        }
    }

    /// Writes the files of a host into `folder`, unless they are there.
    ///
    /// # Errors
    /// When that is not possible.
    pub(super) fn write(&self, folder: &Path) -> io::Result<()> {
        match self {
            Self::Command(_) => Ok(()),
            Self::Hosted(host) => host.write(folder),
        }
    }
}

impl Host {
    /// The command, when the files are in `folder`.
    pub fn command(&self, folder: &Path) -> Vec<OsString> {
        vec![
            self.interpreter.clone(),
            folder.join(self.package).into_os_string(),
        ]
    }

    /// Writes the files into `folder`, unless they are there.
    ///
    /// # Errors
    /// When that is not possible.
    pub fn write(&self, folder: &Path) -> io::Result<()> {
        let package: PathBuf = folder.join(self.package);
        for (name, content) in self.files {
            let path = package.join(name);
            if path.is_file() {
                continue;
            }
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder)?;
            }
            fs::write(path, content)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_host_is_written_and_run_by_its_interpreter() {
        let folder = tempfile::tempdir().unwrap();
        let program = StepProgram::Hosted(Host {
            interpreter: "python3".into(),
            package: "host",
            files: &[("__main__.py", b"one"), ("sub/two.py", b"two")],
            variable: ("X", "y".to_owned()),
        });
        program.write(folder.path()).unwrap();
        let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
        assert_eq!(read("host/__main__.py"), "one");
        assert_eq!(read("host/sub/two.py"), "two");
        // What a step has deleted comes back, and what is there stays.
        fs::write(folder.path().join("host/__main__.py"), "kept").unwrap();
        fs::remove_file(folder.path().join("host/sub/two.py")).unwrap();
        program.write(folder.path()).unwrap();
        assert_eq!(
            read("host/__main__.py") + &read("host/sub/two.py"),
            "kepttwo"
        );
        let main = folder.path().join("host");
        assert_eq!(
            program.command(folder.path()),
            ["python3".into(), main.into_os_string()]
        );
    }
}
