//! `bdd worker-check`: whether a program keeps to the worker protocol.

use std::ffi::{OsStr, OsString};
use std::io::Write;
use std::path::Path;

use clap::Args;

use super::prepare::prepare;
use super::run::worker_variables;
use super::step_program::end_with_signals;
use super::{Exit, Failure};
use crate::config::flags::{FileFlags, SelectionFlags};
use crate::config::name::NamePattern;
use crate::config::{Config, Environment, Flags, TagsFlag, TimeLimit};
use crate::plan::Plan;
use crate::system_error::reason;
use crate::worker::process::{Launcher, Streams};
use crate::worker::registry::ProcessRegistry;
use crate::worker_check::{CheckError, CheckOptions, Topic, check, report};

/// The arguments of `bdd worker-check`.
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub struct WorkerCheckArgs {
    /// Feature files and folders whose steps the program defines
    ///
    /// As in `bdd run`. Without any, only scenarios without steps are run.
    #[arg(value_name = "PATH")]
    paths: Vec<String>,

    /// The program to check, and its arguments
    #[arg(last = true, required = true, value_name = "PROGRAM")]
    program: Vec<OsString>,

    /// Select only scenarios whose tags match EXPRESSION
    #[arg(short, long, value_name = "EXPRESSION")]
    tags: Vec<TagsFlag>,

    /// Select only scenarios whose name matches REGEX
    #[arg(short, long, value_name = "REGEX")]
    name: Vec<NamePattern>,

    /// Check only this topic; may be given several times
    #[arg(long, value_name = "TOPIC", value_enum)]
    only: Vec<Topic>,

    /// How long to wait for each message
    ///
    /// On Linux, time in which the machine is too slow for the program does not count.
    #[arg(long, value_name = "TIME", default_value = "10s")]
    timeout: TimeLimit,

    #[command(flatten)]
    file: FileFlags,
}

const HELP: &str = "\
The program is started several times and driven through the worker protocol (docs/protocol.md).
Each rule that it breaks is a finding. What it does not promise, or what the given features do not
show, is reported as not checked. The check runs the program's hooks, and the steps of the features
that you name.

Examples:
  bdd worker-check -- python3 host.py            with scenarios that have no steps
  bdd worker-check features/ -- python3 host.py  with the steps of these features, too
  bdd worker-check --only cancel -- ./host       one topic

Exit codes:
  0  nothing was found
  1  there are findings
  2  wrong usage or configuration
  3  a feature file does not parse
  4  nothing was selected
  5  the program does not start";

/// Checks a program.
///
/// # Errors
/// When the check cannot begin, or standard output cannot be written.
pub fn run(
    arguments: &WorkerCheckArgs,
    environment: &Environment,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Exit, Failure> {
    let flags = Flags {
        file: arguments.file.clone(),
        selection: SelectionFlags {
            paths: arguments.paths.clone(),
            tags: arguments.tags.clone(),
            name: arguments.name.clone(),
            ..SelectionFlags::default()
        },
        ..Flags::default()
    };
    let config = Config::load(&flags, environment)?;
    let mut plan = Plan::default();
    if !arguments.paths.is_empty() {
        let prepared = prepare(&config, environment)?;
        prepared.print(err)?;
        if prepared.exit() != Exit::Success {
            return Ok(prepared.exit());
        }
        plan = prepared.plan;
    }
    let registry = ProcessRegistry::default();
    end_with_signals(&registry)?;
    let launcher = Launcher::new(
        command(&arguments.program, &config.project.directory),
        &config.project.root,
        worker_variables(&config),
        Streams::Captured,
        registry,
    )
    .map_err(|error| no_start(format!("no place for sockets: {}", reason(&error))))?;
    let options = CheckOptions {
        limit: arguments.timeout.duration(),
        start_limit: config.steps.start_timeout.duration(),
        root: config.project.root.clone(),
        only: arguments.only.clone(),
        selection: config.selection.clone(),
    };
    let findings = check(&launcher, &options, &plan).map_err(|error| match error {
        CheckError::NoStart(message) => no_start(message),
        CheckError::Files(error) => no_start(format!("no place for files: {}", reason(&error))),
    })?;
    report::print(&findings, &arguments.only, out)?;
    Ok(match findings.all().is_empty() {
        true => Exit::Success,
        false => Exit::Failed,
    })
}

fn no_start(message: String) -> Failure {
    Failure::new(Exit::StepProgram, message)
}

/// The command that is started: a path is relative to the current directory, and a word is searched for in
/// `PATH`.
fn command(program: &[OsString], directory: &Path) -> Vec<OsString> {
    let mut command = program.to_vec();
    if let Some(program) = command.first_mut()
        && Path::new(program).components().count() > 1
    {
        *program = directory.join(&*program).into_os_string();
    }
    // Arguments count from the current directory too, but a worker runs in the project's root.
    for argument in command.iter_mut().skip(1) {
        let path = directory.join(OsStr::new(&*argument));
        if path.is_file() {
            *argument = path.into_os_string();
        }
    }
    command
}
