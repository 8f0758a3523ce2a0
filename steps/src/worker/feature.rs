//! Opens and closes the feature, and the rule, whose scenarios run.

use std::io;
use std::rc::Rc;
use std::sync::Arc;

use crate::context::Context;
use crate::fixture::Scope;
use crate::fixture::scopes::{FeatureScope, RuleScope};
use crate::worker::closing;
use crate::worker::hooks;
use crate::worker::queue::{Succession, Work};
use crate::worker::scenario;
use crate::worker::shared::Shared;
use bdd_protocol::{FeatureInfo, FromWorker, LineText, RuleInfo, StepStatus};

/// The feature whose scenarios run.
pub(super) struct OpenFeature {
    shared: Rc<Shared>,
    scope: Rc<FeatureScope>,
    /// The opening hook that prevents its scenarios from running.
    blocked: Option<u32>,
    rule: Option<OpenRule>,
}

/// The rule whose scenarios run.
struct OpenRule {
    scope: Rc<RuleScope>,
    blocked: Option<u32>,
}

impl OpenFeature {
    /// Runs the hooks before a feature.
    pub(super) fn open(shared: &Rc<Shared>, info: Arc<FeatureInfo<LineText>>) -> io::Result<Self> {
        let scope = Rc::new(FeatureScope::new(info));
        let mut context = Context::of_feature(shared.clone(), scope.clone(), None);
        let blocked = blocked(&mut context, &scope.info.before)?;
        Ok(Self {
            shared: shared.clone(),
            scope,
            blocked,
            rule: None,
        })
    }

    /// Whether it is this feature.
    pub(super) fn is(&self, uri: &str) -> bool {
        *self.scope.info.uri == *uri
    }

    /// Runs a scenario of the feature, or reports it as skipped. `next` says how the next one follows.
    pub(super) fn run(&mut self, mut work: Work, next: Succession) -> io::Result<()> {
        let rule = work.scenario.rule.take();
        let mut blocked = self.blocked;
        if blocked.is_none() {
            self.enter(rule)?;
            blocked = self.rule.as_ref().and_then(|rule| rule.blocked);
        }
        if let Some(hook) = blocked {
            self.shared.report(&FromWorker::ScenarioSkipped {
                scenario: work.scenario.scenario,
                hook: Some(hook),
                scope: String::new(),
                reason: String::new(),
            });
            return Ok(());
        }
        let context = self.context();
        scenario::run(context, work.scenario, next)
    }

    /// Closes the rule that is open and opens another, unless it is the same.
    fn enter(&mut self, rule: Option<RuleInfo<LineText>>) -> io::Result<()> {
        let line = |rule: &RuleInfo<LineText>| rule.line;
        if self.rule.as_ref().map(|open| line(&open.scope.info)) == rule.as_ref().map(line) {
            return Ok(());
        }
        self.leave()?;
        let Some(info) = rule else {
            return Ok(());
        };
        let scope = Rc::new(RuleScope::new(info));
        self.rule = Some(OpenRule {
            scope: scope.clone(),
            blocked: None,
        });
        let blocked = blocked(&mut self.context(), &scope.info.before)?;
        self.rule = Some(OpenRule { scope, blocked });
        Ok(())
    }

    /// Closes the rule that is open.
    fn leave(&mut self) -> io::Result<()> {
        let mut context = self.context();
        if let Some(rule) = self.rule.take() {
            hooks::run(&mut context, &rule.scope.info.after)?;
        }
        Ok(())
    }

    /// Runs the hooks after the feature, and closes what lives as long.
    pub(super) fn close(mut self) -> io::Result<()> {
        self.leave()?;
        hooks::run(&mut self.context(), &self.scope.info.after)?;
        if self.scope.fixtures.are_none() {
            // No code runs between its last scenario and the next one.
            return Ok(());
        }
        closing::close_scope(&self.shared, Scope::Feature, &self.scope.fixtures)
    }

    fn context(&self) -> Context {
        let rule = self.rule.as_ref().map(|rule| rule.scope.clone());
        Context::of_feature(self.shared.clone(), self.scope.clone(), rule)
    }
}

/// Runs opening hooks. Returns the hook that prevents the scenarios of their feature or rule from running.
fn blocked(context: &mut Context, ids: &[u32]) -> io::Result<Option<u32>> {
    let hooked = hooks::run(context, ids)?;
    debug_assert_eq!(hooked.worst.is_none(), hooked.status == StepStatus::Passed);
    Ok(hooked.worst.map(|worst| worst.id))
}
