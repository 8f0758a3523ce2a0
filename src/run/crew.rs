//! One place in the crew: the worker process in it, and what it has in hand.

use std::collections::VecDeque;
use std::time::Instant;

use bdd_protocol::{RunScenario, ToWorker};

use crate::event::{Fault, Output};
use crate::plan::PlannedStep;
use crate::worker::process::{Death, Process};

use super::Options;
use super::course::{Blocks, Course, Due, RunningHook};
use super::retry::Retries;
use super::script::{Cast, Script};

mod attempt;
mod breaking;
mod share;

pub use attempt::{Attempt, LOOK};
pub use breaking::{Breaking, Escalation, Why};

/// What a process is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// It runs scenarios.
    Worker,
    /// It runs the hooks around the run, and no scenario.
    Run,
}

/// How far a worker is with its opening hooks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opening {
    /// It was not asked to run them.
    NotYet,
    /// It runs them.
    Asked,
    /// It has run them, or there are none: it can work.
    Done,
}

/// A worker and its work.
#[derive(Debug)]
pub struct Member {
    /// What it is for.
    pub role: Role,
    /// The place in the crew, from 0; a replacement takes the place of its predecessor.
    pub index: u32,
    /// New for every process.
    pub serial: u32,
    process: Process,
    /// When the process was started.
    pub since: Instant,
    /// Whether it has introduced itself.
    pub introduced: bool,
    /// Sent and not finished, in the order sent; the first may be running.
    in_hand: VecDeque<u32>,
    /// The scenarios of a whole feature that this worker alone will get, behind those in hand.
    reserved: VecDeque<u32>,
    /// How far it is with its opening hooks.
    pub opening: Opening,
    /// Its opening hooks: those of the worker or of the run.
    pub before: Course,
    /// Its closing hooks: those of the worker or of the run.
    pub after: Course,
    /// The feature and the rule it is in.
    pub blocks: Blocks,
    /// The hook that runs at this moment.
    pub hook: Option<RunningHook>,
    /// Steps that the running step runs from text, while the worker is asked to match them.
    pub nested: Option<Vec<PlannedStep>>,
    /// Whether it was killed because nothing it does counts any more.
    pub dismissed: bool,
    /// What it runs at this moment.
    pub attempt: Option<Attempt>,
    feature: Option<usize>,
    /// Whether it was asked to give work back and has not answered.
    pub giving_back: bool,
    /// When it was told that no work follows.
    pub finishing: Option<Instant>,
    /// Whether it says so when it has closed everything, and has not yet.
    pub must_close: bool,
    /// The length of its capture file when its last scenario was over.
    closed: u64,
    /// How many steps and hooks it has started.
    calls: u64,
    /// Whether it can be asked to leave a step or hook.
    pub breaks_off: bool,
    /// How what it runs is being ended.
    pub breaking: Option<Breaking>,
    /// When it last ended a step, a hook or an attempt, or got work while it had none.
    pub silent_since: Instant,
    /// Whether it asked for no further work.
    pub retiring: bool,
    /// What it did against the protocol; it is being killed for it.
    pub offence: Option<String>,
    /// Whether that is only that it was too slow to end.
    pub late: bool,
}

impl Member {
    /// A new process in a place of the crew.
    pub fn new(index: u32, serial: u32, process: Process) -> Self {
        Self {
            role: Role::Worker,
            index,
            serial,
            process,
            since: Instant::now(),
            introduced: false,
            in_hand: VecDeque::new(),
            reserved: VecDeque::new(),
            opening: Opening::NotYet,
            before: Course::default(),
            after: Course::default(),
            blocks: Blocks::default(),
            hook: None,
            dismissed: false,
            nested: None,
            attempt: None,
            feature: None,
            giving_back: false,
            finishing: None,
            must_close: false,
            closed: 0,
            calls: 0,
            breaks_off: false,
            breaking: None,
            silent_since: Instant::now(),
            retiring: false,
            offence: None,
            late: false,
        }
    }

    /// Sends a message.
    pub fn send(&self, message: ToWorker) {
        self.process.send(message);
    }

    /// Ends the process at once.
    pub fn kill(&self) {
        self.process.kill();
    }

    /// Asks the process group to end.
    pub fn terminate(&self) {
        self.process.terminate();
    }

    /// Whether it was signalled because what it does takes too long or is no longer wanted.
    pub fn is_ending(&self) -> bool {
        self.breaking.as_ref().is_some_and(Breaking::is_ending)
    }

