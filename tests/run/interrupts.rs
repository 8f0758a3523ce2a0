//! SIGINT and SIGTERM, and readers that go away.

use std::io::{BufRead, BufReader};

use rustix::process::Signal;

use super::signs::{Started, hearing_hangups};
use super::*;

/// Scenarios `a`, `b` pass, `c` and all others hang in their first step.
const SLEEPS: &str = "
def run(scenario, run=fake.run):
    start(scenario)
    if scenario['name'] in 'ab':
        step(scenario, 0)
        return end(scenario)
    send(type='step_started', scenario=scenario['scenario'], step=0)
    print('asleep', flush=True)
    hang()
serve(run=run)";

fn sleeping() -> Project {
    let project = with_fake(SLEEPS);
    project.file(
        "a.feature",
        feature(
            "A",
            &[
                "a: it works",
                "b: it works",
                "c: it works from attempt 0 on; it fails",
                "d: it works from attempt 0 on",
                "e: it works from attempt 0 on",
            ],
        ),
    );
    project
}

#[test]
fn the_reports_of_an_interrupted_run_are_written() {
    for (signal, code, jobs) in [
        (Signal::INT, 130, "1"),
        (Signal::TERM, 143, "2"),
        (Signal::HUP, 129, "1"),
        (Signal::QUIT, 131, "2"),
    ] {
        let project = sleeping();
        let command = run(&project, &["-j", jobs, "a.feature"]);
        let started = Started::new(hearing_hangups(command));
        started.hears_of("from attempt 0 on", jobs.parse().unwrap());
        started.signal(signal);
        let (stdout, stderr) = started.ends(code);
        assert_eq!(stderr, "error: the run was interrupted\n");
        let outcome = project.bdd(["--version"]).run();
        let results = results(&project, &outcome);
        // Which of the two that hang a second worker was sent first is chance.
        let (rest, waiting) = match jobs {
            "1" => ("d not run, e not run", "e"),
            _ if results.finals["d"].get("reason").is_some() => ("d not run, e skipped", "d"),
            _ => ("d skipped, e not run", "e"),
        };
        assert_eq!(
            results.statuses(),
            format!("a passed, b passed, c skipped, {rest}")
        );
        assert_eq!(results.finals["c"]["fault"], "cancelled");
        assert_eq!(results.output("c"), "asleep\n");
        assert_eq!(results.finals[waiting]["reason"], "the run was interrupted");
        assert!(
            stdout.contains("not run: the run was interrupted"),
            "{stdout}"
        );
    }
}

/// The messages of a quick worker are on their way when the signal comes.
#[test]
fn what_quick_workers_still_say_counts_no_more() {
    for round in 0..4 {
        let project = with_steps();
        let scenarios = (0..3000).map(|number| format!("s{number}: a step that passes"));
        // It must not be over before the signal comes.
        let last = "last: a step that sleeps 60000 ms".to_owned();
        let scenarios: Vec<_> = scenarios.chain([last]).collect();
        let scenarios: Vec<_> = scenarios.iter().map(String::as_str).collect();
        let settings = project.read("bdd.toml");
        project
            .file("bdd.toml", format!("{settings}finish-timeout = '300ms'\n"))
            .file("a.feature", feature("A", &scenarios));
        let started = Started::new(run(&project, &["-j", "2", "a.feature"]));
        let enough = 1 + 300 * round;
        until("scenarios pass", || {
            started.shown().matches('.').count() >= enough
        });
        started.signal(Signal::INT);
        started.ends(130);
        let outcome = project.bdd(["--version"]).run();
        let results = results(&project, &outcome);
        assert!(!results.statuses().contains("failed"), "none has failed");
    }
}

