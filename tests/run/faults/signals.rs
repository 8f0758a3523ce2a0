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

/// What a worker has sent when the signal comes has run, though the runner has not read it.
#[cfg(target_os = "linux")]
#[test]
fn what_was_on_its_way_at_the_signal_has_run() {
    for _ in 0..5 {
        let project = with_fake(
            "def attachments():
    # The runner has read all that came before.
    time.sleep(0.2)
    print('at b', file=open('at-b', 'a'), flush=True)
    while not os.path.exists('go'): time.sleep(0.01)
    for _ in range(40): send(type='attachment', media_type='x/y', body={'base64': 'AAEC' * 500})
def run(scenario, run=fake.run):
    if scenario['name'] not in ['b', 'guilty']:
        return run(scenario)
    start(scenario)
    send(type='step_started', scenario=scenario['scenario'], step=0)
    if scenario['name'] == 'b':
        attachments()
        send(type='step_finished', scenario=scenario['scenario'], step=0, nanos=1000, status='passed')
        return end(scenario)
    print('waiting', file=open('waiting', 'a'), flush=True)
    hang()
serve(run=run)",
        );
        // After quick scenarios the next are sent ahead. Reading the attachments takes longer than hearing of the signal.
        let quick = (0..20).map(|number| format!("a{number}: it works"));
        let last = ["b: it works", "guilty: it works", "z: it works"];
        let scenarios: Vec<_> = quick.chain(last.map(str::to_owned)).collect();
        let scenarios: Vec<_> = scenarios.iter().map(String::as_str).collect();
        project.file("features/a.feature", feature("A", &scenarios));
        let started = Started::new(run(&project, &["-j", "1", "--grace", "300ms"]));
        until_file(&project, "at-b", 1);
        let runner = started.child.id();
        let stat = format!("/proc/{runner}/stat");
        started.signal(Signal::STOP);
        until("it stands still", || {
            fs::read_to_string(&stat).unwrap().contains(") T ")
        });
        project.file("go", "");
        until_file(&project, "waiting", 1);
        started.signal(Signal::TERM);
        started.signal(Signal::CONT);
        started.ends(143);
        let outcome = project.bdd(["--version"]).run();
        let results = results(&project, &outcome);
        let statuses = results.statuses();
        let last = ", b passed, guilty skipped, z not run";
        assert!(statuses.ends_with(last), "{statuses}");
    }
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
