//! Reports: a file per format, and the summary they share.
//!
//! Reporters consume events and hold no policy.

use std::io;

use crate::event::Event;

pub mod summary;

pub use summary::Summary;

/// Turns events into a report.
pub trait Reporter {
    /// Takes the next event.
    ///
    /// # Errors
    /// When the report cannot be written.
    fn event(&mut self, event: &Event) -> io::Result<()>;

    /// Ends the report; no event follows. `summary` is the fold of all events.
    ///
    /// # Errors
    /// When the report cannot be written.
    fn finish(&mut self, summary: &Summary) -> io::Result<()>;
}
