//! Scenarios that hosts add while the run lasts: they get a number and a stable id, their steps are
//! matched, and then they run on the worker that added them.

use std::sync::Arc;

use bdd_protocol::{self as protocol, DocStringArgument, ScenarioAdded, StepContent};

use crate::event::Event;
use crate::gherkin::Dialect;
use crate::matching::match_request;
use crate::plan::{
    KeywordType, Location, OutlineRow, PlannedFeature, PlannedScenario, PlannedStep, StepArgument,
    StepWording, id_without_ordinal,
};

use super::Scheduler;

/// The id of the first `match` request for such scenarios; the others follow downwards. The requests for
/// the plan count from 0.
const FIRST_REQUEST: u32 = u32::MAX - 1;

impl Scheduler<'_> {
    pub(super) fn scenario_added(
        &mut self,
        serial: u32,
        added: ScenarioAdded,
    ) -> Result<(), String> {
        if self.matched.is_none() {
            return Err("it added a scenario before it was asked to run anything".to_owned());
        }
        let index = &self.context.index;
        let uri = &added.feature;
        let number = index.find_feature(uri).ok_or_else(|| {
            format!("it added a scenario to {uri}, which is not among the features of this run")
        })?;
        let feature = index.feature(number);
        let rules = feature.rules.iter();
        let rule = match added.rule {
            0 => None,
            line => Some(
                (rules.clone().position(|rule| rule.location.line == line)).ok_or_else(|| {
                    format!("it added a scenario to a rule in line {line} of {uri}, where none is")
                })?,
            ),
        };
        let key = added.key;
        let mut planned = planned(feature, rule, added);
        let base = id_without_ordinal(feature, &planned);
        let same = |one: &&PlannedScenario| id_without_ordinal(feature, one) == base;
        let in_plan = &self.context.plan.features[number].scenarios;
        let known = u32::try_from(in_plan.iter().filter(same).count()).unwrap_or(u32::MAX);
        let Some(id) = self.work.added_mut().new_id(serial, base, known) else {
            // Another process of the step program has added it.
            return Ok(());
        };
        planned.id = id.into();
        let shown_rule = rule.and_then(|rule| feature.rules.get(rule)).cloned();
        let uri = feature.uri.clone();
        planned.index = self.context.index.append(number, planned.clone());
        let scenario = planned.index;
        self.work.claim_added(scenario);
        self.work.added_mut().note(scenario, serial, key);
        let questions = match &mut self.matched {
            Some(matched) => matched.learn(&uri, &planned),
            None => Vec::new(),
        };
        (self.emit)(Event::ScenarioAdded {
            uri,
            rule: shown_rule,
            planned: Box::new(planned),
        });
        if !questions.is_empty() {
            let added = self.work.added_mut();
            let request = added.ask(serial, scenario, questions.clone());
            let id = FIRST_REQUEST.saturating_sub(request);
            self.workers.send(serial, match_request(id, &questions));
        } else if !self.work.added_mut().wait_with_last(scenario) {
            self.admit(serial, scenario);
        }
        Ok(())
    }

    /// Takes the answer to a `match` request for such scenarios; false when it is not one.
    pub(super) fn added_matched(
        &mut self,
        serial: u32,
        id: u32,
        matches: &[Vec<protocol::Match>],
    ) -> Result<bool, String> {
        let request = FIRST_REQUEST.saturating_sub(id);
        let pending = self.work.added_mut().take(serial, request, matches.len());
        let (Some(pending), Some(matched)) = (pending, &mut self.matched) else {
            return Ok(false);
        };
        for (question, found) in pending.questions.iter().zip(matches) {
            matched.add(question, found)?;
        }
        for scenario in pending.scenarios {
            self.admit(serial, scenario);
        }
        Ok(true)
    }

    /// Lets a scenario run on the worker that added it, or on another if that worker takes no more work.
    fn admit(&mut self, serial: u32, scenario: u32) {
        match self.stopping.reason().map(str::to_owned) {
            Some(reason) => self.not_run(scenario, &reason),
            None if self.workers.can_work(serial) => self.work.reserve(serial, scenario),
            None => self.requeue(&[scenario]),
        }
    }

    /// Reports the scenarios that waited for an answer of a worker that is gone.
    pub(super) fn forget_added(&mut self, serial: u32) {
        for scenario in self.work.added_mut().forget(serial) {
            self.not_run(scenario, "the worker that added it ended");
        }
    }
}

/// The scenario in the form of a planned one, without number and id.
fn planned(feature: &PlannedFeature, rule: Option<usize>, added: ScenarioAdded) -> PlannedScenario {
    let location = |line| Location { line, column: 0 };
    let of_rule = rule.and_then(|rule| feature.rules.get(rule));
    let inherited = of_rule.into_iter().flat_map(|rule| &rule.tags);
    let inherited = feature.tags.iter().chain(inherited).cloned();
    let own = added.tags.into_iter().map(Into::into);
    let dialect = Dialect::find(&feature.language).unwrap_or_else(Dialect::english);
    let keyword = match added.outline {
        Some(_) => dialect.scenario_outline,
        None => dialect.scenario,
    };
    let row = added.outline.map(|outline| {
        Box::new(OutlineRow {
            outline: outline.name.into(),
            outline_line: outline.line,
            examples: outline.examples.into(),
            header: Arc::new(outline.header.into_iter().collect()),
            cells: added.row.into_iter().collect(),
        })
    });
    let mut kind = KeywordType::Unknown;
    let mut tags: Vec<_> = inherited.collect();
    for tag in own {
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    PlannedScenario {
        index: 0,
        id: "".into(),
        keyword: keyword.first().copied().unwrap_or_default().into(),
        name: added.name.into(),
        description: "".into(),
        row,
        location: location(added.line),
        tags: tags.into(),
        rule,
        steps: (added.steps.into_iter())
            .map(|step| {
                kind = keyword_type(dialect, &step.keyword, kind);
                planned_step(step, kind)
            })
            .collect(),
    }
}

fn planned_step(step: StepContent, keyword_type: KeywordType) -> PlannedStep {
    PlannedStep::new(
        StepWording {
            keyword: format!("{} ", step.keyword).into(),
            keyword_type,
            text: step.text.into(),
            arguments: step_arguments(step.table, step.docstring),
            background: false,
        },
        Location {
            line: step.line,
            column: step.column,
        },
    )
}

/// What a host has below a step.
pub(super) fn step_arguments(
    table: Option<Vec<Vec<String>>>,
    docstring: Option<DocStringArgument>,
) -> Vec<StepArgument> {
    let table = table.map(|rows| StepArgument::Table(rows.into_iter().collect()));
    let docstring = docstring.map(|docstring| StepArgument::DocString {
        media_type: docstring.media_type.map(Into::into),
        content: docstring.content.into(),
    });
    table.into_iter().chain(docstring).collect()
}

/// The type of a keyword. `before` is the type of the step before, for a conjunction.
fn keyword_type(dialect: &Dialect, keyword: &str, before: KeywordType) -> KeywordType {
    let has = |keywords: &[&str]| keywords.iter().any(|one| one.trim_end() == keyword);
    let kinds = [
        (dialect.given, KeywordType::Context),
        (dialect.when, KeywordType::Action),
        (dialect.then, KeywordType::Outcome),
    ];
    let mut kinds = kinds.into_iter().filter(|(keywords, _)| has(keywords));
    match (kinds.next(), kinds.next()) {
        _ if keyword == "*" => KeywordType::Unknown,
        (Some((_, kind)), None) => kind,
        (Some(_), Some(_)) => KeywordType::Unknown,
        (None, _) => before,
    }
}
