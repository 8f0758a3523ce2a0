//! Where a worker is when it speaks of a hook or begins with a scenario, and whether that can be.

use crate::event::{HookKind, HookPlace};

use super::super::course::{LeftOut, Refusal};
use super::super::crew::{Member, Opening};
use super::super::script::{Cast, Script};

/// Where a hook runs that a worker has just started: found from the hook and from what the worker is
/// at. The hook must be the next one there.
pub(super) fn place(
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
pub(super) fn refusal(
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
