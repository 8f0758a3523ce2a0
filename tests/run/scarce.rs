//! A system that refuses threads, descriptors or processes: fewer workers, or an end with all reports.
//!
//! Limits of processes do not hold for root, and those of memory depend on the machine. So stacks of threads are
//! made too large: the system refuses such a thread as it does when there are too many.

use super::*;

/// No address space has room for a stack of this size.
const NO_THREAD: &str = "200000000000000";

/// A project with this many scenarios, whose step program the shell starts after `first`.
fn project(first: &str, scenarios: usize) -> Project {
    let project = with_steps();
    let program = step_program();
    let script = format!(
        "#!/bin/sh\necho $$ >> pids\n{first}\nexec '{}'\n",
        program.display()
    );
    project.file("steps", script);
    let scenarios: Vec<String> = (0..scenarios)
        .map(|number| format!("s{number}: I have entered 1 into the calculator"))
        .collect();
    let scenarios: Vec<&str> = scenarios.iter().map(String::as_str).collect();
    project.file("features/a.feature", feature("A", &scenarios));
    project
}

/// The command under a shell that sets limits first.
fn limited(limits: &str, bdd: Bdd) -> Bdd {
    bdd.under(&["sh", "-c", &format!("{limits} && exec \"$@\""), "sh"])
}

fn all_passed(results: &Results) -> bool {
    let mut finals = results.finals.values();
    finals.all(|last| last["status"] == "passed")
}

#[test]
fn no_thread_at_all_ends_in_5_with_reports() {
    let project = project("", 2);
    let outcome = run(&project, &["-j", "2"])
        .env("RUST_MIN_STACK", NO_THREAD)
        .exits(5);
    let results = results(&project, &outcome);
    assert_eq!(results.statuses(), "s0 not run, s1 not run");
    assert_eq!(
        results.run_errors(),
        ["cannot catch signals: resource temporarily unavailable"]
    );
    outcome.stderr_has("error: cannot catch signals: resource temporarily unavailable\nhint: ");
}

#[test]
fn other_commands_need_no_thread() {
    let project = project("", 1);
    for number in 0..40 {
        let text = feature(
            &number.to_string(),
            &["a: I have entered 1 into the calculator"],
        );
        project.file(&format!("features/{number}.feature"), text);
    }
    let list = project.bdd(["list"]).env("RUST_MIN_STACK", NO_THREAD);
    list.exits(0);
    run(&project, &["-j", "1"]).exits(0);
    let merge = project
        .bdd(["merge", "events.jsonl"])
        .env("RUST_MIN_STACK", NO_THREAD);
    merge.exits(0);
}

/// Each worker needs three threads in the runner, the signals need two, and each of the two reports in files one: there is
/// room for one worker.
#[test]
fn where_threads_run_out_the_run_goes_on_with_fewer_workers() {
    let project = project("unset RUST_MIN_STACK", 9);
    let bdd = run(&project, &["-j", "4"]).env("RUST_MIN_STACK", "1000000000");
    let outcome = limited("ulimit -v 8500000", bdd).exits(0);
    let results = results(&project, &outcome);
    assert!(all_passed(&results));
    assert_eq!(
        results.warnings(),
        [
            "worker 1 cannot be started: no thread: resource temporarily unavailable; the run continues with 1 worker"
        ]
    );
}

#[test]
fn a_worker_without_a_thread_has_not_started() {
    // The first begins when all were started: otherwise it could have run everything before.
    let waits = "until [ $(wc -l < pids) -ge 3 ]; do sleep 0.02; done";
    let all_but_one = format!(
        "if [ $BDD_WORKER_INDEX = 0 ]; then {waits}; else export RUST_MIN_STACK={NO_THREAD}; fi"
    );
    let project_of_one = project(&all_but_one, 9);
    let outcome = run(&project_of_one, &["-j", "3"]).exits(0);
    let found = results(&project_of_one, &outcome);
    assert!(all_passed(&found));
    let warnings = found.warnings();
    assert_eq!(warnings.len(), 2, "{warnings:?}");
    for warning in warnings {
        let why = "it printed: the step program cannot begin: Resource temporarily unavailable (os error 11); the ";
        let (_, end) = warning.split_once(why).expect(warning);
        assert!(
            end.starts_with("run continues with") || end == "others have run everything",
            "{warning}"
        );
    }
    let project_of_none = project(&format!("export RUST_MIN_STACK={NO_THREAD}"), 2);
    let outcome = run(&project_of_none, &["-j", "2"]).exits(5);
    let found = results(&project_of_none, &outcome);
    assert_eq!(found.statuses(), "s0 not run, s1 not run");
    outcome.stderr_has("cannot be started: it printed: the step program cannot begin: ");
}

