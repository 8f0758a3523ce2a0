//! The events of a run: one stream of values, and also a file format.
//!
//! Reporters consume only events. The `events` format writes them losslessly as JSON Lines, one event per
//! line. The first is [`Event::RunStarted`], with the version of the format.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::gherkin::Flavor;
use crate::plan::{Location, PlannedFeature, PlannedRule, PlannedScenario};

mod attachment;
mod definition;
mod hook;
mod result;
mod run;
mod shard;
mod shorten;
mod step;
mod trend;

pub use attachment::{AttachmentBody, AttachmentSource};
pub use definition::{
    ArgumentGroup, ParameterType, Snippet, SourceLocation, StepDefinition, StepMatch,
};
pub use hook::{Hook, HookKind, HookPlace, HookResult};
pub use result::{CapturedOutput, Fault, Limited, Status, StepError, StepResult};
pub use run::{DEFINED_ORDER, RunErrorKind, Timestamp};
pub use shard::ShardOf;
pub use step::StepContent;
pub use trend::{PastMark, ScenarioTrend};

/// The version of the event format. It increases when readers of the old version would misread the new one.
pub const FORMAT_VERSION: u32 = 1;

/// One event of a run. Scenarios are identified by [`crate::plan::PlannedScenario::index`], steps by their
/// position in the scenario, attempts are counted from 0.
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
        /// Whether nothing was selected, and that is an error: the exit code of the run is 4.
        #[serde(default, skip_serializing_if = "is_false")]
        selected_nothing: bool,
        /// The order in which scenarios were handed out, such as `random:123`: as `--order` reads it.
        #[serde(default = "defined", skip_serializing_if = "is_defined")]
        order: String,
        /// The selection of which this run is a shard, if it is one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        shard: Option<Arc<ShardOf>>,
    },
    /// What the settings of the run say about its reports, so that reports that are made of its events later are the same. It
    /// comes after [`Event::RunStarted`], if there is something to say.
    ReportOptions {
        /// The options of `[reports.NAME]`, by format and key.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        options: BTreeMap<String, BTreeMap<String, String>>,
        /// The path of the first `html` report, as it was given. Other reports link to it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        html: Option<String>,
    },
    /// The text of a feature file, before its [`Event::FeaturePlanned`] or its first [`Event::ParseError`]. Only in runs with a report
    /// that needs it.
    FeatureSource {
        /// The path as it is shown.
        uri: Arc<str>,
        /// The language of a file that names none, such as `en`.
        language: String,
        /// Whose Gherkin it is written in.
        #[serde(default, skip_serializing_if = "Flavor::is_standard")]
        flavor: Flavor,
        /// The whole text.
        text: Arc<str>,
    },
    /// A feature will run. All come before the first scenario starts, in plan order.
    FeaturePlanned {
        /// The feature with its selected scenarios.
        feature: Arc<PlannedFeature>,
    },
    /// What the record of earlier runs says about a scenario. Comes after the features, for those that have results on
    /// record. Only in runs with a report that needs it.
    Trend {
        /// The scenario.
        scenario: u32,
        /// What is on record.
        trend: ScenarioTrend,
    },
    /// A feature file could not be read or parsed; one event for each error.
    ParseError {
        /// The path as it is shown.
        uri: Arc<str>,
        /// The place of the error, if it has one.
        location: Option<Location>,
        /// The official message text.
        message: String,
        /// The message as the terminal shows it, with source excerpt, caret and hint.
        diagnostic: String,
        /// Whether it only follows from another error of the file: reports for people leave it out.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        follows: bool,
    },
    /// The step definitions in the hello of the step program.
    StepDefinitions {
        /// The definitions; [`StepMatch::definition`] and candidates are indices into them.
        definitions: Arc<[StepDefinition]>,
    },
    /// The hooks in the hello of the step program. Comes after the step definitions.
    Hooks {
        /// The hooks; events name them by their indices.
        hooks: Arc<[Hook]>,
    },
    /// The parameter types in the hello of the step program. Comes after the step definitions.
    ParameterTypes {
        /// The types, without those that are built in.
        parameter_types: Arc<[ParameterType]>,
    },
    /// A step definition cannot be used, because its expression names an undefined parameter type.
    UndefinedParameterType {
        /// The name of the parameter type.
        name: String,
        /// The expression that names it.
        expression: String,
        /// Where the definition stands.
        location: SourceLocation,
    },
    /// A hook that was not in the hello of the step program. Comes before its first [`Event::HookStarted`].
    HookAdded {
        /// Its number, like the index of a hook in [`Event::Hooks`].
        hook: u32,
        /// What it is.
        definition: Hook,
    },
    /// A step program has found a scenario that the plan does not have, such as a row that a hook has added
    /// to a table of examples. From now on it is like any other planned scenario.
    ScenarioAdded {
        /// The path of its feature as it is shown.
        uri: Arc<str>,
        /// The rule that it belongs to.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rule: Option<PlannedRule>,
        /// The scenario. [`PlannedScenario::rule`] has no meaning here.
        planned: Box<PlannedScenario>,
    },
    /// What a scenario will run. Only in runs with a report that needs it. There it comes for all scenarios,
    /// in the order of the run, after the hooks outside of features have passed and before any scenario
    /// starts. A run that fails before its first scenario has none.
    ScenarioPrepared {
        /// The scenario.
        scenario: u32,
        /// Its `before_scenario` hooks, as indices, in the order in which they run.
        before: Vec<u32>,
        /// Its `after_scenario` hooks, as indices, in the order in which they run.
        after: Vec<u32>,
        /// For each of its steps, all matching definitions. If there are none, the step is undefined; if
        /// there are several, it is ambiguous.
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
    /// A step or hook has attached something. Comes between its start and its end.
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
    /// A problem that does not fail the run.
    Warning {
        /// One line, lower case, without a full stop.
        message: String,
        /// The file and place it is about.
        place: Option<SourceLocation>,
        /// The name of the rule that a feature file breaks, such as `near-tag`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rule: Option<String>,
    },
    /// A step or hook has been running for a long time.
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
    /// The step program has left out a planned step, and the scenario continues.
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
        /// How many steps it is nested in; 0 if it is on the level of the planned steps.
        #[serde(default, skip_serializing_if = "is_zero")]
        depth: u32,
        /// Its keyword, text and arguments.
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
        /// What ended it early, if anything.
        fault: Option<Fault>,
        /// Errors outside its steps, for example when its fixtures were closed.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        errors: Vec<StepError>,
        /// What it printed to descriptors 1 and 2; `None` if nothing.
        output: Option<CapturedOutput>,
        /// Whether another attempt follows. If not, this is the scenario's result.
        will_be_retried: bool,
        /// Whether the scenario is expected to fail, by its tags. Then a failure does not fail the run, and
        /// passing does: see [`Status::is_failure`].
        #[serde(default, skip_serializing_if = "is_false")]
        expected_failure: bool,
        /// Why a hook or the step program outside of it skipped it, if so. Then none of its steps ran.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        skipped_because: Option<String>,
    },
    /// A planned scenario gets no (further) attempt.
    ScenarioNotRun {
        /// The scenario.
        scenario: u32,
        /// The reason, a fragment such as "the run was stopped after the first failure".
        reason: String,
    },
    /// A planned scenario runs in another process that shares the work. That process reports the result.
    ScenarioClaimedElsewhere {
        /// The scenario.
        scenario: u32,
    },
    /// Something outside of all scenarios failed, so the run fails.
    RunError {
        /// The kind of the error.
        kind: RunErrorKind,
        /// One line, lower case.
        message: String,
        /// More details: captured output, what to do.
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
