//! Steps that run steps, as the worker of `bdd-steps` does it; the test answers as the runner.

use bdd_protocol::{FromWorker, RunStep, StepStatus, ToWorker};

use super::driver::{Worker, docstring};
use super::rust::command;
use super::story::{hooked, worker};

/// The steps of a text without tables and docstrings.
fn parse(worker: &mut Worker, text: &str) -> Vec<RunStep> {
    let lines = (1..).zip(text.lines().map(str::trim));
    lines
        .filter(|(_, line)| !line.is_empty())
        .map(|(number, line)| {
            let (keyword, text) = line.split_once(' ').unwrap();
            RunStep {
                keyword: keyword.to_owned(),
                line: number,
                ..worker.step(text)
            }
        })
        .collect()
}

/// Runs steps; `answer` gives the steps of each text that they run. What the last step says, and
/// all texts.
fn run(
    worker: &mut Worker,
    steps: Vec<RunStep>,
    mut answer: impl FnMut(&mut Worker, &str) -> ToWorker,
) -> (StepStatus, bdd_protocol::Failure, Vec<String>) {
    let mut scenario = worker.scenario(1, &[]);
    scenario.steps = steps;
    worker.run(vec![scenario]);
    let mut texts = Vec::new();
    let mut last = None;
    loop {
        match worker.receive() {
            FromWorker::RunSteps { text } => {
                let steps = answer(worker, &text);
                texts.push(text);
                worker.send(&steps);
            }
            FromWorker::StepFinished { status, error, .. } => {
                last = Some((status, error.unwrap_or_default()));
            }
            FromWorker::ScenarioFinished { errors, .. } => {
                assert_eq!(errors, []);
                let (status, error) = last.expect("a step has finished");
                return (status, *error, texts);
            }
            FromWorker::ScenarioStarted { .. }
            | FromWorker::StepStarted { .. }
            | FromWorker::ExtraStepStarted { .. }
            | FromWorker::ExtraStepFinished { .. } => {}
            other => panic!("{other:?}"),
        }
    }
}

fn parsed(worker: &mut Worker, text: &str) -> ToWorker {
    ToWorker::Steps {
        steps: parse(worker, text),
        error: None,
    }
}

/// A step that runs a recipe.
fn recipe(worker: &mut Worker, text: &str, recipe: &str) -> RunStep {
    RunStep {
        docstring: Some(docstring(recipe)),
        ..worker.step(text)
    }
}

#[test]
fn steps_share_the_scenario_and_get_what_is_below_them() {
    let mut worker = Worker::start(&command());
    let steps = ["dough for pancakes", "the bowl weighs 870 g"];
    let steps = steps.map(|text| worker.step(text)).to_vec();
    let (status, error, texts) = run(&mut worker, steps, |worker, _| {
        let mut steps = parse(worker, "Given an empty bowl\nWhen I add 250 g of flour");
        let rows = [["milk", "500"], ["eggs", "120"]];
        steps.push(RunStep {
            keyword: "And".to_owned(),
            table: Some(rows.map(|row| row.map(str::to_owned).to_vec()).to_vec()),
            ..worker.step("I add:")
        });
        ToWorker::Steps { steps, error: None }
    });
    assert_eq!((status, error.message.as_str()), (StepStatus::Passed, ""));
    assert_eq!(texts.len(), 1);
    assert!(texts[0].starts_with("Given an empty bowl\n"), "{texts:?}");
    worker.finish();
}

#[test]
fn steps_inside_steps_run_steps() {
    let mut worker = Worker::start(&command());
    let inner = "Given an empty bowl\nWhen I add 9 g of salt";
    let outer = "Given I follow the recipe\nThen the bowl weighs 9 g";
    let steps = vec![recipe(&mut worker, "I follow the recipe", outer)];
    let (status, error, texts) = run(&mut worker, steps, |worker, text| {
        let mut steps = parse(worker, text);
        if text == outer {
            steps[0].docstring = Some(docstring(inner));
        }
        ToWorker::Steps { steps, error: None }
    });
    assert_eq!((status, error.message.as_str()), (StepStatus::Passed, ""));
    assert_eq!(texts, [outer, inner]);
    worker.finish();
}

