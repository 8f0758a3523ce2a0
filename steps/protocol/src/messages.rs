//! The messages between the runner and a worker.
//!
//! They travel as JSON Lines over a Unix domain socket whose path is in `BDD_SOCKET`.
//! `docs/protocol.md` is the description for people, `docs/protocol.schema.json` for programs.

/// The version of the protocol that this code speaks.
pub const VERSION: u32 = 1;

/// The exit code of a worker that has not said hello because the system refused something that it needs, such
/// as a thread. It is `EX_TEMPFAIL` of `sysexits.h`.
pub const REFUSED: i32 = 75;

/// A message from the runner to a worker.
#[derive(Debug, Clone, PartialEq)]
pub enum ToWorker<T = String> {
    /// Match texts with the definitions of a kind that only the worker understands.
    Match {
        /// Comes back in the answer.
        id: u32,
        /// Step texts.
        texts: Vec<String>,
        /// For each text the keyword of its step: `given`, `when`, `then`, or `step` if it may be any. Empty
        /// unless [`Hello::match_by`] lists `keyword`.
        keywords: Vec<String>,
        /// For each text the uri of its feature. Empty unless [`Hello::match_by`] lists `uri`.
        uris: Vec<String>,
        /// For each text the arguments below its step: `none`, `table`, `docstring` or `both`. Empty unless
        /// [`Hello::match_by`] lists `below`.
        below: Vec<String>,
    },
    /// Run these scenarios of one feature, after all scenarios that were sent before.
    Run {
        /// The feature they belong to.
        feature: FeatureInfo<T>,
        /// The scenarios, in order.
        scenarios: Vec<RunScenario<T>>,
    },
    /// Run opening hooks of the run or of the worker (`before_run`, `before_all`), in this order. All of them
    /// run, even if one fails. Answered by [`FromWorker::Begun`].
    Begin {
        /// The ids of the hooks.
        hooks: Vec<u32>,
    },
    /// The answer to [`FromWorker::RunSteps`].
    Steps {
        /// The steps of the text, each with exactly one definition.
        steps: Vec<RunStep<T>>,
        /// Why they cannot run, for example because one of them is undefined. Then `steps` is empty.
        error: Option<String>,
    },
    /// Give back all scenarios that have not started; answered by [`FromWorker::Cancelled`].
    Cancel,
    /// Break off a step or hook, if it is still running and its code can be left where it waits (an `async
    /// fn`). Answered by [`FromWorker::BreakingOff`]. Only for a worker that said [`Hello::breaks_off`].
    BreakOff {
        /// The step or hook: how many steps and hooks the worker has started in all, including this one.
        call: u64,
        /// The `kind` of its [`Failure`].
        kind: String,
        /// The message of its [`Failure`].
        message: String,
        /// Whether the reason is that the run is stopped. Then the step or hook is skipped and its scenario
        /// is not retried. Otherwise it has failed.
        cancelled: bool,
    },
    /// No further scenario of this feature comes to this worker.
    FeatureDone {
        /// The feature's uri.
        uri: String,
    },
    /// No work follows. Finish what was sent, close everything and exit with 0.
    Finish {
        /// The closing hooks of the worker or of the run (`after_all`, `after_run`), in the order
        /// in which they run.
        hooks: Vec<u32>,
    },
}

/// What a worker needs to know about a feature. The type of texts of this and the following messages is another one where
/// they are written or read without being copied.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FeatureInfo<T = String> {
    /// The path as it is shown.
    pub uri: T,
    /// The title.
    pub name: T,
    /// The feature's own tags.
    pub tags: Vec<T>,
    /// The line of its title, from 1.
    pub line: u32,
    /// The ids of the `before_feature` hooks that apply, in the order in which they run.
    pub before: Vec<u32>,
    /// The ids of the `after_feature` hooks that apply, in the order in which they run.
    pub after: Vec<u32>,
    /// Whether other workers may get scenarios of this feature too, because no definition or hook needs the
    /// whole feature on one worker and the user did not ask for either.
    pub split: bool,
}

