//! Folds the events of a run into its [`Summary`], once for all reports.
//!
//! Only final results count: an attempt that is retried is no result.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;

use super::catalogue::{Catalogue, Place};
use super::hook::{OutsideHook, OutsideHooks};
use super::summary::{Counts, ParseError, RunError, ScenarioEntry, Summary, Verdict, Warning};
use super::trouble;
use crate::config::Order;
use crate::event::{Event, Fault, RunErrorKind, Snippet, SourceLocation, Status};

/// Takes the events of a run and makes its [`Summary`].
#[derive(Default)]
pub struct Fold {
    summary: Summary,
    catalogue: Catalogue,
    /// The results of the planned scenarios by ordinal; none is for those to come.
    results: Vec<Option<Verdict>>,
    /// The steps of the attempts that are running.
    running: foldhash::HashMap<u32, Counts>,
    /// The last attempts of scenarios that are to be tried again.
    retried: HashMap<u32, Attempted>,
    /// Where a reason stands in [`Summary::not_run`].
    reasons: HashMap<String, usize>,
    failing: Vec<(Place, ScenarioEntry)>,
    flaky: Vec<(Place, ScenarioEntry)>,
    snippets: HashMap<Vec<Snippet>, (u32, u32)>,
    warned: HashSet<Warning>,
    hooks: OutsideHooks,
    /// What hooks outside scenarios that failed left for the errors that tell of them.
    failed_hooks: VecDeque<OutsideHook>,
}

/// What an attempt came to.
struct Attempted {
    number: u32,
    status: Status,
    expected_failure: bool,
    crashed: bool,
    timed_out: bool,
    steps: Counts,
}

impl Fold {
    /// Takes the next event.
    pub fn event(&mut self, event: &Event) {
        self.catalogue.event(event);
        let summary = &mut self.summary;
        match event {
            Event::RunStarted {
                at,
                dry_run,
                strict,
                order,
                shard,
                ..
            } => {
                summary.started = Some(*at);
                summary.order = (*order != Order::Defined.to_string()).then(|| order.clone());
                summary.shard.clone_from(shard);
                summary.dry_run = *dry_run;
                summary.strict = *strict;
            }
            Event::ParseError {
                uri,
                location,
                message,
                diagnostic,
            } => summary.parse_errors.push(ParseError {
                uri: Arc::clone(uri),
                location: *location,
                message: message.clone(),
                diagnostic: diagnostic.clone(),
            }),
            Event::RunError {
                kind,
                message,
                detail,
            } => {
                let hook = match kind {
                    RunErrorKind::Hook => take_told(&mut self.failed_hooks, &self.catalogue, message),
                    _ => None,
                };
                summary.run_errors.push(RunError {
                    kind: *kind,
                    message: message.clone(),
                    detail: detail.clone(),
                    output: hook.map_or_else(String::new, |hook| trouble::hook_output(&hook, detail)),
                });
            }
            Event::Warning { message, place } => self.warn(message.clone(), place.clone()),
            Event::UndefinedParameterType {
                name,
                expression,
                location,
            } => self.warn(
                format!(
                    "the parameter type `{name}` of the expression `{expression}` is not defined, so no step matches it; define the type, or correct its name"
                ),
                Some(location.clone()),
            ),
            Event::Slow { message, place, .. } => self.warn(message.clone(), place.clone()),
            Event::RunFinished { nanos, .. } => summary.nanos = *nanos,
            Event::ScenarioStarted { scenario, .. } => {
                self.running.insert(*scenario, Counts::default());
            }
            Event::StepFinished {
                scenario,
                step,
                result,
                ..
            } => {
                *self
                    .running
                    .entry(*scenario)
                    .or_default()
                    .of(Verdict::Status(result.status)) += 1;
                if !result.snippets.is_empty() {
                    self.keep_snippets(*scenario, *step, &result.snippets);
                }
            }
            Event::ScenarioFinished {
                scenario,
                attempt,
                status,
                fault,
                will_be_retried,
                expected_failure,
                ..
            } => {
                let steps = self.running.remove(scenario).unwrap_or_default();
                let crashed = matches!(fault, Some(Fault::Crashed { .. }));
                let status = if crashed { Status::Failed } else { *status };
                let result = Attempted {
                    number: *attempt,
                    status,
                    expected_failure: *expected_failure,
                    crashed,
                    timed_out: fault.as_ref().is_some_and(Fault::is_timeout),
                    steps,
                };
                if *will_be_retried {
                    self.retried.insert(*scenario, result);
                } else if status.is_cancelled(fault.as_ref()) {
                    self.not_run(*scenario, "the run was stopped while it ran");
                } else {
                    self.finish_scenario(*scenario, result);
                }
            }
            Event::ScenarioNotRun { scenario, reason } => {
                self.not_run(*scenario, reason);
            }
            Event::ScenarioClaimedElsewhere { scenario } => {
                self.summary.elsewhere.insert(*scenario);
            }
            Event::FeaturePlanned { .. }
            | Event::FeatureSource { .. }
            | Event::StepDefinitions { .. }
            | Event::Hooks { .. }
            | Event::ParameterTypes { .. }
            | Event::ScenarioPrepared { .. }
            | Event::StepStarted { .. } => {}
            Event::HookStarted { .. } | Event::HookFinished { .. } | Event::Attachment { .. } => {
                let ended = self.hooks.event(event);
                let failed = |hook: &OutsideHook| hook.result.status == Status::Failed;
                self.failed_hooks.extend(ended.filter(failed));
            }
        }
    }

