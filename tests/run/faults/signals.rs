//! Signals that end a run in order.

use rustix::process::Signal;

use super::super::signs::{Started, hearing_hangups};
use super::*;

/// A run whose second scenario waits, with one worker. It is asked to end by SIGTERM.
fn waiting(first: &str) -> (Project, Bdd) {
    let project = with_fake(
        "def run(scenario, run=fake.run):
    if scenario['name'] != 'guilty':
        return run(scenario)
    start(scenario)
    send(type='step_started', scenario=scenario['scenario'], step=0)
    print('waiting', file=open('waiting', 'a'), flush=True)
    hang()
import signal
signal.signal(signal.SIGTERM, lambda *_: print('asked', file=open('asked', 'a'), flush=True))
serve(run=run)",
    );
    let scenarios = ["a: it works", "guilty: it works", "z: it works"];
    project.file("features/a.feature", feature("A", &scenarios));
    let bdd = run(&project, &["-j", "1", "--grace", "300ms"]);
    (project, hearing_hangups(bdd.after_shell(first)))
}

/// Sends these signals one after the other to a run, which ends with this code. Returns its results.
fn ends_in_order(first: &str, signals: &[Signal], code: i32) -> Results {
    let (project, bdd) = waiting(first);
    let started = Started::new(bdd);
    until_file(&project, "waiting", 1);
    for (position, signal) in signals.iter().enumerate() {
        // Signals of one kind that arrive at once are one. The worker is asked to end when the first was heard.
        if position > 0 && signals[position - 1] == *signal {
            until_file(&project, "asked", 1);
        }
        started.signal(*signal);
    }
    let (_, stderr) = started.ends(code);
    assert_eq!(stderr, "error: the run was interrupted\n");
    let outcome = project.bdd(["--version"]).run();
    let results = results(&project, &outcome);
    assert_eq!(results.statuses(), "a passed, guilty skipped, z not run");
    results
}

#[test]
fn a_run_that_is_hung_up_or_quit_ends_in_order() {
    for (signal, code) in [(Signal::HUP, 129), (Signal::QUIT, 131)] {
        ends_in_order("", &[signal], code);
    }
}

/// The system sends one and the shell another when a terminal is closed.
#[test]
fn a_second_hangup_does_nothing() {
    ends_in_order("", &[Signal::HUP, Signal::HUP, Signal::HUP], 129);
}

/// Under `nohup` a closed terminal must not end the run. If it heard the first signal, the second would end it at once.
#[cfg(target_os = "linux")]
#[test]
fn a_run_that_ignores_hangups_goes_on() {
    ends_in_order("trap '' HUP", &[Signal::HUP, Signal::TERM], 143);
}

/// The line of the table.
pub(super) fn row() -> String {
    let codes = [(Signal::HUP, 129), (Signal::QUIT, 131)].map(|(signal, code)| {
        let results = ends_in_order("", &[signal], code);
        assert_eq!(results.finals["guilty"]["fault"], "cancelled");
        let reason = results.finals["z"]["reason"].as_str().unwrap().to_owned();
        (code, reason)
    });
    let [(hung_up, reason), (quit, _)] = codes;
    format!(
        "| SIGHUP or SIGQUIT of the runner | skipped, cancelled; exit code {hung_up} or {quit} | {reason} | is ended with everything that it started |  |"
    )
}
