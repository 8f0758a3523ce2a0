//! How long threads were ready to run but had to wait for a processor: then the machine is slow, and not the program.
//!
//! Only on Linux. A thread that sleeps, or is stopped, does not wait in this sense.

use std::collections::HashMap;
use std::fs;
use std::time::Duration;

/// The threads of some processes at one moment.
#[derive(Debug, Default)]
pub struct ReadyTimes {
    threads: HashMap<u32, ThreadTimes>,
}

#[derive(Debug, Clone, Copy)]
struct ThreadTimes {
    /// How long it has waited in total, up to when it ran last.
    waited: Duration,
    /// How many times it was given a processor.
    slices: u64,
    /// Whether it is ready to run, or runs.
    ready: bool,
}

impl ReadyTimes {
    /// Looks at a process, and at this one: the messages between them pass through threads of both.
    #[must_use]
    pub fn of_worker(process: u32) -> Self {
        let mut threads = HashMap::new();
        for process in [process, std::process::id()] {
            let tasks = fs::read_dir(format!("/proc/{process}/task"));
            for task in tasks.into_iter().flatten().flatten() {
                let id = task.file_name().to_str().and_then(|id| id.parse().ok());
                let read = |name: &str| fs::read_to_string(task.path().join(name));
                // A thread may end at any moment.
                if let (Some(id), Ok(scheduled), Ok(stat)) = (id, read("schedstat"), read("stat")) {
                    threads.extend(parse(&scheduled, &stat).map(|times| (id, times)));
                }
            }
        }
        Self { threads }
    }

    /// One thread that has waited so long in total.
    #[cfg(test)]
    pub fn waited_for(waited: Duration) -> Self {
        let times = ThreadTimes {
            waited,
            slices: 1,
            ready: false,
        };
        Self {
            threads: HashMap::from([(1, times)]),
        }
    }

    /// How long the thread that had to wait the longest has waited since an earlier look, which was `elapsed` ago.
    #[must_use]
    pub fn waited_since(&self, earlier: &Self, elapsed: Duration) -> Duration {
        let waited = self.threads.iter().map(|(id, now)| {
            let before = earlier.threads.get(id);
            // The system counts a wait when it is over.
            let waits = now.ready && before.is_some_and(|before| before.slices == now.slices);
            match before {
                _ if waits => elapsed,
                Some(before) => now.waited.saturating_sub(before.waited),
                None => now.waited,
            }
        });
        waited.max().unwrap_or_default().min(elapsed)
    }
}

/// Reads `RAN WAITED SLICES` in nanoseconds, and the state after the name in a line of statistics.
fn parse(scheduled: &str, stat: &str) -> Option<ThreadTimes> {
    let mut numbers = scheduled.split_ascii_whitespace().skip(1);
    let waited = Duration::from_nanos(numbers.next()?.parse().ok()?);
    let slices = numbers.next()?.parse().ok()?;
    let (_, state) = stat.rsplit_once(") ")?;
    Some(ThreadTimes {
        waited,
        slices,
        ready: state.starts_with('R'),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn times(threads: &[(u32, &str, &str)]) -> ReadyTimes {
        let parsed = threads.iter().map(|(id, scheduled, state)| {
            let stat = format!("{id} (a) b) {state} 1 1");
            (*id, parse(scheduled, &stat).unwrap())
        });
        ReadyTimes {
            threads: parsed.collect(),
        }
    }

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn the_thread_that_has_waited_longest_counts() {
        let before = times(&[(1, "5 1000 3", "S"), (2, "5 0 3", "R")]);
        let after = times(&[
            (1, "6 4000 4", "S"),
            (2, "9 2000 4", "R"),
            (3, "1 100 1", "S"),
        ]);
        let waited = after.waited_since(&before, SECOND);
        assert_eq!(waited, Duration::from_nanos(3000));
        // Never more than there was time.
        let short = Duration::from_nanos(50);
        assert_eq!(after.waited_since(&before, short), short);
    }

    #[test]
    fn a_thread_that_still_waits_has_waited_all_the_time() {
        let before = times(&[(1, "5 1000 3", "S")]);
        let ready = times(&[(1, "5 1000 3", "R")]);
        assert_eq!(ready.waited_since(&before, SECOND), SECOND);
        for idle in ["S", "T", "D"] {
            let idle = times(&[(1, "5 1000 3", idle)]);
            assert_eq!(idle.waited_since(&before, SECOND), Duration::ZERO);
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn this_process_has_threads() {
        assert!(!ReadyTimes::of_worker(std::process::id()).threads.is_empty());
    }
}
