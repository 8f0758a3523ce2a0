//! The runner is killed: what it wrote is whole or not there, and its workers end by themselves.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::path::PathBuf;
use std::process::Stdio;
use std::thread;

use super::*;

/// Reads all reports that have their names; the names of those that have none.
fn missing(project: &Project, scenarios: usize) -> Vec<&'static str> {
    let mut missing = Vec::new();
    for name in [
        "events.jsonl",
        "messages.ndjson",
        "junit.xml",
        "rerun.txt",
        "each",
    ] {
        let path = project.path(name);
        match name {
            "each" => {
                for path in xml_files(path) {
                    assert!(!cases(&fs::read_to_string(path).unwrap()).is_empty());
                }
            }
            _ if !path.exists() => missing.push(name),
            "junit.xml" => assert_eq!(cases(&project.read(name)).len(), scenarios),
            "rerun.txt" => {
                let text = project.read(name);
                let mut lines = text.lines().skip(1);
                let whole = text.starts_with("# ") && text.ends_with('\n');
                assert!(
                    whole && lines.all(|line| line.starts_with("features/")),
                    "{text}"
                );
            }
            _ => {
                let text = project.read(name);
                let lines = text.lines().map(serde_json::from_str::<Value>);
                let lines: Vec<Value> = lines.collect::<Result<_, _>>().unwrap();
                let last = lines.last().unwrap();
                let is_last = last["type"] == "run_finished" || last["testRunFinished"].is_object();
                assert!(is_last && text.ends_with('\n'), "{name} ends in {last}");
            }
        }
    }
    missing
}

/// The files of a folder that is to hold nothing else but what has not got its name yet.
fn xml_files(folder: PathBuf) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let paths = entries.map(|entry| entry.unwrap().path());
    let named = paths.filter(|path| !path.file_name().unwrap().to_string_lossy().starts_with('.'));
    named.collect()
}

/// What `--failed` takes; that it says nothing of damage.
fn failed(project: &Project) -> Vec<String> {
    let outcome = project.bdd(["list", "--failed"]).within("root").exits(0);
    let known = [
        "",
        "warning: there is no record of an earlier run: --failed takes all scenarios\n",
    ];
    if !known.contains(&&*outcome.stderr) {
        outcome.fail("the record is damaged");
    }
    let lines = outcome.stdout.lines();
    let named = lines.filter_map(|line| Some(line.trim().split_once("  ")?.1.to_owned()));
    named.collect()
}

/// The temporary files beside the reports.
fn unfinished(project: &Project) -> Vec<String> {
    let mut folders = vec![project.path("")];
    folders.extend(Some(project.path("each")).filter(|folder| folder.exists()));
    let entries = folders
        .iter()
        .flat_map(|folder| fs::read_dir(folder).unwrap());
    let names = entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
    names.filter(|name| name.ends_with(".tmp")).collect()
}

/// The line of the table.
pub(super) fn row() -> String {
    let project = with_faults("");
    let scenarios = [
        "before: a step that sleeps 30 ms",
        "guilty: a step that leaves a daemon running; a step that kills the runner",
        "behind: a step that passes",
    ];
    project.file("root/features/a.feature", feature("A", &scenarios));
    let outcome = run_beside(&project, &["-j", "1"]).run();
    if outcome.code.is_some() {
        outcome.fail("it should have been killed");
    }
    all_end(&project, "a step killed the runner");
    let missing = missing(&project, 3);
    assert_eq!(
        missing,
        ["events.jsonl", "messages.ndjson", "junit.xml", "rerun.txt"]
    );
    assert_eq!(failed(&project), ["guilty", "behind"]);
    assert!(!unfinished(&project).is_empty());
    // The next run finds nothing in its way.
    let outcome = run_beside(&project, &["--failed", "--name", "behind"]).exits(0);
    assert_eq!(outcome.stderr, "");
    assert_eq!(failed(&project), ["guilty"]);
    assert_eq!(unfinished(&project), [""; 0]);
    nothing_left(&project);
    "| `kill -9` of the runner | none; `--failed` runs it and everything that had not run | no report gets \
     its final name; the next run removes what is left | ends itself and everything that it started |  |"
        .to_owned()
}

/// Numbers that look random, other ones each time.
struct Numbers(u64);

impl Numbers {
    fn new() -> Self {
        Self(RandomState::new().build_hasher().finish() | 1)
    }

    /// From 0 up to 1.
    fn next(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }
}

const SCENARIOS: usize = 60;

fn busy() -> Project {
    let project = with_faults("");
    let steps = [
        "a step that passes; a step that prints \"noise\"",
        "a step that sleeps 2 ms",
        "a step that keeps a process running",
        "a step that fails",
        "a step that leaves a daemon running; a step that sleeps 5 ms",
        "a step that passes from attempt 1 on",
    ];
    for (number, letter) in ["a", "b", "c"].into_iter().enumerate() {
        let scenarios: Vec<_> = (0..SCENARIOS / 3)
            .map(|position| {
                // Leaks take their time: few of them.
                let step = match position {
                    0 => steps[4],
                    _ => steps[[0, 1, 2, 3, 5][(position + number) % 5]],
                };
                format!("{letter}{position}: {step}")
            })
            .collect();
        let scenarios: Vec<&str> = scenarios.iter().map(String::as_str).collect();
        project.file(
            &format!("root/features/{letter}.feature"),
            feature(letter, &scenarios),
        );
    }
    project
}

/// Kills runs of a project at so many moments, spread over all that a run does.
fn kill_often(times: usize) {
    let project = busy();
    project.folder("tmp");
    let arguments = ["-j", "3", "--retries", "1", "-f", "junit:../each/"];
    let start = Instant::now();
    run_beside(&project, &arguments).exits(1);
    let whole = start.elapsed();
    let mut numbers = Numbers::new();
    for round in 0..times {
        // What is written at the end takes a small part of the time.
        let part = match round % 3 {
            0 => 0.85 + 0.25 * numbers.next(),
            _ => numbers.next(),
        };
        let after = whole.mul_f64(part);
        let mut command = run_beside(&project, &arguments).command();
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        thread::sleep(after);
        child.kill().unwrap();
        child.wait().unwrap();
        all_end(&project, &format!("{after:?}"));
        missing(&project, SCENARIOS);
        assert!(failed(&project).len() <= SCENARIOS);
        if round % 8 == 0 {
            // Otherwise they would be there from some round on.
            for name in ["events.jsonl", "messages.ndjson", "junit.xml", "rerun.txt"] {
                let _ = fs::remove_file(project.path(name));
            }
        }
    }
    // All that was left in the way does not disturb a run that is left alone.
    let outcome = run_beside(&project, &arguments).exits(1);
    let results = results(&project, &outcome);
    once_in_messages(&project, &results);
    assert_eq!(results.finals.len(), SCENARIOS);
    // Nor is any of it left.
    assert_eq!(unfinished(&project), [""; 0]);
}

/// `BDD_TEST_KILLS` says how many runs, 40 without it.
#[test]
fn a_killed_runner_leaves_nothing_half_written() {
    const THREADS: usize = 4;
    let wanted = std::env::var("BDD_TEST_KILLS").map(|kills| kills.parse::<usize>().unwrap());
    let kills = wanted.unwrap_or(40);
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| kill_often(kills.div_ceil(THREADS)));
        }
    });
}
