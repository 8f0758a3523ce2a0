//! Hooks: when they run, what they run for, and what comes of one that does not pass.

use super::*;
use crate::support::step_program::{hook_program, naming};

/// A feature with a rule, and one without. Scenario `c` fails.
const FEATURES: [(&str, &str); 2] = [
    (
        "a.feature",
        "@f
Feature: A
  Scenario: a
    * it works
    * it works
  @r
  Rule: R
    @s
    Scenario: b
      * it works
",
    ),
    ("b.feature", "Feature: B\n  Scenario: c\n    * it fails\n"),
];

/// A project of [`FEATURES`] whose step program is `fake.py` with hooks.
pub(super) fn with_hooks(hooks: &str) -> Project {
    let project = with_fake(&format!("{hooks}\nserve_sharing()"));
    for (path, text) in FEATURES {
        project.file(&format!("features/{path}"), text);
    }
    project
}

/// What the workers have noted: which of them does what.
pub(super) fn noted(project: &Project) -> Vec<String> {
    let log = fs::read_to_string(project.path("log")).unwrap_or_default();
    log.lines().map(str::to_owned).collect()
}

/// Runs with one worker and expects these statuses and errors of the run.
pub(super) fn expect(
    project: &Project,
    arguments: &[&str],
    code: i32,
    statuses: &str,
    errors: &[&str],
) -> Results {
    let jobs: &[&str] = match arguments {
        ["-j", ..] => &[],
        ["--wip", ..] => &[],
        _ => &["-j", "1"],
    };
    let outcome = run(project, &[jobs, arguments].concat()).exits(code);
    let results = results(project, &outcome);
    if results.statuses() != statuses {
        outcome.fail(&results.statuses());
    }
    if results.run_errors() != errors {
        outcome.fail(&format!("{:#?}", results.run_errors()));
    }
    for kind in ["hook_started", "hook_finished"] {
        let events = results.events.iter().filter(|event| event["type"] == kind);
        let named: Vec<_> = events
            .map(|event| (&event["hook"], &event["place"]))
            .collect();
        let other = results.events.iter().filter(|event| {
            event["type"].as_str().unwrap().starts_with("hook_") && event["type"] != kind
        });
        let others: Vec<_> = other
            .map(|event| (&event["hook"], &event["place"]))
            .collect();
        assert!(
            named == others || project.path("parallel").exists(),
            "{named:?}"
        );
    }
    results
}

/// The results of the hooks: name, place, status.
pub(super) fn went(results: &Results) -> Vec<String> {
    let all = results.events.iter().find(|event| event["type"] == "hooks");
    let all = &all.unwrap()["hooks"];
    (results.events.iter())
        .filter(|event| event["type"] == "hook_finished")
        .map(|event| {
            let name = all[usize::try_from(event["hook"].as_u64().unwrap()).unwrap()]["name"]
                .as_str()
                .unwrap();
            let place = match &event["place"] {
                Value::String(run) => run.clone(),
                place => {
                    let (kind, place) = place.as_object().unwrap().iter().next().unwrap();
                    match kind.as_str() {
                        "worker" => format!("worker {place}"),
                        "feature" => format!("feature {}", place["uri"].as_str().unwrap()),
                        "rule" => format!("rule {}", place["line"]),
                        "scenario" => format!("scenario {}", place["scenario"]),
                        _ => format!("step {}.{}", place["scenario"], place["step"]),
                    }
                }
            };
            let status = event["result"]["status"].as_str().unwrap();
            format!("{name}: {place} {status}")
        })
        .collect()
}

