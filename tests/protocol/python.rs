//! What the worker in Python does beyond the suite: it matches, and has hooks, attachments and steps
//! that run steps.

use std::ffi::OsString;

use bdd_protocol::{
    AttachmentBody, FromWorker, Group, Match, RuleInfo, RunScenario, ToWorker, Variable,
};

use super::driver::{Worker, docstring, feature, worker_script};
use crate::support::needs;

/// The command of the worker.
pub fn command() -> Vec<OsString> {
    needs::python3();
    vec!["python3".into(), worker_script("worker.py").into()]
}

#[test]
fn groups_are_nested_and_counted_in_utf_16() {
    let command = command();
    let mut worker = Worker::start(&command);
    let texts = [
        "it is incremented by 5 times 2",
        "it is incremented",
        "a step that fails with \"\u{1F680}\u{e9}\"",
    ];
    worker.send(&ToWorker::Match {
        id: 0,
        texts: texts.map(str::to_owned).to_vec(),
        keywords: vec![],
        uris: vec![],
        below: vec![],
    });
    let FromWorker::Matched { matches, .. } = worker.receive() else {
        panic!("expected matched")
    };
    let group = |value: &str, start, end| Group {
        value: Some(value.to_owned()),
        start,
        end,
        children: Vec::new(),
    };
    let groups = |matches: &[Match]| -> Vec<Group> {
        assert_eq!(matches.len(), 1);
        matches[0].arguments.clone()
    };
    assert_eq!(
        groups(&matches[0]),
        [group("5", 21, 22), group("2", 29, 30)]
    );
    assert_eq!(groups(&matches[1]), [Group::default(), Group::default()]);
    assert_eq!(groups(&matches[2]), [group("\u{1F680}\u{e9}", 24, 27)]);
    worker.finish();
}

/// A worker, and the folder that the runner has named for attached files.
fn start() -> (Worker, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let mut variable = OsString::from("BDD_ATTACHMENTS=");
    variable.push(folder.path());
    let mut arguments: Vec<OsString> = vec!["env".into(), variable];
    arguments.extend(command());
    (Worker::start(&arguments), folder)
}

impl Worker {
    /// The id of a hook, as a list.
    fn hook(&self, kind: &str, tags: &str) -> Vec<u32> {
        let mut hooks = self.hello.hooks.iter();
        let hook = hooks.find(|hook| hook.kind == kind && hook.tags == tags);
        vec![hook.unwrap_or_else(|| panic!("no hook {kind} {tags}")).id]
    }

    /// Messages up to one that `last` knows, in short: `+kind` a hook started, `-kind status` it
    /// finished, `s0` and `f0 status` the same for a step, an attached text, `S` and `F` a
    /// scenario.
    fn told(&mut self, mut last: impl FnMut(&FromWorker) -> bool) -> String {
        let mut told = Vec::new();
        loop {
            let message = self.receive();
            let kind = |id: &u32| {
                let hook = self.hello.hooks.iter().find(|hook| hook.id == *id);
                hook.expect("a hook").kind.clone()
            };
            told.push(match &message {
                FromWorker::HookStarted { hook, .. } => format!("+{}", kind(hook)),
                FromWorker::HookFinished { hook, status, .. } => {
                    format!("-{} {status:?}", kind(hook))
                }
                FromWorker::StepStarted { step, .. } => format!("s{step}"),
                FromWorker::StepFinished { step, status, .. } => format!("f{step} {status:?}"),
                FromWorker::Attachment {
                    body: AttachmentBody::Text(text),
                    ..
                } => text.clone(),
                FromWorker::ScenarioStarted { .. } => "S".to_owned(),
                FromWorker::ScenarioFinished { .. } => "F".to_owned(),
                FromWorker::ScenarioSkipped {
                    hook: Some(hook), ..
                } => format!("skipped by {}", kind(hook)),
                FromWorker::ExtraStepStarted { extra, depth, .. } => format!("x{extra} at {depth}"),
                FromWorker::ExtraStepFinished { extra, status, .. } => {
                    format!("y{extra} {status:?}")
                }
                FromWorker::RunSteps { text } => format!("asks for {text}"),
                other => format!("{other:?}"),
            });
            if last(&message) {
                return told.join(", ");
            }
        }
    }
}

