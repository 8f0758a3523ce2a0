//! Stands in for `asynchronous` without the feature `async`: there are no tasks.

/// The runtime of a scenario, a feature or the worker, which nothing needs.
#[derive(Clone, Default)]
pub(crate) struct Tasks(());

impl Tasks {
    /// Runs code of the user.
    pub(crate) fn within<R>(&self, code: impl FnOnce() -> R) -> R {
        code()
    }

    /// Drops the tasks that are left: there are none.
    pub(crate) fn end(&self) {}
}
