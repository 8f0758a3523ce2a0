//! What the worker of `bdd-steps` does beyond the suite.

use std::ffi::OsString;
use std::os::unix::process::ExitStatusExt;
use std::process::Command;

use bdd_protocol::{FromWorker, RuleInfo, RunStep, StepStatus};

use super::driver::{Worker, docstring};
use crate::support::step_program::step_program;

/// The command of the worker.
pub fn command() -> Vec<OsString> {
    vec![step_program().into()]
}

/// The line of `faults.rs` that holds a text.
fn line_of(code: &str) -> u32 {
    let source = include_str!("../../steps-examples/src/faults.rs");
    source
        .lines()
        .position(|line| line.contains(code))
        .expect("the code is there") as u32
        + 1
}

#[test]
fn started_by_hand_it_explains_itself() {
    let output = Command::new(step_program())
        .env_remove("BDD_SOCKET")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(
        stderr.starts_with("this is a step program; run it with `bdd run`."),
        "{stderr}"
    );
    assert!(stderr.contains("^a step that passes$"), "{stderr}");
}

#[test]
fn a_runner_that_is_not_there_is_an_error() {
    let output = Command::new(step_program())
        .env("BDD_SOCKET", "/nonexistent/socket")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(
        stderr.starts_with("cannot speak to bdd through /nonexistent/socket: "),
        "{stderr}"
    );
}

#[test]
fn definitions_are_sorted_and_placed() {
    let worker = Worker::start(&command());
    let places: Vec<(&str, u32)> = worker
        .hello
        .definitions
        .iter()
        .map(|definition| (definition.file.as_str(), definition.line))
        .collect();
    assert!(places.is_sorted(), "{places:?}");
    let binary = worker
        .hello
        .definitions
        .iter()
        .find(|definition| definition.function == "prints_binary")
        .unwrap();
    assert_eq!(binary.line, line_of("bytes of binary$"));
    assert_eq!(
        binary.doc,
        "Every byte value in turn, so that it is neither UTF-8 nor allowed in XML."
    );
    worker.finish();
}

#[test]
fn a_panic_is_a_failure_with_its_place_and_is_not_printed() {
    let mut worker = Worker::start(&command());
    let (status, error) = worker.outcome(&["a step that panics with \"oh\""]);
    assert_eq!(
        (status, error.kind.as_str(), error.message.as_str()),
        (StepStatus::Failed, "Error", "oh")
    );
    assert!(
        error.file.ends_with("steps-examples/src/faults.rs"),
        "{}",
        error.file
    );
    assert!(
        std::path::Path::new(&error.file).is_absolute(),
        "{}",
        error.file
    );
    assert_eq!(error.line, line_of("panic!(\"{message}\");"));
    assert_eq!(worker.output(), "");
    worker.finish();
}

#[test]
fn a_backtrace_shows_the_code_of_the_step() {
    let with_backtraces = [
        "env".into(),
        "RUST_BACKTRACE=1".into(),
        step_program().into(),
    ];
    let mut worker = Worker::start(&with_backtraces);
    let (_, error) = worker.outcome(&["a step that panics with \"oh\""]);
    let symbols = error
        .trace
        .lines()
        .filter(|line| !line.trim_start().starts_with("at "));
    let symbols: Vec<&str> = symbols.filter_map(|line| line.split(": ").nth(1)).collect();
    assert_eq!(
        symbols,
        ["steps_examples::faults::panics"],
        "{}",
        error.trace
    );
    worker.finish();
}

#[test]
fn a_failed_assertion_says_so() {
    let mut worker = Worker::start(&command());
    let (_, error) = worker.outcome(&["a step that asserts that 1 is 2"]);
    assert_eq!(error.kind, "AssertionError");
    assert_eq!(
        error.message,
        "assertion `left == right` failed\n  left: 1\n right: 2"
    );
    assert_eq!(error.line, line_of("assert_eq!(left, right);"));
    worker.finish();
}

