//! What `bdd list` prints.

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

const SAME_NAME: &str = "warning: features/shop.feature:9: the name `plain` is also that of the scenario in line 6: \
     reports can hardly tell them apart\n";

#[test]
fn text() {
    let project = Project::new();
    project.file("features/shop.feature", FEATURE);
    project.bdd(["list"]).exits(0).stderr(SAME_NAME).stdout(
        "Feature: Shop
  features/shop.feature:6  plain
  features/shop.feature:9  plain
  Rule: Sales
    features/shop.feature:18  sell 1
    features/shop.feature:19  sell 1

1 feature, 4 scenarios, 8 steps
",
    );
}

#[test]
fn json() {
    let project = Project::new();
    project.file("features/shop.feature", FEATURE);
    project.bdd(["list", "--format", "json", "--tags", "@r", "--name", "sell"]).exits(0).stderr(SAME_NAME).stdout(
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
