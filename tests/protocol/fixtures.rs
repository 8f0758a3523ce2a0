//! Fixtures: how long they live, in which order they are closed, and what cannot be had.

use bdd_protocol::{FeatureInfo, FromWorker, StepStatus, ToWorker};

use super::driver::{Worker, feature};
use super::story::{hooks, told, worker};

/// Runs scenarios of one feature and lets the worker end; what it says.
fn run_all(
    worker: &mut Worker,
    feature: FeatureInfo,
    scenarios: &[&[&str]],
    closing: &str,
) -> String {
    let scenarios = (1..)
        .zip(scenarios)
        .map(|(number, texts)| worker.scenario(number, texts))
        .collect();
    worker.send(&ToWorker::Run { feature, scenarios });
    let hooks = hooks(worker, closing);
    worker.send(&ToWorker::Finish { hooks });
    let messages = worker.receive_all();
    assert_eq!(worker.ended().code(), Some(0), "{}", worker.output());
    assert!(worker.hello.says_closed);
    assert_eq!(messages.last(), Some(&FromWorker::Closed {}));
    told(worker, &messages)
}

#[test]
fn they_live_as_long_as_their_scope() {
    let mut worker = worker("");
    let put: &[&str] = &["soap is put into the basket"];
    let scenarios = vec![worker.scenario(1, put), worker.scenario(2, put)];
    worker.run(scenarios);
    let other = FeatureInfo {
        uri: "features/other.feature".to_owned(),
        name: "Other".to_owned(),
        ..feature()
    };
    run_all(&mut worker, other, &[put], "");
    assert_eq!(
        worker.output(),
        "make Server \"\"\n\
         make Catalogue 1 \"Test\" \"\"\n\
         make Basket 1 of 1 \"Scenario 1\"\n\
         put soap\nclose Basket 1\n\
         make Basket 2 of 1 \"Scenario 2\"\n\
         put soap\nclose Basket 1\n\
         drop Counter 2\nclose Catalogue 2\n\
         make Catalogue 2 \"Other\" \"\"\n\
         make Basket 1 of 2 \"Scenario 1\"\n\
         put soap\nclose Basket 1\n\
         drop Counter 1\nclose Catalogue 1\nclose Server 2\n"
    );
}

#[test]
fn hooks_take_those_that_live_as_long() {
    let mut worker = worker("");
    let hooks_before = hooks(&worker, "all_takes");
    worker.send(&ToWorker::Begin {
        hooks: hooks_before,
    });
    let shop = FeatureInfo {
        before: hooks(&worker, "feature_takes"),
        after: hooks(&worker, "feature_gives"),
        ..feature()
    };
    let mut scenario = worker.scenario(1, &["soap is put into the basket"]);
    scenario.before = hooks(&worker, "scenario_takes");
    scenario.after = hooks(&worker, "scenario_gives");
    scenario.before_step = hooks(&worker, "step_takes");
    worker.send(&ToWorker::Run {
        feature: shop,
        scenarios: vec![scenario],
    });
    let hooks_after = hooks(&worker, "all_gives");
    worker.send(&ToWorker::Finish { hooks: hooks_after });
    let messages = worker.receive_all();
    let told = told(&worker, &messages);
    assert!(!told.contains("FAILED"), "{told}");
    assert_eq!(
        worker.output(),
        "make Server \"\"\n\
         make Catalogue 101 \"Test\" \"\"\n\
         make Basket 101 of 111 \"Scenario 1\"\nmake Door\n\
         put soap\n\
         close Door\nclose Basket 1111\n\
         drop Counter 2\nclose Catalogue 1101\nclose Server 1111\n"
    );
}

