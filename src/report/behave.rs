//! The results for the process of `bdd behave` that prints: one line of JSON for each piece of news.
//!
//! What behave shows is in the notes of the workers. The process learns here which scenarios are planned, which have
//! begun and ended, and how those ended of which a worker could note nothing.

use std::io::{self, Write as _};

use serde_json::{Value, json};

use super::attempt::{Attempt, Outcome};
use super::catalogue::Catalogue;
use super::output::Output;
use super::{Finish, Reporter, Summary, visible};
use crate::event::{Event, RunErrorKind, StepError};
use crate::plan::{PlannedRule, PlannedScenario};

/// Sends the results.
pub(super) struct BehaveReporter {
    output: Output,
    has_begun: bool,
    is_problem: bool,
}

impl BehaveReporter {
    pub(super) fn new(output: Output) -> Self {
        Self {
            output,
            has_begun: false,
            is_problem: false,
        }
    }

    fn send(&mut self, message: &Value) -> io::Result<()> {
        writeln!(self.output, "{message}")?;
        self.output.flush()
    }

    /// What bdd has noticed, for standard error.
    fn note(&mut self, kind: &str, message: &str) -> io::Result<()> {
        let text = format!("{kind}: {}", visible(message));
        self.send(&json!({ "type": "note", "text": text }))
    }

    fn run_error(&mut self, kind: RunErrorKind, message: &str) -> io::Result<()> {
        match kind {
            // The command prints it.
            RunErrorKind::StepProgram => {
                self.is_problem = true;
                Ok(())
            }
            RunErrorKind::Interrupted => Ok(()),
            // behave itself prints it.
            RunErrorKind::Aborted | RunErrorKind::Fixture | RunErrorKind::Hook => Ok(()),
            _ => self.note("error", message),
        }
    }

    /// Says that the plan is complete, once.
    fn begin(&mut self) -> io::Result<()> {
        match std::mem::replace(&mut self.has_begun, true) {
            true => Ok(()),
            false => self.send(&json!({ "type": "begins" })),
        }
    }
}

impl Reporter for BehaveReporter {
    fn event(&mut self, event: &Event, _: &Catalogue) -> io::Result<()> {
        match event {
            Event::FeaturePlanned { feature } => {
                let scenarios = feature.scenarios.iter();
                let scenarios: Vec<(u32, u32)> = scenarios
                    .map(|scenario| (scenario.index, scenario.location.line))
                    .collect();
                self.send(&json!({
                    "type": "planned",
                    "uri": feature.uri,
                    "scenarios": scenarios,
                }))
            }
            Event::ScenarioAdded { uri, rule, planned } => {
                self.begin()?;
                self.send(&added(uri, rule.as_ref(), planned))
            }
            Event::ScenarioStarted { scenario, .. } => {
                self.begin()?;
                self.send(&json!({ "type": "started", "scenario": scenario }))
            }
            Event::ScenarioNotRun { scenario, .. } => {
                self.begin()?;
                self.send(&json!({ "type": "ended", "scenario": scenario, "status": "not_run" }))
            }
            Event::StepDefinitions { .. } | Event::HookStarted { .. } => self.begin(),
            Event::ParseError {
                uri,
                diagnostic,
                follows: false,
                ..
            } => self.send(&json!({ "type": "unparsed", "uri": uri, "message": diagnostic })),
            // Before the run, warnings with a place are about Gherkin that only behave reads.
            Event::Warning { message, place, .. } if self.has_begun || place.is_none() => {
                self.note("warning", message)
            }
            Event::RunError { kind, message, .. } => self.run_error(*kind, message),
            _ => Ok(()),
        }
    }

    fn attempt(&mut self, finish: Finish<'_>, catalogue: &Catalogue) -> io::Result<()> {
        let attempt = finish.attempt;
        if attempt.will_be_retried {
            return Ok(());
        }
        let (_, scenario) = catalogue.at(attempt.place);
        self.begin()?;
        self.send(&ended(scenario.index, attempt))
    }

    fn finish(&mut self, _: &Summary, _: &Catalogue) -> io::Result<()> {
        let is_problem = self.is_problem;
        self.send(&json!({ "type": "end", "is_problem": is_problem }))
    }
}

/// A scenario that a hook has added.
fn added(uri: &str, rule: Option<&PlannedRule>, planned: &PlannedScenario) -> Value {
    let row = planned.row.as_ref().map(|row| {
        json!({
            "outline": row.outline_line,
            "examples": row.examples,
            "cells": row.cells,
        })
    });
    json!({
        "type": "added",
        "uri": uri,
        "scenario": planned.index,
        "line": planned.location.line,
        "rule": rule.map(|rule| rule.location.line),
        "keyword": planned.keyword,
        "name": planned.name,
        "tags": planned.tags,
        "row": row,
    })
}

fn ended(scenario: u32, attempt: &Attempt) -> Value {
    let steps: Vec<Value> = attempt.steps.iter().map(step).collect();
    let mut of_hooks = attempt.hooks.iter().filter_map(|hook| hook.error.as_ref());
    let problem = attempt.errors.first().or_else(|| of_hooks.next());
    json!({
        "type": "ended",
        "scenario": scenario,
        "status": attempt.status,
        "steps": steps,
        "error": problem.map(error),
    })
}

fn step(outcome: &Outcome) -> Value {
    json!({
        "status": outcome.status,
        "nanos": outcome.nanos,
        "error": outcome.error().map(error),
    })
}

fn error(error: &StepError) -> Value {
    json!({ "kind": error.kind, "message": error.message, "trace": error.trace })
}