fn is_over(message: &FromWorker) -> bool {
    matches!(
        message,
        FromWorker::ScenarioFinished { .. } | FromWorker::ScenarioSkipped { .. }
    )
}

const PASSES: &str = "a step that passes";

#[test]
fn hooks_run_around_scenarios_and_steps_whatever_fails() {
    let (mut worker, _folder) = start();
    let before = "S, +before_scenario, before, -before_scenario Passed";
    let after = "+after_scenario, after, -after_scenario Passed, F";
    let after_step = "+after_step, -after_step Passed";
    for (scenario_tags, step_tags, expected) in [
        (
            "@hooked",
            "@passes",
            format!(
                "{before}, s0, +before_step, -before_step Passed, {after_step}, f0 Passed, {after}"
            ),
        ),
        (
            "@hooked",
            "@fails",
            format!(
                "{before}, s0, +before_step, -before_step Failed, {after_step}, f0 Failed, {after}"
            ),
        ),
        (
            "@fails",
            "@passes",
            format!("S, +before_scenario, -before_scenario Failed, {after}"),
        ),
        (
            "@skips",
            "@passes",
            format!("S, +before_scenario, -before_scenario Skipped, {after}"),
        ),
    ] {
        let scenario = worker.scenario(1, &[PASSES]);
        let scenario = RunScenario {
            before: worker.hook("before_scenario", scenario_tags),
            after: worker.hook("after_scenario", "@hooked"),
            before_step: worker.hook("before_step", step_tags),
            after_step: worker.hook("after_step", "@passes"),
            ..scenario
        };
        worker.run(vec![scenario]);
        assert_eq!(worker.told(is_over), expected);
    }
    worker.finish();
}

#[test]
fn features_and_rules_are_opened_and_closed() {
    let (mut worker, _folder) = start();
    let mut feature = feature();
    feature.before = worker.hook("before_feature", "@passes");
    feature.after = worker.hook("after_feature", "@passes");
    let rule = |line: u32, tags: &str| {
        Some(RuleInfo {
            line,
            before: worker.hook("before_rule", tags),
            after: worker.hook("after_rule", "@passes"),
            ..RuleInfo::default()
        })
    };
    let rules = [
        None,
        rule(4, "@passes"),
        rule(4, "@passes"),
        rule(9, "@skips"),
    ];
    let mut scenarios = Vec::new();
    for (number, rule) in (0..).zip(rules) {
        let scenario = worker.scenario(number, &[]);
        scenarios.push(RunScenario { rule, ..scenario });
    }
    worker.send(&ToWorker::Run {
        feature: feature.clone(),
        scenarios,
    });
    let opened = |kind: &str| format!("+before_{kind}, -before_{kind} Passed");
    let closed = |kind: &str| format!("+after_{kind}, -after_{kind} Passed");
    assert_eq!(worker.told(is_over), format!("{}, S, F", opened("feature")));
    assert_eq!(worker.told(is_over), format!("{}, S, F", opened("rule")));
    assert_eq!(worker.told(is_over), "S, F");
    assert_eq!(
        worker.told(is_over),
        format!(
            "{}, +before_rule, -before_rule Skipped, skipped by before_rule",
            closed("rule")
        )
    );
    worker.send(&ToWorker::FeatureDone {
        uri: feature.uri.clone(),
    });
    let after = feature.after[0];
    let is_closed = move |message: &FromWorker| matches!(message, FromWorker::HookFinished { hook, .. } if *hook == after);
    assert_eq!(
        worker.told(is_closed),
        format!("{}, {}", closed("rule"), closed("feature"))
    );

    feature
        .before
        .extend(worker.hook("before_feature", "@fails"));
    let scenario = worker.scenario(7, &[PASSES]);
    worker.send(&ToWorker::Run {
        feature,
        scenarios: vec![scenario],
    });
    assert_eq!(
        worker.told(is_over),
        format!(
            "{}, +before_feature, -before_feature Failed, skipped by before_feature",
            opened("feature")
        )
    );
    let all = worker.hook("after_all", "");
    worker.send(&ToWorker::Finish { hooks: all.clone() });
    assert_eq!(worker.told(is_closed), closed("feature"));
    let is_last = move |message: &FromWorker| matches!(message, FromWorker::HookFinished { hook, .. } if *hook == all[0]);
    assert_eq!(worker.told(is_last), closed("all"));
    assert_eq!(worker.receive_all(), []);
    assert_eq!(worker.ended().code(), Some(0));
}

