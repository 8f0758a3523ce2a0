//! `bdd lint`: each rule has a file that breaks it and one that nearly does; fixes, comments, levels, formats.

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

/// The rules that a file breaks; all rules apply.
fn broken(feature: &str) -> BTreeSet<String> {
    let all = LintRule::ALL.iter();
    let levels: String = all.map(|rule| format!("{rule} = 'warn'\n")).collect();
    let lines = lint(feature, &format!("[lint]\n{levels}"));
    let rule = |line: String| {
        let (_, rule) = line.rsplit_once(" [")?;
        Some(rule.trim_end_matches(']').to_owned())
    };
    lines.into_iter().filter_map(rule).collect()
}

/// A scenario in which nothing is wrong.
const FINE: &str = "  Scenario: fine\n    Given a\n    When b\n    Then c\n";

/// A file with a second scenario of these lines.
fn feature(lines: &str) -> String {
    format!("Feature: f\n{FINE}\n{lines}")
}

fn long(count: usize) -> String {
    let steps: String = (2..count)
        .map(|number| format!("    And {number}\n"))
        .collect();
    feature(&format!("  Scenario: s\n    When a\n{steps}    Then b\n"))
}

fn rows(count: usize) -> String {
    let rows: String = (0..count)
        .map(|number| format!("      | {number} |\n"))
        .collect();
    feature(&format!(
        "  Scenario Outline: s\n    When <a>\n    Then b\n\n    Examples:\n      | a |\n{rows}"
    ))
}

/// For each rule that one file can break, a file that does and a similar one that does not.
fn cases() -> Vec<(&'static str, String, String)> {
    let outline = |text: &str, header: &str| {
        feature(&format!(
            "  Scenario Outline: s\n    When {text}\n    Then d\n\n    Examples:\n      {header}\n      | 1 | 2 |\n"
        ))
    };
    let one = |steps: &str| feature(&format!("  Scenario: s\n{steps}"));
    let tagged =
        |feature: &str, scenario: &str| format!("{feature}\nFeature: f\n  {scenario}\n{FINE}");
    let fine_steps = "    When b\n    Then c\n";
    vec![
        (
            "ignored-text",
            one("    Gven a\n    When b\n    Then c\n"),
            one("    Given that it rains, nobody goes out.\n\n    When b\n    Then c\n"),
        ),
        ("no-scenarios", "Feature: f\n".to_owned(), feature("")),
        ("no-steps", feature("  Scenario: s\n"), one(fine_steps)),
        (
            "empty-background",
            format!("Feature: f\n  Background:\n{FINE}"),
            format!("Feature: f\n  Background:\n    Given x\n{FINE}"),
        ),
        (
            "no-rows",
            feature(
                "  Scenario Outline: s\n    When <a>\n    Then b\n\n    Examples:\n      | a |\n",
            ),
            rows(1),
        ),
        (
            "duplicate-name",
            feature(FINE),
            feature(&FINE.replace("fine", "Fine")),
        ),
        (
            "duplicate-column",
            outline("<a>", "| a | a |"),
            outline("<a> <A>", "| a | A |"),
        ),
        (
            "undefined-column",
            outline("<a> <b> <cc>", "| a | b |"),
            outline("<a> <b> <br>", "| a | b |"),
        ),
        (
            "stray-placeholder",
            one("    When <number> b\n    Then c\n"),
            one("    When \"<number>\" b\n    Then c\n"),
        ),
        (
            "near-tag",
            tagged("@Serial", "@x"),
            tagged("@serial", "@serialized_data"),
        ),
        (
            "unused-column",
            outline("<a>", "| a | note |"),
            outline("<a>\n      | <note> |", "| a | note |"),
        ),
        (
            "keyword-order",
            one("    When a\n    Then b\n    When c\n"),
            one("    Given a\n    When b\n    Then c\n    And d\n    But e\n"),
        ),
        (
            "missing-when",
            one("    Given a\n    Then b\n"),
            one("    Given a\n    * b\n    Then c\n"),
        ),
        (
            "missing-then",
            one("    Given a\n    When b\n"),
            one("    When b\n    Then c\n"),
        ),
        (
            "repeated-keyword",
            one("    When a\n    When b\n    Then c\n"),
            one("    When a\n    * b\n    When c\n    Then d\n"),
        ),
        ("redundant-tag", tagged("@a", "@a"), tagged("@a", "@b")),
        (
            "similar-tags",
            tagged("@slow-test", "@slow_tests"),
            tagged("@v1.2", "@v12"),
        ),
        (
            "unused-tag",
            tagged("@a", ""),
            tagged("@a", "@retry(2)").replace("@a", "@serial"),
        ),
        ("long-scenario", long(21), long(20)),
        ("long-outline", rows(51), rows(50)),
        (
            "useless-ignore",
            feature("  # bdd-lint: ignore no-steps\n  Scenario: s\n    When a\n    Then b\n"),
            feature("  # bdd-lint: ignore no-steps\n  Scenario: s\n"),
        ),
    ]
}

