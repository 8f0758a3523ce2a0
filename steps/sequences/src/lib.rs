//! What the step library and the runner both need of sequences: their differences, and a sort that
//! compiles quickly.

pub mod diff;
mod sort;

pub use sort::sort_by;
