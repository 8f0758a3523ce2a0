//! One process of the program and what may come from it next.
//!
//! A session keeps the work that it has sent and reads the messages as a parser reads a text: each
//! function here expects what the protocol allows at its place. What else comes breaks a rule, and the
//! session ends there, because nothing after it could be trusted.

mod answers;
mod attachments;
mod blocks;
mod closing;
mod departures;
mod hooks;
mod nested;
mod position;
mod scenario;
mod step;

use std::cell::RefCell;
use std::collections::VecDeque;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bdd_protocol::{FeatureInfo, FromWorker, RunScenario, ToWorker};

use super::findings::Findings;
use super::known::{DeclaredProgram, Ready};
use super::line::{Quiet, WorkerLine, shown};
use super::rules::{self, ProtocolRule, Topic};
use answers::Asked;
use position::Position;
pub use position::Seen;

/// The session is over: a rule was broken, and a finding says so.
#[derive(Debug)]
pub struct Stop;

/// What a session goes on with.
pub type Go<T = ()> = Result<T, Stop>;

/// What was sent and has not happened.
#[derive(Debug)]
enum SessionWork {
    Begin(Vec<u32>),
    Scenario(Arc<FeatureInfo>, Box<RunScenario>),
    FeatureDone(String),
    Finish(Vec<u32>),
}

/// What is done when a step has started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AtStep {
    /// The worker is asked to leave this one and each that follows, until it has left one.
    BreakOff,
    /// What has not started is asked back, once.
    Cancel,
}

/// What is declared and found, for all sessions.
#[derive(Debug, Clone, Copy)]
pub struct Books<'c> {
    /// What the program has declared.
    pub known: &'c RefCell<DeclaredProgram>,
    /// What was found.
    pub findings: &'c RefCell<Findings>,
    /// The folder `BDD_ATTACHMENTS`.
    pub attachments: &'c Path,
}

/// A process that has said hello, and what may come from it.
#[derive(Debug)]
pub struct Session<'c> {
    line: WorkerLine,
    books: Books<'c>,
    topic: Topic,
    todo: VecDeque<SessionWork>,
    /// A message that was read and not taken.
    next: Option<FromWorker>,
    asked: Asked,
    position: Position,
    seen: Seen,
    at_step: Option<AtStep>,
    refuses_nested: bool,
    started_at: Instant,
}

impl<'c> Session<'c> {
    /// Takes the line to a process that has said hello. What belongs to no topic of its own is reported
    /// under `topic`.
    pub fn new(line: WorkerLine, books: Books<'c>, topic: Topic) -> Self {
        let started_at = line.started_at();
        let position = Position::new(line.captured());
        Self {
            line,
            books,
            topic,
            todo: VecDeque::new(),
            next: None,
            asked: Asked::default(),
            position,
            seen: Seen::default(),
            at_step: None,
            refuses_nested: false,
            started_at,
        }
    }

    /// What it saw.
    pub fn seen(&self) -> &Seen {
        &self.seen
    }

    /// Does this when the next step has started.
    pub fn at_next_step(&mut self, what: AtStep) {
        self.at_step = Some(what);
    }

    /// Answers steps that ask for steps with an error.
    pub fn refuse_nested(&mut self) {
        self.refuses_nested = true;
    }

    /// The line to the process, for what is not an exchange.
    pub fn line(&mut self) -> &mut WorkerLine {
        &mut self.line
    }

    /// Sends opening hooks.
    pub fn begin(&mut self, hooks: Vec<u32>) {
        self.note_output();
        self.todo.push_back(SessionWork::Begin(hooks.clone()));
        self.line.send(ToWorker::Begin { hooks });
    }