/// What a worker needs to know about a rule. Two scenarios of a feature are in the same rule if the lines of
/// their rules are equal.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RuleInfo<T = String> {
    /// The title.
    pub name: T,
    /// The line of its title, from 1.
    pub line: u32,
    /// The tags that apply to it, including those of the feature.
    pub tags: Vec<T>,
    /// The ids of the `before_rule` hooks that apply, in the order in which they run.
    pub before: Vec<u32>,
    /// The ids of the `after_rule` hooks that apply, in the order in which they run.
    pub after: Vec<u32>,
}

/// A scenario to run.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RunScenario<T = String> {
    /// Names the scenario in all messages.
    pub scenario: u32,
    /// The attempt, from 0.
    pub attempt: u32,
    /// The title.
    pub name: T,
    /// The line in the feature file.
    pub line: u32,
    /// All tags that apply, each with its `@`.
    pub tags: Vec<T>,
    /// Its rule.
    pub rule: Option<RuleInfo<T>>,
    /// How often the worker runs it again at once while it fails. Each time the attempt is one higher and
    /// fixtures are new.
    pub retries: u32,
    /// Whether steps after a failed step still run.
    pub continue_after_failure: bool,
    /// The ids of the `before_scenario` hooks that apply, in the order in which they run.
    pub before: Vec<u32>,
    /// The ids of the `after_scenario` hooks that apply, in the order in which they run.
    pub after: Vec<u32>,
    /// The ids of the `before_step` hooks that apply, in the order in which they run.
    pub before_step: Vec<u32>,
    /// The ids of the `after_step` hooks that apply, in the order in which they run.
    pub after_step: Vec<u32>,
    /// The steps to run: those before the first that does not have exactly one definition. The worker stops
    /// at the first that does not pass. The runner reports the others.
    pub steps: Vec<RunStep<T>>,
    /// The `key` of its [`FromWorker::ScenarioAdded`], if this worker added it.
    pub added: Option<u32>,
}

/// A step to run.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RunStep<T = String> {
    /// The id of the definition to call, from [`Hello::definitions`].
    pub definition: u32,
    /// The step's text.
    pub text: T,
    /// The keyword as written, without the space after it.
    pub keyword: T,
    /// The line in the feature file.
    pub line: u32,
    /// The top-level groups or parameters in order.
    pub arguments: Vec<RunArgument<T>>,
    /// The table below the step: rows of cells.
    pub table: Option<Vec<Vec<T>>>,
    /// The docstring below the step.
    pub docstring: Option<DocStringArgument<T>>,
}

/// The argument of a step's function for a group or parameter of its pattern. Without a parameter type of the
/// user, it is written as just the text, or null.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RunArgument<T = String> {
    /// The text; `None` if the group took no part in the match. For `{string}` it has no quotes around it.
    pub value: Option<T>,
    /// The name of the user's parameter type that converts it, from [`Hello::parameter_types`].
    pub parameter_type: Option<T>,
    /// The texts of the groups of the parameter type's regular expression; if it has no groups, the whole
    /// text.
    pub groups: Vec<Option<T>>,
}

impl<T: Default> RunArgument<T> {
    /// A text that no parameter type of the user converts.
    pub fn text(value: Option<T>) -> Self {
        Self {
            value,
            ..Self::default()
        }
    }
}

/// A docstring below a step.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DocStringArgument<T = String> {
    /// The media type after the opening delimiter.
    pub media_type: Option<T>,
    /// The text.
    pub content: T,
}

