//! Breaking off what a worker runs. What follows is in [`super::death`], where the process dies of it.

use super::super::workers::AbortCause;
use super::Scheduler;

impl Scheduler<'_> {
    /// Ends what a worker runs. Gently, it is asked only; else it is signalled when that does not
    /// help.
    pub(super) fn break_off_running(&mut self, serial: u32, cause: AbortCause, gentle: bool) {
        let call = self.attempts.running_call(serial);
        self.workers.interrupt(serial, cause, gentle, call);
    }

    /// Asks a worker to leave the step or hook that it runs, if that waited for it to run.
    pub(super) fn ask_to_leave(&mut self, serial: u32) {
        let call = self.attempts.running_call(serial);
        self.workers.ask_to_leave(serial, call);
    }

    /// A step or hook has ended. The result is why, if it was broken off.
    pub(super) fn leave_call(&mut self, serial: u32) -> Option<AbortCause> {
        let in_attempt = self.attempts.is_running(serial);
        self.workers.leave_call(serial, in_attempt)
    }
}
