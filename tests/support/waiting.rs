//! Waits for signs that something has happened, never for a time in which it should have happened.

use std::thread;
use std::time::{Duration, Instant};

/// How long a sign may take on a machine that is busy with much else. Only a test that fails waits so long. It is
/// less than the 60 s that left processes live: those must not end by themselves while a test waits for their end.
pub const PATIENCE: Duration = Duration::from_secs(45);

/// Waits until something holds. Fails when it never does; `what` says what was waited for.
#[track_caller]
pub fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let late = Instant::now() + PATIENCE;
    while !holds() {
        assert!(Instant::now() < late, "waited in vain: {what}");
        thread::sleep(Duration::from_millis(5));
    }
}
