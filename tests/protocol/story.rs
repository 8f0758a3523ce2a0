//! What a worker says, in short: for tests that are about the order of it all.

use bdd_protocol::{Failure, FeatureInfo, FromWorker, RuleInfo, RunScenario, StepStatus};

use super::driver::{Worker, feature};
use crate::support::step_program::hook_program;

/// A worker of the program with hooks of every kind, in which what `trouble` says goes wrong.
pub fn worker(trouble: &str) -> Worker {
    let trouble = format!("TROUBLE={trouble}");
    Worker::start(&["env".into(), trouble.into(), hook_program().into()])
}

/// The ids of hooks by the names of their functions, which stand between spaces.
pub fn hooks(worker: &Worker, functions: &str) -> Vec<u32> {
    let id = |function: &str| {
        let hooks = &worker.hello.hooks;
        let hook = hooks.iter().find(|hook| hook.function == function);
        hook.unwrap_or_else(|| panic!("no hook {function}")).id
    };
    functions.split_whitespace().map(id).collect()
}

/// A feature with the hooks of its kind.
pub fn shop(worker: &Worker) -> FeatureInfo {
    FeatureInfo {
        uri: "features/shop.feature".to_owned(),
        name: "Shop".to_owned(),
        tags: vec!["@shop".to_owned()],
        line: 1,
        before: hooks(worker, "before_feature before_feature_2"),
        after: hooks(worker, "after_feature after_feature_2"),
        ..feature()
    }
}

/// A rule with the hooks of its kind.
pub fn rule(worker: &Worker, name: &str, line: u32) -> RuleInfo {
    RuleInfo {
        name: name.to_owned(),
        line,
        tags: vec!["@shop".to_owned(), "@rule".to_owned()],
        before: hooks(worker, "before_rule before_rule_2"),
        after: hooks(worker, "after_rule after_rule_2"),
    }
}

/// A scenario with the hooks of its kind and around its steps.
pub fn hooked(worker: &mut Worker, number: u32, texts: &[&str]) -> RunScenario {
    RunScenario {
        before: hooks(worker, "before_scenario before_scenario_2"),
        after: hooks(worker, "after_scenario after_scenario_2"),
        before_step: hooks(worker, "before_step before_step_2"),
        after_step: hooks(worker, "after_step after_step_2"),
        ..worker.scenario(number, texts)
    }
}

fn word(status: StepStatus) -> &'static str {
    match status {
        StepStatus::Passed => "passed",
        StepStatus::Failed => "FAILED",
        StepStatus::Pending => "pending",
        StepStatus::Skipped => "skipped",
    }
}

fn reasons(errors: &[Failure]) -> String {
    let messages: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
    format!("{messages:?}")
}

/// A word for each message: `(before_step FAILED)` a hook, `S1.0` and `F1.0` a scenario's attempt
/// begins and ends, `s0` and `f0 passed` a step.
pub fn told(worker: &Worker, messages: &[FromWorker]) -> String {
    let hook = |id: &u32| worker.hello.hooks[*id as usize].function.as_str();
    let mut open = None;
    let mut words = Vec::new();
    for message in messages {
        words.push(match message {
            FromWorker::HookStarted { hook, .. } => {
                assert_eq!(open.replace(*hook), None, "one hook at a time");
                continue;
            }
            FromWorker::HookFinished {
                hook: id, status, ..
            } => {
                assert_eq!(open.take(), Some(*id), "a hook finishes that has started");
                format!("({} {})", hook(id), word(*status))
            }
            FromWorker::ScenarioStarted {
                scenario, attempt, ..
            } => format!("S{scenario}.{attempt}"),
            FromWorker::StepStarted { step, .. } => format!("s{step}"),
            FromWorker::StepFinished { step, status, .. } => format!("f{step} {}", word(*status)),
            FromWorker::ScenarioFinished {
                scenario,
                attempt,
                errors,
                will_be_retried,
                ..
            } => {
                let mut text = format!("F{scenario}.{attempt}");
                if !errors.is_empty() {
                    text.push_str(&reasons(errors));
                }
                if *will_be_retried {
                    text.push_str(" again");
                }
                text
            }
            FromWorker::ScenarioSkipped {
                scenario,
                hook: Some(id),
                ..
            } => {
                format!("no {scenario} because of {}", hook(id))
            }
            FromWorker::ClosingFailed { scope, errors } => {
                format!("closing {scope} {}", reasons(errors))
            }
            FromWorker::Begun { .. } => "begun".to_owned(),
            // The end of every story, see `fixtures::run_all`.
            FromWorker::Closed {} => continue,
            other => panic!("{other:?}"),
        });
    }
    assert_eq!(open, None, "a hook that has started finishes");
    words.join(" ")
}
