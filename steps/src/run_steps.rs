//! Steps that run steps from text.
//!
//! The runner parses the text and finds the definitions. This file calls their functions, one after another,
//! inside the step that asked for them.

use std::error::Error;
use std::fmt;
use std::mem;
use std::process;

use crate::argument::Call;
use crate::context::Context;
use crate::outcome::{InnerFailure, Outcome, pending, skip};
use crate::registry;
use crate::worker::stopwatch::Stopwatch;
use crate::worker::{hooks, shared::Shared};
use bdd_protocol::{
    DocStringArgument, Failure, FromWorker, LineText, Match, RunStep, StepContent, StepStatus,
};

/// How deeply steps may be nested. Otherwise a step that runs itself would overflow the stack, which kills
/// the process.
const DEEPEST: u32 = 32;

impl Context {
    /// Runs the steps of a text. They are written as in a feature file, in the language of the feature, and
    /// may have tables and docstrings. The call returns when all have passed, or after the first that does
    /// not pass.
    ///
    /// ```
    /// use bdd_steps::{Context, RunStepsError, given};
    ///
    /// #[given("^a full basket$")]
    /// fn full_basket(cx: &Context) -> Result<(), RunStepsError> {
    ///     cx.run_steps(
    ///         r#"
    ///         Given an empty basket
    ///         When I add:
    ///           | apples |
    ///           | pears  |
    ///         "#,
    ///     )
    /// }
    /// # fn main() {}
    /// ```
    ///
    /// The steps are part of the step that runs them: they use the fixtures of its scenario, and what they
    /// print and attach is shown with it. They are not counted, and no hooks run around them. If a step takes a
    /// fixture by `&mut T`, the steps that it runs cannot take the same fixture.
    ///
    /// Freshen has the same method. It is like behave's `execute_steps`, but without hooks.
    ///
    /// # Errors
    /// If the text does not parse, or one of its steps is undefined or ambiguous; then no step runs. Also if
    /// a step does not pass: the error names the step and has the place of its failure. If a step returns the
    /// error with `?` and the inner step was pending or skipped, so is the step.
    ///
    /// Also in hooks, which cannot run steps, and if steps are nested more than 32 levels deep.
    pub fn run_steps(&self, text: impl Into<String>) -> Result<(), RunStepsError> {
        if self.hook.is_some() || self.step.is_none() {
            return Err(RunStepsError::refused(
                "only a step can run steps from text: a hook or a fixture calls their functions"
                    .to_owned(),
            ));
        }
        if self.depth == DEEPEST {
            return Err(RunStepsError::refused(format!(
                "steps run steps {DEEPEST} levels deep: does `{}` run itself?",
                self.step_text().unwrap_or_default()
            )));
        }
        let steps = self.shared.steps_of(text.into())?;
        for (number, step) in (1..).zip(steps) {
            self.run_inner(number, step)?;
        }
        Ok(())
    }

    fn run_inner(&self, number: usize, mut step: RunStep<LineText>) -> Result<(), RunStepsError> {
        let shared = &self.shared;
        let Ok(definition) = shared.known(
            registry::step(step.definition),
            "step definition",
            step.definition,
        ) else {
            // `known` has reported it; a runner that sends such an id cannot be relied on.
            process::exit(1);
        };
        let extra = self.start_extra(&step)?;
        let arguments = mem::take(&mut step.arguments);
        let table = step.table.take();
        let doc_string = step.docstring.take();
        let context = Context {
            shared: shared.clone(),
            feature: self.feature.clone(),
            rule: self.rule.clone(),
            scenario: self.scenario.clone(),
            steps: vec![step],
            step: Some(0),
            hook: None,
            depth: self.depth + 1,
        };
        let mut call = Call {
            context: &context,
            arguments,
            table,
            doc_string,
        };
        let outer = shared.root.replace(definition.root);
        let stopwatch = Stopwatch::start();
        let (status, failure) = hooks::outcome(definition.root, definition.callable, &mut call);
        let nanos = stopwatch.nanos();
        shared.forks.returned(nanos, failure.as_ref(), || {
            format!("the step `{}`", context.step_text().unwrap_or_default())
        });
        shared.root.set(outer);
        // If the step was broken off inside the inner step, it must unwind too, and not report a failure.
        shared.calls.unwind_if_broken();
        if let Some((scenario, extra)) = extra {
            if status != StepStatus::Passed {
                shared.extra.fail();
            }
            shared.report(&FromWorker::ExtraStepFinished {
                scenario,
                extra,
                status,
                nanos,
                error: failure.clone().map(Box::new),
            });
        }
        if status == StepStatus::Passed {
            return Ok(());
        }
        let title = format!(
            "step {number}, `{} {}`",
            context.step_keyword().unwrap_or_default(),
            context.step_text().unwrap_or_default()
        );
        Err(RunStepsError::stopped(
            &title,
            status,
            failure.unwrap_or_default(),
        ))
    }
}

