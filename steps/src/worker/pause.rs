//! Waits for a person when a step or hook has failed, with all that it has made still there.

use std::env;
use std::io;
use std::process;

use crate::context::Context;
use crate::protocol::{Failure, StepStatus};

/// The environment variable by which the runner asks for it; standard input is the terminal then.
const PAUSE: &str = "BDD_PAUSE_ON_FAILURE";

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
    let (what, line) = match context.hook {
        Some(hook) => (hook.title(), context.scenario_line()),
        None => (
            format!("{} {}", context.step_keyword(), context.step_text()),
            context.step_line(),
        ),
    };
    eprintln!("\nThis has failed, and its fixtures are still there:");
    if !context.feature_uri().is_empty() {
        eprintln!(
            "  {}:{line}  {}",
            context.feature_uri(),
            context.scenario_name()
        );
    }
    eprintln!("    {what}");
    for line in failure.message.lines() {
        eprintln!("      {line}");
    }
    if !failure.file.is_empty() {
        let Failure {
            file, line, column, ..
        } = failure;
        eprintln!("      at {file}:{line}:{column}");
    }
    let prompt = format!("Press Enter to go on (process {}) ", process::id());
    eprint!("{prompt}");
    // At the end of the input nobody can press it.
    let _ = io::stdin().read_line(&mut String::new());
}
