//! What `bdd lint --fix` mends, and what it leaves.

use super::rules::all_broken;
use super::*;

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
            "{bom}Feature: f\r\n\r\n  Scenario: s\r\n    Given a\r\n    And b\r\n    When c\r\n    And d\r\n      | When e |\r\n    Then f\r\n"
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
fn what_was_formatted_stays_formatted() {
    let ignore = "# bdd-lint: ignore no-steps";
    let scenario = "Scenario: s\n    When a\n    Then b\n";
    let project = Project::new();
    for text in [
        format!("{ignore}\n\nFeature: f\n\n  {scenario}"),
        format!("Feature: f\n\n  Background:\n\n  {scenario}"),
        format!("Feature: f\n\n  {scenario}    {ignore}\n\n  {scenario}"),
        format!("Feature: f\n\n  {scenario}\n  {ignore}\n  {scenario}"),
        format!("Feature: f\n\n  {scenario}\n  Rule: r\n\n    Background:\n"),
    ] {
        project.file("features/a.feature", &text);
        project.bdd(["fmt", "--check"]).exits(0);
        let mended = project.bdd(["lint", "--fix"]).exits(0);
        assert!(mended.stderr.contains("1 finding mended"), "{text}");
        project.bdd(["fmt", "--check"]).exits(0);
    }
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
