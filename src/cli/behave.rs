//! `bdd behave`: behave's own command line, reports and exit codes, with bdd's workers.

use std::io::{self, Write};
use std::num::NonZeroU32;
use std::path::Path;

use clap::Args;

use super::run::{self, Followed};
use super::{Exit, Failure};
use crate::behave::interpreter::Interpreter;
use crate::behave::printer::{Answer, Printer, SelectedFile, Wanted};
use crate::behave::suite::is_step_crate;
use crate::config::flags::BehaveRequest;
use crate::config::{Config, Environment, Flags, Sources};
use crate::system_error::reason;

/// The arguments of `bdd behave`.
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub struct BehaveArgs {
    /// The arguments of behave: flags and paths
    #[arg(
        value_name = "ARGUMENTS",
        trailing_var_arg = true,
        allow_hyphen_values = true
    )]
    arguments: Vec<String>,
}

const HELP: &str = "\
The installed behave reads the flags and its files, selects the scenarios, and
writes all formats, JUnit files and the summary. bdd runs the scenarios. Two
flags are bdd's, with every version of behave:
  -j, --jobs N             run features in N workers
      --junit-style STYLE  the JUnit files of --junit: behave (default) or bdd

`bdd behave features --help` lists behave's flags. `bdd run` has retries, time
limits, shards and more reports.

Exit codes, as behave's:
  0  no scenario failed
  1  a scenario or hook failed, or a feature file does not parse
  2  an unknown or wrong flag, or wrong settings of bdd
and those of bdd:
  5  there is no Python with behave
  129, 130, 131, 143  stopped by SIGHUP, SIGINT, SIGQUIT, SIGTERM

Examples:
  bdd behave -t ~@slow --junit --junit-directory reports
  bdd behave -f json -o result.json -f progress -j 4";

/// Runs a suite as behave would.
///
/// # Errors
/// When the settings are wrong, or there is no behave.
pub fn run(
    arguments: &BehaveArgs,
    environment: &Environment,
    err: &mut dyn Write,
) -> Result<Exit, Failure> {
    let flags = Flags {
        behave: Some(BehaveRequest::default()),
        ..Flags::default()
    };
    let sources = Sources::read(&flags, environment)?;
    let interpreter = interpreter(&sources, environment)?;
    let mut printer = Printer::start(
        interpreter.program,
        &environment.directory,
        &arguments.arguments,
        &sources.userdata(),
    )
    .map_err(|error| printer_failure(&error))?;
    let (wanted, stream) = match printer.answer() {
        Ok(Answer::Run(wanted, stream)) => (wanted, stream),
        Ok(Answer::Ended(code)) => return Ok(exit(code)),
        Err(error) => {
            printer.kill();
            return Err(printer_failure(&error));
        }
    };
    let flags = match flags_of(*wanted, &arguments.arguments, &printer) {
        Ok(flags) => flags,
        Err(failure) => {
            printer.kill();
            return Err(failure);
        }
    };
    let config = Config::load(&flags, environment).map_err(Failure::from);
    let followed = Followed::By(Box::new(stream));
    match config.and_then(|config| run::run_with(config, followed, environment, err)) {
        Ok(of_bdd) => Ok(joined(of_bdd, printer.end(), err)),
        Err(failure) => {
            printer.kill();
            Err(failure)
        }
    }
}

/// The Python that has behave.
fn interpreter(sources: &Sources, environment: &Environment) -> Result<Interpreter, Failure> {
    let (root, own) = (&sources.project.root, std::env::current_exe().ok());
    let setting = sources.interpreter();
    let chosen = Interpreter::choose(setting.as_deref(), environment, own.as_deref(), root);
    chosen.behave_version(root).map_err(|error| {
        Failure::new(Exit::StepProgram, error.to_string()).hint(error.hint().to_owned())
    })?;
    Ok(chosen)
}

/// What behave wants to run, as flags of bdd.
fn flags_of(wanted: Wanted, arguments: &[String], printer: &Printer) -> Result<Flags, Failure> {
    if is_step_crate(&wanted.base) {
        let folder = wanted.base.display();
        let message = format!("{folder}: the steps are Rust, and behave cannot run them");
        return Err(Failure::usage(message).hint("`bdd run` runs them"));
    }
    let mut flags = Flags::default();
    flags.selection.paths = wanted.selection.iter().map(path).collect();
    let language = wanted.language.as_deref();
    flags.selection.language = language.and_then(|code| code.parse().ok());
    // behave has read all files. If bdd cannot read one, the printer reports its scenarios as errors.
    flags.selection.keep_going = true;
    flags.run.fail_fast = wanted.stop;
    flags.run.jobs = wanted.jobs.and_then(NonZeroU32::new);
    flags.behave = Some(BehaveRequest {
        base: wanted.base,
        paths: wanted.paths,
        arguments: arguments.to_vec(),
        notes: printer.notes(),
        formatters: wanted.formatters,
        junit: wanted.junit,
    });
    Ok(flags)
}

/// A file with its lines, as bdd reads it. Names that would mean something else begin with the current directory.
fn path(file: &SelectedFile) -> String {
    let begins_plainly = !file.path.starts_with(['@', '"', '!']);
    let path = match begins_plainly {
        true => file.path.clone(),
        false => Path::new(".").join(&file.path).display().to_string(),
    };
    let lines = file.lines.iter().map(|line| format!(":{line}"));
    path + &lines.collect::<String>()
}

/// The exit code of the whole. behave's own counts, but a run that failed for bdd never passes.
fn joined(of_bdd: Exit, printed: Result<i32, Option<String>>, err: &mut dyn Write) -> Exit {
    if of_bdd.is_signal() {
        return of_bdd;
    }
    let of_behave = match printed {
        Ok(code) => exit(code),
        Err(how) => {
            let how = how.map_or_else(String::new, |how| format!(" ({how})"));
            let message = format!("the process that writes behave's reports died{how}");
            Failure::new(Exit::Failed, message)
                .hint("a formatter or the system has ended it; the reports are incomplete")
                .print(err);
            return Exit::Failed;
        }
    };
    if of_behave == Exit::Success && of_bdd != Exit::Success {
        let message = format!(
            "behave reports no failure, but the run has failed (exit code {} of `bdd run`)",
            of_bdd.code()
        );
        Failure::new(Exit::Failed, message)
            .hint("`bdd run` shows what failed")
            .print(err);
        return Exit::Failed;
    }
    of_behave
}

fn exit(code: i32) -> Exit {
    match code {
        0 => Exit::Success,
        2 => Exit::Usage,
        _ => Exit::Failed,
    }
}

fn printer_failure(error: &io::Error) -> Failure {
    let message = format!(
        "behave's command does not work in its own process: {}",
        reason(error)
    );
    Failure::new(Exit::StepProgram, message)
}
