//! The codec of the protocol against serde_json.

use bdd_steps::protocol::{
    Definition, DocStringArgument, Failure, FeatureInfo, FromWorker, Group, Hello, Match, RuleInfo,
    RunArgument, RunScenario, RunStep, StepStatus, ToWorker,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use serde_json::Value;

use super::schema::Schema;

/// Texts with all that JSON treats specially.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z ]{0,12}",
        "(\\\\|\"|\n|\r|\t|\u{0}|\u{1f}|\u{7f}|/|u|\u{e9}|\u{2028}|\u{1F680}|[a-z]){0,12}",
        any::<String>(),
    ]
}

fn failure() -> impl Strategy<Value = Failure> {
    (text(), text(), text(), text(), any::<u32>(), 0..3_u32).prop_map(
        |(kind, message, trace, file, line, column)| Failure {
            kind,
            message,
            trace,
            file,
            line,
            column,
        },
    )
}

fn run_step() -> impl Strategy<Value = RunStep> {
    let docstring =
        (option::of(text()), text()).prop_map(|(media_type, content)| DocStringArgument {
            media_type,
            content,
        });
    let table = vec(vec(text(), 0..3), 0..3);
    (
        any::<u32>(),
        text(),
        1..99_u32,
        vec(option::of(text()), 0..3),
        option::of(table),
        option::of(docstring),
    )
        .prop_map(
            |(definition, text, line, arguments, table, docstring)| RunStep {
                definition,
                text,
                line,
                arguments: arguments.into_iter().map(RunArgument::text).collect(),
                table,
                docstring,
                ..RunStep::default()
            },
        )
}

fn run_scenario() -> impl Strategy<Value = RunScenario> {
    (
        any::<u32>(),
        0..3_u32,
        text(),
        1..99_u32,
        vec(text(), 0..3),
        option::of(text()),
        vec(run_step(), 0..3),
    )
        .prop_map(
            |(scenario, attempt, name, line, tags, rule, steps)| RunScenario {
                scenario,
                attempt,
                name,
                line,
                tags,
                rule: rule.map(|name| RuleInfo {
                    name,
                    ..RuleInfo::default()
                }),
                steps,
                ..RunScenario::default()
            },
        )
}

fn to_worker() -> impl Strategy<Value = ToWorker> {
    let feature = (text(), text(), vec(text(), 0..3)).prop_map(|(uri, name, tags)| FeatureInfo {
        uri,
        name,
        tags,
        ..FeatureInfo::default()
    });
    prop_oneof![
        (any::<u32>(), vec(text(), 0..4)).prop_map(|(id, texts)| ToWorker::Match { id, texts }),
        (feature, vec(run_scenario(), 0..3))
            .prop_map(|(feature, scenarios)| ToWorker::Run { feature, scenarios }),
        Just(ToWorker::Cancel),
        text().prop_map(|uri| ToWorker::FeatureDone { uri }),
        vec(any::<u32>(), 0..3).prop_map(|hooks| ToWorker::Finish { hooks }),
    ]
}

fn group() -> impl Strategy<Value = Group> {
    let leaf =
        (option::of(text()), any::<u32>(), any::<u32>()).prop_map(|(value, start, end)| Group {
            value,
            start,
            end,
            children: Vec::new(),
        });
    leaf.prop_recursive(3, 8, 3, |inner| {
        (option::of(text()), 0..9_u32, 0..9_u32, vec(inner, 0..3)).prop_map(
            |(value, start, end, children)| Group {
                value,
                start,
                end,
                children,
            },
        )
    })
}

fn definition() -> impl Strategy<Value = Definition> {
    let keyword = prop_oneof![Just("given"), Just("when"), Just("then"), Just("step")]
        .prop_map(str::to_owned);
    let place = (text(), any::<u32>(), any::<u32>());
    (any::<u32>(), keyword, text(), text(), place, text(), text()).prop_map(
        |(id, keyword, kind, pattern, (file, line, column), function, doc)| Definition {
            id,
            keyword,
            kind,
            pattern,
            file,
            line,
            column,
            function,
            doc,
            ..Definition::default()
        },
    )
}

