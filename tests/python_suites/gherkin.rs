//! behave's own Gherkin, in suites of behave only.

use super::*;

/// A file that only behave reads as it is meant.
const BEHAVE: &str = r"@suite
Feature: F
  Background:
    given a counter at 1

  Scenario: S
    WHEN it is incremented
    And a step that takes a docstring
      '''
      Given a step that fails with no quotes
      '''
    then the counter is 2

  Scenario: no steps of its own

  @x-<start> @all
  Scenario Outline: O <start>
    Given a counter at <start>
    Then the counter is <start>
    And a step that prints 'row <row.id> of <examples.name>'
    Examples: many
      | start |
      | 4     |
      | 5     |

  Scenario Outline: nothing
    Given a counter at <start>
";

fn suite_with(feature: &str) -> Project {
    let project = suite(&["features/steps/steps.py"]);
    project.file("features/a.feature", feature);
    project
}

/// Lint, the formatter and the site read a file as a run does.
#[test]
fn other_commands_read_it_so_too() {
    let project = suite_with(BEHAVE);
    let plan = |project: &Project| {
        let listed = project.bdd(["list", "--format", "json"]).exits(0).stdout;
        let listed: Value = serde_json::from_str(&listed).expect("JSON");
        let scenarios = listed["scenarios"].as_array().expect("a list");
        let ids = scenarios.iter().map(|scenario| scenario["id"].clone());
        ids.collect::<Vec<_>>()
    };
    let before = plan(&project);
    project.bdd(["lint"]).exits(0).stdout_has("[missing-when]");
    project.bdd(["fmt"]).exits(0);
    assert_eq!(plan(&project), before);
    project.bdd(["docs", "site", "--no-steps"]).exits(0);
    assert!(project.read("site/features/a.html").contains("no quotes"));
}

#[test]
fn a_file_means_what_it_means_to_behave() {
    let project = suite_with(BEHAVE);
    let listed = project.bdd(["list", "--format", "json"]).exits(0);
    let plan: Value = serde_json::from_str(&listed.stdout).expect("JSON");
    let scenarios = plan["scenarios"].as_array().expect("a list");
    let shown: Vec<String> = scenarios
        .iter()
        .map(|scenario| {
            let texts = |list: &str, key: &str| {
                let all = scenario[list].as_array().into_iter().flatten();
                let text = |one: &Value| match key {
                    "" => one.as_str().unwrap_or_default().to_owned(),
                    key => one[key].as_str().unwrap_or_default().to_owned(),
                };
                all.map(text).collect::<Vec<_>>().join("; ")
            };
            format!(
                "{} [{}] {}",
                scenario["name"],
                texts("tags", ""),
                texts("steps", "text")
            )
        })
        .collect();
    let background = "a counter at 1";
    assert_eq!(
        shown,
        [
            format!(
                "\"S\" [@suite] {background}; it is incremented; a step that takes a docstring; the counter is 2"
            ),
            format!("\"no steps of its own\" [@suite] {background}"),
            format!(
                "\"O 4\" [@suite; @x-4; @all] {background}; a counter at 4; the counter is 4; a step that prints 'row 1.1 of many'"
            ),
            format!(
                "\"O 5\" [@suite; @x-5; @all] {background}; a counter at 5; the counter is 5; a step that prints 'row 1.2 of many'"
            ),
        ]
    );
}

#[test]
fn the_last_character_of_a_row_ends_it() {
    let project = suite_with(
        "Feature: F\n  Scenario Outline: O\n    Given '<b>'\n    Examples:\n      | a | b |\n      | 1 | two\n      \
         | x | ü\n      | y | z\\|\n",
    );
    let listed = project.bdd(["list", "--format", "json"]).exits(0);
    let plan: Value = serde_json::from_str(&listed.stdout).expect("JSON");
    let scenarios = plan["scenarios"].as_array().expect("a list");
    let texts = scenarios.iter().map(|one| &one["steps"][0]["text"]);
    assert_eq!(texts.collect::<Vec<_>>(), ["'tw'", "''", "'z\\'"]);
    let warning = "behave cuts off the last character of this row: end the row with `|`";
    assert_eq!(listed.stderr.matches(warning).count(), 3);
}

