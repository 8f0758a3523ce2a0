//! More output than the temporary folder has space for.

use super::*;

/// Scenarios that print 100 MB each, and one between them that waits until less space is taken than two of them
/// need.
fn write_features(project: &Project) -> Vec<String> {
    let wait = "a step that waits until output takes up less than 20 MB";
    let mut scenarios = Vec::new();
    for letter in ["a", "b", "c"] {
        scenarios.push(format!("{letter}: a step that prints 100 MB"));
        scenarios.push(format!(
            "{letter} waits: {wait}; a step that prints \"after\""
        ));
    }
    let all: Vec<&str> = scenarios.iter().map(String::as_str).collect();
    project.file("root/features/a.feature", feature("A", &all));
    scenarios
}

/// The line of the table.
pub(super) fn row() -> String {
    let project = with_faults("");
    let scenarios = write_features(&project);
    let outcome = run_beside(&project, &["-j", "1", "--step-timeout", "2m"]).exits(0);
    let results = results(&project, &outcome);
    once_in_messages(&project, &results);
    assert_eq!(results.finals.len(), scenarios.len());
    for letter in ["a", "b", "c"] {
        // What was printed after a hole is where it belongs.
        assert_eq!(results.output(&format!("{letter} waits")), "after\n");
        assert!(results.output(letter).ends_with("x\n"));
    }
    "| scenarios that together print more than the disk holds | passed | each one's space is given back after it \
     | continues |  |"
        .to_owned()
}

/// A file system that cannot give back a part of a file: the worker is replaced, with its file.
#[cfg(target_os = "linux")]
#[test]
fn a_worker_is_replaced_where_space_cannot_be_given_back() {
    let mount = "mount -t ramfs none \"$TMPDIR\"";
    let mut probe = Command::new("unshare");
    probe.args(["-m", "sh", "-c", "mount -t ramfs none /mnt"]);
    if !probe.output().is_ok_and(|output| output.status.success()) {
        eprintln!("no such file system can be mounted here: unit tests of `Capture` stand in");
        return;
    }
    let project = with_faults("");
    let scenarios = ["a", "b", "c", "d"].map(|name| format!("{name}: a step that prints 100 MB"));
    let scenarios = scenarios.each_ref().map(String::as_str);
    project.file("root/features/a.feature", feature("A", &scenarios));
    let bdd = run_beside(&project, &["-j", "1"]).command();
    let mut command = Command::new("unshare");
    command
        .args(["-m", "sh", "-c", &format!("{mount} && exec \"$@\""), "sh"])
        .arg(bdd.get_program())
        .args(bdd.get_args())
        .current_dir(project.path("root"));
    for (name, value) in bdd.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    let outcome = project
        .runs(command)
        .code(0)
        .stdout_has("worker 0 is replaced: it has printed")
        .stdout_has("cannot free this space while the process lives");
    let results = results(&project, &outcome);
    assert_eq!(results.statuses(), "a passed, b passed, c passed, d passed");
    assert_eq!(project.read("pids").lines().count(), 2);
}