/// A message from a worker to the runner.
#[derive(Debug, Clone, PartialEq)]
pub enum FromWorker {
    /// The first message of every worker.
    Hello(Box<Hello>),
    /// The answer to [`ToWorker::Match`]: for each text, the definitions that match.
    Matched {
        /// The id of the request.
        id: u32,
        /// As many as there were texts.
        matches: Vec<Vec<Match>>,
    },
    /// The answer to [`ToWorker::Begin`]: the hooks have finished.
    Begun {
        /// What `before_run` hooks export to the environment of all workers.
        environment: Vec<Variable>,
    },
    /// A hook's code is about to run. Written before that happens. It runs where the worker is at that time:
    /// in the run, the worker, a feature, a rule, a scenario or a step.
    HookStarted {
        /// The hook.
        hook: u32,
        /// The length of the capture file at this moment, in bytes.
        output: u64,
    },
    /// A hook's code has returned.
    HookFinished {
        /// The hook.
        hook: u32,
        /// Its status. Skipped means that it asks to skip its scenario, rule or feature.
        status: StepStatus,
        /// How long it ran, in nanoseconds.
        nanos: u64,
        /// The length of the capture file at this moment, in bytes.
        output: u64,
        /// Why it did not pass.
        error: Option<Box<Failure>>,
    },
    /// The next scenario that was sent does not run: an opening hook of its feature or rule failed or asked
    /// to skip it, or the host itself skips it. No start or end is sent for it.
    ScenarioSkipped {
        /// The scenario.
        scenario: u32,
        /// The hook, if one is the cause.
        hook: Option<u32>,
        /// What the host skips: `scenario`, `rule` or `feature`; empty is `scenario`.
        scope: String,
        /// Why the host skips it; empty if a hook is the cause.
        reason: String,
    },
    /// Announces a hook that [`Hello::hooks`] does not list, before it runs for the first time. The host
    /// decides when it runs.
    HookAdded {
        /// The hook, with an id of its own.
        hook: Box<Hook>,
    },
    /// A planned step does not run, and its scenario continues. No start or end is sent for the step.
    StepLeftOut {
        /// The scenario.
        scenario: u32,
        /// The position of the step in [`RunScenario::steps`].
        step: u32,
        /// Why, in one line.
        reason: String,
    },
    /// A step that the plan does not have is about to run: the host has added it, or another step runs it.
    /// Written before its code runs.
    ExtraStepStarted {
        /// The scenario.
        scenario: u32,
        /// Names the step: extra steps of an attempt are counted from 0.
        extra: u32,
        /// The position in [`RunScenario::steps`] of the step that it runs in, if any.
        parent: Option<u32>,
        /// How many steps it is nested in; 0 if it is on the level of the scenario's own steps.
        depth: u32,
        /// Its keyword, text and arguments.
        step: Box<StepContent>,
    },
    /// The code of an extra step has returned.
    ExtraStepFinished {
        /// The scenario.
        scenario: u32,
        /// The number of the step.
        extra: u32,
        /// How it went.
        status: StepStatus,
        /// How long it ran, in nanoseconds.
        nanos: u64,
        /// Why it did not pass.
        error: Option<Box<Failure>>,
    },
    /// The host has found a scenario that the plan does not have, such as a row that a hook has added to a
    /// table of examples. The runner sends it back in a [`ToWorker::Run`].
    ScenarioAdded(Box<ScenarioAdded>),
    /// The host asks that nothing more is started, as after a failure with `--fail-fast`. The run
    /// fails.
    Abort {
        /// Why, in one line.
        reason: String,
    },
    /// Fixtures that live longer than a scenario could not be closed.
    ClosingFailed {
        /// `feature` or `worker`.
        scope: String,
        /// The errors. Each names its fixture.
        errors: Vec<Failure>,
    },
    /// Everything that [`ToWorker::Finish`] asks for is done, and the worker exits. Without this message, the
    /// runner could not tell whether user code ended the process early.
    Closed {},
    /// A step or hook that runs attaches something to the report.
    Attachment {
        /// Its media type, such as `image/png`.
        media_type: String,
        /// Its file name, if it has one.
        file_name: Option<String>,
        /// Its content.
        body: AttachmentBody,
    },
    /// The running step wants to run steps from text. The worker waits for [`ToWorker::Steps`].
    RunSteps {
        /// Steps in the syntax of a feature file, in the language of the feature.
        text: String,
    },
    /// A scenario begins.
    ScenarioStarted {
        /// The scenario.
        scenario: u32,
        /// The attempt.
        attempt: u32,
        /// Microseconds since 1970-01-01 UTC.
        at: u64,
        /// The length of the capture file (descriptor 1) at this moment, in bytes.
        output: u64,
    },
    /// A step's code is about to run. Written before that happens.
    StepStarted {
        /// The scenario.
        scenario: u32,
        /// The position of the step in [`RunScenario::steps`].
        step: u32,
        /// The whole step as it runs, if that differs from the plan.
        actual: Option<Box<StepContent>>,
    },
    /// A step's code has returned.
    StepFinished {
        /// The scenario.
        scenario: u32,
        /// The position of the step.
        step: u32,
        /// How it went.
        status: StepStatus,
        /// How long it ran, in nanoseconds.
        nanos: u64,
        /// Why it did not pass.
        error: Option<Box<Failure>>,
        /// The whole step as it ran, if that differs from the plan and was not known in
        /// [`FromWorker::StepStarted`].
        actual: Option<Box<StepContent>>,
        /// Whether it handled the failure of an extra step that it ran: it passed, and the scenario does not
        /// fail because of the extra step.
        handled: bool,
    },
    /// An attempt at a scenario is over, and its fixtures are closed.
    ScenarioFinished {
        /// The scenario.
        scenario: u32,
        /// The attempt.
        attempt: u32,
        /// Nanoseconds since it started.
        nanos: u64,
        /// The length of the capture file at this moment, in bytes.
        output: u64,
        /// Problems while its fixtures were closed, and problems that it left behind. If there are any, the
        /// scenario failed.
        errors: Vec<Failure>,
        /// Remarks that do not make it fail: one line each, in the form of an error's message.
        remarks: Vec<String>,
        /// Problems that this scenario may not have caused, one line each. They fail the run, but not the
        /// scenario.
        run_errors: Vec<String>,
        /// Whether the worker runs it again at once, see [`RunScenario::retries`].
        will_be_retried: bool,
        /// Whether the suite itself retries it. Then [`RunScenario::retries`] does not limit that.
        own_retry: bool,
    },
    /// The answer to [`ToWorker::BreakOff`], given at once.
    BreakingOff {
        /// The step or hook that was meant.
        call: u64,
        /// Whether it is still running and is broken off now. Its end follows as usual, with the failure of
        /// the request, and its scenario continues with the hooks after the steps.
        can: bool,
    },
    /// The worker asks for no further work, because a scenario has left it unfit. The runner sends `finish`
    /// and starts another worker. Sent only between scenarios.
    Retiring {
        /// Why, as the rest of a sentence that begins with "the worker".
        reason: String,
    },
    /// The answer to [`ToWorker::Cancel`].
    Cancelled {
        /// The scenarios that will not run on this worker, in the order in which they were sent.
        scenarios: Vec<u32>,
    },
    /// The runner should read the outbox now. It means nothing else.
    Ring {},
    /// The worker cannot continue, and exits after this.
    Error {
        /// One line.
        message: String,
        /// More, or empty.
        detail: String,
    },
}

