//! Where a step, hook or fixture runs, and what it can ask for there.

mod attachments;
mod fixtures;
mod leftovers;
mod userdata;

use std::fmt;
use std::rc::Rc;

use crate::fixture::scopes::{FeatureScope, RuleScope, ScenarioScope};
use crate::hook_kind::HookKind;
use crate::worker::shared::Shared;
use bdd_protocol::{LineText, RunStep, StepStatus, Variable};

pub use attachments::Content;

/// Where a step, a hook or the set-up of a fixture runs, as the parameter `&Context`.
///
/// Methods return `None`, or an empty list, for what does not exist here: the scenario outside of scenarios,
/// the feature in hooks of the run and of the worker, and the step in all hooks except
/// [`before_step`](crate::before_step) and [`after_step`](crate::after_step).
///
/// ```
/// use bdd_steps::{Context, after_scenario};
///
/// #[after_scenario]
/// fn say_goodbye(cx: &Context) {
///     let name = cx.scenario_name().unwrap_or_default();
///     println!("{name}: {}", cx.status());
/// }
/// # fn main() {}
/// ```
pub struct Context {
    pub(crate) shared: Rc<Shared>,
    pub(crate) feature: Option<Rc<FeatureScope>>,
    pub(crate) rule: Option<Rc<RuleScope>>,
    pub(crate) scenario: Option<Rc<ScenarioScope>>,
    /// The steps of the scenario. The arguments, table and docstring are taken out of a step that has begun.
    pub(crate) steps: Vec<RunStep<LineText>>,
    /// The position of the running step, if any.
    pub(crate) step: Option<usize>,
    /// The kind of the running hook, if any.
    pub(crate) hook: Option<HookKind>,
    /// How many steps this step is nested in.
    pub(crate) depth: u32,
}

impl Context {
    /// The context of hooks and fixtures of the worker.
    pub(crate) fn of_worker(shared: Rc<Shared>) -> Self {
        Self {
            shared,
            feature: None,
            rule: None,
            scenario: None,
            steps: Vec::new(),
            step: None,
            hook: None,
            depth: 0,
        }
    }

    /// The context of hooks and fixtures of a feature or of one of its rules.
    pub(crate) fn of_feature(
        shared: Rc<Shared>,
        feature: Rc<FeatureScope>,
        rule: Option<Rc<RuleScope>>,
    ) -> Self {
        Self {
            feature: Some(feature),
            rule,
            ..Self::of_worker(shared)
        }
    }

    /// The path of the feature file, as reports show it.
    pub fn feature_uri(&self) -> Option<&str> {
        self.feature.as_ref().map(|feature| &*feature.info.uri)
    }

    /// The title of the feature.
    pub fn feature_name(&self) -> Option<&str> {
        self.feature.as_ref().map(|feature| &*feature.info.name)
    }

    /// The tags of the feature itself, each with its `@`.
    pub fn feature_tags(&self) -> &[String] {
        self.feature.as_ref().map_or(&[], |feature| feature.tags())
    }

    /// The line of the feature's title, from 1.
    pub fn feature_line(&self) -> Option<u32> {
        self.feature.as_ref().map(|feature| feature.info.line)
    }

    /// The title of the rule of the scenario or of the rule's hook.
    pub fn rule(&self) -> Option<&str> {
        self.rule.as_ref().map(|rule| &*rule.info.name)
    }

    /// The line of that rule's title, from 1.
    pub fn rule_line(&self) -> Option<u32> {
        self.rule.as_ref().map(|rule| rule.info.line)
    }

    /// The title of the scenario, with the values of its outline's row.
    pub fn scenario_name(&self) -> Option<&str> {
        self.scenario.as_ref().map(|scenario| &*scenario.info.name)
    }

    /// The line of the scenario, or of its outline's row.
    pub fn scenario_line(&self) -> Option<u32> {
        self.scenario.as_ref().map(|scenario| scenario.info.line)
    }

