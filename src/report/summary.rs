//! Folds the events of a run once, for all reports and for the exit code.
//!
//! Only final results count: an attempt that is retried is no result. The summary knows no
//! exit codes; it says what happened, and [`Status::fails`] which statuses fail a run.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::attempt::{Catalogue, Place, cancelled};
use crate::event::{Event, Fault, RunErrorKind, Snippet, SourceLocation, Status, Timestamp};
use crate::plan::Location;

/// What a run came to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Summary {
    /// When the run began.
    pub started: Option<Timestamp>,
    /// Its wall time in nanoseconds.
    pub nanos: u64,
    /// Whether steps were only matched.
    pub dry_run: bool,
    /// Whether undefined and pending steps fail the run.
    pub strict: bool,
    /// The planned features. One is passed when a scenario passed and nothing else happened than skips.
    pub features: Counts,
    /// The rules that have scenarios, counted as features are.
    pub rules: Counts,
    /// The planned scenarios, each by its final attempt.
    pub scenarios: Counts,
    /// The steps of the final attempts; those of scenarios without any are `not_run`.
    pub steps: Counts,
    /// How many scenarios ended because the step program did; they are among the failed ones.
    pub crashed: usize,
    /// The scenarios that fail the run, in plan order.
    pub failing: Vec<ScenarioEntry>,
    /// The scenarios that passed after a failed attempt, in plan order.
    pub flaky: Vec<ScenarioEntry>,
    /// Why scenarios got no result, and how many each; in the order of the first one.
    pub not_run: Vec<(String, usize)>,
    /// Code for the undefined steps, each once, in plan order.
    pub snippets: Vec<Snippet>,
    /// The errors of feature files, as they came.
    pub parse_errors: Vec<ParseError>,
    /// What failed outside every scenario, as it came.
    pub run_errors: Vec<RunError>,
    /// The warnings, each once, as they came.
    pub warnings: Vec<Warning>,
}

/// How many things ended how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Counts {
    pub passed: usize,
    pub failed: usize,
    pub skipped: usize,
    pub undefined: usize,
    pub ambiguous: usize,
    pub pending: usize,
    pub not_run: usize,
}

impl Counts {
    /// How many there are together.
    #[must_use]
    pub fn total(&self) -> usize {
        let Counts {
            passed,
            failed,
            skipped,
            undefined,
            ambiguous,
            pending,
            not_run,
        } = self;
        passed + failed + skipped + undefined + ambiguous + pending + not_run
    }

    fn of(&mut self, result: Option<Status>) -> &mut usize {
        match result {
            Some(Status::Passed) => &mut self.passed,
            Some(Status::Failed) => &mut self.failed,
            Some(Status::Skipped) => &mut self.skipped,
            Some(Status::Undefined) => &mut self.undefined,
            Some(Status::Ambiguous) => &mut self.ambiguous,
            Some(Status::Pending) => &mut self.pending,
            None => &mut self.not_run,
        }
    }

    /// The result of a feature or rule with these scenarios; none when it did not run in full.
    fn result(&self) -> Option<Status> {
        let worst = [
            (self.failed, Status::Failed),
            (self.ambiguous, Status::Ambiguous),
            (self.undefined, Status::Undefined),
            (self.pending, Status::Pending),
        ];
        match worst.into_iter().find(|(count, _)| *count > 0) {
            Some((_, status)) => Some(status),
            None if self.not_run > 0 => None,
            None if self.skipped > 0 && self.passed == 0 => Some(Status::Skipped),
            None => Some(Status::Passed),
        }
    }
}

/// A scenario in a list.
#[derive(Debug, Clone, PartialEq)]
pub struct ScenarioEntry {
    /// Its number, as events give it.
    pub scenario: u32,
    /// The path of its feature.
    pub uri: Arc<str>,
    /// Its line.
    pub line: u32,
    /// Its title.
    pub name: Arc<str>,
    /// Its final status.
    pub status: Status,
    /// How many attempts it took.
    pub attempts: u32,
}

/// An error of a feature file.
#[derive(Debug, Clone, PartialEq)]
pub struct ParseError {
    /// The path as it is shown.
    pub uri: Arc<str>,
    /// Where, if the error has a place.
    pub location: Option<Location>,
    /// The official message text.
    pub message: String,
    /// The message as the terminal shows it.
    pub diagnostic: String,
}

/// An error outside every scenario.
#[derive(Debug, Clone, PartialEq)]
pub struct RunError {
    /// What kind of thing it was.
    pub kind: RunErrorKind,
    /// One line.
    pub message: String,
    /// The rest; it may be empty.
    pub detail: String,
}

/// A warning.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Warning {
    /// One line.
    pub message: String,
    /// The file and place it is about.
    pub place: Option<SourceLocation>,
}

