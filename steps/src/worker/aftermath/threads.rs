//! Panics of threads that run no step: such a thread may never be joined.

use std::mem;
use std::panic::PanicHookInfo;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use super::Leftovers;
use super::thread_owners::{self, OWN_PREFIX, ThreadOwner, ThreadOwners};
use crate::source;
use crate::worker::panics;
use bdd_protocol::Failure;

/// The number of panics of one scenario that are kept; the others are counted.
const MOST: usize = 10;

/// How long to wait at the end for threads that scenarios have left behind, in milliseconds: a panic in one of them
/// would be lost. Threads of a pool never end, and every run with one waits so long.
const WAIT: [u64; 8] = [1, 4, 15, 30, 50, 50, 50, 50];

/// The panics of threads that a scenario has to answer for.
#[derive(Default)]
pub(in crate::worker) struct Threads {
    /// Whether there are any, so that a scenario without panics takes no lock for them.
    panicked: AtomicBool,
    seen: Mutex<ThreadPanics>,
}

#[derive(Default)]
struct ThreadPanics {
    /// Whether a scenario has begun.
    begun: bool,
    /// Whether threads of the running scenario are expected to panic.
    expected: bool,
    owners: ThreadOwners,
    /// Since the last scenario began.
    panics: Vec<ThreadPanic>,
    /// Panics between the last scenario and this one.
    between: Vec<ThreadPanic>,
    /// How many more there were.
    more: usize,
}

struct ThreadPanic {
    /// Who started the thread; none for a thread of the running scenario.
    owner: Option<ThreadOwner>,
    failure: Failure,
}

impl ThreadPanic {
    /// The panic as an error of the run, which names the scenario that is to blame.
    fn describe(&self, root: &str, when: &str) -> String {
        let Failure { message, line, .. } = &self.failure;
        let file = source::shown(root, &self.failure.file);
        let whose = match &self.owner {
            Some(ThreadOwner::Scenario(title)) => {
                format!("; the scenario {title} started this thread")
            }
            Some(ThreadOwner::NoScenario) => "; no scenario started this thread".to_owned(),
            None => String::new(),
        };
        format!("{when}{message} ({file}:{line}){whose}")
    }
}

impl Threads {
    fn seen(&self) -> MutexGuard<'_, ThreadPanics> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A scenario begins. `outside` says whether other code may have started threads since the last one.
    pub(super) fn begin(&self, outside: bool) {
        let seen = &mut *self.seen();
        if outside {
            seen.owners.note(|| ThreadOwner::NoScenario);
        }
        seen.begun = true;
        seen.expected = false;
        seen.between.append(&mut seen.panics);
        seen.more = 0;
    }

    /// Code runs whose threads outlive the scenario.
    pub(super) fn outliving<R>(&self, code: impl FnOnce() -> R) -> R {
        let before = thread_owners::alive();
        let made = code();
        self.seen().owners.note_since(&before);
        made
    }

    /// Panics do not count until the scenario has ended.
    pub(super) fn expect(&self) {
        self.seen().expected = true;
    }

    /// A thread other than that of the steps panics.
    #[cold]
    pub(in crate::worker) fn panicked(&self, info: &PanicHookInfo<'_>) {
        let mut seen = self.seen();
        let name = thread::current().name().unwrap_or_default().to_owned();
        let owner = match name.starts_with(OWN_PREFIX) {
            true => None,
            false => seen.owners.of_this_thread(),
        };
        if seen.expected && owner.is_none() {
            return;
        }
        self.panicked.store(true, Ordering::Release);
        if seen.panics.len() == MOST {
            seen.more += 1;
            return;
        }
        let who = match name.as_str() {
            // The threads of `bdd-steps` run tasks of the user.
            "bdd async" => "a task".to_owned(),
            "" => "a thread".to_owned(),
            name if name.starts_with(OWN_PREFIX) => "a thread".to_owned(),
            name => format!("the thread `{name}`"),
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
        seen.panics.push(ThreadPanic { owner, failure });
    }

    /// The scenario of this title has ended.
    pub(super) fn end(&self, root: &str, title: impl FnOnce() -> String, found: &mut Leftovers) {
        let (between, panics, more) = {
            let seen = &mut *self.seen();
            seen.owners.note(|| ThreadOwner::Scenario(title().into()));
            seen.expected = false;
            if !self.panicked.swap(false, Ordering::AcqRel) {
                return;
            }
            let between = mem::take(&mut seen.between);
            (
                between,
                mem::take(&mut seen.panics),
                mem::take(&mut seen.more),
            )
        };
        for panic in between {
            found
                .run_errors
                .push(panic.describe(root, "before it began, "));
        }
        for panic in panics {
            if panic.owner.is_some() {
                found
                    .run_errors
                    .push(panic.describe(root, "while it ran, "));
                continue;
            }
            let file = source::absolute(root, &panic.failure.file);
            found.errors.push(Failure {
                file,
                ..panic.failure
            });
        }
        if more > 0 {
            found.fail("ThreadPanic", format!("and {more} more panics"));
        }
    }

    /// Nothing more runs: what threads have done since the last scenario, or do in the next moments. `root` is the
    /// directory of the package whose code ran last.
    pub(super) fn finish(&self, root: &str) -> Vec<Failure> {
        for pause in WAIT {
            if !self.seen().owners.still_have_leftovers() {
                break;
            }
            thread::sleep(Duration::from_millis(pause));
        }
        let seen = &mut *self.seen();
        seen.between.append(&mut seen.panics);
        let panics = mem::take(&mut seen.between).into_iter();
        let when = match seen.begun {
            true => "after the last scenario of its worker, ",
            false => "outside of scenarios, ",
        };
        let failures = panics.map(|panic| Failure {
            message: panic.describe(root, when),
            ..panic.failure
        });
        failures.collect()
    }
}
