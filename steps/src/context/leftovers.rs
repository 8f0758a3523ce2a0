//! Processes and panics of threads that a scenario leaves intentionally.

use super::Context;

impl Context {
    /// Keeps a process of the scenario, and the processes that it starts, running after the scenario. They do
    /// not fail the scenario. They end with the worker, unless they have left its process group.
    ///
    /// Processes that are started by hooks outside of scenarios, or by fixtures that outlive a scenario, do
    /// not need this call.
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

    /// Allows threads to panic from now on, until the end of the scenario. Otherwise a panic of any thread
    /// fails the scenario, even if the thread is joined: a panic of a thread that is never joined would
    /// otherwise go unnoticed.
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