impl Context {
    /// Reports that an inner step begins, before its code gets control. Returns the scenario and the number
    /// of the step in it.
    fn start_extra(&self, step: &RunStep<LineText>) -> Result<Option<(u32, u32)>, RunStepsError> {
        let Some(scope) = &self.scenario else {
            return Ok(None);
        };
        let shared = &self.shared;
        let (scenario, extra) = (scope.info.scenario, shared.extra.start());
        shared.report(&FromWorker::ExtraStepStarted {
            scenario,
            extra,
            parent: Some(shared.extra.parent()),
            depth: self.depth + 1,
            step: Box::new(StepContent {
                keyword: step.keyword.to_string(),
                text: step.text.to_string(),
                table: (step.table.as_ref())
                    .map(|rows| rows.iter().map(|row| LineText::copies(row)).collect()),
                docstring: step.docstring.as_ref().map(|docstring| DocStringArgument {
                    content: docstring.content.to_string(),
                    media_type: docstring.media_type.as_ref().map(|text| text.to_string()),
                }),
                matched: Some(Match {
                    definition: step.definition,
                    arguments: Vec::new(),
                }),
                ..StepContent::default()
            }),
        });
        match shared.send() {
            Ok(()) => Ok(Some((scenario, extra))),
            Err(error) => {
                let message = format!("cannot report an inner step to bdd: {error}");
                Err(RunStepsError::refused(message))
            }
        }
    }
}

impl Shared {
    /// Asks the runner for the steps of a text.
    fn steps_of(&self, text: String) -> Result<Vec<RunStep<LineText>>, RunStepsError> {
        self.question.ask();
        self.report(&FromWorker::RunSteps { text });
        if let Err(error) = self.send_now() {
            let message = format!("cannot ask bdd for the steps: {error}");
            return Err(RunStepsError::refused(message));
        }
        // When the runner is gone, the listener ends the process.
        self.question.answer().map_err(RunStepsError::refused)
    }
}

/// Why [`Context::run_steps`] did not run all steps.
#[derive(Debug, Clone)]
pub struct RunStepsError {
    message: String,
    reason: StopCause,
}

#[derive(Debug, Clone)]
enum StopCause {
    /// No step was run.
    Refused,
    /// A step failed.
    Failed(Box<InnerFailure>),
    /// A step is pending, or asked to skip the scenario.
    Asked(Outcome),
}

impl RunStepsError {
    #[cold]
    fn refused(message: String) -> Self {
        Self {
            message,
            reason: StopCause::Refused,
        }
    }

    #[cold]
    fn stopped(title: &str, status: StepStatus, failure: Failure) -> Self {
        let became = match status {
            StepStatus::Pending => "is pending",
            StepStatus::Skipped => "skips the scenario",
            StepStatus::Passed | StepStatus::Failed => "failed",
        };
        let became = format!("{title}, {became}");
        let message = match failure.message.as_str() {
            "" => became,
            // A step that runs itself adds the same words at every level; they are shown once.
            reason if reason.starts_with(&became) => reason.to_owned(),
            reason => format!("{became}: {reason}"),
        };
        let reason = match status {
            StepStatus::Pending => StopCause::Asked(pending(failure.message)),
            StepStatus::Skipped => StopCause::Asked(skip(failure.message)),
            StepStatus::Passed | StepStatus::Failed => {
                StopCause::Failed(Box::new(InnerFailure(failure)))
            }
        };
        Self { message, reason }
    }
}

impl fmt::Display for RunStepsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for RunStepsError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.reason {
            StopCause::Refused => None,
            StopCause::Failed(failure) => Some(&**failure),
            StopCause::Asked(outcome) => Some(outcome),
        }
    }
}
