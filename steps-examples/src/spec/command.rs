//! Running commands in the project of a scenario.

use std::error::Error;
use std::io;
use std::path::PathBuf;
use std::process::Command;

use bdd_steps::{DocString, Fixture, when};

use super::command_line;
use super::process::{Finished, Running};
use super::project::Project;

/// The variable in which `bdd` passes its own path to workers.
const BDD: &str = "BDD_EXE";

/// The command that ran last.
#[derive(Debug, Default, Fixture)]
pub(super) struct LastRun {
    finished: Option<Finished>,
}

impl LastRun {
    pub(super) fn get(&self) -> Result<&Finished, String> {
        self.finished
            .as_ref()
            .ok_or_else(|| "no command has run yet".to_owned())
    }
}

#[when(r#"^I run "([^"]*)"(?: in the folder "([^"]*)")?$"#)]
fn run(
    project: &Project,
    last: &mut LastRun,
    line: &str,
    folder: Option<String>,
) -> Result<(), Box<dyn Error>> {
    let running = start(project, line, folder.as_deref().unwrap_or("."))?;
    last.finished = Some(running.finish()?);
    Ok(())
}

// For a command that needs quotes of both kinds.
#[when("^I run:$")]
fn run_text(project: &Project, last: &mut LastRun, line: &DocString) -> Result<(), Box<dyn Error>> {
    last.finished = Some(start(project, line, ".")?.finish()?);
    Ok(())
}

#[when(r#"^I run "([^"]*)" and send it SIG(INT|TERM|HUP|QUIT) when it prints "([^"]*)"$"#)]
fn run_and_stop(
    project: &Project,
    last: &mut LastRun,
    line: &str,
    signal: &str,
    text: &str,
) -> Result<(), Box<dyn Error>> {
    let mut running = start(project, line, ".")?;
    running.wait_for_output(text)?;
    running.signal(signal)?;
    last.finished = Some(running.finish()?);
    Ok(())
}

fn start(project: &Project, line: &str, folder: &str) -> Result<Running, Box<dyn Error>> {
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
    Ok(Running::start(line, &mut command)?)
}

fn bdd() -> Result<PathBuf, String> {
    let path = std::env::var_os(BDD).map(PathBuf::from);
    path.ok_or_else(|| {
        format!(
            "the environment variable {BDD} does not name the bdd to test; bdd sets it for the step \
             programs that it runs"
        )
    })
}

/// Adds what every `bdd run` of the specification has in common, unless the scenario says
/// otherwise: this very program as step program, and one worker, so that the order in which
/// scenarios finish is known.
fn with_defaults(arguments: &[String], project: &Project) -> io::Result<Vec<String>> {
    let [command, rest @ ..] = arguments else {
        return Ok(Vec::new());
    };
    let mut all = vec![command.clone()];
    if command == "run" {
        let given = |flag: &str| rest.iter().any(|argument| argument.starts_with(flag));
        if !project.names_its_steps && !given("--steps") {
            let this = std::env::current_exe()?.to_string_lossy().into_owned();
            all.extend(["--steps".to_owned(), this]);
        }
        if !given("--jobs") && !given("-j") {
            all.extend(["--jobs".to_owned(), "1".to_owned()]);
        }
    }
    all.extend_from_slice(rest);
    Ok(all)
}
