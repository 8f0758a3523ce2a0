//! Looking at what a command said, and how it ended.

use std::str::FromStr;

use bdd_steps::{DocString, Table, then};

use super::command::LastRun;
use super::process::Finished;
use super::text;

/// The words with which `bdd run -v` ends the line of a scenario.
const RESULTS: [&str; 8] = [
    "ok",
    "FAIL",
    "ERROR",
    "SKIP",
    "PENDING",
    "UNDEFINED",
    "AMBIGUOUS",
    "NOT RUN",
];

/// One of the two streams that a command writes to.
#[derive(Debug, Clone, Copy)]
enum Stream {
    Output,
    Error,
}

impl FromStr for Stream {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        match name {
            "output" => Ok(Self::Output),
            "error" => Ok(Self::Error),
            _ => Err("the streams are output and error".to_owned()),
        }
    }
}

impl Stream {
    fn of(self, finished: &Finished) -> &str {
        match self {
            Self::Output => &finished.stdout,
            Self::Error => &finished.stderr,
        }
    }
}

/// Checks a part of the last run; a failure shows all of it.
fn check(last: &LastRun, part: impl FnOnce(&Finished) -> Result<(), String>) -> Result<(), String> {
    let finished = last.get()?;
    part(finished).map_err(|problem| format!("{problem}\n{}", finished.report()))
}

#[then(r"^it exits with (\d+)$")]
fn exits_with(last: &LastRun, expected: i32) -> Result<(), String> {
    check(last, |finished| match finished.status.code() {
        Some(code) if code == expected => Ok(()),
        _ => Err(format!(
            "expected the exit code {expected}, but: {}",
            finished.status
        )),
    })
}

#[then(r#"^standard (\w+) contains "(.*)"$"#)]
fn contains(last: &LastRun, stream: Stream, expected: &str) -> Result<(), String> {
    check(last, |finished| {
        text::contains(stream.of(finished), expected)
    })
}

#[then(r"^standard (\w+) contains:$")]
fn contains_text(last: &LastRun, stream: Stream, expected: &DocString) -> Result<(), String> {
    check(last, |finished| {
        text::contains(stream.of(finished), expected)
    })
}

#[then(r#"^standard (\w+) does not contain "(.*)"$"#)]
fn lacks(last: &LastRun, stream: Stream, unexpected: &str) -> Result<(), String> {
    check(last, |finished| {
        text::lacks(stream.of(finished), unexpected)
    })
}

#[then(r"^standard (\w+) has these lines:$")]
fn has_lines(last: &LastRun, stream: Stream, expected: &DocString) -> Result<(), String> {
    check(last, |finished| {
        text::has_lines(stream.of(finished), expected)
    })
}

#[then(r"^standard (\w+) has these lines in part:$")]
fn has_parts(last: &LastRun, stream: Stream, expected: &DocString) -> Result<(), String> {
    check(last, |finished| {
        text::has_parts(stream.of(finished), expected)
    })
}

#[then(r"^standard (\w+) is:$")]
fn is(last: &LastRun, stream: Stream, expected: &DocString) -> Result<(), String> {
    check(last, |finished| text::is(stream.of(finished), expected))
}

#[then(r"^standard (\w+) is empty$")]
fn is_empty(last: &LastRun, stream: Stream) -> Result<(), String> {
    check(last, |finished| text::is(stream.of(finished), ""))
}

/// Reads the lines that `bdd run -v` gives to scenarios, `Feature: Scenario ... ok`.
#[then("^exactly these scenarios ran:$")]
fn scenarios_ran(last: &LastRun, expected: &Table) -> Result<(), String> {
    let expected: Vec<&str> = expected
        .rows()
        .iter()
        .flatten()
        .map(String::as_str)
        .collect();
    check(last, |finished| {
        let lines = finished
            .stdout
            .lines()
            .filter_map(|line| line.rsplit_once(" ... "));
        let ran: Vec<&str> = lines
            .filter(|(_, result)| RESULTS.contains(result))
            .map(|(name, _)| name)
            .collect();
        if ran == expected {
            return Ok(());
        }
        Err(format!(
            "expected: {}\nbut there ran: {}",
            expected.join(", "),
            ran.join(", ")
        ))
    })
}

/// Reads the lines that `bdd list` gives to scenarios, `features/shop.feature:4  Browse`.
#[then(r"^it lists the scenarios in line (\d+(?:, \d+)*)$")]
fn lists_lines(last: &LastRun, expected: &str) -> Result<(), String> {
    check(last, |finished| {
        let places = finished
            .stdout
            .lines()
            .filter_map(|line| line.trim_start().split("  ").next());
        let lines: Vec<&str> = places
            .filter_map(|place| Some(place.split_once(".feature:")?.1))
            .collect();
        if lines.join(", ") == expected {
            return Ok(());
        }
        Err(format!(
            "expected the lines {expected}, but there are {}",
            lines.join(", ")
        ))
    })
}
