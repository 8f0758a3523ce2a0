//! `bdd merge`: shards give the reports that one run would give.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::*;
use crate::support::redact;

/// Prepares a run of a shard with its events in `NAME.jsonl`.
fn shard(project: &Project, name: &str, arguments: &[&str]) -> Bdd {
    let events = format!("events:{name}.jsonl");
    let always = [
        "run",
        "-j1",
        "--no-history",
        "-f",
        "progress",
        "-f",
        &events,
    ];
    project.bdd(always.iter().chain(arguments))
}

fn merge(project: &Project, arguments: &[&str]) -> Bdd {
    project.bdd(["merge"].iter().chain(arguments))
}

/// A JUnit file without what differs between machines.
fn junit(text: &str) -> String {
    let changing = regex::Regex::new(
        r#" (time|timestamp)="[^"]*"|in \d+\.\d+s|<property name="jobs" value="\d+"/>"#,
    );
    changing.unwrap().replace_all(text, "").into_owned()
}

/// The messages of a kind, without ids and times: what a report shows of the plan.
fn outline(text: &str) -> Vec<String> {
    let messages = text
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    messages
        .filter_map(|message| {
            let pickle = message.get("pickle");
            let source = message.get("source");
            let finished = message.get("testRunFinished");
            let definition = message.get("stepDefinition");
            pickle
                .map(|pickle| {
                    format!(
                        "{} {} {}",
                        pickle["uri"], pickle["name"], pickle["location"]
                    )
                })
                .or(source.map(|source| source["uri"].to_string()))
                .or(definition.map(|one| one["pattern"]["source"].to_string()))
                .or(finished.map(|finished| finished["success"].to_string()))
        })
        .collect()
}

/// How each pickle ended, in the order of pickles.
fn results(text: &str) -> Vec<(String, Vec<String>)> {
    let messages: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let of = |kind: &'static str| messages.iter().filter_map(move |one| one.get(kind));
    let mut results = Vec::new();
    for pickle in of("pickle") {
        let case = of("testCase")
            .find(|case| case["pickleId"] == pickle["id"])
            .unwrap();
        let started = of("testCaseStarted").filter(|one| one["testCaseId"] == case["id"]);
        let steps = started.flat_map(|started| {
            of("testStepFinished").filter(|step| step["testCaseStartedId"] == started["id"])
        });
        let steps = steps.map(|step| step["testStepResult"]["status"].to_string());
        results.push((pickle["name"].to_string(), steps.collect()));
    }
    results
}

/// What progress lists at its end, without the order in which scenarios finished.
fn closing(text: &str, project: &Project) -> String {
    let text = redact(text, &project.path("."));
    let at = text.find("Failing scenarios:").or(text.find("feature"));
    let took = regex::Regex::new("Took .*").unwrap();
    took.replace_all(&text[at.unwrap()..], "").into_owned()
}

/// Features, each with rules of scenarios, which are steps.
fn selections() -> impl Strategy<Value = Vec<Vec<Vec<usize>>>> {
    let scenario = prop_oneof![6 => Just(0_usize), 4 => 1..STEPS.len()];
    let rule = prop::collection::vec(scenario, 1..5);
    let feature = prop::collection::vec(rule, 1..4);
    prop::collection::vec(feature, 1..5)
}

const STEPS: [&str; 6] = [
    "a step that passes",
    "a step that fails with \"it\"",
    "a step that aborts",
    "a step that nobody has written",
    "a step that is pending",
    "a step that passes from attempt 1 on",
];