    /// How much the running attempt has printed so far, in bytes; none where output is let through.
    pub fn printed_so_far(&self) -> Option<u64> {
        let capture = self.process.capture.as_ref()?;
        let attempt = self.attempt.as_ref()?;
        Some(capture.length().saturating_sub(attempt.output()))
    }

    /// Ends the process because it does not keep to the protocol.
    pub fn accuse(&mut self, offence: String) {
        self.offence.get_or_insert(offence);
        self.kill();
    }

    /// Ends the process at once; what it does no longer counts.
    pub fn dismiss(&mut self) {
        self.dismissed = true;
        self.kill();
    }

    /// Whether it may be given work.
    pub fn can_work(&self) -> bool {
        self.role == Role::Worker
            && self.introduced
            && self.opening == Opening::Done
            && self.finishing.is_none()
            && !self.dismissed
            && !self.is_ending()
    }

    /// The scenarios it has in hand, the running one included, in order.
    pub fn in_hand(&self) -> impl Iterator<Item = u32> {
        self.in_hand.iter().copied()
    }

    /// How many scenarios it has in hand, the running one included.
    pub fn load(&self) -> usize {
        self.in_hand.len()
    }

    /// The next scenario, or the one that runs.
    pub fn front(&self) -> Option<u32> {
        self.in_hand.front().copied()
    }

    /// Sends scenarios of one feature, and the end of the feature before. A whole feature ends
    /// only when its last scenario has started: what was sent of it may still be asked back, by
    /// someone who does not know that it has begun.
    pub fn hand(
        &mut self,
        feature: usize,
        scenarios: &[u32],
        cast: &Cast<'_>,
        script: &mut Script,
        (options, retries): (&Options, &Retries),
    ) {
        if self.feature != Some(feature) {
            if !self.feature.is_some_and(|before| script.is_whole(before)) {
                self.close_feature(cast);
            }
            self.feature = Some(feature);
        }
        let planned = cast.feature(feature);
        let scenarios_to_run = scenarios
            .iter()
            .map(|&scenario| {
                let planned_scenario = cast.scenario(scenario);
                let tags = &planned_scenario.tags;
                let attempt = retries.attempt(scenario);
                RunScenario {
                    attempt,
                    retries: options.retries_on_worker(tags).saturating_sub(attempt),
                    continue_after_failure: options.continues_after_failure(tags),
                    ..script.for_worker(planned, planned_scenario)
                }
            })
            .collect();
        if self.in_hand.is_empty() {
            self.silent_since = Instant::now();
        }
        self.in_hand.extend(scenarios);
        self.send(ToWorker::Run {
            feature: script.feature_info(feature, planned),
            scenarios: scenarios_to_run,
        });
    }

    /// Asks it to run its opening hooks; `after` are those that will close. Both are positions.
    pub fn begin(&mut self, before: Vec<u32>, after: Vec<u32>, script: &Script) {
        self.opening = Opening::Done;
        if !before.is_empty() {
            self.opening = Opening::Asked;
            self.silent_since = Instant::now();
            let hooks = script.hooks.ids(&before);
            self.send(ToWorker::Begin { hooks });
        }
        self.before = Course::new(before);
        self.after = Course::new(after);
    }

    /// Tells it that no work follows.
    pub fn finish(&mut self, cast: &Cast<'_>, script: &Script) {
        if self.finishing.is_none() {
            self.close_feature(cast);
            let hooks = script.hooks.ids(self.after.hooks());
            self.send(ToWorker::Finish { hooks });
            self.finishing = Some(Instant::now());
        }
    }

    fn close_feature(&mut self, cast: &Cast<'_>) {
        if let Some(feature) = self.feature.take() {
            self.send(ToWorker::FeatureDone {
                uri: cast.feature(feature).uri.to_string(),
            });
        }
    }

    /// Notes that it has started a scenario.
    ///
    /// # Errors
    /// When that is not the next one it was sent, or not its attempt `next`.
    pub fn start(
        &mut self,
        scenario: u32,
        number: u32,
        next: u32,
        output: u64,
        due: Due,
    ) -> Result<&mut Attempt, String> {
        if self.attempt.is_some() || self.in_hand.front() != Some(&scenario) {
            return Err(format!(
                "it started scenario {scenario}, which is not the next it was sent"
            ));
        }
        if number != next {
            return Err(format!(
                "it started attempt {number} at scenario {scenario}, where attempt {next} comes next"
            ));
        }
        Ok(self
            .attempt
            .insert(Attempt::new(scenario, number, output, due)))
    }

