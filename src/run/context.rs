//! What all parts of a run share and no part changes.

use crate::plan::Plan;
use crate::worker::process::Launcher;

use super::Options;
use super::index::ScenarioIndex;

/// The plan, the options, and the launcher of workers. All parts of a run get it by reference.
#[derive(Debug)]
pub struct RunContext<'r> {
    /// What was planned before the run.
    pub plan: &'r Plan,
    /// All scenarios by number.
    pub index: ScenarioIndex,
    /// How to run.
    pub options: &'r Options,
    /// How to start workers.
    pub launcher: &'r Launcher,
}

impl<'r> RunContext<'r> {
    /// The context of a run of this plan.
    pub fn new(plan: &'r Plan, options: &'r Options, launcher: &'r Launcher) -> Self {
        Self {
            plan,
            index: ScenarioIndex::new(plan),
            options,
            launcher,
        }
    }

    /// The step program as messages name it: with its arguments, if it has some.
    pub fn program(&self) -> String {
        let mut words = self.launcher.command().iter();
        let program = words.next().map(|program| program.to_string_lossy());
        let mut shown = self.options.place(&program.unwrap_or_default());
        for argument in words {
            shown.push(' ');
            shown.push_str(&argument.to_string_lossy());
        }
        shown
    }
}