#[test]
fn shards_give_the_reports_of_one_run() {
    let mut runner = TestRunner::new(Config {
        cases: 8,
        failure_persistence: None,
        ..Config::default()
    });
    let kinds = prop_oneof![Just("hash"), Just("slice"), Just("balanced")];
    runner
        .run(
            &(selections(), kinds, 1..4_u32),
            |(features, kind, count)| {
                let project = project();
                for (number, rules) in features.iter().enumerate() {
                    let mut text = format!("Feature: F{number}\n");
                    for (rule, scenarios) in rules.iter().enumerate() {
                        // The first scenarios stand in no rule.
                        if rule > 0 {
                            text += &format!("  Rule: R{rule}\n");
                        }
                        for (at, step) in scenarios.iter().enumerate() {
                            text += &format!(
                                "  Scenario: {number}-{rule}-{at}\n    * {}\n",
                                STEPS[*step]
                            );
                        }
                    }
                    project.file(&format!("features/f{number}.feature"), text);
                }
                let code = shard(&project, "whole", &["--retries", "1"])
                    .run()
                    .code
                    .unwrap();
                let reports = [
                    "-f",
                    "junit:junit.xml",
                    "-f",
                    "messages:messages.ndjson",
                    "-f",
                    "rerun:rerun.txt",
                ];
                let whole = merge(&project, &["whole.jsonl"]).with(&reports).exits(code);
                let read = |project: &Project| {
                    ["junit.xml", "messages.ndjson", "rerun.txt"].map(|file| project.read(file))
                };
                let [junit_whole, messages_whole, rerun_whole] = read(&project);

                let mut files = Vec::new();
                for index in 1..=count {
                    let text = format!("{kind}:{index}/{count}");
                    let name = format!("shard{index}");
                    let mut arguments = vec!["--retries", "1", "--shard", &text];
                    if kind == "balanced" {
                        arguments.extend(["--durations-from", "whole.jsonl"]);
                    }
                    shard(&project, &name, &arguments).run();
                    files.insert(0, format!("{name}.jsonl"));
                }
                let files: Vec<&str> = files.iter().map(String::as_str).collect();
                let joined = merge(&project, &files).with(&reports).exits(code);
                let [junit_joined, messages_joined, rerun_joined] = read(&project);
                assert_eq!(junit(&junit_joined), junit(&junit_whole));
                assert_eq!(outline(&messages_joined), outline(&messages_whole));
                assert_eq!(results(&messages_joined), results(&messages_whole));
                assert_eq!(rerun_joined, rerun_whole);
                assert_eq!(
                    closing(&joined.stdout, &project),
                    closing(&whole.stdout, &project)
                );
                Ok(())
            },
        )
        .unwrap();
}

fn shop(project: &Project) {
    let names: Vec<String> = (1..=6).map(|number| format!("S{number}")).collect();
    let scenarios: Vec<_> = names.iter().map(|name| (&**name, PASSES)).collect();
    project
        .file("features/a.feature", feature("A", &scenarios[..4]))
        .file("features/b.feature", feature("B", &scenarios[4..]));
}

/// A project with the events of three shards.
fn three_shards() -> Project {
    let project = project();
    shop(&project);
    for index in 1..=3 {
        let text = format!("slice:{index}/3");
        shard(&project, &format!("s{index}"), &["--shard", &text]).exits(0);
    }
    project
}

#[test]
fn a_whole_run_is_replayed() {
    let project = project();
    shop(&project);
    shard(&project, "whole", &["-f", "junit:one.xml"]).exits(0);
    merge(
        &project,
        &[
            "whole.jsonl",
            "-f",
            "junit:two.xml",
            "-f",
            "events:again.jsonl",
        ],
    )
    .exits(0);
    assert_eq!(project.read("one.xml"), project.read("two.xml"));
    let (whole, again) = (project.read("whole.jsonl"), project.read("again.jsonl"));
    for (number, (one, other)) in (1..).zip(whole.lines().zip(again.lines())) {
        assert_eq!(one, other, "line {number}");
    }
    assert_eq!(whole.lines().count(), again.lines().count());
}

#[test]
fn a_seed_is_reported_when_all_shards_had_it() {
    let project = project();
    shop(&project);
    let run = |index: u32, seed: &str| {
        let (name, part) = (format!("s{index}"), format!("hash:{index}/2"));
        shard(&project, &name, &["--shard", &part, "--order", seed]).exits(0);
    };
    run(1, "random:7");
    run(2, "random:7");
    let files = ["s1.jsonl", "s2.jsonl"];
    merge(&project, &files)
        .exits(0)
        .stdout_has("Order: random:7 ");
    run(2, "random:8");
    let outcome = merge(&project, &files).exits(0);
    assert!(!outcome.stdout.contains("Order:"), "{}", outcome.stdout);
}

