//! Where a host departs from the plan: extra steps, hooks and scenarios of its own, skips, an abort.

use bdd_protocol::{FromWorker, Hook, RunScenario, StepStatus};

use super::super::rules;
use super::{Go, Session, SessionWork};
use crate::event::HookKind;

impl Session<'_> {
    /// The host asks that nothing more is started.
    pub(super) fn aborts(&mut self) {
        self.seen.departures += 1;
        if !self.seen.aborted {
            self.seen.aborted = true;
            self.cancel();
        }
    }

    /// The host introduces a hook.
    pub(super) fn adds_hook(&mut self, hook: &Hook, message: &FromWorker) -> Go {
        self.seen.departures += 1;
        let declared = self.books.known.borrow().kind(hook.id).is_some();
        let detail = match HookKind::find(&hook.kind) {
            None => format!("unknown kind of hook `{}`", hook.kind),
            Some(_) if declared || self.position.is_added(hook.id) => {
                format!("another hook has the id {}", hook.id)
            }
            Some(_) => {
                self.position.extras.hooks.insert(hook.id);
                return Ok(());
            }
        };
        Err(self.fail(&rules::ADDED_HOOK, Some(message), detail))
    }

    /// Reads a hook that the host has introduced.
    pub(super) fn added_hook(&mut self, hook: u32, output: u64, message: &FromWorker) -> Go {
        if self.position.hook.is_some() {
            let detail = "another hook has not finished";
            return Err(self.fail(&rules::HOOK_NOT_FINISHED, Some(message), detail));
        }
        self.output(output, message);
        let status = self.hook_ends(hook, &format!("the added hook {hook}"))?;
        self.position.depart(status);
        Ok(())
    }

    /// An extra step starts.
    pub(super) fn extra_starts(
        &mut self,
        extra: u32,
        (parent, depth): (Option<u32>, u32),
        message: &FromWorker,
    ) -> Go {
        self.seen.departures += 1;
        if self.position.scenario.is_none() {
            let detail = "no scenario runs";
            return Err(self.fail(&rules::EXTRA_OUTSIDE, Some(message), detail));
        }
        let extras = &mut self.position.extras;
        let next = extras.next;
        extras.next += 1;
        let inside = extras.open.len() + usize::from(self.position.step.is_some());
        extras.open.push(extra);
        if extra != next {
            let detail = format!("the next extra step has the number {next}");
            return Err(self.fail(&rules::EXTRA_NUMBER, Some(message), detail));
        }
        if depth as usize != inside || parent != self.position.step {
            let detail = match self.position.step {
                Some(step) => format!("it runs in {inside} steps, the planned one is {step}"),
                None => format!("it runs in {inside} steps, none of them planned"),
            };
            self.note(&rules::EXTRA_PLACE, Some(message), detail);
        }
        Ok(())
    }

    /// An extra step ends.
    pub(super) fn extra_ends(
        &mut self,
        extra: u32,
        status: StepStatus,
        message: &FromWorker,
    ) -> Go {
        let open = self.position.extras.open.pop();
        if open != Some(extra) {
            let detail = match open {
                Some(open) => format!("the extra step {open} runs"),
                None => "no extra step runs".to_owned(),
            };
            return Err(self.fail(&rules::EXTRA_NUMBER, Some(message), detail));
        }
        self.position.depart(status);
        Ok(())
    }

    /// Checks that no extra step runs when what is around it ends.
    pub(super) fn extras_are_over(&self, message: &FromWorker) -> Go {
        match self.position.extras.open.last() {
            None => Ok(()),
            Some(open) => {
                let detail = format!("the extra step {open} has not finished");
                Err(self.fail(&rules::EXTRA_NOT_FINISHED, Some(message), detail))
            }
        }
    }

    /// Whether the steps are over because of something that only the host knows: an extra step or a
    /// hook of its own that did not pass.
    pub(super) fn host_has_ended_steps(&mut self) -> Go<bool> {
        self.peek("the next step", None)?;
        let step = matches!(
            self.next,
            Some(FromWorker::StepStarted { .. } | FromWorker::StepLeftOut { .. })
        );
        Ok(self.position.departed != StepStatus::Passed && !step)
    }

    /// Takes a scenario out of the work that the host skips for a reason of its own.
    pub(super) fn is_skipped_by_host(&mut self, scenario: &RunScenario) -> Go<bool> {
        let Some(
            message @ FromWorker::ScenarioSkipped {
                scenario: number,
                hook,
                scope,
                reason,
            },
        ) = &self.next
        else {
            return Ok(false);
        };
        let own = match hook {
            Some(hook) => self.position.is_added(*hook),
            None => self.position.blocks.refused().is_none(),
        };
        if !own || *number != scenario.scenario {
            return Ok(false);
        }
        let known = matches!(&**scope, "" | "scenario" | "rule" | "feature");
        if !known || (hook.is_none() && reason.is_empty()) {
            let detail = "it has neither `hook` nor `reason`, or an unknown `scope`";
            return Err(self.fail(&rules::HOST_SKIP, Some(message), detail));
        }
        self.next = None;
        self.todo.pop_front();
        self.seen.departures += 1;
        Ok(true)
    }

    /// The host has found a scenario.
    pub(super) fn adds_scenario(&mut self, key: u32, feature: &str, message: &FromWorker) -> Go {
        self.seen.departures += 1;
        let blocks = &self.position.blocks;
        let next = match self.todo.front() {
            Some(SessionWork::Scenario(next, _)) => next.uri == feature,
            _ => false,
        };
        let place = blocks.is_in(feature) || next || self.position.begins;
        let new = self.position.extras.keys.insert(key);
        if place && new {
            return Ok(());
        }
        let detail = match place {
            true => format!("another scenario has the key {key}"),
            false => format!("it runs nothing of `{feature}`"),
        };
        Err(self.fail(&rules::ADDED_SCENARIO, Some(message), detail))
    }
}
