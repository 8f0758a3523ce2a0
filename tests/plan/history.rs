//! The folder `.bdd`: what is in it, and what becomes of it when something goes wrong.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;
use std::sync::Barrier;
use std::thread;
use std::time::Duration;

use bdd::event::Event;
use bdd::history::{History, RecordedResult, Recorder, Recording, results_of};

use super::*;
use crate::report::stream;
use crate::support::waiting::until;

/// The results on record, by id, without the path.
fn record(project: &Project) -> BTreeMap<String, String> {
    let loaded = History::load(&project.path("."));
    assert_eq!(loaded.warnings, [""; 0]);
    let history = loaded.history.unwrap();
    let results = history.results().map(|(id, entry)| {
        let name = id.rsplit("::").next().unwrap().to_owned();
        let result = match entry.result {
            RecordedResult::Passed => "passed",
            RecordedResult::Failed => "failed",
            RecordedResult::NotRun => "not_run",
        };
        (name, result.to_owned())
    });
    results.collect()
}

/// What is in the folder between runs.
const FILES: [&str; 5] = [
    ".gitignore",
    "history.jsonl",
    "lock",
    "results.bin",
    "steps.json",
];

fn names(project: &Project) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(project.path(".bdd"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn git_does_not_see_it_and_nothing_else_is_left_there() {
    let project = project();
    project.file(
        "features/a.feature",
        feature("A", &[("One", PASSES), ("Two", FAILS)]),
    );
    run(&project, &[]).exits(1);
    assert_eq!(names(&project), FILES);
    assert_eq!(project.read(".bdd/.gitignore"), "*\n");
    let record = record(&project);
    assert_eq!(record["One"], "passed");
    assert_eq!(record["Two"], "failed");
}

#[test]
fn what_is_gone_is_forgotten() {
    let project = project();
    project
        .file(
            "features/a.feature",
            feature("A", &[("One", PASSES), ("Two", PASSES)]),
        )
        .file("features/b.feature", feature("B", &[("Three", FAILS)]))
        .file("features/c.feature", feature("C", &[("Four", FAILS)]));
    run(&project, &[]).exits(1);
    project.file(
        "features/a.feature",
        feature("A", &[("Two", PASSES), ("New", PASSES)]),
    );
    fs::remove_file(project.path("features/b.feature")).unwrap();
    let names = || record(&project).into_keys().collect::<Vec<_>>();
    // A part of a file says nothing of the rest of it.
    run(&project, &["--name", "New"]).exits(0);
    assert_eq!(names(), ["Four", "New", "One", "Three", "Two"]);
    run(&project, &["features/a.feature"]).exits(0);
    assert_eq!(names(), ["Four", "New", "Three", "Two"]);
    // That a file is gone is seen when the record is written anew.
    project.file(
        ".bdd/history.jsonl",
        project
            .read(".bdd/history.jsonl")
            .replacen("\"bdd_history\":2", "\"bdd_history\":1", 1),
    );
    run(&project, &["--name", "New"]).exits(0);
    assert_eq!(names(), ["Four", "New", "Two"]);
}

/// What other machines run of a file is not gone, and neither is what another run adds later.
#[test]
fn a_shard_of_a_file_keeps_the_results_of_the_others() {
    let project = project();
    project.file(
        "features/a.feature",
        feature("A", &[("One", FAILS), ("Two", FAILS), ("Three", PASSES)]),
    );
    run(&project, &[]).exits(1);
    run(&project, &["--shard", "slice:3/3"]).exits(0);
    let record = record(&project);
    assert_eq!(
        (&*record["One"], &*record["Two"], &*record["Three"]),
        ("failed", "failed", "passed")
    );
}

/// The record of many runs is as long as that of some.
#[test]
fn the_record_grows_with_the_project_and_not_with_the_runs() {
    let project = Project::new();
    let add = |first: u32, runs: u64| {
        for at in 0..runs {
            let warnings = recorded_all(&project, first..first + 1000, at).finish();
            assert_eq!(warnings, [""; 0]);
        }
    };
    let length = || project.read(".bdd/history.jsonl").len();
    add(0, 1);
    let one = length();
    add(0, 20);
    assert!(length() < 5 * one + 64 * 1024, "{one} {}", length());
    add(500, 20);
    assert!(length() < 5 * one + 64 * 1024, "{one} {}", length());
    let history = History::load(&project.path(".")).history.unwrap();
    assert_eq!(history.results().count(), 1500);
}

#[test]
fn a_damaged_record_is_set_aside() {
    let project = project();
    project.file("features/a.feature", feature("A", &[("One", FAILS)]));
    run(&project, &[]).exits(1);
    let damaged = format!("{}{{\"id\":\n", project.read(".bdd/history.jsonl"));
    project.file(".bdd/history.jsonl", &damaged);
    run(&project, &["--failed"])
        .exits(1)
        .stdout_has("the record of earlier runs is damaged (.bdd/history.jsonl:3); it was set aside as .bdd/history.damaged-1.jsonl");
    assert_eq!(project.read(".bdd/history.damaged-1.jsonl"), damaged);
    assert_eq!(record(&project)["One"], "failed");

    project.file(".bdd/history.jsonl", "");
    run(&project, &["--failed"])
        .exits(1)
        .stdout_has("set aside as .bdd/history.damaged-2.jsonl");
    assert_eq!(started(&project), ["One"]);
}

#[test]
fn the_record_of_a_newer_bdd_is_left_alone() {
    let project = project();
    project
        .file("features/a.feature", feature("A", &[("One", PASSES)]))
        .file(".bdd/history.jsonl", "{\"bdd_history\":99}\n");
    run(&project, &[])
        .exits(0)
        .stdout_has("its format version is 99, and this bdd reads 2");
    assert_eq!(project.read(".bdd/history.jsonl"), "{\"bdd_history\":99}\n");
}

#[test]
fn a_folder_that_cannot_be_written_is_a_warning() {
    let project = project();
    project
        .file("features/a.feature", feature("A", &[("One", PASSES)]))
        // Root may write everywhere, but not here.
        .file(".bdd", "");
    run(&project, &[])
        .exits(0)
        .stdout_has("cannot keep the results of this run in .bdd: ");
    run(&project, &["--failed"]).exits(0);
    assert_eq!(started(&project), ["One"]);
}

#[test]
fn runs_at_the_same_time_lose_nothing() {
    let project = project();
    let titles: Vec<String> = (0..6).map(|number| format!("F{number}")).collect();
    for title in &titles {
        let names: Vec<String> = (0..8).map(|number| format!("{title}-{number}")).collect();
        let scenarios: Vec<_> = names.iter().map(|name| (&**name, FAILS)).collect();
        project.file(
            &format!("features/{title}.feature"),
            feature(title, &scenarios),
        );
    }
    let runs: Vec<_> = titles
        .iter()
        .map(|title| {
            let file = format!("features/{title}.feature");
            let mut command = project.bdd(["run", "-j1", &file]).command();
            command.stdout(Stdio::null()).stderr(Stdio::null());
            command.spawn().unwrap()
        })
        .collect();
    for mut run in runs {
        assert_eq!(run.wait().unwrap().code(), Some(1));
    }
    let record = record(&project);
    assert_eq!(record.len(), 48);
    assert!(
        record.values().all(|result| result == "failed"),
        "{record:?}"
    );
    assert_eq!(names(&project), FILES);
}

#[test]
fn a_run_that_is_killed_is_on_record() {
    let project = project();
    project.file(
        "features/a.feature",
        feature(
            "A",
            &[
                ("One", PASSES),
                ("Two", "a step that sleeps 60000 ms"),
                ("Three", PASSES),
            ],
        ),
    );
    let mut command = project.bdd(["run", "-j1"]).command();
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut killed = command.spawn().unwrap();
    let journal = || {
        let names = fs::read_dir(project.path(".bdd")).ok()?;
        let mut names = names.flatten().map(|entry| entry.file_name());
        names.find(|name| name.to_string_lossy().starts_with("run-"))
    };
    until("the run keeps a journal", || journal().is_some());
    // A run that goes on is none that was killed.
    project
        .bdd(["list", "--failed"])
        .exits(0)
        .stderr_has("there is no record of an earlier run");
    killed.kill().unwrap();
    killed.wait().unwrap();

    project
        .bdd(["list", "--failed", "--name", "Two"])
        .exits(0)
        .stdout_has("1 scenario");
    run(&project, &["--name", "One"]).exits(0);
    assert_eq!(journal(), None, "it is a part of the history now");
    let record = record(&project);
    assert_eq!(
        (&*record["One"], &*record["Two"], &*record["Three"]),
        ("passed", "not_run", "not_run")
    );
}

#[test]
fn the_record_of_an_older_run_does_not_hide_a_newer_one() {
    let project = project();
    project.file("features/a.feature", feature("A", &[("One", PASSES)]));
    run(&project, &[]).exits(0);
    let old = "{\"bdd_history\":1}\n{\"id\":\"features/a.feature::One\",\"result\":\"failed\",\"at\":5}\n";
    project.file(".bdd/run-5-1.jsonl", format!("{old}{{\"id\":\"cut"));
    project
        .bdd(["list", "--failed"])
        .exits(0)
        .stderr_has("no selected scenario failed");
    // And a clock that was wrong does not hide a result for ever.
    project.file(
        ".bdd/history.jsonl",
        old.replace("\"at\":5", "\"at\":9000000000000000"),
    );
    project
        .bdd(["list", "--failed"])
        .exits(0)
        .stdout_has("1 scenario");
    run(&project, &[]).exits(0);
    project
        .bdd(["list", "--failed"])
        .exits(0)
        .stderr_has("no selected scenario failed");
}

#[test]
fn a_folder_without_rights_is_read_as_far_as_it_can_be() {
    let project = project();
    project.file("features/a.feature", feature("A", &[("One", FAILS)]));
    run(&project, &[]).exits(1);
    let rights = |mode| fs::set_permissions(project.path(".bdd"), fs::Permissions::from_mode(mode));
    rights(0o500).unwrap();
    let outcome = run(&project, &["--failed"]).run();
    rights(0o700).unwrap();
    // Root is not kept from writing.
    outcome.code(1);
    assert_eq!(started(&project), ["One"]);
}

/// What a hook keeps from running did not run, also when no scenario ran at all.
#[test]
fn a_hook_that_fails_is_on_record() {
    let project = Project::new();
    let program = crate::support::step_program::hook_program();
    project
        .file("bdd.toml", crate::support::step_program::naming(&program))
        .file("features/a.feature", feature("A", &[("One", "a door")]));
    run(&project, &["-f", "rerun:list"]).exits(0);
    assert_eq!(
        project.read("list"),
        "# nothing failed, and nothing was left out\n"
    );
    let trouble = |name: &str| run(&project, &["-f", "rerun:list"]).env("TROUBLE", name);
    trouble("before_feature=fails").exits(1);
    let listed = || project.read("list").lines().nth(1).map(str::to_owned);
    let file = Some("features/a.feature".to_owned());
    assert_eq!(listed(), file);
    run(&project, &["--failed"]).exits(0);
    assert_eq!(started(&project), ["One"]);
    for hook in ["after_feature", "after_all"] {
        trouble(&format!("{hook}=fails")).exits(1);
        assert_eq!(listed(), file);
    }
}

/// Whenever a run is killed: the record can be read, and nothing that passed or failed before is
/// taken for something else.
#[test]
fn runs_that_are_killed_at_any_moment_leave_a_record_that_can_be_read() {
    let project = project();
    let all: Vec<String> = (0..60).map(|number| format!("S{number}")).collect();
    let scenarios: Vec<_> = all
        .iter()
        .map(|name| (&**name, "a step that sleeps 2 ms"))
        .collect();
    project
        .file("features/a.feature", feature("A", &scenarios))
        .file(
            "features/b.feature",
            feature("B", &[("Failed", FAILS), ("Passed", PASSES)]),
        );
    run(&project, &["features/b.feature"]).exits(1);
    for moment in 0..20 {
        let mut command = project.bdd(["run", "-j2", "features/a.feature"]).command();
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let mut killed = command.spawn().unwrap();
        thread::sleep(Duration::from_millis(moment * 9));
        // It may be over.
        let _ = killed.kill();
        killed.wait().unwrap();
        let list = project.bdd(["list", "--failed"]).exits(0).stderr("");
        assert!(
            list.stdout.contains("Failed") && !list.stdout.contains("Passed"),
            "{moment}"
        );
    }
    run(&project, &["features/a.feature"]).exits(0);
    let record = record(&project);
    assert_eq!(record.len(), 62);
    let passed = record.values().filter(|result| *result == "passed").count();
    assert_eq!(passed, 61);
    assert_eq!(names(&project), FILES);
}

/// The same without processes, which hardly ever end at the very same moment.
#[test]
fn records_that_end_at_the_same_moment_lose_nothing() {
    const RUNS: u32 = 16;
    for _ in 0..20 {
        let project = Project::new();
        let barrier = Barrier::new(RUNS as usize);
        thread::scope(|scope| {
            for number in 0..RUNS {
                let (project, barrier) = (&project, &barrier);
                scope.spawn(move || {
                    let recorder = recorded(project, number);
                    barrier.wait();
                    assert_eq!(recorder.finish(), [""; 0]);
                });
            }
        });
        let loaded = History::load(&project.path("."));
        assert_eq!(loaded.warnings, [""; 0]);
        let history = loaded.history.unwrap();
        let ids: Vec<String> = (0..RUNS)
            .map(|number| format!("{number}.feature::S:1"))
            .collect();
        let past = results_of(&project.path("."), ids.iter().map(|id| &**id)).unwrap();
        assert_eq!(past.len(), ids.len());
        for number in 0..RUNS {
            assert!(
                history.failed(&format!("{number}.feature::S:1")),
                "{number}"
            );
        }
        assert_eq!(names(&project), FILES);
    }
}

/// Only the calls of steps can come later: those of scenarios that hosts have added.
#[test]
fn results_are_added_while_the_run_ends() {
    let project = Project::new();
    let mut recorder = recorded(&project, 1);
    recorder.add_if_complete();
    until("the results are added", || names(&project) == FILES);
    assert_eq!(
        record(&project).into_values().collect::<Vec<_>>(),
        ["failed"]
    );
    recorder.event(&Event::StepFinished {
        scenario: 1,
        attempt: 0,
        step: 0,
        result: stream::passed(0, 3),
    });
    recorder.add_if_complete();
    assert_eq!(recorder.finish(), [""; 0]);
    let times = project.read(".bdd/steps.json");
    assert!(times.contains(r#""calls":2,"nanos":4000000,"#), "{times}");
}

/// A run that is killed while it adds its results leaves the middle of a line.
#[test]
fn a_record_that_was_cut_off_counts_up_to_there() {
    let project = project();
    project
        .file("features/a.feature", feature("A", &[("One", FAILS)]))
        .file("features/b.feature", feature("B", &[("Two", FAILS)]));
    run(&project, &[]).exits(1);
    let cut = project.read(".bdd/history.jsonl") + "{\"whole\":[\"feat";
    let warning = "the record of earlier runs ends in the middle of a line (.bdd/history.jsonl:4); the lines before it count";
    project.file(".bdd/history.jsonl", &cut);
    project
        .bdd(["list", "--failed"])
        .exits(0)
        .stderr_has(warning)
        .stdout_has("2 scenarios");
    run(&project, &["features/a.feature"])
        .exits(1)
        .stdout_has(warning);
    run(&project, &["features/b.feature"]).exits(1);
    assert_eq!(record(&project).len(), 2);
}

/// The record of a run of scenarios that failed, before it is added to the history.
fn recorded_all(project: &Project, numbers: std::ops::Range<u32>, at: u64) -> Recorder {
    let uri = "all.feature";
    project.file(uri, "");
    let mut planned = stream::feature(uri, "F");
    let mut recorder = Recorder::new(Recording {
        root: project.path("."),
        ..Recording::default()
    });
    let mut results = Vec::new();
    for (index, number) in (0..).zip(numbers) {
        let mut scenario = stream::scenario("S", index, &["* a step"]);
        scenario.index = index;
        scenario.id = format!("{uri}::S:{number}").into();
        planned.scenarios.push(scenario);
        results.push(index);
    }
    let stream = stream::Stream::new().start(vec![planned]);
    let stream = results.into_iter().fold(stream, |stream, index| {
        stream.run(
            index,
            vec![stream::failed(0, 1, stream::error("Error", "it"))],
        )
    });
    for mut event in stream.events {
        if let Event::RunStarted { at: start, .. } = &mut event {
            start.0 += at;
        }
        recorder.event(&event);
    }
    recorder
}

/// The record of a run of one scenario that failed, before it is added to the history.
fn recorded(project: &Project, number: u32) -> Recorder {
    let uri = format!("{number}.feature");
    project.file(&uri, "");
    let mut planned = stream::feature(&uri, "F");
    planned.scenarios = vec![stream::scenario("S", 1, &["* a step"])];
    planned.scenarios[0].id = format!("{uri}::S:1").into();
    let result = stream::failed(0, 1, stream::error("Error", "it"));
    let events = stream::Stream::new()
        .start(vec![planned])
        .run(0, vec![result])
        .events;
    let mut recorder = Recorder::new(Recording {
        root: project.path("."),
        ..Recording::default()
    });
    // Journals have their names from the process and the start of the run: those of one process
    // have to differ in the latter.
    for mut event in events {
        if let Event::RunStarted { at, .. } = &mut event {
            at.0 += u64::from(number);
        }
        recorder.event(&event);
    }
    recorder
}
