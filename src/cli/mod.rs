//! The command line: its commands, and the one place that parses, runs, and reports an error.

mod behave;
pub mod config;
pub mod docs;
mod event_sinks;
pub mod exit;
pub mod failure;
pub mod fmt;
pub mod history;
pub mod init;
pub mod languages;
pub mod lint;
pub mod list;
pub mod lsp;
pub mod merge;
mod misplaced;
mod parallel_gain;
pub mod parse;
pub mod prepare;
mod readers;
pub mod run;
mod standard_error;
mod step_program;
pub mod steps;
mod trends;
mod visible;
mod whole_files;
pub mod worker_check;

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

pub use exit::Exit;
pub use failure::Failure;

use self::standard_error::StandardError;
use self::visible::{Visible, VisibleJson};
use crate::config::Environment;
use crate::run::interrupt;

/// Run features written in Gherkin
#[derive(Debug, Parser)]
#[command(
    name = "bdd",
    version,
    subcommand_required = true,
    arg_required_else_help = true,
    // The last value of a repeated flag wins, as in most programs.
    args_override_self = true,
    after_help = EXIT_CODES,
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

/// The arguments of `run` alone.
#[derive(Debug, Parser)]
#[command(args_override_self = true)]
struct RunCli {
    #[command(flatten)]
    arguments: run::RunArgs,
}

const EXIT_CODES: &str = "\
Exit codes:
  0  everything selected ran and passed
  1  a scenario or a hook failed, or a limit of the run was hit
  2  wrong usage or configuration
  3  a feature file does not parse
  4  nothing was selected
  5  the step program does not build or start, or has no definitions
  6  a report was lost while running
  129, 130, 131, 143  stopped by SIGHUP, SIGINT, SIGQUIT, SIGTERM";

#[derive(Debug, Subcommand)]
enum Command {
    /// Run scenarios
    Run(Box<run::RunArgs>),
    /// Run a suite of behave with behave's own command line and reports
    Behave(behave::BehaveArgs),
    /// Show what would run, without the step program
    List(Box<list::ListArgs>),
    /// Show each setting and where it comes from
    Config(Box<config::ConfigArgs>),
    /// Join the events of shards and write any report
    Merge(Box<merge::MergeArgs>),
    /// Write any report of a finished run
    Report(Box<merge::ReportArgs>),
    /// Show what broke, the flakiest and the slowest scenarios, or the last results of one
    History(Box<history::HistoryArgs>),
    /// Format feature files
    Fmt(fmt::FmtArgs),
    /// Find what is wrong or hard to read in feature files
    Lint(Box<lint::LintArgs>),
    /// Show step definitions: search them, find unused ones, export them
    Steps(Box<steps::StepsArgs>),
    /// Serve an editor: diagnostics, completion, navigation
    Lsp(lsp::LspArgs),
    /// Write the features as a site that people can read
    Docs(Box<docs::DocsArgs>),
    /// Create a working project: a feature and its steps
    Init(init::InitArgs),
    /// Check whether a program keeps to the worker protocol
    WorkerCheck(worker_check::WorkerCheckArgs),
    Parse(parse::ParseArgs),
    Languages(languages::LanguagesArgs),
}

impl Command {
    /// What is on standard output.
    fn output(&self) -> OutputKind {
        let is_json = match self {
            Command::Fmt(_) => return OutputKind::Files,
            Command::Parse(_) => true,
            Command::List(arguments) => arguments.prints_json(),
            Command::Lint(arguments) => arguments.prints_json(),
            Command::Steps(arguments) => arguments.prints_json(),
            Command::Config(arguments) => arguments.prints_json(),
            _ => false,
        };
        match is_json {
            true => OutputKind::Json,
            false => OutputKind::Text,
        }
    }
}

/// What a command prints, which decides how control characters are made visible.
#[derive(Debug, Clone, Copy)]
enum OutputKind {
    /// Text for people.
    Text,
    /// JSON, for other programs.
    Json,
    /// The text of files, which must not change. The command itself makes visible what people read.
    Files,
}

/// Runs the command of this process.
pub fn main() -> ExitCode {
    // Where it cannot be caught, the signal ends the process, as it would anyway.
    let _ = interrupt::survive_file_size_limit();
    let mut stdout = io::stdout();
    let mut stderr = StandardError::default();
    let code = match Environment::of_process() {
        Ok(environment) => execute(std::env::args_os(), &environment, &mut stdout, &mut stderr),
        Err(error) => {
            let failure = Failure::usage(format!(
                "cannot read the current directory: {}",
                crate::system_error::reason(&error)
            ));
            failure.print(&mut stderr);
            Exit::Usage.code()
        }
    };
    ExitCode::from(code)
}

