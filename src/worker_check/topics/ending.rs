//! The end of a process whose runner is gone.

use std::time::Duration;

use bdd_protocol::FromWorker;

use super::super::Check;
use super::super::line::Quiet;
use super::super::rules::{self, Topic};
use super::super::session::Session;

/// A step that takes less than this may be over before the worker could notice anything.
const LONG: Duration = Duration::from_millis(50);

/// The line ends the process five seconds after the connection; this is longer.
const PATIENCE: Duration = Duration::from_secs(30);

impl Check<'_> {
    /// Closes the connection of a process that waits, and of one that runs a step.
    pub(in super::super) fn runner_gone(&self) {
        let Some(mut session) = self.open(Topic::RunnerGone) else {
            return;
        };
        session.line().hang_up();
        if self.ends(&mut session, "while it waits") {
            self.checked(Topic::RunnerGone, "while it waits");
        }
        let Some(mut session) = self.open(Topic::RunnerGone) else {
            return;
        };
        let with_steps: Vec<_> = (self.ready.iter())
            .filter(|ready| !ready.scenario.steps.is_empty())
            .cloned()
            .collect();
        session.run(&with_steps);
        if session.play().is_err() {
            return self.not_checked(Topic::RunnerGone, "while a step runs: stopped at a finding");
        }
        match session.seen().slowest {
            Some((nanos, scenario)) if Duration::from_nanos(nanos) >= LONG => {
                session.run(&self.among(&[scenario]));
                while let Ok(message) = session.line().hear() {
                    if let FromWorker::StepStarted { .. } = message {
                        break;
                    }
                }
                session.line().hang_up();
                if self.ends(&mut session, "while a step runs") {
                    self.checked(Topic::RunnerGone, "while a step runs");
                }
            }
            _ => {
                let why = format!("while a step runs: no scenario takes {LONG:?}");
                self.not_checked(Topic::RunnerGone, why);
            }
        }
    }

    /// Whether the process ends by itself.
    fn ends(&self, session: &mut Session<'_>, place: &str) -> bool {
        let line = session.line();
        let gone = loop {
            match line.hear_within(PATIENCE) {
                Ok(_) => {}
                Err(Quiet::Gone) => break true,
                Err(Quiet::Silence) => break false,
            }
        };
        let junk = line.death().and_then(|death| death.junk.as_deref());
        let by_itself = gone && !junk.is_some_and(|junk| junk.contains("lived on"));
        if !by_itself {
            line.kill();
            let detail = format!("it still lived 5 s after the end of the stream, {place}");
            let mut findings = self.books.findings.borrow_mut();
            findings.add(&rules::ENDS_WITH_RUNNER, Topic::RunnerGone, "", detail);
        }
        by_itself
    }
}
