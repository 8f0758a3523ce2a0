//! Runs a plan: hands scenarios to workers and turns what comes back into events.
//!
//! The scheduler alone owns the state of the run; it is single-threaded over one channel.
//! This stage knows nothing of feature files or of reports.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

use crate::config::{RunSettings, SnippetStyle};
use crate::event::{Event, Timestamp};
use crate::plan::Plan;
use crate::worker::process::{Inbox, Launcher, WorkerReport};
use crate::worker::registry::ProcessRegistry;

use source::{PlanSource, WorkSource};

mod attempts;
mod context;
mod due;
mod failure;
pub(crate) mod hooks;
mod index;
pub mod interrupt;
mod limits;
mod matched;
mod retry;
mod scheduler;
mod stopping;
mod work;
mod workers;

pub use work::source;

/// How to run.
#[derive(Debug, Clone)]
pub struct Options {
    /// The settings of runs.
    pub run: RunSettings,
    /// All scenarios by their index, in the order in which they are handed out.
    pub order: Vec<u32>,
    /// How the code for undefined steps is written.
    pub snippets: SnippetStyle,
    /// Report what each scenario will run before the first starts: a report needs it.
    pub tell_prepared: bool,
    /// How long a worker may take to say hello.
    pub start_timeout: Duration,
    /// How long a worker may take to close what it has open after its last scenario.
    pub finish_timeout: Duration,
    /// The project's root: paths of source files are shown from here.
    pub root: PathBuf,
    /// The time of day.
    pub clock: fn() -> Timestamp,
}

impl Options {
    /// The path of a source file as reports show it: from the project's root where it lies inside.
    fn place(&self, file: &str) -> String {
        Path::new(file)
            .strip_prefix(&self.root)
            .map_or_else(|_| file.to_owned(), |inside| inside.display().to_string())
    }
}

/// What can happen to a run.
#[derive(Debug)]
enum Incoming {
    /// Something from the worker process with this serial number.
    Worker(u32, WorkerReport),
    /// A signal that ends the run.
    Signal(i32),
}

/// How many reports wait for the scheduler at most. Readers that are ahead of it wait, and with them their
/// workers.
const CAPACITY: usize = 256;

/// The one channel of a run. It is made before the step program is built, so that a signal
/// that comes early is not lost.
#[derive(Debug)]
pub struct Channel {
    sender: SyncSender<Incoming>,
    receiver: Receiver<Incoming>,
}

impl Channel {
    /// A channel that also gets SIGINT, SIGTERM, SIGQUIT and SIGHUP; `on_signal` is called after it got the first.
    /// The second ends this process, and all of `registry` before it. When the step program is
    /// `debugged`, SIGINT and SIGQUIT are the debugger's.
    ///
    /// # Errors
    /// When the system does not let signals be caught.
    pub fn new(
        debugged: bool,
        on_signal: impl Fn() + Send + 'static,
        registry: ProcessRegistry,
    ) -> std::io::Result<Self> {
        let (sender, receiver) = sync_channel(CAPACITY);
        let to_run = sender.clone();
        let notify = move |signal| {
            let _ = to_run.send(Incoming::Signal(signal));
            on_signal();
        };
        interrupt::listen(debugged, notify, move || registry.end_all())?;
        Ok(Self { sender, receiver })
    }

    /// A channel that hears no signals, for a run inside of a program that has its own.
    #[must_use]
    pub fn without_signals() -> Self {
        let (sender, receiver) = sync_channel(CAPACITY);
        Self { sender, receiver }
    }

    /// The signal that came before the run began.
    pub fn early_signal(&self) -> Option<i32> {
        match self.receiver.try_recv() {
            Ok(Incoming::Signal(signal)) => Some(signal),
            _ => None,
        }
    }

    fn inbox(&self) -> Inbox {
        let sender = self.sender.clone();
        Arc::new(move |serial, report| sender.send(Incoming::Worker(serial, report)).is_ok())
    }
}

/// How a run ended, apart from the results in its events.
#[derive(Debug, Default)]
pub struct Ending {
    /// Why no step could be run, if so: the step program does not start, or is none.
    pub no_step_program: Option<Problem>,
    /// What is wrong with a step program that defines no steps, when there are steps to run. They
    /// were undefined.
    pub no_definitions: Option<Problem>,
    /// The signal that ended the run.
    pub interrupted: Option<i32>,
}

impl Ending {
    /// Notes why no step can be run; the first problem counts.
    fn give_up(&mut self, problem: Problem) {
        self.no_step_program.get_or_insert(problem);
    }

    /// Notes that the step program defines no steps.
    fn lack_definitions(&mut self, problem: Problem) {
        self.no_definitions = Some(problem);
    }

    /// Notes the signal that ends the run; false when one did before.
    fn interrupt(&mut self, signal: i32) -> bool {
        let first = self.interrupted.is_none();
        self.interrupted.get_or_insert(signal);
        first
    }
}

/// A problem with the step program.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    /// One line, lower case.
    pub message: String,
    /// More: its output, what to do. It may be empty.
    pub detail: String,
}

/// Runs all scenarios of the plan, in the order of the options. Every one gets exactly one final event:
/// [`Event::ScenarioFinished`] without a retry, or [`Event::ScenarioNotRun`].
pub fn run(
    plan: &Plan,
    launcher: &Launcher,
    options: &Options,
    channel: &Channel,
    emit: &mut dyn FnMut(Event),
) -> Ending {
    let mut source = PlanSource::new(&options.order);
    run_from(&mut source, plan, launcher, options, channel, emit)
}

/// Runs the scenarios of the plan that a source gives. Those of the options' order that it does not give
/// end with [`Event::ScenarioClaimedElsewhere`] when it says so, else with [`Event::ScenarioNotRun`].
pub fn run_from(
    source: &mut dyn WorkSource,
    plan: &Plan,
    launcher: &Launcher,
    options: &Options,
    channel: &Channel,
    emit: &mut dyn FnMut(Event),
) -> Ending {
    let how = (launcher, options);
    scheduler::Scheduler::new(plan, source, how, channel, emit).run()
}