#[test]
fn one_that_cannot_be_closed_is_named_and_does_not_spare_the_others() {
    let mut worker =
        worker("close_Basket=fails close_Catalogue=panics close_Server=skips close_Door=panics");
    let texts: &[&str] = &["soap is put into the basket", "a door"];
    let told = run_all(&mut worker, feature(), &[texts], "after_all");
    assert_eq!(
        told,
        "S1.0 s0 f0 passed s1 f1 passed \
         F1.0[\"fixture `Door`: close_Door panics\", \"fixture `Basket`: close_Basket fails\"] \
         closing feature [\"fixture `Catalogue`: close_Catalogue panics\"] \
         (after_all passed) closing worker [\"fixture `Server`: close_Server skips\"]"
    );
    let output = worker.output();
    assert!(
        output.contains("close Door\nclose Basket 1\ndrop Counter 1\nclose Catalogue 1\nafter_all\nclose Server 1\n"),
        "{output}"
    );
}

#[test]
fn one_that_ends_the_process_in_peace_leaves_the_rest_open() {
    let mut worker = worker("close_Catalogue=exits");
    let scenarios = vec![worker.scenario(1, &["soap is put into the basket"])];
    worker.run(scenarios);
    worker.send(&ToWorker::Finish { hooks: Vec::new() });
    let messages = worker.receive_all();
    assert_eq!(worker.ended().code(), Some(0), "{}", worker.output());
    // Nothing else shows that the server is still there.
    assert!(!messages.contains(&FromWorker::Closed {}), "{messages:?}");
    assert!(
        !worker.output().contains("close Server"),
        "{}",
        worker.output()
    );
}

#[test]
fn they_are_closed_after_a_failure() {
    let mut worker = worker("one=panics");
    let texts: &[&str] = &["a door", "a step one"];
    let told = run_all(&mut worker, feature(), &[texts], "");
    assert_eq!(told, "S1.0 s0 f0 passed s1 f1 FAILED F1.0");
    assert_eq!(worker.output(), "make Door\na step one\nclose Door\n");
}

#[test]
fn what_dies_while_it_is_closed_is_not_the_last_step() {
    let mut worker = worker("close_Door=aborts");
    let scenario = worker.scenario(1, &["a door"]);
    worker.run(vec![scenario]);
    let messages = worker.receive_all();
    assert!(
        matches!(
            messages.last(),
            Some(FromWorker::StepFinished {
                status: StepStatus::Passed,
                ..
            })
        ),
        "{messages:?}"
    );
}

#[test]
fn what_cannot_be_had_says_why() {
    let mut worker = worker("Server=skips");
    for (text, status, message) in [
        (
            "a fixture that needs a shorter one",
            StepStatus::Failed,
            "fixture `Greedy`: the fixture `Greedy` (scope worker) cannot need `Catalogue` (scope feature), \
             which does not live as long",
        ),
        (
            "fixtures that need each other",
            StepStatus::Failed,
            "fixture `Hen`: fixture `Egg`: the fixture `Hen` needs itself: Hen -> Egg -> Hen",
        ),
        (
            "a fixture that lives as long as the worker",
            StepStatus::Skipped,
            "Server skips",
        ),
        (
            "soap is put into the basket",
            StepStatus::Skipped,
            "Server skips",
        ),
    ] {
        let (found, error) = worker.outcome(&[text]);
        assert_eq!((found, error.message.as_str()), (status, message), "{text}");
    }
    worker.finish();
}

#[test]
fn one_whose_set_up_fails_is_tried_again() {
    let mut worker = worker("");
    let (status, error) = worker.outcome(&["a shy fixture, three times", "a shy fixture"]);
    assert_eq!(status, StepStatus::Passed, "{}", error.message);
    worker.finish();
}

#[test]
fn one_whose_set_up_panics_is_not_in_the_making() {
    let mut worker = worker("Basket=panics");
    for _ in 0..2 {
        let (_, error) = worker.outcome(&["soap is put into the basket"]);
        assert_eq!(error.message, "Basket panics");
    }
    worker.finish();
}

