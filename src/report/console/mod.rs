//! The reports for people: `pretty` and `progress`, and what both end with.

mod block;
mod closing;
mod comment;
mod counts;
mod extras;
mod headings;
mod highlight;
mod options;
mod pretty;
mod progress;
mod same_cause;
mod slowest;
mod style;

pub(super) use counts::SummaryReport;
pub use options::ConsoleOptions;
pub(super) use pretty::Pretty;
pub(super) use progress::Progress;
pub(super) use style::Style;
