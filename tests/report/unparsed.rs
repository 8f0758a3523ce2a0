//! Streams of runs with files that do not parse, or that the schema of Cucumber Messages hardly allows.

use bdd::gherkin::{self, Messages, ParseOptions};
use serde_json::{Value, json};

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

/// The document of a Markdown file without headings.
fn written(empty_keyword: bool) -> String {
    let options = ParseOptions {
        markdown: true,
        ..ParseOptions::default()
    };
    let document = gherkin::parse("* Given prose\n", &options).unwrap();
    let messages = Messages {
        uri: "a.feature.md",
        first_id: 0,
        empty_keyword,
    };
    let mut out = Vec::new();
    messages.document(&mut out, &document);
    String::from_utf8(out).unwrap()
}

#[test]
fn a_markdown_file_without_headings_has_a_keyword_in_streams_alone() {
    let project = Project::new();
    project.file("a.feature.md", "* Given prose\n");
    let keyword = |output: &str| {
        let messages = lines(output);
        let document = messages.iter().find_map(|one| one.get("gherkinDocument"));
        document.unwrap()["feature"].get("keyword").cloned()
    };
    // As the official parser.
    let parse = project.bdd(["parse", "a.feature.md"]).exits(0);
    assert_eq!(keyword(&parse.stdout), None);
    assert_eq!(keyword(&written(false)), None);
    // As the schema of messages, for the streams of runs.
    assert_eq!(keyword(&written(true)), Some(Value::from("")));
}

#[test]
fn rows_of_only_a_bar_are_in_pickles_without_cells() {
    let project = Project::new();
    project.file(
        "a.feature",
        "Feature: f\n  Scenario: s\n    Given x\n      |\n      |\n",
    );
    let parse = project.bdd(["parse", "a.feature"]).exits(0);
    let messages = lines(&parse.stdout);
    let pickle = &messages[2]["pickle"];
    let rows = &pickle["steps"][0]["argument"]["dataTable"]["rows"];
    // As the official parser.
    let row = json!({ "cells": [] });
    assert_eq!(*rows, json!([row, row]), "{pickle}");
}