#[test]
fn steps_inside_steps_are_reported_with_their_depth_and_result() {
    let mut worker = Worker::start(&command());
    let outer = "Given I follow the recipe\nAnd a step that fails with \"no\"";
    let step = recipe(&mut worker, "I follow the recipe", outer);
    let mut scenario = worker.scenario(1, &["a step that passes"]);
    scenario.steps.push(step);
    worker.run(vec![scenario]);
    let mut story = Vec::new();
    loop {
        match worker.receive() {
            FromWorker::RunSteps { text } => {
                let mut steps = parse(&mut worker, &text);
                if text == outer {
                    steps[0].docstring = Some(docstring("Given an empty bowl"));
                }
                worker.send(&ToWorker::Steps { steps, error: None });
            }
            FromWorker::ExtraStepStarted {
                extra,
                parent,
                depth,
                step,
                ..
            } => story.push(format!("s{extra} in {parent:?} at {depth}: {}", step.text)),
            FromWorker::ExtraStepFinished { extra, status, .. } => {
                story.push(format!("f{extra} {status:?}"));
            }
            FromWorker::StepFinished { step, handled, .. } => {
                assert!(!handled);
                story.push(format!("step {step}"));
            }
            FromWorker::ScenarioFinished { .. } => break,
            _ => {}
        }
    }
    assert_eq!(
        story,
        [
            "step 0",
            "s0 in Some(1) at 1: I follow the recipe",
            "s1 in Some(1) at 2: an empty bowl",
            "f1 Passed",
            "f0 Passed",
            "s2 in Some(1) at 1: a step that fails with \"no\"",
            "f2 Failed",
            "step 1",
        ]
    );
    worker.finish();
}

#[test]
fn the_first_step_that_does_not_pass_ends_it_and_is_named() {
    let mut worker = Worker::start(&command());
    let source = include_str!("../../steps-examples/src/faults.rs").lines();
    let panics = source
        .zip(1..)
        .find(|(line, _)| line.contains("panic!(\"{message}\")"));
    for (text, status, kind, message, line) in [
        (
            "Given an empty bowl\nWhen a step that panics with \"oh\"\nThen a step that aborts",
            StepStatus::Failed,
            "Error",
            "step 2, `When a step that panics with \"oh\"`, failed: oh",
            panics.unwrap().1,
        ),
        (
            "Given a step that fails with \"no\"\nAnd a step that aborts",
            StepStatus::Failed,
            "Error",
            "step 1, `Given a step that fails with \"no\"`, failed: no",
            0,
        ),
        (
            "* a step that is pending\n* a step that aborts",
            StepStatus::Pending,
            "PendingException",
            "step 1, `* a step that is pending`, is pending: not written yet",
            0,
        ),
        (
            "Given a step that is skipped because of \"rain\"\nAnd a step that aborts",
            StepStatus::Skipped,
            "SkippedException",
            "step 1, `Given a step that is skipped because of \"rain\"`, skips the scenario: rain",
            0,
        ),
    ] {
        let steps = vec![recipe(&mut worker, "I follow the recipe", text)];
        let (was, error, _) = run(&mut worker, steps, parsed);
        assert_eq!(
            (was, error.kind.as_str(), error.message.as_str()),
            (status, kind, message)
        );
        assert_eq!(error.line, line);
        assert_eq!(
            error.file.ends_with("/steps-examples/src/faults.rs"),
            line > 0
        );
    }
    worker.finish();
}

#[test]
fn the_trace_is_that_of_the_step_inside() {
    let mut with_traces = vec!["env".into(), "RUST_BACKTRACE=1".into()];
    with_traces.extend(command());
    let mut worker = Worker::start(&with_traces);
    let text = "Then the bowl weighs 5 g";
    let steps = vec![recipe(&mut worker, "I follow the recipe", text)];
    let (_, error, _) = run(&mut worker, steps, parsed);
    assert_eq!(error.kind, "AssertionError");
    assert!(error.trace.contains("pancakes::weighs"), "{}", error.trace);
    worker.finish();
}

#[test]
fn what_the_runner_cannot_give_fails_the_step() {
    let mut worker = Worker::start(&command());
    let steps = vec![recipe(&mut worker, "I follow the recipe", "Given magic")];
    let refusal = "line 1: no definition matches `magic`";
    let (status, error, _) = run(&mut worker, steps, |_, _| ToWorker::Steps {
        steps: Vec::new(),
        error: Some(refusal.to_owned()),
    });
    assert_eq!(
        (status, error.message.as_str()),
        (StepStatus::Failed, refusal)
    );
    worker.finish();
}

#[test]
fn a_step_that_runs_itself_ends() {
    let mut worker = Worker::start(&command());
    let steps = vec![worker.step("a recipe that begins with itself")];
    let itself = parsed(&mut worker, "Given a recipe that begins with itself");
    let (status, error, texts) = run(&mut worker, steps, |_, _| itself.clone());
    assert_eq!(status, StepStatus::Failed);
    assert_eq!(texts.len(), 32);
    assert_eq!(
        error.message,
        "step 1, `Given a recipe that begins with itself`, failed: steps run steps 32 levels deep: does `a recipe \
         that begins with itself` run itself?"
    );
    // The worker can still run steps.
    let steps = vec![recipe(
        &mut worker,
        "I follow the recipe",
        "Given an empty bowl",
    )];
    assert_eq!(run(&mut worker, steps, parsed).0, StepStatus::Passed);
    worker.finish();
}

