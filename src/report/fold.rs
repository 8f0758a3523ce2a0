//! Folds the events of a run into its [`Summary`], once for all reports.
//!
//! Only final results count: an attempt that is retried is not a result.

use std::collections::VecDeque;
use std::sync::Arc;

use foldhash::{HashMap, HashSet};

use super::attempt::Attempt;
use super::catalogue::{Catalogue, Place};
use super::hook::OutsideHook;
use super::summary::{
    Counts, ReportedParseError, RunError, ScenarioEntry, Summary, Verdict, Warning,
};
use super::trouble;
use crate::event::{DEFINED_ORDER, Event, RunErrorKind, Snippet, Status};

/// Makes the [`Summary`] of a run from its events.
#[derive(Default)]
pub(super) struct Fold {
    summary: Summary,
    /// The results of the planned scenarios by ordinal, where there is a result.
    results: Vec<Option<Verdict>>,
    /// The last attempts of scenarios that will be retried.
    retried: HashMap<Place, Arc<Attempt>>,
    /// Where a reason stands in [`Summary::not_run`].
    reasons: HashMap<String, usize>,
    failing: Vec<(Place, ScenarioEntry)>,
    flaky: Vec<(Place, ScenarioEntry)>,
    snippets: HashMap<Vec<Snippet>, (u32, u32)>,
    warned: HashSet<Warning>,
    /// The hooks outside scenarios that failed and that no error of the run has named so far.
    failed_hooks: VecDeque<OutsideHook>,
}

