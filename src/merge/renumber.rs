//! Changes the numbers of scenarios, workers, definitions and hooks to those of the joined run.

use std::sync::Arc;

use foldhash::HashMap;

use crate::event::{AttachmentSource, Event, HookPlace, StepMatch, StepResult};

/// The new numbers of a part.
#[derive(Debug, Default)]
pub(super) struct Renumbering {
    /// The shard, in the form of `--shard`.
    pub(super) shard: String,
    pub(super) scenarios: HashMap<u32, u32>,
    pub(super) definitions: Vec<u32>,
    pub(super) hooks: Vec<u32>,
    /// The numbers of its workers follow those of the parts before it.
    pub(super) first_worker: u32,
}

impl Renumbering {
    fn scenario(&self, scenario: &mut u32) {
        if let Some(new) = self.scenarios.get(scenario) {
            *scenario = *new;
        }
    }

    fn worker(&self, worker: &mut u32) {
        *worker = worker.saturating_add(self.first_worker);
    }

    fn definition(&self, definition: &mut u32) {
        renumber(&self.definitions, definition);
    }

    fn hook(&self, hook: &mut u32) {
        renumber(&self.hooks, hook);
    }

    fn found(&self, found: &mut Arc<StepMatch>) {
        let mut definition = found.definition;
        self.definition(&mut definition);
        if definition != found.definition {
            Arc::make_mut(found).definition = definition;
        }
    }

    fn result(&self, result: &mut StepResult) {
        if let Some(found) = &mut result.step_match {
            self.found(found);
        }
        let candidates = result.candidates.iter_mut();
        candidates.for_each(|definition| self.definition(definition));
    }

    fn place(&self, place: &mut HookPlace) {
        match place {
            HookPlace::Run => {}
            HookPlace::Worker(worker)
            | HookPlace::Feature { worker, .. }
            | HookPlace::Rule { worker, .. } => self.worker(worker),
            HookPlace::Scenario { scenario, .. } | HookPlace::Step { scenario, .. } => {
                self.scenario(scenario);
            }
        }
    }

    /// Gives an event its new numbers. Numbers of the whole run stay unchanged.
    pub(super) fn apply(&self, event: &mut Event) {
        match event {
            Event::ScenarioPrepared {
                scenario,
                before,
                after,
                steps,
            } => {
                self.scenario(scenario);
                let hooks = before.iter_mut().chain(after);
                hooks.for_each(|hook| self.hook(hook));
                let found = steps.iter_mut().flatten();
                found.for_each(|found| self.found(found));
            }
            Event::HookStarted { hook, place, .. } | Event::HookFinished { hook, place, .. } => {
                self.hook(hook);
                self.place(place);
            }
            Event::Attachment { source, .. } => match source {
                AttachmentSource::Step { scenario, .. }
                | AttachmentSource::ExtraStep { scenario, .. } => self.scenario(scenario),
                AttachmentSource::Hook { hook, place } => {
                    self.hook(hook);
                    self.place(place);
                }
            },
            Event::ScenarioStarted {
                scenario, worker, ..
            } => {
                self.scenario(scenario);
                if let Some(worker) = worker {
                    self.worker(worker);
                }
            }
            Event::StepFinished {
                scenario, result, ..
            }
            | Event::ExtraStepFinished {
                scenario, result, ..
            } => {
                self.scenario(scenario);
                self.result(result);
            }
            Event::ScenarioAdded { planned, .. } => self.scenario(&mut planned.index),
            Event::HookAdded { hook, .. } => self.hook(hook),
            Event::Trend { scenario, .. }
            | Event::StepStarted { scenario, .. }
            | Event::StepLeftOut { scenario, .. }
            | Event::ExtraStepStarted { scenario, .. }
            | Event::ScenarioFinished { scenario, .. }
            | Event::ScenarioNotRun { scenario, .. }
            | Event::ScenarioClaimedElsewhere { scenario } => self.scenario(scenario),
            Event::RunStarted { .. }
            | Event::ReportOptions { .. }
            | Event::FeatureSource { .. }
            | Event::FeaturePlanned { .. }
            | Event::ParseError { .. }
            | Event::StepDefinitions { .. }
            | Event::Hooks { .. }
            | Event::ParameterTypes { .. }
            | Event::UndefinedParameterType { .. }
            | Event::Warning { .. }
            | Event::Slow { .. }
            | Event::RunError { .. }
            | Event::RunFinished { .. } => {}
        }
    }
}

fn renumber(numbers: &[u32], number: &mut u32) {
    if let Some(new) = numbers.get(*number as usize) {
        *number = *new;
    }
}
