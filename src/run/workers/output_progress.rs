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
    /// Where output begins that is too much, and how many looks in a row have found that.
    excess: Option<(u64, u32)>,
}

impl OutputProgress {
    /// That of a worker which was started just now.
    pub fn new(now: Instant) -> Self {
        Self {
            reported: 0,
            look_at: now + LOOK,
            excess: None,
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

    /// Notes that what was printed from `start` on is within the limit, or that it `is_too_much`. The result is how many
    /// looks in a row have found too much from there on.
    pub fn note_look(&mut self, start: u64, is_too_much: bool) -> u32 {
        let before = self.excess.filter(|(known, _)| *known == start);
        let looks = before.map_or(0, |(_, looks)| looks) + 1;
        self.excess = is_too_much.then_some((start, looks));
        if is_too_much { looks } else { 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_in_a_row_are_counted_from_one_start() {
        let mut progress = OutputProgress::new(Instant::now());
        let mut note = |start, is_too_much| progress.note_look(start, is_too_much);
        assert_eq!([note(7, true), note(7, true), note(7, false)], [1, 2, 0]);
        assert_eq!([note(7, true), note(9, true), note(9, true)], [1, 1, 2]);
    }
}
