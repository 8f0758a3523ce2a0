//! The environment variables that the runner sets for a worker. `docs/protocol.md` describes each.

/// The path of the socket to connect to.
pub const SOCKET: &str = "BDD_SOCKET";

/// The path of a pipe for messages that need not wake the runner. Absent if the system could not make one.
pub const OUTBOX: &str = "BDD_OUTBOX";

/// The number of the worker, from 0; a replacement has the number of the worker that it replaces.
pub const WORKER_INDEX: &str = "BDD_WORKER_INDEX";

/// The number of workers.
pub const JOBS: &str = "BDD_JOBS";

/// A text that is the same for all workers of a run and differs between runs.
pub const RUN_ID: &str = "BDD_RUN_ID";

/// The directory for the files that steps attach.
pub const ATTACHMENTS: &str = "BDD_ATTACHMENTS";

/// The values for steps: a JSON object of texts by name.
pub const USERDATA: &str = "BDD_USERDATA";

/// `1` if the worker leads a process group of its own.
pub const PROCESS_GROUP: &str = "BDD_PROCESS_GROUP";

/// What happens to processes that outlive their scenario: `fail`, `warn` or `ignore`.
pub const LEAKS: &str = "BDD_LEAKS";
/// What happens when a scenario changes the state of its process.
pub const STATE_CHANGES: &str = "BDD_STATE_CHANGES";

/// `1` if a failed step or hook waits for Enter.
pub const PAUSE_ON_FAILURE: &str = "BDD_PAUSE_ON_FAILURE";

/// The path of the running `bdd`, for steps that start another run.
pub const EXE: &str = "BDD_EXE";

/// `1` in the environment of a process that a step has started: bdd neither reports nor ends it, and neither
/// those that it starts. The runner does not set it.
pub const KEEP_PROCESS: &str = "BDD_KEEP_PROCESS";

/// All variables that the runner sets.
pub const ALL: [&str; 12] = [
    SOCKET,
    OUTBOX,
    WORKER_INDEX,
    JOBS,
    RUN_ID,
    ATTACHMENTS,
    USERDATA,
    PROCESS_GROUP,
    LEAKS,
    STATE_CHANGES,
    PAUSE_ON_FAILURE,
    EXE,
];
