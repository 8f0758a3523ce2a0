//! Hooks: which of them run, in which order, and what comes of those that do not pass.

use bdd_protocol::{FromWorker, StepStatus, ToWorker, Variable};

use super::driver::Worker;
use super::story::{hooked, hooks, rule, shop, told, worker};
use crate::support::HOOK_KINDS;

/// Sends `begin` with these hooks; what comes of it.
fn begin(worker: &mut Worker, functions: &str) -> (String, Vec<FromWorker>) {
    let hooks = hooks(worker, functions);
    worker.send(&ToWorker::Begin { hooks });
    let mut messages = Vec::new();
    while !matches!(messages.last(), Some(FromWorker::Begun { .. })) {
        messages.push(worker.receive());
    }
    (told(worker, &messages), messages)
}

/// Ends the worker with these closing hooks; all that it still says.
fn finish(worker: &mut Worker, functions: &str) -> String {
    let hooks = hooks(worker, functions);
    worker.send(&ToWorker::Finish { hooks });
    let messages = worker.receive_all();
    assert_eq!(worker.ended().code(), Some(0), "{}", worker.output());
    told(worker, &messages)
}

#[test]
fn hello_lists_them_in_the_order_of_their_definitions() {
    let worker = worker("");
    let hooks = &worker.hello.hooks;
    let ids: Vec<u32> = hooks.iter().map(|hook| hook.id).collect();
    assert_eq!(ids, (0..hooks.len() as u32).collect::<Vec<_>>());
    let places: Vec<(&str, u32, u32)> = hooks
        .iter()
        .map(|hook| (hook.file.as_str(), hook.line, hook.column))
        .collect();
    assert!(places.is_sorted(), "{places:?}");
    for kind in HOOK_KINDS {
        let first = hooks.iter().find(|hook| hook.function == kind).unwrap();
        let second = format!("{kind}_2");
        let second = hooks.iter().find(|hook| hook.function == second).unwrap();
        assert_eq!((first.kind.as_str(), second.kind.as_str()), (kind, kind));
        assert_eq!((first.order, second.order), (0, -1));
        assert_ne!(first.name, "");
        assert_eq!(second.name, "");
        assert_eq!((first.tags.as_str(), second.tags.as_str()), ("", ""));
        assert!(first.file.ends_with("/tests/hooks/src/hooks.rs"));
        let whole = kind.ends_with("_feature") || kind.ends_with("_rule");
        assert_eq!(first.whole_feature, whole, "{kind}");
    }
    let tagged = |function: &str| {
        let hook = hooks.iter().find(|hook| hook.function == function);
        hook.map(|hook| (hook.tags.as_str(), hook.order)).unwrap()
    };
    assert_eq!(tagged("plain"), ("@slow", 7));
    assert_eq!(tagged("all_options"), ("@slow and @big", 8));
}

