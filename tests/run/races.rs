//! What happens at unlucky moments: between two scenarios, or while an answer is on its way.

use super::*;
use crate::support::step_program::fault_program;

/// A project with the step program that has a step for each fault; its processes are noted in `pids`.
pub(super) fn with_faults() -> Project {
    let project = with_steps();
    let program = fault_program();
    project.file(
        "steps",
        format!("#!/bin/sh\necho $$ >> pids\nexec '{}'\n", program.display()),
    );
    fs::set_permissions(project.path("steps"), fs::Permissions::from_mode(0o755)).unwrap();
    project
}

#[test]
fn a_step_after_a_hook_is_left_where_it_waits() {
    let project = with_faults();
    project.file(
        "features/a.feature",
        "@hooked\nFeature: A\n\
         Scenario: a\n  * an async step that hangs\n\
         @timeout(1h)\nScenario: b\n  * an async step that sleeps 1 ms\n",
    );
    with_more_tries(|| {
        let _ = fs::remove_file(project.path("pids"));
        let outcome = run(&project, &["-j", "1", "--step-timeout", "300ms"]).exits(1);
        let results = results(&project, &outcome);
        assert_eq!(results.statuses(), "a failed, b passed");
        let is_left = results.output("a") == "dropped: the step\nafter\n";
        (is_left && project.read("pids").lines().count() == 1).then_some(())
    });
}

#[test]
fn a_late_panic_of_a_thread_names_the_scenario_that_started_it() {
    let project = with_faults();
    let guilty = "Feature: A\n\
                  Scenario: guilty\n  * a step whose thread panics when it is asked to\n";
    let innocent = "Scenario: innocent\n  * a step that asks a thread to panic\n";
    let blame = "the scenario `guilty` (features/a.feature:2) started this thread";
    project.file("features/a.feature", format!("{guilty}{innocent}"));
    let outcome = run(&project, &["-j", "1"]).exits(1);
    outcome.stdout_has(&format!("; {blame}\n"));
    let outcome = run(&project, &["-j", "1"]).exits(1);
    let results = results(&project, &outcome);
    assert_eq!(results.statuses(), "guilty passed, innocent passed");
    // Nothing runs after it: it is not lost all the same.
    let last = "  * a step after which a thread is asked to panic at the end\n";
    project.file("features/a.feature", format!("{guilty}{last}"));
    let outcome = run(&project, &["-j", "1"]).exits(1);
    outcome
        .stdout_has(&format!(
            "after the last scenario of its worker, a thread panicked: late ({}/tests/faults/src/leftovers.rs:",
            env!("CARGO_MANIFEST_DIR")
        ))
        .stdout_has(&format!("; {blame}\n"));
}

/// A worker that has stopped does not say that something waits in its outbox, and one that had nothing to do for a while is not
/// looked after as often.
#[test]
fn what_a_worker_printed_before_it_stopped_is_the_fault_of_its_scenario() {
    let project = with_faults();
    let scenario = "a: a step that passes from attempt 1 on; a step that prints 1 MB; a step that stops its process";
    project.file("features/a.feature", feature("A", &[scenario]));
    let arguments = [
        "-j",
        "1",
        "--retries",
        "1",
        "--retry-delay",
        "100ms",
        "--output-limit",
        "200 KB",
        "--grace",
        "100ms",
    ];
    let outcome = run(&project, &arguments).exits(1);
    let results = results(&project, &outcome);
    assert_eq!(results.statuses(), "a failed");
    assert_eq!(results.run_errors(), [""; 0]);
}

/// The first worker has two scenarios left when the other one has none, and is slow to give one back.
/// Meanwhile many others may be tried again.
const SLOW_TO_GIVE_BACK: &str = "
slow = False

def arrived(message):
    if message['type'] == 'cancel':
        time.sleep(2)

def run(scenario):
    global slow
    name = scenario['name']
    if name == 'first':
        slow = True
        time.sleep(0.5)
    elif slow and scenario['attempt'] == 0 and len(fake.waiting) == 1:
        time.sleep(2.5)
    elif scenario['attempt'] > 0:
        time.sleep(0.05)
    plain(scenario)

plain = fake.run
serve_sharing(run=run, arrived=arrived)";

#[test]
fn who_is_giving_back_gets_nothing_else_meanwhile() {
    let project = with_fake(SLOW_TO_GIVE_BACK);
    let others: Vec<String> = (0..40)
        .map(|number| format!("s{number}: it works from attempt 1 on"))
        .collect();
    let mut scenarios = vec!["first: it works"];
    scenarios.extend(others.iter().map(String::as_str));
    project.file("features/a.feature", feature("A", &scenarios));
    let arguments = ["-j", "2", "--retries", "1", "--retry-delay", "1s"];
    let outcome = run(&project, &arguments).exits(0);
    let results = results(&project, &outcome);
    assert_eq!(results.run_errors(), [""; 0]);
    assert!(results.finals.values().all(|one| one["status"] == "passed"));
}