/// Parses arguments (the program's name first) and runs their command; the exit code.
pub fn execute(
    arguments: impl IntoIterator<Item = OsString>,
    environment: &Environment,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> u8 {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let err = &mut Visible::new(err);
    if asks_for_formats(&arguments) {
        return ended(print_formats(out), err);
    }
    let command = match command_of(&arguments) {
        Ok(command) => command,
        Err(error) => {
            // Help and version go to standard output. A closed pipe is not an error.
            print_usage(&error, &arguments, err);
            if let Some(command) =
                misplaced::meant(&arguments, error.kind(), &environment.directory)
            {
                let _ = writeln!(err, "hint: to run features: `{command}`");
            }
            return u8::try_from(error.exit_code()).unwrap_or(Exit::Usage.code());
        }
    };
    let (mut text, mut json);
    let out: &mut dyn Write = match command.output() {
        OutputKind::Json => {
            json = VisibleJson::new(out);
            &mut json
        }
        OutputKind::Text => {
            text = Visible::new(out);
            &mut text
        }
        OutputKind::Files => out,
    };
    let result = match command {
        Command::Run(arguments) => run::run(&arguments, environment, err),
        Command::Behave(arguments) => behave::run(&arguments, environment, err),
        Command::List(arguments) => list::run(&arguments, environment, out, err),
        Command::Config(arguments) => config::run(&arguments, environment, out, err),
        Command::Merge(arguments) => merge::run(&arguments, environment, err),
        Command::Report(arguments) => merge::report(&arguments, environment, err),
        Command::History(arguments) => history::run(&arguments, environment, out, err),
        Command::Fmt(arguments) => fmt::run(&arguments, environment, out, err),
        Command::Lint(arguments) => lint::run(&arguments, environment, out, err),
        Command::Steps(arguments) => steps::run(&arguments, environment, out, err),
        Command::Lsp(arguments) => lsp::run(&arguments, environment),
        Command::Docs(arguments) => docs::run(&arguments, environment, out, err),
        Command::Init(arguments) => init::run(&arguments, environment, out),
        Command::WorkerCheck(arguments) => worker_check::run(&arguments, environment, out, err),
        Command::Parse(arguments) => return ended(parse::run(&arguments, out, err), err),
        Command::Languages(arguments) => return ended(languages::run(&arguments, out, err), err),
    };
    match result {
        Ok(exit) => exit.code(),
        Err(failure) => {
            failure.print(err);
            failure.exit().code()
        }
    }
}

/// The command that arguments ask for.
///
/// # Errors
/// When they ask for help, or are wrong.
fn command_of(arguments: &[OsString]) -> Result<Command, clap::Error> {
    match parse_run(arguments) {
        Some(command) => Ok(command),
        None => Cli::try_parse_from(arguments).map(|cli| cli.command),
    }
}

/// The command `run`, unless its arguments ask for help or are wrong: what is said then depends on all commands. To describe
/// the others to the parser takes half a millisecond, which is much of the start of a run.
fn parse_run(arguments: &[OsString]) -> Option<Command> {
    let (_, arguments) = arguments.split_first()?;
    let is_run = arguments.first().is_some_and(|name| name == "run");
    let parsed = is_run.then(|| RunCli::try_parse_from(arguments))?;
    parsed.ok().map(|cli| Command::Run(Box::new(cli.arguments)))
}

/// Whether a command that makes reports got `-f help`.
fn asks_for_formats(arguments: &[OsString]) -> bool {
    let mut words = arguments.iter().map(|argument| argument.to_string_lossy());
    let reports = ["run", "merge", "report"];
    if !words.nth(1).is_some_and(|word| reports.contains(&&*word)) {
        return false;
    }
    let mut before = String::new();
    for word in words.take_while(|word| word != "--") {
        let is_flag = matches!(before.as_str(), "-f" | "--format");
        if (is_flag && word == "help") || matches!(&*word, "-fhelp" | "--format=help") {
            return true;
        }
        before = word.into_owned();
    }
    false
}

fn print_formats(out: &mut dyn Write) -> io::Result<u8> {
    out.write_all(crate::report::list_of_formats().as_bytes())?;
    out.flush()?;
    Ok(Exit::Success.code())
}

/// Prints help, or what is wrong with the arguments. The parser quotes the arguments unchanged, so there are
/// no colours if a terminal would act on their characters.
fn print_usage(error: &clap::Error, arguments: &[OsString], err: &mut dyn Write) {
    let is_harmless = |argument: &OsString| {
        let text = argument.to_string_lossy();
        crate::report::visible(&text) == text
    };
    if !error.use_stderr() || arguments.iter().all(is_harmless) {
        let _ = error.print();
        return;
    }
    // The parser drops escapes from what it quotes. Asked again with visible ones, it says the same of them.
    let visible = (arguments.iter())
        .map(|argument| crate::report::one_line(&argument.to_string_lossy()).into_owned());
    let again = Cli::try_parse_from(visible).err();
    let text = again.as_ref().unwrap_or(error).render().to_string();
    let _ = err.write_all(text.as_bytes());
}

/// The exit code of a command that can fail only because of its streams.
fn ended(result: io::Result<u8>, err: &mut dyn Write) -> u8 {
    result.unwrap_or_else(|error| {
        let failure = Failure::from(error);
        failure.print(err);
        failure.exit().code()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn run_is_parsed_as_among_all_commands() {
        let lines: [(&[&str], bool); 7] = [
            (&["run"], true),
            (
                &[
                    "run",
                    "-j",
                    "3",
                    "--jobs",
                    "4",
                    "-f",
                    "progress",
                    "-f",
                    "junit:a.xml",
                    "a",
                    "b:3",
                ],
                true,
            ),
            (
                &["run", "--tags", "@a and not @b", "--no-history", "--", "-x"],
                true,
            ),
            (&["run", "help"], true),
            (&["run", "--help"], false),
            (&["run", "--jobs", "none"], false),
            (&["list"], false),
        ];
        for (words, is_run) in lines {
            let arguments: Vec<OsString> =
                ["bdd"].iter().chain(words).map(OsString::from).collect();
            let parsed = parse_run(&arguments);
            assert_eq!(parsed.is_some(), is_run, "{words:?}");
            if let Some(command) = parsed {
                let among_all = Cli::try_parse_from(&arguments).map(|cli| cli.command);
                assert_eq!(
                    format!("{:?}", Ok::<_, clap::Error>(command)),
                    format!("{among_all:?}")
                );
            }
        }
    }
}
