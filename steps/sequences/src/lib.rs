//! Differences between sequences, and a sort that compiles quickly, for the step library and the runner.

pub mod diff;
mod sort;

pub use sort::sort_by;
