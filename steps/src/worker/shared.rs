//! What all parts of the worker's main thread share, and the user's code through its context.

use std::cell::{Cell, RefCell};
use std::io;

use crate::asynchronous::Tasks;
use crate::attachments::Attachments;
use crate::fixture::scopes::{Fixtures, Making};
use crate::userdata::Userdata;
use crate::worker::aftermath::Aftermath;
use crate::worker::calls::Calls;
use crate::worker::capture::Capture;
use crate::worker::connection::Connection;
use crate::worker::extra::ExtraSteps;
use crate::worker::forks::Forks;
use crate::worker::question::Question;
use bdd_protocol::json::Text;
use bdd_protocol::{FromWorker, Variable};

/// What all parts of the worker's main thread share.
pub(crate) struct Shared {
    /// What lives as long as the worker.
    pub(crate) fixtures: Fixtures,
    /// The fixtures whose set-up runs.
    pub(crate) making: Making,
    /// What the hooks before the run have exported.
    pub(crate) environment: RefCell<Vec<Variable>>,
    /// The directory of the package whose step or hook was called last.
    pub(crate) root: Cell<&'static str>,
    /// Where attached files are put.
    pub(crate) attachments: Attachments,
    /// The user data.
    pub(crate) userdata: Userdata,
    /// What the step that runs has asked the runner.
    pub(crate) question: Question,
    /// What is called, step by step and hook by hook.
    pub(crate) calls: Calls,
    /// The steps that the running step runs from text.
    pub(crate) extra: ExtraSteps,
    /// Finds copies of this process.
    pub(crate) forks: Forks,
    /// Finds what a scenario leaves behind.
    pub(crate) aftermath: Aftermath,
    /// Whether the worker waits for a person when a step or hook has failed.
    pub(super) pauses: bool,
    /// Whether no further scenario can run here.
    pub(super) retiring: Cell<bool>,
    pub(super) capture: Capture,
    /// Where `async` code of scenarios runs.
    pub(super) tasks: Tasks,
    connection: Connection,
    /// Lines that have not been sent. They are sent together, at the latest before code of the user runs: if
    /// that kills the process, the runner knows which step or hook it was.
    unsent: RefCell<Text>,
}

impl Shared {
    /// Takes the connection to the runner and what is heard there.
    pub(super) fn new(
        connection: Connection,
        question: Question,
        calls: Calls,
        pauses: bool,
    ) -> Self {
        Self {
            fixtures: Fixtures::default(),
            making: Making::default(),
            environment: RefCell::default(),
            root: Cell::new(""),
            attachments: Attachments::from_environment(),
            userdata: Userdata::from_environment(),
            question,
            calls,
            extra: ExtraSteps::default(),
            // Before the descriptors are counted.
            forks: Forks::new(),
            aftermath: Aftermath::new(),
            pauses,
            retiring: Cell::new(false),
            capture: Capture::new(),
            tasks: Default::default(),
            connection,
            unsent: RefCell::default(),
        }
    }

    /// Adds a message to those that have not been sent.
    pub(crate) fn report(&self, message: &FromWorker) {
        message.append(&mut self.unsent.borrow_mut());
    }

    /// Sends what has not been sent. From now on it outlives this process.
    pub(crate) fn send(&self) -> io::Result<()> {
        let mut unsent = self.unsent.borrow_mut();
        if !unsent.as_bytes().is_empty() {
            self.connection.send(unsent.as_bytes())?;
            unsent.clear();
        }
        Ok(())
    }

    /// The same, and lets the runner read it now: its answer is needed, or its decision.
    pub(crate) fn send_now(&self) -> io::Result<()> {
        self.send()?;
        self.connection.ring()
    }

    /// What the runner named by its id; an unknown id ends the worker.
    pub(crate) fn known<T>(
        &self,
        found: Option<&'static T>,
        what: &str,
        id: u32,
    ) -> io::Result<&'static T> {
        found.map_or_else(|| self.give_up(format!("unknown {what} {id}")), Ok)
    }

    /// Reports why the worker cannot go on.
    #[cold]
    pub(super) fn give_up<T>(&self, message: String) -> io::Result<T> {
        self.report(&FromWorker::Error {
            message: message.clone(),
            detail: String::new(),
        });
        self.send_now()?;
        Err(io::Error::other(message))
    }
}
