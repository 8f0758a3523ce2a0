//! The tasks that the runner has sent and that have not begun.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use bdd_protocol::{FeatureInfo, RunScenario};

/// A scenario with its feature.
pub(super) struct Work {
    pub(super) feature: Arc<FeatureInfo>,
    pub(super) scenario: RunScenario,
}

impl Work {
    /// Whether the other scenario can run after this one without hooks in between that belong to neither.
    pub(super) fn precedes(&self, other: &Self) -> bool {
        let line = |work: &Self| work.scenario.rule.as_ref().map(|rule| rule.line);
        self.feature.uri == other.feature.uri && line(self) == line(other)
    }
}

/// Something to do.
#[expect(
    clippy::large_enum_variant,
    reason = "nearly all of them are scenarios, which would cost an allocation each"
)]
pub(super) enum Task {
    /// Run opening hooks of the run or the worker.
    Begin(Vec<u32>),
    /// Run a scenario.
    Scenario(Work),
    /// Close a feature.
    FeatureDone(String),
    /// Run closing hooks of the run or the worker, and end.
    Finish(Vec<u32>),
}

/// The tasks that have not begun, shared by the listener and the main thread.
#[derive(Clone)]
pub(super) struct Queue {
    shared: Arc<(Mutex<VecDeque<Task>>, Condvar)>,
}

impl Queue {
    /// An empty queue.
    pub(super) fn new() -> Self {
        Self {
            shared: Arc::default(),
        }
    }

    fn waiting(&self) -> MutexGuard<'_, VecDeque<Task>> {
        self.shared.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds tasks at the end.
    pub(super) fn extend(&self, tasks: impl IntoIterator<Item = Task>) {
        self.waiting().extend(tasks);
        self.shared.1.notify_one();
    }

    /// Takes out all scenarios that have not started, and leaves the rest.
    pub(super) fn cancel(&self) -> Vec<Work> {
        let mut waiting = self.waiting();
        let mut taken = Vec::new();
        for task in std::mem::take(&mut *waiting) {
            match task {
                Task::Scenario(work) => taken.push(work),
                other => waiting.push_back(other),
            }
        }
        // A main thread that waits without running scenarios may go on.
        self.shared.1.notify_one();
        taken
    }

    /// The next task if there is one now.
    pub(super) fn try_next(&self) -> Option<Task> {
        self.waiting().pop_front()
    }

    /// Whether the next task, as far as it is known, satisfies a condition.
    pub(super) fn next_is(&self, condition: impl FnOnce(&Task) -> bool) -> bool {
        self.waiting().front().is_some_and(condition)
    }

    /// Waits for the next task.
    pub(super) fn next(&self) -> Task {
        self.next_if(|_| true)
    }

    /// Waits for the next task that is not a scenario: until the runner has recalled those before it.
    pub(super) fn next_without_scenario(&self) -> Task {
        self.next_if(|task| !matches!(task, Task::Scenario(_)))
    }

    fn next_if(&self, fits: fn(&Task) -> bool) -> Task {
        let mut waiting = self.waiting();
        loop {
            if waiting.front().is_some_and(fits)
                && let Some(task) = waiting.pop_front()
            {
                return task;
            }
            waiting = self
                .shared
                .1
                .wait(waiting)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }
}
