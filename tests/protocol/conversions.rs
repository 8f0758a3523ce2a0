//! Parameter types of `bdd-steps`: how the worker introduces them and converts with them.

use bdd_protocol::{FromWorker, ParameterType, RunArgument, StepStatus};

use super::driver::Worker;
use super::rust::command;

/// Runs a step whose only argument is this; its status and error message, or what it noted down.
fn convert(worker: &mut Worker, text: &str, argument: RunArgument) -> Result<String, String> {
    let mut scenario = worker.scenario(1, &[text, "it is noted: nothing"]);
    scenario.steps[0].arguments = vec![argument];
    worker.run(vec![scenario]);
    let mut errors = worker.receive_scenario().into_iter().filter_map(|message| {
        let FromWorker::StepFinished {
            step,
            status,
            error,
            ..
        } = message
        else {
            return None;
        };
        let message = error.unwrap_or_default().message;
        match (step, status) {
            (0, StepStatus::Passed) => None,
            (0, status) => Some(Err(format!("{status:?}: {message}"))),
            _ => {
                let noted = message.split("left: \"").nth(1)?;
                Some(Ok(noted.split("\"\n").next()?.to_owned()))
            }
        }
    });
    errors.next_back().expect("a step does not pass")
}

/// What the runner sends for a parameter of this type, with the texts of its groups.
fn named(name: &str, value: &str, groups: &[&str]) -> RunArgument {
    RunArgument {
        value: Some(value.to_owned()),
        parameter_type: Some(name.to_owned()),
        groups: groups
            .iter()
            .map(|&group| (!group.is_empty()).then(|| group.to_owned()))
            .collect(),
    }
}

fn plain(value: &str) -> RunArgument {
    RunArgument::text(Some(value.to_owned()))
}

#[test]
fn the_worker_introduces_its_parameter_types_in_order_of_definition() {
    let worker = Worker::start(&command());
    let types = &worker.hello.parameter_types;
    let places: Vec<_> = types.iter().map(|one| (&one.file, one.line)).collect();
    assert!(places.is_sorted(), "{places:?}");
    let of = |name: &str| {
        let found: Vec<&ParameterType> = types.iter().filter(|one| one.name == name).collect();
        assert_eq!(found.len(), 1, "{name}");
        found[0]
    };
    let kelvin = of("kelvin");
    assert_eq!(kelvin.regexps, ["([0-9.]+) K"]);
    assert_eq!(kelvin.type_name, "Degrees");
    assert!(!kelvin.use_for_snippets && kelvin.prefer_for_regexp);
    assert!(kelvin.file.ends_with("steps-examples/src/conversions.rs"));
    let source = include_str!("../../steps-examples/src/conversions.rs");
    let line = source
        .lines()
        .position(|line| line == "    name = \"kelvin\",");
    assert_eq!(kelvin.line as usize, line.unwrap());
    assert_eq!(kelvin.column, 1);
    let range = of("range");
    assert_eq!(range.regexps, [r"(\d+) to (\d+)", r"all up to (\d+)"]);
    assert!(!range.use_for_snippets && !range.prefer_for_regexp);
    let flight = of("flight");
    assert!(flight.use_for_snippets && !flight.prefer_for_regexp);
    assert_eq!(of("fare_class").type_name, "FareClass");
    assert_eq!(of("quoted").type_name, "Quoted<String>");
    assert_eq!(of("the HTTP status").regexps, [r"(\d)\d\d"]);
    worker.finish();
}

#[test]
fn the_named_parameter_type_converts() {
    let mut worker = Worker::start(&command());
    for (text, argument, noted) in [
        // Several names for one type of this crate.
        (
            "it has x degrees",
            named("celsius", "20 °C", &["20"]),
            "20.0",
        ),
        (
            "it has x degrees",
            named("fahrenheit", "212 °F", &["212"]),
            "100.0",
        ),
        (
            "it has x degrees",
            named("kelvin", "300 K", &["300"]),
            "27.0",
        ),
        // A type of another crate that does not convert itself.
        (
            "I am patient for x",
            named("wait", "2 seconds", &["2", "seconds"]),
            "2s",
        ),
        ("I am patient for x", named("wait", "3", &["3", ""]), "3s"),
        // A type that converts itself, also as an option.
        ("I count x", named("spelled", "two", &["two"]), "2"),
        (
            "I perhaps count to x",
            named("spelled", "two", &["two"]),
            "Some(2)",
        ),
        ("I perhaps count to x", RunArgument::text(None), "None"),
        // Several regular expressions with groups of their own.
        (
            "the numbers x",
            named("range", "3 to 7", &["3", "7", ""]),
            "3 7",
        ),
        (
            "the numbers x",
            named("range", "all up to 7", &["", "", "7"]),
            "0 7",
        ),
        (
            "the numbers x",
            named("both_ends", "3-7", &["3", "7"]),
            "3 7",
        ),
        ("the quote x", named("quoted", "'hey'", &["hey"]), "hey"),
        // A derived one converts the whole text.
        (
            "the answer is x",
            named("the HTTP status", "404", &["4"]),
            "404",
        ),
        // One that makes something else leaves the conversion to the type.
        ("I count x", named("celsius", "20", &["20"]), "20"),
        ("the answer is x", named("wait", "200", &["200", ""]), "200"),
        // One that the program does not have says nothing either.
        ("I count x", named("unknown", "20", &["20"]), "20"),
    ] {
        let result = convert(&mut worker, text, argument.clone());
        assert_eq!(result.as_deref(), Ok(noted), "{argument:?}");
    }
    worker.finish();
}

