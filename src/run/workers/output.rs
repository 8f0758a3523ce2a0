//! What workers print.

use std::time::Instant;

use crate::event::CapturedOutput;

use super::super::due::Due;
use super::{Worker, Workers};

/// A worker is replaced when this much of what it printed takes space that cannot be given back. It is far above what
/// most suites print at all, and a disk should have it.
const MOST_KEPT: u64 = 256 * 1024 * 1024;

impl Workers {
    /// What a worker printed from `start` on, up to `end` or all of it.
    pub fn printed(&self, serial: u32, start: u64, end: Option<u64>) -> Option<CapturedOutput> {
        let capture = self.live.get(&serial)?.process.capture()?;
        capture.between(start, end.unwrap_or_else(|| capture.length()))
    }

    /// Measures how much a worker has printed since `start`, or else since its last scenario or hook. The result is how
    /// many looks in a row have found more than `most` bytes.
    pub fn look_at_output(&mut self, serial: u32, start: Option<u64>, most: u64) -> u32 {
        let Some(worker) = self.live.get_mut(&serial) else {
            return 0;
        };
        worker.output.look_again();
        let Some(capture) = worker.process.capture() else {
            return 0;
        };
        let start = start.unwrap_or(worker.output.reported());
        let printed = capture.length().saturating_sub(start);
        worker.output.note_look(start, printed > most)
    }

    /// What a worker printed since its last scenario or hook.
    pub fn unreported_output(&self, serial: u32) -> Option<CapturedOutput> {
        self.live.get(&serial).and_then(Worker::unreported_output)
    }

    /// Notes that what a worker printed up to here was reported.
    pub fn note_reported(&mut self, serial: u32, output: u64) {
        if let Some(worker) = self.live.get_mut(&serial) {
            worker.output.note_reported(output);
        }
    }

    /// Gives back the space of what a worker printed and was reported. The result is why another should take its
    /// place, if so much space cannot be given back.
    pub fn give_back_output(&mut self, serial: u32) -> Option<String> {
        let worker = self.live.get_mut(&serial)?;
        let reported = worker.output.reported();
        let capture = worker.process.capture_mut()?;
        capture.give_back(reported);
        let kept = capture.kept();
        (kept >= MOST_KEPT && worker.can_work()).then(|| {
            let megabytes = kept / 1_000_000;
            format!(
                "has printed {megabytes} MB, and the file system of the temporary folder cannot free this space \
                 while the process lives"
            )
        })
    }
}

impl Worker {
    /// What it printed since its last scenario or hook.
    pub(super) fn unreported_output(&self) -> Option<CapturedOutput> {
        let capture = self.process.capture()?;
        capture.between(self.output.reported(), capture.length())
    }

    /// When its output is to be measured, if it is captured.
    pub(super) fn due_of_output(&self) -> Option<(Instant, Due)> {
        let captured = self.process.capture().is_some();
        captured.then_some((self.output.look_at(), Due::LookAtOutput))
    }
}