#[test]
fn every_kind_runs_where_it_belongs_and_closing_mirrors_opening() {
    let project = with_hooks(
        "
for kind in ('run', 'all', 'feature', 'rule', 'scenario', 'step'):
    for when in ('before', 'after'):
        hook(f'{when}_{kind}', f'late {kind}', order=1)
        hook(f'{when}_{kind}', f'early {kind}')
hook('before_scenario', 'only b', tags='@f and @s')
hook('after_feature', 'only A', tags='@f')
hook('after_rule', 'none', tags='@s')
",
    );
    let results = expect(&project, &[], 1, "a passed, b passed, c failed", &[]);
    let around = |what: &str, place: &str, inside: &[String]| {
        let line = |when: &str| format!("{when} {what}: {place} passed");
        [
            &[line("early"), line("late")][..],
            inside,
            &[line("late"), line("early")],
        ]
        .concat()
    };
    let step = |place: &str| around("step", &format!("step {place}"), &[]);
    let a = around(
        "scenario",
        "scenario 0",
        &[step("0.0"), step("0.1")].concat(),
    );
    let mut b = around("scenario", "scenario 1", &step("1.0"));
    b.insert(1, "only b: scenario 1 passed".to_owned());
    b.swap(1, 1);
    let c = around("scenario", "scenario 2", &step("2.0"));
    let rule = around("rule", "rule 7", &b);
    let mut first = around("feature", "feature features/a.feature", &[a, rule].concat());
    let at = first.len() - 2;
    first.insert(
        at + 1,
        "only A: feature features/a.feature passed".to_owned(),
    );
    let second = around("feature", "feature features/b.feature", &c);
    let all = around("all", "worker 0", &[first, second].concat());
    let mut went = went(&results);
    let mut expected = around("run", "run", &all);
    // By their places these two come after the early ones, and before them when mirrored.
    for list in [&mut went, &mut expected] {
        list.retain(|line| !line.starts_with("only"));
    }
    assert_eq!(went, expected);
    let order: Vec<_> = noted(&project);
    let position = |line: &str| {
        let found = order.iter().position(|noted| noted.ends_with(line));
        found.unwrap_or_else(|| panic!("{line} is not in {order:?}"))
    };
    assert_eq!(order.iter().filter(|line| line.contains("only")).count(), 2);
    assert!(position("before_scenario only b") < position("scenario b") + 4);
    assert!(position("after_feature late feature") < position("after_feature only A"));
    assert!(position("after_feature only A") < position("after_feature early feature"));
}

#[test]
fn the_report_knows_the_hooks() {
    let project = with_hooks(
        "hook('before_all', 'x', order=3)\nhook('after_step', '', tags='@a', function='f')",
    );
    let results = expect(&project, &[], 1, "a passed, b passed, c failed", &[]);
    let hooks = results
        .events
        .iter()
        .filter(|event| event["type"] == "hooks");
    let place = |line: u32| serde_json::json!({"file": "hooks.py", "line": line, "column": 0});
    assert_eq!(
        hooks.map(|event| &event["hooks"]).collect::<Vec<_>>(),
        [&serde_json::json!([
            {"kind": "before_all", "name": "x", "tags": null, "location": place(1), "function": ""},
            {"kind": "after_step", "name": null, "tags": "@a", "location": place(2), "function": "f"},
        ])]
    );
}

#[test]
fn hooks_that_cannot_be_used() {
    let project = with_hooks(
        "
hook('before_everything', 'x')
hook('after_step', 'y', tags='@a or')
DEFINITIONS[0]['pattern'] = '('
",
    );
    run(&project, &[])
        .exits(5)
        .stderr_has("has patterns and hooks that cannot be used")
        .stderr_has("hooks.py:1: there is no kind of hook `before_everything`")
        .stderr_has(
            "hooks.py:2: Tag expression \"@a or\" could not be parsed because of syntax error: Expected operand.",
        );
}

#[test]
fn a_hook_for_tags_without_at_ends_the_run() {
    let project = with_hooks("hook('before_scenario', 'careful', tags='not slow')\n");
    run(&project, &[])
        .exits(5)
        .stderr_has("`slow` is not a tag")
        .stderr_has("write `@slow`");
}

#[test]
fn hooks_inside_a_scenario_count_for_it() {
    for (hook, when, statuses) in [
        ("fails", "before_scenario", "a failed, b passed, c failed"),
        ("pends", "before_scenario", "a pending, b passed, c failed"),
        ("skips", "before_scenario", "a skipped, b passed, c failed"),
        ("fails", "after_scenario", "a failed, b passed, c failed"),
        ("fails", "before_step", "a failed, b passed, c failed"),
        ("skips", "before_step", "a skipped, b passed, c failed"),
        ("fails", "after_step", "a failed, b passed, c failed"),
    ] {
        let tags = "@f and not @s";
        let project = with_hooks(&format!(
            "hook('{when}', '{hook}', tags='{tags}')\nhook('{when}', 'other', tags='{tags}')\n"
        ));
        let results = expect(&project, &[], 1, statuses, &[]);
        let steps = || {
            results.events.iter().filter(|event| {
                event["type"] == "step_finished"
                    && event["scenario"] == results.finals["a"]["scenario"]
            })
        };
        assert_eq!(steps().count(), 2);
        let ran = steps()
            .filter(|event| event["result"]["nanos"] != 0)
            .count();
        let expected = match when {
            "before_scenario" => 0,
            "after_scenario" => 2,
            _ => 1,
        };
        assert_eq!(ran, expected, "{hook} {when}");
        // The other hook of the same moment runs all the same, but for a scenario that is skipped.
        let went = went(&results);
        assert_eq!(
            went.iter().any(|line| line.starts_with("other")),
            (hook, when) != ("skips", "before_scenario"),
            "{went:?}"
        );
        let error = results.events.iter().find_map(|event| {
            let error = &event["result"]["error"]["message"];
            (event["type"] == "hook_finished" && !error.is_null()).then_some(error)
        });
        assert_eq!(*error.unwrap(), format!("it {hook}\nand more"));
    }
}

