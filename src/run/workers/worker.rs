//! The life of one worker process.

use std::time::Instant;

use crate::worker::process::Process;

use super::super::Options;
use super::super::due::Due;
use super::interruption::Interruption;
use super::output_progress::OutputProgress;
use super::{Doom, Expected, Opening, Role, Worker};

impl Worker {
    /// A process that was just started, in a place among the workers.
    pub fn new(index: u32, process: Process) -> Self {
        let now = Instant::now();
        Self {
            role: Role::Scenarios,
            process,
            index,
            launched: now,
            promises: None,
            opening: Opening::NotYet,
            finishing: None,
            has_closed: false,
            interruption: None,
            silent_since: now,
            output: OutputProgress::new(now),
            doom: None,
        }
    }

    /// Whether it was killed because nothing it does counts any more.
    pub fn is_dismissed(&self) -> bool {
        matches!(self.doom, Some(Doom::Dismissed))
    }

    /// Whether it was signalled because what it does takes too long or is no longer wanted.
    pub fn is_ending(&self) -> bool {
        (self.interruption.as_ref()).is_some_and(Interruption::is_ending)
    }

    /// Whether it may be given work.
    pub fn can_work(&self) -> bool {
        self.role == Role::Scenarios
            && self.opening == Opening::Done
            && self.finishing.is_none()
            && !self.is_dismissed()
            && !self.is_ending()
    }

    /// Whether it still has to say that it has closed everything.
    pub fn must_close(&self) -> bool {
        let says_closed = self.promises.is_some_and(|promises| promises.says_closed);
        says_closed && !self.has_closed
    }

    /// Ends the process at once. Of violations the first counts.
    pub fn doom(&mut self, doom: Doom) {
        match doom {
            Doom::Dismissed => self.doom = Some(doom),
            Doom::Violation(..) => {
                self.doom.get_or_insert(doom);
            }
        }
        self.process.kill();
    }

    /// What is due next of the process itself, which should do what is `expected` of it.
    pub fn due(&self, expected: Option<Expected>, options: &Options) -> Option<(Instant, Due)> {
        if self.doom.is_some() {
            return None;
        }
        let finish = self.finishing.filter(|_| !options.run.is_attended());
        let finish = finish.map(|sent| (sent + options.finish_timeout, Due::Finish));
        if let Some(interruption) = &self.interruption {
            let escalation = interruption.deadline(options.run.grace.duration());
            return escalation
                .map(|(at, escalation)| (at, Due::Escalate(escalation)))
                .or(finish);
        }
        if self.promises.is_none() {
            let start = self.launched + options.start_timeout;
            let start = Some((start, Due::Start)).filter(|_| !options.run.is_attended());
            let both = [start, self.due_of_output()];
            return both.into_iter().flatten().min_by_key(|(at, _)| *at);
        }
        let silent = self.due_of_silence(expected, options);
        [finish, silent, self.due_of_output()]
            .into_iter()
            .flatten()
            .min_by_key(|(at, _)| *at)
    }

    /// When a worker is late that runs neither a scenario nor a hook, though it should: it may hang
    /// where no limit of a step or hook applies, such as in the closing of a fixture.
    fn due_of_silence(
        &self,
        expected: Option<Expected>,
        options: &Options,
    ) -> Option<(Instant, Due)> {
        let expected = expected.filter(|_| !options.run.is_attended())?;
        let (limit, what) = match expected {
            _ if self.opening == Opening::Asked => {
                (options.start_timeout, "begin (`start-timeout`)")
            }
            _ if self.finishing.is_some() => return None,
            Expected::NextScenario => {
                let limit = options.run.hook_timeout?.duration();
                (limit, "go on with the next scenario (`hook-timeout`)")
            }
            Expected::AnswerToRecall => (options.start_timeout, "answer a `cancel`"),
            Expected::Nothing => return None,
        };
        Some((self.silent_since + limit, Due::Silent(limit, what)))
    }
}