    /// The tags that apply here, each with its `@`, including inherited ones. In a hook of a rule or feature
    /// these are the tags of the rule or feature, else those of the scenario.
    pub fn tags(&self) -> &[String] {
        match (&self.scenario, &self.rule) {
            (Some(scenario), _) => scenario.tags(),
            (None, Some(rule)) => rule.tags(),
            (None, None) => self.feature_tags(),
        }
    }

    /// Whether `tag`, such as `@slow`, is one of the [`tags`](Self::tags).
    pub fn has_tag(&self, tag: &str) -> bool {
        self.tags().iter().any(|own| own == tag)
    }

    /// The number of this attempt: 0 for the first, 1 for the first retry.
    pub fn attempt(&self) -> Option<u32> {
        self.scenario.as_ref().map(|scenario| scenario.info.attempt)
    }

    /// The worst status of a step or hook in this attempt so far. Undefined and ambiguous steps do not count,
    /// because the step program does not get them.
    pub fn status(&self) -> Status {
        self.scenario
            .as_ref()
            .map_or(Status::Passed, |scenario| scenario.status.get().into())
    }

    /// The text of the step.
    pub fn step_text(&self) -> Option<&str> {
        self.step().map(|step| &*step.text)
    }

    /// The keyword of the step as written, without the space after it.
    pub fn step_keyword(&self) -> Option<&str> {
        self.step().map(|step| &*step.keyword)
    }

    /// The line of the step.
    pub fn step_line(&self) -> Option<u32> {
        self.step().map(|step| step.line)
    }

    fn step(&self) -> Option<&RunStep<LineText>> {
        self.steps.get(self.step?)
    }

    /// Adds a variable to the environment of all workers. Only a [`before_run`](crate::before_run) hook can
    /// do this. A later value replaces an earlier one.
    ///
    /// ```
    /// use bdd_steps::{Context, ExportError, before_run};
    ///
    /// #[before_run]
    /// fn start_server(cx: &Context) -> Result<(), ExportError> {
    ///     cx.export("SERVER_PORT", "8080")
    /// }
    /// # fn main() {}
    /// ```
    ///
    /// # Errors
    /// If it is called anywhere else, or if the name or value is not valid for an environment variable.
    pub fn export(
        &self,
        name: impl Into<String>,
        value: impl Into<String>,
    ) -> Result<(), ExportError> {
        let (name, value) = (name.into(), value.into());
        let problem = if self.hook != Some(HookKind::BeforeRun) {
            "only a before_run hook can export: the workers are started after it"
        } else if name.is_empty() || name.contains(['=', '\0']) {
            "the name of a variable is not empty and has neither `=` nor a zero byte"
        } else if value.contains('\0') {
            "the value of a variable has no zero byte"
        } else {
            let mut environment = self.shared.environment.borrow_mut();
            environment.retain(|variable| variable.name != name);
            environment.push(Variable { name, value });
            return Ok(());
        };
        Err(ExportError { name, problem })
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context")
            .field("feature", &self.feature_uri())
            .field("scenario", &self.scenario_line())
            .field("step", &self.step_line())
            .field("attempt", &self.attempt())
            .finish_non_exhaustive()
    }
}

/// The status of a scenario so far, from best to worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// Nothing went wrong.
    Passed,
    /// A step or hook asked to skip it.
    Skipped,
    /// A step or hook says that it is not written yet.
    Pending,
    /// A step or hook failed.
    Failed,
}

impl From<StepStatus> for Status {
    fn from(status: StepStatus) -> Self {
        match status {
            StepStatus::Passed => Self::Passed,
            StepStatus::Skipped => Self::Skipped,
            StepStatus::Pending => Self::Pending,
            StepStatus::Failed => Self::Failed,
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Passed => "passed",
            Self::Skipped => "skipped",
            Self::Pending => "pending",
            Self::Failed => "failed",
        })
    }
}

/// Why a variable cannot be exported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportError {
    name: String,
    problem: &'static str,
}

impl fmt::Display for ExportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot export {:?}: {}", self.name, self.problem)
    }
}

impl std::error::Error for ExportError {}
