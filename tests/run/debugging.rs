//! Looking on: `--debugger`, and `--pause-on-failure` at a terminal of the test's own.

use std::io::Write;
use std::os::unix::process::CommandExt;
use std::process::{Child, Stdio};

use rustix::process::{Pid, Signal, kill_process};

use super::*;
use crate::support::step_program::{fault_program, hook_program};

/// A debugger that reads a line, and then runs what it is for.
const DEBUGGER: &str = "#!/bin/sh
echo \"$1|$2\" >> started
read line
echo \"read $line\" >> started
shift 2
exec \"$@\"
";

/// A project with two scenarios and a debugger.
fn project(first: &str) -> Project {
    let project = Project::new();
    project
        .file(
            "features/a.feature",
            feature("A", &[first, "b: a step that passes"]),
        )
        .file("debug", DEBUGGER)
        .file("bdd.toml", "");
    fs::set_permissions(project.path("debug"), fs::Permissions::from_mode(0o755)).unwrap();
    project
}

fn steps(program: std::path::PathBuf) -> String {
    program.into_os_string().into_string().unwrap()
}

/// Starts a run of the first scenario whose standard input is a pipe.
fn debugged(project: &Project, program: std::path::PathBuf) -> Child {
    let debugger = ["run", "--debugger", "./debug 'a b' -c", "--steps"];
    let mut command = project
        .bdd(debugger)
        .with(&[
            &steps(program),
            "features/a.feature:2",
            "--step-timeout",
            "50ms",
        ])
        .with(&["--retries", "2", "-f", "progress"])
        .command();
    command.process_group(0);
    let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped());
    piped.spawn().unwrap()
}

fn enter(child: &mut Child, line: &str) {
    let input = child.stdin.as_mut().unwrap();
    input.write_all(line.as_bytes()).unwrap();
}

#[test]
fn a_debugger_gets_the_terminal_and_no_time_limit() {
    let project = project("a: a step that sleeps 300 ms");
    let mut child = debugged(&project, fault_program());
    until_file(&project, "started", 1);
    // Ctrl-C is the debugger's.
    let pid = Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
    kill_process(pid, Signal::INT).unwrap();
    enter(&mut child, "run\n");
    let output = child.wait_with_output().unwrap();
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{stdout}");
    assert!(stdout.contains("1 scenario passed, 0 failed"), "{stdout}");
    // It was started once, with its own words.
    assert_eq!(project.read("started"), "a b|-c\nread run\n");
}

#[test]
fn what_is_debugged_is_not_retried() {
    let project = project("a: a step that fails");
    let mut child = debugged(&project, fault_program());
    enter(&mut child, "run\n");
    let output = child.wait_with_output().unwrap();
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{stdout}");
    assert!(!stdout.contains("attempt"), "{stdout}");
    assert_eq!(project.read("started"), "a b|-c\nread run\n");
}

#[test]
fn the_hooks_around_the_run_are_not_debugged() {
    let project = project("a: apples is put into the basket");
    let mut child = debugged(&project, hook_program());
    enter(&mut child, "run\n");
    let output = child.wait_with_output().unwrap();
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{stdout}");
    assert!(stdout.contains("put apples"), "{stdout}");
    assert_eq!(project.read("started"), "a b|-c\nread run\n");
}

#[test]
fn a_debugger_is_for_one_scenario() {
    let project = project("a: a step that passes");
    let program = steps(fault_program());
    let run = |arguments: &[&str]| project.bdd(["run", "--steps", &program]).with(arguments);
    run(&["--debugger", "gdb"]).exits(2).stderr(
        "error: --debugger runs one scenario, but 2 are selected\n\
         hint: name one by its line, such as features/a.feature:2\n",
    );
    run(&["--debugger", "gdb", "-j", "2"])
        .exits(2)
        .stderr_has("--debugger needs one worker, but --jobs asks for more");
    run(&["--debugger", "gdb 'x"])
        .exits(2)
        .stderr_has("with every quote closed");
}

#[test]
fn a_debugger_that_is_not_there() {
    let project = project("a: a step that passes");
    let program = steps(fault_program());
    project
        .bdd(["run", "--steps", &program, "features/a.feature:2"])
        .with(&["--debugger", "no-such-debugger --args"])
        .exits(5)
        .stderr("error: the debugger no-such-debugger cannot be started: no such file or folder\n");
}

#[test]
fn a_pause_needs_a_terminal() {
    let project = project("a: a step that passes");
    let program = steps(fault_program());
    project
        .bdd(["run", "--steps", &program, "--pause-on-failure"])
        .exits(2)
        .stderr(
            "error: --pause-on-failure waits for a key, but standard input is not a terminal\n\
             hint: run bdd in a terminal, or leave the flag out\n",
        );
}

/// Prepares a command at a terminal, where a key is pressed for each `text`.
fn at_terminal(project: &Project, text: &str, bdd: &Command) -> Command {
    needs::python3();
    project.file("terminal.py", include_str!("terminal.py"));
    let mut terminal = Command::new("python3");
    terminal
        .env("PATH", python::path())
        .arg(project.path("terminal.py"))
        .arg(text)
        .arg(bdd.get_program())
        .args(bdd.get_args())
        .current_dir(project.path("."));
    terminal
}

/// Closing may take a while. The terminal shows what the run waits for.
#[test]
fn ctrl_c_at_a_terminal_says_what_happens_now() {
    let project = project("a: a step that hangs");
    let bdd = project
        .bdd(["run", "--slow-after", "10ms", "features/a.feature:2"])
        .with(&["--steps", &steps(fault_program()), "--color", "never"])
        .command();
    let mut terminal = at_terminal(&project, "is slow: ", &bdd);
    // Without a live line, of which `live_line.rs` shows the same.
    let output = terminal
        .env("KEY", "\x03")
        .env("TERM", "dumb")
        .output()
        .unwrap();
    let shown = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(130), "{shown}");
    let said = "\ninterrupted: running closing hooks and writing reports; press Ctrl-C again to stop at once\n";
    assert_eq!(shown.matches(said).count(), 1, "{shown}");
}

#[test]
fn a_failure_waits_for_a_key_before_anything_is_closed() {
    let project = project("a: a door; a step fails");
    let bdd = project
        .bdd(["run", "--pause-on-failure", "--step-timeout", "1s"])
        .with(&["--steps", &steps(hook_program()), "--color", "never"])
        .with(&["features/a.feature:2"])
        .command();
    let mut terminal = at_terminal(&project, "Press Enter to go on", &bdd);
    // The pause is longer than the time limit of the step, which does not include it.
    terminal
        .env("QUIET", "1.5")
        .env("TROUBLE", "fails=fails after_scenario=fails");
    let output = terminal.output().unwrap();
    let shown = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{shown}\n{errors}");
    let step = shown
        .find(
            "This has failed, and its fixtures are still there:\n  features/a.feature:4  a\n    \
             * a step fails\n      fails fails\n",
        )
        .unwrap_or_else(|| panic!("{shown}\n{errors}"));
    let places = |text: &str| -> Vec<usize> {
        let found = shown.match_indices(text);
        found.map(|(at, _)| at).collect()
    };
    let (asked, pressed) = (places("Press Enter"), places("<Enter>"));
    assert_eq!((asked.len(), pressed.len()), (2, 2), "{shown}");
    // The hook runs after the first key, and the fixture is closed after the second.
    let hook = places("    after_scenario hook `")[0];
    let closed = places("close Door")[0];
    let order = [
        step, asked[0], pressed[0], hook, asked[1], pressed[1], closed,
    ];
    assert!(order.is_sorted(), "{order:?}\n{shown}");
}