#[test]
fn a_fixture_is_lent_to_one_of_the_two_steps() {
    let mut worker = Worker::start(&command());
    let text = "When I add 5 g of salt";
    let holding = "I follow the recipe with the bowl in my hands";
    let steps = vec![recipe(&mut worker, holding, text)];
    let (status, error, _) = run(&mut worker, steps, parsed);
    assert_eq!(
        (status, error.message.as_str()),
        (
            StepStatus::Failed,
            "step 1, `When I add 5 g of salt`, failed: the fixture `bowl: &mut Bowl` is already lent: to a step \
             that runs this one, or to another parameter; take it in only one of them"
        )
    );
    let looking = "I follow the recipe and look into the bowl before and after";
    let steps = vec![recipe(&mut worker, looking, text)];
    let (status, error, _) = run(&mut worker, steps, parsed);
    assert_eq!((status, error.message.as_str()), (StepStatus::Passed, ""));
    assert!(
        worker.output().ends_with("0 g, then 5 g\n"),
        "{}",
        worker.output()
    );
    worker.finish();
}

#[test]
fn a_failure_that_the_step_bears_is_none() {
    let mut worker = Worker::start(&command());
    let text = "Given a step that panics with \"oh\"";
    let steps = vec![
        recipe(&mut worker, "I follow the recipe or improvise", text),
        worker.step("a step that passes"),
    ];
    let (status, error, _) = run(&mut worker, steps, parsed);
    assert_eq!((status, error.message.as_str()), (StepStatus::Passed, ""));
    assert_eq!(
        worker.output(),
        "step 1, `Given a step that panics with \"oh\"`, failed: oh\n"
    );
    worker.finish();
}

#[test]
fn nothing_is_held_back_while_a_step_waits() {
    let mut worker = Worker::start(&command());
    let step = recipe(&mut worker, "I follow the recipe", "Given an empty bowl");
    let mut scenario = worker.scenario(1, &["a step that passes"]);
    scenario.steps.push(step);
    worker.run(vec![scenario]);
    let before: Vec<FromWorker> = (0..5).map(|_| worker.receive()).collect();
    assert!(
        matches!(before[3], FromWorker::StepStarted { step: 1, .. }),
        "{before:?}"
    );
    assert_eq!(
        before[4],
        FromWorker::RunSteps {
            text: "Given an empty bowl".to_owned()
        }
    );
    // What else comes meanwhile is heard.
    let waiting = worker.scenario(2, &["a step that passes"]);
    worker.run(vec![waiting]);
    worker.send(&ToWorker::Cancel);
    assert_eq!(
        worker.receive(),
        FromWorker::Cancelled { scenarios: vec![2] }
    );
    let steps = parsed(&mut worker, "Given an empty bowl");
    worker.send(&steps);
    worker.receive_scenario();
    worker.finish();
}

#[test]
fn a_worker_that_waits_ends_with_the_runner() {
    let mut worker = Worker::start(&command());
    let step = recipe(&mut worker, "I follow the recipe", "Given an empty bowl");
    let mut scenario = worker.scenario(1, &[]);
    scenario.steps.push(step);
    worker.run(vec![scenario]);
    while !matches!(worker.receive(), FromWorker::RunSteps { .. }) {}
    worker.hang_up();
    assert_eq!(worker.ended().code(), Some(1));
}

#[test]
fn steps_that_nobody_asked_for_break_the_protocol() {
    let mut worker = Worker::start(&command());
    worker.send(&ToWorker::Steps {
        steps: Vec::new(),
        error: None,
    });
    let FromWorker::Error { message, .. } = worker.receive() else {
        panic!("expected an error")
    };
    assert_eq!(message, "the steps of a text were not asked for");
    assert_eq!(worker.ended().code(), Some(1));
}

#[test]
fn an_unknown_definition_ends_the_worker() {
    let mut worker = Worker::start(&command());
    let step = recipe(&mut worker, "I follow the recipe", "Given magic");
    let mut scenario = worker.scenario(1, &[]);
    scenario.steps.push(step);
    worker.run(vec![scenario]);
    while !matches!(worker.receive(), FromWorker::RunSteps { .. }) {}
    worker.send(&ToWorker::Steps {
        steps: vec![RunStep {
            definition: 99_999,
            line: 1,
            ..RunStep::default()
        }],
        error: None,
    });
    let FromWorker::Error { message, .. } = worker.receive() else {
        panic!("expected an error")
    };
    assert_eq!(message, "unknown step definition 99999");
    assert_eq!(worker.ended().code(), Some(1));
}

#[test]
fn hooks_cannot_run_steps() {
    let mut worker = worker("before_scenario=runs_steps before_step=runs_steps");
    let scenario = hooked(&mut worker, 1, &["nothing is put into the basket"]);
    for before_step in [Vec::new(), scenario.before_step.clone()] {
        let mut scenario = scenario.clone();
        if !before_step.is_empty() {
            scenario.before = Vec::new();
        }
        worker.run(vec![scenario]);
        let mut errors =
            worker
                .receive_scenario()
                .into_iter()
                .filter_map(|message| match message {
                    FromWorker::HookFinished { error, .. } => error,
                    _ => None,
                });
        assert_eq!(
            errors.next().unwrap().message,
            "only a step can run steps from text: a hook or a fixture calls their functions"
        );
        assert!(errors.next().is_none());
    }
    worker.finish();
}
