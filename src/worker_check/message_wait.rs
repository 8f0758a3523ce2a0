//! How long the check waits for one message: for the limit, and for the time in which the machine was too slow.

use std::time::{Duration, Instant};

use crate::worker::ready_times::ReadyTimes;
use crate::worker::slow_time::SlowTime;

/// How many times the limit a wait takes at most, however slow the machine is.
const LONGEST: u32 = 20;

/// The threads are looked at for the first time after this part of the limit. A look reads files of each thread, so
/// it would slow down all exchanges if each of them began with one.
const FIRST_LOOK: u32 = 10;

/// A wait for one message.
#[derive(Debug)]
pub struct MessageWait {
    limit: Duration,
    since: Instant,
    /// How long the machine was too slow, as far as is known.
    slow: SlowTime,
}

impl MessageWait {
    /// Begins to wait.
    pub fn new(limit: Duration, now: Instant) -> Self {
        Self {
            limit,
            since: now,
            slow: SlowTime::default(),
        }
    }

    /// How long to wait until [`Self::is_over`] must be asked.
    pub fn left(&self, now: Instant) -> Duration {
        self.end().saturating_duration_since(now)
    }

    /// Whether nothing is to be waited for any more. `ready` is how the threads are now.
    pub fn is_over(&mut self, now: Instant, ready: ReadyTimes) -> bool {
        let first_look = self.since + self.limit / FIRST_LOOK;
        let most = self.limit * (LONGEST - 1);
        self.slow.look(now, ready, first_look, most);
        self.end() <= now
    }

    fn end(&self) -> Instant {
        match self.slow.so_far() {
            None => self.since + self.limit / FIRST_LOOK,
            Some(slow) => self.since + self.limit + slow,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: Duration = Duration::from_secs(10);

    fn after(start: Instant, seconds: u64) -> Instant {
        start + Duration::from_secs(seconds)
    }

    #[test]
    fn on_a_quiet_machine_the_limit_counts() {
        let start = Instant::now();
        let mut wait = MessageWait::new(LIMIT, start);
        assert_eq!(wait.left(start), Duration::from_secs(1));
        assert!(!wait.is_over(after(start, 1), ReadyTimes::default()));
        assert_eq!(wait.left(after(start, 1)), Duration::from_secs(9));
        assert!(wait.is_over(after(start, 10), ReadyTimes::default()));
    }

    #[test]
    fn what_the_check_itself_was_late_does_not_count() {
        let start = Instant::now();
        let mut wait = MessageWait::new(LIMIT, start);
        assert!(!wait.is_over(after(start, 21), ReadyTimes::default()));
        assert!(!wait.is_over(after(start, 29), ReadyTimes::default()));
        assert!(wait.is_over(after(start, 30), ReadyTimes::default()));
    }

    #[test]
    fn time_in_which_threads_wait_for_a_processor_does_not_count() {
        let start = Instant::now();
        let mut wait = MessageWait::new(LIMIT, start);
        assert!(!wait.is_over(after(start, 1), ReadyTimes::default()));
        let waited = ReadyTimes::waited_for(Duration::from_secs(6));
        assert!(!wait.is_over(after(start, 10), waited));
        assert_eq!(wait.left(after(start, 10)), Duration::from_secs(6));
        let waited = ReadyTimes::waited_for(Duration::from_secs(6));
        assert!(wait.is_over(after(start, 16), waited));
    }

    #[test]
    fn no_wait_is_endless() {
        let start = Instant::now();
        let mut wait = MessageWait::new(LIMIT, start);
        assert!(!wait.is_over(after(start, 1), ReadyTimes::default()));
        for (at, over) in [(10, false), (199, false), (200, true)] {
            let always = ReadyTimes::waited_for(Duration::from_secs(at));
            assert_eq!(wait.is_over(after(start, at), always), over, "{at}");
        }
    }
}