fn from_worker() -> impl Strategy<Value = FromWorker> {
    let hello = (1..9_u32, text(), text(), vec(definition(), 0..3)).prop_map(
        |(protocol, language, hash, definitions)| Hello {
            protocol,
            language,
            hash,
            definitions,
            ..Hello::default()
        },
    );
    let found = (any::<u32>(), vec(group(), 0..3)).prop_map(|(definition, arguments)| Match {
        definition,
        arguments,
    });
    let status = prop_oneof![
        Just(StepStatus::Passed),
        Just(StepStatus::Failed),
        Just(StepStatus::Pending),
        Just(StepStatus::Skipped)
    ];
    let step = (any::<u32>(), any::<u32>());
    let attempt = (any::<u32>(), any::<u32>());
    prop_oneof![
        hello.prop_map(FromWorker::Hello),
        (any::<u32>(), vec(vec(found, 0..3), 0..3))
            .prop_map(|(id, matches)| FromWorker::Matched { id, matches }),
        (attempt, any::<u64>(), any::<u64>()).prop_map(|((scenario, attempt), at, output)| {
            FromWorker::ScenarioStarted {
                scenario,
                attempt,
                at,
                output,
            }
        }),
        step.prop_map(|(scenario, step)| FromWorker::StepStarted { scenario, step }),
        (step, status, any::<u64>(), option::of(failure())).prop_map(
            |((scenario, step), status, nanos, error)| {
                FromWorker::StepFinished {
                    scenario,
                    step,
                    status,
                    nanos,
                    error,
                }
            }
        ),
        (attempt, any::<u64>(), any::<u64>(), vec(failure(), 0..3)).prop_map(
            |((scenario, attempt), nanos, output, errors)| FromWorker::ScenarioFinished {
                scenario,
                attempt,
                nanos,
                output,
                errors,
                will_be_retried: false,
            }
        ),
        vec(any::<u32>(), 0..4).prop_map(|scenarios| FromWorker::Cancelled { scenarios }),
        (text(), text()).prop_map(|(message, detail)| FromWorker::Error { message, detail }),
    ]
}

/// The same JSON with every character that is not ASCII as an escape.
fn ascii(json: &str) -> String {
    let mut escaped = String::new();
    for character in json.chars() {
        if character.is_ascii() {
            escaped.push(character);
        } else {
            for unit in character.encode_utf16(&mut [0; 2]) {
                escaped.push_str(&format!("\\u{unit:04X}"));
            }
        }
    }
    escaped
}

/// Adds a member that nobody knows to every object.
fn with_unknown_members(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.values_mut().for_each(with_unknown_members);
            members.insert(
                "\u{1}unknown".to_owned(),
                serde_json::json!([{"type": 1}, -0.5e-7, true, null, "\\\""]),
            );
        }
        Value::Array(elements) => elements.iter_mut().for_each(with_unknown_members),
        _ => {}
    }
}

/// What must hold for every message of a direction.
macro_rules! check_message {
    ($type:ident, $schema:literal, $message:expr) => {
        let line = $message.to_line();
        prop_assert_eq!(line.iter().filter(|&&byte| byte == b'\n').count(), 1);
        prop_assert_eq!($type::parse(&line), Ok($message.clone()));

        let mut value: Value = serde_json::from_slice(&line).unwrap();
        prop_assert_eq!(Schema::read().problem($schema, &value), None);
        // serde_json sorts the members by name: `type` is no longer the first.
        let pretty = serde_json::to_string_pretty(&value).unwrap();
        prop_assert_eq!($type::parse(pretty.as_bytes()), Ok($message.clone()));
        prop_assert_eq!(
            $type::parse(ascii(&pretty).as_bytes()),
            Ok($message.clone())
        );
        with_unknown_members(&mut value);
        prop_assert_eq!(
            $type::parse(value.to_string().as_bytes()),
            Ok($message.clone())
        );
    };
}

