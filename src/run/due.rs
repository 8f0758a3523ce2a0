//! What becomes due when nothing happens: pure values and rules over moments. They see no worker.

use std::time::{Duration, Instant};

use super::limits::Limit;

/// What to do about a worker at some moment.
///
/// It has no text: it is asked for with every message, mostly for nothing.
#[derive(Debug, Clone, Copy)]
pub enum Due {
    /// What it runs does not end: it is signalled.
    Escalate(Escalation),
    /// It takes too long to say hello.
    Start,
    /// It takes too long to end.
    Finish,
    /// It does nothing for so long, and this is what it should have done.
    Silent(Duration, &'static str),
    /// What it runs takes longer than this.
    Late(Limit),
    /// The closing of fixtures after what was broken off takes longer than this.
    LateToClose(Limit),
    /// What it runs has taken so long that it is reported as slow.
    WarnSlow(Duration),
    /// Its output is to be measured.
    LookAtOutput,
}

/// What follows when nothing has happened in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Escalation {
    /// Send SIGTERM.
    Terminate,
    /// Send SIGKILL.
    Kill,
}

/// When something that runs since a moment is slow or late.
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
