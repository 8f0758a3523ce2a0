//! From the settings to the command that starts a worker.

use std::ffi::OsString;
use std::fmt;
use std::path::Path;

use super::build::{BuildError, Building, CargoTarget};
use super::step_program::StepProgram;
use crate::behave::interpreter::{Interpreter, InterpreterError};
use crate::behave::{self, HostSettings};
use crate::config::{Config, Environment, PythonSteps, StepsError, StepsSource};
use crate::paths::normalized;

/// Why there is no program for the workers.
#[derive(Debug)]
pub enum FindError {
    /// The step crate.
    Build(BuildError),
    /// The Python of a suite.
    Python(InterpreterError),
}

impl fmt::Display for FindError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Build(error) => error.fmt(formatter),
            Self::Python(error) => error.fmt(formatter),
        }
    }
}

impl std::error::Error for FindError {}

impl FindError {
    /// What to do about it, if the message does not say it.
    pub fn hint(&self) -> Option<&str> {
        match self {
            Self::Build(BuildError::Package(_)) => Some(StepsError::KINDS),
            Self::Build(_) => None,
            Self::Python(error) => Some(error.hint()),
        }
    }
}

/// What workers of this source run; cargo builds the step program first if necessary.
///
/// # Errors
/// Returned when cargo fails or does not name a program, and when the Python of a suite has no behave.
pub fn find(
    source: &StepsSource,
    config: &Config,
    environment: &Environment,
    building: &Building,
) -> Result<StepProgram, FindError> {
    let (options, project) = (&config.steps.build, &config.project);
    match source {
        StepsSource::Program(program) => Ok(vec![normalized(program).into()].into()),
        StepsSource::Command(command) => Ok(command_from(&project.root, command).into()),
        StepsSource::Python(steps) => python(steps, config, environment).map_err(FindError::Python),
        StepsSource::Cargo {
            manifest,
            package,
            target,
        } => {
            let profile = options
                .profile
                .clone()
                .or_else(|| options.release.then(|| "release".to_owned()));
            let target = CargoTarget {
                cargo: match environment.variable("CARGO") {
                    Some(cargo) => cargo.to_os_string(),
                    None => "cargo".into(),
                },
                folder: project.root.clone(),
                manifest: manifest.clone(),
                package: package.clone(),
                target: target.clone(),
                profile,
                features: options.features.clone(),
                locked: options.locked,
                offline: options.offline,
            };
            let program = match options.no_build {
                true => target.find(),
                false => target.build(building),
            };
            let program = program.map_err(FindError::Build)?;
            Ok(vec![program.into()].into())
        }
    }
}

/// The host for a suite of behave, in the Python that has behave.
fn python(
    steps: &PythonSteps,
    config: &Config,
    environment: &Environment,
) -> Result<StepProgram, InterpreterError> {
    let root = &config.project.root;
    let own = std::env::current_exe().ok();
    let interpreter =
        Interpreter::choose(steps.python.as_deref(), environment, own.as_deref(), root);
    let command = steps.command.as_ref();
    if command.is_none() {
        // `bdd behave` has asked already.
        interpreter.behave_version(root)?;
    }
    let settings = HostSettings {
        base: steps.base.clone(),
        paths: steps.paths.clone(),
        userdata: config.userdata.clone(),
        tags: (config.selection.tags.iter())
            .map(ToString::to_string)
            .collect(),
        formatters: steps.formatters.clone(),
        arguments: command.map_or_else(Vec::new, |command| command.arguments.clone()),
        notes: command.map(|command| command.notes.clone()),
    };
    let host = behave::host(interpreter.program, &settings);
    Ok(StepProgram::Hosted(host))
}

/// A program named by a path counts from the project's root, one named by a word is searched
/// for as a shell would.
fn command_from(root: &Path, command: &[String]) -> Vec<OsString> {
    let mut command: Vec<OsString> = command.iter().map(OsString::from).collect();
    if let Some(program) = command.first_mut()
        && Path::new(program).components().count() > 1
    {
        *program = root.join(&*program).into();
    }
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_count_from_the_root_and_words_are_searched_for() {
        let from =
            |program: &str| command_from(Path::new("/p"), &[program.to_owned(), "a/b".to_owned()]);
        assert_eq!(from("steps/run.py"), ["/p/steps/run.py", "a/b"]);
        assert_eq!(from("/x/y"), ["/x/y", "a/b"]);
        assert_eq!(from("python3"), ["python3", "a/b"]);
    }
}