    fn warn(&mut self, message: String, place: Option<SourceLocation>) {
        let warning = Warning { message, place };
        if self.warned.insert(warning.clone()) {
            self.summary.warnings.push(warning);
        }
    }

    fn keep_snippets(&mut self, scenario: u32, step: u32, snippets: &[Snippet]) {
        let Some(place) = self.catalogue.place(scenario) else {
            return;
        };
        let here = (place.ordinal, step);
        match self.snippets.get_mut(snippets) {
            Some(first) => *first = here.min(*first),
            None => {
                self.snippets.insert(snippets.to_vec(), here);
            }
        }
    }

    /// Whether this is the first result of the scenario, which is the one that counts.
    fn set_result(&mut self, place: Place, result: Verdict) -> bool {
        let slot = place.ordinal as usize;
        if self.results.len() <= slot {
            self.results
                .resize(self.catalogue.len().max(slot + 1), None);
        }
        let first = self.results[slot].is_none();
        self.results[slot].get_or_insert(result);
        first
    }

    fn finish_scenario(&mut self, scenario: u32, result: Attempted) {
        self.retried.remove(&scenario);
        let Attempted {
            number,
            status,
            expected_failure,
            crashed,
            timed_out,
            mut steps,
        } = result;
        let Some(place) = self.catalogue.place(scenario) else {
            return;
        };
        let verdict = match self.catalogue.fails_as_flaky(status, number) {
            true => Verdict::Status(Status::Failed),
            false => Verdict::of_scenario(status, expected_failure),
        };
        if !self.set_result(place, verdict) {
            return;
        }
        *self.summary.scenarios.of(verdict) += 1;
        if verdict == Verdict::ExpectedFailure {
            // A number of failed steps would look as if something were wrong.
            steps.expected_failures += std::mem::take(&mut steps.failed);
        } else {
            self.summary.crashed += usize::from(crashed);
            self.summary.timed_out += usize::from(timed_out);
        }
        self.summary.steps.add(&steps);
        let (feature, planned) = self.catalogue.at(place);
        let entry = || ScenarioEntry {
            scenario,
            uri: Arc::clone(&feature.uri),
            line: planned.location.line,
            name: Arc::clone(&planned.name),
            status,
            attempts: number.saturating_add(1),
            expected_failure,
        };
        if self.catalogue.fails(status, number, expected_failure) {
            self.failing.push((place, entry()));
        }
        if status == Status::Passed && number > 0 && !expected_failure {
            self.flaky.push((place, entry()));
        }
    }

