//! The folder `.bdd`: its files and their locks.
//!
//! `history.jsonl` grows by what each run adds, and is replaced as a whole when much of it is out of date, both under
//! the lock of `lock`; so is `results.bin`, its companion for quick searches. A run writes its results to its own journal `run-….jsonl`, which it keeps locked. An
//! unlocked journal belongs to a run that was killed.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::NamedTempFile;

use super::stamp::Stamp;
use super::{FOLDER, entry};
use crate::durable::sync;
use crate::file_lock::lock_within;
use crate::system_error::reason;

const HISTORY: &str = "history.jsonl";
const PAST: &str = "results.bin";

/// The times of step definitions.
pub(super) const STEPS: &str = "steps.json";

/// No head is longer.
const HEAD_BYTES: u64 = 128;

/// What the names of unfinished histories begin with.
const TEMPORARY: &str = ".history.";

/// How much longer than its last compact form the history may become: three times, and this many bytes. A run
/// of all scenarios adds as much as the compact form has, so one of about three such runs compacts it.
const SLACK: u64 = 64 * 1024;

/// How long to wait for the lock. It is held only while a file is written.
const PATIENCE: Duration = Duration::from_secs(2);

/// The folder of a project; it exists.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
}

/// The lock that a process must hold to replace the history and to remove journals.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

impl Folder {
    /// The folder, if it exists.
    pub(super) fn find(root: &Path) -> Option<Self> {
        let path = root.join(FOLDER);
        path.is_dir().then_some(Self { path })
    }

    /// The folder. If it is missing, it is created with a `.gitignore`.
    pub(super) fn make(root: &Path) -> io::Result<Self> {
        let path = root.join(FOLDER);
        fs::create_dir_all(&path)?;
        let ignore = path.join(".gitignore");
        if !ignore.exists() {
            // Written to a temporary file first: nothing would ever fill an empty `.gitignore`.
            let mut temporary = NamedTempFile::new_in(&path)?;
            temporary.write_all(b"*\n")?;
            temporary.persist(ignore)?;
        }
        Ok(Self { path })
    }

