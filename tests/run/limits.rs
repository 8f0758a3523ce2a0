//! Limits: of time for steps, hooks, scenarios and the run, and of output.

use super::*;

fn with(scenarios: &[&str]) -> Project {
    let project = with_steps();
    project.file("features/a.feature", feature("A", scenarios));
    project
}

impl Results {
    /// The fault that ended the last attempt at a scenario.
    fn fault(&self, name: &str) -> &Value {
        &self.finals[name]["fault"]
    }

    fn slow(&self) -> Vec<&str> {
        let slow = self.events.iter().filter(|event| event["type"] == "slow");
        slow.map(|event| event["message"].as_str().unwrap())
            .collect()
    }
}

const HANGS: &str =
    "b: a step that prints \"before\"; a step that sleeps 60000 ms; a step that passes";

/// A feature whose scenarios have a limit of their own, except for `b`: a limit for all is for it only. So it may
/// be short, however slow the machine is.
fn only_b_is_limited(scenarios: &[&str]) -> String {
    let text = feature("A", scenarios);
    let (before, after) = text.split_once("  Scenario: b\n").unwrap();
    let patient = "  @timeout(1h)\n  Scenario:";
    format!(
        "{}  Scenario: b\n{}",
        before.replace("  Scenario:", patient),
        after.replace("  Scenario:", patient)
    )
}

#[test]
fn a_step_that_takes_too_long_is_ended_and_costs_its_scenario() {
    let project = with_steps();
    let scenarios = ["a: a step that passes", HANGS, "c: a step that passes"];
    project.file("features/a.feature", only_b_is_limited(&scenarios));
    for jobs in ["1", "3"] {
        let arguments = ["-j", jobs, "--step-timeout", "600ms", "--grace", "1s"];
        let outcome = run(&project, &arguments).exits(1);
        let results = results(&project, &outcome);
        assert_eq!(results.statuses(), "a passed, b failed, c passed");
        assert_eq!(
            results.errors("b"),
            ["step 1: the step took longer than 600ms (`step-timeout`)"]
        );
        assert_eq!(results.output("b"), "before\n");
        assert_eq!(
            *results.fault("b"),
            serde_json::json!({"timed_out": {"of": "step", "limit": 600_000_000}})
        );
        assert_eq!(results.run_errors(), [""; 0]);
        let slow =
            "the step `* a step that sleeps 60000 ms` is slow: it has been running for 300ms";
        assert_eq!(results.slow(), [slow]);
        outcome
            .stdout_has("2 scenarios passed, 1 failed, 0 skipped (1 timed out)")
            .stdout_has("TIMEOUT: A: b")
            .stdout_has("\nfeatures/a.feature:7:5: the step `* a step that sleeps [TIME]` is slow");
        assert_eq!(results.case("b").children[0], "failure");
        assert!(project.read("junit.xml").contains("type=\"Timeout\""));
    }
}

#[test]
fn a_scenario_that_takes_too_long_is_ended() {
    // None of its steps takes as long as the limit. All together take 60 s, so it is over only because of the limit,
    // however late the runner notices that on a busy machine.
    const STEPS: usize = 600;
    let steps = vec!["a step that sleeps 100 ms"; STEPS].join("; ");
    let slow = format!("b: {steps}");
    let project = with_steps();
    let scenarios = ["a: a step that sleeps 10 ms; a step that passes", &slow];
    project.file("features/a.feature", only_b_is_limited(&scenarios));
    let outcome = run(&project, &["--scenario-timeout", "600ms"]).exits(1);
    let results = results(&project, &outcome);
    assert_eq!(results.statuses(), "a passed, b failed");
    let errors = results.errors("b");
    let (_, said) = errors[0].split_once(": ").unwrap();
    assert_eq!(
        said,
        "the scenario took longer than 600ms (`scenario-timeout`)"
    );
    let passed = results
        .events
        .iter()
        .filter(|event| event["type"] == "step_finished" && event["result"]["status"] == "passed");
    assert!(passed.count() < STEPS, "the last steps are not reached");
}