#[test]
fn all_kinds_run_where_they_belong() {
    let mut worker = worker("");
    assert_eq!(
        begin(&mut worker, "before_all_2 before_all").0,
        "(before_all_2 passed) (before_all passed) begun"
    );
    let shop = shop(&worker);
    let mut one = hooked(&mut worker, 1, &["nothing is put into the basket"]);
    one.rule = Some(rule(&worker, "Cheap", 4));
    let mut two = hooked(&mut worker, 2, &[]);
    two.rule = Some(rule(&worker, "Cheap", 4));
    let mut three = hooked(&mut worker, 3, &[]);
    three.rule = Some(rule(&worker, "Dear", 9));
    let four = hooked(&mut worker, 4, &[]);
    let uri = shop.uri.clone();
    worker.send(&ToWorker::Run {
        feature: shop,
        scenarios: vec![one, two, three, four],
    });
    worker.send(&ToWorker::FeatureDone { uri });
    assert_eq!(
        finish(&mut worker, "after_all after_all_2"),
        "(before_feature passed) (before_feature_2 passed) \
         (before_rule passed) (before_rule_2 passed) \
         S1.0 (before_scenario passed) (before_scenario_2 passed) \
         s0 (before_step passed) (before_step_2 passed) \
         (after_step passed) (after_step_2 passed) f0 passed \
         (after_scenario passed) (after_scenario_2 passed) F1.0 \
         S2.0 (before_scenario passed) (before_scenario_2 passed) \
         (after_scenario passed) (after_scenario_2 passed) F2.0 \
         (after_rule passed) (after_rule_2 passed) \
         (before_rule passed) (before_rule_2 passed) \
         S3.0 (before_scenario passed) (before_scenario_2 passed) \
         (after_scenario passed) (after_scenario_2 passed) F3.0 \
         (after_rule passed) (after_rule_2 passed) \
         S4.0 (before_scenario passed) (before_scenario_2 passed) \
         (after_scenario passed) (after_scenario_2 passed) F4.0 \
         (after_feature passed) (after_feature_2 passed) \
         (after_all passed) (after_all_2 passed)"
    );
    let output = worker.output();
    let lines: Vec<&str> = output
        .lines()
        .filter(|line| !line.contains("_2") && !line.contains('"'))
        .collect();
    assert_eq!(
        lines[..9],
        [
            "before_all",
            "before_feature / Shop",
            "before_rule / Shop / Cheap",
            "before_scenario / Shop / Cheap / Scenario 1 / 0 passed",
            "before_step / Shop / Cheap / Scenario 1 / nothing is put into the basket / 0 passed",
            "put nothing",
            "after_step / Shop / Cheap / Scenario 1 / nothing is put into the basket / 0 passed",
            "after_scenario / Shop / Cheap / Scenario 1 / 0 passed",
            "close Basket 1",
        ],
        "{output}"
    );
    assert_eq!(
        lines[lines.len() - 5..],
        [
            "after_feature / Shop",
            "drop Counter 1",
            "close Catalogue 1",
            "after_all",
            "close Server 1",
        ],
        "{output}"
    );
}

#[test]
fn another_feature_closes_the_one_before() {
    let mut worker = worker("");
    let mut shop = shop(&worker);
    let one = worker.scenario(1, &[]);
    worker.send(&ToWorker::Run {
        feature: shop.clone(),
        scenarios: vec![one],
    });
    shop.uri = "features/other.feature".to_owned();
    shop.name = "Other".to_owned();
    let two = worker.scenario(2, &[]);
    worker.send(&ToWorker::Run {
        feature: shop,
        scenarios: vec![two],
    });
    // One that is not open is no reason to do anything.
    worker.send(&ToWorker::FeatureDone {
        uri: "features/third.feature".to_owned(),
    });
    assert_eq!(
        finish(&mut worker, ""),
        "(before_feature passed) (before_feature_2 passed) S1.0 F1.0 \
         (after_feature passed) (after_feature_2 passed) \
         (before_feature passed) (before_feature_2 passed) S2.0 F2.0 \
         (after_feature passed) (after_feature_2 passed)"
    );
    assert!(
        worker
            .output()
            .contains("after_feature_2 / Shop\nbefore_feature / Other\n"),
        "{}",
        worker.output()
    );
}

#[test]
fn cancelling_takes_scenarios_and_leaves_the_rest() {
    let mut worker = worker("");
    let shop = shop(&worker);
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("go");
    let wait = format!("it waits for the file {}", file.display());
    let one = worker.scenario(1, &[&wait]);
    let two = worker.scenario(2, &[]);
    let three = worker.scenario(3, &[]);
    let uri = shop.uri.clone();
    worker.send(&ToWorker::Run {
        feature: shop,
        scenarios: vec![one, two, three],
    });
    worker.send(&ToWorker::FeatureDone { uri });
    let mut messages = Vec::new();
    while !matches!(messages.last(), Some(FromWorker::StepStarted { .. })) {
        messages.push(worker.receive());
    }
    worker.send(&ToWorker::Cancel);
    let scenarios = vec![2, 3];
    assert_eq!(worker.receive(), FromWorker::Cancelled { scenarios });
    std::fs::write(file, "").unwrap();
    while !matches!(messages.last(), Some(FromWorker::ScenarioFinished { .. })) {
        messages.push(worker.receive());
    }
    // Not at the end of the worker, but now.
    for _ in 0..4 {
        messages.push(worker.receive());
    }
    assert_eq!(
        told(&worker, &messages),
        "(before_feature passed) (before_feature_2 passed) S1.0 s0 f0 passed F1.0 \
         (after_feature passed) (after_feature_2 passed)"
    );
    assert_eq!(finish(&mut worker, "after_all"), "(after_all passed)");
}

