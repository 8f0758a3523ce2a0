//! Lines of a log for what no test step can show: extra steps, and hooks that no test case lists.

use crate::event::{Status, StepContent, StepError};

/// The media type of a piece of a log.
pub(super) const LOG: &str = "text/x.cucumber.log+plain";

/// What ran, as a line without its result.
#[derive(Debug, Clone)]
pub(super) struct LogLine(String);

impl LogLine {
    /// A step; one that another runs is indented.
    pub(super) fn of_step(depth: u32, step: &StepContent) -> Self {
        const DEEPEST: u32 = 20;
        let indent = "  ".repeat(depth.min(DEEPEST) as usize);
        Self(format!("{indent}{}{}", step.keyword, step.text))
    }

    /// Something else.
    pub(super) fn of(what: String) -> Self {
        Self(what)
    }

    /// The line with the result: `Given a thing ... failed: it is gone`.
    pub(super) fn ended(&self, status: Status, error: Option<&StepError>) -> String {
        match error.map(|error| error.message.as_str()) {
            None | Some("") => format!("{} ... {status}", self.0),
            Some(message) => format!("{} ... {status}: {message}", self.0),
        }
    }

    /// The line of something that has no result.
    pub(super) fn open(&self) -> String {
        format!("{} ... did not end", self.0)
    }
}
