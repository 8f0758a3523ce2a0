//! `bdd report`: every report of a finished run again, and reports of the runs of other tools.

use std::path::{Path, PathBuf};

use bdd::report::FormatName;

use super::*;

/// Every format into a folder, and JUnit as one file too.
fn every_format(folder: &str) -> Vec<String> {
    let names = FormatName::ALL.into_iter();
    let mut formats: Vec<String> = names
        .map(|name| format!("{name}:{folder}/{name}"))
        .collect();
    formats.push(format!("junit:{folder}/junit.xml"));
    formats
        .into_iter()
        .flat_map(|one| ["-f".to_owned(), one])
        .collect()
}

/// The files of a folder, as deep as they are.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => files.extend(self::files(&path)),
            false => files.push(path),
        }
    }
    files.sort();
    files
}

/// Two folders have the same files with the same bytes.
fn same(project: &Project, one: &str, other: &str) {
    let (one, other) = (project.path(one), project.path(other));
    let relative = |folder: &Path| -> Vec<PathBuf> {
        let files = files(folder).into_iter();
        files
            .map(|file| file.strip_prefix(folder).unwrap().to_owned())
            .collect()
    };
    assert_eq!(relative(&one), relative(&other));
    for file in relative(&one) {
        let read = |folder: &Path| std::fs::read(folder.join(&file)).unwrap();
        let (first, second) = (read(&one), read(&other));
        assert!(
            first == second,
            "{}:\n{}\n----\n{}",
            file.display(),
            String::from_utf8_lossy(&first),
            String::from_utf8_lossy(&second)
        );
    }
}

fn mixed(project: &Project) {
    let scenarios = [
        ("one", PASSES),
        ("two", FAILS),
        ("three", "nobody knows this"),
    ];
    project
        .file("features/a.feature", feature("A", &scenarios))
        .file("features/b.feature", feature("B", &scenarios[..2]))
        .file("features/bad.feature", NO_GHERKIN);
}

#[test]
fn every_report_of_a_run_can_be_made_again() {
    let project = project();
    mixed(&project);
    let flags = ["run", "--keep-going", "--retries", "1", "-j2"];
    let formats = every_format("one");
    let arguments = flags
        .iter()
        .copied()
        .chain(formats.iter().map(String::as_str));
    project.bdd(arguments).exits(3);
    let formats = every_format("two");
    let arguments = ["report", "one/events"].into_iter();
    project
        .bdd(arguments.chain(formats.iter().map(String::as_str)))
        .exits(3);
    same(&project, "one", "two");
}

#[test]
fn a_shard_alone_is_a_run_of_its_own() {
    let project = project();
    mixed(&project);
    std::fs::remove_file(project.path("features/bad.feature")).unwrap();
    let formats = every_format("one");
    let flags = ["run", "--shard", "slice:1/2"].into_iter();
    let run = project.bdd(flags.chain(formats.iter().map(String::as_str)));
    let code = run.run().code;
    let formats = every_format("two");
    let arguments = ["report", "one/events"].into_iter();
    project
        .bdd(arguments.chain(formats.iter().map(String::as_str)))
        .exits(code.unwrap());
    same(&project, "one", "two");
    project.bdd(["merge", "one/events"]).exits(2);
}

#[test]
fn a_run_that_selected_nothing_is_no_success() {
    let project = project();
    mixed(&project);
    std::fs::remove_file(project.path("features/bad.feature")).unwrap();
    let run = |more: &[&str], code| {
        let run = ["run", "--tags", "@none", "-f", "events:run.events"];
        project.bdd(run.iter().chain(more)).exits(code);
    };
    run(&[], 4);
    for again in ["report", "merge"] {
        project
            .bdd([again, "run.events", "-f", "events:again.events"])
            .exits(4)
            .stderr_has("error: nothing was selected in any of the files");
        project.bdd(["report", "again.events"]).exits(4);
    }
    run(&["--allow-empty"], 0);
    for again in ["report", "merge"] {
        project.bdd([again, "run.events"]).exits(0);
    }
}

#[test]
fn a_run_that_was_cut_off_has_all_its_scenarios() {
    let project = project();
    mixed(&project);
    project
        .bdd(["run", "--keep-going", "-j1", "-f", "events:run.events"])
        .exits(3);
    let text = project.read("run.events");
    let half = text.find("\"scenario_finished\"").unwrap();
    project.file("half.events", &text[..half]);
    project
        .bdd(["report", "half.events", "-f", "junit:half.xml"])
        .exits(3);
    let junit = project.read("half.xml");
    assert_eq!(junit.matches("<testcase ").count(), 7, "{junit}");
}

