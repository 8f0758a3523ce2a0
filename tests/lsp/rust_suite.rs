//! Every request on features whose steps are in Rust.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::client::{EditorClient, codes, edited, range, uri};
use crate::support::Project;
use crate::support::needs;
use crate::support::step_program::{naming, step_program};

const FEATURE: &str = "\
Feature: Calculator

  @fast @basic
  Scenario: Add
    Given I have entered 50 into the calculator
    Given I enter 70 into the calculator
    When I press add
    Then the result shuld be 120 on the screen

  # one
  # two
  Scenario Outline: Add <n>
    Given I have entered <n> into the calculator
      | a |
    When I press add
    Then the result should be <sum> on the screen

    Examples: Sums
      | n | sum |
      | 1 | 2 |
";

const OTHER: &str = "\
Feature: Other

  @fast
  Scenario: More
    Given I have entered 9 into the calculator
    When I press add
    Then the result should be 9 on the screen
";

/// A project with these features and the step program of this repository.
fn calculator() -> Project {
    let project = Project::new();
    project.file("bdd.toml", naming(&step_program()));
    project.file("features/a.feature", "Feature: old text on the disk\n");
    project.file("features/b.feature", OTHER);
    project
}

/// The line of a text in a source file of this repository, from 0.
fn line_of(file: &str, text: &str) -> u64 {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    let source = fs::read_to_string(path).unwrap();
    let line = source.lines().position(|line| line.contains(text));
    line.unwrap() as u64
}

/// The labels of completions.
fn labels(list: &Value) -> Vec<&str> {
    let items = list["items"].as_array().unwrap().iter();
    items.map(|item| item["label"].as_str().unwrap()).collect()
}

#[test]
fn an_editor_gets_all_that_bdd_knows() {
    let project = calculator();
    let path = project.path("features/a.feature");
    let mut client = EditorClient::start(&project);
    client.open(&path, FEATURE);
    let is_matched = |all: &[Value]| codes(all).contains(&"near-step");
    let found = client.diagnostics_when(&path, 1, is_matched);
    shows_what_is_wrong(&project, &found);
    finds_definitions_and_uses(&mut client, &project);
    renames_a_step(&mut client, &project);
    knows_the_parts_of_a_file(&mut client, &path);
    offers_actions(&mut client, &path);
    completes(&mut client, &path);
    client.shut_down();
}

fn shows_what_is_wrong(project: &Project, found: &[Value]) {
    assert_eq!(codes(found), ["repeated-keyword", "near-step"], "{found:?}");
    assert_eq!(found[0]["range"], range(5, 4, 40));
    assert_eq!(found[0]["severity"], 2);
    assert_eq!(found[1]["range"], range(7, 4, 46));
    // The same findings as those of the command.
    project.file("features/a.feature", FEATURE);
    let lines: String = (found.iter())
        .map(|one| {
            let place = &one["range"]["start"];
            format!(
                "features/a.feature:{}:{}: warning: {} [{}]\n",
                place["line"].as_u64().unwrap() + 1,
                place["character"].as_u64().unwrap() + 1,
                one["message"].as_str().unwrap(),
                one["code"].as_str().unwrap(),
            )
        })
        .collect();
    project
        .bdd(["lint", "features/a.feature"])
        .exits(0)
        .stdout(&lines);
}

