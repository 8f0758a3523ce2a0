//! The reports for people: `pretty` and `progress`, and what both end with.

mod block;
mod closing;
mod comment;
mod counts;
mod extras;
mod failures;
mod fold;
mod grouping;
mod headings;
mod highlight;
mod hold_back;
mod mark;
mod options;
mod paper;
mod pretty;
mod progress;
mod room;
mod same_cause;
mod slowest;
mod style;

pub(super) use counts::SummaryReport;
pub use hold_back::HoldBack;
pub use options::ConsoleOptions;
pub(super) use pretty::Pretty;
pub(super) use progress::Progress;
pub(super) use room::Room;
pub use room::TerminalSize;
pub(super) use style::Style;
