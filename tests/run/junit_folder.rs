//! `junit:DIR/`: several runs into one folder, and runs that are killed while they write it.

use rustix::process::Signal;

use super::signs::Started;
use super::*;

const INCOMPLETE: &str = "TEST-bdd.incomplete.xml";

/// The names of the reports in the folder.
pub(super) fn names(project: &Project) -> BTreeSet<String> {
    let entries = fs::read_dir(project.path("each")).into_iter().flatten();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.ends_with(".xml")).collect()
}

/// Whether a reader of the folder sees a failure.
fn says_it_is_incomplete(project: &Project) -> bool {
    let text = fs::read_to_string(project.path(&format!("each/{INCOMPLETE}")));
    text.is_ok_and(|text| {
        assert_eq!(cases(&text).len(), 1, "{text}");
        text.contains("errors=\"1\"")
            && text.contains("has not written all reports into this folder")
    })
}

/// A project with two folders of features. Each scenario waits for a file.
pub(super) fn two_folders() -> Project {
    let project = with_fake(
        "
def run(scenario, run=fake.run):
    log('started', scenario['name'])
    while not os.path.exists(scenario['name']) and os.path.exists('steps.py'):
        time.sleep(0.01)
    return run(scenario)
serve(run=run)",
    );
    for (folder, names) in [
        ("x", ["one", "two", "three"]),
        ("y", ["four", "five", "six"]),
    ] {
        for name in names {
            let scenario = format!("go-{folder}: it works");
            project.file(
                &format!("{folder}/{name}.feature"),
                feature(name, &[&scenario]),
            );
        }
    }
    project
}

pub(super) fn start(project: &Project, folder: &str) -> Started {
    let bdd = project
        .bdd([
            "run",
            "-j",
            "1",
            "-f",
            "progress",
            "-f",
            "junit:each/",
            folder,
        ])
        .env("TMPDIR", &project.path("tmp").to_string_lossy());
    project.folder("tmp");
    Started::new(bdd)
}

fn of(folder: &str) -> BTreeSet<String> {
    let names = match folder {
        "x" => ["one", "two", "three"],
        _ => ["four", "five", "six"],
    };
    names.map(|name| format!("TEST-{folder}.{name}.xml")).into()
}

#[test]
fn two_runs_into_one_folder_are_never_a_mix() {
    for last in ["x", "y"] {
        let project = two_folders();
        let x = start(&project, "x");
        until_file(&project, "log", 1);
        assert!(says_it_is_incomplete(&project));
        let y = start(&project, "y");
        until_file(&project, "log", 2);
        let (first, other) = match last {
            "x" => ("y", "x"),
            _ => ("x", "y"),
        };
        let (mut runs, warned) = (
            BTreeMap::from([("x", x), ("y", y)]),
            "another run of bdd writes into this folder",
        );
        project.file(&format!("go-{first}"), "");
        let (stdout, _) = runs.remove(first).unwrap().ends(0);
        assert_eq!(stdout.contains(warned), first == "y", "{stdout}");
        assert_eq!(names(&project), of(first));
        project.file(&format!("go-{other}"), "");
        let (stdout, _) = runs.remove(other).unwrap().ends(0);
        assert_eq!(stdout.contains(warned), other == "y", "{stdout}");
        assert_eq!(names(&project), of(other));
    }
}

#[test]
fn runs_that_end_together_are_never_a_mix() {
    for _ in 0..5 {
        let project = two_folders();
        let runs = [start(&project, "x"), start(&project, "y")];
        until_file(&project, "log", 2);
        project.file("go-x", "").file("go-y", "");
        for run in runs {
            run.ends(0);
        }
        let names = names(&project);
        assert!(names == of("x") || names == of("y"), "{names:?}");
    }
}

#[test]
fn a_run_that_is_killed_leaves_a_folder_that_says_so() {
    let project = two_folders();
    project.file("go-y", "");
    start(&project, "y").ends(0);
    assert_eq!(names(&project), of("y"));
    let mut started = start(&project, "x");
    until("the scenario runs", || project.read("log").contains("go-x"));
    started.signal(Signal::KILL);
    until("it is gone", || started.child.try_wait().unwrap().is_some());
    assert_eq!(names(&project), [INCOMPLETE.to_owned()].into());
    assert!(says_it_is_incomplete(&project));
    // The next run finds nothing in its way, and nobody to warn of.
    let (stdout, stderr) = start(&project, "y").ends(0);
    assert!(
        !stdout.contains("another run") && stderr.is_empty(),
        "{stdout}{stderr}"
    );
    assert_eq!(names(&project), of("y"));
}

/// Kills a run when it has written some of its files; how many these are is chance.
#[test]
fn a_run_that_is_killed_while_it_writes_the_folder_leaves_no_green_part() {
    const FILES: usize = 300;
    with_more_tries(|| {
        let project = with_steps();
        for number in 0..FILES {
            let path = format!("features/f{number}.feature");
            project.file(
                &path,
                feature(&format!("F{number}"), &["a: a step that passes"]),
            );
        }
        let mut started = start(&project, "features");
        until("a file is written", || names(&project).len() > 1);
        started.signal(Signal::KILL);
        until("it is gone", || started.child.try_wait().unwrap().is_some());
        let names = names(&project);
        assert!(
            says_it_is_incomplete(&project) || names.len() == FILES,
            "{names:?}"
        );
        (names.len() < FILES).then_some(())
    });
}

/// A file that is not bdd's stays, whatever it is called.
#[test]
fn a_file_of_somebody_else_is_not_replaced() {
    let project = two_folders();
    let theirs = "<?xml version=\"1.0\"?>\n<testsuites/>\n";
    project
        .file(&format!("each/{INCOMPLETE}"), theirs)
        .file("go-x", "");
    start(&project, "x").ends(0);
    assert_eq!(project.read(&format!("each/{INCOMPLETE}")), theirs);
    assert_eq!(names(&project).len(), 4);
}
