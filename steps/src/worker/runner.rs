//! Does what the runner sends, in order.

use std::io;
use std::rc::Rc;

use crate::context::Context;
use crate::fixture::Scope;
use crate::worker::closing;
use crate::worker::feature::OpenFeature;
use crate::worker::hooks;
use crate::worker::queue::{Queue, Succession, Task, Work};
use crate::worker::shared::Shared;
use bdd_protocol::{Failure, FromWorker};

/// Does what the runner sends, on the main thread.
pub(super) struct Runner {
    shared: Rc<Shared>,
    feature: Option<OpenFeature>,
}

impl Runner {
    /// A runner to which nothing has been sent.
    pub(super) fn new(shared: Shared) -> Self {
        Self {
            shared: Rc::new(shared),
            feature: None,
        }
    }

    /// Runs all tasks, until no more will come.
    pub(super) fn run_all(mut self, queue: &Queue) -> io::Result<()> {
        loop {
            let task = self.next(queue)?;
            match task {
                Task::Scenario(work) => {
                    let next = self.heard(queue.succession(&work))?;
                    self.run(work, next)?;
                }
                Task::Begin(hooks) => self.begin(&hooks)?,
                Task::FeatureDone(uri) => {
                    if self.feature.as_ref().is_some_and(|open| open.is(&uri)) {
                        self.close_feature()?;
                    }
                }
                Task::Finish(hooks) => return self.finish(&hooks),
            }
        }
    }

    /// The next task. All messages are sent before the thread waits for it.
    fn next(&self, queue: &Queue) -> io::Result<Task> {
        if self.shared.retiring.get() {
            self.shared.send_now()?;
            return self.heard(queue.next_without_scenario());
        }
        match self.heard(queue.try_next())? {
            Some(task) => Ok(task),
            None => {
                self.shared.send_now()?;
                self.heard(queue.next())
            }
        }
    }

    /// What was heard from the runner. If it makes no sense, the worker ends.
    fn heard<T>(&self, heard: io::Result<T>) -> io::Result<T> {
        heard.or_else(|error| self.shared.give_up(error.to_string()))
    }

    /// Runs a scenario; the feature before it is closed if it is another one. `next` says how the next one follows.
    fn run(&mut self, work: Work, next: Succession) -> io::Result<()> {
        if self
            .feature
            .as_ref()
            .is_some_and(|open| !open.is(&work.feature.uri))
        {
            self.close_feature()?;
        }
        let mut feature = match self.feature.take() {
            Some(open) => open,
            None => OpenFeature::open(&self.shared, work.feature.clone())?,
        };
        let ran = feature.run(work, next);
        self.feature = Some(feature);
        ran
    }

    fn close_feature(&mut self) -> io::Result<()> {
        self.feature.take().map_or(Ok(()), OpenFeature::close)
    }

    fn begin(&mut self, ids: &[u32]) -> io::Result<()> {
        hooks::run(&mut Context::of_worker(self.shared.clone()), ids)?;
        let environment = self.shared.environment.take();
        self.shared.report(&FromWorker::Begun { environment });
        Ok(())
    }

    fn finish(mut self, ids: &[u32]) -> io::Result<()> {
        self.close_feature()?;
        hooks::run(&mut Context::of_worker(self.shared.clone()), ids)?;
        closing::close_scope(&self.shared, Scope::Worker, &self.shared.fixtures)?;
        let mut errors = self.shared.aftermath.finish(self.shared.root.get());
        let of_copies = self.shared.forks.notes(true).into_iter();
        errors.extend(of_copies.map(|message| Failure {
            kind: "Fork".to_owned(),
            message,
            ..Failure::default()
        }));
        if !errors.is_empty() {
            self.shared.report(&FromWorker::ClosingFailed {
                scope: Scope::Worker.name().to_owned(),
                errors,
            });
        }
        self.shared.report(&FromWorker::Closed {});
        self.shared.send_now()
    }
}
