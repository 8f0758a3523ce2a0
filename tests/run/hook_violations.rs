//! Step programs that do not keep to the protocol where hooks are concerned.

use crate::support::HOOK_KINDS;

use super::hooks::{expect, with_hooks};
use super::*;

const VIOLATION: &str = "the step program did not keep to the protocol";

/// Runs with a step program that has hooks of all kinds around scenarios and does something wrong
/// once; expects the words of the accusation somewhere in the report, and no scenario lost.
fn accused(wrong: &str, of: &str) {
    let project = with_hooks(&format!(
        "
for kind in ('all', 'feature', 'rule', 'scenario', 'step'):
    hook(f'before_{{kind}}', kind)
    hook(f'after_{{kind}}', kind)
{wrong}
"
    ));
    // One that does it again and again ends the run.
    let outcome = run(&project, &["-j", "1"]).run();
    assert!(matches!(outcome.code, Some(1 | 5)));
    let results = results(&project, &outcome);
    let errors: Vec<String> = (results.run_errors().iter().map(ToString::to_string))
        .chain(results.finals.keys().flat_map(|name| results.errors(name)))
        .collect();
    let expected = |error: &&String| error.contains(VIOLATION) && error.ends_with(of);
    assert!(
        errors.iter().any(|error| expected(&error)),
        "{of}: {errors:#?}"
    );
}

/// Runs `code` instead of the hook of this kind, the first time.
fn instead(kind: &str, code: &str) -> String {
    format!(
        "
def act(one, act=fake.act):
    if one['kind'] == '{kind}' and once('wrong'):
        {code}
    return act(one)
fake.act = act
"
    )
}

#[test]
fn hooks_that_nobody_asked_for() {
    accused(
        &instead("before_scenario", "run_hook(999)").replace("def act", "HOOKS.extend([{}] * 990)\ndef hello(hello=fake.hello, all=HOOKS[:10]):\n    hello(hooks=all)\nfake.hello = hello\ndef act"),
        "it went on without finishing the before_scenario hook `scenario` (hooks.py:7)",
    );
    accused(
        "
def start(scenario, start=fake.start):
    start(scenario)
    send(type='hook_started', hook=999, output=0)
fake.start = start
",
        "it started hook 999, which it did not declare",
    );
    for (kind, number) in [
        ("before_all", 0),
        ("after_all", 1),
        ("before_feature", 2),
        ("after_feature", 3),
        ("before_rule", 4),
        ("after_rule", 5),
        ("after_step", 9),
    ] {
        let name = &kind[kind.find('_').unwrap() + 1..];
        accused(
            &format!(
                "
def start(scenario, start=fake.start):
    start(scenario)
    send(type='hook_started', hook={}, output=0)
fake.start = start
",
                100 + number
            ),
            &format!(
                "it started the {kind} hook `{name}` (hooks.py:{}), which is not to run now",
                number + 1
            ),
        );
    }
}

#[test]
fn a_hook_runs_once_for_each_occasion() {
    accused(
        "
def run_hooks(numbers, until=None, run_hooks=fake.run_hooks):
    return run_hooks(numbers * 2 if numbers == [106] else numbers, until)
fake.run_hooks = run_hooks
",
        "it started the before_scenario hook `scenario` (hooks.py:7), which is not to run now",
    );
}

#[test]
fn hooks_that_are_left_out() {
    // Those of the run are run by another process.
    for (number, kind) in HOOK_KINDS[2..].iter().enumerate() {
        if *kind == "after_all" {
            continue;
        }
        let name = &kind[kind.find('_').unwrap() + 1..];
        accused(
            &format!(
                "
def run_hooks(numbers, until=None, run_hooks=fake.run_hooks):
    return run_hooks([one for one in numbers or [] if one != {} or not once('wrong')], until)
fake.run_hooks = run_hooks
",
                100 + number
            ),
            &format!(
                "it left out the {kind} hook `{name}` (hooks.py:{})",
                number + 1
            ),
        );
    }
}