#[test]
fn a_caught_panic_is_output_and_not_the_next_failure() {
    let mut worker = Worker::start(&command());
    let (status, _) = worker.outcome(&["a step that catches a panic with \"caught\""]);
    assert_eq!(status, StepStatus::Passed);
    assert_eq!(
        worker.output().matches("caught").count(),
        1,
        "{}",
        worker.output()
    );
    let (_, error) = worker.outcome(&["a step that resumes a panic with \"resumed\""]);
    assert_eq!((error.message.as_str(), error.line), ("resumed", 0));
    worker.finish();
}

#[test]
fn a_panic_with_any_value_is_a_failure() {
    let mut worker = Worker::start(&command());
    let (status, error) = worker.outcome(&["a step that panics with a number"]);
    assert_eq!(status, StepStatus::Failed);
    assert_eq!(error.message, "panicked with a value that is not a text");
    worker.finish();
}

#[test]
fn pending_and_skip_are_outcomes_with_reasons() {
    let mut worker = Worker::start(&command());
    let (status, error) = worker.outcome(&["a step that is pending"]);
    assert_eq!(
        (status, error.message.as_str()),
        (StepStatus::Pending, "not written yet")
    );
    let (status, error) = worker.outcome(&["a step that is skipped because of \"rain\""]);
    assert_eq!(
        (status, error.message.as_str()),
        (StepStatus::Skipped, "rain")
    );
    worker.finish();
}

#[test]
fn an_argument_that_does_not_convert_fails_the_step() {
    let mut worker = Worker::start(&command());
    let (status, error) = worker.outcome(&["a step that takes the number \"12x\""]);
    assert_eq!(status, StepStatus::Failed);
    assert_eq!(
        error.message,
        "cannot convert \"12x\" for the parameter `_number: i64`: invalid digit found in string"
    );
    worker.finish();
}

#[test]
fn what_stands_below_a_step_must_be_what_its_function_takes() {
    let mut worker = Worker::start(&command());
    let (_, error) = worker.outcome(&["a step that takes a table"]);
    assert_eq!(error.message, "the step needs a table below it");
    let mut scenario = worker.scenario(1, &["a step that passes"]);
    scenario.steps[0].table = Some(vec![vec!["lost".to_owned()]]);
    worker.run(vec![scenario]);
    let messages = worker.receive_scenario();
    let Some(FromWorker::StepFinished {
        error: Some(error), ..
    }) = messages.get(2)
    else {
        panic!("{messages:?}")
    };
    assert_eq!(
        error.message,
        "the step has a table below it, but its function takes none"
    );
    worker.finish();
}

#[test]
fn a_fixture_that_panics_fails_its_scenario_and_spares_the_worker() {
    let mut worker = Worker::start(&command());
    let scenario = worker.scenario(1, &["a fixture that panics when it is dropped"]);
    worker.run(vec![scenario]);
    let messages = worker.receive_scenario();
    let Some(FromWorker::ScenarioFinished { errors, .. }) = messages.last() else {
        panic!("{messages:?}")
    };
    assert_eq!(errors.len(), 1);
    assert_eq!(errors[0].message, "fixture `Fragile`: the fixture broke");
    assert_eq!(errors[0].line, line_of("panic!(\"the fixture broke\");"));
    assert_eq!(
        worker.outcome(&["a step that passes"]).0,
        StepStatus::Passed
    );
    worker.finish();
}

#[test]
fn a_stack_overflow_kills_the_worker_at_its_step() {
    let mut worker = Worker::start(&command());
    let scenario = worker.scenario(
        1,
        &["a step that passes", "a step that overflows the stack"],
    );
    worker.run(vec![scenario]);
    let messages = worker.receive_all();
    assert!(
        matches!(
            messages.last(),
            Some(FromWorker::StepStarted {
                scenario: 1,
                step: 1,
                ..
            })
        ),
        "{messages:?}"
    );
    assert_eq!(worker.ended().signal(), Some(6), "SIGABRT");
    assert!(
        worker.output().contains("has overflowed its stack"),
        "{}",
        worker.output()
    );
}