#[test]
fn the_exports_of_before_run_are_reported() {
    let (mut worker, _folder) = start();
    let hooks = worker.hook("before_run", "");
    worker.send(&ToWorker::Begin { hooks });
    assert!(matches!(worker.receive(), FromWorker::HookStarted { .. }));
    assert!(matches!(worker.receive(), FromWorker::HookFinished { .. }));
    let environment = vec![Variable {
        name: "COUNTER_RUN".to_owned(),
        value: "1".to_owned(),
    }];
    assert_eq!(worker.receive(), FromWorker::Begun { environment });
    worker.finish();
}

#[test]
fn texts_and_files_are_attached() {
    let (mut worker, folder) = start();
    let texts = [
        "a step that attaches the text \"z\u{e9}\"",
        "a step that attaches 300 bytes of a file",
    ];
    let scenario = worker.scenario(1, &texts);
    worker.run(vec![scenario]);
    let messages = worker.receive_scenario();
    let attached = messages.iter().filter_map(|message| match message {
        FromWorker::Attachment {
            media_type, body, ..
        } => Some((media_type.as_str(), body)),
        _ => None,
    });
    let attached: Vec<_> = attached.collect();
    let [
        ("text/plain", AttachmentBody::Text(text)),
        ("application/octet-stream", AttachmentBody::File(path)),
    ] = attached[..]
    else {
        panic!("{messages:?}")
    };
    assert_eq!(text, "z\u{e9}");
    let path = std::path::Path::new(path);
    assert_eq!(path.parent(), Some(folder.path()));
    let bytes: Vec<u8> = (0..=255).cycle().take(300).collect();
    assert_eq!(std::fs::read(path).unwrap(), bytes);
    worker.finish();
}

#[test]
fn a_step_runs_steps() {
    let (mut worker, _folder) = start();
    let mut scenario = worker.scenario(1, &["a step that runs these steps"; 2]);
    for (step, text) in scenario.steps.iter_mut().zip(["first", "second"]) {
        step.docstring = Some(docstring(text));
    }
    let fails = "a step that fails with \"no\"";
    let nested = vec![worker.step(PASSES), worker.step(fails)];
    let asks = |message: &FromWorker| matches!(message, FromWorker::RunSteps { .. });
    for (answer, error, message) in [
        (
            nested,
            None,
            "`a step that fails with \"no\"`, line 3 of the steps in it: no",
        ),
        (
            Vec::new(),
            Some("line 1 of the steps: it is unknown"),
            "line 1 of the steps: it is unknown",
        ),
    ] {
        worker.run(vec![scenario.clone()]);
        assert_eq!(worker.told(asks), "S, s0, asks for first");
        worker.send(&ToWorker::Steps {
            steps: answer.iter().take(1).cloned().collect(),
            error: None,
        });
        let inner = error.map_or("x0 at 1, y0 Passed, ", |_| "");
        assert_eq!(
            worker.told(asks),
            format!("{inner}f0 Passed, s1, asks for second")
        );
        worker.send(&ToWorker::Steps {
            steps: answer,
            error: error.map(str::to_owned),
        });
        let inner = error.map_or("x1 at 1, y1 Passed, x2 at 1, y2 Failed, ", |_| "");
        let mut end = None;
        let told = worker.told(|message| {
            end = Some(message.clone());
            matches!(message, FromWorker::StepFinished { .. })
        });
        assert_eq!(told, format!("{inner}f1 Failed"));
        let Some(FromWorker::StepFinished { error, .. }) = end else {
            panic!("expected the end of the step")
        };
        assert_eq!(error.unwrap().message, message);
        worker.receive_scenario();
    }
    worker.finish();
}