#[test]
fn descriptors_that_can_be_had_are_taken_and_steps_keep_their_limit() {
    let project = project("ulimit -Sn >> limits", 40);
    let bdd = run(&project, &["-j", "40"]);
    let outcome = limited("ulimit -Sn 80", bdd).exits(0);
    let results = results(&project, &outcome);
    assert!(all_passed(&results));
    assert_eq!(results.warnings(), [""; 0]);
    let limits = project.read("limits");
    assert_eq!(limits.lines().count(), 40);
    assert!(limits.lines().all(|limit| limit == "80"), "{limits}");
}

#[test]
fn where_descriptors_run_out_the_run_goes_on_with_fewer_workers() {
    let project = project("", 64);
    let bdd = run(&project, &["-j", "64"]);
    let outcome = limited("ulimit -n 80", bdd).exits(0);
    let results = results(&project, &outcome);
    assert!(all_passed(&results));
    let warnings = results.warnings();
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    let text = "cannot be started: no descriptor: too many open files; the run continues with ";
    assert!(warnings[0].contains(text), "{warnings:?}");
    let workers = project.read("pids").lines().count();
    assert!((5..64).contains(&workers), "{workers} workers");
}

#[test]
fn too_few_descriptors_for_one_worker_end_in_5_with_reports() {
    let project = project("", 1);
    let outcome = limited("ulimit -n 20", run(&project, &["-j", "2"])).exits(5);
    let results = results(&project, &outcome);
    assert_eq!(results.statuses(), "s0 not run");
    outcome.stderr_has(
        "error: worker 0 cannot be started: no descriptor: too many open files\nhint: ",
    );
}

/// The program of the steps is gone when the worker of `a` is to be replaced; `b` waits until it is gone. Because
/// `a` is retried, there is work for another worker.
#[test]
fn a_replacement_that_cannot_start_leaves_the_work_to_others() {
    let script = "
def die(scenario):
    if scenario['name'] == 'a' and os.path.exists('sh'):
        started(scenario)
        while len(open('pids').readlines()) < 2:
            time.sleep(0.01)
        os.rename('sh', 'gone.sh')
        os.kill(os.getpid(), 9)
    if scenario['name'] == 'b':
        while not os.path.exists('gone.sh'):
            time.sleep(0.01)
    usual(scenario)
usual = run
def started(scenario):
    send(type='scenario_started', scenario=scenario['scenario'], attempt=0, at=0, output=0)
    send(type='step_started', scenario=scenario['scenario'], step=0)
serve(run=die)";
    let project = with_fake(script);
    project.file("sh", "#!/bin/sh\nexec python3 steps.py\n");
    fs::set_permissions(project.path("sh"), fs::Permissions::from_mode(0o755)).unwrap();
    project.file("bdd.toml", "[steps]\npath = 'sh'\n");
    let names = ["a: it works", "b: it works", "c: it works", "d: it works"];
    project.file("features/a.feature", feature("A", &names));
    let outcome = run(&project, &["-j", "2", "--retries", "1"]).exits(0);
    let results = results(&project, &outcome);
    assert_eq!(results.statuses(), "a passed, b passed, c passed, d passed");
    assert_eq!(results.run_errors(), [""; 0]);
    let warnings = results.warnings();
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert!(
        warnings[0].ends_with(
            "sh cannot be started: no such file or folder; the run continues with 1 worker"
        ),
        "{warnings:?}"
    );
}

