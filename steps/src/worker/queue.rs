//! The tasks that the runner has sent and that have not begun.

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use bdd_protocol::{FeatureInfo, LineText, RunScenario, ToWorker};

/// A scenario with its feature.
pub(super) struct Work {
    pub(super) feature: Arc<FeatureInfo<LineText>>,
    pub(super) scenario: RunScenario<LineText>,
}

impl Work {
    /// How the other scenario follows if it runs after this one.
    fn succession(&self, other: &Self) -> Succession {
        let line = |work: &Self| work.scenario.rule.as_ref().map(|rule| rule.line);
        let same_feature = self.feature.uri == other.feature.uri;
        if same_feature && line(self) == line(other) {
            return Succession::AtOnce;
        }
        match self.is_between_hooks() || other.is_between_hooks() {
            true => Succession::Apart,
            false if same_feature => Succession::AtOnce,
            false => Succession::InNextFeature,
        }
    }

    /// Whether its feature or rule has hooks.
    fn is_between_hooks(&self) -> bool {
        let feature = &self.feature;
        let in_rule = self.scenario.rule.as_ref();
        let in_rule = in_rule.is_some_and(|rule| !rule.before.is_empty() || !rule.after.is_empty());
        in_rule || !feature.before.is_empty() || !feature.after.is_empty()
    }
}

/// How a scenario follows another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Succession {
    /// Code that belongs to neither may run in between, or it is unknown what follows.
    Apart,
    /// No such code runs.
    AtOnce,
    /// No such code runs, unless the feature that ends has something to close.
    InNextFeature,
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

/// What the runner has sent.
#[expect(
    clippy::large_enum_variant,
    reason = "nearly all of them are scenarios, which would cost an allocation each"
)]
enum Waiting {
    Task(Task),
    /// A line with scenarios that nobody has read yet. The thread that runs them does: what one thread allocates and
    /// another frees costs more.
    Line(Arc<str>),
}

/// The tasks that have not begun, shared by the listener and the main thread.
#[derive(Clone)]
pub(super) struct Queue {
    shared: Arc<(Mutex<VecDeque<Waiting>>, Condvar)>,
}

impl Queue {
    /// An empty queue.
    pub(super) fn new() -> Self {
        Self {
            shared: Arc::default(),
        }
    }

    fn waiting(&self) -> MutexGuard<'_, VecDeque<Waiting>> {
        self.shared.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a task at the end.
    pub(super) fn add(&self, task: Task) {
        self.push(Waiting::Task(task));
    }

    /// Adds the scenarios of a line at the end.
    pub(super) fn add_line(&self, line: Arc<str>) {
        self.push(Waiting::Line(line));
    }

    fn push(&self, waiting: Waiting) {
        self.waiting().push_back(waiting);
        self.shared.1.notify_one();
    }

    /// Takes out all scenarios that have not started, and leaves the rest.
    ///
    /// # Errors
    /// When a line with scenarios cannot be read.
    pub(super) fn cancel(&self) -> io::Result<Vec<Work>> {
        let mut waiting = self.waiting();
        let mut taken = Vec::new();
        for one in std::mem::take(&mut *waiting) {
            match one {
                Waiting::Task(Task::Scenario(work)) => taken.push(work),
                Waiting::Line(line) => taken.extend(scenarios(&line)?),
                task @ Waiting::Task(_) => waiting.push_back(task),
            }
        }
        // A main thread that waits without running scenarios may go on.
        self.shared.1.notify_one();
        Ok(taken)
    }

    /// The next task if there is one now.
    ///
    /// # Errors
    /// As those of [`next`](Self::next).
    pub(super) fn try_next(&self) -> io::Result<Option<Task>> {
        take_if(&mut self.waiting(), |_| true)
    }

    /// How the next scenario, as far as it is known, follows this one.
    ///
    /// # Errors
    /// As those of [`next`](Self::next).
    pub(super) fn succession(&self, work: &Work) -> io::Result<Succession> {
        let mut waiting = self.waiting();
        let next = next_scenario(&mut waiting)?;
        Ok(next.map_or(Succession::Apart, |next| work.succession(next)))
    }

    /// Waits for the next task.
    ///
    /// # Errors
    /// When a line with scenarios cannot be read.
    pub(super) fn next(&self) -> io::Result<Task> {
        self.next_if(|_| true)
    }

    /// Waits for the next task that is not a scenario: until the runner has recalled those before it.
    ///
    /// # Errors
    /// As those of [`next`](Self::next).
    pub(super) fn next_without_scenario(&self) -> io::Result<Task> {
        self.next_if(|task| !matches!(task, Task::Scenario(_)))
    }

    fn next_if(&self, fits: fn(&Task) -> bool) -> io::Result<Task> {
        let mut waiting = self.waiting();
        loop {
            if let Some(task) = take_if(&mut waiting, fits)? {
                return Ok(task);
            }
            waiting = self
                .shared
                .1
                .wait(waiting)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// The first task.
fn first(waiting: &mut VecDeque<Waiting>) -> io::Result<Option<&Task>> {
    while let Some(Waiting::Line(line)) = waiting.front() {
        let scenarios = scenarios(line)?;
        waiting.pop_front();
        for work in scenarios.into_iter().rev() {
            waiting.push_front(Waiting::Task(Task::Scenario(work)));
        }
    }
    Ok(match waiting.front() {
        Some(Waiting::Task(task)) => Some(task),
        _ => None,
    })
}

/// The first task if it is a scenario, or the second if the first is the end of a feature.
fn next_scenario(waiting: &mut VecDeque<Waiting>) -> io::Result<Option<&Work>> {
    let over = match first(waiting)? {
        Some(Task::FeatureDone(_)) => waiting.pop_front(),
        _ => None,
    };
    first(waiting)?;
    let place = usize::from(over.is_some());
    if let Some(over) = over {
        waiting.push_front(over);
    }
    Ok(match waiting.get(place) {
        Some(Waiting::Task(Task::Scenario(work))) => Some(work),
        _ => None,
    })
}

/// Takes out the first task if it fits.
fn take_if(
    waiting: &mut VecDeque<Waiting>,
    fits: impl FnOnce(&Task) -> bool,
) -> io::Result<Option<Task>> {
    if !first(waiting)?.is_some_and(fits) {
        return Ok(None);
    }
    Ok(match waiting.pop_front() {
        Some(Waiting::Task(task)) => Some(task),
        _ => None,
    })
}

/// The scenarios of a line, in order.
fn scenarios(line: &Arc<str>) -> io::Result<Vec<Work>> {
    let ToWorker::Run { feature, scenarios } = parse(line)? else {
        return Err(io::Error::other("the line has no scenarios"));
    };
    let feature = Arc::new(feature);
    let work = |scenario| Work {
        feature: feature.clone(),
        scenario,
    };
    Ok(scenarios.into_iter().map(work).collect())
}

/// Reads a message of the runner.
pub(super) fn parse(line: &Arc<str>) -> io::Result<ToWorker<LineText>> {
    ToWorker::parse_line(line)
        .map_err(|error| io::Error::other(format!("cannot read a message of the runner: {error}")))
}
