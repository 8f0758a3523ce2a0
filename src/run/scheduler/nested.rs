//! Steps that a step runs from text. They are parsed and matched here, and the worker runs them inside of the
//! step.

use bdd_protocol::{self as protocol, RunStep, ToWorker};

use crate::gherkin::Dialect;
use crate::matching::{Resolution, match_request};
use crate::plan::{PlannedStep, steps_of};

use super::super::matched::MatchedPlan;
use super::Scheduler;

/// The id of a `match` request for such steps. A worker has one of them at a time, and none while
/// it matches the plan.
const REQUEST: u32 = u32::MAX;

impl Scheduler<'_> {
    pub(super) fn steps_wanted(&mut self, serial: u32, text: &str) -> Result<(), String> {
        let Some(matched) = &mut self.matched else {
            return Err("it asked for steps before it was sent any".to_owned());
        };
        let in_hook = self.attempts.hook(serial).is_some();
        let attempt = self.attempts.attempt(serial).filter(|_| !in_hook);
        let Some(attempt) = attempt.filter(|attempt| attempt.running_step().is_some()) else {
            return Err("it asked for steps while no step ran".to_owned());
        };
        let index = &self.context.index;
        let feature = index.feature(index.feature_of(attempt.scenario()));
        if self.attempts.is_matching(serial) {
            return Err("it asked for steps while it was to match others".to_owned());
        }
        let dialect = Dialect::find(&feature.language).unwrap_or_else(Dialect::english);
        let steps = match steps_of(text, dialect) {
            Ok(steps) => steps,
            Err(errors) => {
                let problems = errors
                    .iter()
                    .map(|error| problem(error.location.line, &error.text()));
                self.workers.send(serial, answer(Err(problems.collect())));
                return Ok(());
            }
        };
        if matched.has_own_kinds() && !steps.is_empty() {
            let questions = steps
                .iter()
                .map(|step| matched.question(&feature.uri, step));
            let questions: Vec<_> = questions.collect();
            self.workers
                .send(serial, match_request(REQUEST, &questions));
            self.attempts.await_matches(serial, steps);
        } else {
            let none = vec![Vec::new(); steps.len()];
            let answer = answer(resolved(&steps, &none, matched)?);
            self.workers.send(serial, answer);
        }
        Ok(())
    }

    /// Takes the answer to a `match` request for such steps; false when it is not one.
    pub(super) fn nested_matched(
        &mut self,
        serial: u32,
        id: u32,
        matches: &[Vec<protocol::Match>],
    ) -> Result<bool, String> {
        let Some(matched) = self.matched.as_mut().filter(|_| id == REQUEST) else {
            return Ok(false);
        };
        let Some(steps) = self.attempts.take_matching(serial, matches.len()) else {
            return Ok(false);
        };
        let answer = answer(resolved(&steps, matches, matched)?);
        self.workers.send(serial, answer);
        Ok(true)
    }
}

/// The steps to run, or their problems, one paragraph each.
type Answer = Result<Vec<RunStep>, Vec<String>>;

fn answer(answer: Answer) -> ToWorker {
    let (steps, error) = match answer {
        Ok(steps) => (steps, None),
        Err(problems) => (Vec::new(), Some(problems.join("\n"))),
    };
    ToWorker::Steps { steps, error }
}

/// Resolves the steps; `own` has the matches of the worker for each step.
///
/// # Errors
/// When the worker names a definition that it did not declare.
fn resolved(
    steps: &[PlannedStep],
    own: &[Vec<protocol::Match>],
    matched: &mut MatchedPlan,
) -> Result<Answer, String> {
    let (mut runs, mut problems) = (Vec::new(), Vec::new());
    for (step, own) in steps.iter().zip(own) {
        match matched.resolve_alone(step, own)? {
            Resolution::Matched(found) => runs.push(matched.run_step(step, &found)),
            Resolution::Undefined => {
                let mut said = format!("no step definition matches `{}`", step.text);
                if let Some(hint) = matched.hint(step) {
                    said += &format!("; {hint}");
                }
                if let Some(snippet) = matched.snippet(step) {
                    said += &format!("; define it, such as with\n\n{}\n", snippet.code);
                }
                problems.push(problem(step.location.line, &said));
            }
            Resolution::Ambiguous(candidates) => {
                let mut said = format!("several step definitions match `{}`:", step.text);
                for candidate in candidates {
                    said += &format!("\n  {}", matched.definition(candidate));
                }
                problems.push(problem(step.location.line, &said));
            }
        }
    }
    Ok(if problems.is_empty() {
        Ok(runs)
    } else {
        Err(problems)
    })
}

fn problem(line: u32, what: &str) -> String {
    format!("line {line} of the steps: {what}")
}