#[test]
fn a_tag_says_how_long_a_scenario_may_take_and_so_its_steps() {
    let project = with_steps();
    project.file(
        "features/a.feature",
        "@timeout(60s)\nFeature: A\n\
         Scenario: a\n  * a step that sleeps 400 ms\n\
         @timeout(200ms)\nScenario: b\n  * a step that sleeps 60000 ms\n",
    );
    let outcome = run(&project, &["--step-timeout", "100ms"]).exits(1);
    let results = results(&project, &outcome);
    assert_eq!(results.statuses(), "a passed, b failed");
    assert_eq!(
        results.errors("b"),
        ["step 0: the scenario took longer than 200ms (`@timeout`)"]
    );
}

#[test]
fn who_ignores_the_first_signal_gets_the_second() {
    let project = with_fake(
        "import signal\n\
         def step_(scenario, position):\n\
        \x20   if scenario['name'] != 'b': return step(scenario, position)\n\
        \x20   signal.signal(signal.SIGTERM, lambda *_: print('not yet', flush=True))\n\
        \x20   send(type='step_started', scenario=scenario['scenario'], step=position)\n\
        \x20   while True: time.sleep(1)\n\
         serve(step=step_)",
    );
    let scenarios = ["a: it works", "b: it works", "c: it works"];
    project.file("features/a.feature", only_b_is_limited(&scenarios));
    let results = with_longer_times(|_, grace| {
        let arguments = ["--step-timeout", "200ms", "--grace", grace];
        let outcome = run(&project, &arguments).exits(1);
        let results = results(&project, &outcome);
        assert_eq!(results.statuses(), "a passed, b failed, c passed");
        // It answers the first signal, if it has the time for it.
        (results.output("b") == "not yet\n").then_some(results)
    });
    assert_eq!(
        results.errors("b"),
        ["step 0: the step took longer than 200ms (`step-timeout`)"]
    );
}

#[test]
fn a_time_limit_fails_an_attempt_and_it_is_retried() {
    let project = with_fake(
        "def step_(scenario, position):\n\
        \x20   if scenario['attempt'] == 0:\n\
        \x20       send(type='step_started', scenario=scenario['scenario'], step=position)\n\
        \x20       hang()\n\
        \x20   return step(scenario, position)\n\
         serve(step=step_)",
    );
    project.file("features/a.feature", feature("A", &["a: it works"]));
    for delay in [&[][..], &["--retry-delay", "50ms"]] {
        let arguments = ["-j", "1", "--step-timeout", "1s", "--retries", "1"];
        let outcome = run(&project, &[&arguments[..], delay].concat()).exits(0);
        let results = results(&project, &outcome);
        assert_eq!(results.statuses(), "a passed");
        assert_eq!(results.finals["a"]["attempt"], 1);
        outcome.stdout_has("1 scenario is flaky: it failed, then passed");
    }
}

/// Hooks that hang, each in a run of its own.
#[test]
fn a_hook_that_takes_too_long_is_ended() {
    for (kind, errors, statuses) in [
        ("before_scenario", 0, "a failed, b failed"),
        ("after_scenario", 0, "a failed, b failed"),
        ("before_step", 0, "a failed, b failed"),
        ("before_feature", 1, "a not run, b not run"),
        ("after_feature", 1, "a passed, b passed"),
        ("before_all", 1, "a not run, b not run"),
        ("after_all", 1, "a passed, b passed"),
        ("before_run", 1, "a not run, b not run"),
        ("after_run", 1, "a passed, b passed"),
    ] {
        let project = with_fake(&format!("hook('{kind}', 'hangs')\nserve()"));
        project.file(
            "features/a.feature",
            feature("A", &["a: it works", "b: it works"]),
        );
        let arguments = ["-j", "1", "--hook-timeout", "500ms", "--grace", "200ms"];
        let outcome = run(&project, &arguments).exits(1);
        let results = results(&project, &outcome);
        assert_eq!(results.statuses(), statuses, "{kind}");
        let told = results.run_errors();
        let said = "the hook took longer than 500ms (`hook-timeout`)";
        assert_eq!(told.len(), errors, "{kind}: {told:?}");
        assert!(told.iter().all(|error| error.contains(said)), "{told:?}");
        let hooks = results
            .events
            .iter()
            .filter(|event| event["type"] == "hook_finished");
        let mut messages = hooks.map(|event| &event["result"]["error"]["message"]);
        assert!(messages.any(|message| message == said), "{kind}");
    }
}

