//! Findings for programs: JSON, GitHub, SARIF.

use super::rules::all_broken;
use super::*;
use crate::support::json_schema::JsonSchema;

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
    let schema = JsonSchema::new(include_str!("../data/sarif/sarif-schema-2.1.0.json"));
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
