//! Locks that end with the process that has them.

use std::fs::{File, TryLockError};
use std::io::{self, ErrorKind};
use std::path::Path;
use std::time::Duration;

use crate::file_lock::lock_within;

/// How long to wait for the lock. It is held only while files are written.
const PATIENCE: Duration = Duration::from_secs(10);

/// The right to change the files of a directory.
pub(super) struct DirectoryLock {
    _directory: Option<File>,
}

impl DirectoryLock {
    /// Waits a while for the lock. A file system without such locks, as some networks have, has none to wait for.
    ///
    /// # Errors
    /// When another process has it all the time.
    pub(super) fn wait(directory: &Path) -> io::Result<Self> {
        let file = File::open(directory)?;
        match lock_within(&file, PATIENCE) {
            Ok(()) => Ok(Self {
                _directory: Some(file),
            }),
            Err(TryLockError::WouldBlock) => Err(io::Error::new(
                ErrorKind::WouldBlock,
                "another bdd writes into this folder and does not come to an end",
            )),
            Err(TryLockError::Error(_)) => Ok(Self { _directory: None }),
        }
    }
}

/// Locks a file as long as this process has it open, where the file system can do that.
pub(super) fn hold(file: &File) {
    let _ = file.try_lock();
}

/// Whether another process holds this file.
pub(super) fn is_held(path: &Path) -> bool {
    let locked = File::open(path).map(|file| file.try_lock_shared());
    matches!(locked, Ok(Err(TryLockError::WouldBlock)))
}
