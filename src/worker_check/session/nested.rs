//! Steps that a step asks for: matched and answered as in a run.

use bdd_protocol::{FromWorker, Match, RunStep, StepStatus, ToWorker};

use super::super::known::MatchQuestion;
use super::super::line::Quiet;
use super::super::rules;
use super::{Go, Session};
use crate::gherkin::Dialect;
use crate::plan::{PlannedStep, steps_of};

/// The error that a refused step gets.
const REFUSED: &str = "worker-check does not let these steps run";

impl Session<'_> {
    /// Answers a step that asks for steps.
    pub(super) fn run_steps(&mut self, text: &str, message: &FromWorker) -> Go {
        if self.position.step.is_none() || self.position.hook.is_some() {
            let detail = match self.position.hook {
                Some(_) => "a hook runs",
                None => "no step runs",
            };
            return Err(self.fail(&rules::RUN_STEPS_OUTSIDE, Some(message), detail));
        }
        if let Some(scenario) = self.position.scenario
            && !self.seen.nested.contains(&scenario)
        {
            self.seen.nested.push(scenario);
        }
        let answer = match self.refuses_nested {
            true => Err(REFUSED.to_owned()),
            false => self.nested_steps(text, message)?,
        };
        self.position.nested_refused |= answer.is_err();
        let (steps, error) = match answer {
            Ok(steps) => (steps, None),
            Err(error) => (Vec::new(), Some(error)),
        };
        self.line.send(ToWorker::Steps { steps, error });
        Ok(())
    }

    fn nested_steps(
        &mut self,
        text: &str,
        message: &FromWorker,
    ) -> Go<Result<Vec<RunStep>, String>> {
        let known = self.books.known.borrow();
        let language = known.language(self.position.blocks.uri()).to_owned();
        let own_kinds = known.has_own_kinds();
        drop(known);
        let dialect = Dialect::find(&language).unwrap_or_else(Dialect::english);
        let steps = match steps_of(text, dialect) {
            Ok(steps) => steps,
            Err(errors) => {
                let errors: Vec<String> = errors.iter().map(|error| error.text()).collect();
                return Ok(Err(errors.join("\n")));
            }
        };
        let own = match own_kinds && !steps.is_empty() {
            true => self.nested_matches(&steps, message)?,
            false => vec![Vec::new(); steps.len()],
        };
        let known = self.books.known.borrow();
        let answers = steps.iter().zip(&own);
        Ok(answers.map(|(step, own)| known.step(step, own)).collect())
    }

    /// Has the program match the steps while it waits for them.
    fn nested_matches(&mut self, steps: &[PlannedStep], asked: &FromWorker) -> Go<Vec<Vec<Match>>> {
        let id = self.match_id();
        let uri = self.position.blocks.uri().to_owned();
        let known = self.books.known.borrow();
        let questions = steps.iter().map(|step| known.question(step, &uri));
        let questions: Vec<MatchQuestion> = questions.collect();
        drop(known);
        self.send_match(id, &questions);
        loop {
            let message = match self.line.hear() {
                Ok(message) => message,
                Err(Quiet::Gone) => {
                    return Err(self.gone("where the answer to a `match` should come"));
                }
                Err(Quiet::Silence) => {
                    let detail = "it did not answer a `match` while it waited";
                    return Err(self.fail(&rules::NESTED_MATCH, Some(asked), detail));
                }
            };
            match &message {
                FromWorker::Matched { id: one, matches } if *one == id => {
                    self.check_matches(&questions, matches, &message)?;
                    return Ok(matches.clone());
                }
                FromWorker::Matched { .. }
                | FromWorker::Cancelled { .. }
                | FromWorker::BreakingOff { .. } => {
                    self.side(message)?;
                }
                _ => {
                    let detail = "it has sent `run_steps` and got no answer yet";
                    return Err(self.fail(&rules::RUN_STEPS_WAITS, Some(&message), detail));
                }
            }
        }
    }

    /// A step has ended: one whose steps were refused has failed.
    pub(super) fn nested_is_over(&mut self, status: StepStatus, message: &FromWorker) {
        if std::mem::take(&mut self.position.nested_refused) && status != StepStatus::Failed {
            let detail = "the steps that it asked for were answered by an error";
            self.note(&rules::NESTED_ERROR, Some(message), detail);
        }
    }
}
