//! How far the runner is with ending what a worker does: it asks, then it signals.

use std::time::{Duration, Instant};

use crate::event::Fault;

use super::super::due::Escalation;
use crate::worker::ready_times::ReadyTimes;
use crate::worker::slow_time::SlowTime;

/// How long a worker has to answer. Its listener does nothing else, so it is quick even while the code of a step runs.
const ANSWER: Duration = Duration::from_millis(100);

/// When threads are looked at for the first time. A look reads files of each thread, which takes about as long as a quick
/// worker needs for its answer, so it must not delay that.
const LOOK: Duration = Duration::from_millis(5);

/// How much longer than on an idle machine something may take at most. With a load of 45 on two cores, a thread that is
/// ready waits for about 100 ms each time.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// Why what a worker runs is ended.
#[derive(Debug, Clone)]
pub struct AbortCause {
    /// What it means for the attempt.
    pub fault: Fault,
    /// The kind of the error: `Timeout`, say.
    pub kind: &'static str,
    /// The message of the error: one line.
    pub message: String,
}

impl AbortCause {
    /// The run is stopped, for this reason.
    pub fn cancelled(reason: &str) -> Self {
        Self {
            fault: Fault::Cancelled,
            kind: "Cancelled",
            message: reason.to_owned(),
        }
    }

    /// Whether it is that the run is stopped.
    pub fn is_cancelled(&self) -> bool {
        self.fault == Fault::Cancelled
    }
}

/// What the runner does to end what a worker runs.
#[derive(Debug)]
pub struct Interruption {
    cause: AbortCause,
    /// Whether the worker is left alone when it cannot leave its code: something else ends it.
    gentle: bool,
    /// Whether nothing that the worker says counts any more.
    deaf: bool,
    stage: Stage,
    since: Instant,
    /// The time in this stage that does not count. The first look at it follows a short time after the beginning.
    slow: SlowTime,
}

/// What was done last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Nothing: no user code was known to run. The worker is asked when the next starts.
    Waiting,
    /// The worker was asked to leave the step or hook of this number.
    Asked(u64),
    /// It said that it leaves it.
    Leaving(u64),
    /// Its process group got SIGTERM.
    Terminated,
    /// It got SIGKILL.
    Killed,
}

impl Interruption {
    /// Begins; nothing was done yet.
    pub fn new(cause: AbortCause, gentle: bool) -> Self {
        Self {
            cause,
            gentle,
            deaf: false,
            stage: Stage::Waiting,
            since: Instant::now(),
            slow: SlowTime::default(),
        }
    }

    /// Whether the worker is to be spared for now. It is when its time is over but it, or the runner, was ready to go on
    /// and the machine was too slow. A worker that sleeps or is stopped is not spared, nor one that had its share of
    /// time.
    pub fn spares(&mut self, now: Instant, ready: ReadyTimes, grace: Duration) -> bool {
        self.slow.look(now, ready, self.since + LOOK, LONGEST_WAIT);
        self.deadline(grace).is_some_and(|(at, _)| at > now)
    }

    /// Begins anew with what runs next.
    pub fn again(self) -> Self {
        Self::new(self.cause, self.gentle)
    }

    /// Why.
    pub fn cause(&self) -> &AbortCause {
        &self.cause
    }

    /// Why, when it is over.
    pub fn into_cause(self) -> AbortCause {
        self.cause
    }

    /// Whether the worker is left alone when it cannot leave its code.
    pub fn is_gentle(&self) -> bool {
        self.gentle
    }

    fn enter(&mut self, stage: Stage) {
        self.stage = stage;
        self.since = Instant::now();
        self.slow = SlowTime::default();
    }

    /// Whether the worker was not asked yet to leave what it runs.
    pub fn waits(&self) -> bool {
        self.stage == Stage::Waiting
    }

    /// The worker was asked to leave its step or hook of this number.
    pub fn asked(&mut self, call: u64) {
        self.enter(Stage::Asked(call));
    }

    /// The worker says that it leaves the step or hook of this number, or cannot. The result is whether
    /// that is the answer that was waited for.
    pub fn answered(&mut self, call: u64, can: bool) -> bool {
        let expected = self.stage == Stage::Asked(call);
        if expected && can {
            self.enter(Stage::Leaving(call));
        }
        expected
    }

