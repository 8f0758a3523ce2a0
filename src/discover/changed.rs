//! Which files changed in git since a revision. It asks the program `git`.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::fmt;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::system_error::reason;

/// The revision if none is named.
const HEAD: &str = "HEAD";

/// The files that changed since a revision, without those that are gone.
#[derive(Debug)]
pub struct Changed {
    files: HashSet<PathBuf>,
}

impl Changed {
    /// Asks git for all files of the repository around `folder` that differ from `revision`: in
    /// commits since then, in the index or in the working tree; and for new files that no ignore
    /// file names.
    ///
    /// # Errors
    /// When git is missing, or the repository or revision does not exist.
    pub fn since(revision: &str, folder: &Path) -> Result<Self, ChangedError> {
        let top = git(folder, &["rev-parse", "--show-toplevel"])
            .map_err(|error| error.or(ChangedError::NoRepository(folder.to_owned())))?;
        let top = PathBuf::from(OsStr::from_bytes(top.strip_suffix(b"\n").unwrap_or(&top)));
        let commit = format!("{revision}^{{commit}}");
        let verify = [
            "rev-parse",
            "--verify",
            "--quiet",
            "--end-of-options",
            &commit,
        ];
        let tracked = match git(&top, &verify) {
            Ok(commit) => {
                let commit = String::from_utf8_lossy(&commit).trim().to_owned();
                let diff = [
                    "diff",
                    "--name-only",
                    "-z",
                    "--no-renames",
                    "--no-ext-diff",
                    "--no-relative",
                    &commit,
                    "--",
                ];
                git(&top, &diff)?
            }
            // Before the first commit all that is staged is new.
            Err(ChangedError::Failed(_)) if revision == HEAD => git(&top, &["ls-files", "-z"])?,
            Err(error) => return Err(error.or(ChangedError::NoRevision(revision.to_owned()))),
        };
        let new = git(&top, &["ls-files", "--others", "--exclude-standard", "-z"])?;
        let names = tracked
            .split(|byte| *byte == 0)
            .chain(new.split(|byte| *byte == 0));
        let paths = names
            .filter(|name| !name.is_empty())
            .map(|name| top.join(OsStr::from_bytes(name)));
        // Removed files have no path any more.
        Ok(Self {
            files: paths.filter_map(|path| path.canonicalize().ok()).collect(),
        })
    }

    /// Whether a file is among them; a link counts as its target. For a repository inside the
    /// repository git only names the folder: all files in it count as changed.
    #[must_use]
    pub fn contains(&self, path: &Path) -> bool {
        let changed = |path: PathBuf| path.ancestors().any(|part| self.files.contains(part));
        path.canonicalize().is_ok_and(changed)
    }
}

fn git(folder: &Path, arguments: &[&str]) -> Result<Vec<u8>, ChangedError> {
    let mut command = Command::new("git");
    // Git sets these variables for its hooks. If a hook runs bdd, they may name another repository than that
    // of the folder.
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
        command.env_remove(name);
    }
    let output = command
        .args(arguments)
        .current_dir(folder)
        .output()
        .map_err(|error| ChangedError::NoGit(reason(&error)))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(ChangedError::Failed(said.trim().to_owned()))
}

/// Why the changed files are unknown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChangedError {
    /// The program `git` cannot be started.
    NoGit(String),
    /// The folder belongs to no repository.
    NoRepository(PathBuf),
    /// The repository has no such revision.
    NoRevision(String),
    /// Git failed; its message.
    Failed(String),
}

impl ChangedError {
    /// Returns `meaning` if git failed and its own message does not explain enough.
    fn or(self, meaning: Self) -> Self {
        match self {
            Self::Failed(said) if said.is_empty() || said.contains("not a git repository") => {
                meaning
            }
            other => other,
        }
    }
}

impl fmt::Display for ChangedError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("--changed: ")?;
        match self {
            Self::NoGit(why) => write!(formatter, "git cannot be started: {why}"),
            Self::NoRepository(folder) => {
                write!(formatter, "{} is in no git repository", folder.display())
            }
            Self::NoRevision(revision) => {
                write!(formatter, "git knows no revision `{revision}`")
            }
            Self::Failed(said) => write!(formatter, "{said}"),
        }
    }
}

impl std::error::Error for ChangedError {}