/// After the first signal the run waits for a closing hook. After the second it waits for nothing, and takes
/// the worker with it and what that has started, whatever they do about SIGTERM.
#[test]
fn a_second_signal_leaves_no_process_behind() {
    let project = with_fake(
        "import signal, subprocess\n\
         hook('after_all', 'passes')\n\
         def run(scenario):\n\
        \x20   fake.start(scenario)\n\
        \x20   send(type='step_started', scenario=scenario['scenario'], step=0)\n\
        \x20   signal.signal(signal.SIGTERM, signal.SIG_IGN)\n\
        \x20   child = subprocess.Popen(['sleep', '600'])\n\
        \x20   print(child.pid, file=open('pids', 'a'))\n\
        \x20   hang()\n\
         serve(run=run)",
    );
    project.file(
        "features/a.feature",
        feature("A", &["a: it works", "b: it works"]),
    );
    let mut started = Started::new(run(&project, &["-j", "1"]));
    until_file(&project, "pids", 2);
    started.signal_until_it_ends();
    started.ends(130);
    nothing_left(&project);
    // The run may come to its end just before, but no half of a report is ever there.
    if let Ok(junit) = fs::read_to_string(project.path("junit.xml")) {
        assert!(junit.trim_end().ends_with("</testsuites>"), "{junit}");
    }
}

#[test]
fn a_signal_ends_the_build() {
    let project = Project::new();
    project
        .file("a.feature", feature("A", &["a: it works"]))
        .file("steps/Cargo.toml", "[package]\nname = 'steps'\n")
        .file(
            "cargo",
            "#!/bin/sh\necho Compiling >&2\necho $$ >> pids\nexec sleep 60\n",
        )
        .file("bdd.toml", "[steps]\npath = 'steps'\n");
    fs::set_permissions(project.path("cargo"), fs::Permissions::from_mode(0o755)).unwrap();
    let bdd = run(&project, &["a.feature"]).env("CARGO", &project.path("cargo").to_string_lossy());
    let started = Started::new(bdd);
    until_file(&project, "pids", 1);
    started.signal(Signal::TERM);
    let (_, stderr) = started.ends(143);
    assert_eq!(stderr, "Compiling\nerror: the run was interrupted\n");
    let outcome = project.bdd(["--version"]).run();
    assert_eq!(results(&project, &outcome).statuses(), "a not run");
}

/// What was to become a report is no use to anybody, and nobody would look for it.
#[test]
fn a_second_signal_leaves_no_unfinished_report() {
    let project = with_fake(
        "import signal\n\
         hook('after_all', 'passes')\n\
         def run(scenario):\n\
        \x20   fake.start(scenario)\n\
        \x20   send(type='step_started', scenario=scenario['scenario'], step=0)\n\
        \x20   signal.signal(signal.SIGTERM, signal.SIG_IGN)\n\
        \x20   hang()\n\
         serve(run=run)",
    );
    project.file("features/a.feature", feature("A", &["a: it works"]));
    let unfinished = || {
        let entries = fs::read_dir(project.path("")).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.filter(|name| name.ends_with(".tmp")).count()
    };
    let mut started = Started::new(run(&project, &["-j", "1"]));
    started.hears_of("it works", 1);
    assert_eq!(unfinished(), 2, "events and junit");
    started.signal_until_it_ends();
    started.ends(130);
    assert_eq!(unfinished(), 0);
}

