//! `bdd lsp`: the language server for editors.

use clap::Args;

use super::run::worker_variables;
use super::{Exit, Failure};
use crate::config::flags::{FileFlags, StepsFlags};
use crate::config::{Environment, Flags};
use crate::lsp::{ProgramStart, ServerEnd, StartedProcesses, serve};
use crate::run::interrupt;
use crate::system_error::reason;

/// The arguments of `bdd lsp`.
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub struct LspArgs {
    /// Speak over standard input and output, the only way; editors add this flag
    #[arg(long)]
    stdio: bool,

    #[command(flatten)]
    steps: StepsFlags,
    #[command(flatten)]
    file: FileFlags,
}

const HELP: &str = "\
An editor starts this command; docs/editors.md says how. It shows mistakes, findings of `bdd lint` and undefined steps
while you write, completes steps, and jumps to their functions. It asks the step program of the last build and never
builds it. While that is older than its sources, nothing is called undefined.

Exit codes:
  0  the editor shut the server down
  1  the editor ended the connection without that
  2  wrong usage, or the system has no thread left
  129, 130, 131, 143  stopped by SIGHUP, SIGINT, SIGQUIT, SIGTERM";

/// Serves an editor until it ends the connection.
///
/// # Errors
/// When the system refuses what a server needs.
pub fn run(arguments: &LspArgs, environment: &Environment) -> Result<Exit, Failure> {
    let flags = Flags {
        file: arguments.file.clone(),
        steps: arguments.steps.clone(),
        ..Flags::default()
    };
    let processes = StartedProcesses::default();
    let (first, second) = (processes.clone(), processes.clone());
    let end = move |signal: i32| {
        first.end_all();
        std::process::exit(128 + signal);
    };
    let failed =
        |error: std::io::Error| Failure::usage(format!("cannot serve: {}", reason(&error)));
    interrupt::listen(false, end, move || second.end_all()).map_err(failed)?;
    let start = ProgramStart {
        environment: environment.clone(),
        variables: worker_variables,
        processes,
    };
    let end = serve(std::io::stdin(), std::io::stdout(), flags, start).map_err(failed)?;
    Ok(match end {
        ServerEnd::Orderly => Exit::Success,
        ServerEnd::Sudden => Exit::Failed,
    })
}
