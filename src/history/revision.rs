//! The commit that is checked out, read from the files of Git: to start `git` would take longer than a short run.

use std::fs;
use std::path::{Path, PathBuf};

/// The commit of the repository around a folder; `None` if there is none, or no commit yet.
pub(super) fn revision(root: &Path) -> Option<String> {
    let root = root.canonicalize().ok()?;
    let found = root.ancestors().map(|folder| folder.join(".git"));
    let folder = git_folder(found.into_iter().find(|path| path.exists())?)?;
    let head = read(&folder.join("HEAD"))?;
    let Some(name) = head.strip_prefix("ref: ") else {
        return commit(&head);
    };
    // A second worktree has its own HEAD, and its branches are in the folder of the first one.
    let shared = read(&folder.join("commondir")).map_or(folder.clone(), |path| folder.join(path));
    match read(&shared.join(name)) {
        Some(text) => commit(&text),
        None => {
            let packed = fs::read_to_string(shared.join("packed-refs")).ok()?;
            let mut lines = packed.lines().filter_map(|line| line.split_once(' '));
            lines
                .find(|(_, one)| *one == name)
                .and_then(|(text, _)| commit(text))
        }
    }
}

/// The folder itself, or the one that a file `.git` names.
fn git_folder(path: PathBuf) -> Option<PathBuf> {
    if path.is_dir() {
        return Some(path);
    }
    let named = read(&path)?;
    Some(path.parent()?.join(named.strip_prefix("gitdir: ")?))
}

fn read(path: &Path) -> Option<String> {
    let text = fs::read_to_string(path).ok()?;
    Some(text.trim_end().to_owned())
}

/// A text that is the name of a commit: SHA-1 or SHA-256.
fn commit(text: &str) -> Option<String> {
    let is_name = matches!(text.len(), 40 | 64) && text.bytes().all(|one| one.is_ascii_hexdigit());
    is_name.then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

    fn write(path: PathBuf, text: &str) {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    #[test]
    fn the_commit_is_found_as_git_stores_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        write(path("a/.git/HEAD"), "ref: refs/heads/main\n");
        fs::create_dir_all(path("a/in/it")).unwrap();
        assert_eq!(revision(&path("a/in/it")), None);
        let packed = format!("# pack-refs with: peeled\n{COMMIT} refs/heads/main\n");
        write(path("a/.git/packed-refs"), &packed);
        assert_eq!(revision(&path("a/in/it")).as_deref(), Some(COMMIT));
        let newer = COMMIT.replace('0', "f");
        write(path("a/.git/refs/heads/main"), &format!("{newer}\n"));
        assert_eq!(revision(&path("a")), Some(newer.clone()));
        write(path("b/.git"), "gitdir: ../a/.git/worktrees/b\n");
        write(path("a/.git/worktrees/b/HEAD"), "ref: refs/heads/main\n");
        write(path("a/.git/worktrees/b/commondir"), "../..\n");
        assert_eq!(revision(&path("b")), Some(newer));
        write(path("a/.git/HEAD"), COMMIT);
        assert_eq!(revision(&path("a")).as_deref(), Some(COMMIT));
    }
}