/// A project whose only worker dies in the scenario `a`. So many of those that are started after it are refused
/// what they need.
fn with_refused_replacements(count: u32) -> Project {
    let script = format!(
        "
number = len(open('pids').readlines())
if 1 < number <= 1 + {count}:
    print('no thread', flush=True)
    os._exit(75)
def die(scenario):
    if scenario['name'] == 'a':
        send(type='scenario_started', scenario=scenario['scenario'], attempt=0, at=0, output=0)
        send(type='step_started', scenario=scenario['scenario'], step=0)
        os.kill(os.getpid(), 9)
    usual(scenario)
usual = run
serve(run=die)"
    );
    let project = with_fake(&script);
    let names = ["a: it works", "b: it works"];
    project.file("features/a.feature", feature("A", &names));
    project
}

fn starts(project: &Project) -> usize {
    project.read("pids").lines().count()
}

#[test]
fn the_start_of_the_only_worker_is_tried_again() {
    let project = with_refused_replacements(3);
    let outcome = run(&project, &["-j", "1"]).exits(1);
    let results = results(&project, &outcome);
    assert_eq!(results.statuses(), "a failed, b passed");
    assert_eq!(results.run_errors(), [""; 0]);
    assert_eq!(results.warnings(), [""; 0]);
    assert_eq!(starts(&project), 1 + 3 + 1);
}

#[test]
fn the_start_of_the_only_worker_is_not_tried_for_ever() {
    let project = with_refused_replacements(1000);
    let outcome = run(&project, &["-j", "1"]).exits(5);
    let results = results(&project, &outcome);
    assert_eq!(results.statuses(), "a failed, b not run");
    let why = "worker 0 cannot be started: it printed: no thread";
    assert_eq!(results.run_errors(), [why]);
    outcome.stderr_has(&format!("error: {why}\nhint: raise the limit"));
    // The first replacement, and six more tries.
    assert_eq!(starts(&project), 1 + 1 + 6);
}

#[test]
fn no_more_workers_are_started_than_can_work() {
    let project = project("", 2);
    run(&project, &["-j", "100000"]).exits(0);
    assert_eq!(project.read("pids").lines().count(), 2);
    let project = with_steps();
    let text = "@serial\n".to_owned()
        + &feature(
            "A",
            &[
                "a: I have entered 1 into the calculator",
                "b: I have entered 1 into the calculator",
            ],
        );
    project.file("features/a.feature", text);
    run(&project, &["-j", "2"]).exits(0);
    assert_eq!(project.read("pids").lines().count(), 1);
}

/// What it is set to, and what the message says of it.
#[test]
fn a_temporary_directory_that_cannot_be_used_is_named() {
    let project = project("", 1);
    project.file("file", "");
    let missing = project.path("missing").to_string_lossy().into_owned();
    let file = project.path("file").to_string_lossy().into_owned();
    for (value, why) in [
        (&*missing, "no such file or folder"),
        (&*file, "it is not a folder"),
        ("tmp", "it is a relative path, and steps run elsewhere"),
    ] {
        let outcome = run(&project, &[]).env("TMPDIR", value).exits(5);
        let shown = value.replace(&*project.path("").to_string_lossy(), "[DIR]/");
        let outcome = outcome.stderr_has(&format!(
            "error: cannot create a folder for the sockets of workers: TMPDIR is {shown}: {why}; set it to the absolute path of a folder that can be written\n"
        ));
        let results = results(&project, &outcome);
        assert_eq!(results.statuses(), "s0 not run");
    }
}

#[test]
fn a_temporary_directory_may_be_too_long_for_sockets() {
    let project = project("", 1);
    let long = format!("tmp/{}", "long".repeat(25));
    project.folder(&long);
    let long = project.path(&long).to_string_lossy().into_owned();
    let outcome = run(&project, &[]).env("TMPDIR", &long).exits(0);
    fs::remove_dir_all(&long).unwrap();
    assert!(all_passed(&results(&project, &outcome)));
}
