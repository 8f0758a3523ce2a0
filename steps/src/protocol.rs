//! The messages between the runner and a worker.
//!
//! They travel as JSON Lines over a Unix domain socket whose path is in `BDD_SOCKET`.
//! `docs/protocol.md` is the description for people, `docs/protocol.schema.json` for programs.

/// The version of the protocol that this code speaks.
pub const VERSION: u32 = 1;

/// A message from the runner to a worker.
#[derive(Debug, Clone, PartialEq)]
pub enum ToWorker {
    /// Match texts against the definitions whose kind only the worker understands.
    Match {
        /// Comes back in the answer.
        id: u32,
        /// Step texts.
        texts: Vec<String>,
    },
    /// Run these scenarios of one feature, after all that were sent before.
    Run {
        /// The feature they belong to.
        feature: FeatureInfo,
        /// The scenarios, in order.
        scenarios: Vec<RunScenario>,
    },
    /// Give back all scenarios that have not started; answered by [`FromWorker::Cancelled`].
    Cancel,
    /// No further scenario of this feature comes to this worker.
    FeatureDone {
        /// The feature's uri.
        uri: String,
    },
    /// No work follows: finish what was sent, close everything and exit with 0.
    Finish,
}

/// A feature, as far as a worker needs to know it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FeatureInfo {
    /// The path as it is shown.
    pub uri: String,
    /// The title.
    pub name: String,
    /// The feature's own tags.
    pub tags: Vec<String>,
}

/// A scenario to run.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RunScenario {
    /// Names the scenario in all messages.
    pub scenario: u32,
    /// The attempt, from 0.
    pub attempt: u32,
    /// The title.
    pub name: String,
    /// The line in the feature file.
    pub line: u32,
    /// All tags that hold, each with its `@`.
    pub tags: Vec<String>,
    /// The title of its rule.
    pub rule: Option<String>,
    /// The steps to run: those before the first that has no single definition. The worker stops
    /// at the first that does not pass; the runner knows what becomes of the rest.
    pub steps: Vec<RunStep>,
}

/// A step to run.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RunStep {
    /// The id of the definition to call, from [`Hello::definitions`].
    pub definition: u32,
    /// The step's text.
    pub text: String,
    /// The line in the feature file.
    pub line: u32,
    /// The top-level groups in order; `None` where a group took no part.
    pub arguments: Vec<Option<String>>,
    /// The table below the step: rows of cells.
    pub table: Option<Vec<Vec<String>>>,
    /// The docstring below the step.
    pub docstring: Option<DocStringArgument>,
}

/// A docstring below a step.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DocStringArgument {
    /// The media type behind the opening delimiter.
    pub media_type: Option<String>,
    /// The text.
    pub content: String,
}

/// A message from a worker to the runner.
#[derive(Debug, Clone, PartialEq)]
pub enum FromWorker {
    /// The first message of every worker.
    Hello(Hello),
    /// The answer to [`ToWorker::Match`]: for each text, the definitions that match.
    Matched {
        /// The id of the request.
        id: u32,
        /// As many as there were texts.
        matches: Vec<Vec<Match>>,
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
    /// A step's code is about to get control. Written before that happens.
    StepStarted {
        /// The scenario.
        scenario: u32,
        /// The position of the step in [`RunScenario::steps`].
        step: u32,
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
        error: Option<Failure>,
    },
    /// A scenario is over, all that belongs to it is closed.
    ScenarioFinished {
        /// The scenario.
        scenario: u32,
        /// The attempt.
        attempt: u32,
        /// Nanoseconds since it started.
        nanos: u64,
        /// The length of the capture file at this moment, in bytes.
        output: u64,
        /// What went wrong while its fixtures were closed; if anything did, the scenario failed.
        errors: Vec<Failure>,
    },
    /// The answer to [`ToWorker::Cancel`].
    Cancelled {
        /// The scenarios that will not be run here, in the order they were sent.
        scenarios: Vec<u32>,
    },
    /// The worker cannot go on; it exits after this.
    Error {
        /// One line.
        message: String,
        /// More, or empty.
        detail: String,
    },
}

/// Who a worker is and what it can do.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Hello {
    /// [`VERSION`].
    pub protocol: u32,
    /// The language of the step code, such as `rust`; snippets are written in it.
    pub language: String,
    /// A text that is equal for two workers exactly when their definitions are.
    pub hash: String,
    /// The step definitions; ids are theirs to choose.
    pub definitions: Vec<Definition>,
}

/// A step definition.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Definition {
    /// Names the definition in all messages.
    pub id: u32,
    /// `given`, `when`, `then` or `step`.
    pub keyword: String,
    /// `regex` (Rust's syntax; the runner matches), or a kind of the worker's own.
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
    /// The text, or none when the group took no part.
    pub value: Option<String>,
    /// Where it begins, in UTF-16 code units.
    pub start: u32,
    /// Where it ends.
    pub end: u32,
    /// The groups inside it.
    pub children: Vec<Group>,
}

/// How a step went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepStatus {
    /// It returned normally.
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
    /// What it says.
    pub message: String,
    /// More detail; may be empty.
    pub trace: String,
    /// Where it happened; absolute or relative to the worker's working directory; may be empty.
    pub file: String,
    /// The line, from 1; 0 when unknown.
    pub line: u32,
    /// The column, from 1; 0 when unknown.
    pub column: u32,
}
