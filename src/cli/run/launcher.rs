//! What starts the workers of a run.

use super::super::{Exit, Failure};
use super::now;
use crate::config::{Config, Environment};
use crate::system_error::reason;
use crate::worker::build::Building;
use crate::worker::environment::RunEnvironment;
use crate::worker::find::find;
use crate::worker::process::{Launcher, Streams};
use crate::worker::registry::ProcessRegistry;

pub(super) fn launcher(
    config: &Config,
    environment: &Environment,
    building: &Building,
    registry: ProcessRegistry,
) -> Result<Launcher, Failure> {
    let source = config.steps.source()?;
    let program = find(source, config, environment, building).map_err(|error| {
        let failure = Failure::new(Exit::StepProgram, error.to_string());
        match error.hint() {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    })?;
    // Cargo has ended. What it has started to stay, such as a compiler cache, is no child of this process.
    registry.allow_adoption();
    let variables = worker_variables(config);
    let streams = match (&config.run.debugger, config.run.capture) {
        (Some(debugger), _) => Streams::Terminal {
            debugger: debugger.found_from(&config.project.directory),
        },
        (None, _) if config.run.pause_on_failure => Streams::Terminal {
            debugger: Vec::new(),
        },
        (None, true) => Streams::Captured,
        (None, false) => Streams::Shown,
    };
    Launcher::new(program, &config.project.root, variables, streams, registry).map_err(|error| {
        Failure::new(
            Exit::StepProgram,
            format!(
                "cannot create a folder for the sockets of workers: {}",
                reason(&error)
            ),
        )
    })
}

/// The environment that all workers of a run share.
pub(in crate::cli) fn worker_variables(config: &Config) -> RunEnvironment {
    RunEnvironment {
        jobs: config.run.jobs,
        run_id: format!("{:x}-{:x}", now().0, std::process::id()),
        leaks: config.run.leaks,
        state_changes: config.run.state_changes,
        userdata: config.userdata.clone(),
        pauses: config.run.pause_on_failure,
        program: std::env::current_exe().ok(),
    }
}