#[test]
fn warnings_say_what_standard_gherkin_wants() {
    let project = suite_with(BEHAVE);
    let listed = project.bdd(["list"]).exits(0);
    let warnings = listed.stderr.lines().collect::<Vec<_>>();
    assert_eq!(
        warnings,
        [
            "warning: features/a.feature:4: only behave reads `given` as a step: standard Gherkin wants `Given` \
             (2 more lines like this) [behave-form]",
            "warning: features/a.feature:9: only behave reads `'''` as the begin of a docstring: standard Gherkin wants \
             `\"\"\"` [behave-form]",
            "warning: features/a.feature:26: this outline has no examples: it makes no scenario [no-rows]",
        ]
    );
    let linted = project.bdd(["lint"]).exits(0).stdout;
    assert_eq!(linted.matches("[behave-form]").count(), 2, "{linted}");
    project.file("bdd.toml", "[lint]\nbehave-form = 'off'\n");
    let listed = project.bdd(["list"]).exits(0);
    assert!(!listed.stderr.contains("only behave"), "{}", listed.stderr);
}

#[test]
fn other_projects_keep_to_standard_gherkin() {
    let project = suite_with(BEHAVE);
    project.file("bdd.toml", "[steps]\ncommand = ['python3', 'worker.py']\n");
    project.bdd(["list"]).exits(3).stderr_has("'''");
    project
        .bdd(["list", "--tags", "~@x"])
        .exits(2)
        .stderr_has("write `not @x`");
}

#[test]
fn tags_have_both_forms_of_behave() {
    let project = suite_with(
        "Feature: F\n  @a @b.x\n  Scenario: one\n    * a step that passes\n  @b\n  Scenario: two\n    * a step that passes\n",
    );
    for (tags, expected) in [
        (&["~@a"][..], "two"),
        (&["a"], "one"),
        (&["@a,@b"], "one two"),
        (&["@a,@b", "~@b"], "one"),
        (&["not a"], "two"),
        (&["@b.*"], "one"),
        (&["a or b"], "one two"),
    ] {
        let flags: Vec<String> = tags.iter().map(|tags| format!("--tags={tags}")).collect();
        let flags: Vec<&str> = flags.iter().map(String::as_str).collect();
        let listed = project.bdd(["list"]).with(&flags).exits(0);
        let names = |line: &str| line.split_whitespace().last().map(str::to_owned);
        let lines = listed
            .stdout
            .lines()
            .filter(|line| line.contains(".feature:"));
        assert_eq!(
            lines.filter_map(names).collect::<Vec<_>>().join(" "),
            expected,
            "{tags:?}"
        );
    }
    let old = project.bdd(["list", "--tags", "~@a"]).exits(0);
    old.stderr("warning: only behave reads `--tags ~@a`: the standard form is `not ( @a )`\n");
    project
        .bdd(["list", "--tags", "not @a", "--tags", "~@b"])
        .exits(2)
        .stderr_has("old form");
}

#[test]
fn names_of_rows_have_their_numbers() {
    let project = suite_with(BEHAVE);
    let listed = project.bdd(["list", "--name", "@1.2 many$"]).exits(0);
    listed.stdout_has("O 5");
    project.bdd(["list", "--name", "^O 5$"]).exits(4);
}

#[test]
fn files_are_found_as_behave_finds_them_in_its_order() {
    let project = suite_with(FEATURE);
    project
        .file(".gitignore", "made/\n")
        .file("features/made/x.feature", FEATURE)
        .file("features/b/x.feature", FEATURE)
        .file("features/c.feature", FEATURE)
        .file(
            "features/d.feature.md",
            "# Feature: F\n## Scenario: S\n* a step that passes\n",
        );
    let listed = project.bdd(["list"]).exits(0);
    let files: Vec<&str> = (listed.stdout.lines())
        .filter_map(|line| line.split_once(".feature:"))
        .map(|(file, _)| file.trim())
        .collect();
    assert_eq!(
        files,
        [
            "features/a",
            "features/c",
            "features/b/x",
            "features/made/x"
        ]
    );
    project.file(".bddignore", "made/\n");
    let listed = project.bdd(["list"]).exits(0);
    assert!(!listed.stdout.contains("made"), "{}", listed.stdout);
}
