//! Streams of runs with files that do not parse, or that the schema of Cucumber Messages hardly allows.

use serde_json::Value;

use crate::support::Project;

fn lines(text: &str) -> Vec<Value> {
    let lines = text.lines();
    lines
        .map(|line| serde_json::from_str(line).expect("a line is JSON"))
        .collect()
}

/// The messages about a file, each with its name.
fn about<'m>(messages: &'m [Value], uri: &str) -> Vec<(&'m str, &'m Value)> {
    let named = format!("\"uri\":\"{uri}\"");
    let found = messages
        .iter()
        .filter(|message| message.to_string().contains(&named));
    found
        .map(|message| {
            let members = message.as_object().expect("a message is an object");
            let (name, body) = members.iter().next().expect("a message has a member");
            (name.as_str(), body)
        })
        .collect()
}

#[test]
fn a_file_that_does_not_parse_has_its_source_and_all_its_errors() {
    let project = Project::new();
    let broken = "Feature f\n  Scenario: s\n    Given x\n";
    project.file("features/a.feature", broken);
    let run = project
        .bdd(["run", "-f", "messages:m.ndjson", "-f", "events:e.jsonl"])
        .with(&["-f", "junit:j.xml"])
        .exits(3);
    let parse = project.bdd(["parse", "features/a.feature"]).exits(3);
    // The joined run of shards has the same stream.
    project
        .bdd(["merge", "e.jsonl", "-f", "messages:merged.ndjson"])
        .exits(3);
    for stream in [
        project.read("m.ndjson"),
        project.read("merged.ndjson"),
        parse.stdout,
    ] {
        let messages = lines(&stream);
        let messages = about(&messages, "features/a.feature");
        let names: Vec<_> = messages.iter().map(|(name, _)| *name).collect();
        let errors = ["parseError"; 3];
        assert_eq!(names, [&["source"][..], &errors].concat(), "{stream}");
        assert_eq!(messages[0].1["data"], broken);
    }
    // Reports for people show the one that the others follow from.
    let shown = run.stdout.matches("features/a.feature:").count();
    assert_eq!(shown, 1, "{}", run.stdout);
    assert_eq!(project.read("j.xml").matches("<testcase").count(), 1);
    let parse = project
        .bdd(["parse", "--no-source", "features/a.feature"])
        .exits(3);
    assert!(!parse.stdout.contains("\"data\""), "{}", parse.stdout);
}

#[test]
fn a_markdown_file_without_headings_has_a_keyword() {
    let project = Project::new();
    project.file("a.feature.md", "Just prose\n");
    let parse = project.bdd(["parse", "a.feature.md"]).exits(0);
    let messages = lines(&parse.stdout);
    let feature = &messages[1]["gherkinDocument"]["feature"];
    assert_eq!(feature["keyword"], "", "the schema demands one: {feature}");
}

#[test]
fn rows_of_only_a_bar_are_not_in_pickles() {
    let project = Project::new();
    project.file(
        "a.feature",
        "Feature: f\n  Scenario: s\n    Given x\n      |\n      |\n",
    );
    let parse = project.bdd(["parse", "a.feature"]).exits(0);
    let messages = lines(&parse.stdout);
    let pickle = &messages[2]["pickle"];
    let rows = &pickle["steps"][0]["argument"]["dataTable"]["rows"];
    assert_eq!(*rows, Value::Array(Vec::new()), "{pickle}");
}