#[test]
fn fixtures_belong_to_one_attempt() {
    let mut worker = Worker::start(&command());
    for _ in 0..2 {
        let texts = ["a tally mark", "a tally mark", "there are 2 tally marks"];
        let (status, error) = worker.outcome(&texts);
        assert_eq!(status, StepStatus::Passed, "{}", error.message);
    }
    worker.finish();
}

#[test]
fn fixtures_are_closed_in_the_reverse_order_of_making() {
    let mut worker = Worker::start(&command());
    worker.outcome(&[
        "the outer fixture",
        "the inner fixture",
        "a step that fails with \"x\"",
    ]);
    assert_eq!(worker.output(), "inner closed\nouter closed\n");
    worker.finish();
}

#[test]
fn a_fixture_that_cannot_be_made_or_closed_fails() {
    let mut worker = Worker::start(&command());
    let (status, error) = worker.outcome(&["a fixture that cannot be made"]);
    assert_eq!(
        (status, error.message.as_str()),
        (StepStatus::Failed, "fixture `Unmade`: no database")
    );
    let scenario = worker.scenario(1, &["a fixture that cannot be closed"]);
    worker.run(vec![scenario]);
    let messages = worker.receive_scenario();
    let Some(FromWorker::ScenarioFinished { errors, .. }) = messages.last() else {
        panic!("{messages:?}")
    };
    assert_eq!(errors.len(), 1);
    assert_eq!(errors[0].message, "fixture `Unclosed`: still in use");
    worker.finish();
}

#[test]
fn the_context_says_where_a_step_runs() {
    let mut worker = Worker::start(&command());
    let mut scenario = worker.scenario(1, &["a step that prints its context"]);
    scenario.attempt = 1;
    scenario.rule = Some(RuleInfo {
        name: "Rule".to_owned(),
        ..RuleInfo::default()
    });
    worker.run(vec![scenario]);
    worker.receive_scenario();
    assert_eq!(
        worker.output(),
        "features/test.feature \"Test\" [\"@all\"] Some(\"Rule\") \"Scenario 1\":2 [\"@tag\"] true false 1 \
         \"a step that prints its context\":3\n"
    );
    worker.finish();
}

#[test]
fn the_context_knows_lines_and_keyword() {
    let mut worker = super::story::worker("");
    let mut scenario = worker.scenario(1, &["the context is printed"]);
    scenario.steps[0].keyword = "Wenn".to_owned();
    scenario.rule = Some(super::story::rule(&worker, "Rule", 4));
    let feature = super::story::shop(&worker);
    worker.send(&bdd_protocol::ToWorker::Run {
        feature,
        scenarios: vec![scenario],
    });
    worker.receive_scenario();
    assert_eq!(
        worker.output().lines().last(),
        Some("features/shop.feature:1 2 Some(4) / Wenn 3 passed")
    );
}

/// Runs a step and then asks what it has noted down.
fn assert_notes(worker: &mut Worker, step: RunStep, expected: &str) {
    let mut scenario = worker.scenario(1, &[&format!("it is noted: {expected}")]);
    let text = step.text.clone();
    scenario.steps.insert(0, step);
    worker.run(vec![scenario]);
    for message in worker.receive_scenario() {
        if let FromWorker::StepFinished { error, .. } = message {
            assert_eq!(error, None, "{text}");
        }
    }
}

