//! Warnings about feature files that parse: what has no effect, is there twice, or is not replaced.

use crate::support::{Project, without_rule};

/// What `bdd list` reports of one feature file, without the file's name and the rule.
fn warnings(feature: &str) -> Vec<String> {
    let project = Project::new();
    project.file("a.feature", feature);
    let outcome = project.bdd(["list", "a.feature"]).run();
    let lines = outcome.stderr.lines();
    lines
        .map(|line| without_rule(line).replace("warning: a.feature:", ""))
        .collect()
}

#[test]
fn a_placeholder_without_a_column_names_the_columns() {
    assert_eq!(
        warnings(
            "Feature: f\n\
             Scenario Outline: <nmae>\n\
             Given <dividnd> by < divisor >\n\
             And a <quantity> of \"<thing>\"\n\
             \x20 | <Name> |\n\
             And a text\n\
             \x20 ```\n\
             \x20 <html><nam></html>\n\
             \x20 ```\n\
             Examples:\n\
             | dividend | divisor | name |\n\
             | 1        | 2       | n    |\n"
        ),
        [
            "2: no column has the name of `<nmae>`; did you mean `<name>`?",
            "3: no column has the name of `<dividnd>`; did you mean `<dividend>`?",
            "3: no column has the name of `< divisor >`; did you mean `<divisor>`?",
            "4: no column has the name of `<quantity>`; the columns are `<dividend>`, `<divisor>`, `<name>`",
            "4: no column has the name of `<thing>`; the columns are `<dividend>`, `<divisor>`, `<name>`",
            "5: no column has the name of `<Name>`; did you mean `<name>`?",
            "7: no column has the name of `<nam>`; did you mean `<name>`?",
        ]
    );
}

#[test]
fn a_placeholder_of_another_block_of_examples_is_missing_in_this_one() {
    assert_eq!(
        warnings(
            "Feature: f\n\
             Scenario Outline: s\n\
             Given <a> and <b>\n\
             Examples:\n\
             | a | b |\n\
             | 1 | 2 |\n\
             Examples:\n\
             | a |\n\
             | 1 |\n"
        ),
        ["7: these examples have no column for `<b>`"]
    );
}

#[test]
fn a_placeholder_in_a_background_or_plain_scenario_stays_as_it_is() {
    assert_eq!(
        warnings(
            "Feature: f\n\
             Background:\n\
             Given a <user>\n\
             Scenario: plain\n\
             Given <x>\n\
             | <user> | <other> |\n\
             Scenario Outline: s\n\
             Given <user>\n\
             Examples:\n\
             | user |\n\
             | Ann  |\n"
        ),
        [
            "3: `<user>` stays as it is: a background has no columns; the columns of the file are `<user>`",
            "5: `<x>` stays as it is: this scenario has no examples; the columns of the file are `<user>`",
            "6: `<user>` stays as it is: this scenario has no examples; the columns of the file are `<user>`",
        ]
    );
    assert_eq!(
        warnings("Feature: f\nScenario: plain\nGiven <x>\n"),
        ["3: `<x>` stays as it is: this scenario has no examples; the file has no columns"]
    );
}

#[test]
fn other_texts_in_angle_brackets_are_left_alone() {
    let steps = "Given I press <Enter>\n\
         And a page with <div> and <b>bold</b> and <item>1</item>\n\
         And a Vec<String> and a Map<Key,Value>\n\
         And 3 < 4 and 5 > 4\n\
         And mail from Ann <ann@example.org>\n\
         And see <https://example.org/>\n\
         And an arrow -> or <- or <-> or =>\n\
         And a document\n\
         \"\"\"\n\
         <note><to>Ann</to> <break> </note>\n\
         \"\"\"\n";
    let plain = format!("Feature: f\nScenario: plain\n{steps}And the output has \"# <method>:\"\n");
    assert_eq!(warnings(&plain), [""; 0]);
    let background = "Feature: f\n\
         Background:\n\
         Given a feature\n\
         \"\"\"\n\
         Given <x>\n\
         \"\"\"\n\
         Scenario Outline: o of <x>\n\
         Given <x>\n\
         Examples:\n\
         | x |\n\
         | 1 |\n\
         Scenario Outline: o of <x>\n\
         Given <x>\n\
         Examples:\n\
         | x |\n\
         | 2 |\n";
    assert_eq!(warnings(background), [""; 0]);
    let outline =
        format!("Feature: f\nScenario Outline: o\n{steps}And <x>\nExamples:\n| x |\n| 1 |\n");
    assert_eq!(warnings(&outline), [""; 0]);
}

