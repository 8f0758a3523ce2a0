//! Steps that a step runs from text: parsed and matched here, run by the worker inside of the step.

use bdd_protocol::{self as protocol, RunStep, ToWorker};

use crate::gherkin::Dialect;
use crate::matching::Resolution;
use crate::plan::{PlannedStep, steps_of};

use super::super::crew::Member;
use super::super::script::Script;
use super::Scheduler;

/// The id of a `match` request for such steps. A worker has one of them at a time, and none while
/// it matches the plan.
const REQUEST: u32 = u32::MAX;

impl Scheduler<'_> {
    pub(super) fn steps_wanted(&mut self, serial: u32, text: &str) -> Result<(), String> {
        let (Some(member), Some(script)) = (self.crew.get_mut(&serial), &mut self.script) else {
            return Err("it asked for steps before it was sent any".to_owned());
        };
        let attempt = member.attempt.as_ref().filter(|attempt| attempt.in_step);
        let Some(attempt) = attempt.filter(|_| member.hook.is_none()) else {
            return Err("it asked for steps while no step ran".to_owned());
        };
        if member.nested.is_some() {
            return Err("it asked for steps while it was to match others".to_owned());
        }
        let feature = self.cast.feature(self.cast.feature_of(attempt.scenario));
        let dialect = Dialect::find(&feature.language).unwrap_or_else(Dialect::english);
        let steps = match steps_of(text, dialect) {
            Ok(steps) => steps,
            Err(errors) => {
                let problems = errors
                    .iter()
                    .map(|error| problem(error.location.line, &error.text()));
                answer(member, Err(problems.collect()));
                return Ok(());
            }
        };
        if script.has_own_kinds() && !steps.is_empty() {
            let texts = steps.iter().map(|step| step.text.to_string()).collect();
            member.send(ToWorker::Match {
                id: REQUEST,
                texts,
                keywords: Vec::new(),
                uris: Vec::new(),
                below: Vec::new(),
            });
            member.nested = Some(steps);
        } else {
            let none = vec![Vec::new(); steps.len()];
            answer(member, resolved(&steps, &none, script)?);
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
        let (Some(member), Some(script)) = (self.crew.get_mut(&serial), &mut self.script) else {
            return Ok(false);
        };
        if id != REQUEST {
            return Ok(false);
        }
        let fits = |steps: &mut Vec<PlannedStep>| steps.len() == matches.len();
        let Some(steps) = member.nested.take_if(fits) else {
            return Ok(false);
        };
        answer(member, resolved(&steps, matches, script)?);
        Ok(true)
    }
}

/// The steps to run, or all that is wrong with them, a paragraph each.
type Answer = Result<Vec<RunStep>, Vec<String>>;

fn answer(member: &Member, answer: Answer) {
    let (steps, error) = match answer {
        Ok(steps) => (steps, None),
        Err(problems) => (Vec::new(), Some(problems.join("\n"))),
    };
    member.send(ToWorker::Steps { steps, error });
}

/// `own` is for each step what the worker itself has matched.
///
/// # Errors
/// When it has matched with what it did not declare.
fn resolved(
    steps: &[PlannedStep],
    own: &[Vec<protocol::Match>],
    script: &mut Script,
) -> Result<Answer, String> {
    let (mut runs, mut problems) = (Vec::new(), Vec::new());
    for (step, own) in steps.iter().zip(own) {
        match script.resolve_alone(step, own)? {
            Resolution::Matched(found) => runs.push(script.run_step(step, &found)),
            Resolution::Undefined => {
                let mut said = format!("no step definition matches `{}`", step.text);
                if let Some(snippet) = script.snippet(step) {
                    said += &format!("; define it, such as with\n\n{}\n", snippet.code);
                }
                problems.push(problem(step.location.line, &said));
            }
            Resolution::Ambiguous(candidates) => {
                let mut said = format!("several step definitions match `{}`:", step.text);
                for candidate in candidates {
                    said += &format!("\n  {}", script.definition(candidate));
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
