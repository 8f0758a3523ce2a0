//! Test cases: which pickle each scenario is, and the ids of its test steps.

use std::io;
use std::sync::Arc;

use foldhash::HashMap;

use super::definitions::StreamDefinitions;
use super::stream::Stream;
use crate::event::{ArgumentGroup, StepMatch};
use crate::json::Json;
use crate::plan::{PlannedFeature, PlannedScenario};

/// The ids of a pickle. Its steps have those from `first_step` on.
#[derive(Clone, Copy)]
pub(super) struct PickleIds {
    pub(super) id: u64,
    pub(super) first_step: u64,
}

/// All scenarios of the plan.
#[derive(Default)]
pub(super) struct Cases {
    /// By the number that events give; small, because there may be a million.
    by_scenario: HashMap<u32, Case>,
    /// In plan order.
    order: Vec<u32>,
    /// The hooks of the last case: most have the same.
    hooks: Arc<TestCaseHooks>,
}

/// A scenario.
pub(super) struct Case {
    feature: Arc<PlannedFeature>,
    position: usize,
    pickle: PickleIds,
    prepared: Option<TestCase>,
    state: State,
}

/// The state of a scenario so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// No attempt of it has ended.
    Waiting,
    /// Another attempt follows this one.
    Retried { attempt: u32 },
    /// It has its result.
    Ended,
}

/// A scenario that is a test case.
#[derive(Clone)]
pub(super) struct TestCase {
    /// The id of the test case; those of its test steps follow.
    pub(super) id: u64,
    pub(super) hooks: Arc<TestCaseHooks>,
}

/// The hooks around the steps of a test case, as far as they are in the stream.
#[derive(Default, PartialEq)]
pub(super) struct TestCaseHooks {
    pub(super) before: Vec<u32>,
    pub(super) after: Vec<u32>,
}

/// Hooks before and after the steps, and for each step all that matches it.
pub(super) type Known<'e> = (&'e [u32], &'e [u32], &'e [Vec<Arc<StepMatch>>]);

impl Cases {
    pub(super) fn plan(
        &mut self,
        feature: &Arc<PlannedFeature>,
        position: usize,
        pickle: PickleIds,
    ) {
        let scenario = feature.scenarios[position].index;
        let case = Case {
            feature: Arc::clone(feature),
            position,
            pickle,
            prepared: None,
            state: State::Waiting,
        };
        self.order.push(scenario);
        self.by_scenario.insert(scenario, case);
    }

    pub(super) fn get(&self, scenario: u32) -> Option<(&Case, &TestCase)> {
        let case = self.by_scenario.get(&scenario)?;
        Some((case, case.prepared.as_ref()?))
    }

    pub(super) fn is_prepared(&self, scenario: u32) -> bool {
        self.get(scenario).is_some()
    }

