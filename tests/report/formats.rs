//! Cucumber JSON, TAP, GitHub, usage and plain JUnit, each read by an independent reader over all runs.

use bdd::event::Event;
use bdd::report::Summary;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event as Xml};
use serde_json::Value;

use super::laws::cases;
use super::messages::messages;
use super::stream::*;
use super::streams;
use std::path::Path;

fn summary(events: &[Event]) -> Summary {
    feed(
        events,
        &["progress"],
        report_context(Shared::default(), Path::new(".")),
    )
    .summary
}

/// The planned scenarios, and the failures outside of them.
fn counts(events: &[Event]) -> (usize, usize) {
    let summary = summary(events);
    let outside = summary.parse_errors.len() + summary.run_errors.len();
    (summary.scenarios.total(), outside)
}

/// Reads Cucumber JSON: name and worst status of each scenario. What its readers need must be there.
pub fn json_scenarios(text: &str) -> Vec<(String, String)> {
    const ORDER: [&str; 5] = ["passed", "skipped", "pending", "undefined", "failed"];
    let features: Vec<Value> =
        serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"));
    let mut found = Vec::new();
    for feature in &features {
        for key in ["uri", "id", "keyword", "name"] {
            assert!(feature[key].is_string(), "{key} in {feature}");
        }
        let elements = feature["elements"].as_array().unwrap();
        assert!(!elements.is_empty());
        for element in elements {
            assert_eq!(element["type"], "scenario");
            let list = |key: &str| element[key].as_array().cloned().unwrap_or_default();
            let mut parts = list("steps");
            parts.extend(list("before").into_iter().chain(list("after")));
            let around =
                |step: &Value, key: &str| step[key].as_array().cloned().unwrap_or_default();
            let of_steps: Vec<Value> = (parts.iter())
                .flat_map(|step| [around(step, "before"), around(step, "after")].concat())
                .collect();
            parts.extend(of_steps);
            let statuses = parts.iter().map(|part| {
                assert!(part["result"]["duration"].is_u64(), "{part}");
                part["result"]["status"].as_str().unwrap().to_owned()
            });
            let rank = |status: &String| ORDER.iter().position(|known| known == status).unwrap();
            let worst = statuses
                .max_by_key(rank)
                .unwrap_or_else(|| "passed".to_owned());
            found.push((element["name"].as_str().unwrap().to_owned(), worst));
        }
    }
    found
}

/// Reads TAP 14: whether each test point fails the run.
pub fn tap_points(text: &str) -> Vec<bool> {
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("TAP version 14"));
    let plan = lines.next().unwrap().strip_prefix("1..").unwrap();
    let total: usize = plan.split(' ').next().unwrap().parse().unwrap();
    let mut points = Vec::new();
    let mut yaml = false;
    for line in lines {
        match line {
            "  ---" => yaml = true,
            "  ..." => yaml = false,
            line if yaml => {
                let (_, value) = line.trim_start().split_once(": ").unwrap();
                let is_word = value == "fail";
                assert!(
                    is_word || serde_json::from_str::<Value>(value).is_ok(),
                    "{line}"
                );
            }
            line => {
                let rest = line.strip_prefix("not ").unwrap_or(line);
                let number = format!("ok {} - ", points.len() + 1);
                assert!(rest.starts_with(&number), "{line}");
                // A directive is after a `#` that is not escaped.
                let plain = rest.replace("\\\\", "").replace("\\#", "");
                let excused = plain.contains(" # TODO ") || plain.contains(" # SKIP ");
                points.push(line.starts_with("not ") && !excused);
            }
        }
    }
    assert_eq!(points.len(), total);
    points
}

#[test]
fn cucumber_json_has_every_scenario_once_and_fails_as_the_run_does() {
    for (run, events) in streams::all() {
        let (planned, outside) = counts(&events);
        let scenarios = json_scenarios(&report(&events, "json", |_| ()));
        assert_eq!(scenarios.len(), planned + outside, "{run}");
        let failing = scenarios.iter().filter(|(_, status)| status == "failed");
        let summary = summary(&events);
        let red = |status: bdd::event::Status| status >= bdd::event::Status::Ambiguous;
        let waits = summary
            .failing
            .iter()
            .filter(|one| !red(one.status) && one.status >= bdd::event::Status::Pending);
        let expected = summary.failing.len() - waits.count() + outside;
        assert_eq!(failing.count(), expected, "{run}");
    }
}

