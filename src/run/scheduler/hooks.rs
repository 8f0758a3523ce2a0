//! What workers say of hooks, and what comes of a hook that does not pass.

use std::time::Instant;

use bdd_steps::protocol::{self, FromWorker, StepStatus};

use crate::event::{Event, HookKind, HookPlace, HookResult, RunErrorKind, Status, StepError};

use super::super::course::{Due, LeftOut, Refusal, RunningHook};
use super::super::crew::{Member, Opening, Role};
use super::super::failure::{Frame, step_error};
use super::super::hooks::{opens, outside_features};
use super::super::script::{Cast, Script};
use super::Scheduler;
use super::hear::status_of;

/// A hook that a worker reports as finished.
pub struct Finished {
    /// The id.
    pub hook: u32,
    /// How it went.
    pub status: StepStatus,
    /// How long it ran, in nanoseconds.
    pub nanos: u64,
    /// The length of the capture file by then.
    pub output: u64,
    /// Why it did not pass.
    pub error: Option<protocol::Failure>,
}

impl Scheduler<'_> {
    /// What a worker does wrong that says this while a hook runs.
    pub(super) fn leaves_hook(&self, serial: u32, message: &FromWorker) -> Option<String> {
        let running = self.crew.get(&serial)?.hook.as_ref()?;
        let leaves = matches!(
            message,
            FromWorker::Begun { .. }
                | FromWorker::HookStarted { .. }
                | FromWorker::ScenarioSkipped { .. }
                | FromWorker::ClosingFailed { .. }
                | FromWorker::ScenarioStarted { .. }
                | FromWorker::StepStarted { .. }
                | FromWorker::StepFinished { .. }
                | FromWorker::ScenarioFinished { .. }
        );
        leaves.then(|| format!("it went on without finishing {}", self.named(running.hook)))
    }

    pub(super) fn hook_started(&mut self, serial: u32, id: u32, output: u64) -> Result<(), String> {
        let (Some(member), Some(script)) = (self.crew.get_mut(&serial), &self.script) else {
            return Err("it started a hook before it was asked to".to_owned());
        };
        let Some(hook) = script.hooks.by_id(id) else {
            return Err(format!("it started hook {id}, which it did not declare"));
        };
        let kind = script.hooks.kind(hook);
        let place = place(member, hook, &self.cast, script)?;
        member.hook = Some(RunningHook {
            hook,
            place: place.clone(),
            output,
            since: Instant::now(),
        });
        if !matches!(place, HookPlace::Run | HookPlace::Worker(_)) {
            self.prepare();
        }
        if kind == HookKind::AfterScenario {
            self.end_steps(serial);
        }
        let at = (self.options.clock)();
        (self.emit)(Event::HookStarted { hook, place, at });
        Ok(())
    }

    pub(super) fn hook_finished(&mut self, serial: u32, said: Finished) -> Result<(), String> {
        let (Some(member), Some(script)) = (self.crew.get_mut(&serial), &self.script) else {
            return Err("it finished a hook before it was asked to run one".to_owned());
        };
        let Some(hook) = script.hooks.by_id(said.hook) else {
            return Err(format!(
                "it finished hook {}, which it did not declare",
                said.hook
            ));
        };
        let Some(running) = member.hook.take_if(|running| running.hook == hook) else {
            let named = script.hooks.named(hook);
            return Err(format!("it finished {named}, which does not run"));
        };
        let status = status_of(said.status);
        let frame = Frame::of_hook(&running.place, &self.cast);
        let error = (said.error).map(|failure| step_error(failure, self.options, frame));
        let kind = script.hooks.kind(hook);
        let place = running.place;
        let mut output = None;
        match &mut member.attempt {
            Some(attempt) => {
                attempt.worst = attempt.worst.max(status);
                if kind == HookKind::BeforeScenario {
                    attempt.due.refused |= status != Status::Passed;
                    attempt.due.skipped |= status == Status::Skipped;
                }
            }
            None => {
                output = member.printed(running.output, Some(said.output));
                member.told(said.output);
            }
        }
        let outside = member.attempt.is_none() && status != Status::Passed;
        let for_run = outside.then(|| (place.clone(), error.clone(), output.clone()));
        let result = HookResult {
            status,
            nanos: said.nanos,
            error,
            output,
        };
        (self.emit)(Event::HookFinished {
            hook,
            place,
            result,
        });
        if let Some((place, error, output)) = for_run {
            self.refused_outside(serial, hook, status, error.as_ref());
            let detail = output.map_or_else(String::new, |output| output.to_text().into_owned());
            self.failed_outside(hook, &place, status, error, &detail);
        }
        Ok(())
    }

    /// Remembers that what an opening hook opens is not to run.
    fn refused_outside(
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
    fn failed_outside(
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
        let nothing_begins = opens(kind) && outside_features(kind);
        let counts = match status {
            Status::Skipped => nothing_begins,
            Status::Pending => opens(kind) || self.options.strict,
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
        } else if self.options.stop_at_first_failure {
            self.stop("the run was stopped after the first failure");
        }
    }

    /// Ends the hook that a process runs and will not finish, because it is gone or nobody waits
    /// for it any more.
    pub(super) fn end_hook(
        &mut self,
        serial: u32,
        status: Status,
        kind: &str,
        message: &str,
    ) -> Option<RunningHook> {
        let member = self.crew.get_mut(&serial)?;
        let running = member.hook.take()?;
        let outside = member.attempt.is_none();
        let output = outside.then(|| member.printed(running.output, None));
        let nanos = u64::try_from(running.since.elapsed().as_nanos()).unwrap_or(u64::MAX);
        (self.emit)(Event::HookFinished {
            hook: running.hook,
            place: running.place.clone(),
            result: HookResult {
                status,
                nanos,
                error: Some(StepError {
                    kind: kind.to_owned(),
                    message: message.to_owned(),
                    trace: String::new(),
                    location: None,
                }),
                output: output.flatten(),
            },
        });
        Some(running)
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
            (self.emit)(Event::ScenarioStarted {
                scenario,
                attempt: 0,
                worker: Some(worker),
                at,
            });
            script.skip_all(self.cast.scenario(scenario), self.emit);
            (self.emit)(Event::ScenarioFinished {
                scenario,
                attempt: 0,
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

    /// A hook as sentences name it.
    pub(super) fn named(&self, hook: u32) -> String {
        let named = |script: &Script| script.hooks.named(hook);
        self.script.as_ref().map(named).unwrap_or_default()
    }
}

/// Where a hook runs that a worker has just started: found from the hook and from what the worker is
/// at. The hook must be the next one there.
fn place(
    member: &mut Member,
    hook: u32,
    cast: &Cast<'_>,
    script: &Script,
) -> Result<HookPlace, String> {
    let hooks = &script.hooks;
    let misplaced = || {
        format!(
            "it started {}, which is not the next to run",
            hooks.named(hook)
        )
    };
    let left_out = |LeftOut(hook)| format!("it left out {}", hooks.named(hook));
    let kind = hooks.kind(hook);
    if let Some(attempt) = &mut member.attempt {
        let (scenario, number) = (attempt.scenario, attempt.number);
        let due = &mut attempt.due;
        let course = match (kind, attempt.in_step) {
            (HookKind::BeforeScenario, false) if attempt.finished == 0 && !due.skipped => {
                &mut due.before
            }
            (HookKind::AfterScenario, false) => {
                due.end_steps().map_err(left_out)?;
                &mut due.after
            }
            (HookKind::BeforeStep, true) => &mut due.before_step,
            (HookKind::AfterStep, true) => {
                due.end_step().map_err(left_out)?;
                &mut due.after_step
            }
            _ => return Err(misplaced()),
        };
        if !course.advance(hook) {
            return Err(misplaced());
        }
        return Ok(match attempt.in_step {
            true => HookPlace::Step {
                scenario,
                attempt: number,
                step: u32::try_from(attempt.finished).unwrap_or(u32::MAX),
            },
            false => HookPlace::Scenario {
                scenario,
                attempt: number,
            },
        });
    }
    let front = member.front();
    let ends = member.finishing.is_some() && member.load() == 0;
    let course = match kind {
        HookKind::BeforeRun | HookKind::BeforeAll if member.opening == Opening::Asked => {
            &mut member.before
        }
        HookKind::AfterRun | HookKind::AfterAll if ends && member.opening == Opening::Done => {
            member.blocks.leave_feature().map_err(left_out)?;
            &mut member.after
        }
        HookKind::BeforeFeature => {
            let number = cast.feature_of(front.ok_or_else(misplaced)?);
            let of_feature = || hooks.of_feature(cast.feature(number));
            member.blocks.reopen_feature(number).map_err(left_out)?;
            let block = member.blocks.enter_feature(number, of_feature);
            &mut block.map_err(left_out)?.before
        }
        HookKind::BeforeRule => {
            let front = front.ok_or_else(misplaced)?;
            enter_feature(member, front, cast, script)?;
            enter_rule(member, front, cast, script)?;
            &mut member.blocks.rule.as_mut().ok_or_else(misplaced)?.before
        }
        HookKind::AfterRule => &mut member.blocks.rule.as_mut().ok_or_else(misplaced)?.after,
        HookKind::AfterFeature => {
            member.blocks.leave_rule().map_err(left_out)?;
            &mut member.blocks.feature.as_mut().ok_or_else(misplaced)?.after
        }
        _ => return Err(misplaced()),
    };
    if !course.advance(hook) {
        return Err(misplaced());
    }
    let worker = member.index;
    let feature = member.blocks.feature.as_ref();
    let planned = feature.map(|block| cast.feature(block.number));
    let rule = member.blocks.rule.as_ref();
    Ok(match (kind, planned, rule) {
        (HookKind::BeforeRun | HookKind::AfterRun, ..) => HookPlace::Run,
        (HookKind::BeforeFeature | HookKind::AfterFeature, Some(planned), _) => {
            HookPlace::Feature {
                uri: planned.uri.clone(),
                worker,
            }
        }
        (HookKind::BeforeRule | HookKind::AfterRule, Some(planned), Some(rule)) => {
            HookPlace::Rule {
                uri: planned.uri.clone(),
                line: planned.rules[rule.number].location.line,
                worker,
            }
        }
        _ => HookPlace::Worker(worker),
    })
}

/// Comes to the feature of a scenario. Its opening hooks must have run.
fn enter_feature(
    member: &mut Member,
    scenario: u32,
    cast: &Cast<'_>,
    script: &Script,
) -> Result<Option<Refusal>, String> {
    let left_out = |LeftOut(hook)| format!("it left out {}", script.hooks.named(hook));
    let number = cast.feature_of(scenario);
    let hooks = || script.hooks.of_feature(cast.feature(number));
    let block = member.blocks.enter_feature(number, hooks);
    let block = block.map_err(left_out)?;
    block.opened().map_err(left_out)
}

/// Comes to the rule of a scenario, or leaves that of the one before. Its opening hooks may be about
/// to run.
fn enter_rule(
    member: &mut Member,
    scenario: u32,
    cast: &Cast<'_>,
    script: &Script,
) -> Result<(), String> {
    let left_out = |LeftOut(hook)| format!("it left out {}", script.hooks.named(hook));
    let feature = cast.feature(cast.feature_of(scenario));
    match cast.scenario(scenario).rule {
        Some(rule) => {
            let hooks = || script.hooks.of_rule(feature, &feature.rules[rule]);
            let entered = member.blocks.enter_rule(rule, hooks);
            entered.map(|_| ()).map_err(left_out)
        }
        None => member.blocks.leave_rule().map_err(left_out),
    }
}

/// Comes to a scenario. The result is the hook of its feature or rule that keeps it from running.
fn refusal(
    member: &mut Member,
    scenario: u32,
    cast: &Cast<'_>,
    script: &Script,
) -> Result<Option<Refusal>, String> {
    if let Some(refusal) = enter_feature(member, scenario, cast, script)? {
        return Ok(Some(refusal));
    }
    enter_rule(member, scenario, cast, script)?;
    let left_out = |LeftOut(hook)| format!("it left out {}", script.hooks.named(hook));
    match &member.blocks.rule {
        Some(rule) => rule.opened().map_err(left_out),
        None => Ok(None),
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
