//! `--shard`.

use super::*;

fn shop(project: &Project) {
    let names: Vec<String> = (1..=7).map(|number| format!("S{number}")).collect();
    let scenarios: Vec<_> = names.iter().map(|name| (&**name, PASSES)).collect();
    project
        .file("features/a.feature", feature("A", &scenarios[..4]))
        .file("features/b.feature", feature("B", &scenarios[4..]));
}

#[test]
fn slices_are_stretches_of_the_selection() {
    let project = project();
    shop(&project);
    project
        .bdd(["list", "--shard", "slice:2/3"])
        .exits(0)
        .stderr("")
        .stdout(
            "Feature: A
  features/a.feature:6  S3
  features/a.feature:8  S4

1 feature, 2 scenarios, 2 steps (shard slice:2/3 of 7 scenarios)
",
        );
    run(&project, &["--shard", "slice:3/3"])
        .exits(0)
        .stdout_has("Shard: slice:3/3 (3 of 7 scenarios)");
    assert_eq!(started(&project), ["S5", "S6", "S7"]);
    // After all other selection.
    project
        .bdd(["list", "--shard", "slice:2/2", "features/b.feature"])
        .exits(0)
        .stdout_has("  features/b.feature:4  S6\n  features/b.feature:6  S7\n");
    let list = project
        .bdd(["list", "--shard", "slice:1/7", "--format", "json"])
        .exits(0);
    let list: Value = serde_json::from_str(&list.stdout).unwrap();
    assert_eq!(list["shard"]["shard"], "slice:1/7");
    assert_eq!(list["shard"]["scenarios"], 7);
}

#[test]
fn an_empty_shard_is_fine_and_says_so() {
    let project = project();
    project.file("features/a.feature", feature("A", &[("One", PASSES)]));
    run(&project, &["--shard", "slice:1/3"])
        .exits(0)
        .stderr("note: nothing to run: the shard slice:1/3 is empty\n");
    assert_eq!(events(&project)[0]["shard"]["shard"], "slice:1/3");
    run(&project, &["--shard", "slice:1/3", "--tags", "@nothing"]).exits(4);
}

#[test]
fn shards_are_balanced_by_the_events_or_the_history_of_a_run() {
    let project = project();
    // Longer than all the others together, on a busy machine too.
    let long = "a step that sleeps 1000 ms";
    project.file(
        "features/a.feature",
        feature(
            "A",
            &[
                ("Short", PASSES),
                ("Long", long),
                ("Other", PASSES),
                ("Last", PASSES),
            ],
        ),
    );
    run(&project, &[]).exits(0);
    project.file("times.jsonl", project.read("events.jsonl"));
    for file in ["times.jsonl", ".bdd/history.jsonl"] {
        run(
            &project,
            &[
                "--no-history",
                "--shard",
                "balanced:1/2",
                "--durations-from",
                file,
            ],
        )
        .exits(0);
        assert_eq!(started(&project), ["Long"], "{file}");
        assert_ne!(events(&project)[0]["shard"]["durations"], Value::Null);
        run(
            &project,
            &[
                "--no-history",
                "--shard",
                "balanced:2/2",
                "--durations-from",
                file,
            ],
        )
        .exits(0);
        assert_eq!(started(&project), ["Short", "Other", "Last"], "{file}");
    }
}

#[test]
fn mistakes_are_reported() {
    let project = project();
    shop(&project);
    project.file("times.txt", "no\n");
    let wrong = |arguments: &[&str]| project.bdd(["list"].iter().chain(arguments)).exits(2);
    wrong(&["--shard", "hash:4/3"]).stderr_has("`hash:4/3` is not a shard: expected `hash:I/N`");
    wrong(&["--shard", "balanced:1/2"]).stderr_has("--durations-from FILE names");
    wrong(&["--shard", "hash:1/2", "--durations-from", "times.txt"])
        .stderr_has("--durations-from is for --shard balanced only");
    wrong(&["--shard", "balanced:1/2", "--durations-from", "times.txt"]).stderr_has(
        "--durations-from: times.txt: line 1: a file of events begins with `run_started`",
    );
    wrong(&["--shard", "balanced:1/2", "--durations-from", "none"])
        .stderr_has("cannot read none: no such file");
}
