//! Tells one state of a file from another.

use std::fs;
use std::io::{self, ErrorKind};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// What tells one state of `history.jsonl` from another, without reading it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Stamp {
    pub(super) length: u64,
    pub(super) modified: u64,
    pub(super) inode: u64,
}

impl Stamp {
    /// That of no file.
    pub(super) const NONE: Self = Self {
        length: u64::MAX,
        modified: u64::MAX,
        inode: u64::MAX,
    };

    /// That of a file; all zero if it does not exist.
    pub(super) fn of(path: &Path) -> io::Result<Self> {
        match fs::metadata(path) {
            Ok(found) => Ok(Self {
                length: found.len(),
                modified: (found.mtime() as u64)
                    .wrapping_mul(1_000_000_000)
                    .wrapping_add(found.mtime_nsec() as u64),
                inode: found.ino(),
            }),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(error),
        }
    }
}
