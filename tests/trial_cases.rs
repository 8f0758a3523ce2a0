//! Inputs of the kinds that an early trial found to be ignored in silence: each gets a warning or an error that names its
//! place. What the messages say in detail is tested beside each rule.

use super::support::Project;

/// The lines that `bdd list` reports of one file.
fn listed(name: &str, source: &str, arguments: &[&str]) -> String {
    let project = Project::new();
    project.file(name, source);
    let run = project.bdd(["list", "--allow-empty", name]).with(arguments);
    run.run().stderr
}

/// The numbers of the lines of `a.feature` that warnings or errors are about.
fn places(source: &str) -> Vec<u32> {
    let stderr = listed("a.feature", source, &[]);
    let heads = stderr.lines().filter_map(|line| {
        let line = line
            .strip_prefix("warning: ")
            .or_else(|| line.strip_prefix("error: "))?;
        line.strip_prefix("a.feature:")
    });
    heads
        .filter_map(|rest| rest.split(':').next()?.parse().ok())
        .collect()
}

#[test]
fn lines_that_vanish_into_descriptions() {
    for line in [
        "Given",
        "When",
        "Given\u{a0}fail",
        "Then\u{2003}fail",
        "\u{200b}Given fail",
        "Wh\u{ad}en fail",
        "Gven fail",
        "Tehn fail",
        "Givenfail",
        "Thenfail it",
        "Soit fail",
        "Dado fail",
        "| a |",
        "| b | c |",
        "“Given” fail",
        "‘When’ fail",
    ] {
        let source = format!("Feature: f\n  Scenario: s\n    {line}\n    Given pass\n");
        assert_eq!(places(&source), [3], "{line}");
    }
    for heading in [
        "Scenario\u{ff1a}s",
        "Scénario: s",
        "Scenario s",
        "Scenario Outline s",
        "Background",
        "background",
        "Examples",
    ] {
        let source =
            format!("Feature: f\n  {heading}\n    Given fail\n  Scenario: t\n    Given pass\n");
        assert_eq!(places(&source), [2], "{heading}");
    }
}

#[test]
fn empty_blocks_and_files() {
    for (source, lines) in [
        (
            "Feature: f\n  Scenario Outline: s\n    Given <x>\n  Examples: full\n | x |\n | 1 |\n  Examples: empty\n | x |\n # | 2 |\n  Examples: none\n",
            &[7, 10][..],
        ),
        (
            "Feature: f\n  Rule: empty\n  Rule: full\n    Scenario: s\n      Given pass\n",
            &[2],
        ),
        (
            "Feature: f\n  Rule: only background\n    Background:\n      Given pass\n  Rule: full\n    Scenario: s\n      Given pass\n",
            &[2],
        ),
        ("# just a comment\n", &[1]),
        ("", &[1]),
        ("\n\n", &[1]),
        ("Feature: g\n", &[1]),
        ("Feature: g\n  Background:\n    Given pass\n", &[1]),
    ] {
        assert_eq!(places(source), lines, "{source}");
    }
}

#[test]
fn look_alikes_and_missing_headings() {
    for (source, lines) in [
        (
            "# language: zh-CN\n功能：登录\n  场景：s\n    假如pass\n",
            &[2][..],
        ),
        ("# language: ja\n機能：f\n  シナリオ：s\n", &[2]),
        (
            "Feature: f\n  Scenario: s\n    Given pass\n    And\u{a0} pass\n",
            &[4],
        ),
        (
            "Feature: f\n  A text.\n  Examples:\n    | x |\n  Scenario: t\n    Given pass\n",
            &[3],
        ),
        ("# language: fr\n", &[2]),
        (
            "# language: fr\nFonctionnalité : f\n  Scénario: s\n    Soit pass\n",
            &[2],
        ),
        (
            "# language: fr\nFeature: f\n  Scenario: s\n    Given pass\n",
            &[2],
        ),
        ("Feature f\n  Scenario: s\n    Given pass\n", &[1]),
        (
            "Feature: f\n  Scenario: s\n    Given table:\n      | a | b \\|\n",
            &[4],
        ),
        (
            "Feature: f\n  Scenario: s\n    Given table:\n      | a | b\n",
            &[4],
        ),
    ] {
        assert_eq!(places(source), lines, "{source}");
    }
}

#[test]
fn tags_that_are_nearly_right() {
    for tag in [
        "@Serial",
        "@retry",
        "@timeout=3s",
        "@serial()",
        "@Expected_failure",
        "@expected_failur",
        "@seriel",
        "@retry:2",
        "@time-out(3s)",
    ] {
        let source = format!("Feature: f\n  {tag}\n  Scenario: s\n    Given pass\n");
        assert_eq!(places(&source), [2], "{tag}");
    }
    let source = "Feature: f\n  @slow\n  Scenario: s\n    Given pass\n";
    for expression in [
        "not slow",
        "not @slow,@wip",
        "~@slow",
        "@slow AND @x",
        "slow or fast",
        "(@slow and x)",
    ] {
        let stderr = listed("a.feature", source, &["--tags", expression]);
        assert!(stderr.starts_with("error: "), "{expression}: {stderr}");
    }
}

#[test]
fn control_characters_in_names() {
    for name in ["red \x1b[31mtext", "\u{9b}31m", "a\u{202e}b"] {
        let project = Project::new();
        let source = format!("Feature: f\n  Scenario: {name}\n    Given pass\n");
        project.file("a.feature", source);
        let list = project.bdd(["list", "a.feature"]).exits(0);
        let is_odd = |sign: char| (sign.is_control() && sign != '\n') || sign == '\u{202e}';
        assert!(!list.stdout.contains(is_odd), "{:?}", list.stdout);
    }
}
