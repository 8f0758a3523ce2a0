//! The record of earlier runs, in the folder `.bdd` of the project: the last result and duration of each
//! scenario, and the last results of each for trends.
//!
//! What needs some scenarios asks for them ([`History::of`], [`results_of`]): that costs in proportion to them.
//! [`History::load`] reads everything.
//!
//! Scenarios are identified by their stable ids. This module does not know the scheduler. [`Recorder`]
//! consumes the events of a run, as reports do. A problem with the record is a warning, never an error.

mod durations;
mod entry;
mod folder;
mod past;
mod reading;
mod recorder;
mod revision;
mod stamp;
mod step_times;
mod trend;

use std::io;
use std::path::Path;
use std::sync::Arc;

use foldhash::{HashMap, HashSet};

pub use durations::Durations;
pub use entry::{Entry, RecordedResult};
pub use past::{KEPT, PastResult, PastRun};
pub use recorder::{Recorder, Recording};
pub use step_times::{StepTime, StepTimes};
pub use trend::{BrokenSince, Trend, is_flaky};

use crate::event::ScenarioTrend;
use crate::system_error::reason;
use folder::{Folder, Lock};
use past::PastFile;
use reading::Reading;
use trend::scenario_trend;

/// The folder, in the project's root.
pub const FOLDER: &str = ".bdd";

/// The last result of each scenario that has one.
#[derive(Debug, Default)]
pub struct History {
    entries: HashMap<Arc<str>, Entry>,
    /// Whether scenarios that were not asked for may be on record.
    others: bool,
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
        Self::load_by(root, Self::read)
    }

    /// Reads what is on record of some scenarios, by their stable ids, and no more if that can be found by itself.
    #[must_use]
    pub fn of<'i>(root: &Path, ids: impl IntoIterator<Item = &'i str>) -> Loaded {
        Self::load_by(root, |folder, lock, warnings| {
            match Self::look_up(folder, ids) {
                Ok(Some(reading)) => Ok(reading),
                // The next run that is recorded reports it.
                Ok(None) | Err(_) => Self::read(folder, lock, warnings),
            }
        })
    }

    fn load_by(
        root: &Path,
        read: impl FnOnce(&Folder, Option<&Lock>, &mut Vec<String>) -> io::Result<Reading>,
    ) -> Loaded {
        let mut loaded = Loaded::default();
        let Some(folder) = Folder::find(root) else {
            return loaded;
        };
        // Without the lock no file is moved, but the record can still be read.
        let lock = folder.lock().ok();
        let read = read(&folder, lock.as_ref(), &mut loaded.warnings);
        let read = read.and_then(|mut reading| {
            if let Some(lock) = &lock {
                for journal in folder.dead_journals(lock)? {
                    reading.journal(&std::fs::read(journal)?);
                }
            }
            Ok(reading.finish())
        });
        match read {
            Ok(history) if history.entries.is_empty() && !history.others => {}
            Ok(history) => loaded.history = Some(history),
            Err(error) => loaded.warnings.push(format!(
                "cannot read the record of earlier runs in {FOLDER}: {}",
                reason(&error)
            )),
        }
        loaded
    }

    /// Searches for some scenarios; `None` if that file does not belong to the record as it is.
    fn look_up<'i>(
        folder: &Folder,
        ids: impl IntoIterator<Item = &'i str>,
    ) -> io::Result<Option<Reading>> {
        let stamp = folder.stamp()?;
        match PastFile::open(folder)? {
            Some(file) if file.belongs_to(stamp) => {
                Ok(Some(Reading::of_some(past::latest(&file, ids)?)))
            }
            _ => Ok(None),
        }
    }

    /// Reads the file of the record. If it is damaged, it is set aside, and nothing is on record.
    fn read(
        folder: &Folder,
        lock: Option<&Lock>,
        warnings: &mut Vec<String>,
    ) -> io::Result<Reading> {
        let mut reading = Reading::default();
        let Some(bytes) = folder.history()? else {
            return Ok(reading);
        };
        match reading.file(&bytes) {
            Ok(()) => {
                if entry::complete(&bytes) < bytes.len() {
                    warnings.push(folder::cut_off(&bytes));
                }
                Ok(reading)
            }
            Err(entry::Damage::Version(version)) => Err(io::Error::other(format!(
                "its format version is {version}, and this bdd reads {}",
                entry::VERSION
            ))),
            Err(entry::Damage::Line(line)) => {
                warnings.push(folder.set_aside(lock, line));
                Ok(Reading::default())
            }
        }
    }

    /// Whether a scenario failed or did not run when it was last selected.
    #[must_use]
    pub fn failed(&self, id: &str) -> bool {
        (self.entries.get(id)).is_some_and(|entry| entry.result != RecordedResult::Passed)
    }

    /// What is on record of a scenario.
    #[must_use]
    pub fn entry(&self, id: &str) -> Option<Entry> {
        self.entries.get(id).copied()
    }

    /// How long a scenario took when it last ran to its end, in nanoseconds.
    #[must_use]
    pub fn nanos(&self, id: &str) -> Option<u64> {
        self.entries.get(id).and_then(|entry| entry.nanos)
    }

    /// The last result of each scenario, by its stable id, in no order.
    pub fn results(&self) -> impl Iterator<Item = (&str, Entry)> {
        self.entries.iter().map(|(id, entry)| (&**id, *entry))
    }

    /// Drops the scenarios of files that no longer exist, but not those that are `known`: a step may have deleted
    /// the files of the run.
    fn forget_files(&mut self, root: &Path, known: &HashSet<&str>) {
        let mut files: HashMap<String, bool> = HashMap::default();
        let mut is_file = |uri: &str| match files.get(uri) {
            Some(known) => *known,
            None => {
                let found = root.join(uri).is_file();
                files.insert(uri.to_owned(), found);
                found
            }
        };
        self.entries
            .retain(|id, _| known.contains(&**id) || entry::paths_of(id).any(&mut is_file));
    }
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
    let ids: Vec<&str> = ids.into_iter().collect();
    let own = |result: &PastResult<&Arc<PastRun>>| result.clone().with_run(Arc::clone);
    let found = results_by_position(root, ids.iter().copied(), |results| {
        Some(results.iter().map(own).collect())
    })?;
    let by_id = found
        .into_iter()
        .map(|(position, results)| (ids[position], results));
    Ok(by_id.collect())
}

/// What reports show of these results, with the positions of their ids.
///
/// # Errors
/// When the file is there and cannot be read.
pub(crate) fn scenario_trends<'i>(
    root: &Path,
    ids: impl IntoIterator<Item = &'i str>,
) -> io::Result<Vec<(usize, ScenarioTrend)>> {
    #[allow(
        clippy::redundant_closure,
        reason = "the function alone is for one lifetime"
    )]
    results_by_position(root, ids, |results| scenario_trend(results))
}

/// What is made of the results of each scenario.
fn results_by_position<'i, T: Send>(
    root: &Path,
    ids: impl IntoIterator<Item = &'i str>,
    make: impl Fn(&[PastResult<&Arc<PastRun>>]) -> Option<T> + Sync,
) -> io::Result<Vec<(usize, T)>> {
    let Some(folder) = Folder::find(root) else {
        return Ok(Vec::new());
    };
    // The lock keeps other processes from changing it meanwhile. Without it, the file still is as it was opened.
    let _lock = folder.lock().ok();
    match PastFile::open(&folder)? {
        Some(file) => past::results(&file, ids, make),
        None => Ok(Vec::new()),
    }
}
