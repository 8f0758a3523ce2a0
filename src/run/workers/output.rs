//! What workers print.

use crate::event::Output;

use super::{Worker, Workers};

impl Workers {
    /// What a worker printed from `start` on, up to `end` or all of it.
    pub fn printed(&self, serial: u32, start: u64, end: Option<u64>) -> Option<Output> {
        let capture = self.live.get(&serial)?.process.capture()?;
        capture.between(start, end.unwrap_or_else(|| capture.length()))
    }

    /// How much a worker has printed in all, in bytes; none where output is let through.
    pub fn printed_length(&self, serial: u32) -> Option<u64> {
        let capture = self.live.get(&serial)?.process.capture()?;
        Some(capture.length())
    }

    /// What a worker printed since its last scenario or hook.
    pub fn unreported_output(&self, serial: u32) -> Option<Output> {
        self.live.get(&serial).and_then(Worker::unreported_output)
    }

    /// Notes that what a worker printed up to here was reported.
    pub fn note_reported(&mut self, serial: u32, output: u64) {
        if let Some(worker) = self.live.get_mut(&serial) {
            worker.reported = output;
        }
    }
}

impl Worker {
    /// What it printed since its last scenario or hook.
    pub(super) fn unreported_output(&self) -> Option<Output> {
        let capture = self.process.capture()?;
        capture.between(self.reported, capture.length())
    }
}