/// The messages of a worker about a scenario of a rule with all hooks, one of which does not pass.
fn told_with(trouble: &str) -> String {
    let mut worker = worker(trouble);
    let begun = begin(&mut worker, "before_all_2 before_all").0;
    let shop = shop(&worker);
    let texts = ["a step one", "a step two"];
    let mut scenario = hooked(&mut worker, 1, &texts);
    scenario.rule = Some(rule(&worker, "Cheap", 4));
    worker.send(&ToWorker::Run {
        feature: shop,
        scenarios: vec![scenario],
    });
    let rest = finish(&mut worker, "after_all after_all_2");
    format!("{begun} {rest}").replace(" passed)", ")")
}

/// The same if nothing does.
const ALL_WELL: &str = "(before_all_2) (before_all) begun \
    (before_feature) (before_feature_2) (before_rule) (before_rule_2) \
    S1.0 (before_scenario) (before_scenario_2) \
    s0 (before_step) (before_step_2) (after_step) (after_step_2) f0 passed \
    s1 (before_step) (before_step_2) (after_step) (after_step_2) f1 passed \
    (after_scenario) (after_scenario_2) F1.0 \
    (after_rule) (after_rule_2) (after_feature) (after_feature_2) \
    (after_all) (after_all_2)";

#[test]
fn a_hook_that_does_not_pass_never_stops_the_others() {
    assert_eq!(told_with(""), ALL_WELL);
    for kind in [
        "before_all",
        "after_all",
        "after_feature",
        "after_rule",
        "after_scenario",
    ] {
        for (how, status) in [
            ("fails", "FAILED"),
            ("panics", "FAILED"),
            ("skips", "skipped"),
            ("pending", "pending"),
        ] {
            let expected = ALL_WELL.replace(&format!("({kind})"), &format!("({kind} {status})"));
            assert_eq!(
                told_with(&format!("{kind}={how}")),
                expected,
                "{kind} {how}"
            );
        }
    }
}

#[test]
fn no_scenario_runs_after_a_feature_hook_that_does_not_pass() {
    for (how, status) in [("fails", "FAILED"), ("skips", "skipped")] {
        assert_eq!(
            told_with(&format!("before_feature={how}")),
            format!(
                "(before_all_2) (before_all) begun (before_feature {status}) (before_feature_2) \
                 no 1 because of before_feature (after_feature) (after_feature_2) \
                 (after_all) (after_all_2)"
            )
        );
        assert_eq!(
            told_with(&format!("before_rule_2={how}")),
            format!(
                "(before_all_2) (before_all) begun (before_feature) (before_feature_2) \
                 (before_rule) (before_rule_2 {status}) no 1 because of before_rule_2 \
                 (after_rule) (after_rule_2) (after_feature) (after_feature_2) \
                 (after_all) (after_all_2)"
            )
        );
    }
    let told = told_with("before_feature=skips before_feature_2=fails");
    assert!(told.contains("no 1 because of before_feature_2"), "{told}");
    let told = told_with("before_feature=fails before_feature_2=fails");
    assert!(told.contains("no 1 because of before_feature ("), "{told}");
}

#[test]
fn the_scenarios_after_a_blocked_rule_run() {
    let mut worker = worker("before_rule=skips");
    let shop = shop(&worker);
    let mut one = worker.scenario(1, &[]);
    one.rule = Some(rule(&worker, "Cheap", 4));
    let mut two = worker.scenario(2, &[]);
    two.rule = Some(rule(&worker, "Cheap", 4));
    let three = worker.scenario(3, &[]);
    worker.send(&ToWorker::Run {
        feature: shop,
        scenarios: vec![one, two, three],
    });
    assert_eq!(
        finish(&mut worker, "").replace(" passed)", ")"),
        "(before_feature) (before_feature_2) (before_rule skipped) (before_rule_2) \
         no 1 because of before_rule no 2 because of before_rule \
         (after_rule) (after_rule_2) S3.0 F3.0 (after_feature) (after_feature_2)"
    );
}

