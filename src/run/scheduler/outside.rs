//! Handles hooks and fixtures outside scenarios that do not pass: the scenarios after an opening hook do not
//! run, and the run fails.

use bdd_protocol as protocol;

use crate::event::{CapturedOutput, Event, HookPlace, RunErrorKind, Status, StepError};

use super::super::attempts::Refusal;
use super::super::failure::step_error;
use super::super::workers::Role;
use super::Scheduler;

/// The result of a hook outside of scenarios that did not pass.
pub struct OutsideHookResult {
    /// The hook.
    pub hook: u32,
    /// What it ran for.
    pub place: HookPlace,
    /// How it went.
    pub status: Status,
    /// Why.
    pub error: Option<StepError>,
    /// What it printed.
    pub output: Option<CapturedOutput>,
}

impl Scheduler<'_> {
    /// Notes that the scenarios after an opening hook must not run.
    pub(super) fn refused_outside(&mut self, serial: u32, outcome: &OutsideHookResult) {
        let Some(matched) = &self.matched else {
            return;
        };
        let hooks = matched.hooks();
        let message = outcome.error.as_ref().map(|error| error.message.as_str());
        let refusal = Refusal {
            hook: outcome.hook,
            status: outcome.status,
            reason: match message {
                None | Some("") => format!("{} asked to", hooks.named(outcome.hook)),
                Some(reason) => reason.to_owned(),
            },
        };
        let kind = hooks.kind(outcome.hook);
        self.attempts.refuse(serial, kind, refusal);
    }

    /// Reports a hook outside of scenarios that did not pass, and stops what must not continue.
    pub(super) fn failed_outside(&mut self, outcome: OutsideHookResult) {
        let Some(matched) = &self.matched else {
            return;
        };
        let kind = matched.hooks().kind(outcome.hook);
        let named = matched.hooks().named(outcome.hook);
        let nothing_begins = kind.is_before() && kind.is_outside_features();
        let counts = match outcome.status {
            Status::Skipped => nothing_begins,
            Status::Pending => kind.is_before() || self.context.options.run.strict,
            _ => true,
        };
        if !counts {
            return;
        }
        let went = match outcome.status {
            Status::Skipped => "asked to skip what cannot be skipped",
            Status::Pending => "is pending",
            _ => "failed",
        };
        let printed = outcome.output.as_ref().map(CapturedOutput::to_text);
        let (first, detail) = in_words(outcome.error, &printed.unwrap_or_default());
        (self.emit)(Event::RunError {
            kind: RunErrorKind::Hook,
            message: format!("{named} {went}{}{first}", within(&outcome.place)),
            detail,
        });
        if nothing_begins {
            self.stop(&format!("{named} {went}"));
        } else {
            self.count_failure();
        }
    }

    pub(super) fn scenario_skipped(
        &mut self,
        serial: u32,
        scenario: u32,
        id: u32,
    ) -> Result<(), String> {
        let Some(matched) = &mut self.matched else {
            return Err("it skipped a scenario before it was sent any".to_owned());
        };
        if self.work.next_of(serial) != Some(scenario) {
            return Err(format!(
                "it skipped scenario {scenario}, which is not the next it was sent"
            ));
        }
        let hooks = matched.hooks();
        let because = match hooks.by_id(id) {
            Some(hook) => {
                let attempts = &mut self.attempts;
                let refusal = attempts.enter(serial, scenario, &self.context, hooks)?;
                refusal.filter(|refusal| refusal.hook == hook)
            }
            None => self.attempts.added_refusal(serial, id),
        };
        let Some(refusal) = because else {
            return Err(format!(
                "it skipped scenario {scenario} because of hook {id}, which is no reason to"
            ));
        };
        self.work.release(serial);
        if self.work.load(serial) == 0 {
            self.workers.spare_idle(serial);
        }
        self.workers.note_scenario();
        let went = match refusal.status {
            Status::Skipped => {
                self.skip(serial, scenario, refusal.reason);
                return Ok(());
            }
            Status::Pending => "is pending",
            _ => "failed",
        };
        let reason = format!("{} {went}", hooks.named(refusal.hook));
        self.not_run(scenario, &reason);
        Ok(())
    }

    /// Reports a scenario that a hook outside of it, or the host, skips.
    pub(super) fn skip(&mut self, serial: u32, scenario: u32, reason: String) {
        let Some(matched) = &mut self.matched else {
            return;
        };
        let attempt = self.work.next_attempt(scenario);
        self.work.settle(scenario);
        (self.emit)(Event::ScenarioStarted {
            scenario,
            attempt,
            worker: self.workers.index(serial),
            at: (self.context.options.clock)(),
            most_attempts: None,
        });
        let planned = self.context.index.scenario(scenario);
        let uri = self.context.index.uri_of(scenario);
        matched.skip_all((uri, planned), attempt, self.emit);
        (self.emit)(Event::ScenarioFinished {
            scenario,
            attempt,
            status: Status::Skipped,
            nanos: 0,
            fault: None,
            errors: Vec::new(),
            output: None,
            will_be_retried: false,
            expected_failure: false,
            skipped_because: Some(reason),
        });
    }

    pub(super) fn closing_failed(
        &mut self,
        serial: u32,
        scope: &str,
        errors: Vec<protocol::Failure>,
    ) -> Result<(), String> {
        let Some(worker) = self.workers.index(serial) else {
            return Ok(());
        };
        let for_run = self.workers.role(serial) == Some(Role::RunHooks);
        let place = match (scope, self.attempts.open_feature(serial)) {
            ("feature", Some(feature)) => HookPlace::Feature {
                uri: self.context.index.feature(feature).uri.clone(),
                worker,
            },
            ("worker", _) if for_run => HookPlace::Run,
            ("worker", _) => HookPlace::Worker(worker),
            _ => return Err(format!("it closed a `{scope}`, which it is not in")),
        };
        for failure in errors {
            // These are not about fixtures.
            if matches!(failure.kind.as_str(), "ThreadPanic" | "Fork") {
                (self.emit)(Event::RunError {
                    kind: RunErrorKind::Aftermath,
                    message: failure.message,
                    detail: String::new(),
                });
                continue;
            }
            let error = step_error(failure, self.context.options, None);
            let (first, detail) = in_words(Some(error), "");
            (self.emit)(Event::RunError {
                kind: RunErrorKind::Fixture,
                message: format!(
                    "a fixture of a {scope} could not be closed{}{first}",
                    within(&place)
                ),
                detail,
            });
        }
        Ok(())
    }
}

