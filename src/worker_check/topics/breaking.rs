//! Leaving a step that runs.

use super::super::Check;
use super::super::rules::Topic;
use super::super::session::{AtStep, Go, Session};
use crate::event::HookKind;

/// How many scenarios are tried until a step can be left.
const TRIED: usize = 50;

impl Check<'_> {
    /// Asks to leave what does not run, and then each step.
    pub(in super::super) fn break_off(&self) {
        if !self.books.known.borrow().hello.breaks_off {
            return self.not_checked(Topic::BreakOff, "`hello` does not promise `breaks_off`");
        }
        let Some(mut session) = self.open(Topic::BreakOff) else {
            return;
        };
        let result = self.break_off_all(&mut session);
        let result = result.and_then(|()| session.finish(self.hooks(HookKind::AfterAll)));
        let stopped = result.is_err();
        let (steps, left) = (session.seen().steps, session.seen().left);
        let what = format!("asked during {steps} steps, {left} left");
        self.conclude(Topic::BreakOff, result, what);
        if left == 0 && !stopped {
            let why = "the end of what is left: name features with an `async` step that waits";
            self.not_checked(Topic::BreakOff, why);
        }
    }

    fn break_off_all(&self, session: &mut Session<'_>) -> Go {
        session.break_off(0);
        session.play()?;
        session.at_next_step(AtStep::BreakOff);
        let with_steps = self
            .ready
            .iter()
            .filter(|ready| !ready.scenario.steps.is_empty());
        for ready in with_steps.take(TRIED) {
            if session.seen().left > 0 {
                break;
            }
            let mut ready = ready.clone();
            ready.scenario.continue_after_failure = true;
            session.run(&[ready]);
            session.play()?;
        }
        Ok(())
    }
}
