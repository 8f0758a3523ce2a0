//! The life of workers: hello, opening, finishing, and how they end.

use std::time::Instant;

use bdd_protocol::{Hello, ToWorker};

use crate::event::CapturedOutput;
use crate::worker::process::Death;

use super::exit::WorkerExit;
use super::interruption::Interruption;
use super::{Doom, Opening, Promises, Role, Workers};

/// Whose hello it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Introduction {
    /// That of the first worker.
    First,
    /// That of another with the same definitions.
    Same,
    /// That of another with other definitions.
    Different,
}

/// What is left of a worker whose process is gone.
#[derive(Debug)]
pub struct GoneWorker {
    /// What it printed since its last scenario or hook.
    pub output: Option<CapturedOutput>,
    /// Whether it owed the message that it has closed everything.
    pub must_close: bool,
    /// Whether it was ended because nothing it does counts.
    pub dismissed: bool,
    /// Whether no work would have followed.
    pub finishing: bool,
    /// Whether it had said hello.
    pub introduced: bool,
    /// What it was for.
    pub role: Role,
    /// Its place among all.
    pub index: u32,
    /// How far it was with its opening hooks.
    pub opening: Opening,
}

impl Workers {
    /// A worker says hello.
    pub fn introduce(&mut self, serial: u32, hello: &Hello) -> Introduction {
        self.vacancy.end();
        if let Some(worker) = self.live.get_mut(&serial) {
            worker.promises = Some(Promises {
                says_closed: hello.says_closed,
                breaks_off: hello.breaks_off,
            });
        }
        match &self.definitions {
            None => {
                self.definitions = Some(hello.hash.clone());
                Introduction::First
            }
            Some(first) if *first == hello.hash => Introduction::Same,
            Some(_) => Introduction::Different,
        }
    }

    /// Whether this worker has said hello.
    pub fn has_introduced_itself(&self, serial: u32) -> bool {
        let worker = self.live.get(&serial);
        worker.is_some_and(|worker| worker.promises.is_some())
    }

    /// Whether a worker has ever said hello.
    pub fn any_introduced(&self) -> bool {
        self.definitions.is_some()
    }

    /// Sets a worker apart for the hooks around the run.
    pub fn set_apart(&mut self, serial: u32) {
        if let Some(worker) = self.live.get_mut(&serial) {
            worker.role = Role::RunHooks;
        }
    }

    /// Opens a worker. The message is what asks it to run its opening hooks, if it has some.
    pub fn open(&mut self, serial: u32, message: Option<ToWorker>) {
        let Some(worker) = self.live.get_mut(&serial) else {
            return;
        };
        worker.opening = Opening::Done;
        if let Some(message) = message {
            worker.opening = Opening::Asked;
            worker.silent_since = Instant::now();
            worker.process.send(message);
        }
    }

    /// The opening hooks of a worker have run.
    pub fn set_open(&mut self, serial: u32) {
        if let Some(worker) = self.live.get_mut(&serial) {
            worker.opening = Opening::Done;
        }
    }

    /// Notes that a worker has got something to do, or has done something.
    pub fn note_progress(&mut self, serial: u32) {
        if let Some(worker) = self.live.get_mut(&serial) {
            worker.silent_since = Instant::now();
        }
    }

    /// Sends a worker the message that no work follows.
    pub fn finish(&mut self, serial: u32, message: ToWorker) {
        if let Some(worker) = self.live.get_mut(&serial) {
            worker.process.send(message);
            worker.finishing = Some(Instant::now());
        }
    }

    /// A worker says that it has closed everything.
    pub fn set_closed(&mut self, serial: u32) {
        if let Some(worker) = self.live.get_mut(&serial) {
            worker.has_closed = true;
        }
    }

    /// Ends a worker because it does not keep to the protocol. A worker that is being ended is only not heard any more.
    pub fn accuse(&mut self, serial: u32, violation: String) {
        if let Some(worker) = self.live.get_mut(&serial) {
            match worker.interruption.as_mut().filter(|one| one.is_ending()) {
                Some(interruption) => _ = interruption.hears(true),
                None => worker.doom(Doom::Violation(violation, false)),
            }
        }
    }

    /// Ends a worker that is too slow, most likely by the fault of user code.
    pub fn accuse_late(&mut self, serial: u32, violation: String) {
        if let Some(worker) = self.live.get_mut(&serial) {
            worker.doom(Doom::Violation(violation, true));
        }
    }

    /// Ends a worker at once; what it does no longer counts.
    pub fn dismiss(&mut self, serial: u32) {
        if let Some(worker) = self.live.get_mut(&serial) {
            worker.doom(Doom::Dismissed);
        }
    }

    /// Ends all workers but one.
    pub fn dismiss_others(&mut self, serial: u32) {
        for (_, other) in self.live.iter_mut().filter(|(other, _)| **other != serial) {
            other.doom(Doom::Dismissed);
        }
    }

    /// A scenario has come to its turn: workers do not only die.
    pub fn note_scenario(&mut self) {
        self.idle_deaths = 0;
    }

    /// A worker died while it ran no scenario. The result is how many in a row did.
    pub fn note_idle_death(&mut self) -> u32 {
        self.idle_deaths += 1;
        self.idle_deaths
    }

    /// How many in a row died while they ran no scenario.
    pub fn idle_deaths(&self) -> u32 {
        self.idle_deaths
    }

    /// How a worker whose process is gone came to its end.
    pub fn exit(&mut self, serial: u32, death: &Death) -> Option<WorkerExit> {
        let worker = self.live.get_mut(&serial)?;
        let ended = worker.interruption.take_if(|one| one.is_ending());
        let violation = match &worker.doom {
            Some(Doom::Violation(violation, late)) => Some((violation.clone(), *late)),
            _ => None,
        };
        let cause = ended.map(Interruption::into_cause);
        Some(WorkerExit::new(death, violation, cause))
    }

    /// Takes away a worker that is gone.
    pub fn remove(&mut self, serial: u32) -> Option<GoneWorker> {
        let worker = self.live.remove(&serial)?;
        Some(GoneWorker {
            output: worker.unreported_output(),
            must_close: worker.must_close(),
            dismissed: worker.is_dismissed(),
            finishing: worker.finishing.is_some(),
            introduced: worker.promises.is_some(),
            role: worker.role,
            index: worker.index,
            opening: worker.opening,
        })
    }
}
