//! The fold of all events: counts, worst statuses, what failed and why.

/// What all reports say at their end.
#[derive(Debug, Default)]
pub struct Summary {}
