//! What a scenario leaves behind, looked at when all that belongs to it is closed: what it has done to the
//! next one must not be that one's trouble.
//!
//! Each file knows one kind of it. In the quiet case nothing is found for the price of a few calls of the
//! system: every scenario pays it.

mod descriptors;
mod directory;
mod leaks;
mod processes;
mod threads;

use std::cell::Cell;
use std::sync::Arc;

use bdd_protocol::Failure;
use descriptors::Descriptors;
use directory::Directory;
use leaks::Leaks;
pub(super) use leaks::end_all;
pub(super) use threads::Threads;

/// What is compared after every scenario with how it was before.
pub(crate) struct Aftermath {
    leaks: Leaks,
    threads: Arc<Threads>,
    descriptors: Descriptors,
    directory: Directory,
    /// Whether code of the user may have run since the last scenario: what it did holds for the next one.
    outside: Cell<bool>,
}

/// What a scenario has left behind.
#[derive(Default)]
pub(super) struct Leftovers {
    /// What it has failed by.
    pub(super) errors: Vec<Failure>,
    /// What should be known, but is no failure.
    pub(super) remarks: Vec<String>,
    /// What is wrong, though perhaps not by its fault: the run fails.
    pub(super) run_errors: Vec<String>,
    /// Why nothing else can run on this worker, as the rest of a sentence that begins with "the worker".
    pub(super) unfit: Option<String>,
    /// How much the worker has printed up to now, if that is known.
    pub(super) output: Option<u64>,
}

impl Leftovers {
    fn fail(&mut self, kind: &str, message: String) {
        self.errors.push(Failure {
            kind: kind.to_owned(),
            message,
            ..Failure::default()
        });
    }
}

impl Aftermath {
    /// Remembers how all is now.
    pub(super) fn new(threads: Arc<Threads>) -> Self {
        Self {
            leaks: Leaks::from_environment(),
            threads,
            descriptors: Descriptors::new(),
            directory: Directory::new(),
            outside: Cell::new(true),
        }
    }

    /// An attempt at a scenario begins. Where nothing ran since the last one, it begins where that has
    /// ended.
    pub(super) fn begin(&self) {
        self.threads.begin();
        if self.outside.replace(false) {
            self.leaks.begin();
            self.directory.remember();
        }
    }

    /// A hook runs outside of any scenario: what it starts is meant to stay.
    pub(super) fn runs_outside(&self) {
        self.outside.set(true);
        self.leaks.stay();
    }

    /// What lives longer than a scenario was closed, with code of the user.
    pub(super) fn closed_outside(&self) {
        self.outside.set(true);
    }

    /// What the attempt has left behind. `root` is the directory of the package whose code ran last.
    pub(super) fn find(&self, root: &str) -> Leftovers {
        let mut found = Leftovers::default();
        self.directory.check(&mut found);
        self.leaks.check(&mut found);
        // Behind the last that can be printed for the scenario.
        self.descriptors.check(&mut found);
        // Last: a thread may have had to do with what was ended.
        self.threads.end(root, &mut found);
        found
    }

    /// Nothing more runs: ends what was started to stay.
    pub(super) fn finish(&self) {
        self.leaks.finish();
    }

    /// Runs code inside of a scenario whose result lives longer, and so do the processes that it starts.
    pub(crate) fn outliving<R, E>(&self, code: impl FnOnce() -> Result<R, E>) -> Result<R, E> {
        let before = self.leaks.mark();
        let made = code()?;
        self.leaks.keep_since(before);
        Ok(made)
    }

    /// A process that the scenario has started stays, and so do those that it starts.
    pub(crate) fn keep_process(&self, id: u32) {
        self.leaks.keep(id);
    }

    /// Threads may panic until the end of the scenario.
    pub(crate) fn expect_thread_panics(&self) {
        self.threads.expect();
    }
}
