//! Finds what a scenario leaves behind, after everything that belongs to it is closed: it must not affect the
//! next scenario.
//!
//! Each file knows one kind of leftover. If there is none, finding that out costs a few system calls: every
//! scenario pays for them.

mod change;
mod descriptors;
mod directory;
mod environment;
mod leaks;
mod limits;
mod processes;
mod signals;
mod state;
mod thread_owners;
mod threads;
mod umask;

use std::cell::Cell;
use std::fs::File;
use std::sync::Arc;

use super::panics::PanicHook;
use bdd_protocol::Failure;
use descriptors::Descriptors;
use directory::Directory;
use leaks::Leaks;
pub(super) use leaks::end_all;
use state::State;
pub(super) use thread_owners::this_is_own;
use threads::Threads;

/// The state that every scenario must leave as it found it.
pub(crate) struct Aftermath {
    leaks: Leaks,
    threads: Arc<Threads>,
    panic_hook: PanicHook,
    /// Whether a scenario was told that it has set another one.
    panic_hook_noted: Cell<bool>,
    descriptors: Descriptors,
    directory: Directory,
    state: State,
    /// Whether code of the user may have run since the last scenario: its changes are no fault of the next
    /// scenario.
    outside: Cell<bool>,
}

/// What a scenario has left behind.
#[derive(Default)]
pub(super) struct Leftovers {
    /// The failures of the scenario.
    pub(super) errors: Vec<Failure>,
    /// Remarks for the report that are not failures.
    pub(super) remarks: Vec<String>,
    /// Problems that may not be the fault of the scenario: they fail the run.
    pub(super) run_errors: Vec<String>,
    /// Why nothing else can run on this worker, as the end of a sentence that begins with "the worker".
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
    /// Remembers the state of the process.
    pub(super) fn new() -> Self {
        let threads = Arc::<Threads>::default();
        let elsewhere = threads.clone();
        Self {
            leaks: Leaks::from_environment(),
            threads,
            panic_hook: PanicHook::set(move |info| elsewhere.panicked(info)),
            panic_hook_noted: Cell::new(false),
            descriptors: Descriptors::new(),
            directory: Directory::new(),
            state: State::from_environment(),
            outside: Cell::new(true),
        }
    }

    /// Whether processes whose parents have ended become children of this one.
    pub(super) fn adopts_orphans(&self) -> bool {
        self.leaks.adopts()
    }

    /// An attempt at a scenario begins. If no code of the user ran since the last one, the remembered state is
    /// still right: reading it again would cost system calls.
    pub(super) fn begin(&self) {
        let outside = self.outside.replace(false);
        self.threads.begin(outside);
        if outside {
            // A hook may have set another one for all scenarios.
            self.panic_hook.set_again();
            self.leaks.begin();
            self.directory.remember();
            self.state.remember();
        }
    }

    /// A hook runs outside of any scenario: the processes that it starts are meant to stay.
    pub(super) fn runs_outside(&self) {
        self.outside.set(true);
        self.leaks.stay();
    }

    /// What a hook outside of any scenario has done to the standard descriptors, which are repaired.
    pub(super) fn repair(&self, capture: Option<&File>) -> Option<Failure> {
        self.descriptors.repair(capture)
    }

    /// What lives longer than a scenario was closed, with code of the user.
    pub(super) fn closed_outside(&self) {
        self.outside.set(true);
    }

    /// What the attempt has left behind. `root` is the directory of the package whose code ran last, `title`
    /// names the scenario, and `follows` says that the next one runs right after it, without hooks in between.
    pub(super) fn find(
        &self,
        root: &str,
        follows: bool,
        title: impl FnOnce() -> String,
    ) -> Leftovers {
        let mut found = Leftovers::default();
        self.directory.check(&mut found);
        self.state.check(follows, &mut found);
        self.leaks.check(&mut found);
        // After the scenario and its processes can print nothing more.
        self.descriptors.check(&mut found);
        if found.unfit.is_none() && !self.leaks.refill() {
            found.full();
        }
        if self.panic_hook.set_again() && !self.panic_hook_noted.replace(true) {
            found.remarks.push(
                "it has set a panic hook; until its end, panics of threads were not noticed"
                    .to_owned(),
            );
        }
        // Last: a thread may panic because a process that it used was ended.
        self.threads.end(root, title, &mut found);
        found
    }

    /// Nothing more runs: ends what was started to stay. The failures are those that no scenario reported.
    /// `root` is the directory of the package whose code ran last.
    pub(super) fn finish(&self, root: &str) -> Vec<Failure> {
        self.leaks.finish();
        self.threads.finish(root)
    }

    /// Runs code whose result outlives the scenario; the processes that it starts do too.
    pub(crate) fn outliving<R, E>(&self, code: impl FnOnce() -> Result<R, E>) -> Result<R, E> {
        let before = self.leaks.mark();
        let made = self.state.keeping(|| self.threads.outliving(code))?;
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
