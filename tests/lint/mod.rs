//! `bdd lint`: rules, fixes, comments, levels, formats.

mod fixes;
mod formats;
mod rules;
mod step_program;

use std::collections::BTreeSet;

use bdd::rule::LintRule;
use serde_json::Value;

use crate::support::Project;

/// The lines that `bdd lint` prints about one file, without its name.
fn lint(feature: &str, settings: &str) -> Vec<String> {
    let project = Project::new();
    project.file("features/a.feature", feature);
    project.file("bdd.toml", settings);
    let outcome = project.bdd(["lint"]).run();
    if !matches!(outcome.code, Some(0 | 1)) {
        outcome.fail("a file that can be checked");
    }
    let lines = outcome.stdout.lines();
    lines
        .map(|line| line.replace("features/a.feature:", ""))
        .collect()
}

/// The rule at the end of a line.
fn rule_of(line: &str) -> String {
    let rule = line
        .rsplit_once(" [")
        .and_then(|(_, rule)| rule.strip_suffix(']'));
    rule.unwrap_or_else(|| panic!("no rule at the end of: {line}"))
        .to_owned()
}

/// A scenario in which nothing is wrong.
const FINE: &str = "  Scenario: fine\n    Given a\n    When b\n    Then c\n";

/// A file with a second scenario of these lines.
fn feature(lines: &str) -> String {
    format!("Feature: f\n{FINE}\n{lines}")
}

/// A file that breaks several rules of runs.
fn one_of_each() -> String {
    "@Serial\nFeature: f\n  Background:\n\n  Scenario: s\n    Gven x\n    When <y> is\n    Then z\n\n  Scenario: s\n".to_owned()
}

#[test]
fn comments_turn_a_rule_off_where_they_stand() {
    let project = Project::new();
    let text = one_of_each()
        .replace("@Serial", "# bdd-lint: ignore near-tag, no-steps\n@Serial")
        .replace("    Gven", "    # bdd-lint: ignore ignored-text\n    Gven");
    project.file("features/a.feature", &text);
    let outcome = project.bdd(["lint"]).exits(0);
    for gone in ["near-tag", "no-steps", "ignored-text", "useless-ignore"] {
        assert!(!outcome.stdout.contains(gone), "{}", outcome.stdout);
    }
    assert!(outcome.stdout.contains("[empty-background]"));
    // Runs keep to the comments too, and so does --strict-text.
    let listed = project.bdd(["list", "--strict-text"]).exits(0);
    assert!(!listed.stderr.contains("Gven"), "{}", listed.stderr);
    assert!(!listed.stderr.contains("@Serial"), "{}", listed.stderr);
    assert!(listed.stderr.contains("background"), "{}", listed.stderr);
}

#[test]
fn a_comment_without_effect_is_found() {
    let text = feature(
        "  # bdd-lint: ignore no-step\n  # bdd-lint: ignore\n  Scenario: s\n    When a\n    Then b\n",
    );
    assert_eq!(
        lint(&text, ""),
        [
            "7:3: warning: unknown rule `no-step`; did you mean `no-steps`? [useless-ignore]",
            "8:3: warning: this comment names no rule: write `# bdd-lint: ignore RULE` [useless-ignore]",
        ]
    );
    // Of a rule that is off, nothing is known.
    let text = feature("  # bdd-lint: ignore no-steps\n  Scenario: s\n    When a\n    Then b\n");
    assert_eq!(lint(&text, "[lint]\nno-steps = 'off'\n"), [""; 0]);
}

#[test]
fn levels_come_from_the_settings() {
    let text = feature("  Scenario: s\n");
    let project = Project::new();
    project.file("features/a.feature", &text);
    project.bdd(["lint"]).exits(0).stderr("1 warning\n");
    project.bdd(["lint", "--deny-warnings"]).exits(1);
    project.file("bdd.toml", "[lint]\nno-steps = 'error'\n");
    project
        .bdd(["lint"])
        .exits(1)
        .stdout("features/a.feature:7:3: error: this scenario has no steps: it passes without testing anything [no-steps]\n")
        .stderr("1 error\n");
    project
        .bdd(["list"])
        .exits(0)
        .stderr_has("warning: features/a.feature:7: this scenario has no steps");
    project.file("bdd.toml", "[lint]\nno-steps = 'off'\n");
    project
        .bdd(["lint", "--deny-warnings"])
        .exits(0)
        .stdout("")
        .stderr("nothing found\n");
    project.bdd(["list"]).exits(0).stderr("");
    project.file("bdd.toml", "[lint]\nno-step = 'off'\n");
    project
        .bdd(["lint"])
        .exits(2)
        .stderr_has("unknown rule `no-step`")
        .stderr_has("did you mean `no-steps`?");
}

#[test]
fn a_file_that_does_not_parse_is_an_error() {
    let project = Project::new();
    project.file(
        "features/a.feature",
        "Feature: f\n  Scenario: s\n    * a\n    oops\n",
    );
    project.file("features/b.feature", feature("  Scenario: s\n"));
    project
        .bdd(["lint"])
        .exits(3)
        .stderr_has("error: features/a.feature:4:5: ")
        .stdout_has("features/b.feature:7:3: warning: ");
    let json = project.bdd(["lint", "--format", "json"]).exits(3).stdout;
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["findings"][0]["rule"], "syntax");
    assert_eq!(json["findings"][0]["line"], 4);
    assert_eq!(json["counts"]["errors"], 1);
}

#[test]
fn a_rule_can_be_explained() {
    let project = Project::new();
    project
        .bdd(["lint", "--explain", "unused-column"])
        .exits(0)
        .stdout_has("unused-column: No step uses a column of the examples.")
        .stdout_has("Only `bdd lint` reports it.");
    let all = project.bdd(["lint", "--explain", "all"]).exits(0).stdout;
    assert_eq!(all.lines().count(), LintRule::ALL.len());
    project
        .bdd(["lint", "--explain", "unused-colum"])
        .exits(2)
        .stderr("error: unknown rule `unused-colum`\nhint: did you mean `unused-column`?\n");
    let documentation = include_str!("../../docs/lint.md");
    for rule in LintRule::ALL {
        assert!(
            documentation.contains(&format!("`{rule}`")),
            "docs/lint.md lacks {rule}"
        );
    }
}

#[test]
fn there_must_be_something_to_check() {
    let project = Project::new();
    project
        .bdd(["lint"])
        .exits(4)
        .stderr_has("no feature files in ");
    project.file("features/a.feature", feature(""));
    project
        .bdd(["lint", "features/a.feature:2"])
        .exits(2)
        .stderr_has("checks whole files");
}
