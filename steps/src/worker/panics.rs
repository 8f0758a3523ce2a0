//! Panics of step code.
//!
//! A panic that ends a step is its failure: the report shows it, so it is not printed too. All
//! other panics (of another thread, or one that the step itself catches) are printed to descriptor
//! 2 as usual, where they are captured with the scenario's output. What a panic of another thread means
//! for the scenario is not decided here.

use std::any::Any;
use std::backtrace::Backtrace;
use std::cell::{Cell, RefCell};
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::ptr;
use std::sync::Arc;

use crate::outcome::Stop;
use crate::source;
use crate::worker::backtrace;
use crate::worker::calls::BrokenOff;
use crate::worker::stopwatch::untimed;
use bdd_protocol::Failure;

/// A panic that the hook has seen.
struct SeenPanic {
    message: String,
    file: String,
    line: u32,
    column: u32,
    backtrace: Backtrace,
}

/// What happens to a panic of a thread.
#[derive(Clone, Copy, PartialEq)]
enum Catching {
    /// It is not that of a step.
    No,
    /// It is recorded.
    Yes,
    /// One has been.
    Recorded,
}

thread_local! {
    /// Whether this thread runs step code under [`catch`].
    static CATCHING: Cell<Catching> = const { Cell::new(Catching::No) };
    /// Whether this thread is in a [`PanicHook`].
    static IN_HOOK: Cell<bool> = const { Cell::new(false) };
    /// The last panic of this thread's step code.
    static LAST: RefCell<Option<SeenPanic>> = const { RefCell::new(None) };
}

type Hook = Box<dyn Fn(&PanicHookInfo<'_>) + Send + Sync>;

/// The hook that records panics of steps instead of printing them, and passes on all others.
pub(super) struct PanicHook {
    elsewhere: Arc<dyn Fn(&PanicHookInfo<'_>) + Send + Sync>,
    /// Where it is in memory: by that it is known again.
    place: Cell<usize>,
}

impl PanicHook {
    /// Sets it; `elsewhere` gets the panics that are not of steps.
    pub(super) fn set(elsewhere: impl Fn(&PanicHookInfo<'_>) + Send + Sync + 'static) -> Self {
        let hook = Self {
            elsewhere: Arc::new(elsewhere),
            place: Cell::new(0),
        };
        hook.set_before(panic::take_hook());
        hook
    }

    /// Sets it again if code of the user has set another one, which it then calls. Returns whether there was one.
    pub(super) fn set_again(&self) -> bool {
        let found = panic::take_hook();
        let is_other = place(&found) != self.place.get();
        match is_other {
            true => self.set_before(found),
            false => panic::set_hook(found),
        }
        is_other
    }

    fn set_before(&self, other: Hook) {
        let elsewhere = self.elsewhere.clone();
        let hook: Hook = Box::new(move |info| {
            // The other one may call this hook, as it was set before.
            let is_first = !IN_HOOK.replace(true);
            if CATCHING.get() == Catching::No {
                if is_first {
                    elsewhere(info);
                }
                other(info)
            } else if is_first {
                CATCHING.set(Catching::Recorded);
                record(info)
            }
            IN_HOOK.set(!is_first);
        });
        self.place.set(place(&hook));
        panic::set_hook(hook);
    }
}

/// Where the hook is in memory. It stays there when it is set.
fn place(hook: &Hook) -> usize {
    ptr::from_ref(&**hook).addr()
}

fn record(info: &PanicHookInfo<'_>) {
    let (file, line, column) = info.location().map_or((String::new(), 0, 0), |at| {
        (at.file().to_owned(), at.line(), at.column())
    });
    let message = message(info.payload());
    let seen = SeenPanic {
        message,
        file,
        line,
        column,
        backtrace: untimed(Backtrace::capture),
    };
    // An earlier panic did not end the step: the step caught it, or this one comes from a
    // destructor and will abort the process.
    if let Some(earlier) = LAST.replace(Some(seen)) {
        print(&earlier);
    }
}

fn print(seen: &SeenPanic) {
    eprintln!(
        "a step panicked at {}:{}:{}:\n{}",
        seen.file, seen.line, seen.column, seen.message
    );
}

/// What a panic says.
pub(super) fn message(payload: &(dyn Any + Send)) -> String {
    if let Some(text) = payload.downcast_ref::<&str>() {
        (*text).to_owned()
    } else if let Some(text) = payload.downcast_ref::<String>() {
        text.clone()
    } else {
        "panicked with a value that is not a text".to_owned()
    }
}

/// Runs step code; a panic becomes a failure. `root` is the directory of the package whose code
/// it is.
pub(super) fn catch(root: &str, code: impl FnOnce() -> Result<(), Stop>) -> Result<(), Stop> {
    // A step may run other steps.
    let outer = CATCHING.replace(Catching::Yes);
    let result = panic::catch_unwind(AssertUnwindSafe(code));
    let recorded = CATCHING.replace(outer) == Catching::Recorded;
    match result {
        Ok(result) => {
            if recorded && let Some(caught_by_step) = LAST.take() {
                print(&caught_by_step);
            }
            result
        }
        Err(payload) => Err(ended(root, &*payload, recorded)),
    }
}

/// The result of a step that ended in a panic.
#[cold]
fn ended(root: &str, payload: &(dyn Any + Send), recorded: bool) -> Stop {
    let seen = if recorded { LAST.take() } else { None };
    if let Some(broken) = payload.downcast_ref::<BrokenOff>() {
        // The step caught it before it was broken off.
        if let Some(caught_by_step) = seen {
            print(&caught_by_step);
        }
        return Stop::failed(broken.message.clone());
    }
    Stop::Failed(Box::new(failure(root, payload, seen)))
}

/// Describes a panic. One that `resume_unwind` started does not run the hook, so its place is unknown.
fn failure(root: &str, payload: &(dyn Any + Send), seen: Option<SeenPanic>) -> Failure {
    let message = message(payload);
    // How the standard library begins the messages of `assert!` and similar macros.
    let kind =
        if message.starts_with("assertion failed: ") || message.starts_with("assertion `left ") {
            "AssertionError"
        } else {
            "Error"
        };
    let mut failure = Failure {
        kind: kind.to_owned(),
        message,
        ..Failure::default()
    };
    if let Some(seen) = seen {
        failure.file = source::absolute(root, &seen.file);
        failure.line = seen.line;
        failure.column = seen.column;
        failure.trace = untimed(|| backtrace::of_step(&seen.backtrace));
    }
    failure
}
