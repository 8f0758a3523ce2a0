//! The end of a worker that is asked to finish, and one that retires.

use bdd_protocol::FromWorker;

use super::super::line::Quiet;
use super::super::rules;
use super::{Go, Session};

impl Session<'_> {
    /// Reads the closing hooks and the end of the process.
    pub(super) fn closing(&mut self, hooks: &[u32]) -> Go {
        self.position.finishing = true;
        self.leave_feature()?;
        self.hooks(hooks, false)?;
        loop {
            let message = match self.next.take() {
                Some(message) => message,
                None => match self.line.hear() {
                    Ok(message) => match self.side(message)? {
                        Some(message) => message,
                        None => continue,
                    },
                    Err(Quiet::Gone) => return self.exited(),
                    Err(Quiet::Silence) => {
                        let limit = self.line.limit();
                        let detail = format!("it did not exit within {limit:?}");
                        return Err(self.fail(&rules::EXITS, None, detail));
                    }
                },
            };
            match message {
                _ if self.position.closed => {
                    let detail = "it has sent `closed`";
                    return Err(self.fail(&rules::AFTER_CLOSED, Some(&message), detail));
                }
                FromWorker::Closed {} => self.position.closed = true,
                other => return Err(self.unasked(&other)),
            }
        }
    }

    fn exited(&mut self) -> Go {
        if let Some(rule) = self.asked.overdue(false) {
            return Err(self.fail(rule, None, "it exited without the answer"));
        }
        let Some(death) = self.line.death() else {
            return Ok(());
        };
        if death.junk.is_some() {
            return Err(self.gone("after `finish`"));
        }
        if !death.status.is_some_and(|status| status.success()) {
            let (_, how) = self.ending();
            return Err(self.fail(&rules::EXIT_CODE, None, how));
        }
        if self.books.known.borrow().hello.says_closed && !self.position.closed {
            let detail = "it exited with 0 and without `closed`";
            return Err(self.fail(&rules::CLOSED_MISSING, None, detail));
        }
        Ok(())
    }

    /// Something that lives longer than a scenario could not be closed.
    pub(super) fn closing_failed(&mut self, scope: &str, message: &FromWorker) -> Go {
        let closes = self.position.scenario.is_none()
            && match scope {
                "feature" => self.position.blocks.just_closed(),
                "worker" => self.position.finishing,
                _ => false,
            };
        match closes {
            true if self.position.closed => {
                let detail = "it has sent `closed`";
                Err(self.fail(&rules::AFTER_CLOSED, Some(message), detail))
            }
            true => Ok(()),
            false => {
                let detail = format!("no `{scope}` is being closed");
                Err(self.fail(&rules::CLOSING_SCOPE, Some(message), detail))
            }
        }
    }

    /// The worker asks for no further work.
    pub(super) fn retires(&mut self, message: &FromWorker) -> Go {
        if self.position.scenario.is_some() || self.is_at_work() {
            let detail = "a scenario or hook runs";
            return Err(self.fail(&rules::RETIRING_AT_WORK, Some(message), detail));
        }
        self.position.retiring = true;
        Ok(())
    }
}
