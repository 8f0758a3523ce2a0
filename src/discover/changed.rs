//! Which files changed in git since a revision. It asks the program `git`.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::fmt;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::system_error::reason;

/// What git is asked for when nobody names a revision.
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
    /// When there is no git, no repository or no such revision.
    pub fn since(revision: &str, folder: &Path) -> Result<Self, NoChanges> {
        let top = git(folder, &["rev-parse", "--show-toplevel"])
            .map_err(|error| error.or(NoChanges::NoRepository(folder.to_owned())))?;
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
            Err(NoChanges::Failed(_)) if revision == HEAD => git(&top, &["ls-files", "-z"])?,
            Err(error) => return Err(error.or(NoChanges::NoRevision(revision.to_owned()))),
        };
        let new = git(&top, &["ls-files", "--others", "--exclude-standard", "-z"])?;
        let names = tracked
            .split(|byte| *byte == 0)
            .chain(new.split(|byte| *byte == 0));
        let paths = names
            .filter(|name| !name.is_empty())
            .map(|name| top.join(OsStr::from_bytes(name)));
        // What is gone has no path any more.
        Ok(Self {
            files: paths.filter_map(|path| path.canonicalize().ok()).collect(),
        })
    }

    /// Whether a file is among them; a link counts as what it leads to. Of a repository inside the
    /// repository git names the folder only: all in it counts as changed.
    #[must_use]
    pub fn contains(&self, path: &Path) -> bool {
        let changed = |path: PathBuf| path.ancestors().any(|part| self.files.contains(part));
        path.canonicalize().is_ok_and(changed)
    }
}

fn git(folder: &Path, arguments: &[&str]) -> Result<Vec<u8>, NoChanges> {
    let mut command = Command::new("git");
    // A hook of git that runs bdd has these; they need not fit another folder.
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
        command.env_remove(name);
    }
    let output = command
        .args(arguments)
        .current_dir(folder)
        .output()
        .map_err(|error| NoChanges::NoGit(reason(&error)))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(NoChanges::Failed(said.trim().to_owned()))
}

/// Why nobody knows what changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoChanges {
    /// There is no program `git`.
    NoGit(String),
    /// The folder belongs to no repository.
    NoRepository(PathBuf),
    /// The repository has no such revision.
    NoRevision(String),
    /// What git says.
    Failed(String),
}

impl NoChanges {
    /// What it means that git failed; unless git says more than that it did.
    fn or(self, meaning: Self) -> Self {
        match self {
            Self::Failed(said) if said.is_empty() || said.contains("not a git repository") => {
                meaning
            }
            other => other,
        }
    }
}

impl fmt::Display for NoChanges {
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

impl std::error::Error for NoChanges {}