/// A variable of the environment.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// The content of an attachment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AttachmentBody {
    /// A text.
    Text(String),
    /// Bytes, in Base64 (RFC 4648, with padding).
    Base64(String),
    /// The path of a file in the directory `BDD_ATTACHMENTS`. The runner reads it later and then deletes it.
    File(String),
}

/// What a worker defines and what it can do.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Hello {
    /// [`VERSION`].
    pub protocol: u32,
    /// The language of the step code, such as `rust`; snippets are written in it.
    pub language: String,
    /// A text that is equal for two workers exactly if their definitions are equal.
    pub hash: String,
    /// The step definitions. The worker chooses their ids.
    pub definitions: Vec<Definition>,
    /// The hooks. Their ids are independent of those of definitions.
    pub hooks: Vec<Hook>,
    /// The parameter types that patterns use in addition to the built-in ones.
    pub parameter_types: Vec<ParameterType>,
    /// Whether it sends [`FromWorker::Closed`] before it exits.
    pub says_closed: bool,
    /// Whether it answers [`ToWorker::BreakOff`].
    pub breaks_off: bool,
    /// Whether processes whose parents have ended become its children, so that it knows all that it has started.
    pub adopts_orphans: bool,
    /// What else than the text decides which definition matches, for patterns of its own kinds: `keyword`,
    /// `uri`, `below`. [`ToWorker::Match`] then has these for each text.
    pub match_by: Vec<String>,
}

/// A scenario that the step program found and that the plan does not have.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ScenarioAdded {
    /// Comes back in [`RunScenario::added`].
    pub key: u32,
    /// The uri of its feature.
    pub feature: String,
    /// The line of its rule; 0 if it is in no rule.
    pub rule: u32,
    /// Its outline, if it is a row of one.
    pub outline: Option<OutlineInfo>,
    /// The cells of the row.
    pub row: Vec<String>,
    /// The title.
    pub name: String,
    /// Its line in the feature file; 0 if it has none.
    pub line: u32,
    /// Its own tags and those of its outline and examples, each with its `@`.
    pub tags: Vec<String>,
    /// Its steps, including those of backgrounds.
    pub steps: Vec<StepContent>,
}

