//! Panics of threads that run no step: such a thread may never be joined.

use std::mem;
use std::panic::PanicHookInfo;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

use super::Leftovers;
use crate::source;
use crate::worker::panics;
use bdd_protocol::Failure;

/// The number of panics of one scenario that are kept; the others are counted.
const MOST: usize = 10;

/// The panics of threads that a scenario has to answer for.
#[derive(Default)]
pub(in crate::worker) struct Threads {
    /// Whether there are any, so that a scenario without panics takes no lock.
    panicked: AtomicBool,
    seen: Mutex<ThreadPanics>,
}

#[derive(Default)]
struct ThreadPanics {
    /// Whether a scenario runs in which no thread is expected to panic.
    counts: bool,
    failures: Vec<Failure>,
    /// Panics between the last scenario and this one; no scenario can be blamed for them.
    between: Vec<Failure>,
    /// How many more there were.
    more: usize,
}

impl Threads {
    fn seen(&self) -> MutexGuard<'_, ThreadPanics> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A scenario begins.
    pub(super) fn begin(&self) {
        let seen = &mut *self.seen();
        seen.counts = true;
        seen.between.append(&mut seen.failures);
        seen.more = 0;
    }

    /// Panics do not count until the scenario has ended.
    pub(super) fn expect(&self) {
        self.seen().counts = false;
    }

    /// A thread other than that of the steps panics.
    #[cold]
    pub(in crate::worker) fn panicked(&self, info: &PanicHookInfo<'_>) {
        let mut seen = self.seen();
        if !seen.counts {
            return;
        }
        self.panicked.store(true, Ordering::Release);
        if seen.failures.len() == MOST {
            seen.more += 1;
            return;
        }
        let who = match thread::current().name() {
            Some(name) if !name.starts_with("bdd ") => format!("the thread `{name}`"),
            // The threads of `bdd-steps` run tasks of the user.
            Some("bdd async") => "a task".to_owned(),
            _ => "a thread".to_owned(),
        };
        let message = panics::message(info.payload());
        let mut failure = Failure {
            kind: "ThreadPanic".to_owned(),
            message: format!("{who} panicked: {message}"),
            ..Failure::default()
        };
        if let Some(at) = info.location() {
            failure.file = at.file().to_owned();
            failure.line = at.line();
            failure.column = at.column();
        }
        seen.failures.push(failure);
    }

    /// The scenario has ended.
    pub(super) fn end(&self, root: &str, found: &mut Leftovers) {
        if !self.panicked.load(Ordering::Acquire) {
            return;
        }
        self.panicked.store(false, Ordering::Release);
        let (failures, between, more) = {
            let seen = &mut *self.seen();
            let failures = (mem::take(&mut seen.failures), mem::take(&mut seen.between));
            (failures.0, failures.1, mem::take(&mut seen.more))
        };
        for failure in between {
            found.run_errors.push(format!(
                "before it began, {} ({}:{})",
                failure.message, failure.file, failure.line
            ));
        }
        for mut failure in failures {
            failure.file = source::absolute(root, &failure.file);
            found.errors.push(failure);
        }
        if more > 0 {
            found.fail("ThreadPanic", format!("and {} more panics", more));
        }
    }
}
