//! What the worker in Python does beyond the suite: it matches.

use std::ffi::OsString;
use std::process::Command;

use bdd_steps::protocol::{FromWorker, Group, Match, ToWorker};

use super::driver::{Worker, worker_script};

/// The command of the worker; none, with a remark, where there is no Python.
pub fn command() -> Option<Vec<OsString>> {
    if Command::new("python3").arg("--version").output().is_err() {
        eprintln!("there is no python3 here: the worker in Python is not tested");
        return None;
    }
    Some(vec!["python3".into(), worker_script("worker.py").into()])
}

#[test]
fn groups_are_nested_and_counted_in_utf_16() {
    let Some(command) = command() else { return };
    let mut worker = Worker::start(&command);
    let texts = [
        "it is incremented by 5 times 2",
        "it is incremented",
        "a step that fails with \"\u{1F680}\u{e9}\"",
    ];
    worker.send(&ToWorker::Match {
        id: 0,
        texts: texts.map(str::to_owned).to_vec(),
    });
    let FromWorker::Matched { matches, .. } = worker.receive() else {
        panic!("expected matched")
    };
    let group = |value: &str, start, end| Group {
        value: Some(value.to_owned()),
        start,
        end,
        children: Vec::new(),
    };
    let groups = |matches: &[Match]| -> Vec<Group> {
        assert_eq!(matches.len(), 1);
        matches[0].arguments.clone()
    };
    assert_eq!(
        groups(&matches[0]),
        [group("5", 21, 22), group("2", 29, 30)]
    );
    assert_eq!(groups(&matches[1]), [Group::default(), Group::default()]);
    assert_eq!(groups(&matches[2]), [group("\u{1F680}\u{e9}", 24, 27)]);
    worker.finish();
}
