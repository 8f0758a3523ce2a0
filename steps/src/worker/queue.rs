//! The scenarios that the runner has sent and that have not started.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use crate::protocol::{FeatureInfo, RunScenario};

/// A scenario with its feature.
pub(super) struct Work {
    pub(super) feature: Arc<FeatureInfo>,
    pub(super) scenario: RunScenario,
}

/// The scenarios that have not started, shared by the listener and the main thread.
#[derive(Clone)]
pub(super) struct Queue {
    shared: Arc<(Mutex<State>, Condvar)>,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<Work>,
    finished: bool,
}

impl Queue {
    /// An empty queue.
    pub(super) fn new() -> Self {
        Self {
            shared: Arc::default(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.shared.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds scenarios at the end.
    pub(super) fn extend(&self, work: impl Iterator<Item = Work>) {
        self.state().waiting.extend(work);
        self.shared.1.notify_one();
    }

    /// Takes out all that have not started.
    pub(super) fn cancel(&self) -> VecDeque<Work> {
        std::mem::take(&mut self.state().waiting)
    }

    /// Says that nothing will be added.
    pub(super) fn finish(&self) {
        self.state().finished = true;
        self.shared.1.notify_one();
    }

    /// The next scenario if there is one now.
    pub(super) fn try_next(&self) -> Option<Work> {
        self.state().waiting.pop_front()
    }

    /// Waits for the next scenario; none when nothing will be added.
    pub(super) fn next(&self) -> Option<Work> {
        let mut state = self.state();
        loop {
            if let Some(work) = state.waiting.pop_front() {
                return Some(work);
            }
            if state.finished {
                return None;
            }
            state = self
                .shared
                .1
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }
}
