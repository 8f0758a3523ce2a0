//! Time limits as values and pure functions. They know no worker.

use std::time::{Duration, Instant};

use super::limits::Limit;

/// What to do about a worker when a moment has come.
///
/// It holds no text, because it is computed for every message and rarely used.
#[derive(Debug, Clone, Copy)]
pub enum Due {
    /// What it runs does not end. Send it a signal.
    Escalate(Escalation),
    /// It takes too long to say hello.
    Start,
    /// It takes too long to end.
    Finish,
    /// It has done nothing for this time, although it should have done this.
    Silent(Duration, &'static str),
    /// What it runs takes longer than this.
    Late(Limit),
    /// Closing the fixtures after a break-off takes longer than this.
    LateToClose(Limit),
    /// What it runs has taken this long and is reported as slow.
    WarnSlow(Duration),
    /// Its output must be measured.
    LookAtOutput,
}

/// The next signal when a worker has not reacted in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Escalation {
    /// Send SIGTERM.
    Terminate,
    /// Send SIGKILL.
    Kill,
}

/// The moment at which something that runs since `since` is slow or late.
pub fn slow_or_late(
    since: Instant,
    limit: Option<Limit>,
    slow: Duration,
    reported_slow: bool,
) -> Option<(Instant, Due)> {
    let too_late = limit.map(|limit| (since + limit.time, Due::Late(limit)));
    let warning = (!reported_slow).then(|| (since + slow, Due::WarnSlow(slow)));
    let sooner = [too_late, warning].into_iter().flatten();
    sooner.min_by_key(|(at, _)| *at)
}
