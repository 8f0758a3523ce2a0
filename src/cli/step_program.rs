//! The step program of commands that only ask what it defines.

use std::path::PathBuf;

use super::run::worker_variables;
use super::{Exit, Failure};
use crate::config::{Config, Environment};
use crate::history::StepTimes;
use crate::plan::Plan;
use crate::run::interrupt;
use crate::step_catalogue::{Interview, InterviewError, StepCatalogue};
use crate::system_error::reason;
use crate::worker::build::{BuildError, Building};
use crate::worker::find::{FindError, find};
use crate::worker::process::{Launcher, Streams};
use crate::worker::registry::ProcessRegistry;
use crate::worker::step_program as worker;

/// A step program that runs and has said hello.
pub(super) struct StepProgram {
    interview: Interview,
    /// Has the folder of the socket, which must live as long as the program.
    _launcher: Launcher,
}

/// A step program that was not started yet.
pub(super) struct FoundProgram {
    program: worker::StepProgram,
    root: PathBuf,
}

impl FoundProgram {
    /// Finds the program that the settings name. Without `no_build` cargo builds it first; `advice` is the command
    /// that does.
    ///
    /// # Errors
    /// When there is none.
    pub(super) fn find(
        config: &Config,
        environment: &Environment,
        advice: &str,
    ) -> Result<Self, Failure> {
        let source = config.steps.source()?;
        let building = Building::default();
        let found = find(source, config, environment, &building);
        let program = found.map_err(|error| match error {
            FindError::Build(BuildError::NotBuilt(program)) => {
                let program = program.display();
                no_start(format!(
                    "the step program is not built yet: there is no {program}"
                ))
                .hint(format!("build it with `{advice}` or `bdd run`"))
            }
            error => {
                let failure = no_start(error.to_string());
                match error.hint() {
                    Some(hint) => failure.hint(hint),
                    None => failure,
                }
            }
        })?;
        let root = config.project.root.clone();
        Ok(Self { program, root })
    }

    /// What to say if the program is older than its sources: one line, lower case, without a full stop.
    pub(super) fn staleness(&self) -> Option<String> {
        self.program.built_files()?.staleness(&self.root)
    }

    /// Starts it, and waits for its hello.
    ///
    /// # Errors
    /// When it does not start.
    pub(super) fn start(self, config: &Config) -> Result<StepProgram, Failure> {
        let registry = ProcessRegistry::default();
        end_with_signals(&registry)?;
        let launcher = Launcher::new(
            self.program,
            &self.root,
            worker_variables(config),
            Streams::Captured,
            registry,
        )
        .map_err(|error| no_start(format!("no place for sockets: {}", reason(&error))))?;
        let limit = config.steps.start_timeout.duration();
        let interview = Interview::begin(&launcher, limit).map_err(StepProgram::failure)?;
        Ok(StepProgram {
            interview,
            _launcher: launcher,
        })
    }
}

impl StepProgram {
    /// The catalogue of its definitions, for the steps of a plan.
    pub(super) fn catalogue(
        &mut self,
        config: &Config,
        plan: &Plan,
    ) -> Result<StepCatalogue, Failure> {
        let root = &config.project.root;
        let times = StepTimes::load(root);
        let strict = config.run.strict_keywords;
        StepCatalogue::new(&mut self.interview, plan, &times, root, strict).map_err(Self::failure)
    }

    /// To ask it more.
    pub(super) fn interview(&mut self) -> &mut Interview {
        &mut self.interview
    }

    /// Lets it end.
    pub(super) fn end(self) {
        self.interview.end();
    }

    /// The failure of a command that needs its answers.
    pub(super) fn failure(error: InterviewError) -> Failure {
        let failure = no_start(error.message);
        match error.detail {
            detail if detail.is_empty() => failure,
            detail => failure.hint(detail),
        }
    }
}

fn no_start(message: String) -> Failure {
    Failure::new(Exit::StepProgram, message)
}

/// A signal ends the program and what it has started.
pub(super) fn end_with_signals(registry: &ProcessRegistry) -> Result<(), Failure> {
    let first = registry.clone();
    let second = registry.clone();
    let end = move |signal: i32| {
        first.end_all();
        std::process::exit(128 + signal);
    };
    interrupt::listen(false, end, move || second.end_all())
        .map_err(|error| no_start(format!("signals cannot be caught: {}", reason(&error))))
}