    /// Writes the test case of a scenario, unless it is written.
    pub(super) fn prepare(
        &mut self,
        stream: &mut Stream,
        definitions: &StreamDefinitions,
        run: u64,
        scenario: u32,
        known: Option<Known<'_>>,
    ) -> io::Result<()> {
        let Some(case) = self.by_scenario.get_mut(&scenario) else {
            return Ok(());
        };
        if case.prepared.is_some() {
            return Ok(());
        }
        let (before, after, matches) = known.unwrap_or_default();
        let in_stream = |hooks: &[u32]| -> Vec<u32> {
            let known = |hook: &u32| definitions.hook(*hook).is_some();
            hooks.iter().copied().filter(known).collect()
        };
        let hooks = TestCaseHooks {
            before: in_stream(before),
            after: in_stream(after),
        };
        if *self.hooks != hooks {
            self.hooks = Arc::new(hooks);
        }
        let steps = case.scenario().steps.len();
        let hooks = &self.hooks;
        let id = stream
            .ids
            .skip(1 + (hooks.before.len() + steps + hooks.after.len()) as u64);
        let hook_step = |(index, hook): (u64, &u32)| (index, definitions.hook(*hook));
        stream.write("testCase", |json| {
            json.id("id", id);
            json.id("pickleId", case.pickle.id);
            json.id("testRunStartedId", run);
            let before = (id + 1..).zip(&hooks.before).map(hook_step);
            let first = id + 1 + hooks.before.len() as u64;
            let pickle_steps = (0..steps).map(|step| (first + step as u64, None));
            let after = (first + steps as u64..).zip(&hooks.after).map(hook_step);
            let all = before.chain(pickle_steps).chain(after);
            json.objects("testSteps", all, |json, (id, hook)| {
                json.id("id", id);
                if let Some(hook) = hook {
                    return json.id("hookId", hook);
                }
                let step = id - first;
                json.id("pickleStepId", case.pickle.first_step + step);
                if let Some(found) = usize::try_from(step)
                    .ok()
                    .and_then(|step| matches.get(step))
                {
                    matched(json, found, definitions);
                }
            });
        })?;
        case.prepared = Some(TestCase {
            id,
            hooks: Arc::clone(hooks),
        });
        Ok(())
    }

    pub(super) fn state(&self, scenario: u32) -> State {
        self.by_scenario
            .get(&scenario)
            .map_or(State::Ended, |case| case.state)
    }

    pub(super) fn set(&mut self, scenario: u32, state: State) {
        if let Some(case) = self.by_scenario.get_mut(&scenario) {
            case.state = state;
        }
    }

    /// The scenarios that have no result, in plan order. Empty when no test case was written.
    pub(super) fn without_result(&self) -> Vec<u32> {
        if !self
            .order
            .iter()
            .any(|scenario| self.is_prepared(*scenario))
        {
            return Vec::new();
        }
        let open = |scenario: &u32| self.state(*scenario) != State::Ended;
        self.order.iter().copied().filter(open).collect()
    }
}

impl TestCase {
    /// The id of a test step.
    pub(super) fn step(&self, position: usize) -> u64 {
        self.id + 1 + position as u64
    }

    /// How many test steps there are.
    pub(super) fn steps(&self, case: &Case) -> usize {
        self.hooks.before.len() + case.scenario().steps.len() + self.hooks.after.len()
    }
}

impl Case {
    pub(super) fn scenario(&self) -> &PlannedScenario {
        &self.feature.scenarios[self.position]
    }

    /// The id of a step of the pickle.
    pub(super) fn pickle_step(&self, step: u32) -> u64 {
        self.pickle.first_step + u64::from(step)
    }

    /// The frame of a step: file and line; that of the scenario where there is no such step.
    pub(super) fn place(&self, step: Option<usize>) -> String {
        let scenario = self.scenario();
        let step = step.and_then(|step| scenario.steps.get(step));
        let location = step.map_or(scenario.location, |step| step.location);
        format!("{}:{}", self.feature.uri, location.line)
    }
}

fn matched(json: &mut Json<'_>, found: &[Arc<StepMatch>], definitions: &StreamDefinitions) {
    let known = || {
        found.iter().filter_map(|found| {
            let id = definitions.step(found.definition)?;
            Some((id, found))
        })
    };
    json.ids("stepDefinitionIds", known().map(|(id, _)| id));
    json.objects("stepMatchArgumentsLists", known(), |json, (_, found)| {
        json.objects("stepMatchArguments", &found.arguments, |json, argument| {
            json.member("group", |json| group(json, argument));
            if let Some(name) = &argument.parameter_type {
                json.string("parameterTypeName", name);
            }
        });
    });
}

fn group(json: &mut Json<'_>, argument: &ArgumentGroup) {
    if let Some(value) = &argument.value {
        json.number("start", argument.start);
        json.string("value", value);
    }
    if !argument.children.is_empty() {
        json.objects("children", &argument.children, group);
    }
}