#[test]
fn a_run_that_takes_too_long_ends_with_all_its_reports() {
    let project = with(&["a: a step that passes", HANGS, "c: a step that passes"]);
    let settings = project.read("bdd.toml");
    project.file("bdd.toml", format!("{settings}finish-timeout = '300ms'\n"));
    with_longer_times(|time, text| {
        let outcome = run(&project, &["-j", "1", "--run-timeout", text]).exits(1);
        let results = results(&project, &outcome);
        let said = format!("the run took longer than {time:?} (`run-timeout`)");
        assert_eq!(results.run_errors(), [said]);
        if results.status("b") == "not run" {
            return None;
        }
        assert_eq!(results.statuses(), "a passed, b skipped, c not run");
        assert_eq!(*results.fault("b"), "cancelled");
        outcome.stdout_has("1 scenario passed, 0 failed, 0 skipped, 2 not run");
        Some(())
    });
}

#[test]
fn who_prints_too_much_is_ended_at_once_or_fails_at_the_end() {
    let project = with_fake(
        "def step_(scenario, position):\n\
        \x20   name = scenario['name']\n\
        \x20   if name == 'b': print('x' * 2000, flush=True)\n\
        \x20   if name == 'c':\n\
        \x20       send(type='step_started', scenario=scenario['scenario'], step=position)\n\
        \x20       while True:\n\
        \x20           print('y' * 100, flush=True)\n\
        \x20           time.sleep(0.001)\n\
        \x20   return step(scenario, position)\n\
         serve(step=step_)",
    );
    let scenarios = ["a: it works", "b: it works", "c: it works", "d: it works"];
    project.file("features/a.feature", feature("A", &scenarios));
    let outcome = run(&project, &["-j", "1", "--output-limit", "1000 B"]).exits(1);
    let results = results(&project, &outcome);
    assert_eq!(results.statuses(), "a passed, b failed, c failed, d passed");
    let said = "the scenario printed more than 1 KB (`output-limit`)";
    // The runner looks at what is printed from time to time: it may see it while the scenario still runs.
    let errors = results.errors("b");
    assert!(errors.len() == 1 && errors[0].ends_with(said), "{errors:?}");
    assert_eq!(results.errors("c"), [format!("step 0: {said}")]);
    assert!(results.output("b").len() > 2000);
    assert_eq!(
        *results.fault("c"),
        serde_json::json!({"output_limit": {"limit": 1000}})
    );
}

#[test]
fn tags_that_cannot_be_obeyed_are_wrong_usage() {
    let project = with_steps();
    project.file(
        "features/a.feature",
        "Feature: A\n\
         @timeout(30) @retry(many)\nScenario: a\n  * a step that passes\n\
         @group(database)\nScenario: b\n  * a step that passes\n",
    );
    project.bdd(["run"]).exits(2).stderr(
        "error: features/a.feature:2:1: @timeout(30): `30` is not a time: expected a number above 0 with a unit, such as `[TIME]`, `[TIME]` or `2m`\n \
         2 | @timeout(30) @retry(many)\n   \
           | ^^^^^^^^^^^^\n\
         error: features/a.feature:2:14: @retry(many): `many` is not a number of retries: write a number from 0 to 4294967295\n \
         2 | @timeout(30) @retry(many)\n   \
           |              ^^^^^^^^^^^^\n\
         error: features/a.feature:5:1: @group(database): unknown group `database`: it is not in `[groups]` of bdd.toml\n \
         5 | @group(database)\n   \
           | ^^^^^^^^^^^^^^^^\n",
    );
}

