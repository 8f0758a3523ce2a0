//! Step programs that die in a hook: the hook is the culprit, and what did not run is named.

use super::hooks::{expect, noted, went, with_hooks};
use super::*;

const DIED: &str = "the step program exited with code 3";

/// The results of all hooks that failed with the crash of their process.
fn culprits(results: &Results) -> Vec<&str> {
    (results.events.iter())
        .filter(|event| event["type"] == "hook_finished")
        .filter(|event| event["result"]["error"]["kind"] == "Crash")
        .map(|event| {
            assert_eq!(event["result"]["status"], "failed");
            event["result"]["error"]["message"].as_str().unwrap()
        })
        .collect()
}

#[test]
fn in_the_hooks_of_a_scenario() {
    for (kind, in_step) in [
        ("before_scenario", false),
        ("after_scenario", false),
        ("before_step", true),
        ("after_step", true),
    ] {
        let project = with_hooks(&format!(
            "
hook('after_scenario', 'never', tags='@f and not @s')
hook('{kind}', 'dies', tags='@f and not @s')
"
        ));
        let results = expect(&project, &[], 1, "a failed, b passed, c failed", &[]);
        let message = format!("{DIED} while the {kind} hook `dies` (hooks.py:2) ran");
        assert_eq!(culprits(&results), [&message]);
        let mut errors = vec![format!(
            "the after_scenario hook `never` (hooks.py:1) did not run: {DIED}"
        )];
        if in_step {
            errors.insert(0, format!("step 0: {message}"));
        }
        assert_eq!(results.errors("a"), errors, "{kind}");
        assert_eq!(results.finals["a"]["fault"]["crashed"]["exit_code"], 3);
        assert_eq!(results.output("a"), "last words\n");
        // A hook is found where it stands.
        let never = &results.finals["a"]["errors"][0];
        assert_eq!(never["location"]["line"], 1);
    }
}

#[test]
fn in_a_step_with_hooks_around_it() {
    let project = with_hooks(
        "
hook('after_step', 'never')
hook('after_scenario', 'never too')
def step(scenario, position, step=fake.step):
    if scenario['name'] == 'a' and position == 1:
        send(type='step_started', scenario=0, step=1)
        os._exit(3)
    return step(scenario, position)
fake.step = step
",
    );
    let results = expect(&project, &[], 1, "a failed, b passed, c failed", &[]);
    assert_eq!(
        results.errors("a"),
        [
            format!("step 1: {DIED} while this step ran"),
            format!("the after_step hook `never` (hooks.py:1) did not run: {DIED}"),
            format!("the after_scenario hook `never too` (hooks.py:2) did not run: {DIED}"),
        ]
    );
}

/// What a hook would have opened is not run, everything else is.
#[test]
fn in_the_opening_hooks_of_features_and_rules() {
    for (kind, statuses, place, not_run) in [
        (
            "before_feature",
            "a not run, b not run, c failed",
            "features/a.feature",
            ["a", "b"],
        ),
        (
            "before_rule",
            "a passed, b not run, c failed",
            "the rule at features/a.feature:7",
            ["b", "b"],
        ),
    ] {
        let project = with_hooks(&format!(
            "
hook('{kind}', 'dies', tags='@f')
hook('after_feature', 'never', tags='@f')
hook('after_rule', 'never too', tags='@f')
hook('after_all', 'closes')
"
        ));
        let did_not_run = |hook: &str| format!("the {hook} did not run: {DIED}");
        let mut errors = vec![
            format!("the {kind} hook `dies` (hooks.py:1) crashed for {place}: {DIED}"),
            did_not_run("after_rule hook `never too` (hooks.py:3)"),
            did_not_run("after_feature hook `never` (hooks.py:2)"),
            did_not_run("after_all hook `closes` (hooks.py:4)"),
        ];
        if kind == "before_feature" {
            errors.remove(1);
        }
        let errors: Vec<_> = errors.iter().map(String::as_str).collect();
        let results = expect(&project, &[], 1, statuses, &errors);
        for name in not_run {
            assert_eq!(
                results.finals[name]["reason"],
                format!("the {kind} hook `dies` (hooks.py:1) crashed")
            );
        }
        assert_eq!(culprits(&results).len(), 1);
        assert_eq!(noted(&project).last().unwrap(), "0 after_all closes");
        let event = results
            .events
            .iter()
            .find(|event| event["type"] == "run_error");
        assert_eq!(event.unwrap()["detail"], "it printed:\nlast words");
    }
}

#[test]
fn in_closing_hooks() {
    for (kind, place, left) in [
        ("after_rule", " for the rule at features/a.feature:7", 3),
        ("after_feature", " for features/a.feature", 2),
        ("after_all", " in worker 0", 1),
    ] {
        // The last closing hook that is defined runs first.
        let project = with_hooks(
            &"
hook('after_all', 'never')
hook('after_feature', 'never', tags='@f')
hook('after_rule', 'never', tags='@f')
hook('KIND', 'dies once')
"
            .replace("KIND", kind),
        );
        let mut errors = vec![format!(
            "the {kind} hook `dies once` (hooks.py:4) crashed{place}: {DIED}"
        )];
        for (line, unrun) in [(3, "after_rule"), (2, "after_feature"), (1, "after_all")] {
            if line <= left {
                errors.push(format!(
                    "the {unrun} hook `never` (hooks.py:{line}) did not run: {DIED}"
                ));
            }
        }
        let errors: Vec<_> = errors.iter().map(String::as_str).collect();
        let results = expect(&project, &[], 1, "a passed, b passed, c failed", &errors);
        assert_eq!(culprits(&results).len(), 1);
    }
}

/// The feature opens again in the process that takes over.
#[test]
fn a_feature_goes_on_in_a_replacement() {
    let project = with_hooks(
        "
hook('before_feature', 'opens', tags='@f')
hook('after_feature', 'closes', tags='@f')
hook('after_step', 'dies once')
",
    );
    let results = expect(
        &project,
        &[],
        1,
        "a failed, b passed, c failed",
        &[&format!(
            "the after_feature hook `closes` (hooks.py:2) did not run: {DIED}"
        )],
    );
    let features: Vec<_> = went(&results)
        .into_iter()
        .filter(|line| line.contains("feature "))
        .collect();
    assert_eq!(
        features,
        [
            "opens: feature features/a.feature passed",
            "opens: feature features/a.feature passed",
            "closes: feature features/a.feature passed",
        ]
    );
}
