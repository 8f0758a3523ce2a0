//! A step: its hooks, how it ends, and what is done while it runs.

use bdd_protocol::{FromWorker, RunScenario, StepStatus};

use super::super::rules;
use super::hooks::Went;
use super::position::{rank, worse};
use super::{AtStep, Go, Session, Stop};

impl Session<'_> {
    /// Reads a step: how it went, how long it took, and whether it was left.
    pub(super) fn step(
        &mut self,
        scenario: &RunScenario,
        position: u32,
        worst: StepStatus,
    ) -> Go<(StepStatus, u64, bool)> {
        let named = format!("step {position} of scenario {}", scenario.scenario);
        let message = self.take(&format!("the start of {named}"))?;
        match message {
            FromWorker::StepStarted {
                scenario: one,
                step,
                ..
            } if (one, step) == (scenario.scenario, position) => {}
            FromWorker::StepLeftOut {
                scenario: one,
                step,
                ..
            } if (one, step) == (scenario.scenario, position) => {
                self.seen.departures += 1;
                return Ok((StepStatus::Passed, 0, false));
            }
            other => return Err(self.not_this_step(scenario, &named, worst, &other)),
        }
        self.position.step = Some(position);
        self.position.calls += 1;
        self.position.step_call = self.position.calls;
        let before = self.hooks(&scenario.before_step, false)?;
        self.step_runs();
        let after = match scenario.after_step.is_empty() {
            true => Went::default(),
            false => self.hooks(&scenario.after_step, false)?,
        };
        let message = self.take(&format!("the end of {named}"))?;
        self.extras_are_over(&message)?;
        self.position.step = None;
        let (status, nanos, error) = match &message {
            FromWorker::StepFinished {
                scenario: one,
                step,
                status,
                nanos,
                error,
                ..
            } if (*one, *step) == (scenario.scenario, position) => (*status, *nanos, error),
            FromWorker::StepFinished { .. } => {
                let detail = format!("{named} runs");
                return Err(self.fail(&rules::FINISHED_OTHER_STEP, Some(&message), detail));
            }
            FromWorker::HookStarted { hook, .. } => {
                let detail = format!("{named} runs");
                return Err(self.fail(self.hook_rule(*hook), Some(&message), detail));
            }
            _ => {
                let detail = format!("{named} has not finished");
                return Err(self.fail(&rules::STEP_NOT_FINISHED, Some(&message), detail));
            }
        };
        self.seen.steps += 1;
        self.duration(nanos, 0, &message);
        let hooks = worse(before.status(), after.status());
        let must_be = (!before.all_passed()).then_some(hooks);
        if rank(status) < rank(hooks) || must_be.is_some_and(|must| must != status) {
            let detail = format!("its hooks are {hooks:?}").to_lowercase();
            self.note(&rules::STEP_STATUS, Some(&message), detail);
        }
        let left = self.left(self.position.step_call);
        if let Some(leaving) = &left {
            let failed = status == StepStatus::Failed;
            self.check_left(leaving, error.as_deref(), failed, &message)?;
        }
        self.nested_is_over(status, &message);
        Ok((status, nanos, left.is_some()))
    }

    /// Does what is to be done while a step runs.
    fn step_runs(&mut self) {
        match self.at_step.take() {
            Some(AtStep::BreakOff) if self.seen.left == 0 => {
                self.break_off(self.position.calls + 1000);
                self.break_off(self.position.step_call);
                self.at_step = Some(AtStep::BreakOff);
            }
            Some(AtStep::BreakOff) => {}
            Some(AtStep::Cancel) => self.cancel(),
            None => {}
        }
    }

    fn not_this_step(
        &self,
        scenario: &RunScenario,
        named: &str,
        worst: StepStatus,
        message: &FromWorker,
    ) -> Stop {
        let rule = match message {
            FromWorker::StepStarted { .. } | FromWorker::StepLeftOut { .. } => &rules::STEP_ORDER,
            FromWorker::HookStarted { hook, .. } if !scenario.after.contains(hook) => {
                self.hook_rule(*hook)
            }
            FromWorker::StepFinished { .. } => &rules::FINISHED_OTHER_STEP,
            FromWorker::ScenarioStarted { .. } => &rules::SCENARIO_NOT_FINISHED,
            _ if worst == StepStatus::Failed => &rules::CONTINUE_AFTER_FAILURE,
            _ => &rules::STEP_LEFT_OUT,
        };
        self.fail(rule, Some(message), format!("next is {named}"))
    }
}
