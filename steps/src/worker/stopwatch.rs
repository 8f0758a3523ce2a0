//! How long code of the user took, without what the worker did in the meantime for its failure.

use std::cell::Cell;
use std::time::{Duration, Instant};

thread_local! {
    /// How long this thread has spent in [`untimed`], in all.
    static UNTIMED: Cell<Duration> = const { Cell::new(Duration::ZERO) };
}

/// Measures code of the user.
pub(crate) struct Stopwatch {
    start: Instant,
    untimed: Duration,
}

impl Stopwatch {
    pub(crate) fn start() -> Self {
        Self {
            start: Instant::now(),
            untimed: UNTIMED.get(),
        }
    }

    /// The nanoseconds since the start, without those of [`untimed`].
    pub(crate) fn nanos(&self) -> u64 {
        let untimed = UNTIMED.get().saturating_sub(self.untimed);
        self.start.elapsed().saturating_sub(untimed).as_nanos() as u64
    }
}

/// Runs code that no stopwatch of this thread measures, such as reading debug information for a backtrace, which
/// takes 100 to 200 ms.
pub(crate) fn untimed<R>(code: impl FnOnce() -> R) -> R {
    let start = Instant::now();
    let before = UNTIMED.get();
    let result = code();
    UNTIMED.set(before + start.elapsed());
    result
}

#[cfg(test)]
mod tests {
    use std::thread::sleep;

    use super::*;

    #[test]
    fn untimed_code_does_not_count() {
        let whole = Instant::now();
        let outer = Stopwatch::start();
        sleep(Duration::from_millis(2));
        untimed(|| untimed(|| sleep(Duration::from_millis(20))));
        let inner = Stopwatch::start();
        let (outer, inner) = (outer.nanos(), inner.nanos());
        let whole = whole.elapsed().as_nanos() as u64;
        assert!(outer >= 2_000_000, "{outer}");
        // However slow the machine is, the pause is a part of the whole.
        assert!(outer + 20_000_000 <= whole, "{outer} of {whole}");
        assert!(inner <= whole, "{inner} of {whole}");
    }
}
