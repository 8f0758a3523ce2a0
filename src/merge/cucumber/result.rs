//! The results of test steps and hooks.

use super::envelope::{ForeignException, ForeignResult};
use crate::event::{Status, StepError};

/// An unknown status is a failure: nobody knows that it passed.
pub(super) fn status(result: &ForeignResult) -> Status {
    match result.status.as_str() {
        "PASSED" => Status::Passed,
        "SKIPPED" => Status::Skipped,
        "PENDING" => Status::Pending,
        "UNDEFINED" => Status::Undefined,
        "AMBIGUOUS" => Status::Ambiguous,
        _ => Status::Failed,
    }
}

pub(super) fn error(result: ForeignResult) -> Option<StepError> {
    let is_known = matches!(
        result.status.as_str(),
        "PASSED" | "SKIPPED" | "PENDING" | "UNDEFINED" | "AMBIGUOUS" | "FAILED"
    );
    if !is_known {
        return Some(StepError::plain(format!(
            "the messages give the status `{}`, which this bdd does not know",
            result.status
        )));
    }
    if result.message.is_none() && result.exception.is_none() {
        return None;
    }
    Some(error_of(result.message, result.exception))
}

pub(super) fn error_of(message: Option<String>, exception: Option<ForeignException>) -> StepError {
    let Some(exception) = exception else {
        // The message of older streams begins with what failed, and the trace follows.
        let message = message.unwrap_or_default();
        let (first, trace) = message.split_once('\n').unwrap_or((&message, ""));
        return StepError {
            trace: trace.to_owned(),
            ..StepError::plain(first.to_owned())
        };
    };
    StepError {
        kind: exception.kind,
        message: exception.message.or(message).unwrap_or_default(),
        trace: exception.stack_trace.unwrap_or_default(),
        location: None,
    }
}
