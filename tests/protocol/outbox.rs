//! The pipe for messages that need not wake the runner.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::process::Command;

use bdd_protocol::FromWorker;

use super::driver::Worker;
use crate::support::step_program::step_program;

/// A worker, and the reading end of its outbox.
fn start() -> (Worker, BufReader<File>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("outbox");
    assert!(
        Command::new("mkfifo")
            .arg(&path)
            .status()
            .unwrap()
            .success()
    );
    // Opened for both, it waits for nobody.
    let pipe = File::options().read(true).write(true).open(&path).unwrap();
    let worker = Worker::start_with(&[step_program().into()], |command| {
        command.env("BDD_OUTBOX", &path);
    });
    fs::remove_file(&path).unwrap();
    (worker, BufReader::new(pipe))
}

fn next(outbox: &mut BufReader<File>) -> FromWorker {
    let mut line = Vec::new();
    outbox.read_until(b'\n', &mut line).unwrap();
    FromWorker::parse(&line).unwrap()
}

/// The messages of a scenario.
fn scenario(outbox: &mut BufReader<File>) -> Vec<FromWorker> {
    let mut messages = Vec::new();
    while !matches!(messages.last(), Some(FromWorker::ScenarioFinished { .. })) {
        messages.push(next(outbox));
    }
    messages
}

#[test]
fn only_a_ring_goes_to_the_socket() {
    let (mut worker, mut outbox) = start();
    let two = ["a step that passes", "a step that passes"];
    let scenarios = vec![worker.scenario(0, &two), worker.scenario(1, &two)];
    worker.run(scenarios);
    for number in [0, 1] {
        let messages = scenario(&mut outbox);
        let first = &messages[0];
        assert!(
            matches!(first, FromWorker::ScenarioStarted { scenario, .. } if *scenario == number)
        );
        assert_eq!(messages.len(), 6, "{messages:?}");
    }
    assert_eq!(worker.receive(), FromWorker::Ring {});
}

#[test]
fn it_rings_while_a_step_runs() {
    let (mut worker, mut outbox) = start();
    let waits = worker.scenario(0, &[r#"a step that waits for the file "never""#]);
    worker.run(vec![waits]);
    assert_eq!(worker.receive(), FromWorker::Ring {});
    assert!(matches!(
        next(&mut outbox),
        FromWorker::ScenarioStarted { .. }
    ));
    assert!(matches!(next(&mut outbox), FromWorker::StepStarted { .. }));
}

#[test]
fn a_message_may_be_larger_than_the_pipe() {
    let (mut worker, mut outbox) = start();
    // Its message is cut to what a pipe of the system's usual size holds; with the rest of the line it is more.
    let text = "0123456789".repeat(10_000);
    let fails = worker.scenario(0, &[&format!("a step that fails with \"{text}\"")]);
    worker.run(vec![fails]);
    let messages = scenario(&mut outbox);
    let error = messages.iter().find_map(|message| match message {
        FromWorker::StepFinished { error, .. } => error.as_ref(),
        _ => None,
    });
    let message = &error.unwrap().message;
    assert!(message.len() >= 60_000, "{}", message.len());
    assert_eq!(worker.receive(), FromWorker::Ring {});
}
