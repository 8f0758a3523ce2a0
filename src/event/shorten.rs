//! What a step program says goes into all reports, and into memory until the end of the run: it has a limit.

use bdd_protocol::{LONGEST_MESSAGE, LONGEST_TRACE, shorten};

use super::{Event, StepError};

impl Event {
    /// Leaves out the middle of messages, traces and reasons that are too long.
    pub(crate) fn shorten(&mut self) {
        match self {
            Self::StepFinished { result, .. } | Self::ExtraStepFinished { result, .. } => {
                result.error.iter_mut().for_each(shorten_error);
                let snippets = result.snippets.iter_mut();
                snippets.for_each(|snippet| shorten_message(&mut snippet.code));
            }
            Self::HookFinished { result, .. } => result.error.iter_mut().for_each(shorten_error),
            Self::ScenarioFinished {
                errors,
                skipped_because,
                ..
            } => {
                errors.iter_mut().for_each(shorten_error);
                skipped_because.iter_mut().for_each(shorten_message);
            }
            Self::RunError {
                message, detail, ..
            } => {
                shorten_message(message);
                shorten_message(detail);
            }
            Self::ScenarioNotRun { reason, .. } | Self::StepLeftOut { reason, .. } => {
                shorten_message(reason);
            }
            Self::Warning { message, .. } | Self::Slow { message, .. } => shorten_message(message),
            _ => {}
        }
    }
}

fn shorten_message(message: &mut String) {
    shorten(message, LONGEST_MESSAGE);
}

fn shorten_error(error: &mut StepError) {
    shorten(&mut error.kind, LONGEST_MESSAGE);
    shorten(&mut error.message, LONGEST_MESSAGE);
    shorten(&mut error.trace, LONGEST_TRACE);
}