#[test]
fn a_reader_that_has_seen_enough_ends_the_run_quietly() {
    let project = with_steps();
    let scenarios: Vec<_> = (0..2000)
        .map(|number| format!("s{number}: a step that passes"))
        .collect();
    let scenarios: Vec<_> = scenarios.iter().map(String::as_str).collect();
    project
        .file("a.feature", feature("A", &scenarios))
        .folder("tmp");
    for format in ["pretty", "progress", "events"] {
        let mut started = Started::unread(
            project
                .bdd(["run", "-v", "-j", "2", "-f", format, "a.feature"])
                .env("TMPDIR", &project.path("tmp").to_string_lossy()),
        );
        let mut line = String::new();
        let mut stdout = BufReader::new(started.child.stdout.take().unwrap());
        stdout.read_line(&mut line).unwrap();
        drop(stdout);
        let (_, stderr) = started.ends(0);
        assert_eq!(stderr, "", "{format}");
        nothing_left(&project);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk() {
    let project = with_steps();
    project
        .file("a.feature", feature("A", &["a: a step that passes"]))
        .file(
            "b.feature",
            feature("B", &["b: a step that fails with \"it\""]),
        );
    let full = |arguments: &[&str]| {
        let mut command = project.bdd(arguments).command();
        command.stdout(fs::File::options().write(true).open("/dev/full").unwrap());
        let output = command.output().unwrap();
        (
            output.status.code(),
            String::from_utf8(output.stderr).unwrap(),
        )
    };
    for format in ["pretty", "progress", "events"] {
        let (code, stderr) = full(&["run", "-f", format, "a.feature"]);
        assert_eq!(code, Some(6), "{stderr}");
        assert_eq!(
            stderr,
            format!(
                "error: cannot write the {format} report to standard output: no space left on device\n"
            )
        );
    }
    assert_eq!(full(&["run", "-f", "progress", "b.feature"]).0, Some(1));
}

/// Messages of a worker after the signal are ignored: `c` is not started, so that its end in the middle of a
/// step is no crash.
#[test]
fn messages_after_the_signal_are_ignored() {
    let script = "
def run(scenario, run=fake.run):
    if scenario['name'] != 'c':
        return run(scenario)
    with open('asleep', 'w') as file:
        print('asleep', file=file)
    while not os.path.exists('go'):
        time.sleep(0.01)
    start(scenario)
    send(type='step_started', scenario=scenario['scenario'], step=0)
    with open('asleep', 'a') as file:
        print('said', file=file)
    hang()
serve(run=run)";
    let project = with_fake(script);
    project.file(
        "a.feature",
        feature(
            "A",
            &["a: it works", "b: it works", "c: it works", "d: it works"],
        ),
    );
    // The worker goes on when the signal is on its way. Which of both the runner sees first is chance.
    with_more_tries(|| {
        for file in ["go", "asleep"] {
            let _ = fs::remove_file(project.path(file));
        }
        let started = Started::new(run(&project, &["-j", "1", "a.feature"]));
        until_file(&project, "asleep", 1);
        started.signal(Signal::INT);
        project.file("go", "");
        started.ends(130);
        let outcome = project.bdd(["--version"]).run();
        let statuses = results(&project, &outcome).statuses();
        (statuses == "a passed, b passed, c not run, d not run").then_some(())
    });
}

/// What hooks have opened they close, within the time that a process has for its end.
#[test]
fn closing_hooks_run_when_the_run_is_interrupted() {
    let project = with_fake(
        "
for kind in ('run', 'all', 'feature', 'rule', 'scenario', 'step'):
    hook(f'before_{kind}', 'opens')
    hook(f'after_{kind}', 'closes')
def act(one, act=fake.act):
    while one['kind'] == 'before_step' and not os.path.exists('go'):
        time.sleep(0.01)
    return act(one)
fake.act = act
serve_sharing(arrived=lambda message: message['type'] == 'finish' and once('stopping'))",
    );
    project.file(
        "a.feature",
        "Feature: A\n  Rule: R\n    Scenario: a\n      * it works\n    Scenario: b\n      * it works\n",
    );
    for (signal, code) in [(Signal::INT, 130), (Signal::TERM, 143)] {
        for file in ["go", "log", "stopping"] {
            let _ = fs::remove_file(project.path(file));
        }
        let started = Started::new(run(&project, &["-j", "1", "a.feature"]));
        started.hears_of("before_step hook", 1);
        started.signal(signal);
        until("the run stops", || project.path("stopping").exists());
        project.file("go", "");
        let (_, stderr) = started.ends(code);
        assert_eq!(stderr, "error: the run was interrupted\n");
        let outcome = project.bdd(["--version"]).run();
        let results = results(&project, &outcome);
        // What runs may end, nothing more begins.
        assert_eq!(results.statuses(), "a passed, b not run");
        let name = if code == 130 { "SIGINT" } else { "SIGTERM" };
        let interrupted = format!("the run was interrupted by {name}");
        assert_eq!(results.run_errors(), [interrupted.as_str()]);
        let noted = hooks::noted(&project);
        let closed: Vec<_> = noted
            .iter()
            .filter(|line| line.ends_with("closes"))
            .collect();
        let expected = ["step", "scenario", "rule", "feature", "all", "run"];
        assert_eq!(
            closed,
            expected
                .map(|kind| format!("0 after_{kind} closes"))
                .each_ref()
        );
    }
}

/// What does not end in time is killed; what did not run is named.
#[test]
fn an_interrupted_run_does_not_wait_for_ever() {
    let named =
        |kind: &str, line| format!("the {kind} hook `closes` (hooks.py:{line}) did not run: ");
    for (hang, cancelled, statuses) in [
        ("before_scenario", true, "a skipped, b not run"),
        ("before_all", false, "a not run, b not run"),
        ("before_run", false, "a not run, b not run"),
    ] {
        let project = with_fake(&format!(
            "
hook('after_scenario', 'closes')
hook('after_all', 'closes')
hook('after_run', 'closes')
hook('{hang}', 'hangs')
serve_sharing()"
        ));
        let settings = project.read("bdd.toml");
        project
            .file("bdd.toml", format!("{settings}finish-timeout = '2s'\n"))
            .file("a.feature", feature("A", &["a: it works", "b: it works"]));
        let started = Started::new(run(&project, &["-j", "1", "a.feature"]));
        started.hears_of("`hangs`", 1);
        started.signal(Signal::INT);
        started.ends(130);
        let outcome = project.bdd(["--version"]).run();
        let results = results(&project, &outcome);
        assert_eq!(results.statuses(), statuses);
        let errors = results.run_errors();
        let has = |start: &str| errors.iter().any(|error| error.starts_with(start));
        let late = "the step program was killed: it did not end within 2 s (`finish-timeout`)";
        match hang {
            "before_scenario" => {
                assert!(
                    has(&named("after_scenario", 1)) && has(&named("after_all", 2)),
                    "{errors:?}"
                );
                assert_eq!(hooks::noted(&project).last().unwrap(), "0 after_run closes");
            }
            "before_all" => {
                assert!(
                    has(&format!(
                        "the before_all hook `hangs` (hooks.py:4) crashed in worker 0: {late}"
                    )),
                    "{errors:?}"
                );
                assert!(has(&named("after_all", 2)), "{errors:?}");
                assert_eq!(hooks::noted(&project).last().unwrap(), "0 after_run closes");
            }
            _ => {
                assert!(
                    has(&format!(
                        "the before_run hook `hangs` (hooks.py:4) crashed: {late}"
                    )),
                    "{errors:?}"
                );
                assert!(has(&named("after_run", 3)), "{errors:?}");
            }
        }
        let finished = results
            .events
            .iter()
            .filter(|event| event["type"] == "hook_finished");
        let started = results
            .events
            .iter()
            .filter(|event| event["type"] == "hook_started");
        assert_eq!(finished.count(), started.count());
        assert_eq!(results.finals["a"]["fault"] == "cancelled", cancelled);
    }
}

/// Without something to close there is nothing to wait for.
#[test]
fn opening_hooks_alone_delay_nothing() {
    let project = with_fake("hook('before_all', 'hangs')\nserve_sharing()");
    project.file("a.feature", feature("A", &["a: it works"]));
    // If it waited, it would wait for this long.
    let settings = project.read("bdd.toml");
    project.file("bdd.toml", format!("{settings}finish-timeout = '10m'\n"));
    let started = Started::new(run(&project, &["-j", "1", "a.feature"]));
    started.hears_of("`hangs`", 1);
    started.signal(Signal::INT);
    started.ends(130);
    let outcome = project.bdd(["--version"]).run();
    let results = results(&project, &outcome);
    assert_eq!(results.statuses(), "a not run");
    let hook = results
        .events
        .iter()
        .find(|event| event["type"] == "hook_finished")
        .unwrap();
    assert_eq!(hook["result"]["status"], "skipped");
    assert_eq!(
        hook["result"]["error"]["message"],
        "the run was interrupted"
    );
}
