//! Running commands in the project of a scenario.

use std::error::Error;
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read, Seek};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use bdd_steps::{DocString, Fixture, when};

use super::command_line;
use super::project::Project;
use super::text::quoted;

/// No command of the specification needs longer, on any machine.
const TIME_LIMIT: Duration = Duration::from_secs(60);

/// The variable in which `bdd` tells its workers where it is itself.
const BDD: &str = "BDD_EXE";

/// The command that ran last.
#[derive(Debug, Default, Fixture)]
pub(super) struct LastRun {
    finished: Option<Finished>,
}

/// A command that ran to its end.
#[derive(Debug)]
pub(super) struct Finished {
    pub(super) command: String,
    pub(super) status: ExitStatus,
    pub(super) stdout: String,
    pub(super) stderr: String,
}

impl LastRun {
    pub(super) fn get(&self) -> Result<&Finished, String> {
        self.finished
            .as_ref()
            .ok_or_else(|| "no command has run yet".to_owned())
    }
}

impl Finished {
    /// Everything about it, for a message about one part of it.
    pub(super) fn report(&self) -> String {
        let Self {
            command,
            status,
            stdout,
            stderr,
        } = self;
        format!(
            "command: {command}\n{status}\nstandard output:\n{}standard error:\n{}",
            quoted(stdout),
            quoted(stderr)
        )
    }
}

#[when(r#"^I run "([^"]*)"(?: in the folder "([^"]*)")?$"#)]
fn run_line(
    project: &Project,
    last: &mut LastRun,
    line: &str,
    folder: Option<String>,
) -> Result<(), Box<dyn Error>> {
    run(project, last, line, folder.as_deref().unwrap_or("."))
}

// For a command that needs quotes of both kinds.
#[when("^I run:$")]
fn run_text(project: &Project, last: &mut LastRun, line: &DocString) -> Result<(), Box<dyn Error>> {
    run(project, last, line, ".")
}

fn run(
    project: &Project,
    last: &mut LastRun,
    line: &str,
    folder: &str,
) -> Result<(), Box<dyn Error>> {
    let words = command_line::split(line)?;
    let [program, arguments @ ..] = words.as_slice() else {
        return Err("the command is empty".into());
    };
    if program != "bdd" {
        return Err(format!("only bdd can be run here, not {program}").into());
    }
    let mut command = Command::new(bdd()?);
    command
        .args(with_defaults(arguments, project)?)
        .current_dir(project.path(folder));
    last.finished = Some(finish(line, &mut command)?);
    Ok(())
}

fn bdd() -> Result<PathBuf, String> {
    let path = std::env::var_os(BDD).map(PathBuf::from);
    path.ok_or_else(|| {
        format!("the environment variable {BDD} does not name the bdd to test; bdd sets it for the step programs it runs")
    })
}

/// Adds what every `bdd run` of the specification has in common, unless the scenario says
/// otherwise: this very program as step program, and one worker, so that the order in which
/// scenarios finish is known.
fn with_defaults(arguments: &[String], project: &Project) -> io::Result<Vec<String>> {
    let mut all = arguments.to_vec();
    if all.first().is_none_or(|command| command != "run") {
        return Ok(all);
    }
    let has = |names: &[&str]| {
        arguments
            .iter()
            .any(|argument| names.iter().any(|name| argument.starts_with(name)))
    };
    if !has(&["--jobs", "-j"]) {
        all.splice(1..1, ["--jobs".to_owned(), "1".to_owned()]);
    }
    if !project.names_its_steps && !has(&["--steps"]) {
        let this = std::env::current_exe()?.to_string_lossy().into_owned();
        all.splice(1..1, ["--steps".to_owned(), this]);
    }
    Ok(all)
}

/// Starts the command and waits for its end. What it says goes to files, so that it can neither
/// fill a pipe nor be waited for because of a process that it left behind.
fn finish(line: &str, command: &mut Command) -> Result<Finished, Box<dyn Error>> {
    let (mut stdout, mut stderr) = (tempfile::tempfile()?, tempfile::tempfile()?);
    let variables = std::env::vars_os().map(|(name, _)| name);
    let ours = |name: &OsString| name.as_encoded_bytes().starts_with(b"BDD_");
    for name in variables.filter(ours) {
        command.env_remove(name);
    }
    command
        .env_remove("RUST_BACKTRACE")
        .env("NO_COLOR", "1")
        .stdin(Stdio::null())
        .stdout(stdout.try_clone()?)
        .stderr(stderr.try_clone()?);
    let mut child = command.spawn()?;
    let status = wait(&mut child)?;
    let mut finished = |status| -> io::Result<Finished> {
        Ok(Finished {
            command: line.to_owned(),
            status,
            stdout: content(&mut stdout)?,
            stderr: content(&mut stderr)?,
        })
    };
    match status {
        Some(status) => Ok(finished(status)?),
        None => {
            child.kill()?;
            let report = finished(child.wait()?)?.report();
            Err(format!(
                "it was still running after {} seconds\n{report}",
                TIME_LIMIT.as_secs()
            )
            .into())
        }
    }
}

/// Waits for the end, but not for ever.
fn wait(child: &mut Child) -> io::Result<Option<ExitStatus>> {
    let started = Instant::now();
    while started.elapsed() < TIME_LIMIT {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        thread::sleep(Duration::from_millis(1));
    }
    Ok(None)
}

fn content(file: &mut File) -> io::Result<String> {
    let mut bytes = Vec::new();
    file.rewind()?;
    file.read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
