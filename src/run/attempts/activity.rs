//! The activity of one worker: the hooks around its work, its place in the plan, and its attempt.

use std::collections::BTreeMap;
use std::time::Instant;

use crate::event::{AttachmentSource, Fault, HookKind, HookPlace};
use crate::plan::PlannedStep;

use super::super::context::RunContext;
use super::super::due::{self, Due};
use super::super::hooks::DeclaredHooks;
use super::attempt::RunningAttempt;
use super::blocks::{OpenBlocks, Refusal};
use super::hook_sequence::{HookError, HookSequence};

/// A hook that has begun and not finished.
#[derive(Debug)]
pub struct RunningHook {
    /// The hook.
    pub hook: u32,
    /// What it runs for.
    pub place: HookPlace,
    /// The length of the capture file when it began.
    pub output: u64,
    /// When it began, by the runner's clock.
    pub since: Instant,
    /// Its number among the steps and hooks of its worker.
    call: u64,
    /// Whether it was reported that it is slow.
    reported_slow: bool,
}

/// Where a worker is when it sends a message about a hook, as far as other parts of the run know it.
#[derive(Debug, Clone, Copy)]
pub struct Standing {
    /// The worker's place among all, from 0.
    pub worker: u32,
    /// The next scenario that it was sent.
    pub front: Option<u32>,
    /// Whether it was asked to run its opening hooks and has not answered yet.
    pub is_opening: bool,
    /// Whether it may run its closing hooks: it has no work and gets no more.
    pub is_closing: bool,
}

/// What one worker does.
#[derive(Debug, Default)]
pub struct Activity {
    /// Its opening hooks: those of the worker or of the run.
    opening: HookSequence,
    /// Its closing hooks: those of the worker or of the run.
    closing: HookSequence,
    /// The feature and the rule it is in.
    blocks: OpenBlocks,
    /// The hook that runs at this moment.
    hook: Option<RunningHook>,
    attempt: Option<RunningAttempt>,
    /// Steps that the running step runs from text, while the worker is asked to match them.
    nested: Option<Vec<PlannedStep>>,
    /// How many steps and hooks it has started.
    calls: u64,
    /// The hooks that it has added, by the ids that it gave them.
    added_hooks: BTreeMap<u32, u32>,
    /// The opening hooks that did not pass.
    refusals: BTreeMap<u32, Refusal>,
}

impl Activity {
    /// Takes its opening and closing hooks.
    pub fn open(&mut self, before: Vec<u32>, after: Vec<u32>) {
        self.opening = HookSequence::new(before);
        self.closing = HookSequence::new(after);
    }

    /// Adds a hook under an id of this worker.
    ///
    /// # Errors
    /// When the id is that of another hook.
    pub fn add_hook(&mut self, id: u32, hook: u32) -> Result<(), String> {
        let known = *self.added_hooks.entry(id).or_insert(hook);
        match known == hook {
            true => Ok(()),
            false => Err(format!("it added a second hook with the id {id}")),
        }
    }

    /// The hook that it has added under this id.
    pub fn added_hook(&self, id: u32) -> Option<u32> {
        self.added_hooks.get(&id).copied()
    }

    /// Notes that an opening hook of a feature or rule did not pass.
    pub fn refuse(&mut self, kind: HookKind, refusal: Refusal) {
        self.refusals.insert(refusal.hook, refusal.clone());
        self.blocks.refuse(kind, refusal);
    }

    /// Why a hook that it has added prevents scenarios from running, if it did not pass.
    pub fn added_refusal(&self, id: u32) -> Option<&Refusal> {
        self.refusals.get(&self.added_hook(id)?)
    }

    /// Its opening hooks.
    pub fn opening(&self) -> &HookSequence {
        &self.opening
    }

    /// Its closing hooks.
    pub fn closing(&self) -> &HookSequence {
        &self.closing
    }

    /// The feature and the rule it is in.
    pub fn blocks(&self) -> &OpenBlocks {
        &self.blocks
    }

    /// The same, for entering another.
    pub fn blocks_mut(&mut self) -> &mut OpenBlocks {
        &mut self.blocks
    }

    /// The attempt that runs.
    pub fn attempt(&self) -> Option<&RunningAttempt> {
        self.attempt.as_ref()
    }

    /// The same, for changes.
    pub fn attempt_mut(&mut self) -> Option<&mut RunningAttempt> {
        self.attempt.as_mut()
    }

    /// Starts an attempt.
    pub fn start(&mut self, attempt: RunningAttempt) {
        self.attempt = Some(attempt);
    }

    /// Ends the attempt.
    pub fn end(&mut self) -> Option<RunningAttempt> {
        self.attempt.take()
    }

    /// The hook that runs.
    pub fn hook(&self) -> Option<&RunningHook> {
        self.hook.as_ref()
    }

    /// Ends the hook that runs.
    pub fn end_hook(&mut self) -> Option<RunningHook> {
        self.hook.take()
    }

    /// Counts a step or hook that starts. Returns its number.
    pub fn count_call(&mut self) -> u64 {
        self.calls += 1;
        self.calls
    }

    /// The number of the hook that runs, or else of the step. After a hook, that is not the last that was
    /// counted.
    pub fn running_call(&self) -> Option<u64> {
        let of_step = || self.attempt.as_ref()?.running_call();
        self.hook.as_ref().map(|hook| hook.call).or_else(of_step)
    }

    /// The steps that the worker is asked to match.
    pub fn nested_mut(&mut self) -> &mut Option<Vec<PlannedStep>> {
        &mut self.nested
    }

