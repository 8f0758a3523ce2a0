//! The state of a run: who has what, what waits, what has come back.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::sync::mpsc::RecvTimeoutError;
use std::time::Instant;

use crate::config::reason;
use crate::event::Event;
use crate::plan::Plan;
use crate::worker::process::{Launcher, Report};

use super::classes::Classes;
use super::crew::Member;
use super::delays::Delays;
use super::pace::Pace;
use super::queue::Queue;
use super::retry::Retries;
use super::script::{Cast, Script};
use super::{Channel, Ending, Incoming, Options, Problem};

mod assign;
mod attach;
mod begin;
mod breaking;
mod conclude;
mod death;
mod end;
mod hear;
mod hooks;
mod introduce;
mod limits;
mod nested;
mod outside;
mod place;

use introduce::Asked;

/// A run in progress.
pub struct Scheduler<'r> {
    plan: &'r Plan,
    cast: Cast<'r>,
    launcher: &'r Launcher,
    options: &'r Options,
    channel: &'r Channel,
    emit: &'r mut dyn FnMut(Event),
    classes: Classes,
    queue: Queue,
    delays: Delays,
    /// When the run takes too long.
    run_deadline: Option<Instant>,
    retries: Retries,
    pace: Pace,
    /// The live workers by the serial numbers of their processes.
    crew: BTreeMap<u32, Member>,
    next_serial: u32,
    script: Option<Script>,
    hash: Option<String>,
    asked: Option<Asked>,
    /// What the hooks before the run have exported to all workers.
    environment: Vec<(OsString, OsString)>,
    /// Whether scenarios may start: the opening hooks of a first worker have passed.
    gate_open: bool,
    /// Whether a report still has to hear what each scenario will run.
    tell_prepared: bool,
    /// How many workers in a row died while they ran no scenario.
    deaths_outside: u32,
    /// What was found to be wrong behind scenarios that need not be to blame.
    unattributed: BTreeSet<String>,
    /// How many failures there were.
    failures: u32,
    /// Why the run ends before its end: what is open is closed, and those who do not end in time are
    /// killed.
    winding_up: Option<String>,
    /// Why nothing more is started.
    stopped: Option<String>,
    ending: Ending,
}

impl<'r> Scheduler<'r> {
    /// A run that has not begun.
    pub fn new(
        plan: &'r Plan,
        launcher: &'r Launcher,
        options: &'r Options,
        channel: &'r Channel,
        emit: &'r mut dyn FnMut(Event),
    ) -> Self {
        let cast = Cast::new(plan);
        let all = options.order.iter().copied();
        let all = all.map(|scenario| (scenario, cast.feature_of(scenario)));
        let classes = Classes::new(plan, &options.groups);
        let queue = Queue::new(all, &classes);
        let limit = options.run_timeout.filter(|_| !options.attended);
        Self {
            plan,
            cast,
            launcher,
            options,
            channel,
            emit,
            classes,
            queue,
            delays: Delays::default(),
            run_deadline: limit.map(|limit| Instant::now() + limit.duration()),
            retries: Retries::default(),
            pace: Pace::default(),
            crew: BTreeMap::new(),
            next_serial: 0,
            script: None,
            hash: None,
            asked: None,
            environment: Vec::new(),
            gate_open: false,
            tell_prepared: options.tell_prepared,
            deaths_outside: 0,
            unattributed: BTreeSet::new(),
            failures: 0,
            winding_up: None,
            stopped: None,
            ending: Ending::default(),
        }
    }

    /// Runs until every scenario has its final event and every worker is gone.
    pub fn run(mut self) -> Ending {
        for index in 0..self.wanted() {
            self.launch(index);
            if self.stopped.is_some() {
                break;
            }
        }
        while !self.crew.is_empty() {
            match self.channel.receiver.recv_timeout(self.patience()) {
                Ok(Incoming::Worker(serial, Report::Messages(messages))) => {
                    for message in messages {
                        self.heard(serial, message);
                    }
                }
                Ok(Incoming::Worker(serial, Report::Gone(death))) => self.gone(serial, &death),
                Ok(Incoming::Signal(signal)) => self.interrupt(signal),
                Err(RecvTimeoutError::Timeout) => self.enforce(),
                Err(RecvTimeoutError::Disconnected) => break,
            }
            if self.is_overdue() {
                self.enforce();
            }
            self.assign();
        }
        let reason = self
            .stopped
            .take()
            .unwrap_or_else(|| "no worker could run it".to_owned());
        self.leave_waiting(&reason);
        // As the plan, it is left to the end of the process.
        std::mem::forget(self.script.take());
        self.ending
    }

    /// How many workers there shall be.
    fn wanted(&self) -> u32 {
        let jobs = if self.options.dry_run {
            1
        } else {
            self.options.jobs
        };
        jobs.min(u32::try_from(self.cast.len()).unwrap_or(u32::MAX))
    }

    fn launch(&mut self, index: u32) {
        let serial = self.next_serial;
        self.next_serial += 1;
        let inbox = self.channel.inbox();
        let launched = self
            .launcher
            .launch(index, serial, &self.environment, &inbox);
        match launched {
            Ok(process) => {
                self.crew
                    .insert(serial, Member::new(index, serial, process));
            }
            Err(error) => {
                let what = match self.launcher.debugger_of(serial) {
                    Some(debugger) => format!("the debugger {}", debugger.to_string_lossy()),
                    None => format!("the step program {}", self.program()),
                };
                let message = format!("{what} cannot be started: {}", reason(&error));
                self.give_up(Problem {
                    message,
                    detail: String::new(),
                });
            }
        }
    }

    /// The step program as messages name it: with its arguments, if it has some.
    fn program(&self) -> String {
        let mut words = self.launcher.command().iter();
        let program = words.next().map(|program| program.to_string_lossy());
        let mut shown = self.options.place(&program.unwrap_or_default());
        for argument in words {
            shown.push(' ');
            shown.push_str(&argument.to_string_lossy());
        }
        shown
    }
}
