//! How long `pretty` holds scenarios back to show those of a feature together.

use std::time::Duration;

/// Nobody should wait longer for something to appear.
const LIMIT: Duration = Duration::from_secs(5);

/// How long `pretty` holds scenarios back.
#[derive(Debug, Clone, Copy)]
pub struct HoldBack {
    /// By the times of events.
    pub(super) limit: Duration,
    /// Whether the clock counts, too: no event may come for a long time.
    pub(super) by_clock: bool,
}

impl HoldBack {
    /// While something runs.
    #[must_use]
    pub fn of_a_run() -> Self {
        HoldBack {
            limit: LIMIT,
            by_clock: true,
        }
    }

    /// When events are replayed, however long that takes: only their times count.
    #[must_use]
    pub fn of_a_replay() -> Self {
        HoldBack {
            by_clock: false,
            ..Self::of_a_run()
        }
    }
}
