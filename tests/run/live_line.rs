//! The live line at the bottom of a terminal. `screen.py` is the terminal: it knows what its screen shows.

use super::*;

/// Scenario `a` passes, `b` fails, `c` waits for the file `go`.
const WAITS: &str = "
def run(scenario, run=fake.run):
    if scenario['name'] != 'c':
        return run(scenario)
    start(scenario)
    send(type='step_started', scenario=scenario['scenario'], step=0)
    while not os.path.exists('go') and os.path.exists('steps.py'):
        time.sleep(0.01)
    send(type='step_finished', scenario=scenario['scenario'], step=0, nanos=1000, status='passed')
    end(scenario)
serve(run=run)";

fn project() -> Project {
    let project = with_fake(&format!("import os, time\n{WAITS}"));
    let scenarios = ["a: it works", "b: it fails", "c: it works"];
    project
        .file("a.feature", feature("A", &scenarios))
        .folder("tmp");
    project.file("screen.py", include_str!("screen.py"));
    project
}

/// A terminal with these actions, at which bdd runs with these arguments.
fn at_screen(project: &Project, actions: &[&str], arguments: &[&str]) -> Command {
    let bdd = project.bdd(["run", "-j", "1", "a.feature"]).with(arguments);
    let bdd = bdd.command();
    let mut screen = Command::new("python3");
    for (name, value) in bdd.get_envs() {
        match value {
            Some(value) => screen.env(name, value),
            None => screen.env_remove(name),
        };
    }
    screen
        .arg(project.path("screen.py"))
        .arg("70")
        .args(actions)
        .arg("--")
        .arg(bdd.get_program())
        .args(bdd.get_args())
        .current_dir(project.path("."))
        .env("TERM", "xterm-256color")
        .env("TMPDIR", project.path("tmp"))
        .env_remove("NO_COLOR");
    screen
}

/// What `show` printed, and the screen at the end.
fn shown(screen: &mut Command, code: i32) -> (String, String) {
    let output = screen.output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{text}\n{errors}");
    match text.split_once("\n--\n") {
        Some((shown, end)) => (shown.to_owned(), end.to_owned()),
        None => (String::new(), text),
    }
}

/// What the line is while `c` runs; one second or another has passed.
const RUNNING: &str = r"wait:2 of 3 done, 1 failed; now: c \d+s";

#[test]
fn it_shows_what_runs_and_is_gone_at_the_end() {
    for (format, above) in [("progress", "\n.F\n"), ("pretty", "\n")] {
        let project = project();
        let actions = [RUNNING, "show", "touch:go"];
        let mut screen = at_screen(&project, &actions, &["-f", format]);
        let (during, end) = shown(&mut screen, 1);
        let during = format!("\n{during}");
        let (before, line) = during.rsplit_once("2 of 3 done").unwrap();
        assert!(before.ends_with(above), "{during}");
        assert!(!line.contains('\n'), "nothing is below it: {during}");
        assert!(!end.contains(" done"), "{end}");
        let scenarios = "2 scenarios passed, 1 failed, 0 skipped";
        assert!(end.contains(scenarios), "{end}");
        // Nothing of what is above it is lost, and nothing is there twice.
        let marks = match format {
            "progress" => end.matches(".F.\n").count(),
            _ => end.matches("  Scenario: ").count() / 3,
        };
        assert_eq!(marks, 1, "{end}");
    }
}

#[test]
fn the_record_of_earlier_runs_says_how_long_the_rest_takes() {
    let project = project();
    project.file("go", "");
    project.bdd(["run", "a.feature"]).exits(1);
    fs::remove_file(project.path("go")).unwrap();
    let line = r"wait:2 of 3 done, 1 failed, about \d+s left; now: c \d+s";
    shown(&mut at_screen(&project, &[line, "touch:go"], &[]), 1);
}

#[test]
fn a_terminal_that_gets_narrower_or_wider_has_one_line() {
    let project = project();
    let narrow = "wait:2 of 3 done, 1 failed; no.{0,4}";
    let actions = [
        RUNNING, "size:30", narrow, "show", "size:70", RUNNING, "touch:go",
    ];
    let (during, end) = shown(&mut at_screen(&project, &actions, &["-f", "progress"]), 1);
    assert_eq!(during.matches(" done").count(), 1, "{during}");
    assert!(!end.contains(" done"), "{end}");
    assert!(end.contains("2 scenarios passed"), "{end}");
}

#[test]
fn rules_are_as_wide_as_the_terminal_when_they_are_written() {
    let project = project();
    let actions = [RUNNING, "size:50", "touch:go"];
    let (_, end) = shown(&mut at_screen(&project, &actions, &["-f", "progress"]), 1);
    let is_rule = |line: &&str| line.len() > 10 && line.trim_matches(['=', '-']).is_empty();
    let rules: Vec<usize> = end.lines().filter(is_rule).map(str::len).collect();
    assert_eq!(rules, [50, 50, 50], "{end}");
}

#[test]
fn ctrl_c_leaves_nothing_of_it() {
    for format in ["progress", "pretty"] {
        let project = project();
        let actions = [RUNNING, r"press:\x03"];
        let (_, end) = shown(&mut at_screen(&project, &actions, &["-f", format]), 130);
        let said = "interrupted: running closing hooks and writing reports; press Ctrl-C again";
        let said = end.lines().filter(|line| line.starts_with(&said[..60]));
        assert_eq!(said.count(), 1, "{end}");
        assert!(!end.contains(" done") && !end.contains("^C"), "{end}");
    }
}

/// The worker does not react, so the run is still there when the second signal comes.
#[test]
fn a_second_ctrl_c_leaves_nothing_of_it_either() {
    let project = project();
    let steps = project.read("steps.py").replace(
        "serve(run",
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\nserve(run",
    );
    project.file("steps.py", format!("import signal\n{steps}"));
    let settings = project.read("bdd.toml") + "finish-timeout = '60s'\n";
    project.file("bdd.toml", settings);
    let actions = [
        RUNNING,
        r"press:\x03",
        "wait:interrupted: .*",
        r"press:\x03",
    ];
    let (_, end) = shown(&mut at_screen(&project, &actions, &["-f", "progress"]), 130);
    assert!(!end.contains(" done"), "{end}");
}

#[test]
fn only_a_terminal_that_can_erase_a_line_has_one() {
    let project = project();
    project.file("go", "");
    let raw = |change: &dyn Fn(&mut Command)| {
        let mut screen = at_screen(&project, &[], &["-f", "progress", "--slow-after", "1ms"]);
        change(&mut screen);
        shown(&mut screen, 1);
        project.read("raw")
    };
    let dumb = raw(&|screen| {
        screen.env("TERM", "dumb");
    });
    assert!(!dumb.contains("\x1b[J"), "{dumb:?}");
    let none = raw(&|screen| {
        screen.env_remove("TERM");
    });
    assert!(!none.contains("\x1b[J"), "{none:?}");

    let project = self::project();
    let mut screen = at_screen(&project, &[RUNNING, "touch:go"], &[]);
    shown(screen.env("NO_COLOR", "1"), 1);
    let plain = project.read("raw");
    assert!(plain.contains("\x1b[J"), "{plain:?}");
    assert!(
        !regex::Regex::new("\x1b\\[[0-9;]*m")
            .unwrap()
            .is_match(&plain),
        "{plain:?}"
    );
}
