//! SIGINT and SIGTERM, and readers that go away.

use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::CommandExt;
use std::process::{Child, Stdio};

use rustix::process::{Pid, Signal, kill_process};

use super::*;

/// A run that was started.
struct Started {
    child: Child,
}

impl Started {
    fn new(bdd: Bdd) -> Self {
        let mut command = bdd.command();
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        // As a shell does; signals of a test must not reach the tests.
        command.process_group(0);
        Self {
            child: command.spawn().unwrap(),
        }
    }

    fn signal(&self, signal: Signal) {
        let pid = Pid::from_raw(i32::try_from(self.child.id()).unwrap()).unwrap();
        kill_process(pid, signal).unwrap();
    }

    /// Waits for the end, which comes within `limit`.
    fn ends(mut self, code: i32, limit: Duration) -> (String, String) {
        let late = Instant::now() + limit;
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            if Instant::now() > late {
                let _ = self.child.kill();
                panic!("bdd did not end");
            }
            std::thread::sleep(Duration::from_millis(5));
        };
        let (mut stdout, mut stderr) = (String::new(), String::new());
        let child = &mut self.child;
        if let Some(mut stream) = child.stdout.take() {
            stream.read_to_string(&mut stdout).unwrap();
        }
        child
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut stderr)
            .unwrap();
        assert_eq!(status.code(), Some(code), "{stdout}\n{stderr}");
        (stdout, stderr)
    }
}

/// Waits until a step or a build has made this file.
fn wait_for(project: &Project, path: &str, lines: usize) {
    let late = Instant::now() + Duration::from_secs(20);
    while fs::read_to_string(project.path(path))
        .unwrap_or_default()
        .lines()
        .count()
        < lines
    {
        assert!(Instant::now() < late, "{path} does not come");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// The same, and until the runner has heard what the process said before.
fn wait_until_heard(project: &Project, path: &str, lines: usize) {
    wait_for(project, path, lines);
    std::thread::sleep(Duration::from_millis(300));
}

const AWAITED: Duration = Duration::from_secs(8);

/// Scenarios `a`, `b` pass, `c` and all others sleep.
const SLEEPS: &str = "
def run(scenario, run=fake.run):
    start(scenario)
    if scenario['name'] in 'ab':
        step(scenario, 0)
        return end(scenario)
    send(type='step_started', scenario=scenario['scenario'], step=0)
    print('asleep', flush=True)
    with open('asleep', 'a') as file:
        print('asleep', file=file)
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
                "c: it works; it fails",
                "d: it works",
                "e: it works",
            ],
        ),
    );
    project
}

#[test]
fn the_reports_of_an_interrupted_run_are_written() {
    for (signal, code, jobs) in [(Signal::INT, 130, "1"), (Signal::TERM, 143, "2")] {
        let project = sleeping();
        let started = Started::new(run(&project, &["-j", jobs, "a.feature"]));
        wait_until_heard(&project, "asleep", jobs.parse().unwrap());
        started.signal(signal);
        let (stdout, stderr) = started.ends(code, AWAITED);
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
        let scenarios: Vec<_> = (0..3000)
            .map(|number| format!("s{number}: a step that passes"))
            .collect();
        let scenarios: Vec<_> = scenarios.iter().map(String::as_str).collect();
        project.file("a.feature", feature("A", &scenarios));
        let started = Started::new(run(&project, &["-j", "2", "a.feature"]));
        wait_for(&project, "pids", 2);
        std::thread::sleep(Duration::from_millis(15 + 20 * round));
        started.signal(Signal::INT);
        started.ends(130, AWAITED);
        let outcome = project.bdd(["--version"]).run();
        let results = results(&project, &outcome);
        assert!(!results.statuses().contains("failed"), "none has failed");
    }
}