    /// Sends scenarios; those of one feature that follow one another are one message.
    pub fn run(&mut self, scenarios: &[Ready]) {
        if self.seen.aborted {
            return;
        }
        self.note_output();
        self.asked.sent_again(scenarios);
        for group in scenarios.chunk_by(|one, next| one.feature.uri == next.feature.uri) {
            let feature = &group[0].feature;
            for ready in group {
                let scenario = Box::new(ready.scenario.clone());
                self.todo
                    .push_back(SessionWork::Scenario(Arc::clone(feature), scenario));
            }
            self.line.send(ToWorker::Run {
                feature: (**feature).clone(),
                scenarios: group.iter().map(|one| one.scenario.clone()).collect(),
            });
        }
    }

    /// Says that a feature is over.
    pub fn feature_done(&mut self, uri: &str) {
        self.todo
            .push_back(SessionWork::FeatureDone(uri.to_owned()));
        let uri = uri.to_owned();
        self.line.send(ToWorker::FeatureDone { uri });
    }

    /// Asks the worker to finish and reads all up to its end.
    ///
    /// # Errors
    /// When a rule is broken.
    pub fn finish(&mut self, hooks: Vec<u32>) -> Go {
        self.todo.push_back(SessionWork::Finish(hooks.clone()));
        self.line.send(ToWorker::Finish { hooks });
        self.play()
    }

    /// Reads all that belongs to the work that was sent, and all answers.
    ///
    /// # Errors
    /// When a rule is broken.
    pub fn play(&mut self) -> Go {
        while let Some(work) = self.todo.front() {
            match work {
                SessionWork::Scenario(feature, scenario) => {
                    let (feature, scenario) = (Arc::clone(feature), scenario.clone());
                    self.scenario(&feature, *scenario)?;
                }
                SessionWork::Begin(hooks) => {
                    let hooks = hooks.clone();
                    self.todo.pop_front();
                    self.begun(&hooks)?;
                }
                SessionWork::FeatureDone(uri) => {
                    let uri = uri.clone();
                    self.todo.pop_front();
                    if self.position.blocks.is_in(&uri) {
                        self.leave_feature()?;
                    }
                }
                SessionWork::Finish(hooks) => {
                    let hooks = hooks.clone();
                    self.todo.pop_front();
                    return self.closing(&hooks);
                }
            }
        }
        self.answers()
    }

    /// Listens for a moment: a worker that has nothing to do says nothing.
    ///
    /// # Errors
    /// When it says something all the same, or dies.
    pub fn idle(&mut self) -> Go {
        const MOMENT: Duration = Duration::from_millis(50);
        match self.line.hear_within(MOMENT) {
            Err(Quiet::Silence) => Ok(()),
            Err(Quiet::Gone) => Err(self.gone("while it had nothing to do")),
            Ok(message) => match self.side(message)? {
                None => Ok(()),
                Some(message) => Err(self.unasked(&message)),
            },
        }
    }

    /// Notes how long the capture file is when the worker has nothing to do: what it says later is at
    /// least that.
    fn note_output(&mut self) {
        if self.todo.is_empty() {
            self.position.output = self.position.output.max(self.line.captured());
        }
    }

    /// Waits until a message is there that is not an answer; false when `front`, the scenario that comes
    /// next, was given back instead.
    fn peek(&mut self, awaited: &str, front: Option<u32>) -> Go<bool> {
        while self.next.is_none() {
            let withdrawn = self.front() != front || self.position.retiring;
            if front.is_some() && withdrawn {
                return Ok(false);
            }
            let message = self.wait(awaited)?;
            self.next = self.side(message)?;
        }
        Ok(true)
    }

    /// Waits until the scenario that comes next is given back; false when something else comes.
    fn is_withdrawn(&mut self, awaited: &str) -> Go<bool> {
        let front = self.front();
        while self.next.is_none() && self.front() == front {
            let message = self.wait(awaited)?;
            self.next = self.side(message)?;
        }
        Ok(self.front() != front)
    }

    /// Takes the next message that is not an answer.
    fn take(&mut self, awaited: &str) -> Go<FromWorker> {
        loop {
            if let Some(message) = self.next.take() {
                return Ok(message);
            }
            let message = self.wait(awaited)?;
            if let Some(message) = self.side(message)? {
                return Ok(message);
            }
        }
    }