/// A worker that leaves its step and then hangs, as it does in the closing of a fixture.
#[test]
fn a_worker_that_hangs_after_a_broken_off_step_is_ended() {
    let project = with_fake(
        "def hello(): plain_hello(breaks_off=True)\n\
         plain_hello = fake.hello\n\
         def run(scenario):\n\
        \x20   if scenario['name'] != 'a': return plain(scenario)\n\
        \x20   start(scenario)\n\
        \x20   send(type='step_started', scenario=scenario['scenario'], step=0)\n\
        \x20   asked = json.loads(fake.lines.readline())\n\
        \x20   send(type='breaking_off', call=asked['call'], can=True)\n\
        \x20   send(type='step_finished', scenario=scenario['scenario'], step=0, nanos=1, status='failed',\n\
        \x20       error={'kind': asked['kind'], 'message': asked['message']})\n\
        \x20   hang()\n\
         plain = fake.run\n\
         serve(hello=hello, run=run)",
    );
    project
        .file(
            "bdd.toml",
            "[steps]\ncommand = ['python3', 'steps.py']\nfinish-timeout = '500ms'\n",
        )
        .file(
            "features/a.feature",
            "Feature: A\nScenario: a\n  * it works\n@timeout(1h)\nScenario: b\n  * it works\n",
        );
    for limit in ["--step-timeout", "--scenario-timeout"] {
        with_more_tries(|| {
            let arguments = ["-j", "1", limit, "300ms", "--grace", "200ms"];
            let outcome = run(&project, &arguments).exits(1);
            let results = results(&project, &outcome);
            assert_eq!(results.statuses(), "a failed, b passed");
            let of = &limit[2..limit.len() - 8];
            assert_eq!(results.finals["a"]["fault"]["timed_out"]["of"], of);
            let errors = results.errors("a");
            assert!(errors[0].contains(&limit[2..]), "{errors:?}");
            let closes = errors.get(1)?;
            assert!(closes.contains("`finish-timeout`"), "{errors:?}");
            Some(())
        });
    }
}

/// `b` is on its way to a worker when `a` ends the run, and begins late.
#[test]
fn what_is_about_to_start_is_cancelled_too() {
    let project = with_fake(
        "def run(scenario):\n\
        \x20   if scenario['name'] == 'b':\n\
        \x20       once('b')\n\
        \x20       while not os.path.exists('stopped'): time.sleep(0.01)\n\
        \x20   else:\n\
        \x20       while not os.path.exists('b'): time.sleep(0.01)\n\
        \x20   plain(scenario)\n\
         def arrived(message):\n\
        \x20   if message['type'] == 'finish': once('stopped')\n\
         plain = fake.run\n\
         serve_sharing(run=run, arrived=arrived)",
    );
    let scenarios = ["a: it fails", "b: it works", "c: it works"];
    project.file("features/a.feature", feature("A", &scenarios));
    let arguments = ["-j", "2", "--max-failures", "1:immediate"];
    let outcome = run(&project, &arguments).exits(1);
    let results = results(&project, &outcome);
    assert_eq!(results.statuses(), "a failed, b not run, c not run");
    assert_eq!(results.run_errors(), [""; 0]);
}

/// A feature stays on one worker although its scenarios wait in different lines, after others.
#[test]
fn a_whole_feature_is_not_split_by_its_groups() {
    let project = with_fake(
        "def run(scenario):\n\
        \x20   if scenario['name'] == 'held': time.sleep(1)\n\
        \x20   plain(scenario)\n\
         plain = fake.run\n\
         hook('before_feature', 'opens', tags='@whole')\n\
         serve_sharing(run=run)",
    );
    let toml = project.read("bdd.toml");
    project
        .file("bdd.toml", format!("{toml}\n[groups]\ndb = 1\n"))
        .file(
            "features/a.feature",
            "Feature: A\n@db\nScenario: held\n  * it works\n",
        )
        .file(
            "features/b.feature",
            "Feature: B\n@db\nScenario: b1\n  * it works\n",
        )
        .file(
            "features/c.feature",
            "@whole\nFeature: C\n\
             @db\nScenario: c1\n  * it works\n\
             Scenario: c2\n  * it works\n\
             @db\nScenario: c3\n  * it works\n",
        );
    let outcome = run(&project, &["-j", "2"]).exits(0);
    results(&project, &outcome);
    let log = project.read("log");
    assert_eq!(log.matches("before_feature").count(), 1, "{log}");
}
