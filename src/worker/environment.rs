//! The environment of workers: the only place that sets the variables of the protocol.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::process::Command;

use bdd_protocol::variables::{
    ATTACHMENTS, EXE, JOBS, LEAKS, OUTBOX, PAUSE_ON_FAILURE, PROCESS_GROUP, RUN_ID, SOCKET,
    STATE_CHANGES, USERDATA, WORKER_INDEX,
};

use crate::config::{Leaks, StateChanges};

/// What is the same for all workers of a run.
#[derive(Debug, Clone)]
pub struct RunEnvironment {
    /// The number of workers.
    pub jobs: NonZeroU32,
    /// A text that no other run has.
    pub run_id: String,
    /// What happens to processes that outlive their scenario.
    pub leaks: Leaks,
    /// What happens when a scenario changes the state of its process.
    pub state_changes: StateChanges,
    /// The values for steps, by name.
    pub userdata: BTreeMap<String, String>,
    /// Whether a failed step or hook waits for a key.
    pub pauses: bool,
    /// The path of this program.
    pub program: Option<PathBuf>,
}

/// What differs between workers.
pub(super) struct WorkerEnvironment<'w> {
    /// The number of the worker.
    pub(super) index: u32,
    /// The socket to connect to.
    pub(super) socket: &'w Path,
    /// The pipe for messages that need not wake the runner, if there is one.
    pub(super) outbox: Option<&'w Path>,
    /// The directory for attached files.
    pub(super) attachments: &'w Path,
    /// Whether the worker leads a process group of its own.
    pub(super) leads_group: bool,
}

impl RunEnvironment {
    /// Sets the environment of a worker; `exported` are the variables of `before_run` hooks, which
    /// cannot replace those of the protocol.
    pub(super) fn apply(
        &self,
        worker: &WorkerEnvironment<'_>,
        exported: &[(OsString, OsString)],
        command: &mut Command,
    ) {
        command.envs(exported.iter().map(|(name, value)| (name, value)));
        // This program may be a step of another run and have that run's variables. So each variable is
        // either set or removed.
        command
            .env(SOCKET, worker.socket)
            .env(WORKER_INDEX, worker.index.to_string())
            .env(ATTACHMENTS, worker.attachments)
            .env(JOBS, self.jobs.to_string())
            .env(RUN_ID, &self.run_id)
            .env(LEAKS, self.leaks.as_str())
            .env(STATE_CHANGES, self.state_changes.as_str())
            .env(USERDATA, serde_json::json!(self.userdata).to_string());
        switch(command, PROCESS_GROUP, worker.leads_group);
        switch(command, PAUSE_ON_FAILURE, self.pauses);
        match worker.outbox {
            Some(path) => command.env(OUTBOX, path),
            None => command.env_remove(OUTBOX),
        };
        match &self.program {
            Some(program) => command.env(EXE, program),
            None => command.env_remove(EXE),
        };
    }
}

/// A variable that is `1` or absent.
fn switch(command: &mut Command, name: &str, on: bool) {
    match on {
        true => command.env(name, "1"),
        false => command.env_remove(name),
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use bdd_protocol::variables;

    #[test]
    fn every_variable_is_set_or_removed_and_documented() {
        let mut command = Command::new("program");
        let run = RunEnvironment {
            jobs: NonZeroU32::MIN,
            run_id: "1".to_owned(),
            leaks: Leaks::Warn,
            state_changes: StateChanges::Warn,
            userdata: BTreeMap::new(),
            pauses: false,
            program: None,
        };
        let worker = WorkerEnvironment {
            index: 0,
            socket: Path::new("/socket"),
            outbox: Some(Path::new("/outbox")),
            attachments: Path::new("/attachments"),
            leads_group: true,
        };
        // A hook cannot replace what the protocol needs.
        let exported = [(OsString::from(SOCKET), OsString::from("other"))];
        run.apply(&worker, &exported, &mut command);
        let set: BTreeMap<_, _> = command.get_envs().collect();
        let documentation = include_str!("../../docs/protocol.md");
        for name in variables::ALL {
            assert!(
                set.contains_key(name.as_ref() as &std::ffi::OsStr),
                "{name}"
            );
            assert!(documentation.contains(&format!("| `{name}` |")), "{name}");
        }
        assert_eq!(set.len(), variables::ALL.len());
        let socket = set[SOCKET.as_ref() as &std::ffi::OsStr];
        assert_eq!(socket, Some("/socket".as_ref()));
    }
}
