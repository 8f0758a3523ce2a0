//! Makes errors for reports from the failures that workers send.
//!
//! This is the only place that adds the last frame of a trace: the line of the feature file.

use bdd_protocol::Failure;

use super::Options;
use super::index::FeatureLine;
use crate::event::{SourceLocation, StepError};

/// The error of a step, hook or scenario. `frame` is its place in a feature file, if it has one.
pub fn step_error(
    failure: Failure,
    options: &Options,
    frame: Option<FeatureLine<'_>>,
) -> StepError {
    let location = (!failure.file.is_empty()).then(|| SourceLocation {
        file: options.place(&failure.file),
        line: failure.line,
        column: failure.column,
    });
    let trace = match frame {
        // A step that returned pending or skipped as a value has not failed.
        Some(frame) if !failure.kind.is_empty() => trace(failure.trace, frame),
        _ => failure.trace,
    };
    StepError {
        kind: failure.kind,
        message: failure.message,
        trace,
        location,
    }
}

/// A trace with a line of a feature file as its last frame.
pub fn trace(mut trace: String, FeatureLine { uri, line }: FeatureLine<'_>) -> String {
    trace.truncate(trace.trim_end().len());
    let frame = format!("{uri}:{line}");
    if trace.lines().next_back() != Some(frame.as_str()) {
        if !trace.is_empty() {
            trace.push('\n');
        }
        trace.push_str(&frame);
    }
    trace
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_of_the_feature_is_the_last_frame() {
        let frame = FeatureLine {
            uri: "features/a.feature",
            line: 7,
        };
        for (before, after) in [
            ("", "features/a.feature:7"),
            (
                "0: f\n  at a.rs:1\n",
                "0: f\n  at a.rs:1\nfeatures/a.feature:7",
            ),
            ("features/a.feature:7\n", "features/a.feature:7"),
        ] {
            assert_eq!(trace(before.to_owned(), frame), after);
        }
    }
}
