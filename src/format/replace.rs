//! Replaces the content of a file as a whole or not at all.

use std::fmt;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, fchown};
use std::path::Path;

use crate::durable::sync;
use crate::input;
use crate::system_error::reason;

/// Why a file was not replaced; it is as it was.
#[derive(Debug)]
pub enum ReplaceError {
    /// The system refused it.
    Io(io::Error),
    /// Another program has changed the file in the meantime.
    Changed,
    /// It is a pipe, a device or the like.
    NotRegular,
}

impl fmt::Display for ReplaceError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => formatter.write_str(&reason(error)),
            Self::Changed => formatter.write_str("another program has just changed it"),
            Self::NotRegular => formatter.write_str("it is not a regular file"),
        }
    }
}

impl std::error::Error for ReplaceError {}

impl From<io::Error> for ReplaceError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Replaces the content `old` of a file by `new`. At no time is there a file with a part of it. A symbolic link stays, and
/// what it leads to is replaced. Permissions stay, and so does the owner if the system allows it.
///
/// # Errors
/// When the file cannot be written, is not a regular one, or no longer has the content `old`.
pub fn replace(path: &Path, old: &[u8], new: &[u8]) -> Result<(), ReplaceError> {
    let path = fs::canonicalize(path)?;
    // A file that may not be written could be replaced by another one, but that is not what its owner wants.
    let file = OpenOptions::new().read(true).write(true).open(&path)?;
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Err(ReplaceError::NotRegular);
    }
    let folder = path.parent().unwrap_or(Path::new("/"));
    let mut temporary = tempfile::Builder::new()
        .prefix(".bdd-fmt.")
        .suffix(".tmp")
        .tempfile_in(folder)?;
    temporary.write_all(new)?;
    // Only the superuser can give a file to another owner. A group may be refused as well.
    let _ = fchown(temporary.as_file(), None, Some(metadata.gid()));
    let _ = fchown(temporary.as_file(), Some(metadata.uid()), None);
    // After the owner: to change that may take permissions away.
    temporary
        .as_file()
        .set_permissions(metadata.permissions())?;
    sync(temporary.as_file())?;
    if input::read(&path)? != old {
        return Err(ReplaceError::Changed);
    }
    temporary.persist(&path).map_err(|error| error.error)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::os::unix::fs::{PermissionsExt, symlink};

    #[test]
    fn permissions_and_links_stay_and_nothing_else_does() {
        let folder = tempfile::tempdir().unwrap();
        let (path, link) = (folder.path().join("a"), folder.path().join("b"));
        fs::write(&path, "old").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        symlink("a", &link).unwrap();
        replace(&link, b"old", b"new").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(path.metadata().unwrap().mode() & 0o7777, 0o640);
        assert!(link.is_symlink());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[test]
    fn a_file_that_has_changed_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        fs::write(&path, "newer").unwrap();
        let error = replace(&path, b"old", b"new").unwrap_err();
        assert!(matches!(error, ReplaceError::Changed));
        assert_eq!(fs::read(&path).unwrap(), b"newer");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
