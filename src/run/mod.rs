//! Runs a plan: gives scenarios to workers and turns their messages into events.
//!
//! The scheduler alone owns the state of the run; it is single-threaded over one channel. This stage knows
//! neither feature files nor reports.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

use bdd_protocol::{LONGEST_MESSAGE, shorten};

use crate::config::{RunSettings, SnippetStyle};
use crate::event::{Event, Timestamp};
use crate::paths::from_root;
use crate::plan::Plan;
use crate::worker::process::{Inbox, Launcher, WorkerReport};

use source::{PlanSource, WorkSource};

mod attempts;
mod context;
mod due;
mod failure;
pub(crate) mod hooks;
mod index;
pub mod interrupt;
mod limits;
pub(crate) mod matched;
mod retry;
mod scheduler;
mod stopping;
mod wordings;
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
    /// Whether to report what each scenario will run before the first one starts, because a report needs it.
    pub report_prepared: bool,
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
        from_root(file, &self.root)
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

/// How many messages may wait for the scheduler. If there are more, the threads that read them wait, and so
/// do their workers.
const CAPACITY: usize = 256;

/// The one channel of a run. It is made before the step program is built, so that a signal
/// that comes early is not lost.
#[derive(Debug)]
pub struct Channel {
    sender: SyncSender<Incoming>,
    receiver: Receiver<Incoming>,
}

impl Channel {
    /// A channel that also gets SIGINT, SIGTERM, SIGQUIT and SIGHUP; `on_signal` is called after the first signal.
    /// The second signal calls `end` and ends this process. When the step program is `debugged`, SIGINT and SIGQUIT are
    /// for the debugger.
    ///
    /// # Errors
    /// When the system does not let signals be caught.
    pub fn new(
        debugged: bool,
        on_signal: impl Fn() + Send + 'static,
        end: impl Fn() + Send + 'static,
    ) -> std::io::Result<Self> {
        let (sender, receiver) = sync_channel(CAPACITY);
        let to_run = sender.clone();
        let notify = move |signal| {
            let _ = to_run.send(Incoming::Signal(signal));
            on_signal();
        };
        interrupt::listen(debugged, notify, end)?;
        Ok(Self { sender, receiver })
    }

    /// A channel without signals, for a run inside of another program.
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

    /// The signal that came after the run.
    pub fn late_signal(&self) -> Option<i32> {
        self.receiver
            .try_iter()
            .find_map(|incoming| match incoming {
                Incoming::Signal(signal) => Some(signal),
                Incoming::Worker(..) => None,
            })
    }

    fn inbox(&self) -> Inbox {
        let sender = self.sender.clone();
        Arc::new(move |serial, report| sender.send(Incoming::Worker(serial, report)).is_ok())
    }
}

/// How a run ended, in addition to the results in its events.
#[derive(Debug, Default)]
pub struct Ending {
    /// Why no step could run, if so: the step program does not start, or is not a step program.
    pub no_step_program: Option<Problem>,
    /// The problem with a step program that defines no steps, if there were steps to run. They were
    /// undefined.
    pub no_definitions: Option<Problem>,
    /// The signal that ended the run.
    pub interrupted: Option<i32>,
}

impl Ending {
    /// Notes why no step can run. The first problem counts.
    fn give_up(&mut self, mut problem: Problem) {
        // It holds what the program printed.
        shorten(&mut problem.message, LONGEST_MESSAGE);
        shorten(&mut problem.detail, LONGEST_MESSAGE);
        self.no_step_program.get_or_insert(problem);
    }

    /// Notes that the step program defines no steps.
    fn lack_definitions(&mut self, problem: Problem) {
        self.no_definitions = Some(problem);
    }

    /// Notes the signal that ends the run. Returns false if there was an earlier one.
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
    /// More details: its output, what to do. May be empty.
    pub detail: String,
}

/// Runs all scenarios of the plan, in the order of the options. Each scenario gets exactly one final event:
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

/// Runs the scenarios of the plan that a source gives. A scenario that it does not give ends with
/// [`Event::ScenarioClaimedElsewhere`] if the source reports that, else with [`Event::ScenarioNotRun`].
pub fn run_from(
    source: &mut dyn WorkSource,
    plan: &Plan,
    launcher: &Launcher,
    options: &Options,
    channel: &Channel,
    emit: &mut dyn FnMut(Event),
) -> Ending {
    let how = (launcher, options);
    let mut emit = |mut event: Event| {
        event.shorten();
        emit(event);
    };
    scheduler::Scheduler::new(plan, source, how, channel, &mut emit).run()
}
