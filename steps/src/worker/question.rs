//! What a step asks the runner while it runs, and the answer.

use std::mem;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use bdd_protocol::{LineText, RunStep};

/// The steps of a text, or why they cannot be run.
pub(super) type Answer = Result<Vec<RunStep<LineText>>, String>;

/// A place for one question, shared by the main thread, which asks, and the listener, which hears
/// the answer.
#[derive(Clone, Default)]
pub(crate) struct Question {
    shared: Arc<(Mutex<QuestionState>, Condvar)>,
}

#[derive(Default)]
enum QuestionState {
    /// No question is open.
    #[default]
    None,
    /// There is no answer yet.
    Asked,
    /// The answer has come, but is not taken yet.
    Answered(Answer),
}

impl Question {
    fn state(&self) -> MutexGuard<'_, QuestionState> {
        self.shared.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says that a question is being asked.
    pub(crate) fn ask(&self) {
        *self.state() = QuestionState::Asked;
    }

    /// Waits for the answer.
    pub(crate) fn answer(&self) -> Answer {
        let mut state = self.state();
        loop {
            match mem::take(&mut *state) {
                QuestionState::Answered(answer) => return answer,
                other => *state = other,
            }
            state = self
                .shared
                .1
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Gives the answer; returns false if no question was open.
    pub(super) fn give(&self, answer: Answer) -> bool {
        let mut state = self.state();
        let asked = matches!(*state, QuestionState::Asked);
        if asked {
            *state = QuestionState::Answered(answer);
            self.shared.1.notify_one();
        }
        asked
    }
}
