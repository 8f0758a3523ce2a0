//! The step program of `bdd lint`, for the rules that need one. Nothing is built: a program that is missing or older than
//! its sources is not asked, which a note says.

use std::io::{self, Write};

use super::super::Failure;
use super::super::step_program::{FoundProgram, StepProgram};
use crate::config::{Config, Environment, LintLevel, MissingStepsError};
use crate::lint::{LintFinding, step_findings};
use crate::plan::Plan;
use crate::rule::LintRule;

/// A step program that answers for as long as files are checked.
pub(super) struct StepRules {
    program: StepProgram,
    /// Whether the features of the whole project are checked, so that unused definitions can be found.
    whole_project: bool,
    /// Why it does not answer any more.
    problem: Option<String>,
}

impl StepRules {
    /// Starts the program of the last build, if a rule needs it and there is one.
    pub(super) fn begin(
        config: &Config,
        environment: &Environment,
        whole_project: bool,
        err: &mut dyn Write,
    ) -> io::Result<Option<Self>> {
        let is_on = |rule: &LintRule| config.lint_level(*rule) != LintLevel::Off;
        let mut rules = LintRule::ALL.iter().filter(|rule| rule.needs_steps());
        let no_program = matches!(config.steps.source(), Err(MissingStepsError::Unnamed));
        if no_program || !rules.any(is_on) {
            return Ok(None);
        }
        match current_program(config, environment) {
            Ok(program) => Ok(Some(Self {
                program,
                whole_project,
                problem: None,
            })),
            Err(why) => {
                not_checked(&why, err)?;
                Ok(None)
            }
        }
    }

    /// Adds the findings about the steps of a plan, and about the definitions. Returns whether the program answered.
    pub(super) fn add_findings(
        &mut self,
        config: &Config,
        plan: &Plan,
        all_parse: bool,
        findings: &mut Vec<LintFinding>,
    ) -> bool {
        if self.problem.is_some() {
            return false;
        }
        match self.program.catalogue(config, plan) {
            Ok(mut catalogue) => {
                let all_features = self.whole_project && all_parse;
                step_findings(&mut catalogue, plan, all_features, findings);
                true
            }
            Err(failure) => {
                self.problem = Some(failure.message().to_owned());
                false
            }
        }
    }

    /// Lets the program end.
    pub(super) fn end(self, err: &mut dyn Write) -> io::Result<()> {
        match self.problem {
            None => self.program.end(),
            Some(why) => not_checked(&why, err)?,
        }
        Ok(())
    }
}

fn not_checked(why: &str, err: &mut dyn Write) -> io::Result<()> {
    writeln!(err, "note: step definitions are not checked: {why}")
}

/// The program, or why it cannot be asked.
fn current_program(config: &Config, environment: &Environment) -> Result<StepProgram, String> {
    let message = |failure: Failure| failure.message().to_owned();
    let found = FoundProgram::find(config, environment, "bdd steps --build").map_err(message)?;
    match found.staleness() {
        Some(stale) => Err(stale),
        None => found.start(config).map_err(message),
    }
}
