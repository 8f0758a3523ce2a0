//! The last results of each scenario, in `.bdd/results.bin`: quick to search, and read only where it is needed.
//!
//! `history.jsonl` is the record that people and other machines read. This file is for bdd alone: one run looks up its
//! own scenarios in it without reading what is on record of all others, and it has up to [`KEPT`] results of each.
//! It says which `history.jsonl` it belongs to; if that has changed since, the whole record is read instead.

mod append;
mod block;
mod lookup;
mod merge;
mod record;

use std::fs;
use std::io::{self, ErrorKind};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use foldhash::HashMap;
use serde::{Deserialize, Serialize};

use super::entry::RecordedResult;
use crate::event::{Status, Timestamp};
use crate::plan::hash;

pub(super) use append::append;
pub(super) use block::{NewBlock, PastFile};
pub(super) use lookup::latest;
pub(super) use merge::merge;
pub(super) use record::Record;

/// How many results of a scenario are kept.
pub const KEPT: usize = 50;

/// The name of the file.
pub(super) const FILE: &str = "results.bin";

/// A run that gave results.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastRun {
    /// Differs from that of every other run of the project.
    pub id: String,
    /// When it began.
    pub start: Timestamp,
    /// The commit that was checked out, if the project is in a Git repository.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<String>,
}

/// One earlier result of a scenario.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastResult {
    /// Whether it failed its run. It ran to its end, so this is never [`RecordedResult::NotRun`].
    pub result: RecordedResult,
    /// The status of its last attempt. A scenario that is expected to fail may be `failed` and have passed.
    pub status: Status,
    /// The number of attempts. A scenario that passed after more than one is flaky.
    pub attempts: u8,
    /// When it ended; for some results when a step before its end began.
    pub at: Timestamp,
    /// How long its last attempt took, in nanoseconds.
    pub nanos: u64,
    /// The run. Unknown for results that an older bdd recorded.
    pub run: Option<PastRun>,
}

/// The last results of scenarios, by their stable ids: at most [`KEPT`] of each, the oldest first. Scenarios without
/// results are left out.
///
/// It costs in proportion to the number of ids, whatever else is on record. Results of runs that go on or were killed
/// are not among them yet.
///
/// # Errors
/// When the file is there and cannot be read.
pub fn results_of<'i>(
    root: &Path,
    ids: impl IntoIterator<Item = &'i str>,
) -> io::Result<HashMap<&'i str, Vec<PastResult>>> {
    let Some(folder) = super::folder::Folder::find(root) else {
        return Ok(HashMap::default());
    };
    // The lock keeps other processes from changing it meanwhile. Without it, the file still is as it was opened.
    let _lock = folder.lock().ok();
    match PastFile::open(&folder)? {
        Some(file) => lookup::results(&file, ids),
        None => Ok(HashMap::default()),
    }
}

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

/// What stands for a stable id, or for a path, in the file. Of 100,000 ids, two are the same with a chance of one in
/// three billions.
pub(super) fn key(text: &str) -> u64 {
    hash::mix(hash::of_bytes(text.bytes()))
}