/// What a hook runs for, as the rest of a sentence.
pub(super) fn within(place: &HookPlace) -> String {
    match place {
        HookPlace::Run | HookPlace::Scenario { .. } | HookPlace::Step { .. } => String::new(),
        HookPlace::Worker(worker) => format!(" in worker {worker}"),
        HookPlace::Feature { uri, .. } => format!(" for {uri}"),
        HookPlace::Rule { uri, line, .. } => format!(" for the rule at {uri}:{line}"),
    }
}

/// An error as the end of a line, and its details.
fn in_words(error: Option<StepError>, printed: &str) -> (String, String) {
    let mut detail = String::new();
    let mut first = String::new();
    if let Some(error) = error {
        let mut lines = error.message.splitn(2, '\n');
        first = match lines.next() {
            None | Some("") => String::new(),
            Some(line) => format!(": {line}"),
        };
        let place = error
            .location
            .map(|place| format!("at {}:{}", place.file, place.line));
        let more = lines.next().map(str::to_owned);
        for part in [more, place, Some(error.trace)].into_iter().flatten() {
            append(&mut detail, &part);
        }
    }
    if !printed.is_empty() {
        append(&mut detail, &format!("it printed:\n{printed}"));
    }
    (first, detail)
}

fn append(text: &mut String, part: &str) {
    let part = part.trim_end();
    if !part.is_empty() && !text.is_empty() {
        text.push('\n');
    }
    text.push_str(part);
}
