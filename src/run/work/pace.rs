//! How much work is sent ahead of a worker, from how long scenarios were seen to take.

/// The work that a worker should have in hand, in nanoseconds: enough that it never waits for the runner, and
/// little enough that not much waits for a slow scenario.
const AHEAD: u64 = 20_000_000;

/// The most scenarios in hand: what quick ones are in that time, with room to spare.
const MOST: usize = 1000;

/// The mean duration of recent scenarios.
#[derive(Debug, Default)]
pub struct Pace {
    mean: Option<u64>,
}

impl Pace {
    /// Takes the duration of a finished scenario, in nanoseconds.
    pub fn observe(&mut self, nanos: u64) {
        self.mean = Some(match self.mean {
            // The first one also waits for code and data that are used for the first time.
            None => nanos / 4,
            // Every scenario is now and then held up by other processes, which says little about the next: a single one
            // counts little. What is slow in earnest raises the mean all the same.
            Some(mean) if nanos > mean => mean + (nanos - mean) / 64,
            Some(mean) => mean - (mean - nanos) / 16,
        });
    }

    /// How many scenarios a worker should have in hand when `waiting` are left for `workers`.
    pub fn in_hand(&self, waiting: usize, workers: usize) -> usize {
        let fair_share = waiting.div_ceil(workers.max(1));
        self.ahead().min(fair_share).max(1)
    }

    /// How many scenarios a worker should have in hand, of those that only it may run.
    pub fn ahead(&self) -> usize {
        let by_time = match self.mean {
            None => 1,
            Some(mean) => usize::try_from(AHEAD / mean.max(1)).unwrap_or(MOST),
        };
        by_time.clamp(1, MOST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_or_slow_work_is_not_sent_ahead() {
        let mut pace = Pace::default();
        assert_eq!(pace.in_hand(1000, 2), 1);
        pace.observe(50_000_000);
        assert_eq!(pace.in_hand(1000, 2), 1);
    }

    #[test]
    fn quick_work_is_sent_in_batches_and_shared_fairly() {
        let mut pace = Pace::default();
        pace.observe(20_000);
        assert_eq!(pace.in_hand(10_000, 2), MOST);
        assert_eq!(pace.in_hand(10, 2), 5);
        assert_eq!(pace.in_hand(0, 2), 1);
    }
}
