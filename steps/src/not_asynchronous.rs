//! Replaces `asynchronous` when the feature `async` is off: there are no tasks.

use crate::worker::calls::Calls;

/// The runtime of a scenario, a feature or the worker: empty.
#[derive(Clone, Default)]
pub(crate) struct Tasks(());

impl Tasks {
    /// Runs code of the user.
    pub(crate) fn within<R>(&self, code: impl FnOnce() -> R) -> R {
        code()
    }

    /// There are none.
    pub(crate) fn are_none(&self) -> bool {
        true
    }

    /// Does nothing: there are no tasks to drop.
    pub(crate) fn end(&self) {}
}

/// No `async fn` waits, so nothing can be broken off.
pub(crate) fn break_off_by(_calls: &Calls) {}
