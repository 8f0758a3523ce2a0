//! `output-limit` outside of scenarios: in hooks, between them, and before the step program says hello.

use super::hooks::with_hooks;
use super::*;

const LIMIT: [&str; 4] = ["-j", "1", "--output-limit", "1000 B"];

#[test]
fn a_hook_outside_scenarios_that_prints_without_end_is_ended() {
    for (kind, place) in [
        ("before_run", ""),
        ("before_all", ""),
        ("before_feature", " for features/a.feature"),
        ("before_rule", ""),
        ("after_rule", ""),
        ("after_feature", ""),
        ("after_all", ""),
        ("after_run", ""),
    ] {
        let project = with_hooks(&format!("hook('{kind}', 'floods')"));
        let outcome = run(&project, &LIMIT).exits(1);
        let results = results(&project, &outcome);
        let errors = results.run_errors();
        let told = format!("the {kind} hook `floods` (hooks.py:1) was ended{place}");
        let why = "the hook printed more than 1 KB (`output-limit`)";
        let is_told = |error: &&str| error.starts_with(&told) && error.contains(why);
        assert!(errors.iter().any(is_told), "{kind}: {errors:#?}");
    }
}

/// Whether the runner looks while such a hook runs is chance; the result is the same.
#[test]
fn a_hook_that_has_printed_too_much_fails_the_run() {
    let project = with_hooks("hook('after_feature', 'prints much', tags='@f')");
    let outcome = run(&project, &LIMIT).exits(1);
    let results = results(&project, &outcome);
    assert_eq!(results.statuses(), "a passed, b passed, c failed");
    let errors = results.run_errors().concat();
    let named = "the after_feature hook `prints much` (hooks.py:1)";
    assert!(
        errors.starts_with(named) && errors.contains("printed more than 1 KB (`output-limit`)"),
        "{errors}"
    );
}

#[test]
fn a_program_that_prints_too_much_before_hello_is_no_step_program() {
    let project = with_fake("flood()");
    project.file("features/a.feature", feature("A", &["a: it works"]));
    let outcome = run(&project, &LIMIT).exits(5).stderr_has(
        "the step program python3 steps.py printed more than 1 KB (`output-limit`) before it said hello",
    );
    let results = results(&project, &outcome);
    assert_eq!(results.status("a"), "not run");
}

/// Such as the closing of fixtures.
#[test]
fn a_worker_that_prints_too_much_between_hooks_is_ended() {
    let project = with_fake("serve(finish=lambda message: flood())");
    project.file("features/a.feature", feature("A", &["a: it works"]));
    let outcome = run(&project, &LIMIT).exits(1);
    let results = results(&project, &outcome);
    assert_eq!(results.statuses(), "a passed");
    let errors = results.run_errors().concat();
    assert!(
        errors.contains("it printed more than 1 KB (`output-limit`)"),
        "{errors}"
    );
}
