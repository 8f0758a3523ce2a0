//! The thread that reads the messages of the runner.

use std::io::{self, BufRead, BufReader};
use std::process;
use std::sync::Arc;

use crate::worker::aftermath;
use crate::worker::calls::{BrokenOff, Calls};
use crate::worker::connection::Connection;
use crate::worker::question::Question;
use crate::worker::queue::{self, Queue, Task};
use bdd_protocol::{FromWorker, LineText, RUN_LINE, ToWorker};

/// Reads the messages of the runner, and passes them on.
pub(super) struct Listener {
    pub(super) connection: Connection,
    pub(super) queue: Queue,
    pub(super) question: Question,
    pub(super) calls: Calls,
}

impl Listener {
    /// Serves the runner's messages until it is gone, and then ends the process and what it has started: a
    /// step that hangs must not outlive the run.
    pub(super) fn listen(self) {
        aftermath::this_is_own();
        let gone = match self.hear() {
            Ok(()) => true,
            Err(error) => {
                let message = FromWorker::Error {
                    message: error.to_string(),
                    detail: String::new(),
                };
                // If this cannot be sent either, the runner is gone and needs no reason.
                self.say(&message).is_err()
            }
        };
        if gone {
            aftermath::end_all();
        }
        process::exit(1);
    }

    fn say(&self, message: &FromWorker) -> io::Result<()> {
        self.connection.send(&message.to_line())?;
        self.connection.ring()
    }

    /// Serves messages until the runner closes its end.
    fn hear(&self) -> io::Result<()> {
        let mut lines = BufReader::with_capacity(64 * 1024, self.connection.reader());
        let mut line = Vec::new();
        loop {
            line.clear();
            if lines.buffer().is_empty() {
                self.connection.wait();
            }
            if lines.read_until(b'\n', &mut line)? == 0 {
                return Ok(());
            }
            let line: Arc<str> = str::from_utf8(&line)
                .map_err(|_| io::Error::other("the runner has sent a line that is not UTF-8"))?
                .into();
            if line.starts_with(RUN_LINE) {
                self.queue.add_line(line);
            } else {
                self.serve(queue::parse(&line)?, line)?;
            }
        }
    }

    fn serve(&self, message: ToWorker<LineText>, line: Arc<str>) -> io::Result<()> {
        match message {
            ToWorker::Run { .. } => self.queue.add_line(line),
            ToWorker::Cancel => {
                let scenarios = self.queue.cancel()?;
                let scenarios = scenarios.iter().map(|work| work.scenario.scenario);
                self.say(&FromWorker::Cancelled {
                    scenarios: scenarios.collect(),
                })?;
            }
            ToWorker::BreakOff {
                call,
                kind,
                message,
                cancelled,
            } => {
                let why = BrokenOff {
                    kind,
                    message,
                    cancelled,
                };
                self.calls.break_off(call, why, |can| {
                    self.say(&FromWorker::BreakingOff { call, can })
                })?;
            }
            // All patterns of this worker are matched by the runner.
            ToWorker::Match { id, texts, .. } => {
                let matches = texts.iter().map(|_| Vec::new()).collect();
                self.say(&FromWorker::Matched { id, matches })?;
            }
            ToWorker::Begin { hooks } => self.queue.add(Task::Begin(hooks)),
            ToWorker::FeatureDone { uri } => self.queue.add(Task::FeatureDone(uri)),
            ToWorker::Steps { steps, error } => {
                if !self.question.give(error.map_or(Ok(steps), Err)) {
                    return Err(io::Error::other("the steps of a text were not asked for"));
                }
            }
            ToWorker::Finish { hooks } => self.queue.add(Task::Finish(hooks)),
        }
        Ok(())
    }
}
