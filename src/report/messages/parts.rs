//! Members that several messages share: times, results, exceptions, places.

use crate::event::{Status, StepError, Timestamp};
use crate::json::Json;

const NANOS_PER_SECOND: u64 = 1_000_000_000;

/// A member that is a moment.
pub(super) fn moment(json: &mut Json<'_>, key: &str, at: Timestamp) {
    nanos(json, key, at.0.saturating_mul(1_000));
}

/// A member that is a moment or a duration in nanoseconds.
pub(super) fn nanos(json: &mut Json<'_>, key: &str, nanos: u64) {
    json.member(key, |json| {
        json.number("seconds", nanos / NANOS_PER_SECOND);
        json.number("nanos", nanos % NANOS_PER_SECOND);
    });
}

/// The member `location`, unless the line is not known; a column that is not known is left out.
pub(super) fn location(json: &mut Json<'_>, line: u32, column: u32) {
    if line > 0 {
        json.member("location", |json| {
            json.number("line", line);
            if column > 0 {
                json.number("column", column);
            }
        });
    }
}

/// An error without a type of its own.
pub(super) fn error(message: &str) -> StepError {
    StepError {
        kind: "Error".to_owned(),
        message: message.to_owned(),
        trace: String::new(),
        location: None,
    }
}

/// Why something did not run, which is not an error.
pub(super) fn reason(message: &str) -> StepError {
    StepError::plain(message.to_owned())
}

/// The result of a step or hook; `place` is the last frame of its stack trace.
pub(super) fn result(
    json: &mut Json<'_>,
    key: &str,
    status: Status,
    duration: u64,
    error: Option<&StepError>,
    place: &str,
) {
    json.member(key, |json| {
        json.word("status", name(status));
        nanos(json, "duration", duration);
        if let Some(error) = error {
            json.string("message", &error.message);
            // A reason that is not an error has no type.
            if !error.kind.is_empty() {
                exception(json, error, place);
            }
        }
    });
}

/// The member `exception`. Its stack trace begins with type and message and ends in `place`.
pub(super) fn exception(json: &mut Json<'_>, error: &StepError, place: &str) {
    let kind = kind(error);
    json.member("exception", |json| {
        json.string("type", kind);
        json.string("message", &error.message);
        let mut trace = match error.message.as_str() {
            "" => kind.to_owned(),
            message => format!("{kind}: {message}"),
        };
        let more = error.trace.trim_end();
        if !more.is_empty() {
            trace.push('\n');
            trace.push_str(more);
        }
        if !place.is_empty() && !trace.ends_with(place) {
            trace.push('\n');
            trace.push_str(place);
        }
        json.string("stackTrace", &trace);
    });
}

/// The type of an exception, as the standard's own implementations name it.
fn kind(error: &StepError) -> &str {
    match error.kind.as_str() {
        "" => "Error",
        "Pending" => "PendingException",
        "Skipped" => "SkippedException",
        kind => kind,
    }
}

fn name(status: Status) -> &'static str {
    match status {
        Status::Passed => "PASSED",
        Status::Skipped => "SKIPPED",
        Status::Pending => "PENDING",
        Status::Undefined => "UNDEFINED",
        Status::Ambiguous => "AMBIGUOUS",
        Status::Failed => "FAILED",
    }
}
