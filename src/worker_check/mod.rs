//! `bdd worker-check`: whether a program keeps to the worker protocol.
//!
//! It starts the program as a run does, drives it and says which rules of `docs/protocol.md` it breaks.
//! It has its own model of the protocol: what may come next is in `session`, what is driven in
//! `topics`. It knows nothing of the scheduler of a run.

mod findings;
mod groups;
mod known;
pub(crate) mod line;
mod material;
mod message_wait;
pub mod report;
mod rules;
mod session;
mod topics;

use std::cell::{Cell, RefCell};
use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

pub use findings::{Finding, Findings};
pub use rules::{ProtocolRule, RULES, Topic};

use crate::config::Selection;
use crate::event::HookKind;
use crate::plan::Plan;
use crate::worker::process::Launcher;
use known::Ready;
use line::WorkerLine;
use session::{Books, Session};

/// How to check.
#[derive(Debug)]
pub struct CheckOptions {
    /// How long to wait for each message.
    pub limit: Duration,
    /// How long to wait for `hello`.
    pub start_limit: Duration,
    /// The folder that source places are shown from.
    pub root: PathBuf,
    /// What to check; all when it is empty.
    pub only: Vec<Topic>,
    /// How feature files are read.
    pub selection: Selection,
}

/// Why there is nothing to check.
#[derive(Debug)]
pub enum CheckError {
    /// The program cannot be started, or ends before it says anything.
    NoStart(String),
    /// A file of the check cannot be written.
    Files(io::Error),
}

/// Checks a program with the scenarios of a plan and some of its own.
///
/// # Errors
/// When the program does not start.
pub fn check(
    launcher: &Launcher,
    options: &CheckOptions,
    plan: &Plan,
) -> Result<Findings, CheckError> {
    let findings = RefCell::new(Findings::default());
    let Some(hello) = topics::hello::first(launcher, options, &findings)? else {
        return Ok(findings.into_inner());
    };
    let Some(known) = topics::hello::content(&hello, &options.root, &findings) else {
        return Ok(findings.into_inner());
    };
    let known = RefCell::new(known);
    let folder = tempfile::tempdir().map_err(CheckError::Files)?;
    let first = u32::try_from(plan.ids().count()).unwrap_or(0);
    let own = material::features(&hello, folder.path(), &options.selection, first)
        .map_err(CheckError::Files)?;
    let mut check = Check {
        launcher,
        options,
        books: Books {
            known: &known,
            findings: &findings,
            attachments: launcher.attachments(),
        },
        serial: Cell::new(1),
        exported: Vec::new(),
        ready: Vec::new(),
        given: !plan.features.is_empty(),
    };
    check.all([&own, plan]);
    drop(check);
    Ok(findings.into_inner())
}

/// A check that goes on.
struct Check<'c> {
    launcher: &'c Launcher,
    options: &'c CheckOptions,
    books: Books<'c>,
    /// How many processes were started.
    serial: Cell<u32>,
    /// What hooks before the run have exported.
    exported: Vec<(OsString, OsString)>,
    /// All scenarios to run: those of its own first.
    ready: Vec<Ready>,
    /// Whether the user gave features.
    given: bool,
}

impl<'c> Check<'c> {
    /// Checks all topics that are wanted.
    fn all(&mut self, plans: [&Plan; 2]) {
        self.second_hello();
        let run = self.open_run();
        self.matching(plans);
        self.ready = {
            let mut known = self.books.known.borrow_mut();
            plans.iter().flat_map(|plan| known.ready(plan)).collect()
        };
        let wants = |topics: &[Topic]| topics.iter().any(|topic| self.wants(*topic));
        if wants(&[
            Topic::Scenarios,
            Topic::Hooks,
            Topic::Attachments,
            Topic::NestedSteps,
            Topic::Departures,
            Topic::Closing,
        ]) {
            self.running();
        }
        type RunTopic<'c> = fn(&Check<'c>);
        let parts: [(Topic, RunTopic<'c>); 6] = [
            (Topic::Retries, Check::retries),
            (Topic::Cancel, Check::cancel),
            (Topic::BreakOff, Check::break_off),
            (Topic::RunnerGone, Check::runner_gone),
            (Topic::UnknownMembers, Check::unknown_members),
            (Topic::Garbage, Check::garbage),
        ];
        for (topic, part) in parts {
            if self.wants(topic) {
                part(self);
            }
        }
        if let Some(run) = run {
            self.close_run(run);
        }
    }

    fn wants(&self, topic: Topic) -> bool {
        self.options.only.is_empty() || self.options.only.contains(&topic)
    }

    fn checked(&self, topic: Topic, what: impl Into<String>) {
        self.books.findings.borrow_mut().checked(topic, what);
    }

    fn not_checked(&self, topic: Topic, why: impl Into<String>) {
        self.books.findings.borrow_mut().not_checked(topic, why);
    }

    /// Starts a process that has not begun; `None` when it does not even say hello, which is noted.
    fn start(&self, books: Books<'c>, topic: Topic, unknown: bool) -> Option<Session<'c>> {
        let serial = self.serial.get();
        self.serial.set(serial + 1);
        let limit = self.options.limit;
        let line = WorkerLine::start(self.launcher, serial, &self.exported, limit, unknown);
        let line = match line {
            Ok(line) => line,
            Err(error) => {
                let why = format!("the program {error}");
                self.not_checked(topic, why);
                return None;
            }
        };
        self.greet(line, books, topic)
    }

    /// Starts a worker that can take work; `None` when it cannot, which is noted.
    fn open(&self, topic: Topic) -> Option<Session<'c>> {
        let session = self.start(self.books, topic, false)?;
        self.begin(session, topic)
    }

    /// Has a worker begin.
    fn begin(&self, mut session: Session<'c>, topic: Topic) -> Option<Session<'c>> {
        let hooks = self.hooks(HookKind::BeforeAll);
        if hooks.is_empty() {
            return Some(session);
        }
        session.begin(hooks);
        if session.play().is_err() {
            self.not_checked(topic, "it stopped at a finding");
            return None;
        }
        if session.seen().refused {
            self.not_checked(topic, "a before_all hook did not pass");
            // What is wrong with its end is a finding.
            let _ = session.finish(self.hooks(HookKind::AfterAll));
            return None;
        }
        Some(session)
    }

    fn hooks(&self, kind: HookKind) -> Vec<u32> {
        self.books.known.borrow().hooks(kind)
    }

    /// Notes what a part came to: `what` was checked unless it stopped at a finding.
    fn conclude(&self, topic: Topic, result: session::Go, what: impl Into<String>) {
        match result {
            Ok(()) => self.checked(topic, what),
            Err(session::Stop) => self.not_checked(topic, "it stopped at a finding"),
        }
    }

    /// Starts the process of the hooks around the run, if there are some.
    fn open_run(&mut self) -> Option<Session<'c>> {
        let before = self.hooks(HookKind::BeforeRun);
        if before.is_empty() && self.hooks(HookKind::AfterRun).is_empty() {
            return None;
        }
        let mut session = self.start(self.books, Topic::Hooks, false)?;
        if !before.is_empty() {
            session.begin(before);
            session.play().ok()?;
        }
        let exported = session.seen().exported.iter();
        self.exported = exported
            .map(|(name, value)| (name.into(), value.into()))
            .collect();
        Some(session)
    }

    fn close_run(&self, mut session: Session<'c>) {
        let result = session.finish(self.hooks(HookKind::AfterRun));
        let hooks: usize = session.seen().hooks.values().sum();
        self.conclude(Topic::Hooks, result, format!("{hooks} around the run"));
    }
}
