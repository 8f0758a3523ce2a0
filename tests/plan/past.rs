//! The last results of each scenario, and what a run reads of the record of others.

use std::collections::BTreeMap;
use std::fs::{self, File, FileTimes};
use std::os::unix::fs::FileExt;
use std::sync::Arc;

use bdd::event::{Event, Status};
use bdd::history::{History, KEPT, PastResult, RecordedResult, Recorder, Recording, results_of};
use proptest::prelude::*;

use super::*;
use crate::report::stream::{self, End, Stream};

/// What one scenario does in a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Does {
    Pass,
    Fail,
    /// Fails, and passes when it is retried.
    Flake,
    /// Is planned and not reached.
    Wait,
}

/// A run that selects scenarios by file and number.
#[derive(Debug, Clone)]
struct Run {
    /// When it starts, in seconds after that of other streams.
    start: u64,
    scenarios: Vec<(u8, u8, Does)>,
    /// Whether it selects everything of its files.
    whole: bool,
}

fn uri(file: u8) -> String {
    format!("{file}.feature")
}

fn id(file: u8, number: u8) -> String {
    format!("{}::S:{number}", uri(file))
}

/// Records a run up to its last scenario.
fn recorded(project: &Project, run: &Run) -> Recorder {
    let mut files: BTreeMap<u8, Vec<(u8, Does)>> = BTreeMap::new();
    for (file, number, does) in &run.scenarios {
        let scenarios = files.entry(*file).or_default();
        if scenarios.iter().all(|(other, _)| other != number) {
            scenarios.push((*number, *does));
        }
    }
    let (mut features, mut all) = (Vec::new(), Vec::new());
    let uris: Vec<String> = files.keys().map(|file| uri(*file)).collect();
    for (file, scenarios) in &files {
        project.file(&uri(*file), "");
        let mut feature = stream::feature(&uri(*file), "F");
        for (number, does) in scenarios {
            let mut scenario = stream::scenario("S", u32::from(*number), &["* a step"]);
            scenario.id = id(*file, *number).into();
            feature.scenarios.push(scenario);
            all.push(*does);
        }
        features.push(feature);
    }
    let mut stream = Stream::new().retries(1).start(features);
    for (index, does) in (0..).zip(all) {
        let fails = || vec![stream::failed(0, 1, stream::error("Error", "it"))];
        stream = match does {
            Does::Pass => stream.run(index, vec![stream::passed(0, 1)]),
            Does::Fail => stream.run(index, fails()),
            Does::Flake => {
                let again = End {
                    will_be_retried: true,
                    ..End::default()
                };
                let stream = stream.attempt(index, 0, fails(), again);
                stream.attempt(index, 1, vec![stream::passed(0, 2)], End::default())
            }
            Does::Wait => stream,
        };
    }
    let whole_files = uris.iter().filter(|_| run.whole);
    let mut recorder = Recorder::new(Recording {
        root: project.path("."),
        whole_files: whole_files.map(|uri| Arc::from(&**uri)).collect(),
        ..Recording::default()
    });
    for mut event in stream.events {
        if let Event::RunStarted { at, .. } | Event::ScenarioStarted { at, .. } = &mut event {
            at.0 += run.start * 1_000_000;
        }
        recorder.event(&event);
    }
    recorder
}

fn record(project: &Project, run: &Run) {
    assert_eq!(recorded(project, run).finish(), [""; 0]);
}

fn run_of(start: u64, scenarios: &[(u8, u8, Does)]) -> Run {
    Run {
        start,
        scenarios: scenarios.to_vec(),
        whole: false,
    }
}

fn past(project: &Project, id: &str) -> Vec<PastResult> {
    let mut all = results_of(&project.path("."), [id, "none"]).unwrap();
    all.remove(id).unwrap_or_default()
}

/// Replaces a file by something that cannot be read, with the same length and time.
fn spoil(project: &Project, name: &str) {
    let path = project.path(name);
    let file = File::options().write(true).open(&path).unwrap();
    let found = file.metadata().unwrap();
    let nonsense = vec![b'x'; usize::try_from(found.len()).unwrap()];
    file.write_all_at(&nonsense, 0).unwrap();
    let times = FileTimes::new().set_modified(found.modified().unwrap());
    file.set_times(times).unwrap();
}

#[test]
fn what_is_on_record_of_others_is_not_read() {
    let project = project();
    let two = [("One", FAILS), ("Two", PASSES)];
    project
        .file("features/a.feature", feature("A", &two))
        .file("features/b.feature", feature("B", &two));
    run(&project, &[]).exits(1);
    spoil(&project, ".bdd/history.jsonl");
    let list = project.bdd(["list", "--failed", "features/a.feature"]);
    list.exits(0).stderr("").stdout_has("1 feature, 1 scenario");
}