    /// Whether the worker has said that it leaves what runs.
    pub fn is_leaving(&self) -> bool {
        matches!(self.stage, Stage::Leaving(_))
    }

    /// The process group got SIGTERM.
    pub fn terminated(&mut self) {
        self.enter(Stage::Terminated);
    }

    /// The process group got SIGKILL.
    pub fn killed(&mut self) {
        self.enter(Stage::Killed);
    }

    /// Whether its process was signalled.
    pub fn is_ending(&self) -> bool {
        matches!(self.stage, Stage::Terminated | Stage::Killed)
    }

    /// Whether a message counts, which may report a `failure`. When a run is stopped, messages are on their way at the
    /// moment of the signal, and what they report has run. From the first failure on nothing counts: it most likely comes
    /// from the signal. What is too late counts as too late.
    pub fn hears(&mut self, failure: bool) -> bool {
        if self.is_ending() && (failure || !self.cause.is_cancelled()) {
            self.deaf = true;
        }
        !self.deaf
    }

    /// When it is too late, and what follows then. `grace` is the time between two signals.
    pub fn deadline(&self, grace: Duration) -> Option<(Instant, Escalation)> {
        let (patience, then) = match self.stage {
            Stage::Waiting | Stage::Asked(_) => (answer(grace), Escalation::Terminate),
            Stage::Leaving(_) => (grace / 2, Escalation::Terminate),
            Stage::Terminated => (grace, Escalation::Kill),
            Stage::Killed => return None,
        };
        if self.gentle && then == Escalation::Terminate {
            return None;
        }
        let patience = match self.slow.so_far() {
            None => LOOK.min(patience),
            Some(slow) => patience + slow,
        };
        Some((self.since + patience, then))
    }
}

/// How long a worker has to answer. Only on Linux it is known how long it has waited for a processor.
fn answer(grace: Duration) -> Duration {
    match cfg!(target_os = "linux") {
        true => ANSWER.min(grace / 2),
        false => grace / 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GRACE: Duration = Duration::from_secs(2);

    fn interruption(gentle: bool) -> Interruption {
        Interruption::new(AbortCause::cancelled(""), gentle)
    }

    /// When its time is over, after a first look in time.
    fn next(interruption: &mut Interruption) -> Option<(Duration, Escalation)> {
        if interruption.slow.so_far().is_none() && interruption.deadline(GRACE).is_some() {
            let due = interruption.since + LOOK;
            assert_eq!(interruption.deadline(GRACE).unwrap().0, due);
            assert!(interruption.spares(due, ReadyTimes::default(), GRACE));
        }
        let (due, then) = interruption.deadline(GRACE)?;
        Some((due - interruption.since, then))
    }

    #[test]
    fn a_worker_that_does_not_answer_is_terminated_and_then_killed() {
        let mut one = interruption(false);
        assert!(one.waits() && !one.is_ending());
        assert_eq!(next(&mut one), Some((ANSWER, Escalation::Terminate)));
        one.asked(3);
        assert!(!one.answered(2, true), "that was another step");
        assert_eq!(next(&mut one), Some((ANSWER, Escalation::Terminate)));
        assert!(one.answered(3, true) && one.is_leaving());
        assert_eq!(next(&mut one), Some((GRACE / 2, Escalation::Terminate)));
        one.terminated();
        assert!(one.is_ending());
        assert_eq!(next(&mut one), Some((GRACE, Escalation::Kill)));
        one.killed();
        assert_eq!(next(&mut one), None);
    }

    #[test]
    fn time_in_which_the_machine_was_too_slow_does_not_count() {
        let mut one = interruption(false);
        one.asked(3);
        // The runner itself comes to look only after a second.
        let second = Duration::from_secs(1);
        let late = one.since + LOOK + second;
        assert!(one.spares(late, ReadyTimes::default(), GRACE));
        assert_eq!(
            next(&mut one),
            Some((ANSWER + second, Escalation::Terminate))
        );
        // Nothing has waited since: then the time is over.
        let over = one.since + ANSWER + second;
        assert!(!one.spares(over, ReadyTimes::default(), GRACE));
        one.terminated();
        assert_eq!(
            next(&mut one),
            Some((GRACE, Escalation::Kill)),
            "each stage counts anew"
        );
    }

    #[test]
    fn gently_nothing_is_signalled() {
        let mut one = interruption(true);
        one.asked(3);
        assert_eq!(next(&mut one), None);
    }
}