/// It is the last thing that the process does, so nothing it sends later shows that.
#[test]
fn the_last_hook_of_a_worker_is_left_out() {
    let project =
        with_hooks("hook('after_all', 'x')\nfake.run_hooks = lambda numbers, until=None: None");
    let outcome = run(&project, &["-j", "1"]).exits(1);
    assert_eq!(
        results(&project, &outcome).run_errors(),
        ["the after_all hook `x` (hooks.py:1) did not run: the step program exited with code 0"]
    );
}

#[test]
fn hooks_that_do_not_run_and_hooks_inside_of_hooks() {
    accused(
        "
def start(scenario, start=fake.start):
    start(scenario)
    send(type='hook_finished', hook=106, status='passed', nanos=1, output=0)
fake.start = start
",
        "it finished the before_scenario hook `scenario` (hooks.py:7), which does not run",
    );
    accused(
        &instead(
            "before_scenario",
            "send(type='hook_finished', hook=107, status='passed', nanos=1, output=0)",
        ),
        "it finished the after_scenario hook `scenario` (hooks.py:8), which does not run",
    );
    accused(
        &instead(
            "before_step",
            "send(type='step_finished', scenario=0, step=0, status='passed', nanos=1)",
        ),
        "it went on without finishing the before_step hook `step` (hooks.py:9)",
    );
    accused(
        &instead("before_all", "send(type='begun', environment=[])"),
        "it went on without finishing the before_all hook `all` (hooks.py:1)",
    );
}

#[test]
fn beginning_unasked() {
    accused(
        "
def start(scenario, start=fake.start):
    start(scenario)
    send(type='begun', environment=[])
fake.start = start
",
        "it began without being asked",
    );
}

#[test]
fn going_on_in_spite_of_a_hook() {
    accused(
        "
def run_hooks(numbers, until=None, run_hooks=fake.run_hooks):
    run_hooks(numbers, until)
fake.run_hooks = run_hooks
HOOKS[6]['name'] = 'fails'
",
        "it started step 0 of scenario 0, where no step runs any more",
    );
    accused(
        "
def run_hooks(numbers, until=None, run_hooks=fake.run_hooks):
    run_hooks(numbers, until)
fake.run_hooks = run_hooks
HOOKS[2]['name'] = 'fails'
",
        "it started scenario 0, though the before_feature hook `fails` (hooks.py:3) did not pass",
    );
}

#[test]
fn skipping_without_reason() {
    let skips = |scenario: u32, hook: u32| {
        format!(
            "
def run(scenario):
    send(type='scenario_skipped', scenario={scenario}, hook={hook})
    hang()
fake.run = run
"
        )
    };
    accused(
        &skips(0, 102),
        "it skipped scenario 0 because of hook 102, which is no reason to",
    );
    accused(
        &skips(2, 102),
        "it skipped scenario 2, which is not the next it was sent",
    );
    accused(
        &skips(77, 102),
        "it skipped scenario 77, which is not the next it was sent",
    );
}

#[test]
fn closing_what_is_not_open() {
    accused(
        "
def start(scenario, start=fake.start):
    send(type='closing_failed', scope='galaxy', errors=[{'kind': 'Error', 'message': 'no'}])
    hang()
fake.start = start
",
        "it closed a `galaxy`, which it is not in",
    );
}

/// No result depends on it; `bdd worker-check` checks it.
#[test]
fn the_order_of_hooks_is_not_looked_at() {
    let project = with_hooks(
        "
hook('before_scenario', 'first')
hook('before_scenario', 'second')
def run_hooks(numbers, until=None, run_hooks=fake.run_hooks):
    return run_hooks(list(reversed(numbers or [])), until)
fake.run_hooks = run_hooks
",
    );
    expect(&project, &[], 1, "a passed, b passed, c failed", &[]);
}