#[test]
fn the_last_results_of_a_scenario_are_kept() {
    let project = Project::new();
    project
        .file(".git/HEAD", "ref: refs/heads/main\n")
        .file(".git/refs/heads/main", format!("{}\n", "a1".repeat(20)));
    for start in 0..70 {
        let does = match start % 3 {
            0 => Does::Pass,
            1 => Does::Fail,
            _ => Does::Flake,
        };
        record(
            &project,
            &run_of(start, &[(1, 1, does), (1, 2, Does::Pass)]),
        );
        record(
            &project,
            &run_of(start, &[(2, 1, Does::Wait), (1, 3, Does::Pass)]),
        );
    }
    let results = past(&project, &id(1, 1));
    assert_eq!(results.len(), KEPT);
    assert!(results.is_sorted_by_key(|one| one.at));
    for (one, start) in results.iter().zip(20..) {
        let known = one.run.as_ref().unwrap();
        assert_eq!(known.revision, Some("a1".repeat(20)));
        assert_eq!(
            known.start.0 % 60_000_000,
            (5 + start) * 1_000_000 % 60_000_000
        );
        assert!(one.at >= known.start && one.nanos > 0);
        let expected = match start % 3 {
            0 => (RecordedResult::Passed, Status::Passed, 1),
            1 => (RecordedResult::Failed, Status::Failed, 1),
            _ => (RecordedResult::Passed, Status::Passed, 2),
        };
        assert_eq!((one.result, one.status, one.attempts), expected, "{start}");
    }
    assert_eq!(past(&project, &id(2, 1)), []);
    assert_eq!(past(&project, &id(3, 1)), []);
}

/// Several threads look for so many.
#[test]
fn scenarios_that_are_looked_up_together_have_the_results_of_each_alone() {
    let project = Project::new();
    let all: Vec<_> = (0..20)
        .flat_map(|file| (0..200).map(move |number| (file, number)))
        .collect();
    let mut expected = 0;
    for start in 0..5 {
        let does = |number| match (u64::from(number) + start) % 3 {
            0 => Does::Pass,
            1 => Does::Fail,
            _ => Does::Wait,
        };
        let some = all.iter().skip(700 * start as usize);
        let some: Vec<_> = some
            .map(|(file, number)| (*file, *number, does(*number)))
            .collect();
        expected += some.iter().filter(|(.., does)| *does != Does::Wait).count();
        record(&project, &run_of(start, &some));
    }
    let ids: Vec<String> = all
        .iter()
        .map(|(file, number)| id(*file, *number))
        .collect();
    let twice = ids.iter().chain(&ids).map(|id| &**id);
    let together = results_of(&project.path("."), twice.chain(["none"])).unwrap();
    assert!(together.len() < ids.len());
    for id in ids.iter().step_by(7) {
        let found = together.get(&**id).cloned().unwrap_or_default();
        assert_eq!(found, past(&project, id), "{id}");
    }
    let count = together.values().map(Vec::len).sum::<usize>();
    assert_eq!(count, expected);
}

/// More blocks than are searched one by one, and more than a page of records in a block.
#[test]
fn many_runs_are_merged() {
    let project = Project::new();
    let all: Vec<_> = (0..8)
        .flat_map(|file| (0..200).map(move |number| (file, number, Does::Fail)))
        .collect();
    let length = || {
        fs::metadata(project.path(".bdd/results.bin"))
            .unwrap()
            .len()
    };
    record(&project, &run_of(0, &all));
    for start in 1..40 {
        record(&project, &run_of(start, &all[..800]));
    }
    let merged = 1600 * 32 + 39 * 800 * 32;
    assert!(length() < 2 * merged + 512 * 1024, "{}", length());
    for start in 40..1300 {
        record(&project, &run_of(start, &[(9, 1, Does::Pass)]));
    }
    for (file, number) in [(0, 0), (3, 199), (7, 199), (9, 1)] {
        let expected = match file {
            0 | 3 => 40,
            7 => 1,
            _ => KEPT,
        };
        let results = past(&project, &id(file, number));
        assert_eq!(results.len(), expected, "{file} {number}");
    }
    assert!(length() < 2 * merged + 512 * 1024, "{}", length());
}

