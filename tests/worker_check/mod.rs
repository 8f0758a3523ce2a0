//! `bdd worker-check`: hosts that keep to the protocol pass, and each mistake is found by its name.

mod mistakes;

use std::process::Command;

use crate::support::step_program::{hook_program, step_program};
use crate::support::{Outcome, Project};

/// Fails where the hosts of these tests cannot run.
fn needs_python() {
    let python = Command::new("python3").arg("--version").output();
    assert!(
        python.is_ok_and(|output| output.status.success()),
        "this test needs Python 3: install `python3`"
    );
}

/// A project with a host that is right but for `script`.
fn with_host(script: &str) -> Project {
    needs_python();
    let project = Project::new();
    project
        .file("host.py", include_str!("host.py"))
        .file("steps.feature", include_str!("steps.feature"))
        .file("steps.py", format!("from host import *\n{script}\n"));
    project
}

/// Checks the host of a project with its feature.
fn check(project: &Project, arguments: &[&str], code: i32) -> Outcome {
    let all = ["worker-check", "steps.feature"].iter().chain(arguments);
    let command = project.bdd(all).with(&["--", "python3", "steps.py"]);
    command.exits(code)
}

/// The lines of topics, without what was counted.
fn topics(outcome: &Outcome) -> String {
    let lines = outcome.stdout.lines().take_while(|line| !line.is_empty());
    let lines = lines.filter_map(|line| {
        let (topic, rest) = line.split_at_checked(16)?;
        let result = rest.trim_start();
        let known = ["ok", "not checked"]
            .iter()
            .find(|one| result.starts_with(**one));
        (!topic.trim().is_empty())
            .then(|| format!("{}: {}", topic.trim(), known.unwrap_or(&result)))
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn a_host_that_can_all_passes_in_all_topics() {
    let outcome = check(&with_host("serve(own=True, run_hooks=True)"), &[], 0);
    assert_eq!(
        topics(&outcome),
        "hello: ok\nmatching: ok\nscenarios: ok\nhooks: ok\nretries: ok\ncancel: ok\nbreak-off: ok\n\
         attachments: ok\nnested-steps: ok\ndepartures: not checked\nclosing: ok\nrunner-gone: ok\n\
         unknown-members: ok\ngarbage: ok"
    );
    let outcome = outcome.stdout_has("no findings\n");
    // Each of its hooks has run, and each kind of result was there.
    for missing in [
        "did not run",
        "failed scenarios",
        "pending scenarios",
        "while a step runs:",
    ] {
        assert!(!outcome.stdout.contains(missing), "{}", outcome.stdout);
    }
}

#[test]
fn a_host_that_departs_from_the_plan_passes() {
    let script = r#"
def departing(host, m, t):
    if t == "step_started" and host.scenario["name"] == "passes" and m["step"] == 1:
        host.left_out = True
        return [{"type": "step_left_out", "scenario": m["scenario"], "step": 1, "reason": "not today"}]
    if getattr(host, "left_out", False) and m.get("step") == 1:
        host.left_out = False
        return []
    if t == "step_finished" and host.scenario["name"] == "waits" and m["step"] == 0:
        step = {"keyword": "Given", "text": "more"}
        who = {"scenario": m["scenario"]}
        return [{"type": "extra_step_started", **who, "extra": 0, "parent": 0, "depth": 1, "step": step},
                {"type": "extra_step_started", **who, "extra": 1, "parent": 0, "depth": 2, "step": step},
                {"type": "extra_step_finished", **who, "extra": 1, "status": "passed", "nanos": 1},
                {"type": "extra_step_finished", **who, "extra": 0, "status": "passed", "nanos": 1}, m,
                {"type": "extra_step_started", **who, "extra": 2, "depth": 0, "step": step},
                {"type": "extra_step_finished", **who, "extra": 2, "status": "passed", "nanos": 1}]
    if t == "hook_started" and m["hook"] == 10:
        return [{"type": "hook_added", "hook": {"id": 90, "kind": "before_all"}},
                {"type": "hook_started", "hook": 90, "output": 0},
                {"type": "hook_finished", "hook": 90, "status": "passed", "nanos": 1, "output": 0}, m]
    return [m]
HOOKS[:] = [hook for hook in HOOKS if "step" not in hook["kind"]]
serve(departing)"#;
    let outcome = check(&with_host(script), &["--only", "departures"], 0);
    outcome.stdout_has("departures       ok           5 departures\n");
}

#[test]
fn without_features_no_step_counts_as_checked() {
    let project = with_host("serve()");
    let outcome = project
        .bdd([
            "worker-check",
            "--only",
            "scenarios",
            "--",
            "python3",
            "steps.py",
        ])
        .exits(0);
    outcome.stdout_has("not checked: steps: name features whose steps the program defines\n");
}

/// The feature of the repository's own Python worker.
const PYTHON: &str = r#"
@hooked
Feature: Steps of the Python worker
  Scenario: passes
    Given a counter at 5
    When it is incremented by 2 times 3
    Then the counter is 11
  Scenario: fails early
    Given a step that fails with "no"
    Given a step that passes
  Scenario: pending
    Given a step that is pending
  Scenario: takes long
    Given a step that sleeps 100 ms
    Given a step that prints "hello"
  Scenario: attaches
    Given a step that attaches the text "a"
    Given a step that attaches 5000 bytes of a file
  Scenario: fails once
    Given a step that passes from attempt 1 on
  @passes
  Scenario: step hooks
    Given a step that passes
  Rule: steps
    Scenario: runs steps
      Given a step that runs these steps
        """
        Given a counter at 1
        Then the counter is 1
        """
"#;

#[test]
fn the_python_worker_passes() {
    needs_python();
    let project = Project::new();
    project.file("a.feature", PYTHON);
    let worker = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/workers/worker.py");
    let outcome = project
        .bdd(["worker-check", "a.feature", "--", "python3", worker])
        .exits(0);
    assert_eq!(
        topics(&outcome),
        "hello: ok\nmatching: ok\nscenarios: ok\nhooks: ok\nretries: ok\ncancel: ok\n\
         break-off: not checked\nattachments: ok\nnested-steps: ok\ndepartures: ok\n\
         closing: ok\nrunner-gone: ok\nunknown-members: ok\ngarbage: ok"
    );
}

#[test]
fn the_step_program_of_this_repository_passes() {
    let features = concat!(env!("CARGO_MANIFEST_DIR"), "/features");
    let project = Project::new();
    for name in [
        "calculator",
        "kitchen",
        "pancakes",
        "attachments",
        "flights",
    ] {
        let text = std::fs::read_to_string(format!("{features}/{name}.feature")).unwrap();
        project.file(&format!("features/{name}.feature"), text);
    }
    project.file(
        "features/faults.feature",
        "Feature: f\n  Scenario: fails\n    * a step that fails with \"no\"\n    * a step that passes\n  \
         Scenario: long\n    * a step that sleeps 100 ms\n  Scenario: pending\n    * a step that is pending\n",
    );
    let program = step_program();
    let outcome = project
        .bdd(["worker-check", "features", "--"])
        .with(&[&program.to_string_lossy()])
        .exits(0);
    assert_eq!(
        topics(&outcome),
        "hello: ok\nmatching: not checked\nscenarios: ok\nhooks: ok\nretries: ok\ncancel: ok\n\
         break-off: ok\nattachments: ok\nnested-steps: ok\ndepartures: ok\nclosing: ok\n\
         runner-gone: ok\nunknown-members: ok\ngarbage: ok"
    );
}

#[test]
fn a_program_with_all_kinds_of_hooks_passes() {
    let program = hook_program();
    let outcome = Project::new()
        .bdd(["worker-check", "--"])
        .with(&[&program.to_string_lossy()])
        .exits(0);
    outcome.stdout_has("hooks            ok ");
}

#[test]
fn a_program_that_does_not_start_is_not_a_finding() {
    let project = Project::new();
    for (program, message) in [
        ("./missing", "error: the program cannot be started: "),
        (
            "false",
            "error: the program ended with exit status: 1 before it said hello",
        ),
    ] {
        let command = project.bdd(["worker-check", "--", program]);
        command.exits(5).stderr_has(message);
    }
}

#[test]
fn the_command_line_needs_a_program_and_features_that_parse() {
    let project = with_host("serve()");
    project.file("bad.feature", "no feature\n");
    project.bdd(["worker-check"]).exits(2);
    let bad = ["worker-check", "bad.feature", "--", "python3", "steps.py"];
    project.bdd(bad).exits(3);
    let none = [
        "worker-check",
        "missing.feature",
        "--",
        "python3",
        "steps.py",
    ];
    project.bdd(none).exits(2);
}

#[test]
fn a_program_that_says_nothing_is_given_up() {
    let project = with_host("hang()");
    project.file("bdd.toml", "[steps]\nstart-timeout = '300ms'\n");
    let outcome = check(&project, &[], 5);
    outcome.stderr_has("error: the program did not say hello within ");
}
