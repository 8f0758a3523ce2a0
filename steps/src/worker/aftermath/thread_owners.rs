//! Which scenario started the threads that are still alive. Only Linux lists threads; elsewhere none is known.

use std::collections::HashMap;
use std::fs::{self, File};
use std::sync::{Arc, Mutex, PoisonError};

use rustix::fs::fstat;

const LIST: &str = "/proc/self/task";

/// With this the names of the threads of `bdd-steps` begin.
pub(super) const OWN_PREFIX: &str = "bdd ";

/// Who started a thread that was alive when a scenario began.
#[derive(Clone, PartialEq)]
pub(super) enum ThreadOwner {
    /// The worker itself, or code outside of scenarios.
    NoScenario,
    /// A scenario that has ended, as messages name it.
    Scenario(Arc<str>),
}

/// The threads of the worker itself that have said so.
///
/// The list of all threads has them, too. But when a process lists its threads, the system keeps an entry for each. At
/// the end of the process, the threads remove these entries, and so does the process that waits for it. On a busy machine
/// they waited for each other without sleeping: 40 ms of processor time for each worker.
static OWN: Mutex<Vec<u32>> = Mutex::new(Vec::new());

/// The thread that calls this is one of the worker itself.
pub(in crate::worker) fn this_is_own() {
    #[cfg(target_os = "linux")]
    if let Ok(id) = u32::try_from(rustix::thread::gettid().as_raw_nonzero().get()) {
        OWN.lock().unwrap_or_else(PoisonError::into_inner).push(id);
    }
}

/// The threads that are known, by the number that the system gives them.
pub(super) struct ThreadOwners {
    known: HashMap<u32, ThreadOwner>,
    /// The folder of the threads: its link count is read for each scenario, and the way to it would cost most of that.
    folder: Option<File>,
}

impl Default for ThreadOwners {
    fn default() -> Self {
        Self {
            known: HashMap::new(),
            folder: File::open(LIST).ok(),
        }
    }
}

impl ThreadOwners {
    /// Notes all new threads as those of `owner`, and forgets those that have ended.
    pub(super) fn note(&mut self, owner: impl FnOnce() -> ThreadOwner) {
        let own = OWN.lock().unwrap_or_else(PoisonError::into_inner);
        for id in own.iter() {
            self.known.entry(*id).or_insert(ThreadOwner::NoScenario);
        }
        drop(own);
        if self.is_unchanged() {
            return;
        }
        let alive = alive();
        self.known.retain(|id, _| alive.contains(id));
        if alive.len() == self.known.len() {
            return;
        }
        let owner = owner();
        for id in alive {
            self.known.entry(id).or_insert_with(|| match is_own(id) {
                true => ThreadOwner::NoScenario,
                false => owner.clone(),
            });
        }
    }

    /// Notes the threads that have begun since these were all: no scenario has to answer for them.
    pub(super) fn note_since(&mut self, before: &[u32]) {
        let new = alive().into_iter().filter(|id| !before.contains(id));
        (self.known).extend(new.map(|id| (id, ThreadOwner::NoScenario)));
    }

    /// The owner of the thread that runs this; none if it is new.
    pub(super) fn of_this_thread(&self) -> Option<ThreadOwner> {
        let link = fs::read_link("/proc/thread-self").ok()?;
        let id = link.file_name()?.to_str()?.parse().ok()?;
        self.known.get(&id).cloned()
    }

    /// Forgets the threads that have ended. Whether one is left that a scenario started.
    pub(super) fn still_have_leftovers(&mut self) -> bool {
        if self.has_leftovers() {
            let alive = alive();
            self.known.retain(|id, _| alive.contains(id));
        }
        self.has_leftovers()
    }

    fn has_leftovers(&self) -> bool {
        let owners = &mut self.known.values();
        owners.any(|owner| *owner != ThreadOwner::NoScenario)
    }

    /// Whether only the threads live that were there from the start. Their number is enough to know it: it is in
    /// the link count of the folder, which costs one system call. With threads of scenarios it is not: one may have
    /// ended while another one began.
    fn is_unchanged(&self) -> bool {
        if self.has_leftovers() {
            return false;
        }
        let folder = self.folder.as_ref();
        let stat = folder.and_then(|folder| fstat(folder).ok());
        stat.is_some_and(|stat| i128::from(stat.st_nlink) == self.known.len() as i128 + 2)
    }
}

/// Whether it is a thread of `bdd-steps`, which runs tasks of any scenario.
fn is_own(id: u32) -> bool {
    let name = fs::read(format!("{LIST}/{id}/comm"));
    name.is_ok_and(|name| name.starts_with(OWN_PREFIX.as_bytes()))
}

/// The numbers of all threads of this process.
pub(super) fn alive() -> Vec<u32> {
    let Ok(folder) = fs::read_dir(LIST) else {
        return Vec::new();
    };
    let names = folder.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    names.filter_map(|name| name.parse().ok()).collect()
}
