//! What `bdd list` prints.

use serde_json::Value;

use crate::support::Project;

const FEATURE: &str = "\
@f
Feature: Shop
  Background:
    Given a shop

  Scenario: plain
    When it opens

  Scenario: plain
    Then it is open

  Rule: Sales
    @r
    Scenario Outline: sell <n>
      When <n> are sold
      Examples: few
        | n |
        | 1 |
        | 1 |
";

#[test]
fn text() {
    let project = Project::new();
    project.file("features/shop.feature", FEATURE);
    project.bdd(["list"]).exits(0).stderr("").stdout(
        "Feature: Shop
  features/shop.feature:6  plain
  features/shop.feature:9  plain
  Rule: Sales
    features/shop.feature:18  sell 1 [n: 1]
    features/shop.feature:19  sell 1 [n: 1]

1 feature, 4 scenarios, 8 steps
",
    );
}

#[test]
fn json() {
    let project = Project::new();
    project.file("features/shop.feature", FEATURE);
    project.bdd(["list", "--format", "json", "--tags", "@r", "--name", "sell"]).exits(0).stderr("").stdout(
        r#"{
"version": 1,
"scenarios": [
{"id":"features/shop.feature::Sales::sell <n>::few::07f7c907b4b8b319","uri":"features/shop.feature","line":18,"feature":"Shop","rule":"Sales","keyword":"Scenario Outline","name":"sell 1","tags":["@f","@r"],"row":{"outline":"sell <n>","outline_line":14,"examples":"few","header":["n"],"cells":["1"]},"steps":[{"keyword":"Given ","keyword_type":"context","text":"a shop","line":4,"background":true},{"keyword":"When ","keyword_type":"action","text":"1 are sold","line":15,"background":false}]},
{"id":"features/shop.feature::Sales::sell <n>::few::07f7c907b4b8b319::#2","uri":"features/shop.feature","line":19,"feature":"Shop","rule":"Sales","keyword":"Scenario Outline","name":"sell 1","tags":["@f","@r"],"row":{"outline":"sell <n>","outline_line":14,"examples":"few","header":["n"],"cells":["1"]},"steps":[{"keyword":"Given ","keyword_type":"context","text":"a shop","line":4,"background":true},{"keyword":"When ","keyword_type":"action","text":"1 are sold","line":15,"background":false}]}
],
"counts": {"features":1,"scenarios":2,"steps":4}
}
"#,
    );
}

#[test]
fn ids_do_not_depend_on_the_selection() {
    let project = Project::new();
    project.file("features/shop.feature", FEATURE);
    for line in ["9", "6"] {
        let id = match line {
            "6" => "features/shop.feature::plain\"",
            _ => "features/shop.feature::plain::#2\"",
        };
        project
            .bdd([
                "list",
                "--format",
                "json",
                &format!("features/shop.feature:{line}"),
            ])
            .exits(0)
            .stdout_has(id);
    }
}

#[test]
fn json_of_nothing_is_a_document() {
    let project = Project::new();
    project.bdd(["list", "--format", "json", "--allow-empty"]).exits(0).stdout(
        "{\n\"version\": 1,\n\"scenarios\": [\n],\n\"counts\": {\"features\":0,\"scenarios\":0,\"steps\":0}\n}\n",
    );
}

#[test]
fn control_characters_are_shown_and_rows_have_their_cells() {
    let project = Project::new();
    let feature = "Feature: \u{9b}2J\n  Rule: \u{202e}r\n    Scenario: red \x1b[31mtext\n      * x\n    Scenario Outline:\n      * x\n      Examples:\n        | n |\n        | 1\\n\x1b |\n";
    project.file("features/\x1b[1m.feature", feature);
    let outcome = project.bdd(["list"]).exits(0).stderr("").stdout(
        "Feature: \\x9b2J
  Rule: \\u{202e}r
    features/\\x1b[1m.feature:3  red \\x1b[31mtext
    features/\\x1b[1m.feature:9  [n: 1\\n\\x1b]

1 feature, 2 scenarios, 2 steps
",
    );
    assert!(!outcome.stdout.contains('\x1b'));
}

#[test]
fn output_of_other_commands_shows_control_characters() {
    let project = Project::new();
    let odd = "\u{9b}2J\x1b[2J\u{202e}";
    project.file("bdd.toml", "features = ['\u{9b}2J']\n").file(
        "a.feature",
        format!("Feature: \u{7f}\n  Scenario: {odd}\n    * x\n"),
    );
    let directory = format!("new{odd}");
    let commands: [&[&str]; 5] = [
        &["config"],
        &["config", "--json"],
        &["parse", "a.feature"],
        &["list", "--format", "json", "a.feature"],
        &["init", &directory],
    ];
    for arguments in commands {
        let outcome = project.bdd(arguments).exits(0);
        if outcome
            .stdout
            .contains(['\x1b', '\u{9b}', '\u{202e}', '\u{7f}'])
        {
            outcome.fail("expected visible characters");
        }
    }
    // The values are those of the file all the same.
    let parse = project.bdd(["parse", "a.feature"]).exits(0);
    let source = parse.stdout.lines().next().expect("a line");
    let source: Value = serde_json::from_str(source).expect("JSON");
    assert_eq!(source["source"]["data"], project.read("a.feature"));
    let list = project
        .bdd(["list", "--format", "json", "a.feature"])
        .exits(0);
    let list: Value = serde_json::from_str(&list.stdout).expect("JSON");
    assert_eq!(list["scenarios"][0]["name"], odd);
    let config = project.bdd(["config", "--json"]).exits(0);
    let config: Value = serde_json::from_str(&config.stdout).expect("JSON");
    assert!(config.to_string().contains("\u{9b}2J"), "{config}");
}

#[test]
fn messages_show_control_characters() {
    let project = Project::new();
    project.file(
        "features/a.feature",
        "Feature: F\n  Scenario: s\n    Given a\n",
    );
    let cases: [&[&str]; 3] = [
        &["list", "\x1b[2Jx"],
        &["list", "--profile", "\x1b[2J"],
        &["run", "--steps", "\x1b[2J"],
    ];
    for arguments in cases {
        let outcome = project.bdd(arguments).run();
        if outcome.stderr.contains('\x1b') || !outcome.stderr.contains("\\x1b[2J") {
            outcome.fail("expected a visible escape");
        }
    }
    let wrong: [&[&str]; 5] = [
        &["run", "--jobs", "\u{9b}2J"],
        &["run", "--jobs", "\x1b[2J"],
        &["\x1b[31mred"],
        &["languages", "\x1b[31mred"],
        &["parse", "a", "--language", "\x1b[31mred"],
    ];
    for arguments in wrong {
        let outcome = project.bdd(arguments).exits(2);
        let shown = outcome.stderr.contains("\\x1b[") || outcome.stderr.contains("\\x9b");
        if outcome.stderr.contains(['\x1b', '\u{9b}']) || !shown {
            outcome.fail("expected a visible escape");
        }
    }
    project.file("bdd.toml", "jobs = 1 # \u{9b}2J\n\"\\u001b[2J\" = 1\n");
    let outcome = project.bdd(["list"]).exits(2);
    if outcome.stderr.contains(['\x1b', '\u{9b}']) {
        outcome.fail("expected visible escapes");
    }
}
