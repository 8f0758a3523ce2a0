//! The worker processes: start, hello, silence, interruption, exit and replacement.
//!
//! It knows nothing of scenarios or hooks, only whether something runs, which it is given.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::ops::Range;
use std::time::Instant;

use bdd_protocol::ToWorker;

use crate::worker::launch_error::LaunchError;
use crate::worker::process::{Inbox, Process};

use super::Options;
use super::context::RunContext;
use super::due::Due;

mod exit;
mod interrupting;
mod interruption;
mod life;
mod output;
mod output_progress;
mod vacancy;
mod worker;

pub use exit::WorkerExit;
pub use interruption::AbortCause;
use interruption::Interruption;
pub use life::{GoneWorker, Introduction};
use output_progress::OutputProgress;
use vacancy::Vacancy;

/// All live workers, by the serial numbers of their processes.
pub struct Workers {
    live: BTreeMap<u32, Worker>,
    next_serial: u32,
    /// What the hooks before the run have exported to all workers.
    environment: Vec<(OsString, OsString)>,
    inbox: Inbox,
    /// The hash of the definitions of the first that said hello.
    definitions: Option<String>,
    /// How many in a row died while they ran no scenario.
    idle_deaths: u32,
    vacancy: Vacancy,
    /// The places whose first worker is to be started when there is time.
    awaiting: Range<u32>,
}

/// How far a worker is with its opening hooks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opening {
    /// It was not asked to run them.
    NotYet,
    /// It runs them.
    Asked,
    /// It has run them, or there are none: it can work.
    Done,
}

/// What a worker said of itself in its hello.
#[derive(Debug, Clone, Copy)]
struct Promises {
    /// It says so when it has closed everything.
    says_closed: bool,
    /// It can be asked to leave a step or hook.
    breaks_off: bool,
}

/// Why a process is being killed.
#[derive(Debug)]
enum Doom {
    /// Nothing it does counts any more.
    Dismissed,
    /// It did this against the protocol; whether that is only that it was too slow.
    Violation(String, bool),
}

/// A worker process.
#[derive(Debug)]
struct Worker {
    role: Role,
    process: Process,
    /// The place among the workers, from 0; a replacement takes the place of its predecessor.
    index: u32,
    /// When the process was started.
    launched: Instant,
    /// None until its hello.
    promises: Option<Promises>,
    opening: Opening,
    /// When it was sent the message that no work follows.
    finishing: Option<Instant>,
    /// Whether it said that it has closed everything.
    has_closed: bool,
    /// How what it runs is being ended.
    interruption: Option<Interruption>,
    /// When it last ended an attempt or a hook outside of attempts, or got work while it had none. Steps are
    /// not noted, of which there are many: the attempt has its own moment.
    silent_since: Instant,
    output: OutputProgress,
    /// Why it is being killed.
    doom: Option<Doom>,
}

/// What a process is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// It runs scenarios.
    Scenarios,
    /// It runs the hooks around the run, and no scenario.
    RunHooks,
}

/// What a worker that runs neither a scenario nor a hook should do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// Go on with what it has in hand.
    NextScenario,
    /// Give back what it has not started.
    AnswerToRecall,
    /// Nothing but what its opening asks for.
    Nothing,
}

impl Workers {
    /// No worker; their messages will go to `inbox`.
    pub fn new(inbox: Inbox) -> Self {
        Self {
            live: BTreeMap::new(),
            next_serial: 0,
            environment: Vec::new(),
            inbox,
            definitions: None,
            idle_deaths: 0,
            vacancy: Vacancy::default(),
            awaiting: 0..0,
        }
    }

    /// Starts a process in a place among the workers. The result is its serial number.
    ///
    /// # Errors
    /// When it cannot be started; the number goes with it.
    pub fn launch(
        &mut self,
        index: u32,
        context: &RunContext<'_>,
    ) -> Result<u32, (u32, LaunchError)> {
        let serial = self.next_serial;
        self.next_serial += 1;
        let launched = context
            .launcher
            .launch(index, serial, &self.environment, &self.inbox);
        let process = launched.map_err(|error| (serial, error))?;
        self.live.insert(serial, Worker::new(index, process));
        Ok(serial)
    }

    /// Puts what the hooks before the run have exported into the environment of all further workers.
    pub fn export(&mut self, environment: Vec<(OsString, OsString)>) {
        self.environment = environment;
    }

    /// Whether there is none, and none will be started.
    pub fn are_over(&self) -> bool {
        self.live.is_empty() && !self.vacancy.is_open()
    }

    /// The serial numbers of all.
    pub fn serials(&self) -> Vec<u32> {
        self.live.keys().copied().collect()
    }

