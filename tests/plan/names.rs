//! The names of a JUnit report are the same, whatever was selected.

use std::collections::BTreeSet;

use super::*;

/// The class and name of each test case of a run of these arguments.
fn names(project: &Project, arguments: &[&str]) -> BTreeSet<String> {
    run(project, &["-f", "junit:x.xml"]).with(arguments).run();
    let pattern = r#"<testcase name="([^"]*)" classname="([^"]*)""#;
    let pattern = regex::Regex::new(pattern).unwrap();
    let text = project.read("x.xml");
    let cases = pattern.captures_iter(&text);
    cases
        .map(|case| format!("{} / {}", &case[2], &case[1]))
        .collect()
}

#[test]
fn equal_names_are_numbered_by_the_whole_file() {
    let project = project();
    let rows = format!(
        "  Scenario Outline: row\n    * {PASSES}\n    Examples: a\n      | n |\n      | 1 |\n    Examples: b\n      | n |\n      | 1 |\n"
    );
    let scenarios = [
        ("same", PASSES),
        ("same #2", PASSES),
        ("same", FAILS),
        ("same", PASSES),
    ];
    project.file("features/a.feature", feature("A", &scenarios) + &rows);
    let all = names(&project, &[]);
    let expected = [
        "features.A / row [n: 1]",
        "features.A / row [n: 1] #2",
        "features.A / same",
        "features.A / same #2",
        "features.A / same #3",
        "features.A / same #4",
    ];
    assert_eq!(all, expected.map(str::to_owned).into());
    let only = |arguments: &[&str], name: &str| {
        let wanted = BTreeSet::from([format!("features.A / {name}")]);
        assert_eq!(names(&project, arguments), wanted);
    };
    only(&["--failed"], "same #3");
    only(&["features/a.feature:8"], "same #4");
    only(&["features/a.feature:17"], "row [n: 1] #2");
    let mut parts = names(&project, &["--shard", "hash:1/2"]);
    parts.extend(names(&project, &["--shard", "hash:2/2"]));
    assert_eq!(parts, all);
}

#[test]
fn equal_titles_are_distinguished_by_the_whole_folder() {
    let project = project();
    project.file("g/one.feature", feature("Log.in", &[("one", PASSES)]));
    project.file("g/two.feature", feature("Log_in", &[("two", PASSES)]));
    project.file(
        "g/two.feature.md",
        format!("# Feature: Log.in\n## Scenario: two\n* * {PASSES}\n"),
    );
    project.file("g/other.feature", feature("Other", &[("three", PASSES)]));
    project.file("h/one.feature", feature("Log.in", &[("one", PASSES)]));
    let all = names(&project, &["g", "h"]);
    let expected = [
        "g.Log_in (one) / one",
        "g.Log_in (two) / two",
        "g.Log_in (two_feature_md) / two",
        "g.Other / three",
        "h.Log_in / one",
    ];
    assert_eq!(all, expected.map(str::to_owned).into());
    let mut parts = BTreeSet::new();
    for file in [
        "g/one.feature",
        "g/two.feature",
        "g/two.feature.md",
        "g/other.feature",
        "h",
    ] {
        parts.extend(names(&project, &[file]));
    }
    assert_eq!(parts, all);
    let named = names(&project, &["g", "--name", "one"]);
    assert_eq!(named, BTreeSet::from(["g.Log_in (one) / one".to_owned()]));
    run(&project, &["g/one.feature"]).exits(0);
    project
        .bdd(["merge", "events.jsonl", "-f", "junit:m.xml"])
        .exits(0);
    assert!(project.read("m.xml").contains("g.Log_in (one)"));
}

#[test]
fn errors_have_stable_names() {
    let project = project();
    project.file("features/bad.feature", NO_GHERKIN);
    let before = names(&project, &[]);
    project.file("features/bad.feature", format!("# a comment\n{NO_GHERKIN}"));
    assert_eq!(names(&project, &[]), before);
    assert_eq!(
        before,
        BTreeSet::from(["features.bad / parse error".to_owned()])
    );
}

#[test]
fn a_run_without_a_step_program_writes_its_reports() {
    let project = Project::new();
    project.file("features/a.feature", feature("A", &[("one", PASSES)]));
    project.file("x.xml", "an old green report");
    let outcome = run(&project, &["-f", "junit:x.xml"]).exits(5);
    assert!(
        !outcome.stdout.contains("0 features passed"),
        "{}",
        outcome.stdout
    );
    let report = project.read("x.xml");
    assert!(
        report.contains("errors=\"1\"") && report.contains("there is no step program"),
        "{report}"
    );
    project.file("features/bad.feature", NO_GHERKIN);
    project.file("x.xml", "an old green report");
    run(&project, &["-f", "junit:x.xml"]).exits(3);
    let report = project.read("x.xml");
    assert!(report.contains("parse error"), "{report}");
}

