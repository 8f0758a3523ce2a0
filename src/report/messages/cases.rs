//! Test cases: which pickle each scenario is, and the ids of its test steps.

use std::io;
use std::num::NonZeroU64;
use std::sync::Arc;

use foldhash::HashMap;

use super::definitions::StreamDefinitions;
use super::stream::Stream;
use crate::event::{ArgumentGroup, StepMatch};
use crate::json::Json;
use crate::number_map::NumberMap;
use crate::plan::{PlannedFeature, PlannedScenario};

/// The ids of a pickle and of its steps.
#[derive(Clone, Copy)]
pub(super) struct PickleIds {
    id: u64,
    /// The distance from there to the id of the first step.
    to_first_step: i32,
}

impl PickleIds {
    /// Ids of steps begin at `first_step`.
    pub(super) fn new(id: u64, first_step: u64) -> Self {
        let distance = i128::from(first_step) - i128::from(id);
        Self {
            id,
            // No pickle has two thousand million steps.
            to_first_step: i32::try_from(distance).unwrap_or(i32::MIN),
        }
    }

    fn step(self, step: u64) -> u64 {
        self.id
            .saturating_add_signed(i64::from(self.to_first_step))
            .saturating_add(step)
    }
}

/// All scenarios of the plan.
#[derive(Default)]
pub(super) struct Cases {
    /// By the number that events give; small, because there may be a million.
    by_scenario: NumberMap<KeptCase>,
    /// In plan order.
    order: Vec<u32>,
    features: Vec<Arc<PlannedFeature>>,
    /// The hooks of test cases: nearly all have the same.
    hooks: Vec<Arc<TestCaseHooks>>,
    hook_numbers: HashMap<Arc<TestCaseHooks>, u32>,
}

/// What is kept of a scenario.
struct KeptCase {
    feature: u32,
    /// In the feature.
    position: u32,
    pickle: PickleIds,
    /// The id of its test case, plus one, if that is written.
    id: Option<NonZeroU64>,
    /// Of its test case.
    hooks: u32,
    state: State,
}

/// A scenario.
pub(super) struct Case<'c> {
    feature: &'c PlannedFeature,
    pub(super) scenario: &'c PlannedScenario,
    pickle: PickleIds,
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
pub(super) struct TestCase<'c> {
    /// The id of the test case; those of its test steps follow.
    pub(super) id: u64,
    pub(super) hooks: &'c TestCaseHooks,
}

/// The hooks around the steps of a test case, as far as they are in the stream.
#[derive(PartialEq, Eq, Hash)]
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
        if !self
            .features
            .last()
            .is_some_and(|last| Arc::ptr_eq(last, feature))
        {
            self.features.push(Arc::clone(feature));
        }
        let case = KeptCase {
            feature: to_u32(self.features.len() - 1),
            position: to_u32(position),
            pickle,
            id: None,
            hooks: 0,
            state: State::Waiting,
        };
        self.order.push(scenario);
        self.by_scenario.insert(scenario, case);
    }

    pub(super) fn get(&self, scenario: u32) -> Option<(Case<'_>, TestCase<'_>)> {
        let kept = self.by_scenario.get(scenario)?;
        let test_case = TestCase {
            id: kept.id?.get() - 1,
            hooks: self.hooks.get(kept.hooks as usize)?,
        };
        Some((self.case(kept), test_case))
    }

    fn case(&self, kept: &KeptCase) -> Case<'_> {
        let feature = &*self.features[kept.feature as usize];
        Case {
            feature,
            scenario: &feature.scenarios[kept.position as usize],
            pickle: kept.pickle,
        }
    }

    /// The number of these hooks.
    fn hook_number(&mut self, hooks: TestCaseHooks) -> u32 {
        if let Some(known) = self.hook_numbers.get(&hooks) {
            return *known;
        }
        let (hooks, number) = (Arc::new(hooks), to_u32(self.hooks.len()));
        self.hooks.push(Arc::clone(&hooks));
        self.hook_numbers.insert(hooks, number);
        number
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
        let is_new = |case: &KeptCase| case.id.is_none();
        if !self.by_scenario.get(scenario).is_some_and(is_new) {
            return Ok(());
        }
        let (before, after, matches) = known.unwrap_or_default();
        let in_stream = |hooks: &[u32]| -> Vec<u32> {
            let known = |hook: &u32| definitions.hook(*hook).is_some();
            hooks.iter().copied().filter(known).collect()
        };
        let number = self.hook_number(TestCaseHooks {
            before: in_stream(before),
            after: in_stream(after),
        });
        let Some(kept) = self.by_scenario.get(scenario) else {
            return Ok(());
        };
        let case = self.case(kept);
        let steps = case.scenario.steps.len();
        let hooks = &self.hooks[number as usize];
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
                json.id("pickleStepId", case.pickle.step(step));
                if let Some(found) = usize::try_from(step)
                    .ok()
                    .and_then(|step| matches.get(step))
                {
                    matched(json, found, definitions);
                }
            });
        })?;
        if let Some(kept) = self.by_scenario.get_mut(scenario) {
            kept.id = Some(NonZeroU64::MIN.saturating_add(id));
            kept.hooks = number;
        }
        Ok(())
    }

    pub(super) fn state(&self, scenario: u32) -> State {
        self.by_scenario
            .get(scenario)
            .map_or(State::Ended, |case| case.state)
    }

    pub(super) fn set(&mut self, scenario: u32, state: State) {
        if let Some(case) = self.by_scenario.get_mut(scenario) {
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

impl TestCase<'_> {
    /// The id of a test step.
    pub(super) fn step(&self, position: usize) -> u64 {
        self.id + 1 + position as u64
    }

    /// How many test steps there are.
    pub(super) fn steps(&self, case: &Case<'_>) -> usize {
        self.hooks.before.len() + case.scenario.steps.len() + self.hooks.after.len()
    }
}

impl Case<'_> {
    /// The id of a step of the pickle.
    pub(super) fn pickle_step(&self, step: u32) -> u64 {
        self.pickle.step(u64::from(step))
    }

    /// The frame of a step: file and line; that of the scenario where there is no such step.
    pub(super) fn place(&self, step: Option<usize>) -> String {
        let scenario = self.scenario;
        let step = step.and_then(|step| scenario.steps.get(step));
        let location = step.map_or(scenario.location, |step| step.location);
        format!("{}:{}", self.feature.uri, location.line)
    }
}

/// The plan counts with `u32`. Larger numbers are cut off.
fn to_u32(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
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