#[test]
fn two_columns_of_one_name() {
    assert_eq!(
        warnings(
            "Feature: f\nScenario Outline: s\nGiven <a>\nExamples:\n\
             | a | b | a |   |   |\n| 1 | 2 | 3 | 4 | 5 |\n"
        ),
        ["5: column 3 has the same name as column 1: `<a>` takes its values from the first"]
    );
}

#[test]
fn examples_without_rows_beside_full_ones() {
    assert_eq!(
        warnings(
            "Feature: f\n\
             Scenario Outline: s\n\
             Given <x>\n\
             Examples: full\n| x |\n| 1 |\n\
             Examples: empty\n| x |\n# | 2 |\n\
             Examples: none\n"
        ),
        [
            "7: these examples have no rows below their header: they make no scenario",
            "10: these examples have no table: they make no scenario",
        ]
    );
}

#[test]
fn empty_rules_and_backgrounds() {
    let steps = "Background:\nGiven a\n";
    let full = "Rule: full\nScenario: s\nGiven a\n";
    let rule = "this rule has no scenarios: write `Scenario: …` with steps below it, or remove it";
    for (feature, expected) in [
        (format!("Feature: f\nRule: empty\n{full}"), format!("2: {rule}")),
        (format!("Feature: f\n{full}Rule: empty\n"), format!("5: {rule}")),
        (
            format!("Feature: f\nRule: only background\n{steps}{full}"),
            format!("2: {rule}"),
        ),
        (
            "# language: de\nFunktion: f\nRegel: r\nSzenario: s\nWenn x\nRegel: leer\n".to_owned(),
            format!("6: {}", rule.replace("Scenario", "Szenario")),
        ),
        (
            format!("Feature: f\nBackground:\n{full}"),
            "2: this background has no steps: write some below it, or remove it".to_owned(),
        ),
        (
            "Feature: f\nRule: r\nBackground:\nScenario: s\nGiven a\n".to_owned(),
            "3: this background has no steps: write some below it, or remove it".to_owned(),
        ),
        (
            format!("Feature: f\n{full}Rule: q\nScenario b\nGiven a\n"),
            "6: `Scenario b` is read as a description; a colon is missing: did you mean `Scenario:`?"
                .to_owned(),
        ),
    ] {
        assert_eq!(warnings(&feature), [expected], "{feature}");
    }
}

#[test]
fn files_without_scenarios_say_what_to_write() {
    let project = Project::new();
    let feature = "this feature has no scenarios: write `Scenario: …` with steps below it, or delete the file";
    for (source, expected) in [
        (
            "",
            "1: this file is empty: a feature file begins with `Feature: …`; write one or delete the file",
        ),
        (
            "\u{feff}\n  \n",
            "1: this file is empty: a feature file begins with `Feature: …`; write one or delete the file",
        ),
        (
            "# just a comment\n\n# and another\n",
            "1: this file has only comments: a feature file begins with `Feature: …`; write one or delete the file",
        ),
        ("Feature: g\n", &format!("1: {feature}")),
        ("# c\n@a\nFeature: g\n  Prose.\n", &format!("3: {feature}")),
        (
            "Feature: g\nBackground:\nGiven a\n",
            &format!("1: {feature}"),
        ),
        (
            "# language: fr\nFonctionnalité: g\n",
            &format!("2: {}", feature.replace("Scenario", "Scénario")),
        ),
    ] {
        project
            .file("a.feature", "Feature: f\nScenario: s\nGiven a\n")
            .file("b.feature", source);
        project
            .bdd(["list", "a.feature", "b.feature"])
            .exits(0)
            .stderr(&format!("warning: b.feature:{expected} [no-scenarios]\n"));
    }
}

#[test]
fn many_warnings_of_a_kind_are_cut() {
    let examples = "Examples:\n| a | a |\n| 1 | 2 |\n".repeat(12);
    let warnings = warnings(&format!(
        "Feature: f\nScenario Outline: s\nGiven <a>\n{examples}Examples:\n| a |\n"
    ));
    assert_eq!(warnings.len(), 11, "{warnings:#?}");
    assert!(
        warnings[9].ends_with("(2 more like this)"),
        "{}",
        warnings[9]
    );
    // Many of one rule do not hide another.
    assert!(warnings[10].starts_with("40: these examples have no rows"));
}
