//! Scenarios, hooks, attachments, steps from steps and the end: all of it in one worker.

use std::collections::BTreeSet;

use bdd_protocol::StepStatus;

use super::super::Check;
use super::super::known::Ready;
use super::super::rules::Topic;
use super::super::session::{Go, Session};
use crate::event::HookKind;

/// How many scenarios are run once more with another setting.
const AGAIN: usize = 10;

impl Check<'_> {
    /// Runs all scenarios in one worker.
    pub(in super::super) fn running(&self) {
        let topics = [
            Topic::Scenarios,
            Topic::Hooks,
            Topic::Attachments,
            Topic::NestedSteps,
            Topic::Departures,
            Topic::Closing,
        ];
        let Some(mut session) = self.start(self.books, Topic::Scenarios, false) else {
            return;
        };
        let hooks = self.hooks(HookKind::BeforeAll);
        let mut result = Ok(());
        if !hooks.is_empty() {
            session.begin(hooks);
            result = session.play();
        }
        if session.seen().refused {
            for topic in [Topic::Scenarios, Topic::Attachments, Topic::NestedSteps] {
                self.not_checked(topic, "a before_all hook did not pass");
            }
        } else {
            result = result.and_then(|()| self.run_all(&mut session));
        }
        let result = result.and_then(|()| session.finish(self.hooks(HookKind::AfterAll)));
        if result.is_err() {
            for topic in topics {
                self.not_checked(topic, "the check of scenarios stopped at a finding");
            }
            return;
        }
        self.checked(Topic::Closing, "one worker that has run scenarios");
        self.tell_scenarios(&session);
        self.tell_hooks(&session);
        self.tell_extras(&session);
    }

    fn run_all(&self, session: &mut Session<'_>) -> Go {
        session.idle()?;
        let features = self
            .ready
            .chunk_by(|one, next| one.feature.uri == next.feature.uri);
        for (number, feature) in features.enumerate() {
            let mut scenarios = feature.to_vec();
            if let Some(last) = scenarios.last_mut() {
                // As if it had failed before.
                last.scenario.attempt = 3;
            }
            let (first, second) = scenarios.split_at(scenarios.len() / 2);
            session.run(first);
            if self.books.known.borrow().has_own_kinds() {
                let known = self.books.known.borrow();
                let question = known.question_of_text("in the middle of a run");
                drop(known);
                session.ask_to_match(vec![question]);
            }
            session.run(second);
            if number % 2 == 0 {
                session.feature_done(&feature[0].feature.uri);
            }
            session.play()?;
        }
        session.idle()?;
        let early = session.seen().failed_early.clone();
        let mut again: Vec<Ready> = self.among(&early);
        for ready in &mut again {
            ready.scenario.continue_after_failure = true;
        }
        session.run(&again);
        session.play()?;
        let nested = self.among(&session.seen().nested.clone());
        session.refuse_nested();
        session.run(&nested);
        session.play()
    }

    /// Some of the scenarios, by their numbers.
    pub(super) fn among(&self, numbers: &[u32]) -> Vec<Ready> {
        let wanted = |ready: &&Ready| numbers.contains(&ready.scenario.scenario);
        let found = self.ready.iter().filter(wanted);
        found.take(AGAIN).cloned().collect()
    }

    fn tell_scenarios(&self, session: &Session<'_>) {
        let seen = session.seen();
        let (scenarios, steps) = (seen.statuses.len(), seen.steps);
        if seen.aborted {
            let why = "what follows the request of the program to abort";
            self.not_checked(Topic::Scenarios, why);
        }
        match seen.departures {
            0 => self.not_checked(Topic::Departures, "the program keeps to the plan"),
            count => self.checked(Topic::Departures, format!("{count} departures")),
        }
        self.checked(
            Topic::Scenarios,
            format!("{scenarios} scenarios, {steps} steps"),
        );
        if steps == 0 {
            let why = match self.given {
                true => "steps: no step of the given features ran",
                false => "steps: name features whose steps the program defines",
            };
            return self.not_checked(Topic::Scenarios, why);
        }
        for (status, name) in [
            (StepStatus::Failed, "failed"),
            (StepStatus::Pending, "pending"),
            (StepStatus::Skipped, "skipped"),
        ] {
            if !seen.statuses.values().any(|one| *one == status) {
                let why = format!("{name} scenarios: none was {name}");
                self.not_checked(Topic::Scenarios, why);
            }
        }
        if seen.failed_early.is_empty() {
            let why = "`continue_after_failure`: no step fails that has another after it";
            self.not_checked(Topic::Scenarios, why);
        }
    }

    fn tell_hooks(&self, session: &Session<'_>) {
        let known = self.books.known.borrow();
        if known.hello.hooks.is_empty() {
            return self.not_checked(Topic::Hooks, "`hello` declares none");
        }
        let run: usize = session.seen().hooks.values().sum();
        self.checked(Topic::Hooks, format!("{run} in a worker"));
        let ran: BTreeSet<u32> = session.seen().hooks.keys().copied().collect();
        let around_run = |kind: &str| kind == "before_run" || kind == "after_run";
        let silent = known.hello.hooks.iter();
        let silent = silent.filter(|hook| !ran.contains(&hook.id) && !around_run(&hook.kind));
        let silent: Vec<String> = silent.map(|hook| known.hook(hook.id)).collect();
        if !silent.is_empty() {
            let why = format!("these did not run: {}", silent.join(", "));
            self.not_checked(Topic::Hooks, why);
        }
    }

    fn tell_extras(&self, session: &Session<'_>) {
        let seen = session.seen();
        match seen.attachments {
            0 => self.not_checked(Topic::Attachments, "no step or hook attached anything"),
            count => self.checked(Topic::Attachments, format!("{count} attachments")),
        }
        match seen.nested.len() {
            0 => self.not_checked(Topic::NestedSteps, "no step asked for steps"),
            count => {
                let what = format!("{count} scenarios, answered with steps and with an error");
                self.checked(Topic::NestedSteps, what);
            }
        }
    }

    /// Has a worker retry what fails.
    pub(in super::super) fn retries(&self) {
        let Some(mut session) = self.open(Topic::Retries) else {
            return;
        };
        let mut scenarios = self.ready.clone();
        for ready in &mut scenarios {
            ready.scenario.retries = 2;
        }
        session.run(&scenarios);
        let result = session
            .play()
            .and_then(|()| session.finish(self.hooks(HookKind::AfterAll)));
        let seen = session.seen();
        let failed = |status: &&StepStatus| **status == StepStatus::Failed;
        let failing = seen.statuses.values().filter(failed).count();
        match (seen.retries, failing) {
            _ if result.is_err() => self.conclude(Topic::Retries, result, ""),
            (0, 0) => self.not_checked(Topic::Retries, "no scenario failed"),
            (0, _) => self.not_checked(Topic::Retries, "the program leaves retries to the runner"),
            (count, _) => self.checked(Topic::Retries, format!("{count} retries")),
        }
    }
}