/// A step that the plan does not have, or that differs from the plan.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct StepContent {
    /// The keyword as written, without the space after it.
    pub keyword: String,
    /// The text.
    pub text: String,
    /// The table below it: rows of cells.
    pub table: Option<Vec<Vec<String>>>,
    /// The docstring below it.
    pub docstring: Option<DocStringArgument>,
    /// The definition that runs it, if the host says so.
    pub matched: Option<Match>,
    /// The file that contains it: absolute, or relative to the worker's working directory; may be empty.
    pub file: String,
    /// The line, from 1; 0 when unknown.
    pub line: u32,
    /// The column, from 1; 0 when unknown.
    pub column: u32,
}

/// The outline of a scenario that a host adds.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct OutlineInfo {
    /// Its title, with placeholders.
    pub name: String,
    /// The line of its title, from 1.
    pub line: u32,
    /// The title of the examples; may be empty.
    pub examples: String,
    /// The header of the examples, as many cells as the row has.
    pub header: Vec<String>,
}

/// A hook.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Hook {
    /// Names the hook in all messages.
    pub id: u32,
    /// `before_run`, `after_run`, `before_all`, `after_all`, `before_feature`, `after_feature`,
    /// `before_rule`, `after_rule`, `before_scenario`, `after_scenario`, `before_step` or
    /// `after_step`.
    pub kind: String,
    /// Its name; may be empty.
    pub name: String,
    /// The tag expression that selects where it applies; if empty, it applies everywhere.
    pub tags: String,
    /// Opening hooks run from the lowest order to the highest, closing hooks the other way round.
    pub order: i32,
    /// The source file: absolute, or relative to the worker's working directory.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1; 0 when unknown.
    pub column: u32,
    /// The function's name.
    pub function: String,
    /// Whether it needs all scenarios of a feature on one worker.
    pub whole_feature: bool,
}

/// A parameter type of the user.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ParameterType {
    /// The name between the braces.
    pub name: String,
    /// The regular expressions, at least one; they may have groups.
    pub regexps: Vec<String>,
    /// Whether snippets suggest it.
    pub use_for_snippets: bool,
    /// Whether it wins if several types have the regular expression of a group.
    pub prefer_for_regexp: bool,
    /// The type in the worker's language, for snippets; may be empty.
    pub type_name: String,
    /// The source file: absolute, or relative to the worker's working directory.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1; 0 when unknown.
    pub column: u32,
}

/// A step definition.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Definition {
    /// Names the definition in all messages.
    pub id: u32,
    /// `given`, `when`, `then` or `step`.
    pub keyword: String,
    /// `regex` (Rust's syntax) or `cucumber_expression`, which the runner matches, or a kind of the
    /// worker's own.
    pub kind: String,
    /// The pattern as written.
    pub pattern: String,
    /// The source file: absolute, or relative to the worker's working directory.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1; 0 when unknown.
    pub column: u32,
    /// The function's name.
    pub function: String,
    /// The function's documentation.
    pub doc: String,
    /// Whether it needs all scenarios of a feature on one worker.
    pub whole_feature: bool,
}

/// A definition that matches a text.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Match {
    /// The definition's id.
    pub definition: u32,
    /// Its top-level groups.
    pub arguments: Vec<Group>,
}

/// What a group of a pattern matched.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Group {
    /// The text, or `None` if the group took no part in the match.
    pub value: Option<String>,
    /// Where it begins, in UTF-16 code units.
    pub start: u32,
    /// Where it ends.
    pub end: u32,
    /// The groups inside it.
    pub children: Vec<Group>,
}

/// The status of a step or hook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepStatus {
    /// It passed.
    Passed,
    /// It failed.
    Failed,
    /// It says that it is not written yet.
    Pending,
    /// It asks to skip the rest of the scenario.
    Skipped,
}

/// Why a step did not pass.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Failure {
    /// `AssertionError`, `Error`, or a name of its own.
    pub kind: String,
    /// The message.
    pub message: String,
    /// More detail; may be empty.
    pub trace: String,
    /// The file where it happened: absolute, or relative to the worker's working directory; may be empty.
    pub file: String,
    /// The line, from 1; 0 when unknown.
    pub line: u32,
    /// The column, from 1; 0 when unknown.
    pub column: u32,
}
