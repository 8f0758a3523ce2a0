//! What `bdd history` shows.

use crate::support::Project;
use crate::support::step_program::{naming, step_program};

const STEADY: &str = "\
Feature: A
  Scenario: steady
    * a step that sleeps 30 ms

  Scenario: wobbles
    * a step that passes from attempt 1 on

  Scenario: breaks
";

/// A project after two runs: a scenario passed and then failed.
fn project() -> Project {
    let project = Project::new();
    let program = step_program();
    project.file("bdd.toml", naming(&program));
    for (step, code) in [
        ("a step that passes", 0),
        (r#"a step that fails with "it""#, 1),
    ] {
        project.file("features/a.feature", format!("{STEADY}    * {step}\n"));
        project.bdd(["run", "--retries", "1"]).exits(code);
    }
    project
}

/// Without the times, which differ from run to run.
fn masked(text: &str) -> String {
    let moment = regex::Regex::new(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC").unwrap();
    let duration = regex::Regex::new(r"\b(?:\d+m)?\d+(?:\.\d{3})?m?s\b").unwrap();
    let text = moment.replace_all(text, "MOMENT");
    duration.replace_all(&text, "TIME").into_owned()
}

#[test]
fn of_all_it_shows_what_broke_the_flakiest_and_the_slowest() {
    let shown = project().bdd(["history"]).exits(0).stderr("").stdout;
    let (lists, slowest) = shown.split_once("Slowest\n").unwrap();
    assert_eq!(
        masked(lists),
        "Broken
  features/a.feature:8  breaks
      1 failure since MOMENT

Flakiest
  2 of 2 results  features/a.feature:5  wobbles

"
    );
    let mut slowest = slowest.lines();
    assert!(
        slowest
            .next()
            .unwrap()
            .ends_with("  features/a.feature:2  steady"),
        "{shown}"
    );
    assert_eq!(
        slowest.last(),
        Some("3 of 3 selected scenarios have results")
    );
}

#[test]
fn of_one_it_shows_all_results_the_newest_first() {
    let project = project();
    let shown = project
        .bdd(["history", "features/a.feature:8"])
        .exits(0)
        .stdout;
    assert_eq!(
        masked(&shown),
        "features/a.feature:8  breaks
  MOMENT  failed  TIME  2 attempts
  MOMENT  passed  TIME

2 results, 0 flaky, takes TIME
"
    );
    project.bdd(["history", "--tags", "@none"]).exits(4);
}

#[test]
fn a_new_project_has_no_results() {
    let project = Project::new();
    project.file("features/a.feature", STEADY);
    project
        .bdd(["history", "--name", "steady"])
        .exits(0)
        .stdout("no results of this scenario are on record; `bdd run` records them\n");
}

/// What a run found in the record is in its events, so that its page can be made again, without the record.
#[test]
fn a_replay_shows_the_same_trends_as_the_run() {
    let project = project();
    let reports = [
        "-f",
        "events:run.events",
        "-f",
        "html:run.html",
        "-f",
        "summary",
    ];
    let run = |more: &[&str]| {
        let run = project.bdd(["run", "--retries", "1"]).with(&reports);
        run.with(more).exits(1);
        (project.read("run.events"), project.read("run.html"))
    };
    let (events, page) = run(&[]);
    let trends = events
        .lines()
        .filter(|line| line.contains("\"type\":\"trend\""));
    assert_eq!(trends.count(), 3, "{events}");
    assert_eq!(page.matches("class=tn").count(), 3);
    assert!(
        page.contains("2 results on record, 2 flaky (100 %)"),
        "{page}"
    );
    assert!(page.contains("failing since 2"), "{page}");

    std::fs::remove_dir_all(project.path(".bdd")).unwrap();
    let replay = [
        "report",
        "run.events",
        "-f",
        "html:again.html",
        "-f",
        "summary",
    ];
    project.bdd(replay).exits(1);
    assert!(project.read("again.html") == page, "the replay differs");

    let (events, page) = run(&["--no-history"]);
    assert!(!events.contains("\"type\":\"trend\"") && !page.contains("class=tn"));
}
