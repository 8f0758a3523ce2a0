//! A run in progress: receives what happens, asks the parts of the run what to do, and does it.

use std::collections::BTreeSet;
use std::sync::mpsc::RecvTimeoutError;
use std::time::{Duration, Instant};

use crate::event::Event;
use crate::plan::Plan;
use crate::worker::process::{Launcher, WorkerReport};

use super::attempts::Attempts;
use super::context::RunContext;
use super::matched::MatchedPlan;
use super::stopping::Stopping;
use super::work::Work;
use super::work::source::WorkSource;
use super::workers::Workers;
use super::{Channel, Ending, Incoming, Options};

mod added;
mod assign;
mod attach;
mod before_hello;
mod begin;
mod break_off;
mod conclude;
mod death;
mod departures;
mod end;
mod hear;
mod hooks;
mod introduce;
mod launch;
mod limits;
mod nested;
mod outside;
mod printing;
mod remarks;
mod scenarios;

use introduce::PendingMatch;
use limits::patience;

/// A run in progress. Its parts make the decisions and do not know each other.
pub struct Scheduler<'r> {
    context: RunContext<'r>,
    channel: &'r Channel,
    emit: &'r mut dyn FnMut(Event),
    workers: Workers,
    work: Work<'r>,
    attempts: Attempts,
    /// When the messages came that are being handled.
    moment: Instant,
    stopping: Stopping,
    /// `None` until the step program has said hello.
    matched: Option<MatchedPlan>,
    pending_match: Option<PendingMatch>,
    /// Whether scenarios may start: the opening hooks of a first worker have passed.
    gate_open: bool,
    announced: Announced,
    ending: Ending,
}

/// What is reported only once.
struct Announced {
    /// What each scenario will run. True from the start if no report needs it.
    prepared: bool,
    /// Problems that were found after a scenario that may not be their cause.
    aftermath: BTreeSet<String>,
    /// Whether the step program asked that nothing more is started.
    aborted: bool,
}

impl<'r> Scheduler<'r> {
    /// A run that has not begun.
    pub fn new(
        plan: &'r Plan,
        source: &'r mut dyn WorkSource,
        (launcher, options): (&'r Launcher, &'r Options),
        channel: &'r Channel,
        emit: &'r mut dyn FnMut(Event),
    ) -> Self {
        let context = RunContext::new(plan, options, launcher);
        Self {
            work: Work::new(source, &context),
            context,
            channel,
            emit,
            workers: Workers::new(channel.inbox()),
            attempts: Attempts::default(),
            moment: Instant::now(),
            stopping: Stopping::new(options),
            matched: None,
            pending_match: None,
            gate_open: false,
            announced: Announced {
                prepared: !options.report_prepared,
                aftermath: BTreeSet::new(),
                aborted: false,
            },
            ending: Ending::default(),
        }
    }

    /// Runs until every scenario has its final event and every worker is gone.
    pub fn run(mut self) -> Ending {
        self.launch_all();
        while !self.workers.are_over() {
            let due = self.next_due();
            let wants_another = self.wants_another();
            let patience = match wants_another {
                true => Duration::ZERO,
                false => patience(due),
            };
            match self.channel.receiver.recv_timeout(patience) {
                Ok(Incoming::Worker(serial, WorkerReport::Messages(messages))) => {
                    self.moment = Instant::now();
                    for message in messages {
                        self.heard(serial, message);
                    }
                }
                Ok(Incoming::Worker(serial, WorkerReport::Gone(death))) => {
                    self.gone(serial, &death)
                }
                Ok(Incoming::Signal(signal)) => self.interrupt(signal),
                Err(RecvTimeoutError::Timeout) if wants_another => {}
                Err(RecvTimeoutError::Timeout) => self.enforce(),
                Err(RecvTimeoutError::Disconnected) => break,
            }
            if self.is_overdue(due) {
                self.enforce();
            }
            self.assign();
            if self.wants_another() {
                self.launch_next();
            }
        }
        self.account_for_rest();
        // As the plan, it is left to the end of the process.
        std::mem::forget(self.matched.take());
        self.ending
    }
}
