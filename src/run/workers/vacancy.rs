//! Places without a worker that the system may have room for in a moment: what a dead worker has left behind
//! does not end at once.

use std::ops::Range;
use std::time::{Duration, Instant};

use super::Workers;

/// How long to wait before each try. In total it is as long as a person waits without a word.
const PAUSES: [u64; 6] = [50, 100, 200, 400, 800, 1600];

/// Places without a worker, while there is no other worker.
#[derive(Debug, Default)]
pub(super) struct Vacancy {
    places: Option<(Range<u32>, Instant)>,
    /// How often it was tried since a worker said hello: one that is started may be refused a thread at once.
    tries: usize,
}

impl Vacancy {
    pub(super) fn end(&mut self) {
        *self = Self::default();
    }

    pub(super) fn is_open(&self) -> bool {
        self.places.is_some()
    }
}

impl Workers {
    /// Has a start tried again later. False when it was tried often enough, and when no worker was ever
    /// there: then it is not a matter of a moment.
    pub fn try_later(&mut self, places: Range<u32>, now: Instant) -> bool {
        let Some(pause) = PAUSES.get(self.vacancy.tries) else {
            return false;
        };
        if !self.any_introduced() {
            return false;
        }
        self.vacancy.tries += 1;
        self.vacancy.places = Some((places, now + Duration::from_millis(*pause)));
        true
    }

    /// When the next start is tried again.
    pub fn next_try(&self) -> Option<Instant> {
        self.vacancy.places.as_ref().map(|(_, at)| *at)
    }

    /// The places to try again now.
    pub fn due_places(&mut self, now: Instant) -> Option<Range<u32>> {
        let due = self.vacancy.places.take_if(|(_, at)| *at <= now);
        due.map(|(places, _)| places)
    }

    /// Has no start tried again, and no further worker started.
    pub fn forget_places(&mut self) {
        self.vacancy.end();
        self.awaiting = 0..0;
    }

    /// The workers of these places are started when there is time.
    pub fn await_start(&mut self, places: Range<u32>) {
        self.awaiting = places;
    }

    /// How many workers await their start.
    pub fn awaiting(&self) -> usize {
        self.awaiting.len()
    }

    /// The places whose workers await their start, which they do no longer.
    pub fn take_awaiting(&mut self) -> Range<u32> {
        std::mem::replace(&mut self.awaiting, 0..0)
    }
}
