//! How far the runner is with the output of one worker.

use std::time::{Duration, Instant};

/// The pause between two looks at how much a worker has printed. A process can exceed the limit by what it prints in
/// one pause.
const LOOK: Duration = Duration::from_millis(50);

/// How far the runner is with the output of a worker.
#[derive(Debug)]
pub struct OutputProgress {
    /// The length of the capture file up to which it was reported.
    reported: u64,
    /// When to look again at how much there is.
    look_at: Instant,
}

impl OutputProgress {
    /// That of a worker which was started just now.
    pub fn new(now: Instant) -> Self {
        Self {
            reported: 0,
            look_at: now + LOOK,
        }
    }

    /// Notes that the output up to here was reported.
    pub fn note_reported(&mut self, output: u64) {
        self.reported = output;
    }

    /// The length of the capture file up to which it was reported.
    pub fn reported(&self) -> u64 {
        self.reported
    }

    /// When to look again at how much there is.
    pub fn look_at(&self) -> Instant {
        self.look_at
    }

    /// Notes that it was just measured.
    pub fn look_again(&mut self) {
        self.look_at = Instant::now() + LOOK;
    }
}
