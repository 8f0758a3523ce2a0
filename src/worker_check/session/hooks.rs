//! Hooks: a list runs in its order, one after the other.

use bdd_protocol::{FromWorker, StepStatus};

use super::super::rules::{self, ProtocolRule};
use super::{Go, Session, Stop};
use crate::event::HookKind;

/// How the hooks of a list went.
#[derive(Debug, Default)]
pub(super) struct Went(Vec<(u32, StepStatus)>);

impl Went {
    /// Whether all passed.
    pub(super) fn all_passed(&self) -> bool {
        self.worst().is_none()
    }

    /// The first of those that went worst, if one did not pass.
    pub(super) fn worst(&self) -> Option<(u32, StepStatus)> {
        [StepStatus::Failed, StepStatus::Pending, StepStatus::Skipped]
            .into_iter()
            .find_map(|wanted| self.0.iter().find(|(_, status)| *status == wanted))
            .copied()
    }

    /// The worst status.
    pub(super) fn status(&self) -> StepStatus {
        self.worst()
            .map_or(StepStatus::Passed, |(_, status)| status)
    }
}

impl Session<'_> {
    /// Reads the hooks of a list. With `until_skip` one that asks to skip is the last.
    pub(super) fn hooks(&mut self, ids: &[u32], until_skip: bool) -> Go<Went> {
        let mut went = Went::default();
        for &id in ids {
            let named = self.books.known.borrow().hook(id);
            let message = self.take(&format!("the start of {named}"))?;
            match message {
                FromWorker::HookStarted { hook, output } if hook == id => {
                    self.output(output, &message);
                }
                other => return Err(self.not_this_hook(id, ids, &other)),
            }
            let status = self.hook_ends(id, &named)?;
            *self.seen.hooks.entry(id).or_default() += 1;
            went.0.push((id, status));
            if until_skip && status == StepStatus::Skipped {
                break;
            }
        }
        Ok(went)
    }

    pub(super) fn hook_ends(&mut self, id: u32, named: &str) -> Go<StepStatus> {
        self.position.hook = Some(id);
        self.position.calls += 1;
        let call = self.position.calls;
        let message = self.take(&format!("the end of {named}"))?;
        self.position.hook = None;
        match &message {
            FromWorker::HookFinished {
                hook,
                status,
                nanos,
                output,
                error,
            } if *hook == id => {
                self.output(*output, &message);
                self.duration(*nanos, 0, &message);
                if let Some(leaving) = self.left(call) {
                    let failed = *status == StepStatus::Failed;
                    self.check_left(&leaving, error.as_deref(), failed, &message)?;
                }
                Ok(*status)
            }
            FromWorker::HookFinished { .. } => {
                let detail = format!("{named} runs");
                Err(self.fail(&rules::FINISHED_OTHER_HOOK, Some(&message), detail))
            }
            _ => {
                let detail = format!("{named} has not finished");
                Err(self.fail(&rules::HOOK_NOT_FINISHED, Some(&message), detail))
            }
        }
    }

    /// Another message came than the start of a hook.
    fn not_this_hook(&self, id: u32, ids: &[u32], other: &FromWorker) -> Stop {
        let named = self.books.known.borrow().hook(id);
        let detail = format!("the next hook is {named}, of the list {ids:?}");
        let known = self.books.known.borrow();
        let rule = match other {
            FromWorker::HookStarted { hook, .. } if ids.contains(hook) => &rules::HOOK_ORDER,
            FromWorker::HookStarted { hook, .. } => match (known.kind(id), known.kind(*hook)) {
                (_, None) => &rules::HOOK_UNKNOWN,
                (
                    Some(HookKind::AfterScenario | HookKind::AfterStep),
                    Some(HookKind::BeforeScenario | HookKind::BeforeStep),
                ) => &rules::HOOK_UNASKED,
                _ => &rules::HOOK_LEFT_OUT,
            },
            _ => &rules::HOOK_LEFT_OUT,
        };
        self.fail(rule, Some(other), detail)
    }

    /// The rule that a hook breaks which nothing asked for.
    pub(super) fn hook_rule(&self, hook: u32) -> &'static ProtocolRule {
        match self.books.known.borrow().kind(hook) {
            Some(_) => &rules::HOOK_UNASKED,
            None => &rules::HOOK_UNKNOWN,
        }
    }

    /// Reads the hooks of `begin` and its answer.
    pub(super) fn begun(&mut self, hooks: &[u32]) -> Go {
        self.position.begins = true;
        let went = self.hooks(hooks, false)?;
        self.seen.refused = !went.all_passed();
        let message = self.take("`begun`")?;
        self.position.begins = false;
        match &message {
            FromWorker::Begun { environment } => {
                for variable in environment {
                    let name = &variable.name;
                    let fits = !name.is_empty()
                        && !name.contains(['=', '\0'])
                        && !variable.value.contains('\0');
                    if fits {
                        let value = variable.value.clone();
                        self.seen.exported.push((name.clone(), value));
                    } else {
                        let detail = format!("no process can have the variable {name:?}");
                        self.note(&rules::EXPORTED_VARIABLE, Some(&message), detail);
                    }
                }
                Ok(())
            }
            FromWorker::HookStarted { hook, .. } => {
                let rule = self.hook_rule(*hook);
                Err(self.fail(rule, Some(&message), format!("`begin` has {hooks:?}")))
            }
            other => Err(self.fail(
                &rules::BEGUN_MISSING,
                Some(other),
                "all hooks of `begin` have finished",
            )),
        }
    }
}