fn finds_definitions_and_uses(client: &mut EditorClient, project: &Project) {
    let path = project.path("features/a.feature");
    let hover = client.request_at("hover", &path, 4, 12);
    let text = hover["contents"]["value"].as_str().unwrap();
    assert!(
        text.contains(r"given ^I (?:have entered|enter) (\S+) into the calculator$"),
        "{text}"
    );
    assert!(text.contains("calculator.rs"), "{text}");
    assert!(text.ends_with("4 steps use it"), "{text}");
    assert_eq!(hover["range"], range(4, 10, 47));
    let hint = client.request_at("hover", &path, 7, 12);
    let text = hint["contents"]["value"].as_str().unwrap();
    assert!(text.contains("did you mean"), "{text}");
    let tag = client.request_at("hover", &path, 2, 4);
    assert_eq!(tag["contents"]["value"], "`@fast`: 2 places");

    let source = "steps-examples/src/calculator.rs";
    let function = line_of(source, "fn enter(desk");
    let found = client.request_at("definition", &path, 4, 12);
    assert_eq!(found.as_array().unwrap().len(), 1);
    let at = uri(&Path::new(env!("CARGO_MANIFEST_DIR")).join(source));
    assert_eq!(found[0]["uri"], at);
    assert_eq!(
        found[0]["range"],
        range(u32::try_from(function).unwrap(), 3, 8)
    );
    assert_eq!(client.request_at("definition", &path, 7, 12), json!([]));

    let mut parameters = EditorClient::at(&path, 4, 12);
    parameters["context"] = json!({ "includeDeclaration": false });
    let uses = client.request("textDocument/references", parameters.clone());
    let places: Vec<(&str, u64)> = uses
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            let file = one["uri"].as_str().unwrap().rsplit('/').next().unwrap();
            (file, one["range"]["start"]["line"].as_u64().unwrap())
        })
        .collect();
    assert_eq!(
        places,
        [
            ("a.feature", 4),
            ("a.feature", 5),
            ("a.feature", 12),
            ("b.feature", 4)
        ]
    );
    // The same from the function, which comes first if it is wanted.
    parameters = EditorClient::at(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join(source),
        u32::try_from(function).unwrap(),
        5,
    );
    parameters["context"] = json!({ "includeDeclaration": true });
    let all = client.request("textDocument/references", parameters);
    assert_eq!(all[0]["range"]["start"]["line"], function);
    assert_eq!(all.as_array().unwrap()[1..], uses.as_array().unwrap()[..]);
}

fn renames_a_step(client: &mut EditorClient, project: &Project) {
    let path = project.path("features/a.feature");
    let found = client.request_at("prepareRename", &path, 4, 12);
    assert_eq!(found["range"], range(4, 10, 47));
    assert_eq!(
        found["placeholder"],
        "I have entered 50 into the calculator"
    );
    assert_eq!(
        client.request_at("prepareRename", &path, 3, 12),
        Value::Null
    );
    let mut parameters = EditorClient::at(&path, 4, 12);
    parameters["newName"] = " ".into();
    assert_eq!(
        client.refused("textDocument/rename", parameters.clone()),
        -32803
    );
    parameters["newName"] = "the calculator gets 50".into();
    let edit = client.request("textDocument/rename", parameters);
    let changes = edit["documentChanges"].as_array().unwrap();
    assert_eq!(
        changes[0]["textDocument"],
        json!({ "uri": uri(&path), "version": 1 })
    );
    let renamed = edited(FEATURE, changes[0]["edits"].as_array().unwrap());
    let expected = FEATURE
        .replace(
            "I have entered 50 into the calculator",
            "the calculator gets 50",
        )
        .replace(
            "I have entered <n> into the calculator",
            "the calculator gets <n>",
        );
    assert_eq!(renamed, expected);
    assert_eq!(changes[1]["textDocument"]["version"], Value::Null);
    assert_eq!(changes[1]["edits"][0]["newText"], "the calculator gets 9");
    client.wait_for_note("1 step of the same definition in other words stay");
    let note = client.wait_for_note("change the pattern");
    assert!(note.contains("calculator.rs:"), "{note}");
}