    /// Waits for the lock, with a limit.
    pub(super) fn lock(&self) -> io::Result<Lock> {
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(self.path.join("lock"))?;
        match lock_within(&file, PATIENCE) {
            Ok(()) => Ok(Lock { _file: file }),
            Err(TryLockError::WouldBlock) => Err(io::Error::new(
                ErrorKind::WouldBlock,
                "another bdd keeps it locked",
            )),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    /// The content of the history; `None` if it does not exist.
    pub(super) fn history(&self) -> io::Result<Option<Vec<u8>>> {
        match fs::read(self.path.join(HISTORY)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Appends blocks to the history, if it is there, takes them, and does not become too long; whether it did.
    pub(super) fn append(&self, _: &Lock, blocks: &[u8]) -> io::Result<bool> {
        let path = self.path.join(HISTORY);
        let mut file = match OpenOptions::new().read(true).append(true).open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(error),
        };
        let mut start = Vec::new();
        (&mut file).take(HEAD_BYTES).read_to_end(&mut start)?;
        let Ok((head, _)) = entry::head(&start) else {
            return Ok(false);
        };
        let length = file.metadata()?.len();
        let longest = (4 * head.compacted).saturating_add(SLACK);
        if !head.takes_blocks()
            || length + blocks.len() as u64 > longest
            || !ends_a_line(&mut file)?
        {
            return Ok(false);
        }
        file.write_all(blocks).map(|()| true).inspect_err(|_| {
            // A full disk: half a block would hide what the next run appends.
            let _ = file.set_len(length);
        })
    }

    /// Replaces the history.
    pub(super) fn replace(&self, lock: &Lock, content: &[u8]) -> io::Result<()> {
        let path = self.path.join(HISTORY);
        self.replace_with(lock, &path, |file| file.write_all(content))
    }

    /// Replaces one of the files with what is written to a new one.
    pub(super) fn replace_with(
        &self,
        _: &Lock,
        path: &Path,
        write: impl FnOnce(&mut File) -> io::Result<()>,
    ) -> io::Result<()> {
        self.clear_away()?;
        let mut temporary = self.temporary()?;
        write(temporary.as_file_mut())?;
        // The journals, of which this is the sum, are removed after it.
        sync(temporary.as_file())?;
        temporary.persist(path)?;
        Ok(())
    }

    /// A new file that can take the place of another one in the folder.
    pub(super) fn temporary(&self) -> io::Result<NamedTempFile> {
        tempfile::Builder::new()
            .prefix(TEMPORARY)
            // As for every new file the umask decides who may read it.
            .permissions(fs::Permissions::from_mode(0o666))
            .tempfile_in(&self.path)
    }

    /// Removes the temporary files of processes that were killed in the middle of [`Self::replace`]. The lock
    /// says that no other process writes one now.
    fn clear_away(&self) -> io::Result<()> {
        for entry in fs::read_dir(&self.path)? {
            let entry = entry?;
            if entry.file_name().to_string_lossy().starts_with(TEMPORARY) {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }

    /// The file with the times of step definitions.
    pub(super) fn steps(&self) -> PathBuf {
        self.path.join(STEPS)
    }

    /// The file for quick searches.
    pub(super) fn past(&self) -> PathBuf {
        self.path.join(PAST)
    }

    /// The state of the history.
    pub(super) fn stamp(&self) -> io::Result<Stamp> {
        Stamp::of(&self.path.join(HISTORY))
    }

    /// Renames a file for quick searches that cannot be read, and returns the warning.
    pub(super) fn set_past_aside(&self, _: &Lock) -> String {
        let (stem, extension) = PAST.split_once('.').unwrap_or_default();
        let name = self.damaged(stem, extension);
        let what = format!("the earlier results in {FOLDER}/{} are damaged", PAST);
        match fs::rename(self.past(), self.path.join(&name)) {
            Ok(()) => format!("{what}; they were set aside as {FOLDER}/{name}"),
            Err(error) => format!("{what} and cannot be set aside: {}", reason(&error)),
        }
    }

    /// A free name for a damaged file.
    fn damaged(&self, stem: &str, extension: &str) -> String {
        (1..)
            .map(|number: u32| format!("{stem}.damaged-{number}.{extension}"))
            .find(|name| !self.path.join(name).exists())
            .unwrap_or_default()
    }

    /// Renames a damaged history and returns the warning. Without the lock the file stays.
    pub(super) fn set_aside(&self, lock: Option<&Lock>, line: usize) -> String {
        let what = format!("the record of earlier runs is damaged ({FOLDER}/{HISTORY}:{line})");
        if lock.is_none() {
            return format!("{what}; it is ignored");
        }
        let name = self.damaged("history", "jsonl");
        match fs::rename(self.path.join(HISTORY), self.path.join(&name)) {
            Ok(()) => format!("{what}; it was set aside as {FOLDER}/{name}"),
            Err(error) => format!("{what} and cannot be set aside: {}", reason(&error)),
        }
    }

    /// Creates the journal of a run, already locked: another process takes an unlocked journal for that of a
    /// run that was killed.
    pub(super) fn new_journal(&self, _: &Lock, run: u64) -> io::Result<(File, PathBuf)> {
        let path = self
            .path
            .join(format!("run-{run:x}-{}.jsonl", std::process::id()));
        let file = OpenOptions::new()
            .create_new(true)
            .append(true)
            .open(&path)?;
        match file.try_lock() {
            Ok(()) => Ok((file, path)),
            Err(TryLockError::Error(error)) => Err(error),
            Err(error @ TryLockError::WouldBlock) => Err(error.into()),
        }
    }

    /// The journals of runs that were killed, in the order of their names.
    pub(super) fn dead_journals(&self, _: &Lock) -> io::Result<Vec<PathBuf>> {
        let mut dead = Vec::new();
        for entry in fs::read_dir(&self.path)? {
            let entry = entry?;
            let name = entry.file_name();
            let name = name.to_string_lossy();
            if name.starts_with("run-")
                && name.ends_with(".jsonl")
                && File::open(entry.path()).is_ok_and(|file| file.try_lock_shared().is_ok())
            {
                dead.push(entry.path());
            }
        }
        dead.sort();
        Ok(dead)
    }
}

/// The warning for a history that a process was killed while it appended to.
pub(super) fn cut_off(bytes: &[u8]) -> String {
    let line = bytes.iter().filter(|byte| **byte == b'\n').count() + 1;
    format!(
        "the record of earlier runs ends in the middle of a line ({FOLDER}/{HISTORY}:{line}); the lines before it count"
    )
}

/// Whether a file ends with a whole line: a process may have been killed while it appended.
fn ends_a_line(file: &mut File) -> io::Result<bool> {
    let mut last = [0];
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    Ok(last == *b"\n")
}
