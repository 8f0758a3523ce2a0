//! Test cases: what their test steps are.

use std::collections::HashMap;
use std::sync::Arc;

use super::envelope::ForeignCase;
use super::plan::PickleEntry;
use super::program::ForeignProgram;
use crate::event::{HookKind, StepMatch};

/// A test case.
#[derive(Debug)]
pub(super) struct KnownCase {
    pub(super) scenario: u32,
    /// What each test step is, by its id.
    pub(super) steps: HashMap<String, CasePart>,
    /// The hooks around the scenario.
    pub(super) before: Vec<u32>,
    pub(super) after: Vec<u32>,
    /// What matches each step of the pickle.
    pub(super) matches: Vec<Vec<Arc<StepMatch>>>,
    /// The ids of these steps.
    pub(super) pickle_steps: Vec<String>,
}

/// What a test step is.
#[derive(Debug, Clone, Copy)]
pub(super) enum CasePart {
    Step(u32),
    /// A hook around the scenario or, with a number, around a step.
    Hook(u32, Option<u32>),
}

impl KnownCase {
    /// The test case of a pickle.
    pub(super) fn new(
        case: &ForeignCase,
        pickle: &PickleEntry,
        program: &mut ForeignProgram,
    ) -> Self {
        let positions: HashMap<&str, u32> =
            pickle.steps.iter().map(String::as_str).zip(0..).collect();
        let mut known = Self {
            scenario: pickle.scenario,
            steps: HashMap::new(),
            before: Vec::new(),
            after: Vec::new(),
            matches: vec![Vec::new(); pickle.steps.len()],
            pickle_steps: pickle.steps.clone(),
        };
        let mut last = None;
        for step in &case.test_steps {
            let position = step.pickle_step_id.as_deref();
            if let Some(position) = position.and_then(|id| positions.get(id)) {
                last = Some(*position);
                known.matches[*position as usize] = program.matches(step);
                known
                    .steps
                    .insert(step.id.clone(), CasePart::Step(*position));
            }
            let Some(id) = step.hook_id.as_deref() else {
                continue;
            };
            program.place_hook(id, last.is_some());
            let Some(hook) = program.hook(id) else {
                continue;
            };
            let around = match program.kind_of_hook(hook) {
                Some(HookKind::BeforeStep) => Some(last.map_or(0, |last| last + 1)),
                Some(HookKind::AfterStep) => Some(last.unwrap_or(0)),
                Some(kind) if kind.is_before() => {
                    known.before.push(hook);
                    None
                }
                _ => {
                    known.after.push(hook);
                    None
                }
            };
            known
                .steps
                .insert(step.id.clone(), CasePart::Hook(hook, around));
        }
        known
    }
}
