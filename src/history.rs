//! The record of earlier runs, in the folder `.bdd` of the project: the last result and duration of each
//! scenario.
//!
//! Scenarios are identified by their stable ids. This module does not know the scheduler. [`Recorder`]
//! consumes the events of a run, as reports do. A problem with the record is a warning, never an error.

mod durations;
mod entry;
mod folder;
mod recorder;

use std::io;
use std::path::Path;
use std::sync::Arc;

use foldhash::{HashMap, HashSet};

pub use durations::Durations;
pub use entry::{Entry, RecordedResult};
pub use recorder::{Recorder, Recording};

use crate::system_error::reason;
use folder::{Folder, Lock};

/// The folder, in the project's root.
pub const FOLDER: &str = ".bdd";

/// The last result of each scenario that has one.
#[derive(Debug, Default)]
pub struct History {
    entries: HashMap<Arc<str>, Entry>,
}

/// The content of the folder.
#[derive(Debug, Default)]
pub struct Loaded {
    /// The record; `None` if no run is on record.
    pub history: Option<History>,
    /// One line for each problem with it.
    pub warnings: Vec<String>,
}

impl History {
    /// Reads the record of a project, including the journals of runs that were killed.
    #[must_use]
    pub fn load(root: &Path) -> Loaded {
        let mut loaded = Loaded::default();
        let Some(folder) = Folder::find(root) else {
            return loaded;
        };
        // Without the lock no file is moved, but the record can still be read.
        let lock = folder.lock().ok();
        match Self::read(&folder, lock.as_ref(), &mut loaded.warnings) {
            Ok((history, _)) if history.entries.is_empty() => {}
            Ok((history, _)) => loaded.history = Some(history),
            Err(error) => loaded.warnings.push(format!(
                "cannot read the record of earlier runs in {FOLDER}: {}",
                reason(&error)
            )),
        }
        loaded
    }

    /// Reads the history and the journals of runs that were killed. Also returns the paths of these journals.
    fn read(
        folder: &Folder,
        lock: Option<&Lock>,
        warnings: &mut Vec<String>,
    ) -> io::Result<(Self, Vec<std::path::PathBuf>)> {
        let mut history = Self::default();
        match folder.history()? {
            None => {}
            Some(bytes) => match entry::read_all(&bytes) {
                Ok(entries) => entries.into_iter().for_each(|one| history.put(one, None)),
                Err(entry::Damage::Version(version)) => {
                    return Err(io::Error::other(format!(
                        "its format version is {version}, and this bdd reads {}",
                        entry::VERSION
                    )));
                }
                Err(entry::Damage::Line(line)) => {
                    warnings.push(folder.set_aside(lock, line));
                }
            },
        }
        let mut absorbed = Vec::new();
        if let Some(lock) = lock {
            for path in folder.dead_journals(lock)? {
                for one in entry::read_valid(&std::fs::read(&path)?) {
                    history.put(one, None);
                }
                absorbed.push(path);
            }
        }
        Ok((history, absorbed))
    }

    /// Adds a result, unless there is a newer one. `now` is the time of the run that adds it, if a run does:
    /// a result that is much newer than that was recorded with a wrong clock.
    fn put(&mut self, (id, mut entry): (Arc<str>, Entry), now: Option<u64>) {
        const DAY: u64 = 86_400_000_000;
        if let Some(old) = self.entries.get(&id) {
            let wrong = now.is_some_and(|now| old.at > now.saturating_add(DAY));
            if old.at > entry.at && !wrong {
                return;
            }
            entry.nanos = entry.nanos.or(old.nanos);
        }
        self.entries.insert(id, entry);
    }

    /// Whether a scenario failed or did not run when it was last selected.
    #[must_use]
    pub fn failed(&self, id: &str) -> bool {
        (self.entries.get(id)).is_some_and(|entry| entry.result != RecordedResult::Passed)
    }

    /// How long a scenario took when it last ran to its end, in nanoseconds.
    #[must_use]
    pub fn nanos(&self, id: &str) -> Option<u64> {
        self.entries.get(id).and_then(|entry| entry.nanos)
    }

    /// Drops the scenarios that were removed: those of `whole` files that are not among `known`, and
    /// those of files that no longer exist.
    fn forget(&mut self, root: &Path, whole: &HashSet<Arc<str>>, known: &HashSet<Arc<str>>) {
        let mut files: HashMap<String, bool> = HashMap::default();
        let mut is_file = |uri: &str| match files.get(uri) {
            Some(known) => *known,
            None => {
                let found = root.join(uri).is_file();
                files.insert(uri.to_owned(), found);
                found
            }
        };
        self.entries.retain(|id, _| {
            // The path itself may contain `::`.
            let mut paths = id.match_indices("::").map(|(at, _)| &id[..at]);
            match paths.find(|path| whole.contains(*path) || is_file(path)) {
                Some(path) => !whole.contains(path) || known.contains(id),
                None => false,
            }
        });
    }
}
