//! `bdd run`: discover, parse, plan, run, report.

use std::io::Write;

use clap::Args;

use super::{Exit, Failure};
use crate::config::flags::{
    ColorFlags, FileFlags, ReportFlags, RunFlags, SelectionFlags, StepsFlags,
};
use crate::config::{Config, Environment, Flags};

/// The arguments of `bdd run`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct RunArgs {
    #[command(flatten)]
    selection: SelectionFlags,
    #[command(flatten)]
    run: RunFlags,
    #[command(flatten)]
    steps: StepsFlags,
    #[command(flatten)]
    report: ReportFlags,
    #[command(flatten)]
    color: ColorFlags,
    #[command(flatten)]
    file: FileFlags,
}

const EXAMPLES: &str = "\
Examples:
  bdd run                                   all features
  bdd run features/calculator.feature:12    the scenario at line 12
  bdd run --tags '@smoke and not @slow'     by tags
  bdd run --name Divide -j 1 -v             by name, one worker, a line for each
  bdd run -f progress -f junit:report.xml   progress here, JUnit into a file
  bdd run --wip                             what is being worked on";

impl RunArgs {
    /// The flags that settings are made of.
    pub fn flags(&self) -> Flags {
        Flags {
            file: self.file.clone(),
            selection: self.selection.clone(),
            run: self.run.clone(),
            steps: self.steps.clone(),
            report: self.report.clone(),
            color: self.color.clone(),
        }
    }
}

/// Runs scenarios.
///
/// # Errors
/// When the run cannot begin.
pub fn run(
    arguments: &RunArgs,
    environment: &Environment,
    _out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Exit, Failure> {
    let config = Config::load(&arguments.flags(), environment)?;
    let prepared = super::prepare::prepare(&config, environment)?;
    prepared.print(err)?;
    if !prepared.plan.features.is_empty() {
        config.steps.source()?;
    }
    Ok(prepared.exit())
}