#[test]
fn a_second_signal_ends_the_run_at_once() {
    // A pipe that nobody reads keeps the first signal from ending the run.
    let project = sleeping();
    let fifo = project.path("fifo");
    let made = Command::new("mkfifo").arg(&fifo).status().unwrap();
    assert!(made.success());
    let _reader = fs::File::options()
        .read(true)
        .write(true)
        .open(&fifo)
        .unwrap();
    let noise = "x".repeat(200);
    let scenarios: Vec<_> = (0..1000)
        .map(|n| format!("s{n} {noise}: it works"))
        .collect();
    let scenarios: Vec<_> = scenarios.iter().map(String::as_str).collect();
    project.file("b.feature", feature("B", &scenarios));
    project.folder("tmp");
    let started = Started::new(
        project
            .bdd([
                "run",
                "-j",
                "1",
                "-f",
                "events:fifo",
                "a.feature",
                "b.feature",
            ])
            .env("TMPDIR", &project.path("tmp").to_string_lossy()),
    );
    std::thread::sleep(Duration::from_millis(500));
    started.signal(Signal::INT);
    std::thread::sleep(Duration::from_millis(100));
    started.signal(Signal::INT);
    started.ends(130, AWAITED);
}

/// The runner waits for a pipe that nobody reads, and what a worker says piles up: also the first signal
/// cannot be told then.
#[test]
fn a_second_signal_is_heard_whatever_waits() {
    let project = with_fake(
        "def step_(scenario, position):\n\
        \x20   time.sleep(0.001)\n\
        \x20   return plain(scenario, position)\n\
         plain = fake.step\n\
         serve(run=run_with_retries, step=step_)",
    );
    let fifo = project.path("fifo");
    assert!(
        Command::new("mkfifo")
            .arg(&fifo)
            .status()
            .unwrap()
            .success()
    );
    let mut options = fs::File::options();
    let _reader = options.read(true).write(true).open(&fifo).unwrap();
    project
        .folder("tmp")
        .file("a.feature", feature("A", &["a: it fails"]));
    let bdd = project.bdd(["run", "--retries", "5000", "-f", "events:fifo", "a.feature"]);
    let started = Started::new(bdd.env("TMPDIR", &project.path("tmp").to_string_lossy()));
    // Longer than it takes until the worker has to wait as well.
    std::thread::sleep(Duration::from_secs(4));
    for _ in 0..2 {
        started.signal(Signal::INT);
        std::thread::sleep(Duration::from_millis(100));
    }
    started.ends(130, AWAITED);
}

/// A closing hook is waited for behind the first signal; the second waits for nothing, and takes
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
    let started = Started::new(run(&project, &["-j", "1"]));
    wait_for(&project, "pids", 2);
    started.signal(Signal::INT);
    std::thread::sleep(Duration::from_millis(100));
    started.signal(Signal::INT);
    started.ends(130, AWAITED);
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
            "#!/bin/sh\necho $$ >> pids\necho Compiling >&2\nexec sleep 60\n",
        )
        .file("bdd.toml", "[steps]\npath = 'steps'\n");
    fs::set_permissions(project.path("cargo"), fs::Permissions::from_mode(0o755)).unwrap();
    let bdd = run(&project, &["a.feature"]).env("CARGO", &project.path("cargo").to_string_lossy());
    let started = Started::new(bdd);
    wait_until_heard(&project, "pids", 1);
    started.signal(Signal::TERM);
    let (_, stderr) = started.ends(143, AWAITED);
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
    let started = Started::new(run(&project, &["-j", "1"]));
    wait_for(&project, "pids", 1);
    assert_eq!(unfinished(), 2, "events and junit");
    started.signal(Signal::INT);
    std::thread::sleep(Duration::from_millis(100));
    started.signal(Signal::INT);
    started.ends(130, AWAITED);
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
        let mut started = Started::new(
            project
                .bdd(["run", "-v", "-j", "2", "-f", format, "a.feature"])
                .env("TMPDIR", &project.path("tmp").to_string_lossy()),
        );
        let mut line = String::new();
        let mut stdout = BufReader::new(started.child.stdout.take().unwrap());
        stdout.read_line(&mut line).unwrap();
        drop(stdout);
        let (_, stderr) = started.ends(0, Duration::from_secs(20));
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