#[test]
fn a_record_from_elsewhere_counts_at_once() {
    let project = Project::new();
    record(
        &project,
        &run_of(0, &[(1, 1, Does::Pass), (1, 2, Does::Fail)]),
    );
    let failed = |id: &str| {
        let history = History::of(&project.path("."), [id]).history.unwrap();
        history.failed(id)
    };
    assert!(!failed(&id(1, 1)) && failed(&id(1, 2)));
    let other = project
        .read(".bdd/history.jsonl")
        .replace("\"passed\"", "\"failed\"");
    project.file(".bdd/history.jsonl", other);
    assert!(failed(&id(1, 1)));
    record(&project, &run_of(9, &[(1, 2, Does::Pass)]));
    assert!(failed(&id(1, 1)) && !failed(&id(1, 2)));
    assert_eq!(past(&project, &id(1, 2)).len(), 2);
    fs::remove_file(project.path(".bdd/history.jsonl")).unwrap();
    assert!(
        History::of(&project.path("."), [&*id(1, 1)])
            .history
            .is_none()
    );
    record(&project, &run_of(10, &[(1, 2, Does::Pass)]));
    assert!(!failed(&id(1, 1)));
}

#[test]
fn a_file_of_results_that_is_damaged_is_set_aside() {
    let project = Project::new();
    let run = run_of(0, &[(1, 1, Does::Fail)]);
    record(&project, &run);
    project.file(".bdd/results.bin", "nonsense that is long enough");
    let failed = || {
        let loaded = History::of(&project.path("."), [&*id(1, 1)]);
        assert_eq!(loaded.warnings, [""; 0]);
        loaded.history.unwrap().failed(&id(1, 1))
    };
    assert!(failed());
    let warnings = recorded(&project, &run_of(1, &[(1, 2, Does::Fail)])).finish();
    let warning = "the earlier results in .bdd/results.bin are damaged; they were set aside as .bdd/results.damaged-1.bin";
    assert_eq!(warnings, [warning]);
    assert!(failed());
    assert_eq!(past(&project, &id(1, 1)).len(), 1);
}

/// A run that is killed while it adds its results leaves a part of a block.
#[test]
fn results_that_were_cut_off_are_found_again() {
    let project = Project::new();
    record(
        &project,
        &run_of(0, &[(1, 1, Does::Fail), (1, 2, Does::Pass)]),
    );
    record(
        &project,
        &run_of(1, &[(1, 1, Does::Fail), (1, 3, Does::Fail)]),
    );
    let whole = fs::read(project.path(".bdd/results.bin")).unwrap();
    let history = project.read(".bdd/history.jsonl");
    for length in 8..whole.len() {
        project.file(".bdd/history.jsonl", &history);
        fs::write(project.path(".bdd/results.bin"), &whole[..length]).unwrap();
        for start in 2..4 {
            let ids = [id(1, 1), id(1, 2), id(1, 3)];
            let loaded = History::of(&project.path("."), ids.iter().map(|id| &**id));
            let history = loaded.history.unwrap();
            let failed = ids.each_ref().map(|id| history.failed(id));
            assert_eq!(failed, [true, false, true], "{length}");
            record(&project, &run_of(start, &[(1, 2, Does::Pass)]));
        }
        assert!(past(&project, &id(1, 2)).len() >= 2, "{length}");
    }
}

fn runs() -> impl Strategy<Value = Vec<(Run, u8)>> {
    let does = prop_oneof![
        Just(Does::Pass),
        Just(Does::Fail),
        Just(Does::Flake),
        Just(Does::Wait)
    ];
    let scenarios = prop::collection::vec((0..3_u8, 0..4_u8, does), 1..8);
    // Runs overlap: one may be added that started before the last.
    let one = (0..12_u64, scenarios, any::<bool>(), 0..10_u8);
    let one = one.prop_map(|(start, mut scenarios, whole, trouble)| {
        // A run that starts nothing is not recorded.
        scenarios.push((3, 0, Does::Pass));
        let run = Run {
            start,
            scenarios,
            whole,
        };
        (run, trouble)
    });
    prop::collection::vec(one, 1..12)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    /// What is looked up is what is found in the whole record, whatever has happened to the file for it.
    #[test]
    fn looking_up_gives_what_reading_gives(runs in runs()) {
        let project = Project::new();
        for (run, trouble) in &runs {
            record(&project, run);
            match trouble {
                0 => fs::remove_file(project.path(".bdd/results.bin")).unwrap(),
                1 => {
                    let file = File::options().write(true).open(project.path(".bdd/results.bin")).unwrap();
                    file.set_len(file.metadata().unwrap().len() * 2 / 3).unwrap();
                }
                _ => {}
            }
            let whole = History::load(&project.path("."));
            let whole = whole.history.unwrap();
            for (file, number) in (0..3).flat_map(|file| (0..4).map(move |number| (file, number))) {
                let id = id(file, number);
                let one = History::of(&project.path("."), [&*id]).history.unwrap();
                prop_assert_eq!(one.failed(&id), whole.failed(&id), "{}", id);
                prop_assert_eq!(one.nanos(&id), whole.nanos(&id), "{}", id);
            }
        }
    }
}
