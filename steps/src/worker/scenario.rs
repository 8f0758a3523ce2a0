//! Runs scenarios and reports what happens.

use std::io;
use std::mem;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use crate::argument::Call;
use crate::checks;
use crate::context::Context;
use crate::fixture::Fixtures;
use crate::protocol::{Failure, FromWorker, StepStatus};
use crate::registry::StepDefinition;
use crate::worker::capture::Capture;
use crate::worker::connection::Connection;
use crate::worker::panics;
use crate::worker::queue::{Queue, Work};

/// Runs scenarios on the main thread.
pub(super) struct Runner {
    connection: Connection,
    definitions: Vec<&'static StepDefinition>,
    capture: Capture,
    /// Lines that have not been sent. They are sent together, at the latest before code of the
    /// user runs: when it kills the process, the runner knows who it was.
    unsent: Vec<u8>,
}

impl Runner {
    /// A runner that reports over a connection; ids of definitions are indices.
    pub(super) fn new(connection: Connection, definitions: Vec<&'static StepDefinition>) -> Self {
        Self {
            connection,
            definitions,
            capture: Capture::new(),
            unsent: Vec::new(),
        }
    }

    /// Runs all that comes, until nothing more will.
    pub(super) fn run_all(mut self, queue: &Queue) -> io::Result<()> {
        loop {
            let next = match queue.try_next() {
                Some(work) => Some(work),
                None => {
                    self.send()?;
                    queue.next()
                }
            };
            match next {
                Some(work) => self.run(work)?,
                None => return Ok(()),
            }
        }
    }

    fn report(&mut self, message: &FromWorker) {
        message.write(&mut self.unsent);
    }

    fn send(&mut self) -> io::Result<()> {
        if !self.unsent.is_empty() {
            self.connection.send(&self.unsent)?;
            self.unsent.clear();
        }
        Ok(())
    }

    /// One attempt at one scenario.
    fn run(&mut self, work: Work) -> io::Result<()> {
        let mut context = Context {
            feature: work.feature,
            scenario: work.scenario,
            step: 0,
        };
        let mut fixtures = Fixtures::default();
        let (scenario, attempt) = (context.scenario.scenario, context.scenario.attempt);
        let at = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| since.as_micros() as u64);
        let start = Instant::now();
        self.report(&FromWorker::ScenarioStarted {
            scenario,
            attempt,
            at,
            output: self.capture.length(),
        });

        let mut root = "";
        for step in 0..context.scenario.steps.len() {
            context.step = step;
            let definition = self.definition(context.scenario.steps[step].definition)?;
            root = definition.root;
            self.report(&FromWorker::StepStarted {
                scenario,
                step: step as u32,
            });
            self.send()?;
            let (status, error, nanos) = call(definition, &mut context, &mut fixtures);
            self.capture.flush();
            self.report(&FromWorker::StepFinished {
                scenario,
                step: step as u32,
                status,
                nanos,
                error,
            });
            if status != StepStatus::Passed {
                break;
            }
        }

        if fixtures.noticeable() {
            // What dies now is not the last step.
            self.send()?;
        }
        let errors = close(fixtures, root);
        self.capture.flush();
        let nanos = start.elapsed().as_nanos() as u64;
        let output = self.capture.length();
        self.report(&FromWorker::ScenarioFinished {
            scenario,
            attempt,
            nanos,
            output,
            errors,
            will_be_retried: false,
        });
        Ok(())
    }

    fn definition(&self, id: u32) -> io::Result<&'static StepDefinition> {
        match self.definitions.get(id as usize) {
            Some(definition) => Ok(definition),
            None => {
                let message = format!("there is no step definition {id}");
                self.connection.send(
                    &FromWorker::Error {
                        message: message.clone(),
                        detail: String::new(),
                    }
                    .to_line(),
                )?;
                Err(io::Error::other(message))
            }
        }
    }
}

/// Calls the function of the context's step.
fn call(
    definition: &StepDefinition,
    context: &mut Context,
    fixtures: &mut Fixtures,
) -> (StepStatus, Option<Failure>, u64) {
    let step = &mut context.scenario.steps[context.step];
    let arguments = mem::take(&mut step.arguments);
    let table = step.table.take();
    let doc_string = step.docstring.take();
    let mut call = Call {
        context,
        fixtures,
        arguments,
        table,
        doc_string,
    };
    let start = Instant::now();
    let result = checks::collect(definition.root, || {
        panics::catch(definition.root, || (definition.run)(&mut call))
    });
    let nanos = start.elapsed().as_nanos() as u64;
    let (status, error) = match result {
        Ok(()) => (StepStatus::Passed, None),
        Err(stop) => stop.into_parts(),
    };
    (status, error, nanos)
}

/// Closes the fixtures, those made last first. One that fails does not spare the others.
fn close(mut fixtures: Fixtures, root: &str) -> Vec<Failure> {
    let mut errors = Vec::new();
    while let Some(fixture) = fixtures.pop() {
        if let Err(stop) = panics::catch(root, || fixture.close()) {
            errors.extend(stop.into_parts().1);
        }
    }
    errors
}
