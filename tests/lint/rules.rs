//! Each rule has a file that breaks it and one that nearly does, and runs report it in the same words.

use super::*;

/// Files with their paths.
pub(super) type Files = Vec<(&'static str, String)>;

/// The rules that files break; all rules apply.
fn broken(files: &Files) -> BTreeSet<String> {
    let project = Project::new();
    let mut settings = String::new();
    for (path, content) in files {
        match *path {
            "bdd.toml" => settings.clone_from(content),
            path => drop(project.file(path, content)),
        }
    }
    let all = LintRule::ALL.iter();
    let levels: String = all.map(|rule| format!("{rule} = 'warn'\n")).collect();
    project.file("bdd.toml", format!("[lint]\n{levels}{settings}"));
    // A suite of behave is read in its own way without behave, too.
    let is_suite = files.iter().any(|(path, _)| path.ends_with("/steps.py"));
    let arguments: &[&str] = if is_suite { &["--no-steps"] } else { &[] };
    let outcome = project.bdd(["lint"]).with(arguments).exits(0);
    assert!(!outcome.stderr.contains("note:"), "{}", outcome.stderr);
    outcome.stdout.lines().map(rule_of).collect()
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

/// For each rule, files that break it and similar ones that do not.
fn cases() -> Vec<(&'static str, Files, Files)> {
    let alone = |text: String| vec![("features/a.feature", text)];
    let mut cases: Vec<_> = (cases_of_one_file().into_iter())
        .map(|(rule, bad, good)| (rule, alone(bad), alone(good)))
        .collect();
    let french = "# language: fr\nFonctionnalité: f\n  Scénario: s\n    Quand a\n    Alors b\n";
    let beside = |folder| {
        vec![
            ("features/a.feature", feature("")),
            ("features/b.feature", feature("")),
            (folder, french.to_owned()),
        ]
    };
    cases.push((
        "mixed-languages",
        beside("features/c.feature"),
        beside("features/fr/c.feature"),
    ));
    let suite = |keyword: &str| {
        let steps = format!("  Scenario: s\n    {keyword} a\n    Then b\n");
        vec![
            ("features/steps/steps.py", String::new()),
            ("features/a.feature", format!("Feature: f\n{steps}")),
        ]
    };
    cases.push(("behave-form", suite("when"), suite("When")));
    let step = |text: &str, patterns: &[&str]| {
        let steps = format!("  Scenario: s\n    When {text}\n    Then {text}\n");
        let mut files = host(patterns);
        files.push(("features/a.feature", format!("Feature: f\n{steps}")));
        files
    };
    cases.extend([
        (
            "near-step",
            step("I ad 3 pears", &["I add {int} pears"]),
            step("I eat an apple", &["I add {int} pears"]),
        ),
        (
            "unused-definition",
            step("I add 3 pears", &["I add {int} pears", "I am full"]),
            step("I add 3 pears", &["I add {int} pears"]),
        ),
        (
            "duplicate-definition",
            step(
                "I add 3 pears",
                &["I add {int} pears", "I add {int} {word}"],
            ),
            step(
                "I add 3 pears",
                &["I add {int} pears", "I eat {int} {word}"],
            ),
        ),
    ]);
    cases
}

/// A step program that defines these expressions.
pub(super) fn host(patterns: &[&str]) -> Files {
    let definitions: Vec<Value> = (1..)
        .zip(patterns)
        .map(|(id, pattern)| {
            serde_json::json!({
                "id": id, "keyword": "step", "kind": "cucumber_expression", "pattern": pattern, "file": "steps.py",
                "line": id, "function": "f",
            })
        })
        .collect();
    let definitions = Value::from(definitions).to_string();
    let program = format!(
        "import fake, json\nfake.DEFINITIONS = json.loads({definitions:?})\nfake.serve()\n"
    );
    vec![
        ("fake.py", include_str!("../run/fake.py").to_owned()),
        ("host.py", program),
        (
            "bdd.toml",
            "[steps]\ncommand = ['python3', 'host.py']\n".to_owned(),
        ),
    ]
}

/// The cases of rules that one file can break.
fn cases_of_one_file() -> Vec<(&'static str, String, String)> {
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
        assert!(
            broken(bad).contains(*rule),
            "{rule} is not found in\n{bad:?}"
        );
        assert!(
            !broken(good).contains(*rule),
            "{rule} is found in\n{good:?}"
        );
    }
    let tested: BTreeSet<&str> = cases.iter().map(|(rule, ..)| *rule).collect();
    let all: BTreeSet<&str> = LintRule::ALL.iter().map(|rule| rule.name()).collect();
    assert_eq!(all, tested, "each rule has a case");
    assert_eq!(
        broken(&vec![("features/a.feature", feature(""))]),
        BTreeSet::new()
    );
}

#[test]
fn a_language_is_odd_beside_others() {
    let project = Project::new();
    let french = "# language: fr\nFonctionnalité: f\n  Scénario: s\n    Quand a\n    Alors b\n";
    project.file("features/a.feature", feature(""));
    project.file("features/b.feature", feature(""));
    project.file("features/c.feature", french);
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

/// A project that breaks each rule that one file can break, in a file for each.
pub(super) fn all_broken() -> Project {
    let project = Project::new();
    for (rule, bad, _) in cases_of_one_file() {
        project.file(&format!("features/{rule}/a.feature"), bad);
    }
    project
}

#[test]
fn warnings_of_runs_are_the_findings_of_lint_in_the_same_words() {
    let project = all_broken();
    let in_runs = |line: &String| LintRule::named(&rule_of(line)).is_some_and(LintRule::is_in_runs);
    // Only the column and the level are different.
    let linted = project.bdd(["lint"]).exits(0).stdout;
    let linted: Vec<String> = (linted.lines().map(str::to_owned))
        .filter(in_runs)
        .collect();
    let without_column = |line: &String| {
        let (place, message) = line.split_once(": warning: ").unwrap();
        let (place, _) = place.rsplit_once(':').unwrap();
        format!("{place}: {message}")
    };
    let linted: BTreeSet<String> = linted.iter().map(without_column).collect();
    let listed = project.bdd(["list"]).exits(0).stderr;
    let listed: Vec<&str> = (listed.lines())
        .map(|line| line.strip_prefix("warning: ").unwrap())
        .collect();
    let different: BTreeSet<String> = listed.iter().map(|line| (*line).to_owned()).collect();
    assert_eq!(different, linted);
    assert_eq!(different.len(), listed.len(), "each once: {listed:#?}");
    let rules: BTreeSet<String> = listed.iter().map(|line| rule_of(line)).collect();
    let of_runs = LintRule::ALL.iter().filter(|rule| rule.is_in_runs());
    // The one of suites of behave is tested with them.
    let of_runs = of_runs.filter(|rule| **rule != LintRule::BehaveForm);
    assert_eq!(rules, of_runs.map(ToString::to_string).collect());
    // So do the reports of a run.
    let shown = project
        .bdd(["run", "--dry-run", "--steps", "missing"])
        .run();
    let warnings = shown.stdout.split("Warnings:\n").nth(1);
    let warnings = warnings.unwrap_or_else(|| shown.fail("there are no warnings"));
    for line in &linted {
        let (_, message) = line.split_once(": ").unwrap();
        assert!(warnings.contains(message), "{line}\n{warnings}");
    }
}
