//! Retries: by the step program itself, by the runner, and after a crash.

use super::*;

/// The scenarios that most tests here run.
const SCENARIOS: [&str; 4] = [
    "a: it works",
    "b: it works from attempt 1 on; it works",
    "c: it works from attempt 2 on",
    "d: it fails; it works",
];

/// A step program that retries itself, and one that leaves it to the runner.
const BOTH: [&str; 2] = ["serve(run=run_with_retries)", "serve()"];

fn with(script: &str, scenarios: &[&str]) -> Project {
    let project = with_fake(script);
    project.file("features/a.feature", feature("A", scenarios));
    project
}

impl Results {
    /// The attempts at a scenario: their numbers, statuses, and `+` where another is announced.
    fn attempts(&self, name: &str) -> String {
        let scenario = &self.finals[name]["scenario"];
        let attempts = self
            .events
            .iter()
            .filter(|event| event["type"] == "scenario_finished" && event["scenario"] == *scenario);
        let attempts: Vec<String> = attempts
            .map(|event| {
                let again = event["will_be_retried"].as_bool().unwrap();
                let status = event["status"].as_str().unwrap();
                format!(
                    "{} {status}{}",
                    event["attempt"],
                    if again { "+" } else { "" }
                )
            })
            .collect();
        attempts.join(", ")
    }
}

#[test]
fn a_failure_is_retried_as_often_as_it_may_be() {
    for script in BOTH {
        let project = with(script, &SCENARIOS);
        for jobs in ["1", "3"] {
            let outcome = run(&project, &["-j", jobs, "--retries", "2"]).exits(1);
            let results = results(&project, &outcome);
            assert_eq!(results.attempts("a"), "0 passed");
            assert_eq!(results.attempts("b"), "0 failed+, 1 passed");
            assert_eq!(results.attempts("c"), "0 failed+, 1 failed+, 2 passed");
            assert_eq!(results.attempts("d"), "0 failed+, 1 failed+, 2 failed");
            assert_eq!(results.run_errors(), [""; 0]);
            assert_eq!(results.events[0]["retries"], 2);
            outcome.stdout_has("2 scenarios are flaky: they failed, then passed");
        }
        let outcome = run(&project, &["--retry", "1"]).exits(1);
        let results = results(&project, &outcome);
        assert_eq!(results.attempts("c"), "0 failed+, 1 failed");
    }
}

#[test]
fn a_flaky_scenario_does_not_fail_the_run() {
    for script in BOTH {
        let project = with(script, &SCENARIOS[..3]);
        run(&project, &["--retries", "2"])
            .exits(0)
            .stdout_has("2 scenarios are flaky: they failed, then passed");
        run(&project, &["--retries", "1"])
            .exits(1)
            .stdout_has("1 scenario is flaky: it failed, then passed");
        let outcome = run(&project, &[]).exits(1);
        assert_eq!(results(&project, &outcome).attempts("b"), "0 failed");
        assert!(!outcome.stdout.contains("flaky"), "{}", outcome.stdout);
        project.file(
            "bdd.toml",
            "retries = 2\n[steps]\ncommand = ['python3', 'steps.py']\n",
        );
        run(&project, &[]).exits(0);
        run(&project, &["--retries", "0"]).exits(1);
    }
}

/// The step program gets the number of retries that are left.
#[test]
fn a_crash_uses_up_a_retry() {
    let script = "
def run(scenario):
    with open('told', 'a') as told:
        print(scenario['name'], scenario['attempt'], scenario.get('retries', 0), file=told)
    if scenario['name'] == 'b' and scenario['attempt'] == 0:
        start(scenario)
        send(type='step_started', scenario=scenario['scenario'], step=0)
        os._exit(3)
    run_with_retries(scenario)
serve(run=run)";
    let project = with(
        script,
        &[
            "a: it works",
            "b: it works from attempt 2 on",
            "c: it works",
        ],
    );
    let outcome = run(&project, &["-j", "1", "--retries", "2"]).exits(0);
    let results = results(&project, &outcome);
    assert_eq!(results.attempts("b"), "0 failed+, 1 failed+, 2 passed");
    assert_eq!(results.attempts("c"), "0 passed");
    let first = results
        .events
        .iter()
        .find(|event| event["fault"] != Value::Null);
    assert_eq!(first.unwrap()["fault"]["crashed"]["exit_code"], 3);
    assert_eq!(project.read("told"), "a 0 2\nb 0 2\nb 1 1\nc 0 2\n");
}

#[test]
fn a_scenario_that_always_crashes_has_an_end() {
    let script = "
def run(scenario):
    start(scenario)
    os.abort()
serve(run=run)";
    let project = with(script, &["a: it works", "b: it works"]);
    let outcome = run(&project, &["-j", "2", "--retries", "2"]).exits(1);
    let results = results(&project, &outcome);
    for name in ["a", "b"] {
        assert_eq!(results.attempts(name), "0 failed+, 1 failed+, 2 failed");
    }
    assert_eq!(results.run_errors(), [""; 0]);
}