impl Fold {
    /// Takes the next event.
    pub(super) fn event(&mut self, event: &Event, catalogue: &Catalogue) {
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
                summary.order = (order != DEFINED_ORDER).then(|| order.clone());
                summary.shard.clone_from(shard);
                summary.dry_run = *dry_run;
                summary.strict = *strict;
            }
            Event::ParseError {
                uri,
                location,
                message,
                diagnostic,
                follows: false,
            } => summary.parse_errors.push(ReportedParseError {
                uri: Arc::clone(uri),
                location: *location,
                message: message.clone(),
                diagnostic: diagnostic.clone(),
            }),
            Event::RunError {
                kind,
                message,
                detail,
            } => self.run_error(*kind, message, detail, catalogue),
            Event::Warning {
                message,
                place,
                rule,
            } => self.warn(Warning {
                message: message.clone(),
                place: place.clone(),
                rule: rule.clone(),
            }),
            Event::Slow { message, place, .. } => self.warn(Warning {
                message: message.clone(),
                place: place.clone(),
                rule: None,
            }),
            Event::UndefinedParameterType {
                name,
                expression,
                location,
            } => self.warn(Warning {
                message: format!(
                    "the parameter type `{name}` of the expression `{expression}` is not defined, so no step matches it; define the type, or correct its name"
                ),
                place: Some(location.clone()),
                rule: None,
            }),
            Event::RunFinished { nanos, .. } => summary.nanos = *nanos,
            Event::ScenarioNotRun { scenario, reason } => {
                if let Some(place) = catalogue.place(*scenario) {
                    self.not_run(place, reason, catalogue);
                }
            }
            Event::ScenarioClaimedElsewhere { scenario } => {
                self.summary.elsewhere.insert(*scenario);
            }
            _ => {}
        }
    }

    /// Takes an attempt that is over.
    pub(super) fn attempt(&mut self, attempt: &Arc<Attempt>, catalogue: &Catalogue) {
        let place = attempt.place;
        for (step, outcome) in (0..).zip(&attempt.steps) {
            if !outcome.snippets().is_empty() {
                self.keep_snippets((place.ordinal, step), outcome.snippets());
            }
        }
        if attempt.will_be_retried {
            self.retried.insert(place, Arc::clone(attempt));
        } else if attempt.cancelled() {
            self.not_run(place, "the run was stopped while it ran", catalogue);
        } else {
            self.retried.remove(&place);
            self.finish_scenario(attempt, catalogue);
        }
    }

    /// Takes a hook outside scenarios that is over.
    pub(super) fn hook(&mut self, hook: &OutsideHook) {
        if hook.result.status == Status::Failed {
            self.failed_hooks.push_back(hook.clone());
        }
    }

    fn run_error(
        &mut self,
        kind: RunErrorKind,
        message: &str,
        detail: &str,
        catalogue: &Catalogue,
    ) {
        let hook = match kind {
            RunErrorKind::Hook => take_named(&mut self.failed_hooks, catalogue, message),
            _ => None,
        };
        self.summary.run_errors.push(RunError {
            kind,
            message: message.to_owned(),
            detail: detail.to_owned(),
            feature: (hook.as_ref())
                .filter(|hook| is_named(hook, catalogue, message))
                .and_then(OutsideHook::feature)
                .cloned(),
            output: hook.map_or_else(String::new, |hook| trouble::hook_output(&hook, detail)),
        });
    }

    fn warn(&mut self, warning: Warning) {
        if self.warned.insert(warning.clone()) {
            self.summary.warnings.push(warning);
        }
    }

    fn keep_snippets(&mut self, here: (u32, u32), snippets: &[Snippet]) {
        match self.snippets.get_mut(snippets) {
            Some(first) => *first = here.min(*first),
            None => {
                self.snippets.insert(snippets.to_vec(), here);
            }
        }
    }

    /// Whether this is the first result of the scenario, which is the one that counts.
    fn set_result(&mut self, place: Place, result: Verdict, catalogue: &Catalogue) -> bool {
        let slot = place.ordinal as usize;
        if self.results.len() <= slot {
            self.results.resize(catalogue.len().max(slot + 1), None);
        }
        let first = self.results[slot].is_none();
        self.results[slot].get_or_insert(result);
        first
    }

    fn finish_scenario(&mut self, attempt: &Attempt, catalogue: &Catalogue) {
        let place = attempt.place;
        let verdict = match attempt.fails_as_flaky(catalogue) {
            true => Verdict::Status(Status::Failed),
            false => Verdict::of_scenario(attempt.status, attempt.expected_failure),
        };
        if !self.set_result(place, verdict, catalogue) {
            return;
        }
        *self.summary.scenarios.of(verdict) += 1;
        let mut steps = count_steps(attempt);
        if verdict == Verdict::ExpectedFailure {
            // A number of failed steps would look as if something were wrong.
            steps.expected_failures += std::mem::take(&mut steps.failed);
        } else {
            self.summary.crashed += usize::from(attempt.crashed());
            self.summary.timed_out += usize::from(attempt.timed_out());
        }
        self.summary.steps.add(&steps);
        let (feature, planned) = catalogue.at(place);
        let entry = || ScenarioEntry {
            scenario: planned.index,
            uri: Arc::clone(&feature.uri),
            line: planned.location.line,
            name: Arc::clone(&planned.name),
            status: attempt.status,
            attempts: attempt.number.saturating_add(1),
            cause: trouble::cause(catalogue, attempt),
        };
        if attempt.fails(catalogue) {
            self.failing.push((place, entry()));
        }
        if attempt.status == Status::Passed && attempt.number > 0 && !attempt.expected_failure {
            self.flaky.push((place, entry()));
        }
    }

    /// A scenario gets no (further) attempt. If an earlier attempt failed, the scenario has failed, although
    /// a retry was planned.
    fn not_run(&mut self, place: Place, reason: &str, catalogue: &Catalogue) {
        if let Some(attempt) = self.retried.remove(&place) {
            self.finish_scenario(&attempt, catalogue);
            return;
        }
        if !self.set_result(place, Verdict::NotRun, catalogue) {
            return;
        }
        self.summary.scenarios.not_run += 1;
        self.summary.steps.not_run += catalogue.at(place).1.steps.len();
        match self.reasons.get(reason) {
            Some(known) => self.summary.not_run[*known].1 += 1,
            None => {
                self.reasons.insert(reason.to_owned(), self.reasons.len());
                self.summary.not_run.push((reason.to_owned(), 1));
            }
        }
    }

    /// How many scenarios have a result so far, and how many of them fail the run.
    pub(super) fn counted(&self) -> (usize, usize) {
        (self.summary.scenarios.total(), self.failing.len())
    }

    /// The summary. A planned scenario of which no event gave a result was not run.
    pub(super) fn finish(mut self, catalogue: &Catalogue) -> Summary {
        for scenario in self.indices(catalogue, |result| result.is_none()) {
            if !self.summary.elsewhere.contains(&scenario)
                && let Some(place) = catalogue.place(scenario)
            {
                self.not_run(place, "the run ended without a result for it", catalogue);
            }
        }
        if self.summary.scenarios.not_run > 0 {
            self.summary.without_result =
                self.indices(catalogue, |result| result == Some(Verdict::NotRun));
        }
        self.count_features(catalogue);
        // The run reports each such failure. One that it does not report is not lost.
        for hook in std::mem::take(&mut self.failed_hooks) {
            let error = trouble::hook_error(catalogue, &hook);
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
    fn indices(&self, catalogue: &Catalogue, wanted: impl Fn(Option<Verdict>) -> bool) -> Vec<u32> {
        let features = catalogue.features().iter();
        let indices = features
            .flat_map(|feature| &feature.scenarios)
            .map(|scenario| scenario.index);
        let is_wanted = |index: &u32| {
            let place = catalogue.place(*index);
            place.is_some_and(|place| wanted(self.result(place)))
        };
        indices.filter(is_wanted).collect()
    }

    /// The result so far.
    fn result(&self, place: Place) -> Option<Verdict> {
        self.results.get(place.ordinal as usize).copied().flatten()
    }

    fn count_features(&mut self, catalogue: &Catalogue) {
        for feature in catalogue.features() {
            let mut own = Counts::default();
            let mut rules = vec![Counts::default(); feature.rules.len()];
            for scenario in &feature.scenarios {
                let Some(place) = catalogue.place(scenario.index) else {
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

/// Counts the steps of an attempt. Steps that another step runs are a part of that step and do not count.
fn count_steps(attempt: &Attempt) -> Counts {
    let mut counts = Counts::default();
    let extra = attempt.extra.iter().filter(|step| step.depth == 0);
    let extra = extra.map(|step| step.outcome.status);
    let planned = attempt.steps.iter().map(|step| step.status);
    for status in planned.chain(extra) {
        *counts.of(Verdict::Status(status)) += 1;
    }
    counts
}

/// Takes the hook that an error of the run is about. The error names it; otherwise both are in the same
/// order.
fn take_named(
    failed: &mut VecDeque<OutsideHook>,
    catalogue: &Catalogue,
    message: &str,
) -> Option<OutsideHook> {
    let named = |hook: &OutsideHook| is_named(hook, catalogue, message);
    let position = failed.iter().position(named).unwrap_or(0);
    failed.remove(position)
}

fn is_named(hook: &OutsideHook, catalogue: &Catalogue, message: &str) -> bool {
    message.contains(&trouble::hook_title(catalogue, hook.hook))
}

fn in_plan_order(mut entries: Vec<(Place, ScenarioEntry)>) -> Vec<ScenarioEntry> {
    entries.sort_by_key(|(place, _)| *place);
    entries.into_iter().map(|(_, entry)| entry).collect()
}