/// As when a fixture cannot be torn down: all steps pass, and the scenario fails.
fn failure_outside_of_steps(expected_failure: bool) -> Vec<Event> {
    let mut known = feature("features/known.feature", "Known bugs");
    known.scenarios = vec![scenario("Leaks", 3, &["Given I have entered 1"])];
    let end = End {
        errors: vec![error("Error", "fixture `Shop`: it stays open")],
        expected_failure,
        ..End::default()
    };
    let stream = Stream::new().start(vec![known]);
    stream.attempt(0, 0, vec![passed(0, 0)], end).finish()
}

#[test]
fn an_expected_failure_outside_of_steps_has_its_reason() {
    let events = failure_outside_of_steps(true);
    let shown = |text: &str| assert!(text.contains("it stays open"), "{text}");
    for format in ["pretty", "html", "junit", "json", "tap"] {
        shown(&report(&events, format, |_| ()));
    }
    shown(&messages(&events));
    let json: Value = serde_json::from_str(&report(&events, "json", |_| ())).unwrap();
    let after = &json[0]["elements"][0]["after"];
    assert_eq!(after.as_array().map(Vec::len), Some(1), "{json}");
    let result = &after[0]["result"];
    assert_eq!(result["status"], "skipped");
    let message = result["error_message"].as_str().unwrap();
    assert!(
        message.starts_with("expected failure: Error: fixture `Shop`: it stays open"),
        "{message}"
    );
}

#[test]
fn no_message_begins_with_the_same_line_twice() {
    let known = streams::all();
    let known = known
        .into_iter()
        .filter(|(run, _)| *run == "expected-failure");
    for (run, events) in known.chain([("outside", failure_outside_of_steps(false))]) {
        let json: Value = serde_json::from_str(&report(&events, "json", |_| ())).unwrap();
        let mut messages = error_messages(&json);
        let annotations = report(&events, "github", |_| ());
        messages.extend(annotations.lines().map(|line| {
            let message = line.rsplit_once("::").unwrap().1;
            message.replace("%0A", "\n")
        }));
        for message in messages {
            let mut lines = message.lines();
            assert_ne!(lines.next(), lines.next(), "{run}: {message}");
        }
    }
}

/// All members `error_message`.
fn error_messages(json: &Value) -> Vec<String> {
    match json {
        Value::Array(all) => all.iter().flat_map(error_messages).collect(),
        Value::Object(members) => (members.iter())
            .flat_map(|(key, value)| match value {
                Value::String(text) if key == "error_message" => vec![text.clone()],
                value => error_messages(value),
            })
            .collect(),
        _ => vec![],
    }
}

#[test]
fn tap_has_every_scenario_once_and_fails_as_the_run_does() {
    for (run, events) in streams::all() {
        let (planned, outside) = counts(&events);
        let points = tap_points(&report(&events, "tap", |_| ()));
        assert_eq!(points.len(), planned + outside, "{run}");
        let failing = points.iter().filter(|fails| **fails).count();
        assert_eq!(failing, summary(&events).failing.len() + outside, "{run}");
    }
}

/// A line for each failure; nothing in a message can end it or begin another command.
#[test]
fn github_gets_a_line_for_each_failure() {
    for (run, events) in streams::all() {
        let text = report(&events, "github", |_| ());
        let is_command =
            |line: &str| line.starts_with("::error ") || line.starts_with("::warning ");
        assert!(text.lines().all(is_command), "{run}: {text}");
        let summary = summary(&events);
        let outside = summary.parse_errors.len() + summary.run_errors.len();
        let errors = text
            .lines()
            .filter(|line| line.starts_with("::error "))
            .count();
        let expected = summary.failing.len() + outside + summary.not_run.len();
        assert_eq!(errors, expected, "{run}: {text}");
    }
}

