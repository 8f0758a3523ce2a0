//! Files and folders that belong to a run while it lives, and what a killed run leaves.
//!
//! The owner holds a lock. The system releases it when the process ends, however it ends, also in another container
//! that shares the folder; a process number would say nothing there.

use std::fs::{File, Metadata, TryLockError};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// Makes a file or folder with `make` and locks it. If another run takes it for an abandoned one, before it is locked, it
/// removes it; then a new one is made.
pub(crate) fn make_owned<T>(
    make: impl Fn() -> io::Result<T>,
    file_of: impl Fn(&T) -> (&File, &Path),
) -> io::Result<T> {
    // The other run looks once, when it begins.
    const TRIES: usize = 10;
    for _ in 0..TRIES {
        match make() {
            Ok(made) => {
                let (file, path) = file_of(&made);
                if claim(file, path) {
                    return Ok(made);
                }
            }
            // Removed before `make` has opened what it made.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    make()
}

/// Locks a file; false if another run has removed it, or is about to. Without locks in the file system nobody removes it.
fn claim(file: &File, path: &Path) -> bool {
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => false,
        Ok(()) | Err(TryLockError::Error(_)) => is_at(file, path),
    }
}

/// Whether the owner of a file or folder is gone. While the result lives, nobody can claim it. `is_kind` says whether it
/// is of the kind that an owner makes: opening a pipe would block, and a link may lead anywhere.
pub(crate) fn abandoned(path: &Path, is_kind: impl Fn(&Metadata) -> bool) -> Option<File> {
    let is_kind = path.symlink_metadata().is_ok_and(|found| is_kind(&found));
    let file = is_kind.then(|| File::open(path).ok())??;
    let unlocked = file.try_lock_shared().is_ok();
    (unlocked && is_at(&file, path)).then_some(file)
}

fn is_at(file: &File, path: &Path) -> bool {
    let number = |found: Metadata| (found.dev(), found.ino());
    let (Ok(open), Ok(named)) = (file.metadata(), path.symlink_metadata()) else {
        return false;
    };
    number(open) == number(named)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::cell::Cell;
    use std::path::PathBuf;

    #[test]
    fn what_is_removed_before_it_is_opened_is_made_again() {
        let folder = tempfile::tempdir().unwrap();
        let made = Cell::new(0);
        let make = || {
            made.set(made.get() + 1);
            let path = folder.path().join("a");
            File::create(&path)?;
            if made.get() < 3 {
                // Another run takes it for an abandoned one.
                std::fs::remove_file(&path)?;
            }
            Ok((File::open(&path)?, path))
        };
        let owned = make_owned(make, |(file, path)| (file, path.as_path()));
        assert!(is_at(&owned.unwrap().0, &folder.path().join("a")));
        let never = || Err(io::Error::from(io::ErrorKind::NotFound));
        let owned = make_owned(never, |(file, path): &(File, PathBuf)| {
            (file, path.as_path())
        });
        assert_eq!(owned.unwrap_err().kind(), io::ErrorKind::NotFound);
    }

    #[test]
    fn a_file_is_abandoned_when_its_owner_is_gone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        let make = || Ok((File::create(&path)?, path.clone()));
        let owned = make_owned(make, |(file, path)| (file, path.as_path())).unwrap();
        assert!(abandoned(&path, Metadata::is_file).is_none());
        drop(owned);
        let held = abandoned(&path, Metadata::is_file);
        assert!(held.is_some());
        assert!(!claim(&File::open(&path).unwrap(), &path));
    }
}