    /// A hook starts. Returns what it runs for, which follows from the hook and from where the worker is.
    ///
    /// # Errors
    /// When it must not run now, or a hook before it has not run.
    pub fn start_hook(
        &mut self,
        hook: u32,
        output: u64,
        standing: Standing,
        context: &RunContext<'_>,
        hooks: &DeclaredHooks,
    ) -> Result<HookPlace, HookError> {
        let kind = hooks.kind(hook);
        match (&mut self.attempt, kind) {
            // The host decides when it runs.
            (attempt, _) if hooks.is_added(hook) => {
                let in_step = attempt.as_ref().map(|one| one.running_step().is_some());
                if in_step != kind.needs_step() {
                    return Err(HookError::NotDue);
                }
                if let (None, Some(front)) = (in_step, standing.front) {
                    self.blocks.notice(kind, front, &context.index);
                }
            }
            (Some(attempt), _) => attempt.start_hook(kind, hook)?,
            (None, HookKind::BeforeRun | HookKind::BeforeAll) if standing.is_opening => {
                self.opening.start(hook)?;
            }
            (None, HookKind::AfterRun | HookKind::AfterAll) if standing.is_closing => {
                self.closing.start(hook)?;
            }
            (None, _) => {
                let index = &context.index;
                self.blocks
                    .start_hook((kind, hook), standing.front, index, hooks)?;
            }
        }
        let place = self.place(kind, standing.worker, standing.front, context);
        self.hook = Some(RunningHook {
            hook,
            place: place.clone(),
            output,
            since: Instant::now(),
            call: self.count_call(),
            reported_slow: false,
        });
        Ok(place)
    }

    /// What a hook of this kind runs for, here and now.
    fn place(
        &self,
        kind: HookKind,
        worker: u32,
        front: Option<u32>,
        context: &RunContext<'_>,
    ) -> HookPlace {
        if let Some(attempt) = &self.attempt {
            let (scenario, attempt_number) = (attempt.scenario(), attempt.number());
            return match attempt.running_step() {
                Some(step) => HookPlace::Step {
                    scenario,
                    attempt: attempt_number,
                    step,
                },
                None => HookPlace::Scenario {
                    scenario,
                    attempt: attempt_number,
                },
            };
        }
        let coming = || front.map(|scenario| context.index.feature_of(scenario));
        let feature = match kind.is_before() {
            true => coming().or(self.blocks.feature()),
            false => self.blocks.feature().or_else(coming),
        };
        let coming_rule = || context.index.scenario(front?).rule;
        let rule = self.blocks.rule().or_else(coming_rule);
        let feature = feature.map(|number| context.index.feature(number));
        match (kind, feature, rule) {
            (HookKind::BeforeRun | HookKind::AfterRun, ..) => HookPlace::Run,
            (HookKind::BeforeFeature | HookKind::AfterFeature, Some(feature), _) => {
                HookPlace::Feature {
                    uri: feature.uri.clone(),
                    worker,
                }
            }
            (HookKind::BeforeRule | HookKind::AfterRule, Some(feature), Some(rule)) => {
                HookPlace::Rule {
                    uri: feature.uri.clone(),
                    line: feature.rules[rule].location.line,
                    worker,
                }
            }
            _ => HookPlace::Worker(worker),
        }
    }

    /// What may attach something: the running hook, else the step around it.
    pub fn attachment_source(&self) -> Option<AttachmentSource> {
        if let Some(running) = &self.hook {
            return Some(AttachmentSource::Hook {
                hook: running.hook,
                place: running.place.clone(),
            });
        }
        let attempt = self.attempt.as_ref()?;
        if let Some(extra) = attempt.extra().innermost() {
            return Some(AttachmentSource::ExtraStep {
                scenario: attempt.scenario(),
                attempt: attempt.number(),
                extra: extra.number,
            });
        }
        Some(AttachmentSource::Step {
            scenario: attempt.scenario(),
            attempt: attempt.number(),
            step: attempt.running_step()?,
        })
    }

    /// The closing hooks that have not begun, apart from those of a scenario, in the order in which they
    /// run.
    pub fn unrun_closing(&self) -> impl Iterator<Item = u32> {
        let own = self.closing.left().iter().copied();
        self.blocks.unrun().chain(own)
    }

    /// Notes that the running hook, or else the running step, was reported as slow. Returns which.
    pub fn report_slow(&mut self) -> Option<Slow> {
        if let Some(hook) = &mut self.hook {
            hook.reported_slow = true;
            let scenario = match hook.place {
                HookPlace::Scenario { scenario, .. } | HookPlace::Step { scenario, .. } => {
                    Some(scenario)
                }
                _ => None,
            };
            return Some(Slow::Hook(hook.hook, scenario));
        }
        let attempt = self.attempt.as_mut()?;
        let step = attempt.report_slow();
        Some(Slow::Step(attempt.scenario(), step))
    }

    /// The next time limit of what runs.
    pub fn due(&self, options: &super::super::Options) -> Option<(Instant, Due)> {
        let of_hook = self.hook.as_ref().and_then(|hook| {
            let fault = self.attempt.as_ref().and_then(RunningAttempt::fault);
            let limit = options.hook_limit(fault.is_some_and(Fault::is_timeout));
            let slow = options.slow_after(limit);
            due::slow_or_late(hook.since, limit, slow, hook.reported_slow)
        });
        let attempt = self.attempt.as_ref();
        let of_attempt = attempt.and_then(|one| one.due(self.hook.is_some(), options));
        let all = [of_hook, of_attempt];
        all.into_iter().flatten().min_by_key(|(at, _)| *at)
    }
}

/// What is slow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slow {
    /// A hook, and the scenario that it runs for, if it is one.
    Hook(u32, Option<u32>),
    /// A step of a scenario, by its position.
    Step(u32, usize),
}
