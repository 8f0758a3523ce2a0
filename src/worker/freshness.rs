//! Whether a step program is older than its sources.
//!
//! Beside each program, cargo writes the list of its source files, in the form of a makefile. Without such a list nothing
//! is known, and the program counts as current: a script has no older form.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::paths::from_root;

/// The files that a step program depends on, as far as they are known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProgramFiles {
    /// The program. It may be missing.
    pub program: Option<PathBuf>,
    /// What it is made from, or what it reads when it starts: files, and folders in which others may appear.
    pub sources: Vec<PathBuf>,
}

/// When the files of a step program were last changed; `None` for those that do not exist.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProgramState(Vec<Option<SystemTime>>);

impl ProgramFiles {
    /// A program, and the sources that cargo noted when it built it.
    pub fn of_built(program: PathBuf) -> Self {
        let list = fs::read_to_string(program.with_extension("d"));
        Self {
            program: Some(program),
            sources: sources(&list.unwrap_or_default()),
        }
    }

    /// The state of these files now.
    #[must_use]
    pub fn state(&self) -> ProgramState {
        let changed = |file: &PathBuf| fs::metadata(file).ok()?.modified().ok();
        let all = self.program.iter().chain(&self.sources);
        ProgramState(all.map(changed).collect())
    }

    /// A source file that was changed after the program was built; `None` if there is none.
    fn newer_source(&self) -> Option<&Path> {
        let built = modified(self.program.as_deref()?)?;
        let is_newer = |source: &&PathBuf| modified(source).is_some_and(|changed| changed > built);
        self.sources.iter().find(is_newer).map(PathBuf::as_path)
    }

    /// What to say if the program is older than its sources, with paths from `root`: one line, lower case, without a full
    /// stop.
    #[must_use]
    pub fn staleness(&self, root: &Path) -> Option<String> {
        let source = from_root(&self.newer_source()?.to_string_lossy(), root);
        Some(format!("the step program is older than {source}"))
    }
}

/// When a file was changed. A folder may be in the list, and changes with every file that a tool leaves in it.
fn modified(file: &Path) -> Option<SystemTime> {
    let metadata = fs::metadata(file).ok().filter(fs::Metadata::is_file)?;
    metadata.modified().ok()
}

/// The files after the colon of the rule. A backslash makes a space a part of a name.
fn sources(list: &str) -> Vec<PathBuf> {
    let Some((_, names)) = list.split_once(": ") else {
        return Vec::new();
    };
    let mut all = Vec::new();
    let mut name = String::new();
    let mut characters = names.lines().next().unwrap_or_default().chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\\' if characters.next_if_eq(&' ').is_some() => name.push(' '),
            ' ' => all.push(std::mem::take(&mut name)),
            other => name.push(other),
        }
    }
    all.push(name);
    all.retain(|name| !name.is_empty());
    all.into_iter().map(PathBuf::from).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::time::Duration;

    use super::*;

    fn newer_source(program: &Path) -> Option<PathBuf> {
        let files = ProgramFiles::of_built(program.to_path_buf());
        files.newer_source().map(Path::to_path_buf)
    }

    #[test]
    fn names_end_at_spaces_without_a_backslash() {
        let all = sources("/t/steps: /a/b.rs /a/with\\ a/space.rs /c.rs\n\n/a/b.rs:\n");
        let expected: [&Path; 3] = [
            "/a/b.rs".as_ref(),
            "/a/with a/space.rs".as_ref(),
            "/c.rs".as_ref(),
        ];
        assert_eq!(all, expected);
        assert_eq!(sources("/t/steps:\n"), [""; 0].map(PathBuf::from));
        assert_eq!(sources("nothing"), [""; 0].map(PathBuf::from));
    }

    #[test]
    fn a_source_that_was_changed_later_is_newer() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let write = |name: &str, seconds: u64| {
            let file = fs::File::create(path(name)).unwrap();
            let time = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
            file.set_modified(time).unwrap();
        };
        write("main.rs", 10);
        write("steps", 20);
        assert_eq!(newer_source(&path("steps")), None, "there is no list");
        let shown = |name: &str| path(name).display().to_string();
        let list = format!(
            "{}: {} {} {}\n",
            shown("steps"),
            shown("main.rs"),
            shown("gone.rs"),
            folder.path().display()
        );
        fs::write(path("steps.d"), list).unwrap();
        assert_eq!(newer_source(&path("steps")), None);
        write("main.rs", 20);
        assert_eq!(newer_source(&path("steps")), None);
        let files = ProgramFiles::of_built(path("steps"));
        let before = files.state();
        assert_eq!(files.state(), before);
        write("main.rs", 21);
        assert_eq!(newer_source(&path("steps")), Some(path("main.rs")));
        assert_ne!(files.state(), before);
    }
}