#[test]
fn missing_shards_and_their_scenarios_are_named() {
    let project = three_shards();
    merge(&project, &["s1.jsonl", "s3.jsonl"])
        .exits(2)
        .stdout("")
        .stderr(
            "error: 1 shard is missing: slice:2/3; without a result are 2 scenarios:
  features/a.feature::S3
  features/a.feature::S4
",
        );
    merge(&project, &["s2.jsonl"]).exits(2).stderr_has(
        "2 shards are missing: slice:1/3, slice:3/3; without a result are 4 scenarios:",
    );
    merge(&project, &["s1.jsonl", "s2.jsonl", "s3.jsonl", "s2.jsonl"])
        .exits(2)
        .stderr("error: s2.jsonl and s2.jsonl are the same shard: slice:2/3\n");
    merge(&project, &["s3.jsonl", "s1.jsonl", "s2.jsonl"])
        .exits(0)
        .stdout_has("6 scenarios passed");
}

#[test]
fn what_does_not_belong_together_is_refused() {
    let project = three_shards();
    let refused = |files: &[&str], why: &str| {
        merge(&project, files).exits(2).stderr_has(why);
    };
    shard(&project, "other", &["--shard", "slice:2/4"]).exits(0);
    refused(
        &["s1.jsonl", "other.jsonl"],
        "s1.jsonl and other.jsonl do not belong together: one is shard slice:1/3, the other slice:2/4",
    );
    shard(&project, "whole", &[]).exits(0);
    refused(&["s1.jsonl", "whole.jsonl"], "whole.jsonl is no shard");
    shard(
        &project,
        "fewer",
        &["--shard", "slice:2/3", "features/a.feature"],
    )
    .exits(0);
    refused(
        &["s1.jsonl", "fewer.jsonl", "s3.jsonl"],
        "s1.jsonl and fewer.jsonl are not shards of one selection: only one has\n  features/b.feature::S5",
    );
    shard(&project, "loose", &["--shard", "slice:2/3", "--no-strict"]).exits(0);
    refused(
        &["s1.jsonl", "loose.jsonl", "s3.jsonl"],
        "were run differently",
    );
    let balanced = ["--durations-from", "whole.jsonl", "--shard"];
    shard(&project, "b1", &[&balanced[..], &["balanced:1/2"]].concat()).exits(0);
    let balanced = ["--durations-from", "fewer.jsonl", "--shard"];
    shard(&project, "b2", &[&balanced[..], &["balanced:2/2"]].concat()).exits(0);
    refused(
        &["b1.jsonl", "b2.jsonl"],
        "b1.jsonl and b2.jsonl were balanced by different files",
    );
    let changed = project
        .read("features/a.feature")
        .replace("Feature: A", "Feature: New");
    project.file("features/a.feature", changed);
    shard(&project, "new", &["--shard", "slice:2/3"]).exits(0);
    refused(
        &["s1.jsonl", "new.jsonl", "s3.jsonl"],
        "features/a.feature is not the same file in s1.jsonl and new.jsonl",
    );
}