#[test]
fn tags_that_are_nearly_right_are_warned_of() {
    let project = with_steps();
    project.file(
        "features/a.feature",
        "@Serial\nFeature: A\n\
         @retries(2)\nScenario: a\n  * a step that passes\n\
         @retry @timeouts(2m)\nScenario: b\n  * a step that passes\n\
         @retry(2).after(2m) @serial(db)\nScenario: c\n  * a step that passes\n",
    );
    project.bdd(["run"]).exits(0).stdout_has(
        "Warnings:\n\
        \x20 features/a.feature:1:1: the tag `@Serial` has no effect; did you mean `@serial`? [near-tag]\n\
        \x20 features/a.feature:3:1: the tag `@retries(2)` has no effect; did you mean `@retry(2)`? [near-tag]\n\
        \x20 features/a.feature:6:1: the tag `@retry` has no effect; did you mean `@retry(1)`? [near-tag]\n\
        \x20 features/a.feature:6:8: the tag `@timeouts(2m)` has no effect; did you mean `@timeout(2m)`? [near-tag]\n\
        \x20 features/a.feature:9:1: the tag `@retry(2).after(2m)` has no effect; write `@retry(2)`; the delay is `retry-delay = \"2m\"` in bdd.toml or `--retry-delay 2m` [near-tag]\n\
        \x20 features/a.feature:9:21: the tag `@serial(db)` has no effect; write `@serial`, or `@group(db)` with a limit for `db` in `[groups]` of bdd.toml [near-tag]\n\n",
    );
}

#[test]
fn tags_near_those_of_the_settings_are_warned_of() {
    let project = with_steps();
    let settings = project.read("bdd.toml");
    project
        .file("bdd.toml", format!("{settings}\n[groups]\ndatabase = 1\n"))
        .file(
            "features/a.feature",
            "Feature: A\n@Database @expected-failur @Retry\nScenario: a\n  * a step that passes\n",
        );
    project
        .bdd(["list"])
        .exits(0)
        .stderr_has("a.feature:2: the tag `@Database` has no effect; did you mean `@database`? [near-tag]\n")
        .stderr_has("did you mean `@expected_failure`? [near-tag]\n")
        .stderr_has("did you mean `@retry(1)`? [near-tag]\n");
    // What an expression names has an effect.
    let outcome = project.bdd(["list", "--tags", "@Retry"]).exits(0);
    assert!(!outcome.stderr.contains("`@Retry`"), "{}", outcome.stderr);
}

/// No limit of a step or hook holds there.
#[test]
fn who_hangs_between_two_scenarios_is_replaced() {
    let project = with_fake(
        "plain = fake.close_feature\n\
         def close_feature():\n\
        \x20   if once('closed'): hang()\n\
        \x20   plain()\n\
         serve(close_feature=close_feature)",
    );
    project
        .file("features/a.feature", feature("A", &["a: it works"]))
        .file("features/b.feature", feature("B", &["b: it works"]));
    let outcome = run(&project, &["-j", "1", "--hook-timeout", "1s"]).exits(1);
    let results = results(&project, &outcome);
    assert_eq!(results.statuses(), "a passed, b passed");
    let said = "it did not go on with the next scenario (`hook-timeout`) within 1s";
    let told = results.run_errors();
    assert!(told.len() == 1 && told[0].contains(said), "{told:?}");
}

#[test]
fn who_does_not_begin_is_ended() {
    let project = with_fake(
        "def begin(message):\n\
        \x20   once('begun')\n\
        \x20   hang()\n\
         hook('before_all', 'passes')\n\
         serve(begin=begin)",
    );
    project.file("features/a.feature", feature("A", &["a: it works"]));
    with_longer_times(|_, time| {
        let steps = "[steps]\ncommand = ['python3', 'steps.py']";
        project.file("bdd.toml", format!("{steps}\nstart-timeout = '{time}'\n"));
        let outcome = run(&project, &["-j", "1"]).run();
        if !project.path("begun").exists() {
            return None;
        }
        let results = results(&project, &outcome);
        assert_eq!(results.statuses(), "a not run");
        assert!(outcome.code == Some(1) || outcome.code == Some(5));
        outcome.stdout_has("it did not begin (`start-timeout`) within");
        Some(())
    });
}
