//! How long `bdd` waits for those who read what it writes.

use std::time::{Duration, Instant};

use crate::run::Channel;

/// Without a person who may have stopped the reader, such as in a pager, nobody reads any more after this time.
const UNWATCHED: Duration = Duration::from_secs(30);

/// The same after a signal or a limit of time, which are meant to end everything.
const ENDED: Duration = Duration::from_secs(1);

/// How long a reader may read nothing at the end; none: for ever. A run that is `watched` has a person in front of it.
pub(super) fn patience(watched: bool) -> Option<Duration> {
    (!watched).then_some(UNWATCHED)
}

/// How patient a run is with its readers: less after a signal, or after its time limit.
pub(super) struct RunPatience<'c> {
    /// Where signals arrive.
    channel: &'c Channel,
    /// Whether a signal has ended the run.
    interrupted: bool,
    /// When the run takes too long.
    deadline: Option<Instant>,
    /// Whether a person is in front of it.
    watched: bool,
    /// The first signal that came after the run.
    signal: Option<i32>,
}

impl<'c> RunPatience<'c> {
    /// That of a run which has come to its end; a signal may have `interrupted` it.
    pub(super) fn new(
        channel: &'c Channel,
        interrupted: bool,
        deadline: Option<Instant>,
        watched: bool,
    ) -> Self {
        Self {
            channel,
            interrupted,
            deadline,
            watched,
            signal: None,
        }
    }

    /// How long a reader may read nothing, from now on.
    pub(super) fn now(&mut self) -> Option<Duration> {
        self.signal = self.signal.or_else(|| self.channel.late_signal());
        let is_late = |deadline| deadline <= Instant::now();
        match self.interrupted || self.signal.is_some() || self.deadline.is_some_and(is_late) {
            true => Some(ENDED),
            false => patience(self.watched),
        }
    }

    /// The first signal that came after the run.
    pub(super) fn signal(&self) -> Option<i32> {
        self.signal
    }
}
