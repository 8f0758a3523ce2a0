//! What happens in a run, as one stream of values; also a file format.
//!
//! Reporters consume events and nothing else. The `events` format writes them losslessly as
//! JSON Lines, one event a line, the first being [`Event::RunStarted`] with the format's version.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::plan::{Location, PlannedFeature, PlannedRule, PlannedScenario};

mod attachment;
mod definition;
mod hook;
mod result;
mod run;
mod shard;
mod shorten;
mod step;

pub use attachment::{AttachmentBody, AttachmentSource};
pub use definition::{
    ArgumentGroup, ParameterType, Snippet, SourceLocation, StepDefinition, StepMatch,
};
pub use hook::{Hook, HookKind, HookPlace, HookResult};
pub use result::{Fault, Limited, Output, Status, StepError, StepResult};
pub use run::{DEFINED_ORDER, RunErrorKind, Timestamp};
pub use shard::ShardOf;
pub use step::StepContent;

/// The version of the event format; it grows when a reader of the old one would misread the new.
pub const FORMAT_VERSION: u32 = 1;

/// One thing that happened. Scenarios are named by [`crate::plan::PlannedScenario::index`],
/// steps by their position in the scenario, attempts are counted from 0.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    /// The first event of every stream.
    RunStarted {
        /// [`FORMAT_VERSION`].
        format: u32,
        /// The version of bdd.
        bdd: String,
        /// When the run began.
        at: Timestamp,
        /// How many workers run at once.
        jobs: u32,
        /// Whether steps are only matched, not run.
        dry_run: bool,
        /// Whether undefined and pending steps fail the run.
        strict: bool,
        /// How often a scenario that fails is run again at most.
        #[serde(default)]
        retries: u32,
        /// Whether a scenario that failed and then passed fails the run.
        #[serde(default, skip_serializing_if = "is_false")]
        flaky_fails: bool,
        /// The order in which scenarios were handed out, such as `random:123`: as `--order` reads it.
        #[serde(default = "defined", skip_serializing_if = "is_defined")]
        order: String,
        /// Of which selection this run is a shard, if it is one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        shard: Option<Arc<ShardOf>>,
    },
    /// The text of a feature file, before its [`Event::FeaturePlanned`] or its first [`Event::ParseError`]. Only in runs with a report
    /// that needs it.
    FeatureSource {
        /// The path as it is shown.
        uri: Arc<str>,
        /// The language of a file that names none, such as `en`.
        language: String,
        /// The whole text.
        text: Arc<str>,
    },
    /// A feature will run. All come before the first scenario starts, in plan order.
    FeaturePlanned {
        /// The feature with its selected scenarios.
        feature: Arc<PlannedFeature>,
    },
    /// A feature file could not be read or parsed; one event for each error.
    ParseError {
        /// The path as it is shown.
        uri: Arc<str>,
        /// Where, if the error has a place.
        location: Option<Location>,
        /// The official message text.
        message: String,
        /// The message with source excerpt, caret and hint, as the terminal shows it.
        diagnostic: String,
        /// Whether it only follows from another error of the file: reports for people leave it out.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        follows: bool,
    },
    /// The step definitions that the step program said hello with.
    StepDefinitions {
        /// The definitions; [`StepMatch::definition`] and candidates are indices into them.
        definitions: Arc<[StepDefinition]>,
    },
    /// The hooks that the step program said hello with; after the step definitions.
    Hooks {
        /// The hooks; events name them by their indices.
        hooks: Arc<[Hook]>,
    },
    /// The parameter types that the step program said hello with; after the step definitions.
    ParameterTypes {
        /// The types, without those that are built in.
        parameter_types: Arc<[ParameterType]>,
    },
    /// A step definition cannot be used: its expression names a parameter type that nobody defines.
    UndefinedParameterType {
        /// The name of the parameter type.
        name: String,
        /// The expression that names it.
        expression: String,
        /// Where the definition stands.
        location: SourceLocation,
    },
    /// A hook that the step program did not say hello with; before its first
    /// [`Event::HookStarted`].
    HookAdded {
        /// Its number, as that of a hook of [`Event::Hooks`].
        hook: u32,
        /// What it is.
        definition: Hook,
    },
    /// A step program has found a scenario that the plan does not have, such as a row that a hook
    /// has put into a table of examples. From here on it is a planned scenario as any other.
    ScenarioAdded {
        /// The path of its feature as it is shown.
        uri: Arc<str>,
        /// The rule that it belongs to.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rule: Option<PlannedRule>,
        /// The scenario; [`PlannedScenario::rule`] says nothing here.
        planned: Box<PlannedScenario>,
    },
    /// What a scenario will run. Only in runs with a report that needs it: there, after the hooks
    /// outside all features have passed and before any scenario starts, in the order in which they are handed out. A run that
    /// fails before its first scenario has none.
    ScenarioPrepared {
        /// The scenario.
        scenario: u32,
        /// Its `before_scenario` hooks, as indices, in the order in which they run.
        before: Vec<u32>,
        /// Its `after_scenario` hooks, as indices, in the order in which they run.
        after: Vec<u32>,
        /// For each of its steps: all that matches it. None means undefined, several ambiguous.
        steps: Vec<Vec<Arc<StepMatch>>>,
    },
    /// A hook is about to run.
    HookStarted {
        /// The hook.
        hook: u32,
        /// What it runs for.
        place: HookPlace,
        /// When.
        at: Timestamp,
    },
    /// A hook has its result.
    HookFinished {
        /// The hook.
        hook: u32,
        /// What it ran for.
        place: HookPlace,
        /// Its result.
        result: HookResult,
    },
    /// A step or hook has attached something; it is between its `started` and its `finished`.
    Attachment {
        /// What attached it.
        source: AttachmentSource,
        /// Its media type, such as `image/png`; `text/x.cucumber.log+plain` for a line of a log,
        /// `text/uri-list` for a link.
        media_type: String,
        /// What it is called, if it has a name.
        file_name: Option<String>,
        /// What it is.
        body: AttachmentBody,
        /// When.
        at: Timestamp,
    },
    /// Something that does not fail the run but that a person should know.
    Warning {
        /// One line, lower case, without a full stop.
        message: String,
        /// The file and place it is about.
        place: Option<SourceLocation>,
    },
    /// A step or hook that still runs takes long.
    Slow {
        /// One line, as that of a warning.
        message: String,
        /// The step or scenario it is about, if it is about one.
        place: Option<SourceLocation>,
        /// For how long it has run, in nanoseconds.
        nanos: u64,
    },
    /// An attempt at a scenario begins.
    ScenarioStarted {
        /// The scenario.
        scenario: u32,
        /// The attempt, from 0.
        attempt: u32,
        /// The worker that runs it, from 0; none in a dry run.
        worker: Option<u32>,
        /// When.
        at: Timestamp,
        /// How many attempts it gets at most; `None` when that is not known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        most_attempts: Option<u32>,
    },
    /// A step is about to run.
    StepStarted {
        /// The scenario.
        scenario: u32,
        /// The attempt.
        attempt: u32,
        /// The step.
        step: u32,
    },
    /// A step has its result. Every planned step of a started scenario gets exactly one, or an
    /// [`Event::StepLeftOut`].
    StepFinished {
        /// The scenario.
        scenario: u32,
        /// The attempt.
        attempt: u32,
        /// The step.
        step: u32,
        /// Its result.
        result: StepResult,
    },
    /// The step program has left out a planned step, and the scenario goes on.
    StepLeftOut {
        /// The scenario.
        scenario: u32,
        /// The attempt.
        attempt: u32,
        /// The step.
        step: u32,
        /// Why.
        reason: String,
    },
    /// A step that the plan does not have is about to run: the step program has added it, or another
    /// step runs it.
    ExtraStepStarted {
        /// The scenario.
        scenario: u32,
        /// The attempt.
        attempt: u32,
        /// Names the step in this attempt; counted from 0.
        extra: u32,
        /// The planned step that it runs in, if any.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        parent: Option<u32>,
        /// How many steps it runs in: 0 for one beside the planned steps.
        #[serde(default, skip_serializing_if = "is_zero")]
        depth: u32,
        /// What it says.
        content: StepContent,
    },
    /// A step that the plan does not have has its result.
    ExtraStepFinished {
        /// The scenario.
        scenario: u32,
        /// The attempt.
        attempt: u32,
        /// The step.
        extra: u32,
        /// Its result.
        result: StepResult,
    },
    /// An attempt is over; all its steps have finished before.
    ScenarioFinished {
        /// The scenario.
        scenario: u32,
        /// The attempt.
        attempt: u32,
        /// The worst status of its steps.
        status: Status,
        /// How long the attempt took, in nanoseconds.
        nanos: u64,
        /// What ended it, when it was not its last step.
        fault: Option<Fault>,
        /// What went wrong outside its steps, such as while its fixtures were closed.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        errors: Vec<StepError>,
        /// What it printed to descriptors 1 and 2; `None` when nothing.
        output: Option<Output>,
        /// Whether another attempt follows; if not, this is the scenario's result.
        will_be_retried: bool,
        /// Whether a tag says that the scenario is expected to fail. Then a failure is as it should
        /// be, and one that passes fails the run: see [`Status::is_failure`].
        #[serde(default, skip_serializing_if = "is_false")]
        expected_failure: bool,
        /// Why it was skipped, when a hook or the step program did that outside of it; it has no
        /// steps that ran.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        skipped_because: Option<String>,
    },
    /// A planned scenario gets no attempt.
    ScenarioNotRun {
        /// The scenario.
        scenario: u32,
        /// Why: a fragment such as "the run was stopped after the first failure".
        reason: String,
    },
    /// A planned scenario is run by another process that shares the work, which reports its result.
    ScenarioClaimedElsewhere {
        /// The scenario.
        scenario: u32,
    },
    /// Something outside every scenario failed. The run is not green.
    RunError {
        /// What kind of thing it was.
        kind: RunErrorKind,
        /// One line, lower case.
        message: String,
        /// The rest: captured output, what to do.
        detail: String,
    },
    /// The last event.
    RunFinished {
        /// When.
        at: Timestamp,
        /// The wall time of the run in nanoseconds.
        nanos: u64,
    },
}

fn defined() -> String {
    DEFINED_ORDER.to_owned()
}

fn is_defined(order: &str) -> bool {
    order == DEFINED_ORDER
}

fn is_false(value: &bool) -> bool {
    !value
}

fn is_zero(value: &u32) -> bool {
    *value == 0
}