#[test]
fn no_step_runs_after_a_scenario_hook_that_does_not_pass() {
    for (how, status) in [
        ("fails", "FAILED"),
        ("panics", "FAILED"),
        ("skips", "skipped"),
        ("pending", "pending"),
    ] {
        let told = told_with(&format!("before_scenario={how}"));
        // One that asks to skip the scenario is the last to run before it.
        let second = if how == "skips" {
            ""
        } else {
            " (before_scenario_2)"
        };
        let expected = format!(
            "S1.0 (before_scenario {status}){second} (after_scenario) (after_scenario_2) F1.0"
        );
        assert!(told.contains(&expected), "{told}");
    }
}

#[test]
fn a_step_counts_its_hooks() {
    for (trouble, expected) in [
        (
            "before_step=fails",
            "s0 (before_step FAILED) (before_step_2) (after_step) (after_step_2) f0 FAILED (after_scenario)",
        ),
        (
            "before_step=skips after_step_2=fails",
            "s0 (before_step skipped) (before_step_2) (after_step) (after_step_2 FAILED) f0 FAILED (after_scenario)",
        ),
        (
            "after_step=pending",
            "s0 (before_step) (before_step_2) (after_step pending) (after_step_2) f0 pending (after_scenario)",
        ),
        (
            "one=fails after_step=skips",
            "s0 (before_step) (before_step_2) (after_step skipped) (after_step_2) f0 FAILED (after_scenario)",
        ),
    ] {
        let told = told_with(trouble);
        assert!(told.contains(expected), "{trouble}: {told}");
    }
}

/// The error of the only step of a scenario with all hooks.
fn error_of_step(trouble: &str) -> (String, u32, String) {
    let mut worker = worker(trouble);
    let scenario = hooked(&mut worker, 1, &["a step one"]);
    worker.run(vec![scenario]);
    let found = worker
        .receive_scenario()
        .into_iter()
        .find_map(|message| match message {
            FromWorker::StepFinished { error, .. } => error,
            _ => None,
        });
    let error = found.expect("the step has an error");
    let message = error.message.replace(env!("CARGO_MANIFEST_DIR"), "");
    (message, error.line, worker.output())
}

#[test]
fn a_step_says_which_hook_failed_and_where() {
    let (message, line, output) = error_of_step("before_step_2=panics after_step=fails");
    let (title, reason) = message.split_once(": ").unwrap();
    assert_eq!(reason, "before_step_2 panics");
    let place = title
        .strip_prefix("before_step hook `before_step_2` (tests/hooks/src/hooks.rs:")
        .and_then(|place| place.strip_suffix(')'));
    let place = place.and_then(|place| place.split_once(':'));
    let (line_of_hook, column) = place.unwrap_or_else(|| panic!("{title}"));
    assert!(line_of_hook.parse::<u32>().is_ok() && column.parse::<u32>().is_ok());
    let panics = include_str!("../hooks/src/trouble.rs")
        .lines()
        .position(|line| line.contains("panic!"));
    assert_eq!(Some(line as usize), panics.map(|index| index + 1));
    assert!(!output.contains("a step one\n"), "it is not run: {output}");

    let (message, ..) = error_of_step("after_step=skips");
    assert!(
        message.starts_with("after_step hook `close the step` (tests/hooks/src/hooks.rs:"),
        "{message}"
    );
    assert!(message.ends_with(": after_step skips"), "{message}");
    let (message, ..) = error_of_step("one=fails after_step=fails");
    assert_eq!(message, "one fails");
    let (message, ..) = error_of_step("one=pending after_step=fails");
    assert!(message.ends_with(": after_step fails"), "{message}");
}

#[test]
fn the_status_is_the_worst_so_far() {
    let mut worker = worker("one=skips after_step_2=pending after_scenario=fails");
    let scenario = hooked(&mut worker, 1, &["a step one"]);
    worker.run(vec![scenario]);
    worker.receive_scenario();
    let output = worker.output();
    let statuses: Vec<&str> = output
        .lines()
        .filter_map(|line| line.rsplit_once(" / 0 "))
        .map(|(_, status)| status)
        .collect();
    assert_eq!(
        statuses,
        [
            "passed", "passed", "passed", "passed", "skipped", "skipped", "pending", "failed"
        ],
        "{output}"
    );
}