/// It dies between two attempts, as far as the runner can tell.
#[test]
fn a_worker_that_dies_before_it_retries() {
    let script = "
def run(scenario):
    if scenario['name'] == 'b' and once('died'):
        start(scenario)
        step(scenario, 0)
        end(scenario, will_be_retried=True)
        os._exit(3)
    run_with_retries(scenario)
serve(run=run)";
    let project = with(script, &SCENARIOS[..3]);
    let outcome = run(&project, &["-j", "1", "--retries", "2"]).exits(1);
    let results = results(&project, &outcome);
    assert_eq!(results.attempts("b"), "0 failed+, 1 passed");
    assert_eq!(
        results.run_errors(),
        ["the step program exited with code 3 while it ran no scenario"]
    );
}

#[test]
fn what_did_not_fail_is_not_retried() {
    let project = with_steps();
    project.file(
        "features/a.feature",
        feature(
            "A",
            &[
                "pending: a step that is pending",
                "undefined: a step that passes; a step that nobody has written",
                "skipped: a step that is skipped because of \"it\"",
                "ambiguous: a step that two definitions match",
                "failed: a step that fails with \"it\"; a step that nobody has written",
                "closing: a fixture that cannot be closed",
            ],
        ),
    );
    let outcome = run(&project, &["--retries", "1"]).exits(1);
    let results = results(&project, &outcome);
    for name in ["pending", "undefined", "skipped", "ambiguous"] {
        assert_eq!(results.attempts(name), format!("0 {name}"));
    }
    for name in ["failed", "closing"] {
        assert_eq!(results.attempts(name), "0 failed+, 1 failed");
    }
}

#[test]
fn only_a_final_failure_stops_the_run() {
    for script in BOTH {
        let project = with_fake(script);
        project.file(
            "features/a.feature",
            feature("A", &SCENARIOS).replace("  Scenario", "  @wip\n  Scenario")
                + "  @wip\n  Scenario: e\n    * it works\n",
        );
        let outcome = run(&project, &["--wip", "--retries", "1"]).exits(1);
        let results = results(&project, &outcome);
        assert_eq!(results.attempts("b"), "0 failed+, 1 passed");
        assert_eq!(results.attempts("c"), "0 failed+, 1 failed");
        assert_eq!(
            (results.status("d"), results.status("e")),
            ("not run", "not run")
        );
    }
}

/// The step program of `b`, which does wrong, and why.
fn accused(run_b: &str, retries: &str, attempts: &str, violation: &str) {
    let script = format!(
        "
class Done(Exception):
    pass
def serve_on():
    raise Done
def run(scenario):
    try:
        if scenario['name'] == 'b':
            {run_b}
            hang()
        run_with_retries(scenario)
    except Done:
        pass
serve(run=run)"
    );
    let project = with(&script, &["a: it works", "b: it fails", "c: it works"]);
    let outcome = run(&project, &["-j", "1", "--retries", retries]).exits(1);
    let results = results(&project, &outcome);
    assert_eq!(results.attempts("b"), attempts);
    assert_eq!(
        (results.status("a"), results.status("c")),
        ("passed", "passed")
    );
    let told = results.errors("b").concat() + &results.run_errors().concat();
    assert!(told.contains(violation), "{told}");
}

#[test]
fn a_worker_that_retries_too_often_is_accused() {
    let again = "start(scenario); step(scenario, 0); end(scenario, will_be_retried=True); scenario['attempt'] += 1;";
    let too_often = "it runs scenario 1 again, more often than it may";
    accused(again, "0", "0 failed", too_often);
    accused(&again.repeat(2), "1", "0 failed+, 1 failed", too_often);
}

#[test]
fn a_worker_that_retries_what_passed_is_accused() {
    accused(
        "scenario['steps'][0]['text'] = 'it works'; start(scenario); step(scenario, 0); end(scenario, will_be_retried=True)",
        "1",
        "0 failed+, 1 failed",
        "it runs scenario 1 again, which did not fail",
    );
}

#[test]
fn a_worker_that_counts_attempts_its_own_way_is_accused() {
    accused(
        "start({**scenario, 'attempt': 1}) if once('lied') else run_with_retries(scenario) or serve_on()",
        "0",
        "0 failed",
        "it started attempt 1 at scenario 1, where attempt 0 comes next",
    );
}

/// The worker that takes over opens the feature again, and there a hook may skip what is retried.
#[test]
fn what_is_skipped_when_it_is_retried_is_its_next_attempt() {
    let project = with_fake(
        "
def act(one, act=fake.act):
    return act(one) if once('opened') else {'status': 'skipped'}
fake.act = act
hook('before_feature', 'x')
def run(scenario, run=fake.run):
    start(scenario)
    os._exit(3)
serve(run=run)",
    );
    project.file("a.feature", feature("A", &["a: it works"]));
    run(&project, &["-j", "1", "--retries", "1", "a.feature"]).run();
    let events = project.read("events.jsonl");
    let events = events
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let attempts: Vec<String> = events
        .filter(|event| event["type"] == "scenario_finished")
        .map(|event| format!("{} {}", event["attempt"], event["status"]))
        .collect();
    assert_eq!(attempts, ["0 \"failed\"", "1 \"skipped\""]);
}
