//! Waits for a person when a step or hook has failed, with all that it has made still there.

use std::env;
use std::fmt::Write;
use std::io;
use std::process;
use std::thread;
use std::time::Duration;

use crate::context::Context;
use bdd_protocol::{Failure, StepStatus};

/// The environment variable by which the runner asks for it; standard input is the terminal then.
const PAUSE: &str = "BDD_PAUSE_ON_FAILURE";

/// How long reports get to show what was before.
const SETTLING: Duration = Duration::from_millis(150);

/// Whether it is waited for a person.
pub(super) struct Pause {
    wanted: bool,
}

impl Pause {
    /// Does as the runner says.
    pub(super) fn from_environment() -> Self {
        Self {
            wanted: env::var_os(PAUSE).is_some_and(|value| value == "1"),
        }
    }

    /// A step or hook has ended. If it has failed, shows it, and waits for Enter or the end of the input.
    pub(super) fn ended(&self, context: &Context, status: StepStatus, error: Option<&Failure>) {
        if let (true, StepStatus::Failed, Some(failure)) = (self.wanted, status, error) {
            pause(context, failure);
        }
    }
}

#[cold]
fn pause(context: &Context, failure: &Failure) {
    // Reports come to the same terminal: what they say of all that was before shall not be in the way.
    // Whether it can be sent shows when the next message cannot.
    let _ = context.shared.send();
    thread::sleep(SETTLING);
    let (what, line) = match context.hook {
        Some(hook) => (hook.title(), context.scenario_line()),
        None => (
            format!("{} {}", context.step_keyword(), context.step_text()),
            context.step_line(),
        ),
    };
    // In one piece: others write to the terminal, too. Writing to a text cannot fail.
    let mut shown = String::from("\nThis has failed, and its fixtures are still there:\n");
    if !context.feature_uri().is_empty() {
        let (uri, name) = (context.feature_uri(), context.scenario_name());
        let _ = writeln!(shown, "  {uri}:{line}  {name}");
    }
    let _ = writeln!(shown, "    {what}");
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
    // At the end of the input nobody can press it.
    let _ = io::stdin().read_line(&mut String::new());
}
