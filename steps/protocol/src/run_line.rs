//! Writes the message that has nearly all of what the runner sends.

use crate::RUN_LINE;
use crate::json::{Text, ToJson};
use crate::messages::{FeatureInfo, RunScenario};

/// The line of a [`ToWorker::Run`](crate::ToWorker::Run) whose texts lie elsewhere. Each scenario is written when it is
/// known, so that only one is in memory.
pub struct RunLine {
    line: Text,
    any: bool,
}

impl RunLine {
    /// A line for about so many scenarios of a feature.
    pub fn new<T: ToJson + Default + PartialEq>(
        feature: &FeatureInfo<T>,
        scenarios: usize,
    ) -> Self {
        /// What a scenario of a few steps needs, in bytes.
        const SCENARIO: usize = 1024;
        let mut line = Text::with_capacity(scenarios.saturating_mul(SCENARIO));
        line.push(RUN_LINE);
        line.push("\"feature\":");
        feature.write(&mut line);
        line.push(",\"scenarios\":[");
        Self { line, any: false }
    }

    /// Adds a scenario at the end.
    pub fn add<T: ToJson + Default + PartialEq>(&mut self, scenario: &RunScenario<T>) {
        if self.any {
            self.line.push(",");
        }
        self.any = true;
        scenario.write(&mut self.line);
    }

    /// The line, its newline included.
    pub fn into_bytes(mut self) -> Vec<u8> {
        self.line.push("]}\n");
        self.line.into_bytes()
    }
}