fn knows_the_parts_of_a_file(client: &mut EditorClient, path: &Path) {
    let symbols = client.request_for("documentSymbol", path);
    let feature = &symbols[0];
    assert_eq!(feature["name"], "Calculator");
    assert_eq!(feature["range"], range_of((0, 0), (19, 15)));
    assert_eq!(feature["selectionRange"], range(0, 0, 19));
    let names: Vec<&str> = feature["children"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["Add", "Add <n>"]);
    let add = &feature["children"][0];
    assert_eq!(add["range"]["start"], json!({ "line": 2, "character": 0 }));
    assert_eq!(add["selectionRange"]["start"]["line"], 3);
    assert_eq!(feature["children"][1]["children"][0]["name"], "Sums");

    let found = client.request("workspace/symbol", json!({ "query": "MORE" }));
    assert_eq!(found[0]["name"], "More");
    assert_eq!(found[0]["containerName"], "Other");
    let found = client.request("workspace/symbol", json!({ "query": "result calculator" }));
    assert_eq!(found, json!([]));
    let found = client.request("workspace/symbol", json!({ "query": "entered into" }));
    assert!(
        found[0]["location"]["uri"]
            .as_str()
            .unwrap()
            .ends_with("calculator.rs")
    );

    let folds = client.request_for("foldingRange", path);
    let lines: Vec<(u64, u64)> = folds
        .as_array()
        .unwrap()
        .iter()
        .map(|fold| {
            (
                fold["startLine"].as_u64().unwrap(),
                fold["endLine"].as_u64().unwrap(),
            )
        })
        .collect();
    // The feature, two scenarios, the comments between them, and the examples.
    assert_eq!(lines, [(0, 19), (3, 10), (9, 10), (11, 19), (17, 19)]);
    assert_eq!(folds[2]["kind"], "comment");

    let edits = client.request_for("formatting", path);
    let formatted = edited(FEATURE, edits.as_array().unwrap());
    assert_eq!(formatted, FEATURE.replace("| 1 | 2 |", "| 1 | 2   |"));
    // Only what changes is replaced.
    assert_eq!(edits[0]["range"]["start"]["line"], 19);
}

fn range_of(start: (u32, u32), end: (u32, u32)) -> Value {
    let place = |(line, character)| json!({ "line": line, "character": character });
    json!({ "start": place(start), "end": place(end) })
}

fn offers_actions(client: &mut EditorClient, path: &Path) {
    let found = client.actions(path, 5);
    assert_eq!(found[0]["title"], "Replace `Given` by `And`");
    assert_eq!(found[0]["kind"], "quickfix");
    assert_eq!(found[0]["diagnostics"][0]["code"], "repeated-keyword");
    let edits = found[0]["edit"]["changes"][uri(path)].as_array().unwrap();
    let expected = FEATURE.replace("Given I enter", "And I enter");
    assert_eq!(edited(FEATURE, edits), expected);
    assert_eq!(found[1]["kind"], "source.fixAll");
    let edits = found[1]["edit"]["changes"][uri(path)].as_array().unwrap();
    assert_eq!(edited(FEATURE, edits), expected);

    let place = json!({ "line": 7, "character": 9 });
    let parameters = json!({
        "textDocument": { "uri": uri(path) },
        "range": { "start": place, "end": place },
        "context": { "diagnostics": [], "only": ["quickfix"] },
    });
    let found = client.request("textDocument/codeAction", parameters);
    let meant = "the result should be 120 on the screen";
    assert_eq!(found[0]["title"], format!("Did you mean `{meant}`?"));
    let edits = found[0]["edit"]["changes"][uri(path)].as_array().unwrap();
    assert_eq!(edited(FEATURE, edits), FEATURE.replace("shuld", "should"));
    // Steps of another package are no place for new ones.
    assert_eq!(found.as_array().unwrap().len(), 1);
}

