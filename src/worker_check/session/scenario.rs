//! A scenario: its attempts, its steps, and what may come at each place.

use bdd_protocol::{FeatureInfo, FromWorker, RunScenario, StepStatus};

use super::super::rules;
use super::answers::now;
use super::hooks::Went;
use super::position::worse;
use super::{Go, Session, Stop};

/// How an attempt ended.
struct ObservedEnd {
    failed: bool,
    retried: bool,
    /// Whether it is the suite itself that retries.
    by_suite: bool,
}

impl Session<'_> {
    /// Reads the next scenario, unless it is given back.
    pub(super) fn scenario(&mut self, feature: &FeatureInfo, scenario: RunScenario) -> Go {
        let front = Some(scenario.scenario);
        let named = format!("scenario {} (`{}`)", scenario.scenario, scenario.name);
        let awaited = format!("the start of {named}");
        if self.position.retiring {
            return self.is_given_back(&awaited);
        }
        if !self.peek(&awaited, front)? || self.is_skipped_by_host(&scenario)? {
            return Ok(());
        }
        self.enter_feature(feature)?;
        if !self.peek(&awaited, front)? || self.is_skipped_by_host(&scenario)? {
            return Ok(());
        }
        self.enter_rule(scenario.rule.as_ref())?;
        if !self.peek(&awaited, front)? || self.is_skipped_by_host(&scenario)? {
            return Ok(());
        }
        if let Some(hook) = self.position.blocks.refused() {
            return self.skipped(&scenario, hook);
        }
        let mut attempt = scenario.attempt;
        loop {
            let first = attempt == scenario.attempt;
            self.starts(&scenario, attempt, first)?;
            let ended = self.attempt(&scenario, attempt)?;
            if !ended.retried {
                return Ok(());
            }
            self.seen.retries += 1;
            let rule = match () {
                () if !ended.failed => Some(&rules::RETRIED_WITHOUT_FAILURE),
                () if !ended.by_suite && attempt - scenario.attempt >= scenario.retries => {
                    Some(&rules::RETRIED_TOO_OFTEN)
                }
                () => None,
            };
            if let Some(rule) = rule {
                let detail = format!("{named} has `retries` {}", scenario.retries);
                return Err(self.fail(rule, None, detail));
            }
            attempt += 1;
        }
    }

    /// A worker that retires gives the scenario back.
    fn is_given_back(&mut self, awaited: &str) -> Go {
        self.cancel();
        if self.is_withdrawn(awaited)? {
            return Ok(());
        }
        let message = self.take(awaited)?;
        let detail = "it has sent `retiring`";
        Err(self.fail(&rules::RETIRED_RUNS, Some(&message), detail))
    }

    /// Reads that a scenario is skipped because of a hook.
    fn skipped(&mut self, scenario: &RunScenario, because: u32) -> Go {
        let message = self.take("`scenario_skipped`")?;
        let named = self.books.known.borrow().hook(because);
        let detail = format!("{named} did not pass");
        match &message {
            FromWorker::ScenarioSkipped {
                scenario: number,
                hook,
                ..
            } if *number == scenario.scenario => {
                self.todo.pop_front();
                match *hook == Some(because) {
                    true => Ok(()),
                    false => Err(self.fail(&rules::SKIPPED_BY_OTHER_HOOK, Some(&message), detail)),
                }
            }
            FromWorker::HookStarted { hook, .. } => {
                Err(self.fail(self.hook_rule(*hook), Some(&message), detail))
            }
            FromWorker::ScenarioStarted { .. } => {
                Err(self.fail(&rules::RUNS_THOUGH_REFUSED, Some(&message), detail))
            }
            _ => Err(self.fail(&rules::SCENARIO_ORDER, Some(&message), detail)),
        }
    }

    /// Reads the start of an attempt.
    fn starts(&mut self, scenario: &RunScenario, attempt: u32, first: bool) -> Go {
        let named = format!("scenario {}, attempt {attempt}", scenario.scenario);
        let message = self.take(&format!("the start of {named}"))?;
        let detail = format!("next is the start of {named}");
        match &message {
            FromWorker::ScenarioStarted {
                scenario: number,
                attempt: sent,
                at,
                output,
            } if *number == scenario.scenario && *sent == attempt => {
                self.output(*output, &message);
                self.start_time(*at, &message);
                if first {
                    self.todo.pop_front();
                    self.kept(*at, &message);
                }
                self.position.blocks.scenario_starts();
                self.position.scenario_starts(*number);
                Ok(())
            }
            _ if !first => Err(self.fail(&rules::RETRY_FOLLOWS, Some(&message), detail)),
            other => Err(self.not_this_start(scenario.scenario, other, detail)),
        }
    }

    fn not_this_start(&self, scenario: u32, message: &FromWorker, detail: String) -> Stop {
        let rule = match message {
            FromWorker::ScenarioStarted { scenario: one, .. } if *one == scenario => {
                &rules::ATTEMPT_NUMBER
            }
            FromWorker::ScenarioStarted { scenario: one, .. } if self.asked.gave_back(*one) => {
                &rules::CANCELLED_RUNS
            }
            FromWorker::ScenarioSkipped { .. } => &rules::SKIPPED_WITHOUT_REASON,
            FromWorker::HookStarted { hook, .. } => self.hook_rule(*hook),
            FromWorker::StepStarted { scenario: one, .. } if *one == scenario => {
                &rules::SCENARIO_NOT_STARTED
            }
            FromWorker::ScenarioFinished { scenario: one, .. } if *one == scenario => {
                &rules::SCENARIO_NOT_STARTED
            }
            _ => &rules::SCENARIO_ORDER,
        };
        self.fail(rule, Some(message), detail)
    }

    /// Scenarios that start after the worker has given others back were kept, except for the one that it had
    /// just taken. Their start is compared by time: its message may be delayed, and an answer is not.
    fn kept(&mut self, at: u64, message: &FromWorker) {
        let Some(answered) = self.asked.given_back_at().filter(|answered| at > *answered) else {
            return;
        };
        self.asked.kept += 1;
        if self.asked.kept > 1 {
            let later = at - answered;
            let detail =
                format!("it started {later} µs after the answer to `cancel`, as the second");
            self.note(&rules::CANCEL_KEEPS, Some(message), detail);
        }
    }

    /// Reads an attempt from after its start to its end.
    fn attempt(&mut self, scenario: &RunScenario, attempt: u32) -> Go<ObservedEnd> {
        let before = self.hooks(&scenario.before, true)?;
        let mut worst = before.status();
        let mut goes_on = before.all_passed();
        let mut nanos = 0;
        for (position, _) in (0u32..).zip(&scenario.steps) {
            if !goes_on || self.host_has_ended_steps()? {
                break;
            }
            let (status, took, was_left) = self.step(scenario, position, worst)?;
            nanos += took;
            worst = worse(worst, status);
            if status == StepStatus::Failed && position + 1 < steps_of(scenario) {
                self.seen.failed_early.push(scenario.scenario);
            }
            goes_on = match status {
                StepStatus::Passed => true,
                StepStatus::Failed => scenario.continue_after_failure && !was_left,
                _ => false,
            };
            if was_left {
                self.none_after_left()?;
            }
        }
        let after = match scenario.after.is_empty() {
            true => Went::default(),
            false => {
                self.steps_are_over(scenario, &before)?;
                self.hooks(&scenario.after, false)?
            }
        };
        self.steps_are_over(scenario, &before)?;
        worst = worse(worse(worst, after.status()), self.position.departed);
        self.ends(scenario, attempt, worst, nanos)
    }

    /// Checks that what comes after the steps is not a step.
    fn steps_are_over(&mut self, scenario: &RunScenario, before: &Went) -> Go {
        self.peek("the end of the scenario", None)?;
        let Some(message @ FromWorker::StepStarted { step, .. }) = &self.next else {
            return Ok(());
        };
        let known = scenario.steps.len() > *step as usize;
        let (rule, detail) = match (before.worst(), known) {
            (Some((hook, _)), _) => {
                let named = self.books.known.borrow().hook(hook);
                (&rules::STEP_AFTER_REFUSAL, format!("{named} did not pass"))
            }
            (None, false) => (
                &rules::STEP_ORDER,
                format!("the scenario has {} steps", scenario.steps.len()),
            ),
            (None, true) => (
                &rules::STEP_AFTER_END,
                "a step before it did not pass, or this one is over".to_owned(),
            ),
        };
        Err(self.fail(rule, Some(message), detail))
    }

    fn none_after_left(&mut self) -> Go {
        self.peek("the end of the scenario", None)?;
        match &self.next {
            Some(message @ FromWorker::StepStarted { .. }) => {
                let detail = "the step before it was left";
                Err(self.fail(&rules::BREAK_OFF_GOES_ON, Some(message), detail))
            }
            _ => Ok(()),
        }
    }

    /// Reads the end of an attempt.
    fn ends(
        &mut self,
        scenario: &RunScenario,
        attempt: u32,
        worst: StepStatus,
        steps: u64,
    ) -> Go<ObservedEnd> {
        let number = scenario.scenario;
        let message = self.take(&format!("the end of scenario {number}"))?;
        self.extras_are_over(&message)?;
        let detail = format!("scenario {number}, attempt {attempt}, has not finished");
        match &message {
            FromWorker::ScenarioFinished {
                scenario: one,
                attempt: sent,
                nanos,
                output,
                errors,
                will_be_retried,
                own_retry,
                ..
            } if (*one, *sent) == (number, attempt) => {
                self.output(*output, &message);
                self.duration(*nanos, steps, &message);
                self.position.scenario = None;
                self.seen.slowest = self.seen.slowest.max(Some((*nanos, number)));
                let failed = worst == StepStatus::Failed || !errors.is_empty();
                let status = if failed { StepStatus::Failed } else { worst };
                self.seen.statuses.insert(number, status);
                Ok(ObservedEnd {
                    failed,
                    retried: *will_be_retried,
                    by_suite: *own_retry,
                })
            }
            FromWorker::ScenarioFinished { .. } => {
                Err(self.fail(&rules::FINISHED_OTHER_SCENARIO, Some(&message), detail))
            }
            FromWorker::HookStarted { hook, .. } => {
                Err(self.fail(self.hook_rule(*hook), Some(&message), detail))
            }
            _ => Err(self.fail(&rules::SCENARIO_NOT_FINISHED, Some(&message), detail)),
        }
    }

    /// Checks a length of the capture file.
    pub(super) fn output(&mut self, output: u64, message: &FromWorker) {
        let (known, is) = (self.position.output, self.line.captured());
        if output < known {
            let detail = format!("the file had {known} bytes before");
            self.note(&rules::OUTPUT_BACK, Some(message), detail);
        } else if output > is {
            let detail = format!("the file has {is} bytes");
            self.note(&rules::OUTPUT_LENGTH, Some(message), detail);
        } else {
            self.position.output = output;
        }
    }

    fn start_time(&self, at: u64, message: &FromWorker) {
        // Clocks may be set while a check runs; units that are wrong are wrong by far more.
        const SLACK: u64 = 60_000_000;
        if at.abs_diff(now()) > SLACK {
            let detail = format!("it is {} now", now());
            self.note(&rules::START_TIME, Some(message), detail);
        }
    }

    /// Checks a duration against that of what was in it and the time that has passed.
    pub(super) fn duration(&self, nanos: u64, inner: u64, message: &FromWorker) {
        let passed = u64::try_from(self.started_at.elapsed().as_nanos()).unwrap_or(u64::MAX);
        if nanos < inner {
            let detail = format!("its steps took {inner}");
            self.note(&rules::DURATION, Some(message), detail);
        } else if nanos > passed {
            let detail = format!("{passed} have passed since the process started");
            self.note(&rules::DURATION, Some(message), detail);
        }
    }
}

fn steps_of(scenario: &RunScenario) -> u32 {
    u32::try_from(scenario.steps.len()).unwrap_or(u32::MAX)
}