    /// The same, without a list of them.
    pub fn iter(&self) -> impl Iterator<Item = u32> {
        self.live.keys().copied()
    }

    fn select(&self, wanted: impl Fn(&Worker) -> bool) -> Vec<u32> {
        let live = self.live.iter().filter(|(_, worker)| wanted(worker));
        live.map(|(serial, _)| *serial).collect()
    }

    /// Those that may be given work.
    pub fn ready(&self) -> Vec<u32> {
        self.select(Worker::can_work)
    }

    /// How many there are for scenarios.
    pub fn count(&self) -> usize {
        let live = self.live.values();
        live.filter(|worker| worker.role == Role::Scenarios).count()
    }

    /// How many there are for scenarios whose work counts.
    pub fn usable(&self) -> usize {
        let usable = |worker: &&Worker| worker.role == Role::Scenarios && !worker.is_dismissed();
        self.live.values().filter(usable).count()
    }

    /// Those for scenarios that have introduced themselves and were not asked to open.
    pub fn unopened(&self) -> Vec<u32> {
        self.select(|worker| {
            worker.role == Role::Scenarios
                && worker.promises.is_some()
                && worker.opening == Opening::NotYet
                && worker.finishing.is_none()
                && !worker.is_dismissed()
        })
    }

    /// Those for scenarios that neither open nor close, and have introduced themselves.
    pub fn settled(&self) -> Vec<u32> {
        self.select(|worker| {
            worker.role == Role::Scenarios
                && worker.promises.is_some()
                && worker.opening != Opening::Asked
                && worker.finishing.is_none()
                && !worker.is_dismissed()
        })
    }

    /// Whether all workers for scenarios are [settled](Self::settled).
    pub fn are_settled(&self) -> bool {
        self.settled().len() == self.count()
    }

    /// Those that have opened, whatever they are for.
    pub fn opened(&self) -> Vec<u32> {
        self.select(|worker| worker.opening == Opening::Done)
    }

    /// The place of a worker among all.
    pub fn index(&self, serial: u32) -> Option<u32> {
        self.live.get(&serial).map(|worker| worker.index)
    }

    /// What a worker is for.
    pub fn role(&self, serial: u32) -> Option<Role> {
        self.live.get(&serial).map(|worker| worker.role)
    }

    /// How far a worker is with its opening hooks.
    pub fn opening(&self, serial: u32) -> Opening {
        let worker = self.live.get(&serial);
        worker.map_or(Opening::NotYet, |worker| worker.opening)
    }

    /// Whether a worker may be given work.
    pub fn can_work(&self, serial: u32) -> bool {
        self.live.get(&serial).is_some_and(Worker::can_work)
    }

    /// Whether a worker was sent the message that no work follows.
    pub fn is_finishing(&self, serial: u32) -> bool {
        let worker = self.live.get(&serial);
        worker.is_some_and(|worker| worker.finishing.is_some())
    }

    /// Whether a message of a worker counts, which may report a `failure`. Nothing counts of one that is being killed
    /// for a violation, and of one that is ended only what it did before.
    pub fn hears(&mut self, serial: u32, failure: bool) -> bool {
        let worker = self.live.get_mut(&serial);
        let living = worker.filter(|worker| worker.doom.is_none());
        living.is_some_and(|worker| {
            let interruption = worker.interruption.as_mut();
            interruption.is_none_or(|one| one.hears(failure))
        })
    }

    /// Whether a worker is being killed for a violation of the protocol.
    pub fn is_accused(&self, serial: u32) -> bool {
        let accused = |worker: &Worker| matches!(worker.doom, Some(Doom::Violation(..)));
        self.live.get(&serial).is_some_and(accused)
    }

    /// Sends a message.
    pub fn send(&self, serial: u32, message: ToWorker) {
        if let Some(worker) = self.live.get(&serial) {
            worker.process.send(message);
        }
    }

    /// Sends messages that are written already, if there are any.
    pub fn send_lines(&self, serial: u32, lines: Vec<u8>) {
        if let Some(worker) = self.live.get(&serial).filter(|_| !lines.is_empty()) {
            worker.process.send_bytes(lines);
        }
    }

    /// What is due next of a process, which should do what is `expected` of it when nothing runs.
    pub fn due(
        &self,
        serial: u32,
        expected: Option<Expected>,
        options: &Options,
    ) -> Option<(Instant, Due)> {
        self.live.get(&serial)?.due(expected, options)
    }

    /// Whether what a worker runs is due as its limits say: it is not being ended already.
    pub fn is_undisturbed(&self, serial: u32) -> bool {
        self.live.get(&serial).is_some_and(|worker| {
            worker.doom.is_none() && worker.interruption.is_none() && worker.promises.is_some()
        })
    }
}