#[test]
fn plain_texts_are_converted_by_the_type_or_by_the_function_that_makes_it() {
    let mut worker = Worker::start(&command());
    for (text, argument, noted) in [
        ("it has x degrees", plain("21.5"), "21.5"),
        ("I count x", plain("4"), "4"),
        ("the answer is x", plain("500"), "500"),
        ("the quote x", plain("hey"), "hey"),
        // The function gets the groups if their number is right, even if the name of the parameter type is
        // unknown.
        (
            "I am patient for x",
            named("unknown", "5 seconds", &["5", "seconds"]),
            "5s",
        ),
    ] {
        let result = convert(&mut worker, text, argument.clone());
        assert_eq!(result.as_deref(), Ok(noted), "{argument:?}");
    }
    worker.finish();
}

#[test]
fn texts_are_made_by_parameter_types_of_texts() {
    let mut worker = Worker::start(&command());
    let mut scenario = worker.scenario(
        1,
        &[
            "I say a and b and c",
            "it is noted: OH NO \u{df} Some(\"YOU SEE\")",
        ],
    );
    scenario.steps[0].arguments = vec![
        named("shouted", "oh no", &["oh no"]),
        named("celsius", "\u{df}", &["\u{df}"]),
        named("shouted", "you see", &["you see"]),
    ];
    worker.run(vec![scenario]);
    for message in worker.receive_scenario() {
        if let FromWorker::StepFinished { error, .. } = message {
            assert_eq!(error, None);
        }
    }
    worker.finish();
}

#[test]
fn what_cannot_be_converted_says_why() {
    let mut worker = Worker::start(&command());
    for (text, argument, problem) in [
        (
            "I count x",
            named("spelled", "three", &["three"]),
            "Failed: cannot convert \"three\" for the parameter `number: u8` by the parameter type {spelled}: \
             I cannot count that far",
        ),
        (
            "it has x degrees",
            named("celsius", "1.2.3 °C", &["1.2.3"]),
            "Failed: cannot convert \"1.2.3 °C\" for the parameter `degrees: Degrees` by the parameter type \
             {celsius}: \"1.2.3\" is not a value for `degrees: f64`: invalid float literal",
        ),
        (
            "it has x degrees",
            plain("warm"),
            "Failed: cannot convert \"warm\" for the parameter `degrees: Degrees`: \"warm\" is not a value for \
             `degrees: f64`: invalid float literal",
        ),
        (
            "the numbers x",
            named("both_ends", "3", &["3", ""]),
            "Failed: cannot convert \"3\" for the parameter `range: Range` by the parameter type {both_ends}: \
             group 2 of the parameter type took no part in the match, but its parameter `to: u32` is not an \
             `Option`",
        ),
        (
            "the numbers x",
            plain("3 to 7"),
            "Failed: cannot convert \"3 to 7\" for the parameter `range: Range`: a `Range` is made of 3 texts, \
             and this is one; write the pattern with {range}, or with the group \
             ((?:(\\d+) to (\\d+))|(?:all up to (\\d+)))",
        ),
        (
            "I am patient for x",
            plain("2"),
            "Failed: cannot convert \"2\" for the parameter `wait: Duration`: a `Duration` is made of 2 texts, \
             and this is one; write the pattern with {wait}, or with the group \
             ((\\d+)(?: (seconds?|minutes?))?)",
        ),
        (
            "I am patient for x",
            named("wait", "2 minutes", &["2", "minutes"]),
            "Pending: minutes take too long",
        ),
        (
            "the answer is x",
            named("the HTTP status", "999999", &["9"]),
            "Failed: cannot convert \"999999\" for the parameter `status: Status` by the parameter type \
             {the HTTP status}: number too large to fit in target type",
        ),
    ] {
        let result = convert(&mut worker, text, argument);
        assert_eq!(result, Err(problem.to_owned()));
    }
    worker.finish();
}