    /// The running attempt, if it is at `scenario` and `step`.
    ///
    /// # Errors
    /// When the worker speaks of another scenario or step than the one it is at.
    pub fn at_step(
        &mut self,
        scenario: u32,
        step: u32,
        running: bool,
    ) -> Result<&mut Attempt, String> {
        match &mut self.attempt {
            Some(attempt)
                if attempt.scenario == scenario
                    && attempt.finished == step as usize
                    && attempt.in_step == running =>
            {
                Ok(attempt)
            }
            _ => Err(format!(
                "it spoke of step {step} of scenario {scenario}, where it is not"
            )),
        }
    }

    /// Counts a step or hook that it has started.
    pub fn count_call(&mut self) {
        self.calls += 1;
        if let (None, Some(attempt)) = (&self.hook, &mut self.attempt) {
            attempt.call = self.calls;
        }
    }

    /// The number of the hook that it runs, or else of the step. Behind a hook, that is not the last that
    /// was counted.
    pub fn running_call(&self) -> u64 {
        match (&self.hook, &self.attempt) {
            (None, Some(attempt)) => attempt.call,
            _ => self.calls,
        }
    }

    /// Ends the running attempt. Its scenario stays in hand until [`Member::release`].
    /// `output` is the length of the capture file by then.
    pub fn end(&mut self, output: Option<u64>) -> Option<Attempt> {
        let attempt = self.attempt.take()?;
        self.silent_since = Instant::now();
        self.closed = output.unwrap_or(self.closed);
        Some(attempt)
    }

    /// Takes the first scenario out of hand: it has its result, or is not going to start.
    pub fn release(&mut self) {
        self.in_hand.pop_front();
        self.spare_if_idle();
    }

    /// Leaves it alone when what was to be ended with what it runs next is nothing: no more follows.
    fn spare_if_idle(&mut self) {
        if self.in_hand.is_empty() {
            self.breaking.take_if(|breaking| breaking.waits());
        }
    }

    /// Takes all that has not started out of hand, and what is kept for it.
    pub fn take_unstarted(&mut self) -> Vec<u32> {
        let running = usize::from(self.attempt.is_some());
        let in_hand = self.in_hand.drain(running..);
        in_hand.chain(self.reserved.drain(..)).collect()
    }

    /// Asks for what it has not started, unless that was asked.
    pub fn ask_back(&mut self) {
        if !self.giving_back {
            self.send(ToWorker::Cancel);
            self.giving_back = true;
        }
    }

    /// Takes what the worker gives back out of hand.
    ///
    /// # Errors
    /// When it gives back what it does not have.
    pub fn give_back(&mut self, scenarios: &[u32]) -> Result<(), String> {
        let kept = self
            .in_hand
            .len()
            .checked_sub(scenarios.len())
            .filter(|kept| {
                *kept >= usize::from(self.attempt.is_some())
                    && self.in_hand.range(kept..).eq(scenarios)
            });
        let Some(kept) = kept else {
            return Err("it gave back scenarios that it does not have".to_owned());
        };
        self.in_hand.truncate(kept);
        self.spare_if_idle();
        Ok(())
    }

    /// What the running attempt printed, up to `end` or all of it.
    pub fn output(&self, attempt: &Attempt, end: Option<u64>) -> Option<Output> {
        self.printed(attempt.output(), end)
    }

    /// What it printed from `start` on, up to `end` or all of it.
    pub fn printed(&self, start: u64, end: Option<u64>) -> Option<Output> {
        let capture = self.process.capture.as_ref()?;
        capture.between(start, end.unwrap_or_else(|| capture.length()))
    }

    /// Notes that what it printed up to here was told.
    pub fn told(&mut self, output: u64) {
        self.closed = output;
    }

    /// What the process printed since its last scenario or hook.
    pub fn late_output(&self) -> Option<Output> {
        let capture = self.process.capture.as_ref()?;
        capture.between(self.closed, capture.length())
    }
}

/// The fault that a death is for the scenario that was running.
pub fn fault(death: &Death) -> Fault {
    use std::os::unix::process::ExitStatusExt;
    Fault::Crashed {
        exit_code: death.status.and_then(|status| status.code()),
        signal: death.status.and_then(|status| status.signal()),
    }
}
