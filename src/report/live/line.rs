//! What all who have to do with the live line share.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::progress::RunProgress;
use crate::event::Event;
use crate::report::catalogue::Catalogue;

/// A run that is over sooner has no live line: it would only flicker.
const DELAY: Duration = Duration::from_millis(300);

/// How long the end of the process waits until the line is gone. A terminal that is stopped keeps it, and on a busy machine
/// the thread that draws it has waited for a processor for more than half a second.
const PATIENCE: Duration = Duration::from_secs(2);

/// What a run does now, for the last line of a terminal. Copies are the same line.
#[derive(Debug, Clone)]
pub struct LiveLine {
    shared: Arc<LiveShared>,
    /// How many columns the terminal has now.
    pub(super) columns: fn() -> u16,
}

#[derive(Debug, Default)]
struct LiveShared {
    state: Mutex<LiveState>,
    /// Notified when the line is gone for good.
    gone: Condvar,
}

#[derive(Debug, Default)]
struct LiveState {
    progress: RunProgress,
    phase: Phase,
    /// Lines for standard error that wait for the terminal.
    notices: Vec<String>,
    /// Whether a thread draws the line.
    drawn: bool,
}

#[derive(Debug, Clone, Copy, Default)]
enum Phase {
    /// Nothing runs yet: the step program may be built, and cargo writes to the terminal.
    #[default]
    Before,
    /// Something runs since then.
    Running(Instant),
    /// The line is not shown any more.
    Over,
}

impl LiveLine {
    /// A line of a run that has not begun. `columns` returns how many columns the terminal has now.
    #[must_use]
    pub fn new(columns: fn() -> u16) -> Self {
        Self {
            shared: Arc::default(),
            columns,
        }
    }

    /// Sets how long scenarios take, by their numbers, in nanoseconds.
    pub fn expect(&self, times: impl IntoIterator<Item = (u32, u64)>) {
        self.state().progress.expect(times);
    }

    /// Has a line written to standard error where it does not get into the live line. Returns whether that will
    /// happen; if not, nothing is in its way.
    #[must_use]
    pub fn notice(&self, line: &str) -> bool {
        let mut state = self.state();
        let accepted = state.drawn && !matches!(state.phase, Phase::Over);
        if accepted {
            state.notices.push(line.to_owned());
        }
        accepted
    }

    /// Takes the line away for good, because the process ends at once.
    pub fn close(&self) {
        let mut state = self.state();
        state.phase = Phase::Over;
        let gone = &self.shared.gone;
        // A poisoned lock still means that the other thread is gone.
        drop(gone.wait_timeout_while(state, PATIENCE, |state| state.drawn));
    }

    /// Takes the next event; `done` and `failed` are the numbers of scenarios that have a result so far.
    pub(in crate::report) fn event(
        &self,
        event: &Event,
        catalogue: &Catalogue,
        (done, failed): (usize, usize),
    ) {
        if !RunProgress::needs(event) {
            return;
        }
        let mut state = self.state();
        state.progress.event(event, catalogue);
        state.progress.count(done, failed);
        match (event, state.phase) {
            (Event::ScenarioStarted { .. } | Event::HookStarted { .. }, Phase::Before) => {
                state.phase = Phase::Running(Instant::now());
            }
            (Event::RunFinished { .. }, _) => state.phase = Phase::Over,
            _ => {}
        }
    }

    /// A thread that panicked while it held the state would leave it as it is: plain values.
    fn state(&self) -> MutexGuard<'_, LiveState> {
        let state = self.shared.state.lock();
        state.unwrap_or_else(PoisonError::into_inner)
    }

    /// What the line shows now in so many columns: the numbers of scenarios that have a result and of all, and the
    /// rest. `None` if there is no line now.
    pub(super) fn content(&self, columns: usize, color: bool) -> Option<(u64, u64, String)> {
        let state = self.state();
        let Phase::Running(since) = state.phase else {
            return None;
        };
        if !state.drawn {
            return None;
        }
        let now = Instant::now();
        let shown = now.saturating_duration_since(since) >= DELAY;
        shown.then(|| state.progress.content(now, columns, color))
    }

    pub(super) fn take_notices(&self) -> Vec<String> {
        std::mem::take(&mut self.state().notices)
    }

    pub(super) fn is_over(&self) -> bool {
        matches!(self.state().phase, Phase::Over)
    }

    /// A thread draws the line from now on, or it does so no longer.
    pub(super) fn set_drawn(&self, drawn: bool) {
        self.state().drawn = drawn;
        if !drawn {
            self.shared.gone.notify_all();
        }
    }
}