#[test]
fn github_shows_nothing_as_html_or_markdown() {
    for (run, events) in streams::all() {
        let text = report(&events, "github-summary", |_| ());
        for line in text.lines() {
            let rest = [
                "<details>",
                "</details>",
                "<summary>",
                "</summary>",
                "<pre>",
                "</pre>",
            ]
            .iter()
            .fold(line.to_owned(), |line, tag| line.replace(tag, ""));
            assert!(!rest.contains(['<', '>']), "{run}: {line}");
        }
    }
}

#[test]
fn usage_has_every_definition_once() {
    for (run, events) in streams::all() {
        let definitions = events.iter().find_map(|event| match event {
            Event::StepDefinitions { definitions } => Some(definitions.len()),
            _ => None,
        });
        for order in ["time", "uses", "place"] {
            let text = report(&events, &format!("usage,sort={order}"), |_| ());
            let lines = text.lines().filter(|line| line.contains("  # "));
            assert!(
                lines.count() >= definitions.unwrap_or_default(),
                "{run}: {text}"
            );
        }
    }
}

/// The elements and attributes of Jenkins' schema.
const SCHEMA: [(&str, &[&str]); 10] = [
    (
        "testsuites",
        &["name", "time", "tests", "failures", "disabled", "errors"],
    ),
    (
        "testsuite",
        &[
            "name",
            "tests",
            "failures",
            "errors",
            "time",
            "disabled",
            "skipped",
            "timestamp",
            "hostname",
            "id",
            "package",
        ],
    ),
    ("properties", &[]),
    ("property", &["name", "value"]),
    (
        "testcase",
        &["name", "assertions", "time", "classname", "status"],
    ),
    ("skipped", &[]),
    ("error", &["type", "message"]),
    ("failure", &["type", "message"]),
    ("system-out", &[]),
    ("system-err", &[]),
];

#[test]
fn plain_junit_has_only_what_the_schema_of_jenkins_has() {
    for (run, events) in streams::all() {
        let xml = report(&events, "junit,plain=true", |_| ());
        let check = |element: &BytesStart<'_>, parent: Option<&String>| {
            let name = String::from_utf8(element.name().as_ref().to_vec()).unwrap();
            let known = SCHEMA.iter().find(|(known, _)| *known == name);
            let (_, attributes) = known.unwrap_or_else(|| panic!("{run}: <{name}>"));
            for attribute in element.attributes() {
                let key = String::from_utf8(attribute.unwrap().key.as_ref().to_vec()).unwrap();
                assert!(
                    attributes.contains(&key.as_str()),
                    "{run}: {key} of <{name}>"
                );
            }
            let of_suite = name == "properties";
            assert!(
                !of_suite || parent.is_some_and(|parent| parent == "testsuite"),
                "{run}"
            );
            name
        };
        let mut reader = Reader::from_str(&xml);
        let mut inside: Vec<String> = Vec::new();
        loop {
            match reader.read_event().unwrap() {
                Xml::Start(element) => inside.push(check(&element, inside.last())),
                Xml::Empty(element) => drop(check(&element, inside.last())),
                Xml::End(_) => drop(inside.pop()),
                Xml::Eof => break,
                _ => {}
            }
        }
        let whole = report(&events, "junit", |_| ());
        assert_eq!(cases(&xml).len(), cases(&whole).len(), "{run}");
    }
}

#[test]
fn options_choose_what_junit_contains() {
    let (_, events) = streams::all()
        .into_iter()
        .find(|(run, _)| *run == "failing")
        .unwrap();
    let whole = report(&events, "junit", |_| ());
    assert!(
        whole.contains(" file=\"") && whole.contains(" line=\"") && whole.contains("<system-out>")
    );
    let quiet = report(&events, "junit,output=none", |_| ());
    assert!(!quiet.contains("<system-out>"));
    for (run, events) in streams::all() {
        let xml = report(&events, "junit,skipped=false", |_| ());
        let total = cases(&xml).len();
        assert!(!xml.contains("<skipped"), "{run}");
        let head = xml.split_once("<testsuites").unwrap().1;
        let head = head.split('>').next().unwrap();
        assert!(
            head.contains(&format!("tests=\"{total}\"")),
            "{run}: {head}"
        );
        let named = report(&events, "junit,naming=file", |_| ());
        assert_eq!(
            cases(&named).len(),
            cases(&report(&events, "junit", |_| ())).len()
        );
    }
}