#[test]
fn captured_values_are_converted() {
    let mut worker = Worker::start(&command());
    for (text, noted) in [
        ("I paint 2 \"garage\" doors red", "2 garage Red"),
        ("I walk 1.5 km", "1.5 km"),
        ("I walk 2 miles", "2 miles"),
        ("I order 2 coffees with milk", "Some(2) Some(\"milk\")"),
        ("I order coffee", "None None"),
        ("3 cats", "103"),
        ("a herd of 4 cats", "104"),
        ("5 more cats come", "105"),
        ("the number -7", "-7"),
        ("the letter \u{e9}", "Some('\u{e9}')"),
        ("a step of a module", "module 0"),
        ("steps are functions", "5 / module 7"),
    ] {
        let mut step = worker.step(text);
        if text.starts_with("I walk") {
            // Arguments are the top-level groups; the second one is inside the first.
            step.arguments.remove(1);
        }
        assert_notes(&mut worker, step, noted);
    }
    worker.finish();
}

#[test]
fn tables_and_docstrings_are_converted() {
    let mut worker = Worker::start(&command());
    let table = |rows: &[[&str; 2]]| {
        Some(
            rows.iter()
                .map(|row| row.map(str::to_owned).to_vec())
                .collect(),
        )
    };
    for (text, below, noted) in [
        (
            "these friends",
            table(&[["age", "name"], ["36", "Ada"], ["41", "Alan"]]),
            "Ada 36 / Alan 41",
        ),
        (
            "these settings",
            table(&[["size", "9"], ["name", "x"]]),
            "{\"name\": \"x\", \"size\": \"9\"}",
        ),
        ("perhaps a table", table(&[["a", "b"]]), "Some(1)"),
        ("perhaps a table", None, "None"),
        ("perhaps a docstring", None, "None"),
    ] {
        let mut step = worker.step(text);
        step.table = below;
        assert_notes(&mut worker, step, noted);
    }
    let mut step = worker.step("the text");
    step.docstring = Some(docstring("hey"));
    assert_notes(&mut worker, step, "Some(\"text\") HEY");
    worker.finish();
}

#[test]
fn rows_are_values() {
    let mut worker = Worker::start(&command());
    let rows = |cell: &str| {
        let rows = [
            ["name", "count", "price", "size"],
            ["bolt", "5", "", "small"],
            ["nut", cell, "0.5", "large"],
        ];
        Some(
            rows.iter()
                .map(|row| row.map(str::to_owned).to_vec())
                .collect(),
        )
    };
    let mut step = worker.step("these items");
    step.table = rows("7");
    assert_notes(
        &mut worker,
        step.clone(),
        "bolt 5 None Small / nut 7 Some(0.5) Large",
    );
    step.table = rows("seven");
    let mut scenario = worker.scenario(1, &[]);
    scenario.steps.push(step);
    worker.run(vec![scenario]);
    let messages = worker.receive_scenario();
    let Some(FromWorker::StepFinished {
        error: Some(error), ..
    }) = messages.get(2)
    else {
        panic!("{messages:?}")
    };
    assert_eq!(
        error.message,
        "row 3 of the table, column `count`, cell \"seven\": no u32: invalid digit found in string"
    );
    worker.finish();
}

#[test]
fn what_cannot_be_called_fails_with_a_reason() {
    let mut worker = Worker::start(&command());
    for (text, message) in [
        (
            "I paint 300 \"garage\" doors red",
            "cannot convert \"300\" for the parameter `count: u8`: number too large to fit in target type",
        ),
        (
            "I paint 3 \"garage\" doors blue",
            "cannot convert \"blue\" for the parameter `colour: Colour`: expected red or green",
        ),
        (
            "I must order tea",
            "group 1 of the pattern took no part in the match, but the parameter `_count: u32` is not an `Option`",
        ),
        (
            "the same fixture twice",
            "the fixture `_second: &mut Alias` is also another parameter of the step",
        ),
        ("a wrapped error says no", "no"),
    ] {
        let (status, error) = worker.outcome(&[text]);
        assert_eq!(
            (status, error.message.as_str()),
            (StepStatus::Failed, message),
            "{text}"
        );
    }
    let (status, error) = worker.outcome(&["a wrapped error says pending"]);
    assert_eq!(
        (status, error.message.as_str()),
        (StepStatus::Pending, "later")
    );
    worker.finish();
}