proptest! {
    #[test]
    fn messages_to_workers_are_read_as_they_were_written(message in to_worker()) {
        check_message!(ToWorker, "to_worker", message);
    }

    #[test]
    fn messages_from_workers_are_read_as_they_were_written(message in from_worker()) {
        check_message!(FromWorker, "from_worker", message);
    }

    /// A damaged message is read exactly when serde_json reads it and the schema allows it.
    #[test]
    fn damaged_messages_are_judged_as_by_serde_json(
        message in to_worker(),
        at in any::<prop::sample::Index>(),
        remove in 0..3_usize,
        insert in "[]\\[{}:,\"\\\\0-9.eEnu a-]{0,2}",
    ) {
        let mut line = String::from_utf8(message.to_line()).unwrap();
        let places: Vec<usize> = line.char_indices().map(|(place, _)| place).collect();
        let start = at.get(&places);
        let end = places.iter().copied().find(|&place| place >= start + remove).unwrap_or(line.len());
        line.replace_range(*start..end, &insert);
        let ours = ToWorker::parse(line.as_bytes());
        let theirs = serde_json::from_str::<Value>(&line);
        match (&ours, &theirs) {
            (Ok(_), Ok(_)) => {}
            (Ok(_), Err(error)) => prop_assert!(false, "{line}: {error}"),
            (Err(error), Ok(value)) if !error.problem.contains("too large") => {
                // Members that may be absent may be null for this codec, but not in the schema.
                prop_assert!(Schema::read().problem("to_worker", value).is_some(), "{line}: {error}");
            }
            (Err(_), _) => {}
        }
    }

    #[test]
    fn nothing_makes_the_reader_panic(bytes in vec(any::<u8>(), 0..64), text in "[\\[\\]{}:,\"\\\\a-f0-9u.eE\u{e9} -]{0,64}") {
        let _ = ToWorker::parse(&bytes);
        let _ = FromWorker::parse(text.as_bytes());
    }
}

#[test]
fn errors_say_what_and_where() {
    let deep = format!("{{\"type\":\"cancel\",\"x\":{}", "[".repeat(100_000));
    for (line, problem) in [
        ("", "expected an object at byte 0"),
        ("[]", "expected an object at byte 0"),
        ("{}", "`type` is missing at byte 2"),
        ("{\"type\":7}", "expected a string at byte 8"),
        ("{\"type\":\"fly\"}", "unknown message `fly` at byte 0"),
        (
            "{\"type\":\"cancel\"} x",
            "expected the end of the line at byte 18",
        ),
        ("{\"type\":\"cancel\",}", "expected a string at byte 17"),
        (
            "{\"type\":\"cancel\" \"a\":1}",
            "expected `,` or `}` at byte 17",
        ),
        ("{\"type\":\"feature_done\"}", "`uri` is missing at byte 23"),
        (
            "{\"type\":\"feature_done\",\"uri\":\"\\ud800x\"}",
            "half of a surrogate pair at byte 36",
        ),
        (
            "{\"type\":\"feature_done\",\"uri\":\"\\x\"}",
            "unknown escape at byte 31",
        ),
        (
            "{\"type\":\"feature_done\",\"uri\":\"a",
            "the string has no end at byte 30",
        ),
        (
            "{\"type\":\"match\",\"id\":-1,\"texts\":[]}",
            "expected an integer from 0 at byte 21",
        ),
        (
            "{\"type\":\"match\",\"id\":4294967296,\"texts\":[]}",
            "the number is too large at byte 31",
        ),
        (
            "{\"type\":\"match\",\"id\":99999999999999999999,\"texts\":[]}",
            "the number is too large at byte 40",
        ),
        (
            "{\"type\":\"match\",\"id\":007,\"texts\":[]}",
            "a number does not begin with 0 at byte 24",
        ),
        (&deep, "nested too deeply at byte 148"),
    ] {
        let error = ToWorker::parse(line.as_bytes()).unwrap_err();
        assert_eq!(error.to_string(), problem, "{line:.60}");
    }
    assert_eq!(
        ToWorker::parse(b"{\"\xff\"}").unwrap_err().to_string(),
        "not UTF-8 at byte 2"
    );
}

/// Searching for the closing quote again after each escape would take minutes here.
#[test]
fn a_string_of_escapes_is_read_in_linear_time() {
    let uri = "\\\"\u{e9}".repeat(200_000);
    let message = ToWorker::FeatureDone { uri };
    assert_eq!(ToWorker::parse(&message.to_line()), Ok(message));
}
