//! The extra steps of an attempt, which the plan does not have, while they run.

use std::sync::Arc;

use crate::event::{Status, StepMatch};

/// The extra steps of an attempt.
#[derive(Debug, Default)]
pub struct ExtraSteps {
    /// How many have started.
    started: u32,
    /// Those that have not finished, the innermost last.
    open: Vec<OpenExtra>,
    /// The worst status of the extra steps in the running planned step.
    inner: Option<Status>,
}

/// An extra step that runs.
#[derive(Debug)]
pub struct OpenExtra {
    /// Its number in the attempt.
    pub number: u32,
    /// The position of the planned step that it runs in.
    pub parent: Option<u32>,
    /// The definition that runs it, as far as that is known.
    pub step_match: Option<Arc<StepMatch>>,
}

impl ExtraSteps {
    /// Whether any has started.
    pub fn any(&self) -> bool {
        self.started > 0
    }

    /// The innermost that runs.
    pub fn innermost(&self) -> Option<&OpenExtra> {
        self.open.last()
    }

    /// An extra step starts.
    ///
    /// # Errors
    /// When its number is not the next.
    pub fn start(&mut self, extra: OpenExtra) -> Result<(), String> {
        if extra.number != self.started {
            return Err(format!(
                "it started extra step {}, where {} comes next",
                extra.number, self.started
            ));
        }
        self.started += 1;
        self.open.push(extra);
        Ok(())
    }

    /// The innermost finishes.
    ///
    /// # Errors
    /// When it has another number.
    pub fn finish(&mut self, number: u32) -> Result<OpenExtra, String> {
        let is_it = |extra: &mut OpenExtra| extra.number == number;
        let finished = self.open.pop_if(is_it);
        finished.ok_or_else(|| {
            format!("it finished extra step {number}, which is not the last that it started")
        })
    }

    /// Notes the status of an extra step in a planned step.
    pub fn note_inner(&mut self, status: Status) {
        self.inner = self.inner.max(Some(status));
    }

    /// The worst status of the extra steps in the planned step that ends.
    pub fn take_inner(&mut self) -> Option<Status> {
        self.inner.take()
    }

    /// Ends all running extra steps, the innermost first.
    pub fn end_all(&mut self) -> impl Iterator<Item = OpenExtra> {
        std::mem::take(&mut self.open).into_iter().rev()
    }
}
