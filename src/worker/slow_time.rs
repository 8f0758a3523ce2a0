//! How long the machine was too slow for a worker or for this process: such time counts for no limit.

use std::time::{Duration, Instant};

use super::ready_times::ReadyTimes;

/// The time since a first look at the threads in which they had to wait for a processor.
#[derive(Debug, Default)]
pub struct SlowTime {
    first_look: Option<FirstLook>,
    so_far: Duration,
}

#[derive(Debug)]
struct FirstLook {
    at: Instant,
    ready: ReadyTimes,
    /// How much later it was than intended.
    late: Duration,
}

impl SlowTime {
    /// Looks at the threads, which are `ready` now. The first look was intended for the moment `due`: one that comes
    /// late shows that this process itself was too slow. At most so much is counted in all.
    pub fn look(&mut self, now: Instant, ready: ReadyTimes, due: Instant, most: Duration) {
        let slow = match &self.first_look {
            None => {
                let late = now.saturating_duration_since(due);
                self.first_look = Some(FirstLook {
                    at: now,
                    ready,
                    late,
                });
                late
            }
            Some(first) => {
                let elapsed = now.saturating_duration_since(first.at);
                first.late + ready.waited_since(&first.ready, elapsed)
            }
        };
        self.so_far = slow.min(most);
    }

    /// The time up to the last look; `None` before the first one.
    pub fn so_far(&self) -> Option<Duration> {
        self.first_look.as_ref().map(|_| self.so_far)
    }
}
