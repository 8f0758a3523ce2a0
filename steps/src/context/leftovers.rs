//! What a scenario says that it leaves behind on purpose.

use super::Context;

impl Context {
    /// Says that a process which the scenario has started is meant to outlive it, and so are those that
    /// it starts in turn: they are not ended with the scenario, and are not its fault. They are ended with
    /// the worker, unless they have left its process group.
    ///
    /// What hooks outside of scenarios start, and fixtures that live longer than a scenario, stays
    /// anyway.
    ///
    /// ```
    /// use bdd_steps::{Context, given};
    /// use std::process::Command;
    ///
    /// #[given("^the cache runs$")]
    /// fn cache_runs(cx: &Context) -> std::io::Result<()> {
    ///     let server = Command::new("cache-server").spawn()?;
    ///     cx.keep_process(server.id());
    ///     Ok(())
    /// }
    /// # fn main() {}
    /// ```
    pub fn keep_process(&self, id: u32) {
        self.shared.aftermath.keep_process(id);
    }

    /// Says that threads may panic from now on, until the end of the scenario. Otherwise a panic of
    /// any thread fails the scenario that runs, even where somebody asks how the thread ended: a thread
    /// whose end nobody asks for would fail in silence.
    ///
    /// ```
    /// use bdd_steps::{Context, then};
    /// use std::thread;
    ///
    /// #[then("^a worker of the pool may fail$")]
    /// fn worker_may_fail(cx: &Context) {
    ///     cx.expect_thread_panics();
    ///     assert!(thread::spawn(|| panic!("no more work")).join().is_err());
    /// }
    /// # fn main() {}
    /// ```
    pub fn expect_thread_panics(&self) {
        self.shared.aftermath.expect_thread_panics();
    }
}
