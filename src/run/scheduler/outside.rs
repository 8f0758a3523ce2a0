//! What comes of hooks and fixtures outside scenarios that do not pass: what they open is refused,
//! and the run is told.

use bdd_protocol as protocol;

use crate::event::{Event, HookKind, HookPlace, RunErrorKind, Status, StepError};

use super::super::course::{Due, Refusal};
use super::super::crew::Role;
use super::super::failure::step_error;
use super::Scheduler;
use super::place::refusal;

impl Scheduler<'_> {
    /// Remembers that what an opening hook opens is not to run.
    pub(super) fn refused_outside(
        &mut self,
        serial: u32,
        hook: u32,
        status: Status,
        error: Option<&StepError>,
    ) {
        let named = self.named(hook);
        let (Some(member), Some(script)) = (self.crew.get_mut(&serial), &self.script) else {
            return;
        };
        let block = match script.hooks.kind(hook) {
            HookKind::BeforeFeature => &mut member.blocks.feature,
            HookKind::BeforeRule => &mut member.blocks.rule,
            _ => return,
        };
        let reason = match error.map(|error| error.message.as_str()) {
            None | Some("") => format!("{named} asked to"),
            Some(reason) => reason.to_owned(),
        };
        if let Some(block) = block {
            block.refuse(Refusal {
                hook,
                status,
                reason,
            });
        }
    }

    /// Reports a hook that did not pass and belongs to no scenario, and stops what must not go on.
    pub(super) fn failed_outside(
        &mut self,
        hook: u32,
        place: &HookPlace,
        status: Status,
        error: Option<StepError>,
        printed: &str,
    ) {
        let Some(script) = &self.script else {
            return;
        };
        let kind = script.hooks.kind(hook);
        let named = script.hooks.named(hook);
        let nothing_begins = kind.is_before() && kind.is_outside_features();
        let counts = match status {
            Status::Skipped => nothing_begins,
            Status::Pending => kind.is_before() || self.options.strict,
            _ => true,
        };
        if !counts {
            return;
        }
        let went = match status {
            Status::Skipped => "asked to skip what cannot be skipped",
            Status::Pending => "is pending",
            _ => "failed",
        };
        let (first, detail) = told(error, printed);
        (self.emit)(Event::RunError {
            kind: RunErrorKind::Hook,
            message: format!("{named} {went}{}{first}", within(place)),
            detail,
        });
        if nothing_begins {
            self.stop(&format!("{named} {went}"));
        } else {
            self.count_failure();
        }
    }

    /// Checks that the next scenario of a worker may start. The result is what hooks it has.
    pub(super) fn enter_scenario(&mut self, serial: u32, scenario: u32) -> Result<Due, String> {
        let (Some(member), Some(script)) = (self.crew.get_mut(&serial), &self.script) else {
            return Ok(Due::default());
        };
        if member.attempt.is_some() || member.front() != Some(scenario) {
            return Ok(Due::default());
        }
        let refusal = refusal(member, scenario, &self.cast, script)?;
        if let Some(refusal) = refusal {
            let named = script.hooks.named(refusal.hook);
            return Err(format!(
                "it started scenario {scenario}, though {named} did not pass"
            ));
        }
        Ok(script.due(self.cast.scenario(scenario)))
    }

    pub(super) fn scenario_skipped(
        &mut self,
        serial: u32,
        scenario: u32,
        id: u32,
    ) -> Result<(), String> {
        let (Some(member), Some(script)) = (self.crew.get_mut(&serial), &mut self.script) else {
            return Err("it skipped a scenario before it was sent any".to_owned());
        };
        if member.attempt.is_some() || member.front() != Some(scenario) {
            return Err(format!(
                "it skipped scenario {scenario}, which is not the next it was sent"
            ));
        }
        let refusal = refusal(member, scenario, &self.cast, script)?;
        let because = refusal.filter(|refusal| script.hooks.by_id(id) == Some(refusal.hook));
        let Some(refusal) = because else {
            return Err(format!(
                "it skipped scenario {scenario} because of hook {id}, which is no reason to"
            ));
        };
        member.release();
        self.deaths_outside = 0;
        let worker = member.index;
        if refusal.status == Status::Skipped {
            let at = (self.options.clock)();
            let attempt = self.retries.attempt(scenario);
            (self.emit)(Event::ScenarioStarted {
                scenario,
                attempt,
                worker: Some(worker),
                at,
                most_attempts: None,
            });
            script.skip_all(self.cast.scenario(scenario), attempt, self.emit);
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
                skipped_because: Some(refusal.reason),
            });
            return Ok(());
        }
        let went = match refusal.status {
            Status::Pending => "is pending",
            _ => "failed",
        };
        let reason = format!("{} {went}", script.hooks.named(refusal.hook));
        self.not_run(scenario, &reason);
        Ok(())
    }

    pub(super) fn closing_failed(
        &mut self,
        serial: u32,
        scope: &str,
        errors: Vec<protocol::Failure>,
    ) -> Result<(), String> {
        let Some(member) = self.crew.get(&serial) else {
            return Ok(());
        };
        if member.attempt.is_some() {
            return Err("it closed what outlives a scenario while one ran".to_owned());
        }
        let feature = member.blocks.feature.as_ref();
        let place = match (scope, feature) {
            ("feature", Some(block)) => HookPlace::Feature {
                uri: self.cast.feature(block.number).uri.clone(),
                worker: member.index,
            },
            ("worker", _) if member.role == Role::Run => HookPlace::Run,
            ("worker", _) => HookPlace::Worker(member.index),
            _ => return Err(format!("it closed a `{scope}`, which it is not in")),
        };
        for failure in errors {
            let (first, detail) = told(Some(step_error(failure, self.options, None)), "");
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

/// An error as the end of a line, and what it says besides.
fn told(error: Option<StepError>, printed: &str) -> (String, String) {
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