/// A stream of an older tool: no types of hooks, no locations of pickles, a Java method.
const FOREIGN: &str = r#"{"meta":{"protocolVersion":"17","implementation":{"name":"old","version":"1"}}}
{"source":{"uri":"a.feature","data":"Feature: A\n  Scenario: b\n    Given c\n","mediaType":"text/x.cucumber.gherkin+plain"}}
{"gherkinDocument":{"uri":"a.feature","feature":{"location":{"line":1},"language":"en","keyword":"Feature","name":"A","children":[{"scenario":{"id":"s","location":{"line":2},"keyword":"Scenario","name":"b","steps":[{"id":"t","location":{"line":3},"keyword":"Given ","text":"c"}]}}]}}}
{"pickle":{"id":"p","uri":"a.feature","name":"b","language":"en","astNodeIds":["s"],"steps":[{"id":"ps","text":"c","astNodeIds":["t"]}]}}
{"pickle":{"id":"q","uri":"a.feature","name":"never run","language":"en","astNodeIds":[],"steps":[]}}
{"hook":{"id":"h","sourceReference":{"javaMethod":{"className":"Hooks","methodName":"close"}}}}
{"somethingNew":{"id":"x"}}
{"testRunStarted":{"timestamp":{"seconds":10,"nanos":0}}}
{"testCase":{"id":"c","pickleId":"p","testSteps":[{"id":"cs","pickleStepId":"ps","stepDefinitionIds":[]},{"id":"ch","hookId":"h"}]}}
{"testCaseStarted":{"id":"r","testCaseId":"c","attempt":0,"timestamp":{"seconds":11,"nanos":0}}}
{"testStepStarted":{"testCaseStartedId":"r","testStepId":"cs","timestamp":{"seconds":11,"nanos":0}}}
{"testStepFinished":{"testCaseStartedId":"r","testStepId":"cs","testStepResult":{"status":"UNDEFINED"},"timestamp":{"seconds":12,"nanos":0}}}
{"testStepFinished":{"testCaseStartedId":"r","testStepId":"ch","testStepResult":{"status":"FAILED","message":"closed twice\n  at Hooks"},"timestamp":{"seconds":12,"nanos":0}}}
{"testCaseFinished":{"testCaseStartedId":"r","timestamp":{"seconds":13,"nanos":0}}}
{"testRunFinished":{"success":false,"timestamp":{"seconds":14,"nanos":0}}}
"#;

#[test]
fn messages_of_another_tool_are_read_as_far_as_they_go() {
    let project = Project::new();
    project.file("old.ndjson", FOREIGN);
    project
        .bdd([
            "report",
            "old.ndjson",
            "-f",
            "pretty",
            "-f",
            "junit:old.xml",
        ])
        .exits(1)
        .stdout_has("after_scenario hook")
        .stdout_has("closed twice");
    let junit = project.read("old.xml");
    assert!(
        junit.contains(r#"<testcase name="b" classname="A" timestamp="1970-01-01T00:00:11.000+00:00" time="2.000" file="a.feature" line="2">"#),
        "{junit}"
    );
    assert!(
        junit.contains("the messages have no result of it"),
        "{junit}"
    );

    // Cut off in the middle of a line: no scenario is lost, and the run is not green.
    project.file(
        "cut.ndjson",
        &FOREIGN[..FOREIGN.find("\"testCaseFinished").unwrap() + 9],
    );
    project
        .bdd(["report", "cut.ndjson", "-f", "junit:cut.xml"])
        .exits(1);
    assert_eq!(project.read("cut.xml").matches("<testcase ").count(), 3);

    // A line that is no message is named.
    project.file(
        "bad.ndjson",
        FOREIGN.replace("{\"somethingNew", "[\"somethingNew"),
    );
    project
        .bdd(["report", "bad.ndjson"])
        .exits(2)
        .stderr_has("bad.ndjson:7:15: not a Cucumber Message: its members");
}

/// The messages have all pickles of a file, and not only those that were selected.
#[test]
fn messages_of_a_part_of_the_scenarios_are_a_run_of_these() {
    let project = project();
    let all = feature("A", &[("one", PASSES), ("two", FAILS), ("three", PASSES)]);
    project.file("features/a.feature", all);
    for (flags, code, counts) in [
        (
            &["--name", "one"][..],
            0,
            "1 scenario passed, 0 failed, 0 skipped\n",
        ),
        (
            &["--name", "t"],
            1,
            "1 scenario passed, 1 failed, 0 skipped\n",
        ),
        (
            &["--shard", "slice:1/2"],
            0,
            "1 scenario passed, 0 failed, 0 skipped\n",
        ),
        (
            &["--shard", "slice:2/2"],
            1,
            "1 scenario passed, 1 failed, 0 skipped\n",
        ),
    ] {
        let run = project
            .bdd(["run", "-f", "messages:run.ndjson"])
            .with(flags);
        run.exits(code);
        let again = project.bdd(["report", "run.ndjson", "-f", "summary"]);
        again.exits(code).stdout_has(counts);
    }
    // Another tool that failed may not have run all that it has selected.
    let text = project.read("run.ndjson");
    project.file(
        "run.ndjson",
        text.replace("\"name\":\"bdd\"", "\"name\":\"other\""),
    );
    project
        .bdd(["report", "run.ndjson"])
        .exits(1)
        .stdout_has("1 scenario not run: the messages have no result of it");
}

/// The messages say that the run failed, but nothing in them did.
#[test]
fn a_failure_that_nothing_explains_is_not_lost() {
    let project = Project::new();
    let green = FOREIGN
        .replace("FAILED", "PASSED")
        .replace("UNDEFINED", "PASSED");
    let skip = |line: &&str| !line.contains("never run");
    let green: Vec<&str> = green.lines().filter(skip).collect();
    project.file("red.ndjson", green.join("\n") + "\n");
    project
        .bdd(["report", "red.ndjson"])
        .exits(1)
        .stdout_has("the run failed, and no scenario says why");
    let green = green
        .join("\n")
        .replace("\"success\":false", "\"success\":true");
    project.file("green.ndjson", green + "\n");
    project.bdd(["report", "green.ndjson"]).exits(0);
}