#[test]
fn a_file_that_is_not_an_events_report_is_an_error_with_its_place() {
    let project = three_shards();
    let text = project.read("s2.jsonl");
    project
        .file("bad.jsonl", text.replacen("\n", "\n{\"type\":1}\n", 1))
        .file("empty.jsonl", "")
        .file("other.jsonl", "{}\n")
        .file(
            "new.jsonl",
            text.replacen("\"format\":1", "\"format\":99", 1),
        );
    let lost = text
        .lines()
        .filter(|line| !line.contains("feature_planned"));
    project.file(
        "lost.jsonl",
        lost.map(|line| format!("{line}\n")).collect::<String>(),
    );
    merge(
        &project,
        &[
            "bad.jsonl",
            "empty.jsonl",
            "other.jsonl",
            "new.jsonl",
            "none.jsonl",
            "lost.jsonl",
        ],
    )
    .exits(2)
    .stderr_has("error: bad.jsonl:2:9: not an event: ")
    .stderr_has("\nerror: empty.jsonl: the file is empty\n")
    .stderr_has("\nerror: other.jsonl:1: a file of events begins with")
    .stderr_has("\nerror: new.jsonl:1: the format version is 99")
    .stderr_has("\nerror: cannot read none.jsonl: no such file or folder\n")
    .stderr_has("\nerror: lost.jsonl:")
    .stderr_has(": there is no scenario 0 in its plan");
}

#[test]
fn a_file_that_was_cut_off_counts_as_far_as_it_goes() {
    let project = three_shards();
    let text = project.read("s2.jsonl");
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let planned = lines
        .iter()
        .position(|line| line.contains("feature_planned"))
        .unwrap();
    // Wherever it ends, in the middle of a line too: no scenario is lost, none is made up.
    for end in planned + 1..lines.len() {
        for half in [0, lines[end].len() / 2] {
            let cut = format!("{}{}", lines[..end].concat(), &lines[end][..half]);
            let done = cut
                .lines()
                .filter(|line| line.contains("\"scenario_finished\"") && line.ends_with('}'))
                .count();
            project.file("cut.jsonl", &cut);
            let outcome = merge(
                &project,
                &[
                    "s1.jsonl",
                    "cut.jsonl",
                    "s3.jsonl",
                    "-f",
                    "junit:junit.xml",
                    "-f",
                    "messages:messages.ndjson",
                    "-f",
                    "progress",
                ],
            )
            .exits(1)
            .stdout_has("the events in cut.jsonl end before the end of the run (shard slice:2/3)");
            let left = 2 - done;
            let counts = if left == 0 {
                "6 scenarios passed, 0 failed, 0 skipped\n".to_owned()
            } else {
                format!(
                    "{} scenarios passed, 0 failed, 0 skipped, {left} not run\n",
                    4 + done
                )
            };
            if !outcome.stdout.contains(&counts) {
                outcome.fail(&counts);
            }
            let cases = crate::report::laws::cases(&project.read("junit.xml"));
            let mut names: Vec<&str> = cases.iter().map(|case| case.name.as_str()).collect();
            names.retain(|name| name.len() == 2);
            assert_eq!(names, ["S1", "S2", "S3", "S4", "S5", "S6"]);
            assert_eq!(results(&project.read("messages.ndjson")).len(), 6);
        }
    }
    // So early that its scenarios are not known.
    project.file("cut.jsonl", lines[..planned].concat());
    merge(&project, &["s1.jsonl", "cut.jsonl", "s3.jsonl"])
        .exits(2)
        .stderr_has("no shard has all that it should; without a result are 2 scenarios:\n  features/a.feature::S3");
}

#[test]
fn files_with_mistakes_and_programs_that_do_not_start_keep_their_exit_codes() {
    let project = three_shards();
    project.file("features/bad.feature", NO_GHERKIN);
    for (name, shard_of) in [("p1", "slice:1/2"), ("p2", "slice:2/2")] {
        shard(&project, name, &["--keep-going", "--shard", shard_of]).exits(3);
    }
    let outcome = merge(&project, &["p1.jsonl", "p2.jsonl"]).exits(3);
    assert_eq!(
        outcome.stdout.matches("features/bad.feature:4:").count(),
        1,
        "once is enough"
    );
    std::fs::remove_file(project.path("features/bad.feature")).unwrap();
    shard(
        &project,
        "s2",
        &["--shard", "slice:2/3", "--steps", "/bin/true"],
    )
    .exits(5);
    merge(&project, &["s1.jsonl", "s2.jsonl", "s3.jsonl"])
        .exits(5)
        .stdout_has("4 scenarios passed, 0 failed, 0 skipped, 2 not run");
}

