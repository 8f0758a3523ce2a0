//! Documents in other languages, in Markdown, with line ends and characters of every kind; unsaved text and the disk.

use serde_json::{Value, json};

use super::client::{EditorClient, codes, edited, range, uri};
use crate::support::Project;

/// The labels of the completions at a place.
fn labels(client: &mut EditorClient, path: &std::path::Path, place: (u32, u32)) -> Vec<String> {
    let list = client.request_at("completion", path, place.0, place.1);
    let items = list["items"].as_array().unwrap().iter();
    items
        .map(|item| item["label"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn columns_are_counted_in_the_unit_of_the_client() {
    let text = "Feature: 😀\n  @数😀 @数😀\n  Scenario: é\n    Given 😀 a\n    Given 日本\n    When b\n    Then c\n";
    for (encodings, tag, step) in [
        (json!(["utf-16"]), range(1, 7, 11), range(4, 4, 12)),
        (
            json!(["utf-8", "utf-16"]),
            range(1, 11, 19),
            range(4, 4, 16),
        ),
    ] {
        let project = Project::new();
        let path = project.path("features/a.feature");
        let abilities = json!({ "general": { "positionEncodings": encodings } });
        let (mut client, answer) = EditorClient::start_with(&project, abilities);
        assert_eq!(answer["capabilities"]["positionEncoding"], encodings[0]);
        client.open(&path, text);
        let found = client.diagnostics(&path, 1);
        assert_eq!(codes(&found), ["redundant-tag", "repeated-keyword"]);
        assert_eq!(found[0]["range"], tag);
        assert_eq!(found[1]["range"], step);
        // An edit after the wide characters.
        let end = &step["end"];
        let change = json!([{ "range": { "start": end, "end": end }, "text": "\n    | 😀" }]);
        client.change(&path, 2, change);
        let found = client.diagnostics(&path, 2);
        assert!(found.iter().all(|one| one["code"] != "syntax"), "{found:?}");
        client.shut_down();
    }
}

#[test]
fn mistakes_are_shown_where_they_are() {
    let project = Project::new();
    let path = project.path("features/a.feature");
    let mut client = EditorClient::start(&project);
    client.open(
        &path,
        "Feature: f\r\n  Scenario: s\r\n    Given a\r\n  Sceanrio: t\r\n",
    );
    let found = client.diagnostics(&path, 1);
    assert_eq!(codes(&found), ["syntax"], "{found:?}");
    assert_eq!(found[0]["range"], range(3, 2, 11));
    assert_eq!(found[0]["severity"], 1);
    assert_eq!(found[0]["source"], "bdd");
    let message = found[0]["message"].as_str().unwrap();
    assert!(
        message.starts_with("this line cannot stand here"),
        "{message}"
    );
    // Steps and keywords can still be completed.
    let keywords = labels(&mut client, &path, (3, 4));
    assert!(keywords.contains(&"Scenario:".to_owned()), "{keywords:?}");
    // A wrong tag is an error of runs.
    client.replace(
        &path,
        2,
        "@retry(x)\nFeature: f\n  Scenario: s\n    When a\n    Then b\n",
    );
    let found = client.diagnostics(&path, 2);
    assert_eq!(codes(&found), ["tag"]);
    assert_eq!(found[0]["range"], range(0, 0, 9));
    client.shut_down();
}

#[test]
fn line_ends_of_every_kind_stay() {
    let project = Project::new();
    let path = project.path("features/a.feature");
    let mut client = EditorClient::start(&project);
    let text = "\u{feff}Feature: f\r\nScenario: s\r\n  When a\r\n  Then b\r\n";
    client.open(&path, text);
    assert!(client.diagnostics(&path, 1).is_empty());
    let edits = client.request_for("formatting", &path);
    assert_eq!(
        edited(text, edits.as_array().unwrap()),
        "\u{feff}Feature: f\r\n\r\n  Scenario: s\r\n    When a\r\n    Then b\r\n"
    );
    // What is formatted needs no change, and what does not parse gets none.
    client.replace(&path, 2, "Feature: f\n");
    assert_eq!(client.request_for("formatting", &path), json!([]));
    client.replace(&path, 3, "nothing\n");
    assert_eq!(client.request_for("formatting", &path), Value::Null);
    client.shut_down();
}

#[test]
fn keywords_are_those_of_the_language() {
    let project = Project::new();
    let path = project.path("features/a.feature");
    let mut client = EditorClient::start(&project);
    let text = "# language: fr\nFonctionnalité: f\n  Scénario: s\n    Quand a\n    Alors b\n    \n";
    client.open(&path, text);
    assert!(client.diagnostics(&path, 1).is_empty());
    let keywords = labels(&mut client, &path, (5, 4));
    for keyword in ["Soit", "Quand", "Alors", "Scénario:", "Plan du scénario:"] {
        assert!(
            keywords.contains(&keyword.to_owned()),
            "{keyword} in {keywords:?}"
        );
    }
    assert!(!keywords.contains(&"Given".to_owned()), "{keywords:?}");
    let languages = labels(&mut client, &path, (0, 13));
    assert!(languages.contains(&"fr".to_owned()) && languages.len() > 60);
    // In a docstring and in a table, nothing is a keyword.
    client.replace(
        &path,
        2,
        &format!("{}\n    \"\"\"\n    Qu\n", text.trim_end()),
    );
    assert!(labels(&mut client, &path, (6, 6)).is_empty());
    client.replace(&path, 3, "\nF");
    let first = labels(&mut client, &path, (1, 1));
    assert!(first.contains(&"Feature:".to_owned()) && !first.contains(&"Given".to_owned()));
    client.shut_down();
}

#[test]
fn markdown_is_read_as_markdown() {
    let project = Project::new();
    let path = project.path("features/a.feature.md");
    let mut client = EditorClient::start(&project);
    let text = "# Feature: f\n\nProse.\n\n`@one`\n## Scenario: s\n\n* When a\n* Then b\n* \n";
    client.open(&path, text);
    let found = client.diagnostics(&path, 1);
    assert!(found.is_empty(), "{found:?}");
    let symbols = client.request_for("documentSymbol", &path);
    assert_eq!(symbols[0]["children"][0]["name"], "s");
    assert_eq!(client.request_for("formatting", &path), Value::Null);
    let keywords = labels(&mut client, &path, (9, 2));
    assert!(keywords.contains(&"Given".to_owned()), "{keywords:?}");
    assert!(!keywords.contains(&"Scenario:".to_owned()), "{keywords:?}");
    client.replace(&path, 2, &format!("{text}\n## Sce\n\n`@\n"));
    let keywords = labels(&mut client, &path, (11, 6));
    assert!(keywords.contains(&"Scenario:".to_owned()), "{keywords:?}");
    assert_eq!(labels(&mut client, &path, (13, 2)), ["@one"]);
    client.shut_down();
}

#[test]
fn unsaved_text_counts_and_other_files_come_from_the_disk() {
    let project = Project::new();
    let scenario = "  Scenario: s\n    When a\n    Then b\n";
    project.file(
        "features/a.feature",
        format!("@slow_test\nFeature: a\n{scenario}"),
    );
    project.file(
        "features/b.feature",
        format!("@slow_test\nFeature: b\n{scenario}"),
    );
    let (one, other) = (
        project.path("features/a.feature"),
        project.path("features/c.feature"),
    );
    let mut client = EditorClient::start(&project);
    client.open(&other, &format!("@slow-tests\nFeature: c\n{scenario}"));
    let found = client.diagnostics(&other, 1);
    assert_eq!(codes(&found), ["similar-tags"]);
    assert_eq!(found[0]["range"], range(0, 0, 11));
    // The tag of one file is changed in the editor, and that of the other on the disk.
    client.open(&one, &format!("@slow-tests\nFeature: a\n{scenario}"));
    assert_eq!(codes(&client.diagnostics(&one, 1)), Vec::<&str>::new());
    project.file(
        "features/b.feature",
        format!("@slow-tests\nFeature: b\n{scenario}"),
    );
    client.files_changed(&[&project.path("features/b.feature")]);
    assert!(
        client
            .diagnostics_when(&other, 1, <[Value]>::is_empty)
            .is_empty()
    );
    // A closed document shows nothing, and is what is on the disk.
    client.notify(
        "textDocument/didClose",
        json!({ "textDocument": { "uri": uri(&one) } }),
    );
    let closed = client.wait_for("no diagnostics of a closed document", |message| {
        message["method"] == "textDocument/publishDiagnostics"
            && message["params"]["uri"] == uri(&one)
            && message["params"].get("version").is_none()
    });
    assert_eq!(closed["params"]["diagnostics"], json!([]));
    client.shut_down();
}

#[test]
fn a_document_that_is_in_no_file_is_checked_too() {
    let project = Project::new();
    let mut client = EditorClient::start(&project);
    client.notify(
        "textDocument/didOpen",
        json!({ "textDocument": {
            "uri": "untitled:Untitled-1", "languageId": "cucumber", "version": 1, "text": "x\n",
        } }),
    );
    let shown = client.wait_for("diagnostics", |message| {
        message["params"]["uri"] == "untitled:Untitled-1"
    });
    assert_eq!(shown["params"]["diagnostics"][0]["code"], "syntax");
    client.shut_down();
}