#[test]
fn one_is_lent_for_writing_once() {
    let mut worker = worker("");
    let (status, error) = worker.outcome(&["a lent fixture is asked for again"]);
    assert_eq!(
        (status, error.message.as_str()),
        (
            StepStatus::Failed,
            "the fixture `Basket` is already lent: to a parameter of the step or hook that runs, or by an \
             earlier call of `Context::fixture`"
        )
    );
    let (status, error) = worker.outcome(&["a fixture is read twice"]);
    assert_eq!(status, StepStatus::Passed, "{}", error.message);
    let mut scenario = worker.scenario(1, &[]);
    scenario.before = hooks(&worker, "same_twice");
    worker.run(vec![scenario]);
    let messages = worker.receive_scenario();
    let found = messages.iter().find_map(|message| match message {
        FromWorker::HookFinished { error, .. } => error.as_ref(),
        _ => None,
    });
    assert_eq!(
        found.map(|error| error.message.as_str()),
        Some(
            "the fixture `_again: &crate::needs::SameBasket` is also another parameter of the hook"
        )
    );
    worker.finish();
}

#[test]
fn one_that_is_kept_for_ever_cannot_be_closed() {
    let mut worker = worker("");
    let told = run_all(
        &mut worker,
        feature(),
        &[&["a fixture is kept for ever"]],
        "",
    );
    assert!(
        told.contains("F1.0[\"fixture `Basket`: it is still lent, so it cannot be closed\"]"),
        "{told}"
    );
}

#[test]
fn a_hook_of_the_worker_has_none_of_a_feature() {
    let mut worker = worker("asks_too_early");
    let hooks = hooks(&worker, "asks_too_early");
    worker.send(&ToWorker::Begin { hooks });
    worker.receive();
    let FromWorker::HookFinished {
        error: Some(error), ..
    } = worker.receive()
    else {
        panic!("an error was expected")
    };
    assert_eq!(
        error.message,
        "the fixture `Catalogue` lives as long as a feature, and there is no feature here"
    );
}

#[test]
fn a_feature_that_is_split_has_no_fixture_of_its_own() {
    let mut worker = worker("");
    let split = FeatureInfo {
        split: true,
        ..feature()
    };
    let scenario = worker.scenario(1, &["the feature's fixture behind the runner's back"]);
    worker.send(&ToWorker::Run {
        feature: split,
        scenarios: vec![scenario],
    });
    let messages = worker.receive_scenario();
    let Some(FromWorker::StepFinished {
        error: Some(error), ..
    }) = messages.get(2)
    else {
        panic!("{messages:?}")
    };
    assert_eq!(
        error.message,
        "the fixture `Counter` lives as long as its feature, but other workers may run scenarios of this \
         feature too, because the need for it was not declared: take it as a parameter of the \
         step or hook, or set `WHOLE_FEATURE` in the fixture whose set-up needs it"
    );
    worker.send(&ToWorker::FeatureDone { uri: feature().uri });
    let (status, error) = worker.outcome(&["the feature's fixture behind the runner's back"]);
    assert_eq!(status, StepStatus::Passed, "{}", error.message);
    worker.finish();
}

#[test]
fn those_who_need_a_feature_whole_say_so() {
    let worker = worker("");
    let of = |pattern: &str| {
        let definitions = &worker.hello.definitions;
        let found = definitions
            .iter()
            .find(|found| found.pattern.contains(pattern));
        found.unwrap_or_else(|| panic!("{pattern}")).whole_feature
    };
    assert!(of("put into the basket"), "it needs one that needs one");
    assert!(of("an announced fixture"));
    assert!(!of("lives as long as the worker"));
    assert!(!of("a door"));
    assert!(!of("behind the runner's back"));
    let hook = |function: &str| {
        let mut hooks = worker.hello.hooks.iter();
        let found = hooks.find(|hook| hook.function == function);
        found.unwrap().whole_feature
    };
    assert!(hook("scenario_takes"));
    assert!(!hook("before_scenario"));
    assert!(!hook("all_takes"));
}
