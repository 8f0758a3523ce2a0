//! Asks a step program what it defines, and which of its own patterns match a text. No hook and no step runs.

use std::time::Duration;

use bdd_protocol::{self as protocol, FromWorker, Hello, ToWorker};

use crate::matching::{Definitions, MatchBy, Matching, Question, match_request};
use crate::worker::process::Launcher;
use crate::worker_check::line::{Quiet, WorkerLine};

/// How many texts one request holds.
const CHUNK: usize = 1000;

/// A step program that was started and has said hello.
#[derive(Debug)]
pub struct Interview {
    line: WorkerLine,
    hello: Hello,
    requests: u32,
}

/// Why nothing is known of a step program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InterviewError {
    /// One line, lower case, without a full stop.
    pub message: String,
    /// More about it, several lines; it may be empty.
    pub detail: String,
}

impl InterviewError {
    fn new(message: impl Into<String>, detail: impl Into<String>) -> Self {
        let (message, detail) = (message.into(), detail.into());
        Self { message, detail }
    }
}

impl Interview {
    /// Starts the program and waits for its hello, for at most `limit`; so long it also has for each answer.
    ///
    /// # Errors
    /// When it cannot be started, ends, is silent or says something else.
    pub fn begin(launcher: &Launcher, limit: Duration) -> Result<Self, InterviewError> {
        Self::begin_again(launcher, 0, limit)
    }

    /// The same when programs were started before: `number` is another one each time.
    ///
    /// # Errors
    /// As [`Self::begin`].
    pub fn begin_again(
        launcher: &Launcher,
        number: u32,
        limit: Duration,
    ) -> Result<Self, InterviewError> {
        let started = WorkerLine::start(launcher, number, &[], limit, false);
        let mut line = started
            .map_err(|error| InterviewError::new(format!("the step program {error}"), ""))?;
        let hello = match line.hear() {
            Ok(FromWorker::Hello(hello)) => *hello,
            heard => return Err(unexpected(&line, heard, "say hello")),
        };
        if hello.protocol != protocol::VERSION {
            return Err(InterviewError::new(
                format!(
                    "the step program speaks version {} of the protocol, this bdd speaks version {}",
                    hello.protocol,
                    protocol::VERSION
                ),
                "use the bdd-steps and the bdd of one release",
            ));
        }
        Ok(Self {
            line,
            hello,
            requests: 0,
        })
    }

    /// What the program defines.
    #[must_use]
    pub fn hello(&self) -> &Hello {
        &self.hello
    }

    /// Nothing matched yet, for these definitions of the program.
    pub(super) fn matching(
        &self,
        definitions: Definitions,
        strict_keywords: bool,
    ) -> Result<Matching, InterviewError> {
        let match_by = MatchBy::new(&self.hello.match_by).map_err(|detail| {
            InterviewError::new("the step program cannot be matched with", detail)
        })?;
        Ok(Matching::new(definitions, match_by, strict_keywords))
    }

    /// Has the program answer questions.
    pub(super) fn answer(
        &mut self,
        matching: &mut Matching,
        questions: &[Question],
    ) -> Result<(), InterviewError> {
        for chunk in questions.chunks(CHUNK) {
            let answers = self.ask(chunk)?;
            for (question, found) in chunk.iter().zip(&answers) {
                matching.add(question, found).map_err(|detail| {
                    InterviewError::new("an answer of the step program cannot be used", detail)
                })?;
            }
        }
        Ok(())
    }

    /// For each question what the program itself matches.
    ///
    /// # Errors
    /// When the program does not answer in time, or is gone.
    pub fn ask(
        &mut self,
        questions: &[Question],
    ) -> Result<Vec<Vec<protocol::Match>>, InterviewError> {
        let request = self.requests;
        self.requests += 1;
        self.line.send(match_request(request, questions));
        match self.line.hear() {
            Ok(FromWorker::Matched { id, matches })
                if id == request && matches.len() == questions.len() =>
            {
                Ok(matches)
            }
            heard => Err(unexpected(
                &self.line,
                heard,
                "answer which texts its patterns match",
            )),
        }
    }

    /// Lets the program end.
    pub fn end(mut self) {
        self.line.send(ToWorker::Finish { hooks: Vec::new() });
        // Without hooks and scenarios it has nothing to do. If it goes on anyway, it is ended when the line is dropped.
        while self.line.hear().is_ok() {}
    }
}

/// Why the answer did not come.
fn unexpected(line: &WorkerLine, heard: Result<FromWorker, Quiet>, what: &str) -> InterviewError {
    let limit = line.limit();
    match heard {
        Ok(FromWorker::Error { message, detail }) if detail.is_empty() => {
            InterviewError::new(message, line.last_words())
        }
        Ok(FromWorker::Error { message, detail }) => InterviewError::new(message, detail),
        Ok(_) => InterviewError::new(
            format!("the step program did not {what}, but sent another message"),
            "`bdd worker-check` shows whether a program keeps to the protocol",
        ),
        Err(Quiet::Silence) => InterviewError::new(
            format!("the step program did not {what} within {limit:?}"),
            line.last_words(),
        ),
        Err(Quiet::Gone) => {
            let status = line.death().and_then(|death| death.status);
            let how = status.map_or_else(String::new, |status| format!(" ({status})"));
            let junk = line.death().and_then(|death| death.junk.clone());
            InterviewError::new(
                format!("the step program ended{how} and did not {what}"),
                junk.unwrap_or_else(|| line.last_words()),
            )
        }
    }
}
