//! Reports that nobody reads: they hold up neither the run nor its end.

use std::io::{PipeReader, Read, pipe};
use std::process::Stdio;

use rustix::process::Signal;

use super::signs::Started;
use super::*;

/// Scenarios that print more than any pipe holds, and one that hangs after them.
fn noisy() -> Project {
    let project = with_fake(
        "
def run(scenario, run=fake.run):
    if scenario['name'] != 'last':
        return run(scenario)
    start(scenario)
    send(type='step_started', scenario=scenario['scenario'], step=0)
    once('asleep')
    hang()
serve(run=run)",
    );
    let noise = "x".repeat(1000);
    let mut scenarios: Vec<String> = (0..COUNT - 1)
        .map(|number| format!("s{number} {noise}: it works"))
        .collect();
    scenarios.push("last: it works".to_owned());
    let scenarios: Vec<&str> = scenarios.iter().map(String::as_str).collect();
    project.file("a.feature", feature("A", &scenarios));
    project
}

/// More than one MiB, with the names as they are.
const COUNT: usize = 1501;

/// A run whose standard output, and error if `both`, is a pipe that nobody reads.
fn unread(bdd: Bdd, both: bool) -> (Started, PipeReader) {
    let (reader, writer) = pipe().unwrap();
    let mut command = bdd.command();
    if both {
        command.stderr(writer.try_clone().unwrap());
    } else {
        command.stderr(Stdio::piped());
    }
    command.stdout(writer);
    (Started::of_command(command), reader)
}

fn is_whole(project: &Project) {
    assert_eq!(cases(&project.read("junit.xml")).len(), COUNT + 1);
    let events = project.read("events.jsonl");
    assert!(events.lines().last().unwrap().contains("run_finished"));
}

#[test]
fn the_first_signal_ends_a_run_whose_output_nobody_reads() {
    for (both, signal, code) in [(false, Signal::TERM, 143), (true, Signal::INT, 130)] {
        let project = noisy();
        let bdd = run(&project, &["-v", "-j", "1", "a.feature"]);
        let (started, reader) = unread(bdd, both);
        until("the last scenario runs", || project.path("asleep").exists());
        started.signal(signal);
        let (_, stderr) = started.ends(code);
        if !both {
            let lost =
                "error: cannot write the progress report to standard output: nobody reads it";
            assert!(stderr.starts_with(lost), "{stderr}");
        }
        is_whole(&project);
        drop(reader);
    }
}

#[test]
fn the_time_limit_ends_a_run_whose_output_nobody_reads() {
    with_longer_times(|_, text| {
        let project = noisy();
        let bdd = run(
            &project,
            &["-v", "-j", "1", "--run-timeout", text, "a.feature"],
        );
        let (started, _reader) = unread(bdd, false);
        let (_, stderr) = started.ends(1);
        is_whole(&project);
        if !project.path("asleep").exists() {
            return None;
        }
        assert!(stderr.contains("nobody reads it"), "{stderr}");
        Some(())
    });
}

/// The scenarios have run and the reports in files are whole; only the console waits for its reader.
#[test]
fn a_signal_ends_the_wait_for_a_reader() {
    let project = noisy();
    let arguments = ["-v", "-j", "1", "--name", "^s", "a.feature"];
    let (started, mut reader) = unread(run(&project, &arguments), false);
    until("the reports are written", || {
        project.path("junit.xml").exists()
    });
    started.signal(Signal::TERM);
    started.ends(143);
    let mut read = Vec::new();
    reader.read_to_end(&mut read).unwrap();
    assert!(!read.is_empty());
}

#[test]
fn a_late_reader_gets_everything() {
    let project = noisy();
    let arguments = ["-v", "-j", "1", "--name", "^s", "a.feature"];
    let (started, mut reader) = unread(run(&project, &arguments), false);
    until("the reports are written", || {
        project.path("junit.xml").exists()
    });
    let mut read = String::new();
    reader.read_to_string(&mut read).unwrap();
    started.ends(0);
    let name = |line: &str| {
        let (before, _) = line.split_once(" xxx")?;
        before.rsplit_once('s')?.1.parse::<usize>().ok()
    };
    let shown: BTreeSet<usize> = read.lines().filter_map(name).collect();
    assert_eq!(shown, (0..COUNT - 1).collect());
}

fn make_named_pipe(project: &Project) {
    let path = project.path("fifo");
    let made = Command::new("mkfifo").arg(&path).status().unwrap();
    assert!(made.success());
}

#[test]
fn a_named_pipe_that_nobody_opens_holds_up_nothing() {
    let project = noisy();
    make_named_pipe(&project);
    let arguments = ["-j", "1", "-f", "messages:fifo", "a.feature"];
    let started = Started::new(run(&project, &arguments));
    until("the last scenario runs", || project.path("asleep").exists());
    started.signal(Signal::TERM);
    let (_, stderr) = started.ends(143);
    let lost = "error: cannot write the messages report to fifo: nobody reads it";
    assert!(stderr.starts_with(lost), "{stderr}");
    is_whole(&project);
}

#[test]
fn a_named_pipe_may_be_opened_late() {
    let project = noisy();
    make_named_pipe(&project);
    let arguments = [
        "-j",
        "1",
        "--name",
        "^s",
        "-f",
        "rerun:fifo",
        "-f",
        "messages:fifo",
        "a.feature",
    ];
    // Two reports may go to one pipe.
    let started = Started::new(run(&project, &arguments));
    until("the reports are written", || {
        project.path("junit.xml").exists()
    });
    let read = fs::read_to_string(project.path("fifo")).unwrap();
    started.ends(0);
    assert!(read.contains("testRunFinished"));
}