#[test]
fn a_run_whose_step_program_is_not_there_writes_its_reports() {
    let project = Project::new();
    project
        .file("features/a.feature", feature("A", &[("one", PASSES)]))
        .file("plain.txt", "");
    for (settings, flags, message) in [
        (
            "",
            &["--steps", "bin/none"][..],
            "--steps: no such step program or crate: bin/none",
        ),
        (
            "",
            &["--steps", "features"],
            "--steps: the folder features has no Cargo.toml",
        ),
        (
            "",
            &["--steps", "plain.txt"],
            "--steps: the file plain.txt is not executable",
        ),
        (
            "steps.path = 'none'\n",
            &[],
            "bdd.toml:2:14: no such step program or crate: none",
        ),
        (
            "[profile.ci.steps]\npath = 'none'\n",
            &["--profile", "ci"],
            "bdd.toml:3:8: no such step program or crate: none",
        ),
    ] {
        let settings = format!("format = ['junit:x.xml']\n{settings}");
        project.file("bdd.toml", settings);
        project.file("x.xml", "an old green report");
        let outcome = project.bdd(["run"].iter().chain(flags)).exits(5);
        outcome.stderr_has(&format!("error: {message}\nhint: "));
        let report = project.read("x.xml");
        assert!(
            report.contains("errors=\"1\"") && report.contains(message),
            "{report}"
        );
        // The other commands do not need the step program.
        project.bdd(["list"]).exits(0).stdout_has("one");
    }
}

#[test]
fn a_report_never_replaces_what_a_run_reads() {
    let project = project();
    let text = feature("A", &[("one", PASSES)]);
    project
        .file("features/a.feature", &text)
        .file("features/b.feature", &text);
    project.file("list.txt", "features/a.feature\n");
    let refused = |arguments: &[&str], why: &str| {
        project
            .bdd(["run"])
            .with(arguments)
            .exits(2)
            .stdout("")
            .stderr_has(why);
        assert!(!project.path("events.jsonl").exists());
    };
    refused(
        &[
            "-f",
            "junit:./features/../features/a.feature",
            "features/a.feature",
        ],
        "would replace features/a.feature",
    );
    refused(
        &["-f", "events:features/b.feature", "features/a.feature"],
        "would replace features/b.feature",
    );
    refused(&["-f", "rerun:bdd.toml"], "would replace bdd.toml");
    refused(
        &["-f", "junit:list.txt", "@list.txt"],
        "would replace list.txt",
    );
    refused(
        &["-f", "events:x.txt", "-f", "rerun:./x.txt"],
        "write to the same place",
    );
    refused(
        &["-f", "events:new/x.txt", "-f", "rerun:new/../new/x.txt"],
        "write to the same place",
    );
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(project.path("bdd.toml"), project.path("link")).unwrap();
        refused(&["-f", "rerun:link"], "would replace bdd.toml");
        std::fs::hard_link(project.path("bdd.toml"), project.path("hard")).unwrap();
        refused(&["-f", "rerun:hard"], "would replace bdd.toml");
    }
    assert_eq!(project.read("features/a.feature"), text);
    run(&project, &[]).exits(0);
    let before = project.read("events.jsonl");
    project
        .bdd(["merge", "events.jsonl", "-f", "rerun:./events.jsonl"])
        .exits(2);
    assert_eq!(project.read("events.jsonl"), before);
}

#[test]
fn a_tilde_is_the_home_folder() {
    let project = project();
    project.file("features/a.feature", feature("A", &[("one", PASSES)]));
    let home = project.path("home");
    let home = home.to_str().unwrap();
    run(&project, &["-f", "junit:~/r/x.xml", "-f", "junit:~/d/"])
        .env("HOME", home)
        .exits(0);
    assert!(project.path("home/r/x.xml").is_file() && project.path("home/d").is_dir());
    project
        .bdd(["merge", "events.jsonl", "-f", "rerun:~/m.txt"])
        .env("HOME", home)
        .exits(0);
    assert!(project.path("home/m.txt").is_file() && !project.path("~").exists());
}
