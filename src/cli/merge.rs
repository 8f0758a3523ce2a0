//! `bdd merge` and `bdd report`: the events of shards, or of a run, in any report.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;

use super::readers::patience;
use super::run::{finish, terminal_size};
use super::{Exit, Failure};
use crate::config::Environment;
use crate::config::flags::{ColorFlags, ConsoleFlags};
use crate::merge::{Merge, MergeError};
use crate::report::{Format, HoldBack, ReportContext, Reports};

/// The arguments of `bdd merge`.
#[derive(Debug, Args)]
#[command(after_help = MERGE_EXAMPLES)]
pub struct MergeArgs {
    /// The `events` reports of all shards of a selection, or of one whole run
    #[arg(value_name = "EVENTS", required = true)]
    files: Vec<PathBuf>,

    #[command(flatten)]
    reports: ReplayFlags,
}

/// The arguments of `bdd report`.
#[derive(Debug, Args)]
#[command(after_help = REPORT_EXAMPLES)]
pub struct ReportArgs {
    /// The `events` report of a run, or of all shards of a selection; or the Cucumber Messages of any tool
    #[arg(value_name = "EVENTS", required = true)]
    files: Vec<PathBuf>,

    #[command(flatten)]
    reports: ReplayFlags,
}

/// The reports to make.
#[derive(Debug, Args)]
struct ReplayFlags {
    /// Write a report, to standard output or to a file; may be given several times
    ///
    /// As for `bdd run`.
    #[arg(
        short,
        long,
        value_name = "NAME[,KEY=VALUE][:FILE]",
        help_heading = "Reports"
    )]
    format: Vec<Format>,

    /// Print a line for each scenario
    #[arg(short, long, help_heading = "Reports")]
    verbose: bool,

    #[command(flatten)]
    console: ConsoleFlags,

    #[command(flatten)]
    color: ColorFlags,
}

const MERGE_EXAMPLES: &str = "\
The exit code is the same as for one run with all these results.

Examples:
  bdd merge shard-*.jsonl                     the results of all shards
  bdd merge shard-*.jsonl -f junit:junit.xml  one JUnit file for all of them
  bdd merge run.jsonl -f messages:run.ndjson  another report of a finished run";

const REPORT_EXAMPLES: &str = "\
The reports are those that the run itself would have written, byte by byte. The exit code is that of
the run; if a signal ended the run, it is 1.

Examples:
  bdd report run.events                          what the run showed
  bdd report run.events -f junit:junit.xml       another report of a finished run
  bdd report cucumber.ndjson -f junit:junit.xml  a report of a run of another tool";

/// Makes reports of the joined events.
///
/// # Errors
/// When the files cannot be read or do not add up.
pub fn run(
    arguments: &MergeArgs,
    environment: &Environment,
    err: &mut dyn Write,
) -> Result<Exit, Failure> {
    let merge = Merge::read(&arguments.files, &environment.directory);
    replay(
        merge,
        (&arguments.files, &arguments.reports),
        environment,
        err,
    )
}

/// Makes reports of a run.
///
/// # Errors
/// As [`run`].
pub fn report(
    arguments: &ReportArgs,
    environment: &Environment,
    err: &mut dyn Write,
) -> Result<Exit, Failure> {
    let merge = Merge::read_runs(&arguments.files, &environment.directory);
    replay(
        merge,
        (&arguments.files, &arguments.reports),
        environment,
        err,
    )
}

fn replay(
    merge: Result<Merge, MergeError>,
    (files, arguments): (&[PathBuf], &ReplayFlags),
    environment: &Environment,
    err: &mut dyn Write,
) -> Result<Exit, Failure> {
    let merge = merge.map_err(|error| refused(&error))?;
    let directory = &environment.directory;
    let color = arguments.color.color.unwrap_or_default();
    let terminal = environment.stdout_is_terminal;
    let context = ReportContext {
        stdout: Box::new(io::stdout()),
        terminal: terminal.then(terminal_size),
        resized: Some(terminal_size),
        live: None,
        stdout_colors: color.decide(terminal, environment),
        file_colors: color.decide(false, environment),
        verbose: arguments.verbose,
        console: arguments.console.options(),
        hold_back: HoldBack::of_a_replay(),
        printer: None,
        directory: directory.clone(),
        inputs: (files.iter()).map(|file| directory.join(file)).collect(),
        lists: Vec::new(),
    };
    let home = environment.variable("HOME");
    let options = merge.report_options();
    let formats = arguments.format.iter().cloned();
    let formats = formats.map(|format| format.with_home(home).with_settings(&options));
    let formats: Vec<Format> = formats.collect();
    let mut reports = Reports::open(&formats, context).map_err(|errors| {
        let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
        Failure::usage(errors.join("\nerror: "))
    })?;
    for warning in reports.warnings() {
        Failure::new(Exit::Success, warning).print(err);
    }
    let parse = merge.has_parse_errors();
    let step_program = merge.lacks_step_program();
    let nothing = match merge.selected_nothing() {
        true => Exit::Nothing,
        false => Exit::Success,
    };
    if merge.scenarios() == 0 {
        Failure::new(nothing, "nothing was selected in any of the files").print(err);
    }
    merge
        .replay(&mut |event| reports.event(event))
        .map_err(|error| refused(&error))?;
    let watched = environment.stderr_is_terminal;
    let mut exit = finish(reports, &mut || patience(watched), err).or(nothing);
    if parse {
        exit = exit.or(Exit::Parse);
    }
    if step_program {
        exit = exit.or(Exit::StepProgram);
    }
    Ok(exit)
}

fn refused(error: &crate::merge::MergeError) -> Failure {
    Failure::usage(error.problems.join("\nerror: "))
}