#[test]
fn empty_shards_are_shards() {
    let project = project();
    project.file("features/a.feature", feature("A", &[("One", FAILS)]));
    shard(&project, "s1", &["--shard", "slice:1/2"]).exits(0);
    shard(&project, "s2", &["--shard", "slice:2/2"]).exits(1);
    merge(&project, &["s1.jsonl", "s2.jsonl"])
        .exits(1)
        .stdout_has("0 scenarios passed, 1 failed");
    merge(&project, &["s2.jsonl"])
        .exits(2)
        .stderr("error: 1 shard is missing: slice:1/2\n");
}

/// Hooks and workers of all shards are there, each under a number of its own.
#[test]
fn hooks_and_workers_of_different_shards_have_different_numbers() {
    let project = Project::new();
    let program = crate::support::step_program::hook_program();
    project
        .file("bdd.toml", crate::support::step_program::naming(&program))
        .file(
            "features/a.feature",
            "Feature: A\n  Scenario: S1\n    * a door\n  Rule: R\n    Scenario: S2\n      * a door\n    Scenario: S3\n      * it works from attempt 1 on\n",
        );
    for index in 1..=3 {
        let text = format!("slice:{index}/3");
        let run = shard(&project, &format!("s{index}"), &["--shard", &text]);
        run.env("TROUBLE", "after_run=fails").exits(1);
    }
    let files = ["s1.jsonl", "s2.jsonl", "s3.jsonl"];
    let outcome = merge(&project, &files)
        .with(&[
            "-f",
            "messages:messages.ndjson",
            "-f",
            "events:all.jsonl",
            "-f",
            "progress",
        ])
        .exits(1)
        .stdout_has("2 scenarios passed, 1 failed, 0 skipped")
        .stdout_has("0 features passed, 1 failed");
    for index in 1..=3 {
        let shard = format!("(shard slice:{index}/3)");
        if !outcome.stdout.contains(&shard) {
            outcome.fail(&shard);
        }
    }
    let lines = |file: &str| -> Vec<Value> {
        let text = project.read(file);
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    };
    let all = lines("all.jsonl");
    let workers: std::collections::BTreeSet<u64> = (all.iter())
        .filter_map(|event| event["place"]["worker"].as_u64())
        .collect();
    assert_eq!(workers.into_iter().collect::<Vec<_>>(), [0, 1, 2]);
    assert_eq!(all[0]["jobs"], 3);
    let parts: usize = files
        .iter()
        .map(|file| {
            lines(file)
                .iter()
                .filter(|event| event["type"] == "hook_finished")
                .count()
        })
        .sum();
    let joined = all
        .iter()
        .filter(|event| event["type"] == "hook_finished")
        .count();
    assert_eq!(joined, parts);
    // Whatever a message refers to came before it.
    let mut known = std::collections::HashSet::new();
    for message in lines("messages.ndjson") {
        learn(&message, &mut known);
        refer(&message, "", &known);
    }
    // And it can be joined no more, but replayed.
    merge(&project, &["all.jsonl"])
        .exits(1)
        .stdout_has("2 scenarios passed, 1 failed, 0 skipped");
}

fn learn(value: &Value, known: &mut std::collections::HashSet<String>) {
    match value {
        Value::Object(members) => members.iter().for_each(|(name, value)| match value {
            Value::String(id) if name == "id" => {
                known.insert(id.clone());
            }
            value => learn(value, known),
        }),
        Value::Array(values) => values.iter().for_each(|value| learn(value, known)),
        _ => {}
    }
}

fn refer(value: &Value, name: &str, known: &std::collections::HashSet<String>) {
    match value {
        Value::Object(members) => members
            .iter()
            .for_each(|(name, value)| refer(value, name, known)),
        Value::Array(values) => values.iter().for_each(|value| refer(value, name, known)),
        Value::String(id) if name.ends_with("Id") && name != "workerId" => {
            assert!(known.contains(id), "{name} {id} is not known");
        }
        _ => {}
    }
}
