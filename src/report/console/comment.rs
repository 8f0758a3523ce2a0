//! The comment at the right of a line: its place and its text.

use crate::report::text;

/// The gap between a line that ends at `end` and its comment.
pub(super) fn gap(column: usize, end: usize) -> usize {
    column.saturating_sub(end).max(2)
}

/// `failed, 12ms`: the result, and the duration if it is not very short.
pub(super) fn facts(said: String, nanos: u64) -> String {
    const WORTH_SAYING: u64 = 1_000_000;
    match (said.is_empty(), nanos >= WORTH_SAYING) {
        (_, false) => said,
        (true, true) => text::duration(nanos),
        (false, true) => format!("{said}, {}", text::duration(nanos)),
    }
}
