//! The programs that tests need. A test that needs a missing one fails: a test that returns early counts
//! as passed, and nobody sees that it has tested nothing.

use std::process::Command;
use std::sync::LazyLock;

/// Fails the test unless there is a Python.
#[track_caller]
pub fn python3() {
    static THERE: LazyLock<bool> = LazyLock::new(|| runs("python3"));
    assert!(
        *THERE,
        "this test needs `python3` on PATH: install Python 3"
    );
}

/// Fails the test unless there is a git.
#[track_caller]
pub fn git() {
    static THERE: LazyLock<bool> = LazyLock::new(|| runs("git"));
    assert!(*THERE, "this test needs `git` on PATH: install Git");
}

/// Fails the test unless there is a `ps`, with which tests look for processes that are left.
#[track_caller]
pub fn ps() {
    static THERE: LazyLock<bool> = LazyLock::new(|| Command::new("ps").output().is_ok());
    assert!(*THERE, "this test needs `ps` on PATH: install procps");
}

/// Fails the test unless there is a `taskset`, with which a test makes the machine slow for one process.
#[track_caller]
pub fn taskset() {
    static THERE: LazyLock<bool> = LazyLock::new(|| runs("taskset"));
    assert!(
        *THERE,
        "this test needs `taskset` on PATH: install util-linux"
    );
}

fn runs(program: &str) -> bool {
    let output = Command::new(program).arg("--version").output();
    output.is_ok_and(|output| output.status.success())
}
