//! `bdd lint`: each rule has a file that breaks it and one that nearly does; fixes, comments, levels, formats.

use std::collections::BTreeSet;

use bdd::rule::LintRule;
use serde_json::Value;

use crate::support::Project;
use crate::support::json_schema::JsonSchema;

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

/// Files with their paths.
type Files = Vec<(&'static str, String)>;

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
fn host(patterns: &[&str]) -> Files {
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
        ("fake.py", include_str!("run/fake.py").to_owned()),
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
fn all_broken() -> Project {
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
fn after_all_fixes_nothing_can_be_fixed_and_all_scenarios_are_the_same() {
    let project = all_broken();
    let listed = |project: &Project| -> Vec<Value> {
        let listed = project.bdd(["list", "--format", "json"]).exits(0).stdout;
        let listed: Value = serde_json::from_str(&listed).unwrap();
        let scenarios = listed["scenarios"].as_array().unwrap().iter();
        let step = |step: &Value| [step["text"].clone(), step["keyword_type"].clone()];
        scenarios
            .map(|one| {
                let steps = one["steps"].as_array().unwrap();
                let steps: Vec<_> = steps.iter().map(step).collect();
                serde_json::json!([
                    one["id"],
                    one["name"],
                    one["tags"],
                    one["row"]["cells"],
                    steps
                ])
            })
            .collect()
    };
    let before = listed(&project);
    project
        .bdd(["lint"])
        .exits(0)
        .stderr_has("`bdd lint --fix` mends ");
    let first = project.bdd(["lint", "--fix"]).exits(0);
    assert!(first.stderr.contains(" mended"), "{}", first.stderr);
    assert!(!first.stderr.contains("--fix"), "{}", first.stderr);
    assert_eq!(listed(&project), before);
    let second = project.bdd(["lint", "--fix"]).exits(0);
    assert_eq!(second.stdout, first.stdout);
    assert!(!second.stderr.contains("mended"), "{}", second.stderr);
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
    let result = &sarif["runs"][0]["results"][0];
    assert_eq!(result["ruleId"], "repeated-keyword");
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "features/a%20b.feature");
    assert_eq!(place["region"]["startLine"], 9);
    assert_eq!(place["region"]["startColumn"], 5);
}

#[test]
fn sarif_is_valid_by_its_schema() {
    let schema = JsonSchema::new(include_str!("data/sarif/sarif-schema-2.1.0.json"));
    let project = all_broken();
    project
        .file("features/ü 100%#?[x]\\.feature", "Feature: f\n")
        .file(
            "features/wrong.feature",
            "Feature: f\n  oops: \u{1b}\n  Scenario: s\n    * a\n  no\n",
        )
        .file("features/binary.feature", b"Feature: \xff\n");
    let text = project.bdd(["lint", "-f", "sarif"]).exits(3).stdout;
    let sarif: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(schema.problem(None, &sarif), None);
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    assert!(results.len() > 20, "{}", results.len());
    // Each result has its rule, which the schema cannot say.
    let rules = sarif["runs"][0]["tool"]["driver"]["rules"]
        .as_array()
        .unwrap();
    for result in results {
        assert!(rules.iter().any(|rule| rule["id"] == result["ruleId"]));
    }
    // The check finds what is wrong.
    for (at, wrong) in [
        ("/version", serde_json::json!("2.0")),
        ("/runs/0/results/0/level", serde_json::json!("warn")),
        ("/runs/0/results/0/message", serde_json::json!({})),
        (
            "/runs/0/results/0/locations/0/physicalLocation/artifactLocation/uri",
            serde_json::json!("a b"),
        ),
        (
            "/runs/0/results/0/locations/0/physicalLocation/region/startLine",
            serde_json::json!(0),
        ),
    ] {
        let mut broken = sarif.clone();
        *broken.pointer_mut(at).unwrap() = wrong;
        assert!(schema.problem(None, &broken).is_some(), "{at}");
    }
    let empty = Project::new();
    empty.file("features/a.feature", feature(""));
    let text = empty.bdd(["lint", "-f", "sarif"]).exits(0).stdout;
    let sarif: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(schema.problem(None, &sarif), None);
}

/// A project with a step program that defines these expressions, and a scenario with this step.
fn with_program(patterns: &[&str], step: &str) -> Project {
    let project = Project::new();
    for (path, content) in host(patterns) {
        project.file(path, content);
    }
    project.file(
        "features/a.feature",
        format!("Feature: f\n  Scenario Outline: s <n>\n    When {step}\n    Then b\n\n    Examples:\n      | n |\n      | 1 |\n      | 2 |\n"),
    );
    project
}

#[test]
fn a_step_program_says_more() {
    let project = with_program(
        &[
            "I add {int} pear(s)",
            "b",
            "I eat {int} {word}",
            "I eat {int} pears",
        ],
        "I add <n> pear.",
    );
    let near = "features/a.feature:3:5: warning: no definition matches this step; did you mean `I add {int} pear(s)`? [near-step]\n";
    let unused = |line: u32, pattern: &str| {
        format!(
            "steps.py:{line}:1: warning: no step uses the definition `{pattern}`: remove it [unused-definition]\n"
        )
    };
    let twice = "steps.py:4:1: warning: the definitions `I eat {int} pears` and `I eat {int} {word}` (steps.py:3) both \
                 match `I eat -1 pears`: a step with this text is ambiguous [duplicate-definition]\n";
    project.bdd(["lint"]).exits(0).stdout(
        &[
            near,
            &unused(1, "I add {int} pear(s)"),
            &unused(3, "I eat {int} {word}"),
            &unused(4, "I eat {int} pears"),
            twice,
        ]
        .concat(),
    );
    // Of a part of the features, nobody knows what the others use.
    project
        .bdd(["lint", "features/a.feature"])
        .exits(0)
        .stdout(&[near, twice].concat());
    project
        .bdd(["lint", "--no-steps"])
        .exits(0)
        .stdout("")
        .stderr("nothing found\n");
    // A comment turns the rule off, and is not reported when the program is not asked.
    let feature = project.read("features/a.feature");
    let feature = feature.replace("    When", "    # bdd-lint: ignore near-step\n    When");
    project.file("features/a.feature", feature);
    let linted = project.bdd(["lint"]).exits(0).stdout;
    assert!(!linted.contains("near-step"), "{linted}");
    project.bdd(["lint", "--no-steps"]).exits(0).stdout("");
    // A file that does not parse may use everything.
    project.file(
        "features/b.feature",
        "Feature: f\n  oops:\n  no\n  Scenario: s\n    oops\n* a\nb\n",
    );
    let linted = project.bdd(["lint"]).exits(3).stdout;
    assert!(!linted.contains("unused-definition"), "{linted}");
}

#[test]
fn a_step_program_that_cannot_be_asked_is_a_note() {
    let not_checked = "note: step definitions are not checked: ";
    let project = with_program(&["b"], "b");
    project.file("host.py", "import sys\nsys.exit(3)\n");
    project
        .bdd(["lint"])
        .exits(0)
        .stderr_has(&format!("{not_checked}the step program ended"));
    project
        .bdd(["lint", "--no-steps"])
        .exits(0)
        .stderr("nothing found\n");
    let off = "near-step = 'off'\nunused-definition = 'off'\nduplicate-definition = 'off'\n";
    let settings = format!("{}[lint]\n{off}", project.read("bdd.toml"));
    project.file("bdd.toml", settings);
    project.bdd(["lint"]).exits(0).stderr("nothing found\n");
}

#[test]
fn a_step_program_that_is_older_than_its_sources_is_not_asked() {
    let project = with_program(&["b", "c"], "b");
    let host = project.read("host.py");
    // What cargo writes: a program, and the list of its sources.
    project.file(
        "bin/steps",
        format!("#!/usr/bin/env python3\nimport sys\nsys.path.insert(0, '.')\n{host}"),
    );
    make_executable(&project.path("bin/steps"));
    let source = project.path("src/with a space.rs");
    let listed = source.display().to_string().replace(' ', "\\ ");
    let program = project.path("bin/steps").display().to_string();
    project
        .file("src/with a space.rs", "")
        .file("bin/steps.d", format!("{program}: {listed}\n"))
        .file("bdd.toml", "[steps]\npath = 'bin/steps'\n");
    let changed_at = |seconds: u64| {
        let built = std::fs::metadata(project.path("bin/steps")).unwrap();
        let built = built.modified().unwrap();
        let file = std::fs::File::options().write(true).open(&source).unwrap();
        let time = built + std::time::Duration::from_secs(seconds);
        file.set_modified(time).unwrap();
    };
    changed_at(0);
    let unused =
        "steps.py:2:1: warning: no step uses the definition `c`: remove it [unused-definition]\n";
    project.bdd(["lint"]).exits(0).stdout(unused);
    project.bdd(["steps"]).exits(0).stderr("");
    changed_at(60);
    let older = "the step program is older than src/with a space.rs";
    project
        .bdd(["lint"])
        .exits(0)
        .stdout("")
        .stderr_has(&format!(
            "note: step definitions are not checked: {older}\n"
        ));
    project.bdd(["steps"]).exits(0).stderr(&format!(
        "warning: {older}, so it may not have every definition: build it again\n"
    ));
    project.bdd(["docs", "site"]).exits(0).stderr_has(&format!(
        "warning: {older}, so the catalogue may not have every definition: build it again\n"
    ));
}

fn make_executable(path: &std::path::Path) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
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