#[test]
fn each_rule_finds_what_breaks_it_and_nothing_near() {
    let cases = cases();
    for (rule, bad, good) in &cases {
        assert!(broken(bad).contains(*rule), "{rule} is not found in\n{bad}");
        assert!(!broken(good).contains(*rule), "{rule} is found in\n{good}");
    }
    let tested: BTreeSet<&str> = cases.iter().map(|(rule, ..)| *rule).collect();
    let all: BTreeSet<&str> = LintRule::ALL.iter().map(|rule| rule.name()).collect();
    let missing: Vec<_> = all.difference(&tested).collect();
    assert_eq!(
        missing,
        [&"behave-form", &"mixed-languages"],
        "these take several files"
    );
    assert_eq!(broken(&feature("")), BTreeSet::new());
}

#[test]
fn a_language_is_odd_beside_others() {
    let project = Project::new();
    let french = "# language: fr\nFonctionnalité: f\n  Scénario: s\n    Quand a\n    Alors b\n";
    project.file("features/a.feature", feature(""));
    project.file("features/b.feature", feature(""));
    project.file("features/c.feature", french);
    project.file("features/fr/d.feature", french);
    project.bdd(["lint"]).exits(0).stdout(
        "features/c.feature:2:1: warning: this file is written in French, and 2 files of its folder in English [mixed-languages]\n",
    );
    project.file("features/b.feature", french);
    project.file(
        "features/a.feature",
        format!("# bdd-lint: ignore mixed-languages\n{}", feature("")),
    );
    project
        .bdd(["lint"])
        .exits(0)
        .stdout("")
        .stderr("nothing found\n");
}