#[test]
fn what_a_hook_outside_of_scenarios_prints_is_its_own() {
    let project = with_hooks(
        "hook('before_feature', 'prints', tags='@f')\nhook('before_scenario', 'prints too', tags='@s')",
    );
    let results = expect(&project, &[], 1, "a passed, b passed, c failed", &[]);
    let outputs: Vec<_> = (results.events.iter())
        .filter(|event| event["type"] == "hook_finished")
        .map(|event| &event["result"]["output"])
        .collect();
    assert_eq!(
        *outputs[0],
        serde_json::json!({"text": "printed by prints\n"})
    );
    assert!(outputs[1].is_null());
    assert_eq!(results.output("a"), "");
    assert_eq!(results.output("b"), "printed by prints too\n");
}

/// Everything in what a failed hook opens is not run, all else is; its closing hooks run.
#[test]
fn a_failed_opening_hook_of_a_feature_or_rule() {
    for (hook, status, when, statuses, place) in [
        (
            "fails",
            "failed",
            "feature",
            "a not run, b not run, c failed",
            "features/a.feature",
        ),
        (
            "pends",
            "is pending",
            "rule",
            "a passed, b not run, c failed",
            "the rule at features/a.feature:7",
        ),
    ] {
        let project = with_hooks(&format!(
            "
hook('before_{when}', '{hook}', tags='@f')
hook('before_{when}', 'other', tags='@f')
hook('after_{when}', 'closes', tags='@f')
"
        ));
        let named = format!("the before_{when} hook `{hook}` (hooks.py:1)");
        let error = format!("{named} {status} for {place}: it {hook}");
        let results = expect(&project, &[], 1, statuses, &[&error]);
        assert_eq!(results.finals["b"]["reason"], format!("{named} {status}"));
        let went = went(&results);
        let last: Vec<_> = went
            .iter()
            .map(|line| line.split(':').next().unwrap())
            .collect();
        assert_eq!(last, [hook, "other", "closes"]);
        let event = results
            .events
            .iter()
            .find(|event| event["type"] == "run_error");
        assert_eq!(event.unwrap()["kind"], "hook");
        let detail = event.unwrap()["detail"].as_str().unwrap();
        assert!(detail.starts_with("and more"), "{detail}");
    }
}

#[test]
fn an_opening_hook_skips_its_feature_or_rule() {
    for (when, statuses) in [
        ("feature", "a skipped, b skipped, c passed"),
        ("rule", "a passed, b skipped, c passed"),
    ] {
        let project = with_hooks(&format!(
            "hook('before_{when}', 'skips', tags='@f')\nhook('after_{when}', 'closes', tags='@f')"
        ));
        project
            .file(
                "features/b.feature",
                "Feature: B\n  Scenario: c\n    * it works\n",
            )
            .file(
                "features/a.feature",
                format!("{}      * nobody has written this\n", FEATURES[0].1),
            );
        let results = expect(&project, &[], 0, statuses, &[]);
        assert_eq!(results.finals["b"]["skipped_because"], "it skips\nand more");
        assert_eq!(went(&results).len(), 2);
    }
}

#[test]
fn a_failed_closing_hook_makes_the_run_red() {
    for (when, place) in [
        ("rule", " for the rule at features/a.feature:7"),
        ("feature", " for features/a.feature"),
        ("all", " in worker 0"),
        ("run", ""),
    ] {
        let tags = if matches!(when, "rule" | "feature") {
            "@f"
        } else {
            ""
        };
        for (hook, code) in [("fails", 1), ("pends", 1), ("skips", 0)] {
            let project = with_hooks(&format!(
                "hook('after_{when}', 'other', tags='{tags}')\nhook('after_{when}', '{hook}', tags='{tags}')"
            ));
            project.file(
                "features/b.feature",
                "Feature: B\n  Scenario: c\n    * it works\n",
            );
            let failed = if hook == "fails" {
                "failed"
            } else {
                "is pending"
            };
            let error =
                format!("the after_{when} hook `{hook}` (hooks.py:2) {failed}{place}: it {hook}");
            let errors = [error.as_str()];
            let errors = &errors[..usize::from(hook != "skips")];
            let statuses = "a passed, b passed, c passed";
            let results = expect(&project, &[], code, statuses, errors);
            assert_eq!(went(&results).len(), 2, "{when} {hook}");
            if hook == "pends" {
                expect(&project, &["--no-strict"], 0, statuses, &[]);
            }
        }
    }
}