    /// The next message of any kind.
    fn wait(&mut self, awaited: &str) -> Go<FromWorker> {
        match self.line.hear() {
            Ok(message) => Ok(message),
            Err(Quiet::Gone) => Err(self.gone(&format!("where {awaited} should come"))),
            Err(Quiet::Silence) => {
                let rule = match self.position.begins && !self.is_at_work() {
                    true => Some(&rules::BEGUN_MISSING),
                    false => self.asked.overdue(self.is_at_work()),
                };
                let limit = self.line.limit();
                Err(self.fail(
                    rule.unwrap_or(&rules::SILENCE),
                    None,
                    match rule {
                        None => format!("{awaited} did not come within {limit:?}"),
                        Some(_) => format!("the answer did not come within {limit:?}"),
                    },
                ))
            }
        }
    }

    /// Whether code of the user runs.
    fn is_at_work(&self) -> bool {
        self.position.runs_code()
    }

    /// The number of the scenario that comes next, if one does.
    fn front(&self) -> Option<u32> {
        match self.todo.front() {
            Some(SessionWork::Scenario(_, scenario)) => Some(scenario.scenario),
            _ => None,
        }
    }

    /// Ends the session with a finding.
    fn fail(
        &self,
        rule: &'static ProtocolRule,
        message: Option<&FromWorker>,
        detail: impl Into<String>,
    ) -> Stop {
        self.note(rule, message, detail);
        self.line.kill();
        Stop
    }

    /// Adds a finding after which the session can go on.
    fn note(
        &self,
        rule: &'static ProtocolRule,
        message: Option<&FromWorker>,
        detail: impl Into<String>,
    ) {
        let message = message.map_or_else(String::new, |message| shown(&message.to_line()));
        let mut findings = self.books.findings.borrow_mut();
        let sent = self.line.last_sent();
        let detail = format!("{}\nlast sent to it: {sent}", detail.into());
        findings.add(rule, self.topic, message, detail);
    }

    /// The process is gone though it should not be.
    fn gone(&self, place: &str) -> Stop {
        let at_work = match (self.position.hook, self.position.step.is_some()) {
            (Some(hook), _) => format!(
                ", while {} ran (if it ends its process on purpose, the check cannot use it)",
                self.books.known.borrow().hook(hook)
            ),
            (None, true) => ", while a step ran (if it ends its process on purpose, leave its \
                             scenario out of the check)"
                .to_owned(),
            _ => String::new(),
        };
        let (rule, how) = self.ending();
        self.fail(rule, None, format!("{how}, {place}{at_work}"))
    }

    /// What is wrong with the end of a process that should have lived.
    fn ending(&self) -> (&'static ProtocolRule, String) {
        let Some(death) = self.line.death() else {
            return (&rules::DEATH, "the process ended".to_owned());
        };
        let printed = match self.line.last_words() {
            words if words.is_empty() => String::new(),
            words => format!(" (it printed: {words})"),
        };
        match (&death.junk, death.status) {
            (Some(junk), _) if junk.contains("lived on") => (&rules::LIVES_ON, junk.clone()),
            (Some(junk), _) => (&rules::NOT_A_MESSAGE, junk.clone()),
            (None, Some(status)) => (
                &rules::DEATH,
                format!("the process ended with {status}{printed}"),
            ),
            (None, None) => (&rules::DEATH, format!("the process ended{printed}")),
        }
    }

    /// A message came that nothing asked for.
    fn unasked(&self, message: &FromWorker) -> Stop {
        let rule = match message {
            FromWorker::HookStarted { hook, .. } => self.hook_rule(*hook),
            FromWorker::Begun { .. } => &rules::BEGUN_UNASKED,
            FromWorker::Closed {} => &rules::CLOSED_EARLY,
            FromWorker::ScenarioStarted { scenario, .. } if self.asked.gave_back(*scenario) => {
                &rules::CANCELLED_RUNS
            }
            _ => &rules::UNASKED,
        };
        self.fail(rule, Some(message), "nothing was asked of it")
    }
}
