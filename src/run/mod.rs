//! Runs a plan: hands scenarios to workers and turns what comes back into events.
//!
//! The scheduler alone owns the state of the run; it is single-threaded over one channel.
//! This stage knows nothing of feature files or of reports.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

use crate::config::{
    ByteSize, Groups, MaxFailures, ParallelBy, RetryDelay, SnippetStyle, TimeLimit,
};
use crate::event::{Event, Timestamp};
use crate::plan::Plan;
use crate::plan::tags::TagExpression;
use crate::worker::life::Living;
use crate::worker::process::{Inbox, Launcher, Report};

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
    /// How many workers at once, at least 1.
    pub jobs: u32,
    /// What is shared out among them.
    pub parallel_by: ParallelBy,
    /// All scenarios by their index, in the order in which they are handed out.
    pub order: Vec<u32>,
    /// Match and report, but run no step.
    pub dry_run: bool,
    /// Definitions match only steps of their own keyword.
    pub strict_keywords: bool,
    /// Undefined and pending steps fail the run.
    pub strict: bool,
    /// After how many scenarios that fail the run nothing more is started.
    pub max_failures: Option<MaxFailures>,
    /// How often a scenario that fails is run again at most.
    pub retries: u32,
    /// How long it waits before.
    pub retry_delay: Option<RetryDelay>,
    /// The tags of scenarios that `retries` is for; none for all.
    pub retry_tags: Option<TagExpression>,
    /// Whether a scenario that failed and then passed fails the run.
    pub flaky_fails: bool,
    /// Whether a person looks on: nothing has a time limit, and nothing is run again.
    pub attended: bool,
    /// How long a step may take.
    pub step_timeout: Option<TimeLimit>,
    /// How long an attempt at a scenario may take.
    pub scenario_timeout: Option<TimeLimit>,
    /// How long a hook may take.
    pub hook_timeout: Option<TimeLimit>,
    /// How long the run may take.
    pub run_timeout: Option<TimeLimit>,
    /// From when on a step or hook is slow.
    pub slow_after: Option<TimeLimit>,
    /// How long a process has between SIGTERM and SIGKILL.
    pub grace: Duration,
    /// How much an attempt may print.
    pub output_limit: ByteSize,
    /// Groups of scenarios of which only so many run at once.
    pub groups: Groups,
    /// The tags of scenarios that are expected to fail; none if no scenario is.
    pub expected_failure: Option<TagExpression>,
    /// The tags of scenarios that run the steps behind a failed one; none if no scenario does.
    pub continue_after_failure: Option<TagExpression>,
    /// How the code for undefined steps is written.
    pub snippets: SnippetStyle,
    /// Say what each scenario will run before the first starts: a report needs it.
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
    Worker(u32, Report),
    /// The run shall end.
    Signal(i32),
}

/// The one channel of a run. It is made before the step program is built, so that a signal
/// that comes early is not lost.
#[derive(Debug)]
pub struct Channel {
    sender: SyncSender<Incoming>,
    receiver: Receiver<Incoming>,
}

impl Channel {
    /// A channel that also gets SIGINT and SIGTERM; `on_signal` is called after it got the first.
    /// The second ends this process, and all of `living` before it. When the step program is
    /// `debugged`, SIGINT is the debugger's.
    ///
    /// # Errors
    /// When the system does not let signals be caught.
    pub fn new(
        debugged: bool,
        on_signal: impl Fn() + Send + 'static,
        living: Living,
    ) -> std::io::Result<Self> {
        // Readers that are ahead of the scheduler wait, and with them their workers.
        let (sender, receiver) = sync_channel(256);
        let to_run = sender.clone();
        let tell = move |signal| {
            let _ = to_run.send(Incoming::Signal(signal));
            on_signal();
        };
        interrupt::listen(debugged, tell, move || living.end_all())?;
        Ok(Self { sender, receiver })
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
