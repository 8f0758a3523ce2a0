//! Reports: a file per format, and the summary they share.
//!
//! Reporters consume events and hold no policy. [`Reports`] owns those that the user asked
//! for, and puts attempts together once for all of them; [`Summary`] is what the run came to.

use std::io;
use std::sync::Arc;

use self::attempt::Attempt;
use self::catalogue::Catalogue;
use self::hook::OutsideHook;
use crate::event::{Event, StepMatch};

mod argument_parts;
mod assemble;
mod assertion;
mod attached;
mod attempt;
mod attempt_store;
mod behave;
mod catalogue;
mod console;
mod cucumber_json;
mod detail;
pub mod events;
mod finals;
mod fold;
mod format;
mod format_name;
mod github;
mod hook;
mod html;
mod junit;
mod line_file;
mod live;
mod lost;
mod messages;
mod note;
mod opening;
mod options;
mod output;
mod part_file;
mod report_set;
mod report_thread;
mod reports;
mod rerun;
mod sequence;
mod spool;
mod spool_stream;
mod step_argument;
mod suggestion;
pub mod summary;
mod tap;
mod target;
mod text;
mod timestamp;
mod trouble;
mod usage;

pub use console::{ConsoleOptions, HoldBack, TerminalSize};
pub use format::{Format, FormatError};
pub use format_name::FormatName;
pub(crate) use github::annotation;
pub use live::LiveLine;
pub use lost::{OpenError, ReportError};
pub use opening::ReportContext;
pub use options::{
    FormatOptions, OptionError, OptionSettings, ReportOption, list as list_of_formats,
};
pub use reports::{Finished, Reports};
pub use spool::Patience;
pub use summary::Summary;
pub(crate) use text::{duration, is_control, line as one_line, message as visible, plural};
pub(crate) use timestamp::moment;
pub(crate) use trouble::name_with_cells as with_cells;

/// Turns events into a report. An error means that the report cannot be written.
trait Reporter {
    /// Takes the next event. What it completes comes after it. `catalogue` knows it already.
    fn event(&mut self, event: &Event, catalogue: &Catalogue) -> io::Result<()>;

    /// Takes an attempt at a scenario that is over.
    fn attempt(&mut self, _attempt: Finish<'_>, _catalogue: &Catalogue) -> io::Result<()> {
        Ok(())
    }

    /// Takes a hook outside scenarios that is over.
    fn hook(&mut self, _hook: &OutsideHook, _catalogue: &Catalogue) -> io::Result<()> {
        Ok(())
    }

    /// Ends the report; nothing follows. `summary` is the fold of everything.
    fn finish(&mut self, summary: &Summary, catalogue: &Catalogue) -> io::Result<()>;
}

/// An attempt that is over, as reporters get it.
#[derive(Clone, Copy)]
struct Finish<'a> {
    /// The attempt, which a report may keep.
    attempt: &'a Arc<Attempt>,
    /// What each planned step matched, for reports that show it at once.
    matches: &'a [Option<Arc<StepMatch>>],
}
