//! The live line: what a run does now, in the last line of a terminal.
//!
//! Only the thread that writes to the terminal draws the line. A terminal can be stopped (Ctrl-S), and then that thread
//! waits; everybody else only changes [`LiveLine`], which is locked for a moment, so the run goes on.

mod layout;
mod line;
mod progress;
mod screen;

pub use self::line::LiveLine;
pub(super) use self::screen::LiveScreen;