    /// A scenario gets no (further) attempt. One that failed before has failed: that it was to
    /// be tried again must not hide it.
    fn not_run(&mut self, scenario: u32, reason: &str) {
        if let Some(result) = self.retried.remove(&scenario) {
            self.finish_scenario(scenario, result);
            return;
        }
        let Some(place) = self.catalogue.place(scenario) else {
            return;
        };
        if !self.set_result(place, Verdict::NotRun) {
            return;
        }
        self.summary.scenarios.not_run += 1;
        self.summary.steps.not_run += self.catalogue.at(place).1.steps.len();
        match self.reasons.get(reason) {
            Some(known) => self.summary.not_run[*known].1 += 1,
            None => {
                self.reasons.insert(reason.to_owned(), self.reasons.len());
                self.summary.not_run.push((reason.to_owned(), 1));
            }
        }
    }

    /// The summary. A planned scenario of which no event gave a result was not run.
    #[must_use]
    pub fn finish(mut self) -> Summary {
        for scenario in self.indices(|result| result.is_none()) {
            if !self.summary.elsewhere.contains(&scenario) {
                self.not_run(scenario, "the run ended without a result for it");
            }
        }
        if self.summary.scenarios.not_run > 0 {
            self.summary.without_result = self.indices(|result| result == Some(Verdict::NotRun));
        }
        self.count_features();
        // Whoever made the events says each such failure; one that nobody says is not lost.
        for hook in std::mem::take(&mut self.failed_hooks) {
            let error = trouble::hook_error(&self.catalogue, &hook);
            self.summary.run_errors.push(error);
        }
        let Fold {
            mut summary,
            failing,
            flaky,
            snippets,
            ..
        } = self;
        summary.failing = in_plan_order(failing);
        summary.flaky = in_plan_order(flaky);
        let mut snippets: Vec<_> = snippets.into_iter().collect();
        snippets.sort_unstable_by_key(|(_, first)| *first);
        summary.snippets = snippets.into_iter().map(|(one, _)| one).collect();
        summary
    }

    /// The scenarios with such a result so far, in plan order.
    fn indices(&self, wanted: impl Fn(Option<Verdict>) -> bool) -> Vec<u32> {
        let features = self.catalogue.features().iter();
        let indices = features
            .flat_map(|feature| &feature.scenarios)
            .map(|scenario| scenario.index);
        let is_wanted = |index: &u32| {
            let place = self.catalogue.place(*index);
            place.is_some_and(|place| wanted(self.result(place)))
        };
        indices.filter(is_wanted).collect()
    }

    /// The result so far.
    fn result(&self, place: Place) -> Option<Verdict> {
        self.results.get(place.ordinal as usize).copied().flatten()
    }

    fn count_features(&mut self) {
        for feature in self.catalogue.features() {
            let mut own = Counts::default();
            let mut rules = vec![Counts::default(); feature.rules.len()];
            for scenario in &feature.scenarios {
                let Some(place) = self.catalogue.place(scenario.index) else {
                    continue;
                };
                let Some(result) = self.result(place) else {
                    // Another process reports it.
                    continue;
                };
                *own.of(result) += 1;
                if let Some(rule) = scenario.rule.and_then(|rule| rules.get_mut(rule)) {
                    *rule.of(result) += 1;
                }
            }
            if own.total() > 0 {
                *self.summary.features.of(own.result()) += 1;
            }
            for rule in rules.iter().filter(|rule| rule.total() > 0) {
                *self.summary.rules.of(rule.result()) += 1;
            }
        }
    }
}

/// Takes the hook that an error of the run tells of: it names it, or else they have one order.
fn take_told(
    failed: &mut VecDeque<OutsideHook>,
    catalogue: &Catalogue,
    message: &str,
) -> Option<OutsideHook> {
    let named = |hook: &OutsideHook| message.contains(&trouble::hook_title(catalogue, hook.hook));
    let position = failed.iter().position(named).unwrap_or(0);
    failed.remove(position)
}

fn in_plan_order(mut entries: Vec<(Place, ScenarioEntry)>) -> Vec<ScenarioEntry> {
    entries.sort_by_key(|(place, _)| *place);
    entries.into_iter().map(|(_, entry)| entry).collect()
}
