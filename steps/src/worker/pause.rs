//! Waits for a person when a step or hook has failed, with all that it has made still there.

use bdd_protocol::variables::PAUSE_ON_FAILURE;
use std::env;
use std::fmt::Write;
use std::io;
use std::process;
use std::thread;
use std::time::Duration;

use crate::context::Context;
use bdd_protocol::{Failure, StepStatus};

/// How long the runner has to show the steps before.
const SETTLING: Duration = Duration::from_millis(150);

/// Whether the runner asks for it.
pub(super) fn is_wanted() -> bool {
    env::var_os(PAUSE_ON_FAILURE).is_some_and(|value| value == "1")
}

impl Context {
    /// A step or hook has ended. If it failed and a pause is wanted, shows its title and its failure, and
    /// waits for Enter or the end of the input.
    pub(super) fn pause_on_failure(
        &self,
        status: StepStatus,
        error: Option<&Failure>,
        title: impl FnOnce() -> String,
    ) {
        if let (true, StepStatus::Failed, Some(failure)) = (self.shared.pauses, status, error) {
            pause(self, failure, &title());
        }
    }
}

#[cold]
fn pause(context: &Context, failure: &Failure, title: &str) {
    // Reports are written to the same terminal: what they show of the steps before comes first. If
    // sending fails, the next message fails too and is reported.
    let _ = context.shared.send_now();
    thread::sleep(SETTLING);
    let line = match context.hook {
        Some(_) => context.scenario_line().unwrap_or_default(),
        None => context.step_line().unwrap_or_default(),
    };
    // One write, because others write to the terminal too. Writing to a text cannot fail.
    let mut shown = String::from("\nThis has failed, and its fixtures are still there:\n");
    if let Some(uri) = context.feature_uri() {
        let name = context.scenario_name().unwrap_or_default();
        let _ = writeln!(shown, "  {uri}:{line}  {name}");
    }
    let _ = writeln!(shown, "    {title}");
    for line in failure.message.lines() {
        let _ = writeln!(shown, "      {line}");
    }
    if !failure.file.is_empty() {
        let Failure {
            file, line, column, ..
        } = failure;
        let _ = writeln!(shown, "      at {file}:{line}:{column}");
    }
    let _ = write!(shown, "Press Enter to go on (process {}) ", process::id());
    eprint!("{shown}");
    // At the end of the input nobody can press Enter.
    let _ = io::stdin().read_line(&mut String::new());
}
