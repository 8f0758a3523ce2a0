//! The thread that hears the runner.

use std::io::{self, BufRead, BufReader};
use std::process;
use std::sync::Arc;

use crate::protocol::{FromWorker, ToWorker};
use crate::worker::connection::Connection;
use crate::worker::question::Question;
use crate::worker::queue::{Queue, Task, Work};

/// Serves the runner's messages until it is gone, and then ends the process: a step that hangs
/// must not outlive the run.
pub(super) fn listen(connection: Connection, queue: &Queue, question: &Question) {
    let problem = hear(&connection, queue, question).err();
    if let Some(error) = problem {
        let message = FromWorker::Error {
            message: error.to_string(),
            detail: String::new(),
        };
        // If this cannot be sent either, nobody is there to hear why.
        let _ = connection.send(&message.to_line());
    }
    process::exit(1);
}

/// Serves messages until the runner closes its end.
fn hear(connection: &Connection, queue: &Queue, question: &Question) -> io::Result<()> {
    let mut lines = BufReader::with_capacity(64 * 1024, connection.reader());
    let mut line = Vec::new();
    loop {
        line.clear();
        if lines.read_until(b'\n', &mut line)? == 0 {
            return Ok(());
        }
        let message = ToWorker::parse(&line).map_err(|error| {
            io::Error::other(format!("cannot read a message of the runner: {error}"))
        })?;
        match message {
            ToWorker::Run { feature, scenarios } => {
                let feature = Arc::new(feature);
                queue.extend(scenarios.into_iter().map(|scenario| {
                    Task::Scenario(Work {
                        feature: feature.clone(),
                        scenario,
                    })
                }));
            }
            ToWorker::Cancel => {
                let scenarios = queue
                    .cancel()
                    .iter()
                    .map(|work| work.scenario.scenario)
                    .collect();
                connection.send(&FromWorker::Cancelled { scenarios }.to_line())?;
            }
            ToWorker::BreakOff { call, .. } => {
                connection.send(&FromWorker::BreakingOff { call, can: false }.to_line())?;
            }
            // All patterns of this worker are matched by the runner.
            ToWorker::Match { id, texts } => {
                let matches = texts.iter().map(|_| Vec::new()).collect();
                connection.send(&FromWorker::Matched { id, matches }.to_line())?;
            }
            ToWorker::Begin { hooks } => queue.extend([Task::Begin(hooks)]),
            ToWorker::FeatureDone { uri } => queue.extend([Task::FeatureDone(uri)]),
            ToWorker::Steps { steps, error } => {
                if !question.give(error.map_or(Ok(steps), Err)) {
                    return Err(io::Error::other("nobody asked for the steps of a text"));
                }
            }
            ToWorker::Finish { hooks } => queue.extend([Task::Finish(hooks)]),
        }
    }
}