/// What a worker says behind the signal is not heard: `c` is not started, so that its end in the
/// middle of a step is no crash.
#[test]
fn what_comes_behind_the_signal_is_not_heard() {
    // The scheduler is kept busy by a report that cannot be written, until the signal and more
    // messages wait for it.
    let script = "
def run(scenario, run=fake.run):
    if scenario['name'] == 'b':
        pipe = os.open('fifo', os.O_WRONLY | os.O_NONBLOCK)
        try:
            while True:
                os.write(pipe, b'\\n')
        except BlockingIOError:
            pass
    if scenario['name'] != 'c':
        return run(scenario)
    with open('asleep', 'w') as file:
        print('asleep', file=file)
    while not os.path.exists('go'):
        time.sleep(0.01)
    start(scenario)
    send(type='step_started', scenario=scenario['scenario'], step=0)
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
    let fifo = project.path("fifo");
    assert!(
        Command::new("mkfifo")
            .arg(&fifo)
            .status()
            .unwrap()
            .success()
    );
    let both = fs::File::options()
        .read(true)
        .write(true)
        .open(&fifo)
        .unwrap();
    let arguments = ["-j", "1", "-f", "events:fifo", "a.feature"];
    let started = Started::new(run(&project, &arguments));
    wait_until_heard(&project, "asleep", 1);
    started.signal(Signal::INT);
    std::thread::sleep(Duration::from_millis(200));
    project.file("go", "");
    std::thread::sleep(Duration::from_millis(200));
    std::thread::spawn(move || {
        let mut both = both;
        let mut buffer = [0; 4096];
        while both.read(&mut buffer).is_ok_and(|read| read > 0) {}
    });
    started.ends(130, AWAITED);
    let outcome = project.bdd(["--version"]).run();
    assert_eq!(
        results(&project, &outcome).statuses(),
        "a passed, b passed, c not run, d not run"
    );
}

/// What hooks have opened they close, within the time that a process has for its end.
#[test]
fn closing_hooks_run_when_the_run_is_interrupted() {
    let project = with_fake(
        "
for kind in ('run', 'all', 'feature', 'rule', 'scenario', 'step'):
    hook(f'before_{kind}', 'opens')
    hook(f'after_{kind}', 'closes')
def step(scenario, position, step=fake.step):
    with open('asleep', 'w') as file:
        print('asleep', file=file)
    while not os.path.exists('go'):
        time.sleep(0.01)
    return step(scenario, position)
serve_sharing(step=step)",
    );
    project.file(
        "a.feature",
        "Feature: A\n  Rule: R\n    Scenario: a\n      * it works\n    Scenario: b\n      * it works\n",
    );
    for (signal, code) in [(Signal::INT, 130), (Signal::TERM, 143)] {
        for file in ["go", "log", "asleep"] {
            let _ = fs::remove_file(project.path(file));
        }
        let started = Started::new(run(&project, &["-j", "1", "a.feature"]));
        wait_until_heard(&project, "asleep", 1);
        started.signal(signal);
        std::thread::sleep(Duration::from_millis(200));
        project.file("go", "");
        let (_, stderr) = started.ends(code, AWAITED);
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
            .file("bdd.toml", format!("{settings}finish-timeout = '1s'\n"))
            .file("a.feature", feature("A", &["a: it works", "b: it works"]));
        let started = Started::new(run(&project, &["-j", "1", "a.feature"]));
        wait_until_heard(&project, "asleep", 1);
        started.signal(Signal::INT);
        started.ends(130, AWAITED);
        let outcome = project.bdd(["--version"]).run();
        let results = results(&project, &outcome);
        assert_eq!(results.statuses(), statuses);
        let errors = results.run_errors();
        let has = |start: &str| errors.iter().any(|error| error.starts_with(start));
        let late = "the step program was killed: it did not end within 1 s (`finish-timeout`)";
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
    let started = Started::new(run(&project, &["-j", "1", "a.feature"]));
    wait_until_heard(&project, "asleep", 1);
    started.signal(Signal::INT);
    started.ends(130, AWAITED);
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