/// Takes the events of a run and makes its [`Summary`].
#[derive(Default)]
pub struct Fold {
    summary: Summary,
    catalogue: Catalogue,
    /// The results of the planned scenarios by ordinal; the outer none is for those to come.
    results: Vec<Option<Option<Status>>>,
    /// The steps of the attempts that are running.
    running: HashMap<u32, Counts>,
    failing: Vec<(Place, ScenarioEntry)>,
    flaky: Vec<(Place, ScenarioEntry)>,
    snippets: HashMap<Snippet, (u32, u32, usize)>,
    warned: HashSet<Warning>,
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
                ..
            } => {
                summary.started = Some(*at);
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
            } => summary.run_errors.push(RunError {
                kind: *kind,
                message: message.clone(),
                detail: detail.clone(),
            }),
            Event::Warning { message, place } => {
                let warning = Warning {
                    message: message.clone(),
                    place: place.clone(),
                };
                if self.warned.insert(warning.clone()) {
                    summary.warnings.push(warning);
                }
            }
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
                    .of(Some(result.status)) += 1;
                self.keep_snippets(*scenario, *step, &result.snippets);
            }
            Event::ScenarioFinished {
                scenario,
                attempt,
                status,
                fault,
                will_be_retried,
                ..
            } => {
                let steps = self.running.remove(scenario).unwrap_or_default();
                if !will_be_retried {
                    self.finish_scenario(*scenario, *attempt, *status, fault.as_ref(), steps);
                }
            }
            Event::ScenarioNotRun { scenario, reason } => {
                if let Some(place) = self.catalogue.place(*scenario) {
                    self.not_run(place, reason);
                }
            }
            Event::FeaturePlanned { .. }
            | Event::StepDefinitions { .. }
            | Event::StepStarted { .. } => {}
        }
    }

    fn keep_snippets(&mut self, scenario: u32, step: u32, snippets: &[Snippet]) {
        let Some(place) = self.catalogue.place(scenario) else {
            return;
        };
        for (position, snippet) in snippets.iter().enumerate() {
            let here = (place.ordinal, step, position);
            match self.snippets.get_mut(snippet) {
                Some(first) => *first = here.min(*first),
                None => {
                    self.snippets.insert(snippet.clone(), here);
                }
            }
        }
    }

    /// Whether this is the first result of the scenario, which is the one that counts.
    fn set_result(&mut self, place: Place, result: Option<Status>) -> bool {
        let slot = place.ordinal as usize;
        if self.results.len() <= slot {
            self.results
                .resize(self.catalogue.len().max(slot + 1), None);
        }
        let first = self.results[slot].is_none();
        self.results[slot].get_or_insert(result);
        first
    }

    fn finish_scenario(
        &mut self,
        scenario: u32,
        attempt: u32,
        status: Status,
        fault: Option<&Fault>,
        steps: Counts,
    ) {
        let Some(place) = self.catalogue.place(scenario) else {
            return;
        };
        if cancelled(status, fault) {
            self.not_run(place, "the run was stopped while it ran");
            return;
        }
        let crashed = matches!(fault, Some(Fault::Crashed { .. }));
        let status = if crashed { Status::Failed } else { status };
        if !self.set_result(place, Some(status)) {
            return;
        }
        *self.summary.scenarios.of(Some(status)) += 1;
        self.summary.crashed += usize::from(crashed);
        self.summary.steps.add(&steps);
        let (feature, planned) = self.catalogue.at(place);
        let entry = || ScenarioEntry {
            scenario,
            uri: Arc::clone(&feature.uri),
            line: planned.location.line,
            name: Arc::clone(&planned.name),
            status,
            attempts: attempt.saturating_add(1),
        };
        if self.catalogue.fails(status) {
            self.failing.push((place, entry()));
        } else if status == Status::Passed && attempt > 0 {
            self.flaky.push((place, entry()));
        }
    }

    fn not_run(&mut self, place: Place, reason: &str) {
        if !self.set_result(place, None) {
            return;
        }
        self.summary.scenarios.not_run += 1;
        self.summary.steps.not_run += self.catalogue.at(place).1.steps.len();
        match self
            .summary
            .not_run
            .iter_mut()
            .find(|(known, _)| known == reason)
        {
            Some((_, count)) => *count += 1,
            None => self.summary.not_run.push((reason.to_owned(), 1)),
        }
    }

    /// The summary. A planned scenario of which no event gave a result was not run.
    #[must_use]
    pub fn finish(mut self) -> Summary {
        for place in self.places_without_result() {
            self.not_run(place, "the run ended without a result for it");
        }
        self.count_features();
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
        summary.snippets = snippets.into_iter().map(|(snippet, _)| snippet).collect();
        summary
    }

    fn places_without_result(&self) -> Vec<Place> {
        let scenarios = self
            .catalogue
            .features()
            .iter()
            .flat_map(|feature| &feature.scenarios);
        scenarios
            .filter_map(|scenario| self.catalogue.place(scenario.index))
            .filter(|place| {
                self.results
                    .get(place.ordinal as usize)
                    .copied()
                    .flatten()
                    .is_none()
            })
            .collect()
    }

    fn count_features(&mut self) {
        for feature in self.catalogue.features() {
            let mut own = Counts::default();
            let mut rules = vec![Counts::default(); feature.rules.len()];
            for scenario in &feature.scenarios {
                let Some(place) = self.catalogue.place(scenario.index) else {
                    continue;
                };
                let result = self
                    .results
                    .get(place.ordinal as usize)
                    .copied()
                    .flatten()
                    .flatten();
                *own.of(result) += 1;
                if let Some(rule) = scenario.rule.and_then(|rule| rules.get_mut(rule)) {
                    *rule.of(result) += 1;
                }
            }
            *self.summary.features.of(own.result()) += 1;
            for rule in rules.iter().filter(|rule| rule.total() > 0) {
                *self.summary.rules.of(rule.result()) += 1;
            }
        }
    }
}

impl Counts {
    fn add(&mut self, other: &Counts) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
        self.undefined += other.undefined;
        self.ambiguous += other.ambiguous;
        self.pending += other.pending;
        self.not_run += other.not_run;
    }
}

fn in_plan_order(mut entries: Vec<(Place, ScenarioEntry)>) -> Vec<ScenarioEntry> {
    entries.sort_by_key(|(place, _)| *place);
    entries.into_iter().map(|(_, entry)| entry).collect()
}
