//! The lines of the table about those who read, and about those who write to the same place.

use std::io::pipe;
use std::process::Stdio;

use rustix::process::Signal;

use super::super::junit_folder;
use super::super::signs::Started;
use super::*;

/// The lines of the table.
pub(super) fn rows() -> Vec<String> {
    vec![unread(), killed_folder(), shared_folder()]
}

fn unread() -> String {
    let project = with_faults("");
    let noise = "x".repeat(2000);
    let mut scenarios: Vec<String> = (0..100)
        .map(|number| format!("s{number} {noise}: a step that passes"))
        .collect();
    scenarios.push("guilty: a step that notes its process and hangs".to_owned());
    let scenarios: Vec<&str> = scenarios.iter().map(String::as_str).collect();
    project.file("root/features/a.feature", feature("A", &scenarios));
    let (reader, writer) = pipe().unwrap();
    let mut command = run_beside(&project, &["-v", "-j", "1"]).command();
    command.stdout(writer).stderr(Stdio::piped());
    let started = Started::of_command(command);
    until("the last scenario runs", || {
        project.path("root/process").exists()
    });
    started.signal(Signal::TERM);
    let (_, stderr) = started.ends(143);
    drop(reader);
    assert_eq!(cases(&project.read("junit.xml")).len(), scenarios.len() + 1);
    let told = stderr
        .lines()
        .next()
        .unwrap()
        .strip_prefix("error: ")
        .unwrap();
    format!(
        "| nobody reads standard output, and SIGTERM | as without it; reports in files are written; exit code 143, \
         otherwise 6 if it would be 0 | {told} | continues |  |"
    )
}

fn killed_folder() -> String {
    let project = junit_folder::two_folders();
    let mut started = junit_folder::start(&project, "x");
    until_file(&project, "log", 1);
    started.signal(Signal::KILL);
    until("it is gone", || started.child.try_wait().unwrap().is_some());
    let names = junit_folder::names(&project);
    let names: Vec<&String> = names.iter().collect();
    let [name] = names[..] else {
        panic!("{names:?}");
    };
    let text = project.read(&format!("each/{name}"));
    let case = &cases(&text)[0];
    assert!(case.children.contains(&"error".to_owned()));
    format!(
        "| `kill -9` of the runner before the folder of `junit:DIR/` is complete | an error, `{}` in `{name}`, until the \
         next run | the folder says that it is not complete | ends itself |  |",
        case.name
    )
}

fn shared_folder() -> String {
    let project = junit_folder::two_folders();
    let first = junit_folder::start(&project, "x");
    until_file(&project, "log", 1);
    let runs = [first, junit_folder::start(&project, "y")];
    until_file(&project, "log", 2);
    project.file("go-x", "").file("go-y", "");
    let told: String = runs.map(|run| run.ends(0).0).concat();
    let at = told.find("another run of bdd").unwrap();
    let told = told[at..].lines().next().unwrap();
    assert_eq!(junit_folder::names(&project).len(), 3);
    format!(
        "| two runs into one `junit:DIR/` | as alone; the folder holds all reports of the run that ends last | warning: {told} | continues |  |"
    )
}
