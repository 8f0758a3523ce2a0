//! What runs that were killed have left in the temporary directory.

use std::fs::{self, File, Metadata};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

use tempfile::TempDir;

use crate::owned_file::{abandoned, make_owned};

/// How the names of folders for sockets and attachments begin.
pub(super) const PREFIX: &str = "bdd-";
/// How many random letters follow.
pub(super) const LETTERS: usize = 8;
/// How the names of capture files begin. Such a file has its name for a moment only.
const CAPTURE: &str = "bdd-output-";
/// A capture file that still has its name after so long was made by a process that is gone.
const MOMENT: Duration = Duration::from_secs(60);
/// The folder for attachments inside. Beside it are sockets, whose names are numbers.
pub(super) const ATTACHMENTS: &str = "attachments";

/// The folder for the package of a host.
pub(super) const HOST: &str = "host";

/// How the name of the outbox of a worker ends, after the number of its process.
pub(super) const OUTBOX: &str = ".outbox";

/// Makes a folder with `make` that is in use as long as the result lives. The lock is on the folder itself: a file in it
/// would be gone before the folder when a run is killed while it cleans up.
pub(super) fn own(make: impl Fn() -> io::Result<TempDir>) -> io::Result<(TempDir, File)> {
    let make = || {
        let folder = make()?;
        let opened = File::open(folder.path())?;
        Ok((folder, opened))
    };
    make_owned(make, |(folder, opened): &(TempDir, File)| {
        (opened, folder.path())
    })
}

/// Locks a folder that was made again in the place of one that was deleted; none where that is not possible.
pub(super) fn lock_again(folder: &Path) -> Option<File> {
    let opened = File::open(folder).ok()?;
    opened.try_lock().ok()?;
    Some(opened)
}

/// Removes the folders in a temporary directory whose owners are gone. Errors are no concern of this run.
pub(super) fn clear_away(directory: &Path) {
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let Some(rest) = name.to_str().and_then(|name| name.strip_prefix(PREFIX)) else {
            continue;
        };
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if is_folder && rest.len() == LETTERS {
            remove_abandoned(&entry.path());
        } else if name.to_str().is_some_and(|name| name.starts_with(CAPTURE)) {
            remove_capture(&entry.path());
        }
    }
}

fn remove_abandoned(folder: &Path) {
    // While this lives, no starting run can take the folder for its own.
    let Some(_folder) = abandoned(folder, Metadata::is_dir) else {
        return;
    };
    if has_only_ours(folder).unwrap_or(false) {
        let _ = fs::remove_dir_all(folder);
    }
}

/// Whether a folder has nothing inside that a run would not make: it may be that of somebody else.
fn has_only_ours(folder: &Path) -> io::Result<bool> {
    const FOR_OWNER_ONLY: u32 = 0o700;
    if folder.symlink_metadata()?.permissions().mode() & 0o777 != FOR_OWNER_ONLY {
        return Ok(false);
    }
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name();
        let is_ours = |name: &str| {
            let serial = name.strip_suffix(OUTBOX).unwrap_or(name);
            [ATTACHMENTS, HOST].contains(&name) || serial.bytes().all(|byte| byte.is_ascii_digit())
        };
        if !name.to_str().is_some_and(is_ours) {
            return Ok(false);
        }
    }
    Ok(true)
}

fn remove_capture(path: &Path) {
    let Ok(found) = path.symlink_metadata() else {
        return;
    };
    let age = found
        .modified()
        .ok()
        .and_then(|changed| changed.elapsed().ok());
    if found.is_file() && found.len() == 0 && age.is_some_and(|age| age > MOMENT) {
        let _ = fs::remove_file(path);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::fs::Permissions;
    use std::os::unix::fs::DirBuilderExt;
    use std::time::SystemTime;

    #[test]
    fn only_what_is_abandoned_is_removed() {
        let directory = tempfile::tempdir().unwrap();
        let folder = |name: &str, inside: &str| {
            let path = directory.path().join(name);
            fs::create_dir_all(path.join(inside)).unwrap();
            fs::set_permissions(&path, Permissions::from_mode(0o700)).unwrap();
            path
        };
        let dead = folder("bdd-deadDEAD", "attachments/1");
        fs::write(dead.join("0"), "").unwrap();
        fs::write(dead.join("0.outbox"), "").unwrap();
        fs::create_dir_all(dead.join(HOST).join("package")).unwrap();
        // Of a run that was killed while it cleaned up.
        let empty = folder("bdd-empty000", "");
        let foreign = folder("bdd-foreign0", "attachments");
        fs::write(foreign.join("letter.txt"), "").unwrap();
        let open = folder("bdd-open0000", "attachments");
        fs::set_permissions(&open, Permissions::from_mode(0o755)).unwrap();
        let named = folder("bdd-project", "");
        let make = || {
            let mut builder = tempfile::Builder::new();
            builder.prefix(PREFIX).rand_bytes(LETTERS);
            builder.permissions(Permissions::from_mode(0o700));
            builder.tempdir_in(directory.path())
        };
        let (live, lock) = own(make).unwrap();
        let capture = directory.path().join("bdd-output-aaaaaa");
        let old = File::create(&capture).unwrap();
        old.set_modified(SystemTime::UNIX_EPOCH).unwrap();
        let new = directory.path().join("bdd-output-bbbbbb");
        File::create(&new).unwrap();
        clear_away(directory.path());
        assert!(!dead.exists() && !empty.exists() && !capture.exists());
        for kept in [live.path(), &foreign, &open, &named, &new] {
            assert!(kept.exists(), "{kept:?}");
        }
        // A step has deleted the folder, and it was made again.
        drop(lock);
        fs::remove_dir(live.path()).unwrap();
        let mut builder = fs::DirBuilder::new();
        builder.mode(0o700).create(live.path()).unwrap();
        let lock = lock_again(live.path());
        clear_away(directory.path());
        assert!(live.path().exists());
        drop(lock);
        clear_away(directory.path());
        assert!(!live.path().exists());
    }
}