#[test]
fn a_dry_run_runs_no_hook() {
    let project = with_hooks(
        "
for kind in ('run', 'all', 'feature', 'rule', 'scenario', 'step'):
    hook(f'before_{kind}', 'fails')
    hook(f'after_{kind}', 'fails')
",
    );
    expect(
        &project,
        &["--dry-run"],
        0,
        "a skipped, b skipped, c skipped",
        &[],
    );
    assert_eq!(noted(&project), [""; 0]);
}

#[test]
fn what_outlives_a_scenario_and_cannot_be_closed() {
    let project = with_fake(
        "
def close_feature(close=fake.close_feature):
    if fake.feature:
        close()
        send(type='closing_failed', scope='feature', errors=[{'kind': 'Error', 'message': 'Pool: no\\nyes'}])
def finish(message):
    send(type='closing_failed', scope='worker', errors=[{'kind': 'Error', 'message': 'Server: still there'}] * 2)
    sys.exit(0)
serve(finish=finish, close_feature=close_feature)",
    );
    project.file("features/a.feature", FEATURES[0].1);
    let worker = "a fixture of a worker could not be closed in worker 0: Server: still there";
    let results = expect(
        &project,
        &[],
        1,
        "a passed, b passed",
        &[
            "a fixture of a feature could not be closed for features/a.feature: Pool: no",
            worker,
            worker,
        ],
    );
    let event = results
        .events
        .iter()
        .find(|event| event["type"] == "run_error");
    assert_eq!(event.unwrap()["kind"], "fixture");
    assert_eq!(event.unwrap()["detail"], "yes");
}

#[test]
fn a_failed_hook_outside_of_scenarios_is_a_first_failure() {
    let project = with_hooks("hook('before_feature', 'fails', tags='@f')");
    project
        .file("features/a.feature", format!("@wip {}", FEATURES[0].1))
        .file("features/b.feature", format!("@wip\n{}", FEATURES[1].1));
    let error =
        "the before_feature hook `fails` (hooks.py:1) failed for features/a.feature: it fails";
    let results = expect(
        &project,
        &["--wip"],
        1,
        "a not run, b not run, c not run",
        &[error],
    );
    assert_eq!(
        results.finals["c"]["reason"],
        "the run was stopped after the first failure"
    );
}

/// A project of two features whose step program does in hooks what `TROUBLE` says.
fn with_hook_program() -> Project {
    let project = Project::new();
    let program = hook_program();
    project.file("bdd.toml", naming(&program));
    for name in ["a", "b"] {
        let text = format!("Feature: {name}\n  Scenario: {name}\n    * a door\n");
        project.file(&format!("features/{name}.feature"), text);
    }
    project
}

#[test]
fn a_panic_of_a_thread_that_a_hook_outside_of_scenarios_has_started_fails_the_run() {
    let project = with_hook_program();
    for (hook, when) in [
        ("before_run", "outside of scenarios"),
        ("before_all", "before it began"),
        ("before_feature", "before it began"),
        ("after_feature", "after the last scenario of its worker"),
        ("after_all", "after the last scenario of its worker"),
        ("after_run", "outside of scenarios"),
    ] {
        run(&project, &[])
            .env("TROUBLE", &format!("{hook}=thread_panics"))
            .exits(1)
            .stdout_has(&format!("{when}, a thread panicked: elsewhere ("))
            .stdout_has("2 scenarios passed, 0 failed, 0 skipped\n");
    }
}

#[test]
fn a_hook_outside_of_scenarios_that_redirects_standard_output_fails_and_no_scenario_does() {
    let project = with_hook_program();
    for (hook, scenarios) in [
        ("before_feature", "0 scenarios passed, 0 failed"),
        ("after_feature", "2 scenarios passed, 0 failed"),
        ("after_all", "2 scenarios passed, 0 failed"),
        ("after_run", "2 scenarios passed, 0 failed"),
    ] {
        run(&project, &["-j", "1"])
            .env("TROUBLE", &format!("{hook}=redirects"))
            .exits(1)
            .stdout_has("it redirected standard output (descriptor 1)")
            .stdout_has(&format!("the {hook} hook "))
            .stdout_has(scenarios);
    }
}
