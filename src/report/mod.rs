//! Reports: a file per format, and the summary they share.
//!
//! Reporters consume events and hold no policy. [`Reports`] owns those that the user asked
//! for; [`Summary`] is what the run came to.

use std::io;

use crate::event::Event;

mod assertion;
mod attached;
mod attempt;
mod catalogue;
mod console;
pub mod events;
mod fold;
mod format;
mod hook;
mod junit;
mod messages;
mod note;
mod output;
mod reports;
mod rerun;
mod suggestion;
pub mod summary;
mod text;
mod trouble;

pub use fold::Fold;
pub use format::{Format, FormatError, FormatName};
pub use reports::{Finished, OpenError, ReportError, Reports, Surroundings};
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
