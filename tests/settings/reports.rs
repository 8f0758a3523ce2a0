//! The options of reports: `[reports.NAME]`, and `[junit]`, which is short for `[reports.junit]`.

use serde_json::json;

use super::{explained, refused};
use crate::support::Project;
use crate::support::step_program::{naming, step_program};

#[test]
fn each_option_has_its_origin() {
    let project = Project::new();
    project.file(
        "bdd.toml",
        "[junit]\nplain = true\nnaming = 'file'\n[reports.usage]\nsort = 'uses'\n\
         [profile.ci.reports.junit]\nnaming = 'title'\n",
    );
    let shown = |key: &str| {
        let bdd = project
            .bdd(["config", "-p", "ci"])
            .env("BDD_REPORTS_JUNIT_OUTPUT", "failed");
        explained(bdd, key)
    };
    let file = |line: u32| json!({ "kind": "file", "file": "bdd.toml", "line": line });
    assert_eq!(shown("reports.junit.plain"), (json!(true), file(2)));
    let ci = json!({ "kind": "profile", "profile": "ci", "file": "bdd.toml", "line": 7 });
    assert_eq!(shown("reports.junit.naming"), (json!("title"), ci));
    let variable = json!({ "kind": "variable", "variable": "BDD_REPORTS_JUNIT_OUTPUT" });
    assert_eq!(shown("reports.junit.output"), (json!("failed"), variable));
    assert_eq!(shown("reports.usage.sort"), (json!("uses"), file(5)));
    let default = json!({ "kind": "default" });
    assert_eq!(shown("reports.json.attachments"), (json!(true), default));
}

#[test]
fn mistakes_have_their_places_and_suggestions() {
    refused(
        "\
[reports]
tap = 1
[reports.jnuit]
plain = true
[reports.junit]
plan = true
plain = 'yes'
output = 'faild'
naming = true
skipped = 0
[reports.html]
x = 1
",
        "\
error: bdd.toml:2:7: expected a table, not an integer
   |
 2 | tap = 1
   |       ^
error: bdd.toml:3:10: unknown format `jnuit`
   |
 3 | [reports.jnuit]
   |          ^^^^^
hint: did you mean `junit`?
error: bdd.toml:6:1: unknown key `plan`
   |
 6 | plan = true
   | ^^^^
hint: did you mean `plain`?
error: bdd.toml:7:9: expected `true` or `false`, not a text
   |
 7 | plain = 'yes'
   |         ^^^^^
error: bdd.toml:8:10: unknown value `faild`, expected one of `all`, `failed`, `none`
   |
 8 | output = 'faild'
   |          ^^^^^^^
hint: did you mean `failed`?
error: bdd.toml:9:10: expected one of `title`, `file`, not a boolean
   |
 9 | naming = true
   |          ^^^^
error: bdd.toml:10:11: expected `true` or `false`, not an integer
    |
 10 | skipped = 0
    |           ^
error: bdd.toml:12:1: unknown key `x`
    |
 12 | x = 1
    | ^
hint: the format `html` has no options
",
    );
    refused(
        "[junit]\nplian = true\n",
        "error: bdd.toml:2:1: unknown key `plian`
   |
 2 | plian = true
   | ^^^^^
hint: did you mean `plain`?
",
    );
    let project = Project::new();
    project
        .bdd(["config"])
        .env("BDD_REPORTS_JUNIT_NAMING", "fiel")
        .exits(2)
        .stderr_has(
            "BDD_REPORTS_JUNIT_NAMING: unknown value `fiel`, expected one of `title`, `file`",
        )
        .stderr_has("did you mean `file`?");
    project
        .bdd(["config"])
        .env("BDD_REPORTS_JUNIT_NAMIG", "file")
        .exits(0)
        .stderr_has("did you mean BDD_REPORTS_JUNIT_NAMING?");
}

#[test]
fn one_table_has_the_options_of_junit() {
    refused(
        "[junit]\nplain = true\n[reports.junit]\nnaming = 'file'\n",
        "error: bdd.toml:3:10: `[junit]` and `[reports.junit]` are the same table
   |
 3 | [reports.junit]
   |          ^^^^^
hint: write all options of the format `junit` in one of them
",
    );
    refused(
        "[profile.ci.reports.junit]\n[profile.ci.junit]\n",
        "error: bdd.toml:2:13: `[junit]` and `[reports.junit]` are the same table
   |
 2 | [profile.ci.junit]
   |             ^^^^^
hint: write all options of the format `junit` in one of them
",
    );
}

/// A project with a scenario that passes and one that nothing runs.
fn project(settings: &str) -> Project {
    let project = Project::new();
    let steps = naming(&step_program());
    project.file("bdd.toml", format!("{settings}{steps}")).file(
        "features/a.feature",
        "Feature: A\n  Scenario: One\n    * a step that passes\n  Scenario: Two\n    * a step that is pending\n",
    );
    project
}

#[test]
fn the_table_is_the_default_of_the_command_line() {
    let project = project("[reports.junit]\noutput = 'none'\nnaming = 'file'\n");
    let arguments = ["run", "--no-strict", "-f"];
    project.bdd(arguments).with(&["junit:a.xml"]).exits(0);
    let xml = project.read("a.xml");
    assert!(xml.contains(r#"classname="features.a""#), "{xml}");
    assert!(!xml.contains("<system-out>"));
    project
        .bdd(arguments)
        .with(&["junit,output=all:a.xml"])
        .exits(0);
    let xml = project.read("a.xml");
    assert!(xml.contains(r#"classname="features.a""#), "{xml}");
    assert!(xml.contains("<system-out>"));
}

/// `bdd report` has the options of the run wherever it is started, and the link to the page that the run wrote.
#[test]
fn a_replay_has_the_options_of_the_run() {
    let project = project("[junit]\nnaming = 'file'\nskipped = false\n");
    let run = "run --no-strict -f junit:junit.xml -f html:page.html -f events:run.events";
    project.bdd(run.split(' ')).exits(0);
    project.folder("elsewhere");
    let replay = "report ../run.events -f junit:junit.xml";
    project.bdd(replay.split(' ')).within("elsewhere").exits(0);
    let xml = project.read("junit.xml");
    assert_eq!(xml.matches("<testcase ").count(), 1, "{xml}");
    assert!(xml.contains(r#"<property name="html" value="page.html#s-"#));
    assert_eq!(project.read("elsewhere/junit.xml"), xml);
    let replay = "report ../run.events -f junit,skipped=true:junit.xml";
    project.bdd(replay.split(' ')).within("elsewhere").exits(0);
    let all = project.read("elsewhere/junit.xml");
    assert_eq!(all.matches("<testcase ").count(), 2, "{all}");
    // Merged events have them too.
    project
        .bdd("merge run.events -f events:merged.events".split(' '))
        .exits(0);
    project
        .bdd("report merged.events -f junit:merged.xml".split(' '))
        .exits(0);
    assert_eq!(project.read("merged.xml"), xml);
}
