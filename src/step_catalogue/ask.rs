//! Asks a step program what it defines and what its own patterns match. It runs nothing.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use bdd_protocol::{FromWorker, Hello, Match, ToWorker, VERSION};

use crate::matching::{Matching, Question};
use crate::plan::Plan;
use crate::worker::launch_error::LaunchError;
use crate::worker::process::{Inbox, Launcher, Process, WorkerReport};

/// How many texts one request has, as in a run.
const CHUNK: usize = 1000;

/// Why a step program cannot be asked.
#[derive(Debug)]
pub enum AskError {
    /// It cannot be started.
    NotStarted(LaunchError),
    /// It ended before it answered.
    Gone(String),
    /// It did not answer in time.
    Silent(Duration),
    /// It said something else than an answer.
    Unexpected,
    /// It speaks another version of the protocol.
    Version(u32),
    /// What it defines cannot be used.
    Unusable(String),
}

impl fmt::Display for AskError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotStarted(error) => write!(formatter, "the step program {error}"),
            Self::Gone(how) => write!(formatter, "the step program ended{how} before it answered"),
            Self::Silent(limit) => {
                write!(
                    formatter,
                    "the step program did not answer within {limit:?}"
                )
            }
            Self::Unexpected => {
                formatter.write_str("the step program sent another message than an answer")
            }
            Self::Version(version) => write!(
                formatter,
                "the step program speaks version {version} of the protocol, this bdd version {VERSION}"
            ),
            Self::Unusable(why) => {
                write!(
                    formatter,
                    "the step program has patterns that cannot be used:\n{why}"
                )
            }
        }
    }
}

impl std::error::Error for AskError {}

/// A step program that has said hello, and waits for questions. It ends with this value.
#[derive(Debug)]
pub struct AskedProgram {
    process: Process,
    inbox: Receiver<WorkerReport>,
    unread: VecDeque<FromWorker>,
    limit: Duration,
    next: u32,
}

impl AskedProgram {
    /// Starts a program and takes its hello. `limit` is the time for each answer.
    ///
    /// # Errors
    /// When it does not start or says something else.
    pub fn start(launcher: &Launcher, limit: Duration) -> Result<(Self, Hello), AskError> {
        let (tell, inbox) = channel();
        let pass: Inbox = Arc::new(move |_, report| tell.send(report).is_ok());
        let process = launcher
            .launch(0, 0, &[], &pass)
            .map_err(AskError::NotStarted)?;
        let mut program = Self {
            process,
            inbox,
            unread: VecDeque::new(),
            limit,
            next: 0,
        };
        match program.hear()? {
            FromWorker::Hello(hello) if hello.protocol == VERSION => Ok((program, *hello)),
            FromWorker::Hello(hello) => Err(AskError::Version(hello.protocol)),
            _ => Err(AskError::Unexpected),
        }
    }

    /// The definitions that match each text, by patterns that only the program understands.
    ///
    /// # Errors
    /// When it does not answer.
    pub fn matches(&mut self, questions: &[Question]) -> Result<Vec<Vec<Match>>, AskError> {
        let mut all = Vec::with_capacity(questions.len());
        for chunk in questions.chunks(CHUNK) {
            let id = self.next;
            self.next += 1;
            self.process.send(request(id, chunk));
            match self.hear()? {
                FromWorker::Matched {
                    id: answered,
                    matches,
                } if answered == id && matches.len() == chunk.len() => {
                    all.extend(matches);
                }
                _ => return Err(AskError::Unexpected),
            }
        }
        Ok(all)
    }

    /// Lets the program end.
    pub fn finish(mut self) {
        self.process.send(ToWorker::Finish { hooks: Vec::new() });
        // It has nothing left to do. One that does not end by itself is ended with this value.
        while self.hear().is_ok() {}
    }

    fn hear(&mut self) -> Result<FromWorker, AskError> {
        let end = Instant::now() + self.limit;
        loop {
            if let Some(message) = self.unread.pop_front() {
                return Ok(message);
            }
            let left = end.saturating_duration_since(Instant::now());
            match self.inbox.recv_timeout(left) {
                Ok(WorkerReport::Messages(messages)) => self.unread.extend(messages),
                Ok(WorkerReport::Gone(death)) => {
                    let status = death.status.map(|status| format!(" with {status}"));
                    return Err(AskError::Gone(status.unwrap_or_default()));
                }
                Err(RecvTimeoutError::Timeout) => return Err(AskError::Silent(self.limit)),
                Err(RecvTimeoutError::Disconnected) => return Err(AskError::Gone(String::new())),
            }
        }
    }
}

fn request(id: u32, questions: &[Question]) -> ToWorker {
    let asked = |of: fn(&Question) -> Option<&str>| {
        let all = questions.iter().filter_map(of);
        all.map(str::to_owned).collect()
    };
    ToWorker::Match {
        id,
        texts: asked(|question| Some(&question.text)),
        keywords: asked(|question| question.keyword()),
        uris: asked(|question| question.uri()),
        below: asked(|question| question.below()),
    }
}

/// Has the program match all steps of a plan that the runner cannot match.
///
/// # Errors
/// When it does not answer.
pub(super) fn ask_about(
    plan: &Plan,
    matching: &mut Matching,
    program: &mut AskedProgram,
) -> Result<(), AskError> {
    let questions = matching.questions(plan);
    let answers = program.matches(&questions)?;
    for (question, found) in questions.iter().zip(&answers) {
        matching.add(question, found).map_err(AskError::Unusable)?;
    }
    Ok(())
}
