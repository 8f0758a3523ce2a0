//! Which step or hook runs, and whether it is broken off.
//!
//! The main thread records what it calls; the listener breaks it off. Only code that waits in an `async fn` can
//! be broken off: its future is dropped, and its callers are unwound up to the worker.

use std::panic;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
#[cfg(feature = "async")]
use std::task::Waker;
use std::thread;

use bdd_protocol::{Failure, StepStatus};

/// Numbers what the worker calls; shared by the listener and the main thread.
#[derive(Clone, Default)]
pub(crate) struct Calls {
    state: Arc<Mutex<CallState>>,
}

#[derive(Default)]
struct CallState {
    /// How many steps and hooks were started.
    started: u64,
    /// The one whose code runs.
    running: Option<u64>,
    /// The `async fn`s that wait inside of it, innermost last.
    #[cfg(feature = "async")]
    waiting: Vec<Waker>,
    /// That it is to be left.
    broken: Option<BrokenOff>,
}

/// Why a step or hook is broken off.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct BrokenOff {
    /// The kind of its failure.
    pub(crate) kind: String,
    /// The message of its failure.
    pub(crate) message: String,
    /// Whether the run is stopped.
    pub(crate) cancelled: bool,
}

impl BrokenOff {
    /// The result of a step or hook that was broken off and itself ended with `own`.
    pub(crate) fn outcome(self, own: Option<Failure>) -> (StepStatus, Option<Failure>) {
        let status = if self.cancelled {
            StepStatus::Skipped
        } else {
            StepStatus::Failed
        };
        // The failed checks come first, then this message.
        let message = match own {
            Some(own) if own.message.ends_with(&self.message) => own.message,
            _ => self.message,
        };
        let failure = Failure {
            kind: self.kind,
            message,
            ..Failure::default()
        };
        (status, Some(failure))
    }
}

impl Calls {
    fn state(&self) -> MutexGuard<'_, CallState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a step or hook whose start is reported; its number.
    pub(crate) fn start(&self) -> u64 {
        let mut state = self.state();
        state.started += 1;
        state.started
    }

    /// The code of a step or hook gets control.
    pub(crate) fn enter(&self, call: u64) {
        self.state().running = Some(call);
    }

    /// The code of the step or hook has ended, by itself or because it was broken off.
    pub(crate) fn leave(&self) -> Option<BrokenOff> {
        let mut state = self.state();
        state.running = None;
        state.broken.take()
    }

    /// Why the running code must be broken off now, if it must. Code that runs during an unwinding is not
    /// broken off: a second panic there would abort the process.
    pub(crate) fn broken(&self) -> Option<BrokenOff> {
        let broken = self.state().broken.clone();
        broken.filter(|_| !thread::panicking())
    }

    /// Unwinds the running code if it must be broken off. The caller must not hold a lock or a borrow.
    pub(crate) fn unwind_if_broken(&self) {
        if let Some(broken) = self.broken() {
            panic::resume_unwind(Box::new(broken));
        }
    }

    /// Breaks a step or hook off if it still runs and waits. `answer` reports whether it does, before its end
    /// can be reported.
    pub(crate) fn break_off<R>(
        &self,
        call: u64,
        why: BrokenOff,
        answer: impl FnOnce(bool) -> R,
    ) -> R {
        let mut state = self.state();
        let can = state.can_leave(call);
        let answered = answer(can);
        if can {
            state.broken.get_or_insert(why);
            state.wake();
        }
        answered
    }

    /// An `async fn` waits as long as the result lives.
    #[cfg(feature = "async")]
    pub(crate) fn wait(&self, waker: Waker) -> impl Drop + '_ {
        struct Waited<'a>(&'a Calls);

        impl Drop for Waited<'_> {
            fn drop(&mut self) {
                self.0.state().waiting.pop();
            }
        }

        self.state().waiting.push(waker);
        Waited(self)
    }
}

#[cfg(feature = "async")]
impl CallState {
    fn can_leave(&self, call: u64) -> bool {
        self.running == Some(call) && !self.waiting.is_empty()
    }

    /// Wakes them all: the innermost is unwound into the others.
    fn wake(&self) {
        self.waiting.iter().for_each(Waker::wake_by_ref);
    }
}

#[cfg(not(feature = "async"))]
impl CallState {
    fn can_leave(&self, _call: u64) -> bool {
        false
    }

    fn wake(&self) {}
}