fn completes(client: &mut EditorClient, path: &Path) {
    let lines = "    When I enter 5\n    Gi\n  @\n  \n";
    client.replace(path, 2, &format!("{FEATURE}\n  Scenario: s\n{lines}"));
    let list = client.request_at("completion", path, 22, 18);
    let items = list["items"].as_array().unwrap();
    assert_eq!(
        labels(&list),
        [
            "I have entered <value> into the calculator",
            "I have entered these numbers into the calculator:"
        ]
    );
    assert_eq!(items[0]["insertTextFormat"], 2);
    assert_eq!(items[0]["textEdit"]["range"], range(22, 9, 18));

    // All steps: those that are used most come first.
    client.replace(path, 3, &format!("{FEATURE}\n  Scenario: s\n    When \n"));
    let list = client.request_at("completion", path, 22, 9);
    let all = labels(&list);
    assert!(all.len() > 20, "{all:?}");
    assert_eq!(
        all[..2],
        [
            "I have entered <value> into the calculator",
            "I press <value> <int> times"
        ]
    );
    let first = &list["items"][0];
    assert_eq!(
        first["textEdit"]["newText"],
        "I have entered ${1:value} into the calculator"
    );
    assert!(first["detail"].as_str().unwrap().starts_with("4 uses, "));
    assert!(first["sortText"].as_str() < list["items"][1]["sortText"].as_str());

    client.replace(path, 4, &format!("{FEATURE}\n  Scenario: s\n{lines}"));
    let list = client.request_at("completion", path, 23, 6);
    assert_eq!(list["items"][0]["textEdit"]["range"], range(23, 4, 6));
    let keywords = labels(&list);
    for keyword in [
        "Given",
        "When",
        "Then",
        "And",
        "But",
        "*",
        "Scenario:",
        "Examples:",
    ] {
        assert!(keywords.contains(&keyword), "{keyword} in {keywords:?}");
    }
    assert!(!keywords.contains(&"Feature:"), "{keywords:?}");
    let list = client.request_at("completion", path, 24, 3);
    assert_eq!(labels(&list), ["@fast", "@basic"]);
}

/// A project with a program that says it is written in Rust, and a file with its definitions.
fn program_in_rust() -> Project {
    needs::python3();
    let project = Project::new();
    let fake = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/run/fake.py");
    project.file("fake.py", fs::read(fake).unwrap());
    project.file(
        "host.py",
        "\
import fake, os
source = os.path.abspath('steps/src/basket.rs')
fake.DEFINITIONS = [{'id': 1, 'keyword': 'when', 'kind': 'regex', 'pattern': '^I add a pear$',
                     'file': source, 'line': 1, 'function': 'basket::add'}]
say_hello = fake.hello
fake.serve(hello=lambda: say_hello(language='rust'))
",
    );
    project.file("bdd.toml", "[steps]\ncommand = ['python3', 'host.py']\n");
    project.file(
        "steps/src/basket.rs",
        "#[when(\"^I add a pear$\")]\nfn add() {}\n",
    );
    project
}

#[test]
fn an_undefined_step_gets_the_code_that_a_run_suggests() {
    let project = program_in_rust();
    let path = project.path("features/a.feature");
    let text = "Feature: f\n  Scenario: s\n    When I add a pear\n    Then 3 pears are there\n";
    let mut client = EditorClient::start(&project);
    client.open(&path, text);
    client.diagnostics_when(&path, 1, |all| codes(all).contains(&"undefined-step"));
    let found = client.actions(&path, 3);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(
        found[0]["title"],
        "Create the step definition in steps/src/basket.rs"
    );
    let source = project.path("steps/src/basket.rs");
    let edits = found[0]["edit"]["changes"][uri(&source)]
        .as_array()
        .unwrap();
    let code = edited(&project.read("steps/src/basket.rs"), edits);
    assert!(
        code.starts_with("#[when(\"^I add a pear$\")]\nfn add() {}\n\n#[bdd_steps::then("),
        "{code}"
    );
    project.file("features/a.feature", text);
    let shown = project.bdd(["run", "-f", "progress"]).exits(1).stdout;
    for line in code.lines().skip(3) {
        assert!(shown.contains(line.trim()), "{line} in {shown}");
    }
    // From the attribute to the function.
    let found = client.request_at("definition", &path, 2, 12);
    assert_eq!(found[0]["range"], range(1, 3, 6));
    client.shut_down();
}