#[test]
fn a_hook_that_fails_says_why_and_where() {
    let mut worker = worker("before_all=panics exports_too_late");
    let (_, messages) = begin(&mut worker, "before_all exports_too_late");
    let errors: Vec<_> = messages
        .iter()
        .filter_map(|message| match message {
            FromWorker::HookFinished { error, .. } => error.clone(),
            _ => None,
        })
        .collect();
    assert_eq!(errors[0].message, "before_all panics");
    assert!(errors[0].file.ends_with("/tests/hooks/src/trouble.rs"));
    assert_eq!(
        errors[1].message,
        "cannot export \"LATE\": only a before_run hook can export: the workers are started after it"
    );
}

#[test]
fn a_hook_before_the_run_exports() {
    let mut worker = worker("");
    let (told, messages) = begin(&mut worker, "before_run exports");
    assert_eq!(told, "(before_run passed) (exports passed) begun");
    let Some(FromWorker::Begun { environment }) = messages.last() else {
        panic!("{messages:?}")
    };
    let greeting = Variable {
        name: "GREETING".to_owned(),
        value: "hello".to_owned(),
    };
    assert_eq!(*environment, [greeting]);
    assert_eq!(
        worker.output().lines().skip(1).collect::<Vec<_>>(),
        [
            "cannot export \"A=B\": the name of a variable is not empty and has neither `=` nor a zero byte",
            "cannot export \"\": the name of a variable is not empty and has neither `=` nor a zero byte",
            "cannot export \"A\": the value of a variable has no zero byte",
        ]
    );
    assert_eq!(
        finish(&mut worker, "after_run after_run_2"),
        "(after_run passed) (after_run_2 passed)"
    );
}

#[test]
fn tags_are_those_of_what_the_hook_runs_for() {
    let mut worker = worker("");
    let mut shop = shop(&worker);
    shop.before = hooks(&worker, "prints_tags_of_feature");
    let mut scenario = worker.scenario(1, &[]);
    scenario.before = hooks(&worker, "prints_tags");
    scenario.rule = Some(rule(&worker, "Cheap", 4));
    if let Some(rule) = &mut scenario.rule {
        rule.before = hooks(&worker, "prints_tags_of_rule");
    }
    worker.send(&ToWorker::Run {
        feature: shop,
        scenarios: vec![scenario],
    });
    worker.receive_scenario();
    assert_eq!(
        worker.output(),
        "tags [\"@shop\"], line 1\n\
         tags [\"@shop\", \"@rule\"], line Some(4)\n\
         tags [\"@tag\"]\n"
    );
}

#[test]
fn a_hook_that_dies_is_the_last_that_is_heard_of() {
    for (kind, begins) in [
        ("before_step", true),
        ("after_scenario", true),
        ("after_feature", false),
    ] {
        let mut worker = worker(&format!("{kind}=aborts"));
        let shop = shop(&worker);
        let scenario = hooked(&mut worker, 1, &["a step one"]);
        worker.send(&ToWorker::Run {
            feature: shop,
            scenarios: vec![scenario],
        });
        if !begins {
            worker.send(&ToWorker::Finish { hooks: Vec::new() });
        }
        let id = hooks(&worker, kind)[0];
        let messages = worker.receive_all();
        assert!(
            matches!(messages.last(), Some(FromWorker::HookStarted { hook, .. }) if *hook == id),
            "{messages:?}"
        );
    }
}

#[test]
fn a_step_that_dies_after_its_hooks_is_not_their_fault() {
    let mut worker = worker("one=aborts");
    let scenario = hooked(&mut worker, 1, &["a step one"]);
    worker.run(vec![scenario]);
    let messages = worker.receive_all();
    assert!(
        matches!(
            messages.last(),
            Some(FromWorker::HookFinished {
                status: StepStatus::Passed,
                ..
            })
        ),
        "{messages:?}"
    );
}

#[test]
fn an_unknown_hook_is_an_error() {
    let mut worker = worker("");
    worker.send(&ToWorker::Begin { hooks: vec![999] });
    let Some(FromWorker::Error { message, .. }) = worker.receive_all().pop() else {
        panic!("an error was expected")
    };
    assert_eq!(message, "unknown hook 999");
    assert_eq!(worker.ended().code(), Some(1));
}