#[test]
fn a_warning_of_a_run_is_found_once_and_the_same() {
    let text = one_of_each();
    let project = Project::new();
    project.file("features/a.feature", &text);
    let listed = project.bdd(["list"]).run().stderr;
    let lines = lint(&text, "");
    let warnings: Vec<&str> = listed
        .lines()
        .filter_map(|line| line.strip_prefix("warning: "))
        .collect();
    assert!(warnings.len() >= 4, "{listed}");
    for warning in warnings {
        let (place, message) = warning.split_once(": ").unwrap();
        let line = place.rsplit_once(':').unwrap().1;
        let same = lines
            .iter()
            .filter(|found| found.starts_with(&format!("{line}:")) && found.contains(message));
        assert_eq!(same.count(), 1, "{warning}\n{lines:#?}");
    }
}

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
fn fixes_keep_the_scenarios_and_lint_clean() {
    let project = Project::new();
    let bom = "\u{feff}";
    let text = "Feature: f\r\n  Background:\r\n\r\n  # bdd-lint: ignore no-steps\r\n  Scenario: s\r\n    Given a\r\n    Given b\r\n    When c\r\n    When d\r\n      | When e |\r\n    Then f\r\n";
    project.file("features/a.feature", format!("{bom}{text}"));
    let before = project.bdd(["list", "--format", "json"]).exits(0).stdout;
    project
        .bdd(["lint"])
        .exits(0)
        .stderr("4 warnings, `bdd lint --fix` mends 4\n");
    project
        .bdd(["lint", "--fix"])
        .exits(0)
        .stdout("")
        .stderr("4 findings mended\n");
    assert_eq!(
        project.read("features/a.feature"),
        format!(
            "{bom}Feature: f\r\n  Scenario: s\r\n    Given a\r\n    And b\r\n    When c\r\n    And d\r\n      | When e |\r\n    Then f\r\n"
        )
    );
    let steps = |listed: &str| {
        let listed: Value = serde_json::from_str(listed).unwrap();
        let steps = listed["scenarios"][0]["steps"].as_array().unwrap().clone();
        let step = |step: &Value| (step["text"].clone(), step["keyword_type"].clone());
        steps.iter().map(step).collect::<Vec<_>>()
    };
    let after = project.bdd(["list", "--format", "json"]).exits(0).stdout;
    assert_eq!(steps(&before), steps(&after));
    project
        .bdd(["lint", "--fix"])
        .exits(0)
        .stdout("")
        .stderr("nothing found\n");
}

#[test]
fn what_is_not_safe_to_mend_stays() {
    let kept = "Feature: f\n  Background: with a name\n    and prose\n\n  Scenario: s\n    When a\n    Then b\n";
    let project = Project::new();
    project.file("features/a.feature", kept);
    project
        .bdd(["lint", "--fix"])
        .exits(0)
        .stdout_has("[empty-background]");
    assert_eq!(project.read("features/a.feature"), kept);
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
fn findings_have_forms_for_programs() {
    let project = Project::new();
    let text =
        feature("  Scenario: s: 100%, \u{1b}\n    Given a\n    Given b\n    When c\n    Then d\n");
    project.file("features/a b.feature", &text);
    let json = project.bdd(["lint", "-f", "json"]).exits(0).stdout;
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["version"], 1);
    assert_eq!(
        json["findings"][0],
        serde_json::json!({
            "path": "features/a b.feature", "line": 9, "column": 5, "rule": "repeated-keyword", "level": "warning",
            "message": "`Given` says the same as the step above: write `And`", "fixable": true,
        })
    );
    project.bdd(["lint", "-f", "github"]).exits(0).stdout(
        "::warning file=features/a b.feature,line=9,title=bdd%3A repeated-keyword::`Given` says the same as the step above: write `And`\n",
    );
    let sarif = project.bdd(["lint", "-f", "sarif"]).exits(0).stdout;
    let sarif: Value = serde_json::from_str(&sarif).unwrap();
    check_sarif(&sarif);
    let result = &sarif["runs"][0]["results"][0];
    assert_eq!(result["ruleId"], "repeated-keyword");
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "features/a%20b.feature");
    assert_eq!(place["region"]["startLine"], 9);
    assert_eq!(place["region"]["startColumn"], 5);
}

/// What SARIF 2.1.0 requires of a document of this kind.
fn check_sarif(sarif: &Value) {
    assert_eq!(sarif["version"], "2.1.0");
    let run = &sarif["runs"][0];
    let driver = &run["tool"]["driver"];
    assert!(driver["name"].is_string());
    let ids: Vec<&Value> = driver["rules"]
        .as_array()
        .unwrap()
        .iter()
        .map(|rule| &rule["id"])
        .collect();
    assert!(["utf16CodeUnits", "unicodeCodePoints"].contains(&run["columnKind"].as_str().unwrap()));
    for result in run["results"].as_array().unwrap() {
        assert!(ids.contains(&&result["ruleId"]));
        assert!(["none", "note", "warning", "error"].contains(&result["level"].as_str().unwrap()));
        assert!(result["message"]["text"].is_string());
    }
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
    let documentation = include_str!("../docs/lint.md");
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
